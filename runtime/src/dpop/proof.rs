//! Making proofs.

use aws_lc_rs::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::key::{DpopKey, KeyError, encode};
use crate::{EpochSeconds, Secret};

/// The form in which a proof for an HTTP request names its target in `htu`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum HtuForm {
    /// The path, `/api/..`, which the services accept today.
    #[default]
    Path,
    /// The whole URL without query and fragment, as RFC 9449, section 4.2 asks.
    Absolute,
}

impl HtuForm {
    /// The `htu` of a request to `path` at `origin`.
    pub(crate) fn htu(self, origin: &str, path: &str) -> String {
        match self {
            Self::Path => path.to_owned(),
            Self::Absolute => format!("{origin}{path}"),
        }
    }
}

/// The content of a proof for an HTTP request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HttpProof<'a> {
    /// The request's method.
    pub(crate) htm: &'a str,
    /// The request's target, see [`HtuForm`].
    pub(crate) htu: &'a str,
    /// The bearer token whose hash becomes `ath`.
    pub(crate) access_token: Option<&'a Secret<String>>,
    /// The nonce that the server demanded (RFC 9449, section 8).
    pub(crate) nonce: Option<&'a str>,
}

impl DpopKey {
    /// A fresh proof for one HTTP request, issued at `iat`. Never send one twice: its `jti` is
    /// accepted once.
    ///
    /// # Errors
    /// [`KeyError`] when the cryptographic library cannot sign.
    pub(crate) fn prove_http(
        &self,
        proof: &HttpProof<'_>,
        iat: EpochSeconds,
    ) -> Result<Secret<String>, KeyError> {
        #[derive(Serialize)]
        struct Claims<'a> {
            jti: Uuid,
            htm: &'a str,
            htu: &'a str,
            iat: EpochSeconds,
            #[serde(skip_serializing_if = "Option::is_none")]
            ath: Option<String>,
            #[serde(skip_serializing_if = "Option::is_none")]
            nonce: Option<&'a str>,
        }
        self.prove(&Claims {
            jti: Uuid::new_v4(),
            htm: proof.htm,
            htu: proof.htu,
            iat,
            ath: proof.access_token.map(|token| encode(digest(&SHA256, token.expose().as_bytes()))),
            nonce: proof.nonce,
        })
    }

    /// A fresh proof for one JSON-RPC call of `method`, issued at `iat`.
    ///
    /// # Errors
    /// [`KeyError`] when the cryptographic library cannot sign.
    pub(crate) fn prove_rpc(
        &self,
        method: &str,
        iat: EpochSeconds,
    ) -> Result<Secret<String>, KeyError> {
        #[derive(Serialize)]
        struct Claims<'a> {
            jti: Uuid,
            rpc: &'a str,
            mth: &'a str,
            iat: EpochSeconds,
        }
        self.prove(&Claims { jti: Uuid::new_v4(), rpc: "request", mth: method, iat })
    }

    fn prove(&self, claims: &impl Serialize) -> Result<Secret<String>, KeyError> {
        let claims = serde_json::to_vec(claims).map_err(|_| KeyError::Sign)?;
        let mut jws = format!("{}.{}", self.header(), encode(claims));
        let signature = self.sign(jws.as_bytes())?;
        jws.push('.');
        jws.push_str(&encode(signature));
        Ok(Secret::new(jws))
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{
        ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
        UnparsedPublicKey,
    };
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    use serde_json::{Value, json};

    use super::*;
    use crate::dpop::KeyKind;

    const IAT: EpochSeconds = EpochSeconds::new(1_760_000_000);

    fn decode(part: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(part).unwrap()
    }

    /// Header and claims of `proof`, after its signature was verified with the key in its header.
    fn verified(proof: &Secret<String>) -> (Value, Value) {
        let (message, signature) = proof.expose().rsplit_once('.').unwrap();
        let (header, claims) = message.split_once('.').unwrap();
        let header: Value = serde_json::from_slice(&decode(header)).unwrap();
        let member = |name: &str| decode(header["jwk"][name].as_str().unwrap());
        let (message, signature) = (message.as_bytes(), decode(signature));
        if header["alg"] == "RS256" {
            RsaPublicKeyComponents { n: member("n"), e: member("e") }
                .verify(&RSA_PKCS1_2048_8192_SHA256, message, &signature)
                .unwrap();
        } else {
            let point = [&[4][..], &member("x"), &member("y")].concat();
            UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
                .verify(message, &signature)
                .unwrap();
        }
        (header, serde_json::from_slice(&decode(claims)).unwrap())
    }

    #[test]
    fn proofs_of_both_kinds_verify_and_have_exactly_the_members_of_the_wire() {
        for (kind, alg) in [(KeyKind::Rsa2048, "RS256"), (KeyKind::P256, "ES256")] {
            let key = DpopKey::generate_blocking(kind).unwrap();
            let token = Secret::from("made-up");
            let proof = HttpProof {
                htm: "POST",
                htu: "/api/x",
                access_token: Some(&token),
                nonce: Some("n-1"),
            };
            let (header, claims) = verified(&key.prove_http(&proof, IAT).unwrap());
            assert_eq!((&header["typ"], &header["alg"]), (&json!("dpop+jwt"), &json!(alg)));
            assert_eq!(
                claims,
                json!({
                    "jti": claims["jti"], "htm": "POST", "htu": "/api/x", "iat": 1_760_000_000,
                    "ath": encode(digest(&SHA256, b"made-up")), "nonce": "n-1"
                })
            );
            let (_, claims) = verified(&key.prove_rpc("signalwire.connect", IAT).unwrap());
            assert_eq!(
                claims,
                json!({
                    "jti": claims["jti"], "rpc": "request", "mth": "signalwire.connect",
                    "iat": 1_760_000_000
                })
            );
        }
    }

    #[test]
    fn every_proof_has_an_id_of_its_own() {
        let key = DpopKey::generate_blocking(KeyKind::P256).unwrap();
        let ids: std::collections::HashSet<String> = (0..50)
            .map(|_| verified(&key.prove_rpc("m", IAT).unwrap()).1["jti"].to_string())
            .collect();
        assert_eq!(ids.len(), 50);
    }

    #[test]
    fn the_absolute_form_is_the_url() {
        assert_eq!(HtuForm::default().htu("https://h.test", "/p"), "/p");
        assert_eq!(HtuForm::Absolute.htu("https://h.test", "/p"), "https://h.test/p");
    }
}
