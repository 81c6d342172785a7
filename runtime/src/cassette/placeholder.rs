//! What stands in a cassette for a secret.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
#[cfg(any(test, feature = "replay"))]
use serde_json::json;
use serde_json::{Map, Value};

/// The type of a proof of possession (RFC 9449, section 4.2).
pub(crate) const PROOF: &str = "dpop+jwt";

/// Members of a JOSE header that state the type of a token and where it may be sent.
const HEADER: [&str; 4] = ["alg", "ch", "enc", "typ"];
/// A longer value of a header or a claim is none that a client reads.
const LONGEST: usize = 1024;
/// More claims than this have no proofs of ours.
const MOST_CLAIMS: usize = 16;
/// Claims of a proof that state its purpose.
const CLAIMS: [&str; 5] = ["htm", "htu", "iat", "mth", "rpc"];

/// The placeholder of the `number`-th secret. A JOSE token keeps its form and what a client reads
/// of it; a proof keeps its purpose, with the nonce that `hide` returns for its own.
pub(super) fn of(secret: &str, number: u64, hide: impl FnMut(&str) -> String) -> String {
    jose(secret, number, hide).unwrap_or_else(|| format!("made-up-secret-{number}"))
}

fn jose(secret: &str, number: u64, hide: impl FnMut(&str) -> String) -> Option<String> {
    let mut parts = secret.split('.');
    let header = object(parts.next()?)?;
    let rest: Vec<&str> = parts.collect();
    if rest.len() != 2 && rest.len() != 4 {
        return None;
    }
    let is_proof = header.get("typ").and_then(Value::as_str) == Some(PROOF);
    let header: Map<String, Value> = header
        .into_iter()
        .filter(|(name, value)| {
            HEADER.contains(&&**name) && value.as_str().is_some_and(|text| text.len() <= LONGEST)
        })
        .collect();
    let mut token = encode(&Value::Object(header).to_string());
    let claims = rest.first().filter(|_| is_proof).and_then(|part| object(part));
    let mut claims = claims.map(|claims| encode(&hidden(claims, number, hide).to_string()));
    for (index, part) in rest.iter().enumerate() {
        token.push('.');
        if let Some(claims) = claims.take() {
            token.push_str(&claims);
        } else if !part.is_empty() {
            token.push_str(&encode(&format!("made-up-{number}-{index}")));
        }
    }
    Some(token)
}

/// The claims of a proof, of which only the purpose stays as it is.
fn hidden(claims: Map<String, Value>, number: u64, mut hide: impl FnMut(&str) -> String) -> Value {
    let claims = claims.into_iter().filter(|(name, _)| name.len() <= LONGEST);
    let claims = claims.take(MOST_CLAIMS).map(|(name, value)| {
        let is_short = value.as_str().is_none_or(|text| text.len() <= LONGEST)
            && !value.is_object()
            && !value.is_array();
        let shown = match (name.as_str(), &value) {
            (known, _) if CLAIMS.contains(&known) && is_short => value,
            ("nonce", Value::String(nonce)) => Value::String(hide(nonce)),
            _ => Value::String(format!("made-up-{number}")),
        };
        (name, shown)
    });
    Value::Object(claims.collect())
}

/// What can be compared of a proof: what it is for, and which claims it has. `None` for anything
/// else.
#[cfg(any(test, feature = "replay"))]
pub(crate) fn proof(text: &str) -> Option<Value> {
    let mut parts = text.split('.');
    let (header, claims) = (object(parts.next()?)?, object(parts.next()?)?);
    if header.get("typ").and_then(Value::as_str) != Some(PROOF) || parts.next().is_none() {
        return None;
    }
    let claims = claims.into_iter().map(|(name, value)| {
        let compared = CLAIMS.contains(&name.as_str()) || name == "nonce";
        let value = if compared { value } else { Value::from("present") };
        (name, value)
    });
    Some(json!({ "alg": header.get("alg"), "claims": Value::Object(claims.collect()) }))
}

fn encode(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

fn object(part: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Secret;
    use credwire_session::jose::Header;

    fn token(header: &str, rest: &str) -> String {
        format!("{}.{rest}", encode(header))
    }

    #[test]
    fn a_sat_keeps_what_a_client_reads_and_nothing_else() {
        let sat = token(
            r#"{"alg":"dir","enc":"A256GCM","typ":"SAT","ch":"puc.space.test:8443","kid":"k-1"}"#,
            ".c2VjcmV0.c2VjcmV0.c2VjcmV0",
        );
        let made_up = of(&sat, 7, str::to_owned);
        let header = Header::read(&Secret::from(made_up.as_str())).unwrap();
        assert_eq!(header.ch.as_deref(), Some("puc.space.test:8443"));
        assert_eq!(header.typ.as_deref(), Some("SAT"));
        assert!(made_up.split('.').nth(1).is_some_and(str::is_empty));
        assert!(
            !made_up.contains("c2VjcmV0")
                && object(made_up.split('.').next().unwrap()).unwrap().get("kid").is_none()
        );
        assert_ne!(made_up, of(&sat, 8, str::to_owned));
    }

    #[test]
    fn a_proof_keeps_what_it_is_for() {
        let claims =
            encode(r#"{"jti":"j","htm":"POST","htu":"/p","iat":1760000000,"ath":"a","nonce":"n"}"#);
        let jws =
            token(r#"{"typ":"dpop+jwt","alg":"ES256","jwk":{"x":"1"}}"#, &format!("{claims}.c2ln"));
        let made_up = of(&jws, 3, |nonce| format!("hidden-{nonce}"));
        let shape = proof(&made_up).unwrap();
        assert_eq!(shape["alg"], "ES256");
        assert_eq!(shape["claims"]["htu"], "/p");
        assert_eq!(shape["claims"]["ath"], "present");
        assert_eq!(shape["claims"]["nonce"], "hidden-n");
        let hidden = object(made_up.split('.').nth(1).unwrap()).unwrap();
        assert_eq!((&hidden["jti"], &hidden["ath"]), (&json!("made-up-3"), &json!("made-up-3")));
    }

    #[test]
    fn what_is_no_token_becomes_a_word() {
        for secret in ["short", "a.b.c", "eyJhbGciOiJkaXIifQ", ""] {
            assert_eq!(of(secret, 1, str::to_owned), "made-up-secret-1", "{secret}");
        }
    }
}
