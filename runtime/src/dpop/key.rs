//! Key pairs for proofs: RSA 2048 or P-256 behind one type.

use std::fmt;

use aws_lc_rs::{
    digest::{SHA256, digest},
    rand::SystemRandom,
    rsa::KeySize,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
    },
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::spawn;

/// The kinds of key a client can prove possession of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyKind {
    /// RSA with a modulus of 2048 bits, signing RS256: the only kind the official SDK sends.
    #[default]
    Rsa2048,
    /// The curve P-256, signing ES256: far quicker, for spaces that accept it.
    P256,
}

/// A key pair for proofs. It cannot be exported, and `Debug` shows its public thumbprint only.
pub struct DpopKey {
    pair: Pair,
    /// The proofs' JOSE header, encoded: it is the same in every proof.
    header: String,
    thumbprint: String,
}

enum Pair {
    Rsa(RsaKeyPair),
    P256(EcdsaKeyPair),
}

impl DpopKey {
    /// Makes a key pair on a thread for blocking work: RSA takes tens of milliseconds and more.
    ///
    /// # Errors
    /// [`KeyError`] when the cryptographic library has no randomness.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub async fn generate(kind: KeyKind) -> Result<Self, KeyError> {
        spawn::blocking(move || Self::generate_blocking(kind)).await.ok_or(KeyError::Generate)?
    }

    /// Makes a key pair on this thread.
    ///
    /// # Errors
    /// [`KeyError`] when the cryptographic library has no randomness.
    pub fn generate_blocking(kind: KeyKind) -> Result<Self, KeyError> {
        match kind {
            KeyKind::Rsa2048 => {
                let pair =
                    RsaKeyPair::generate(KeySize::Rsa2048).map_err(|_| KeyError::Generate)?;
                let public = pair.public_key();
                let n = encode(public.modulus().big_endian_without_leading_zero());
                let e = encode(public.exponent().big_endian_without_leading_zero());
                // RFC 7638, section 3.2: the required members in lexicographic order.
                let thumbprint = thumbprint(&format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#));
                let header = encode(format!(
                    r#"{{"typ":"dpop+jwt","alg":"RS256","jwk":{{"kty":"RSA","n":"{n}","e":"{e}","alg":"RS256"}}}}"#
                ));
                Ok(Self { pair: Pair::Rsa(pair), header, thumbprint })
            }
            KeyKind::P256 => {
                let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)
                    .map_err(|_| KeyError::Generate)?;
                // SEC 1, section 2.3.3: 0x04, then both coordinates in 32 bytes each.
                let [_, point @ ..] = pair.public_key().as_ref() else {
                    return Err(KeyError::Generate);
                };
                let (x, y) = point.split_at_checked(32).ok_or(KeyError::Generate)?;
                let (x, y) = (encode(x), encode(y));
                let thumbprint =
                    thumbprint(&format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#));
                let header = encode(format!(
                    r#"{{"typ":"dpop+jwt","alg":"ES256","jwk":{{"kty":"EC","crv":"P-256","x":"{x}","y":"{y}","alg":"ES256"}}}}"#
                ));
                Ok(Self { pair: Pair::P256(pair), header, thumbprint })
            }
        }
    }

    /// The kind of this key.
    pub const fn kind(&self) -> KeyKind {
        match self.pair {
            Pair::Rsa(_) => KeyKind::Rsa2048,
            Pair::P256(_) => KeyKind::P256,
        }
    }

    /// The RFC 7638 thumbprint of the public key, 43 base64url characters: the `fingerprint` of
    /// `AuthenticateContext` and the `cnf.jkt` of a bound token.
    pub fn thumbprint(&self) -> &str {
        &self.thumbprint
    }

    pub(super) fn header(&self) -> &str {
        &self.header
    }

    /// Signs `message` and gives the signature in the form a JWS has (RFC 7518, section 3).
    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        match &self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
                    .map_err(|_| KeyError::Sign)?;
                Ok(signature)
            }
            Pair::P256(pair) => {
                let signature =
                    pair.sign(&SystemRandom::new(), message).map_err(|_| KeyError::Sign)?;
                Ok(signature.as_ref().to_vec())
            }
        }
    }
}

impl fmt::Debug for DpopKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DpopKey")
            .field("kind", &self.kind())
            .field("thumbprint", &self.thumbprint)
            .finish_non_exhaustive()
    }
}

/// Why a key could not be made or used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyError {
    /// The cryptographic library could not make a key.
    Generate,
    /// It could not sign.
    Sign,
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Generate => "the cryptographic library could not make a key pair",
            Self::Sign => "the cryptographic library could not sign a proof",
        })
    }
}

impl std::error::Error for KeyError {}

pub(super) fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn thumbprint(members: &str) -> String {
    encode(digest(&SHA256, members.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thumbprint_of_the_rfc_example() {
        // RFC 7638, section 3.1.
        let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L\
                 6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ\
                 5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD\
                 08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEg\
                 U8awapJzKnqDKgw";
        assert_eq!(
            thumbprint(&format!(r#"{{"e":"AQAB","kty":"RSA","n":"{n}"}}"#)),
            "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
        );
    }

    #[tokio::test]
    async fn debug_shows_the_thumbprint_only() {
        let key = DpopKey::generate(KeyKind::P256).await.unwrap();
        assert_eq!(key.thumbprint().len(), 43);
        assert_eq!(
            format!("{key:?}"),
            format!("DpopKey {{ kind: P256, thumbprint: {:?}, .. }}", key.thumbprint())
        );
    }
}
