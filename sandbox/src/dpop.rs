//! Verification of DPoP proofs (RFC 9449, section 4.3), with the members that this protocol adds
//! for frames.

use std::collections::HashMap;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL};
use credwire_core::EpochMillis;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use uuid::{Uuid, Version};

use crate::{
    jwk::{KeyProblem, PublicKey, sha256},
    nonce::Nonces,
    span::Span,
};

/// What a proof has to be a proof of.
pub(crate) struct Demand<'a> {
    pub(crate) target: Target<'a>,
    /// The thumbprint that the access token is bound to.
    pub(crate) bound_to: Option<&'a str>,
    pub(crate) now: EpochMillis,
    pub(crate) leeway: Span,
    /// Set when the proof has to carry one of these.
    pub(crate) nonces: Option<&'a Nonces>,
}

pub(crate) enum Target<'a> {
    Http {
        method: &'a str,
        path: &'a str,
        /// The authorities that the absolute form of `htu` may name.
        hosts: [&'a str; 2],
        /// The token whose hash `ath` has to be; without it `ath` must be absent.
        access_token: Option<&'a str>,
    },
    Frame {
        method: &'a str,
    },
}

/// The result of the check of a proof.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct ProofCheck {
    /// Whether the proof was accepted.
    pub ok: bool,
    /// The faults of the proof, in words.
    pub problems: Vec<String>,
    /// The thumbprint of the key in the proof, when it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jkt: Option<String>,
    /// The form of `htu`: `path`, `absolute` or `other`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub htu: Option<&'static str>,
    /// Whether `jti` is a version 4 UUID in its usual spelling.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jti_is_uuid4: Option<bool>,
    /// The proof would have been accepted with a nonce of this server.
    #[serde(skip)]
    pub(crate) needs_nonce: bool,
}

impl ProofCheck {
    /// The result where a proof is demanded and there is none.
    pub(crate) fn missing() -> Self {
        Self::refused("missing")
    }

    fn refused(problem: &str) -> Self {
        Self {
            ok: false,
            problems: vec![problem.to_owned()],
            jkt: None,
            htu: None,
            jti_is_uuid4: None,
            needs_nonce: false,
        }
    }
}

/// The proofs that were used, by `jti`.
#[derive(Debug, Default)]
pub(crate) struct SeenProofs(HashMap<String, i64>);

impl SeenProofs {
    /// Beyond this many, those whose `iat` no longer passes anyway are forgotten.
    const TIDY_AT: usize = 50_000;

    /// Remembers `jti`; `false` when it was there already.
    fn insert(&mut self, jti: &str, iat: i64, oldest: i64) -> bool {
        if self.0.len() >= Self::TIDY_AT {
            self.0.retain(|_, iat| *iat >= oldest);
        }
        self.0.insert(jti.to_owned(), iat).is_none()
    }
}

#[derive(Deserialize)]
struct Header {
    typ: Option<String>,
    alg: Option<String>,
    jwk: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
struct Claims {
    jti: Option<Value>,
    iat: Option<Value>,
    htm: Option<Value>,
    htu: Option<Value>,
    ath: Option<Value>,
    rpc: Option<Value>,
    mth: Option<Value>,
    nonce: Option<Value>,
}

/// Checks `proof` in full. Its `jti` counts as used once the signature holds.
pub(crate) fn check(proof: &Value, demand: &Demand<'_>, seen: &mut SeenProofs) -> ProofCheck {
    let Some(proof) = proof.as_str() else { return ProofCheck::refused("not a JWS") };
    let Some((message, header, claims, signature)) = split(proof) else {
        return ProofCheck::refused("not a JWS");
    };
    let key = match key_of(&header) {
        Ok(key) => key,
        Err(problem) => return ProofCheck::refused(problem),
    };
    if !key.verifies(message.as_bytes(), &signature) {
        return ProofCheck::refused("signature does not verify");
    }

    let mut problems = Vec::new();
    let mut must = |holds: bool, problem: &str| {
        if !holds {
            problems.push(problem.to_owned());
        }
    };
    if let Some(bound_to) = demand.bound_to {
        must(key.thumbprint() == bound_to, "thumbprint does not match the bound key");
    }
    let now = demand.now.to_seconds().get();
    let leeway = demand.leeway.as_millis() / 1000;
    let iat = claims.iat.as_ref().and_then(Value::as_i64);
    match iat {
        None => must(false, "iat is not an integer"),
        Some(iat) => {
            let off = iat.saturating_sub(now);
            must(off.saturating_abs() <= leeway, &format!("iat off by {off}s"));
        }
    }
    let jti = claims.jti.as_ref().and_then(Value::as_str).filter(|jti| !jti.is_empty());
    match jti {
        None => must(false, "jti missing"),
        Some(jti) => {
            must(seen.insert(jti, iat.unwrap_or(now), now.saturating_sub(leeway)), "jti replayed");
        }
    }
    let htu = check_target(&claims, &demand.target, must);

    let nonce = claims.nonce.as_ref().and_then(Value::as_str).unwrap_or_default();
    let needs_nonce = demand.nonces.is_some_and(|nonces| !nonces.accepts(nonce, demand.now));
    ProofCheck {
        ok: problems.is_empty() && !needs_nonce,
        needs_nonce: problems.is_empty() && needs_nonce,
        problems: if needs_nonce {
            problems.into_iter().chain(["nonce missing or stale".to_owned()]).collect()
        } else {
            problems
        },
        jkt: Some(key.thumbprint().to_owned()),
        htu,
        jti_is_uuid4: Some(jti.is_some_and(is_uuid4)),
    }
}

/// Signed text, header, claims and signature of a compact JWS (RFC 7515).
fn split(proof: &str) -> Option<(&str, Header, Claims, Vec<u8>)> {
    fn part<T: DeserializeOwned>(text: &str) -> Option<T> {
        serde_json::from_slice(&BASE64URL.decode(text).ok()?).ok()
    }
    let (message, signature) = proof.rsplit_once('.')?;
    let (header, claims) = message.split_once('.')?;
    Some((message, part(header)?, part(claims)?, BASE64URL.decode(signature).ok()?))
}

fn key_of(header: &Header) -> Result<PublicKey, &'static str> {
    if header.typ.as_deref() != Some("dpop+jwt") {
        return Err("typ is not dpop+jwt");
    }
    let alg = header.alg.as_deref().unwrap_or_default();
    if !matches!(alg, "RS256" | "ES256") {
        return Err("alg is neither RS256 nor ES256");
    }
    let jwk = header.jwk.as_ref().ok_or("jwk missing")?;
    PublicKey::from_jwk(alg, jwk).map_err(|problem| match problem {
        KeyProblem::Unusable => "jwk is no public key for alg",
        KeyProblem::Private => "jwk carries private members",
        KeyProblem::Weak => "modulus below 2048 bits",
    })
}

/// Checks what the proof was made for; returns the form of `htu`.
fn check_target(
    claims: &Claims,
    target: &Target<'_>,
    mut must: impl FnMut(bool, &str),
) -> Option<&'static str> {
    let is = |claim: &Option<Value>, wanted: &str| claim.as_ref().is_some_and(|it| it == wanted);
    match *target {
        Target::Http { method, path, hosts, access_token } => {
            must(is(&claims.htm, method), "htm is not the method of the request");
            let htu = claims.htu.as_ref().and_then(Value::as_str).unwrap_or_default();
            let form = htu_form(htu, path, hosts);
            must(form != "other", "htu is not the target of the request");
            match access_token {
                Some(token) => must(is(&claims.ath, &sha256(token)), "ath does not match"),
                None => must(claims.ath.is_none(), "ath present"),
            }
            must(claims.rpc.is_none() && claims.mth.is_none(), "rpc members in an HTTP proof");
            Some(form)
        }
        Target::Frame { method } => {
            must(is(&claims.rpc, "request"), "rpc is not \"request\"");
            must(is(&claims.mth, method), "mth is not the method of the frame");
            must(claims.htm.is_none() && claims.htu.is_none(), "HTTP members in a frame's proof");
            None
        }
    }
}

/// The path alone, or the URL without query and fragment (RFC 9449, section 4.2).
fn htu_form(htu: &str, path: &str, hosts: [&str; 2]) -> &'static str {
    let target = htu.split(['?', '#']).next().unwrap_or_default();
    let absolute = || {
        let (scheme, rest) = target.split_once("://")?;
        let host = rest.strip_suffix(path)?;
        let known = hosts.iter().any(|known| known.eq_ignore_ascii_case(host));
        (scheme.eq_ignore_ascii_case("https") && known).then_some("absolute")
    };
    if htu == path { "path" } else { absolute().unwrap_or("other") }
}

fn is_uuid4(jti: &str) -> bool {
    Uuid::try_parse(jti).is_ok_and(|uuid| {
        uuid.get_version() == Some(Version::Random) && uuid.hyphenated().to_string() == jti
    })
}

#[cfg(test)]
mod tests;
