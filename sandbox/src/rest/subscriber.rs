//! What the holder of a SAT may ask about and do.

use credwire_core::{EpochMillis, Exposed, Secret, SerializeExposed};
use serde::Serialize;
use serde_json::{Number, Value};
use uuid::Uuid;

use super::{
    ApiError, Reply, Request, authorized,
    params::{Params, is_uuid},
};
use crate::{
    log::Check,
    sat::{InviteClaims, Origin, SatClaims},
    span::{Span, epoch_seconds},
    subscriber::{Address, Profile},
    token::TokenType,
    world::World,
};

/// The default lifetime of an invitation.
const INVITE_TTL: Span = Span::from_secs(7200);

/// The confirmation claim of a bound token (RFC 7800).
#[derive(Debug, Serialize)]
pub(crate) struct Confirmation<'a> {
    jkt: &'a str,
}

/// The scope and binding of a token, as its holder receives them.
#[derive(Debug, Serialize)]
pub(crate) struct Scope<'a> {
    pub(crate) scope: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cnf: Option<Confirmation<'a>>,
}

impl<'a> Scope<'a> {
    pub(crate) fn of(sat: &'a SatClaims) -> Self {
        let cnf = sat.holder.jkt.as_deref().map(|jkt| Confirmation { jkt });
        Self { scope: &sat.holder.scope, cnf }
    }
}

#[derive(Serialize)]
struct Info<'a> {
    id: Uuid,
    email: String,
    first_name: Option<&'a str>,
    last_name: Option<&'a str>,
    display_name: String,
    job_title: Option<&'a str>,
    time_zone: Option<&'a str>,
    country: Option<&'a str>,
    region: Option<&'a str>,
    company_name: Option<&'a str>,
    push_notification_key: &'a str,
    app_settings: Option<Value>,
    fabric_addresses: [Address; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    sat_claims: Option<SatClaimsJson<'a>>,
}

#[derive(Serialize)]
struct SatClaimsJson<'a> {
    #[serde(flatten)]
    scope: Scope<'a>,
    expires_at: Number,
}

pub(super) fn info(
    world: &mut World,
    request: &Request<'_>,
    check: &mut Check,
) -> Result<Reply, ApiError> {
    let sat = authorized(world, request, check)?;
    let subscriber = world.subscribers.upsert(&sat.holder.reference, Profile::default());
    let profile = &subscriber.profile;
    Reply::new(
        200,
        &Info {
            id: sat.holder.subscriber_id,
            email: subscriber.email(),
            first_name: profile.first_name.as_deref(),
            last_name: profile.last_name.as_deref(),
            display_name: subscriber.display_name(),
            job_title: profile.job_title.as_deref(),
            time_zone: profile.time_zone.as_deref(),
            country: profile.country.as_deref(),
            region: profile.region.as_deref(),
            company_name: profile.company_name.as_deref(),
            push_notification_key: &subscriber.push_key,
            app_settings: None,
            fabric_addresses: [subscriber.address()],
            sat_claims: (!sat.holder.scope.is_empty()).then(|| SatClaimsJson {
                scope: Scope::of(&sat),
                expires_at: epoch_seconds(sat.exp),
            }),
        },
    )
}

pub(super) fn invite(
    world: &mut World,
    request: &Request<'_>,
    check: &mut Check,
) -> Result<Reply, ApiError> {
    #[derive(Serialize)]
    struct Invite<'a> {
        token: Exposed<'a, Secret<String>>,
    }
    let sat = authorized(world, request, check)?;
    if !matches!(sat.origin, Origin::Minted | Origin::Device) {
        return Err(ApiError::forbidden("only a subscriber can invite"));
    }
    let mut params = Params::read(request.body);
    let address_id = params.required_text("address_id", "a UUID", is_uuid);
    let asked: Option<EpochMillis> = params.instant("expires_at");
    params.finish()?;
    let exp = asked.unwrap_or_else(|| INVITE_TTL.after(world.second()));
    let inviter = sat.holder.subscriber_id;
    let claims = InviteClaims { jti: Uuid::new_v4(), inviter, address_id, exp };
    let token = world.seal(TokenType::Invite, &claims)?;
    Reply::new(201, &Invite { token: token.exposed() })
}
