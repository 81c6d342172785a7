//! Device tokens: the activation and the rotation of a client-bound session.

use credwire_core::{Exposed, Secret, SerializeExposed};
use serde::Serialize;
use serde_json::{Number, Value};

use super::{ApiError, Reply, Request, USE_NONCE, authorized, params::Params};
use crate::{
    dpop::{self, Demand, ProofCheck, Target},
    log::{Check, ProofOutcome},
    sat::{Holder, Origin, SatClaims},
    span::{Span, epoch_seconds},
    world::World,
};

/// The default lifetime of a device token.
const DEFAULT_TTL: Span = Span::from_secs(900);

#[derive(Serialize)]
struct Grant<'a> {
    token: Exposed<'a, Secret<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_in: Option<Number>,
}

pub(super) fn token(
    world: &mut World,
    request: &Request<'_>,
    check: &mut Check,
) -> Result<Reply, ApiError> {
    let sat = refreshable(world, request, check)?;
    grant(world, request, check, sat, None)
}

pub(super) fn refresh(
    world: &mut World,
    request: &Request<'_>,
    check: &mut Check,
) -> Result<Reply, ApiError> {
    let sat = refreshable(world, request, check)?;
    if world.config.refresh_needs_device_token && sat.origin != Origin::Device {
        return Err(ApiError::unauthorized("not a device token"));
    }
    grant(world, request, check, sat, request.bearer())
}

/// The claims of a bearer token with `sat:refresh`, or a refusal.
fn refreshable(
    world: &World,
    request: &Request<'_>,
    check: &mut Check,
) -> Result<SatClaims, ApiError> {
    let sat = authorized(world, request, check)?;
    if sat.holder.may_refresh() { Ok(sat) } else { Err(ApiError::forbidden("scope")) }
}

/// Checks the proof and issues the next device token, bound to the proof's key. `hashed` is the
/// token whose hash the proof has to carry.
fn grant(
    world: &mut World,
    request: &Request<'_>,
    check: &mut Check,
    sat: SatClaims,
    hashed: Option<&str>,
) -> Result<Reply, ApiError> {
    let mut params = Params::read(request.body);
    let jkt = prove(world, request, check, &sat, params.value("dpop_token"), hashed)?;
    let asked = params.span("expire_in");
    if asked.is_some_and(|span| span < Span::default()) {
        params.refuse("expire_in", "zero or more seconds");
    }
    params.finish()?;

    if sat.holder.jkt.is_none() {
        world.first_keys.insert(sat.jti, jkt.clone());
    }
    let ttl = world.config.device_ttl.or(asked).unwrap_or(DEFAULT_TTL);
    let exp = ttl.after(world.second());
    let holder = Holder { jkt: Some(jkt), ..sat.holder };
    let minted = world.mint(Origin::Device, holder, exp)?;
    let form = world.config.device_expiry;
    let mut reply = Reply::new(
        200,
        &Grant {
            token: minted.token.exposed(),
            expires_at: form.has_instant().then(|| epoch_seconds(exp)),
            expires_in: form.has_span().then(|| ttl.to_number()),
        },
    )?;
    if world.config.nonce {
        reply.headers.push(nonce_header(world));
    }
    Ok(reply)
}

/// Checks the proof in the body; returns the thumbprint of its key.
fn prove(
    world: &mut World,
    request: &Request<'_>,
    check: &mut Check,
    sat: &SatClaims,
    proof: Option<&Value>,
    hashed: Option<&str>,
) -> Result<String, ApiError> {
    let Some(proof) = proof else {
        check.proof = Some(ProofOutcome::Checked(ProofCheck::missing()));
        return Err(ApiError::unauthorized("dpop: missing"));
    };
    let fabric = format!("fabric.{}", world.identity.domain);
    let bound_to = sat.holder.jkt.as_ref().or_else(|| world.first_keys.get(&sat.jti));
    let demand = Demand {
        target: Target::Http {
            method: request.method,
            path: request.path,
            hosts: [&fabric, request.host],
            access_token: hashed,
        },
        bound_to: bound_to.map(String::as_str),
        now: world.now(),
        leeway: world.config.leeway,
        nonces: world.config.nonce.then_some(&world.nonces),
    };
    let verdict = dpop::check(proof, &demand, &mut world.proofs);
    check.proof = Some(ProofOutcome::Checked(verdict.clone()));
    if verdict.needs_nonce {
        let why = "the proof has to carry the nonce of the DPoP-Nonce header";
        let mut error = ApiError::new(400, "authentication_error", USE_NONCE, why);
        error.headers.push(nonce_header(world));
        return Err(error);
    }
    verdict
        .jkt
        .filter(|_| verdict.ok)
        .ok_or_else(|| ApiError::unauthorized(&format!("dpop: {}", verdict.problems.join(", "))))
}

fn nonce_header(world: &mut World) -> (&'static str, String) {
    let now = world.now();
    ("dpop-nonce", world.nonces.current(now))
}
