//! Key pairs for proofs: RSA 2048 or P-256 behind one type.

use std::fmt;

use aws_lc_rs::{
    digest::{SHA256, digest},
    encoding::AsDer as _,
    rand::SystemRandom,
    rsa::KeySize,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
    },
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use serde::{Deserialize, Serialize};

use super::store::Pkcs8;
use crate::spawn;

/// The kind of a key for proofs of possession.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum KeyKind {
    /// RSA with a modulus of 2048 bits, signing RS256: the only kind the official SDK sends.
    #[default]
    Rsa2048,
    /// The curve P-256, signing ES256: far quicker, for spaces that accept it.
    P256,
}

/// A key pair for proofs. `Debug` shows its public thumbprint only; its memory is wiped when it is
/// dropped.
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
    /// Generates a key pair on a thread for blocking work: RSA takes tens of milliseconds and more.
    ///
    /// # Errors
    /// [`KeyError`] when the cryptographic library has no randomness.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub async fn generate(kind: KeyKind) -> Result<Self, KeyError> {
        spawn::blocking(move || Self::generate_blocking(kind)).await.ok_or(KeyError::Generate)?
    }

    /// Generates a key pair on this thread.
    ///
    /// # Errors
    /// [`KeyError`] when the cryptographic library has no randomness.
    pub fn generate_blocking(kind: KeyKind) -> Result<Self, KeyError> {
        let pair = match kind {
            KeyKind::Rsa2048 => RsaKeyPair::generate(KeySize::Rsa2048).map(Pair::Rsa),
            KeyKind::P256 => {
                EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map(Pair::P256)
            }
        };
        Self::new(pair.map_err(|_| KeyError::Generate)?).ok_or(KeyError::Generate)
    }

    /// Reads a key pair of either kind. RSA keys are checked, which takes some milliseconds: do it
    /// on a thread for blocking work.
    ///
    /// # Errors
    /// [`KeyError::Parse`] when the bytes are no such key, or an RSA key whose modulus has not
    /// exactly 2048 bits.
    pub fn from_pkcs8(key: &Pkcs8) -> Result<Self, KeyError> {
        let bytes = key.expose();
        let rsa =
            RsaKeyPair::from_pkcs8(bytes).ok().filter(|pair| pair.public_modulus_len() == 256);
        let pair = rsa.map(Pair::Rsa).or_else(|| {
            let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, bytes);
            pair.ok().map(Pair::P256)
        });
        pair.and_then(Self::new).ok_or(KeyError::Parse)
    }

    /// Returns the key pair in PKCS#8, for a [`KeyStore`](super::KeyStore).
    ///
    /// # Errors
    /// [`KeyError::Export`] when the cryptographic library cannot export it.
    pub fn to_pkcs8(&self) -> Result<Pkcs8, KeyError> {
        // Both of the library's types wipe themselves.
        match &self.pair {
            Pair::Rsa(pair) => {
                let der = pair.as_der().map_err(|_| KeyError::Export)?;
                Ok(Pkcs8::new(der.as_ref().to_vec()))
            }
            Pair::P256(pair) => {
                let document = pair.to_pkcs8v1().map_err(|_| KeyError::Export)?;
                Ok(Pkcs8::new(document.as_ref().to_vec()))
            }
        }
    }

    fn new(pair: Pair) -> Option<Self> {
        let (header, thumbprint) = match &pair {
            Pair::Rsa(pair) => {
                let public = pair.public_key();
                let n = encode(public.modulus().big_endian_without_leading_zero());
                let e = encode(public.exponent().big_endian_without_leading_zero());
                // RFC 7638, section 3.2: the required members in lexicographic order.
                let thumbprint = thumbprint(&format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#));
                let header = encode(format!(
                    r#"{{"typ":"dpop+jwt","alg":"RS256","jwk":{{"kty":"RSA","n":"{n}","e":"{e}","alg":"RS256"}}}}"#
                ));
                (header, thumbprint)
            }
            Pair::P256(pair) => {
                // SEC 1, section 2.3.3: 0x04, then both coordinates in 32 bytes each.
                let [_, point @ ..] = pair.public_key().as_ref() else {
                    return None;
                };
                let (x, y) = point.split_at_checked(32)?;
                let (x, y) = (encode(x), encode(y));
                let thumbprint =
                    thumbprint(&format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#));
                let header = encode(format!(
                    r#"{{"typ":"dpop+jwt","alg":"ES256","jwk":{{"kty":"EC","crv":"P-256","x":"{x}","y":"{y}","alg":"ES256"}}}}"#
                ));
                (header, thumbprint)
            }
        };
        Some(Self { pair, header, thumbprint })
    }

    /// Returns the kind of this key.
    pub const fn kind(&self) -> KeyKind {
        match self.pair {
            Pair::Rsa(_) => KeyKind::Rsa2048,
            Pair::P256(_) => KeyKind::P256,
        }
    }

    /// Returns the RFC 7638 thumbprint of the public key, 43 base64url characters: the
    /// `fingerprint` of `AuthenticateContext` and the `cnf.jkt` of a bound token.
    pub fn thumbprint(&self) -> &str {
        &self.thumbprint
    }

    pub(super) fn header(&self) -> &str {
        &self.header
    }

    /// Signs `message` and returns the signature in the form of a JWS (RFC 7518, section 3).
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

/// The error of a key that could not be generated or used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyError {
    /// The cryptographic library could not generate a key.
    Generate,
    /// The cryptographic library could not sign.
    Sign,
    /// The bytes are not PKCS#8 of an RSA key with 2048 bits or a P-256 key.
    Parse,
    /// The cryptographic library could not export the key.
    Export,
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Generate => "the cryptographic library could not make a key pair",
            Self::Sign => "the cryptographic library could not sign a proof",
            Self::Parse => "the bytes are no PKCS#8 of an RSA 2048 or P-256 key pair",
            Self::Export => "the cryptographic library could not write the key pair down",
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

    #[test]
    fn a_stored_key_is_the_same_key_and_anything_else_is_refused() {
        for kind in [KeyKind::Rsa2048, KeyKind::P256] {
            let key = DpopKey::generate_blocking(kind).unwrap();
            let stored = key.to_pkcs8().unwrap();
            let read = DpopKey::from_pkcs8(&stored).unwrap();
            assert_eq!((read.kind(), read.thumbprint()), (kind, key.thumbprint()));
            assert!(read.sign(b"made up").is_ok());
            let cut = stored.expose()[..stored.expose().len() - 1].to_vec();
            assert_eq!(DpopKey::from_pkcs8(&Pkcs8::new(cut)).unwrap_err(), KeyError::Parse);
        }
        let large = RsaKeyPair::generate(KeySize::Rsa3072).unwrap();
        let large = Pkcs8::new(large.as_der().unwrap().as_ref().to_vec());
        for key in [large, Pkcs8::new(Vec::new())] {
            assert_eq!(DpopKey::from_pkcs8(&key).unwrap_err(), KeyError::Parse);
        }
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
