//! Tokens that a backend asks for, and those made from an embed token.

use credwire_core::{EpochMillis, Exposed, Secret, SerializeExposed};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::{
    ApiError, Reply, Request, authorized_project,
    params::{Params, is_thumbprint, is_uuid},
};
use crate::{
    log::Check,
    sat::{Holder, Origin, REFRESH_SCOPE, RefreshClaims},
    span::Span,
    subscriber::Profile,
    token::{SealError, TokenType},
    world::{Minted, World},
};

/// The default lifetime of a SAT.
const DEFAULT_TTL: Span = Span::from_secs(7200);

/// The most addresses that a guest token may name.
const MAX_GUEST_ADDRESSES: usize = 10;

/// A request of a backend for a SAT.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Mint {
    /// The reference of the subscriber: any name, the same one for the same subscriber.
    pub reference: String,
    /// The expiry in milliseconds since the Unix epoch; two hours from now by default. The space's
    /// `satTtl` takes precedence.
    pub expire_at: Option<EpochMillis>,
    /// The id of the application that the token is for.
    pub application_id: Option<String>,
    /// The thumbprint of the key that the token is bound to.
    pub fingerprint: Option<String>,
    /// Whether the token has the scope `sat:refresh`. Without a fingerprint such a token is valid
    /// no longer than the space's `unboundScopeTtl`.
    pub refresh_scope: bool,
    /// The label of the host that the token's client connects to, `puc` by default, so that clients
    /// of one space can be distinguished by the hosts of their sockets.
    pub host: Option<String>,
}

impl Mint {
    /// Creates a request for `reference` with the defaults.
    pub fn new(reference: impl Into<String>) -> Self {
        Self { reference: reference.into(), ..Self::default() }
    }
}

#[derive(Serialize)]
struct Grant<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    subscriber_id: Option<Uuid>,
    token: Exposed<'a, Secret<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<Exposed<'a, Secret<String>>>,
}

pub(super) fn mint(
    world: &mut World,
    request: &Request<'_>,
    check: &mut Check,
) -> Result<Reply, ApiError> {
    authorized_project(world, request, check)?;
    let mut params = Params::read(request.body);
    let mint = Mint {
        reference: params.required_text("reference", "text", |_| true),
        expire_at: params.instant("expire_at"),
        application_id: params.any_text("application_id"),
        fingerprint: params.text("fingerprint", "43 characters of base64url", is_thumbprint),
        refresh_scope: params
            .text("scope", "the text `sat:refresh`", |scope| scope == REFRESH_SCOPE)
            .is_some(),
        host: None,
    };
    params.any_text("password");
    let profile = Profile {
        first_name: params.any_text("first_name"),
        last_name: params.any_text("last_name"),
        display_name: params.any_text("display_name"),
        job_title: params.any_text("job_title"),
        time_zone: params.any_text("time_zone"),
        country: params.any_text("country"),
        region: params.any_text("region"),
        company_name: params.any_text("company_name"),
    };
    params.finish()?;
    let minted = world.mint_subscriber(mint, profile)?;
    let subscriber_id = Some(minted.claims.holder.subscriber_id);
    grant_pair(world, &minted, subscriber_id)
}

impl World {
    /// Mints a SAT for a subscriber, by the rules of the space.
    pub(crate) fn mint_subscriber(
        &mut self,
        mint: Mint,
        profile: Profile,
    ) -> Result<Minted, SealError> {
        let holder = Holder {
            subscriber_id: self.subscribers.upsert(&mint.reference, profile).id,
            reference: mint.reference,
            application_id: mint.application_id,
            scope: mint.refresh_scope.then(|| REFRESH_SCOPE.to_owned()).into_iter().collect(),
            jkt: mint.fingerprint,
            allowed_addresses: None,
            host: mint.host,
        };
        let exp = self.expiry(&holder, mint.expire_at);
        self.mint(Origin::Minted, holder, exp)
    }

    /// When a new SAT ends that was asked to end at `asked`.
    fn expiry(&self, holder: &Holder, asked: Option<EpochMillis>) -> EpochMillis {
        let now = self.second();
        let ttl = self.config.sat_ttl;
        let exp = match asked {
            Some(asked) if ttl.is_none() => asked,
            _ => ttl.unwrap_or(DEFAULT_TTL).after(now),
        };
        match self.config.unbound_scope_ttl {
            Some(limit) if holder.may_refresh() && holder.jkt.is_none() => {
                exp.min(limit.after(now))
            }
            _ => exp,
        }
    }
}

pub(super) fn refresh(
    world: &mut World,
    request: &Request<'_>,
    check: &mut Check,
) -> Result<Reply, ApiError> {
    authorized_project(world, request, check)?;
    let mut params = Params::read(request.body);
    let token = params.required_text("refresh_token", "text", |_| true);
    params.finish()?;
    let claims: Option<RefreshClaims> = world.sealer.open(TokenType::Refresh, &token);
    let claims = match claims {
        None => Err("unknown token"),
        Some(claims) if claims.exp <= world.now() => Err("expired"),
        // Inserting is using: a second use finds it there.
        Some(claims) if !world.spent.insert(claims.jti) => Err("used"),
        Some(claims) => Ok(claims),
    };
    check.token = Some(claims.as_ref().err().unwrap_or(&"ok"));
    let claims = claims.map_err(|problem| {
        let code = if problem == "unknown token" { "invalid_parameter" } else { "token_expired" };
        let message = format!("the refresh token is not usable: {problem}");
        ApiError::invalid(vec![super::ErrorItem::parameter(code, "refresh_token", &message)])
    })?;
    let exp = world.expiry(&claims.holder, None);
    let minted = world.mint(claims.origin, claims.holder, exp)?;
    grant_pair(world, &minted, None)
}

pub(super) fn guest(
    world: &mut World,
    request: &Request<'_>,
    check: &mut Check,
) -> Result<Reply, ApiError> {
    authorized_project(world, request, check)?;
    let mut params = Params::read(request.body);
    let expire_at = params.instant("expire_at");
    let addresses: Option<Vec<String>> = match params.value("allowed_addresses") {
        Some(Value::Array(items)) if (1..=MAX_GUEST_ADDRESSES).contains(&items.len()) => items
            .iter()
            .map(|item| item.as_str().filter(|id| is_uuid(id)).map(str::to_owned))
            .collect(),
        _ => None,
    };
    match (&addresses, params.value("allowed_addresses").is_some()) {
        (None, false) => params.missing("allowed_addresses"),
        (None, true) => params.refuse("allowed_addresses", "a list of 1 to 10 UUIDs"),
        (Some(_), _) => {}
    }
    params.finish()?;
    let holder = Holder { allowed_addresses: addresses, ..anonymous("guest") };
    let exp = world.expiry(&holder, expire_at);
    let minted = world.mint(Origin::Guest, holder, exp)?;
    grant_pair(world, &minted, None)
}

pub(super) fn embed(
    world: &mut World,
    request: &Request<'_>,
    check: &mut Check,
) -> Result<Reply, ApiError> {
    let params = Params::read(request.body);
    let token = params.value("token").and_then(Value::as_str).map(Secret::from);
    let right = token.as_ref() == Some(&world.config.embed_token);
    check.embed = Some(if right { "ok" } else { "refused" });
    if !right {
        return Err(ApiError::unauthorized("embed token"));
    }
    let exp = world.config.embed_ttl.after(world.second());
    let minted = world.mint(Origin::Embed, anonymous("embed"), exp)?;
    let token = minted.token.exposed();
    Reply::new(201, &Grant { subscriber_id: None, token, refresh_token: None })
}

/// Somebody who is no subscriber of the space.
fn anonymous(kind: &str) -> Holder {
    let subscriber_id = Uuid::new_v4();
    Holder {
        subscriber_id,
        reference: format!("{kind}-{}", subscriber_id.simple()),
        application_id: None,
        scope: Vec::new(),
        jkt: None,
        allowed_addresses: None,
        host: None,
    }
}

fn grant_pair(
    world: &World,
    minted: &Minted,
    subscriber_id: Option<Uuid>,
) -> Result<Reply, ApiError> {
    let refresh_token = world.mint_refresh(&minted.claims)?;
    let (token, refresh_token) = (minted.token.exposed(), Some(refresh_token.exposed()));
    Reply::new(201, &Grant { subscriber_id, token, refresh_token })
}
