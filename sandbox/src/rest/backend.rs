//! A stand-in for an application's own backend. It identifies its user by a session, and returns a
//! SAT with its expiry to that user's client.

use credwire_core::{EpochSeconds, Exposed, Secret, SerializeExposed};
use serde::Serialize;

use super::{
    ApiError, Reply, Request, no_route,
    params::{Params, is_thumbprint},
    tokens::Mint,
};
use crate::{log::Check, sat::REFRESH_SCOPE, subscriber::Profile, world::World};

/// Where a client asks, on the control port.
pub(crate) const PATH: &str = "/backend/token";

#[derive(Serialize)]
struct Credential<'a> {
    token: Exposed<'a, Secret<String>>,
    expires_at: EpochSeconds,
}

/// Answers a request to [`PATH`].
pub(crate) fn respond(world: &mut World, request: &Request<'_>, check: &mut Check) -> Reply {
    let answer = match request.method {
        "POST" => credential(world, request, check),
        _ => Err(no_route(vec!["POST"])),
    };
    let reply = answer.unwrap_or_else(ApiError::into_reply);
    check.status = Some(reply.status);
    reply
}

fn credential(
    world: &mut World,
    request: &Request<'_>,
    check: &mut Check,
) -> Result<Reply, ApiError> {
    let session = request.bearer().map(Secret::from);
    let right = session.as_ref() == Some(&world.identity.api_token);
    check.bearer = Some(if right { "ok" } else { "refused" });
    if !right {
        return Err(ApiError::unauthorized("the session is not the API token"));
    }
    let mut params = Params::read(request.body);
    let mint = Mint {
        reference: params.required_text("reference", "text", |_| true),
        expire_at: params.span("expire_in").map(|span| span.after(world.second())),
        application_id: None,
        fingerprint: params.text("fingerprint", "43 characters of base64url", is_thumbprint),
        refresh_scope: params
            .text("scope", "the text `sat:refresh`", |scope| scope == REFRESH_SCOPE)
            .is_some(),
        host: None,
    };
    params.finish()?;
    let minted = world.mint_subscriber(mint, Profile::default())?;
    let expires_at = minted.claims.exp.to_seconds();
    Reply::new(200, &Credential { token: minted.token.exposed(), expires_at })
}
