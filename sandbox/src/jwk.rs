//! The public keys that come in proofs (RFC 7517), and their thumbprints (RFC 7638).

use aws_lc_rs::{
    digest::{SHA256, digest},
    signature::{
        ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
        UnparsedPublicKey,
    },
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL};
use serde_json::{Map, Value};

/// A public key that can verify proofs.
#[derive(Debug)]
pub(crate) enum PublicKey {
    /// For `RS256`, 2048 bits or more.
    Rsa { n: Vec<u8>, e: Vec<u8>, thumbprint: String },
    /// For `ES256`: an uncompressed point of P-256.
    P256 { point: Vec<u8>, thumbprint: String },
}

/// Why a JWK is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyProblem {
    /// Not a public key of the kind that the algorithm needs.
    Unusable,
    /// The private part is in it.
    Private,
    /// An RSA modulus of fewer than 2048 bits.
    Weak,
}

/// Members that only private and symmetric keys have (RFC 7518, section 6).
const PRIVATE: &[&str] = &["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

impl PublicKey {
    /// Reads the JWK of a proof that names the algorithm `alg`.
    pub(crate) fn from_jwk(alg: &str, jwk: &Map<String, Value>) -> Result<Self, KeyProblem> {
        if PRIVATE.iter().any(|member| jwk.contains_key(*member)) {
            return Err(KeyProblem::Private);
        }
        let text = |member| jwk.get(member).and_then(Value::as_str).ok_or(KeyProblem::Unusable);
        let bytes = |member| BASE64URL.decode(text(member)?).map_err(|_| KeyProblem::Unusable);
        match (alg, text("kty")?) {
            ("RS256", "RSA") => {
                let (n, e) = (bytes("n")?, bytes("e")?);
                let [first, ..] = n[..] else { return Err(KeyProblem::Unusable) };
                if n.len() < 256 || (n.len() == 256 && first < 0x80) {
                    return Err(KeyProblem::Weak);
                }
                let thumbprint = thumbprint([("e", text("e")?), ("kty", "RSA"), ("n", text("n")?)]);
                Ok(Self::Rsa { n, e, thumbprint })
            }
            ("ES256", "EC") if text("crv")? == "P-256" => {
                let (x, y) = (bytes("x")?, bytes("y")?);
                if x.len() != 32 || y.len() != 32 {
                    return Err(KeyProblem::Unusable);
                }
                let members =
                    [("crv", "P-256"), ("kty", "EC"), ("x", text("x")?), ("y", text("y")?)];
                let point = [&[0x04], &x[..], &y[..]].concat();
                Ok(Self::P256 { point, thumbprint: thumbprint(members) })
            }
            _ => Err(KeyProblem::Unusable),
        }
    }

    /// The SHA-256 thumbprint of the key, base64url.
    pub(crate) fn thumbprint(&self) -> &str {
        match self {
            Self::Rsa { thumbprint, .. } | Self::P256 { thumbprint, .. } => thumbprint,
        }
    }

    /// Whether `signature` is this key's over `message`.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Rsa { n, e, .. } => RsaPublicKeyComponents { n, e }
                .verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
                .is_ok(),
            Self::P256 { point, .. } => UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
                .verify(message, signature)
                .is_ok(),
        }
    }
}

/// base64url of the SHA-256 of `data`.
pub(crate) fn sha256(data: impl AsRef<[u8]>) -> String {
    BASE64URL.encode(digest(&SHA256, data.as_ref()))
}

/// The members must come in the order of their names.
fn thumbprint<const N: usize>(members: [(&str, &str); N]) -> String {
    let members = members.map(|(name, value)| format!("\"{name}\":{}", Value::from(value)));
    sha256(format!("{{{}}}", members.join(",")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(alg: &str, jwk: &str) -> Result<PublicKey, KeyProblem> {
        PublicKey::from_jwk(alg, &serde_json::from_str(jwk).unwrap())
    }

    #[test]
    fn the_example_of_rfc_7638_has_its_thumbprint() {
        let key = read(
            "RS256",
            r#"{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}"#,
        );
        assert_eq!(key.unwrap().thumbprint(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    }

    #[test]
    fn keys_that_cannot_be_used_say_why() {
        let weak = format!(r#"{{"kty":"RSA","n":"{}","e":"AQAB"}}"#, BASE64URL.encode([0x7f; 256]));
        for (alg, jwk, problem) in [
            ("RS256", r#"{"kty":"RSA","n":"AQAB","e":"AQAB","d":"AQAB"}"#, KeyProblem::Private),
            ("RS256", weak.as_str(), KeyProblem::Weak),
            ("RS256", r#"{"kty":"RSA","n":"","e":"AQAB"}"#, KeyProblem::Unusable),
            ("RS256", r#"{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}"#, KeyProblem::Unusable),
            ("ES256", r#"{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}"#, KeyProblem::Unusable),
            ("ES256", r#"{"kty":"EC","crv":"P-384","x":"AA","y":"AA"}"#, KeyProblem::Unusable),
            ("RS256", r#"{"kty":"RSA","n":7,"e":"AQAB"}"#, KeyProblem::Unusable),
        ] {
            assert_eq!(read(alg, jwk).unwrap_err(), problem, "{jwk}");
        }
    }
}
