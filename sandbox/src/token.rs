//! Opaque tokens: JWE compact (RFC 7516) with `dir` and `A256GCM` under a key that only this
//! process has.

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    error::Unspecified,
    rand,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL};
use credwire_core::Secret;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// What a token is for; stands in its header as `typ`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum TokenType {
    /// A subscriber access token, also one for a device or a guest.
    #[serde(rename = "SAT")]
    Access,
    Refresh,
    Invite,
}

#[derive(Serialize, Deserialize)]
struct Header {
    alg: String,
    enc: String,
    typ: TokenType,
    /// `<host>.<domain>`: where clients connect to with this token.
    ch: String,
}

/// Seals and opens the tokens of one space.
pub(crate) struct Sealer {
    key: LessSafeKey,
}

impl Sealer {
    /// A sealer with a fresh random key.
    pub(crate) fn new() -> Result<Self, Unspecified> {
        let mut key = [0; 32];
        rand::fill(&mut key)?;
        Ok(Self { key: LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &key)?) })
    }

    pub(crate) fn seal(
        &self,
        typ: TokenType,
        ch: &str,
        claims: &impl Serialize,
    ) -> Result<Secret<String>, SealError> {
        let header =
            Header { alg: "dir".to_owned(), enc: "A256GCM".to_owned(), typ, ch: ch.to_owned() };
        let header = BASE64URL.encode(serde_json::to_vec(&header)?);
        let mut iv = [0; NONCE_LEN];
        rand::fill(&mut iv)?;
        let mut text = serde_json::to_vec(claims)?;
        let tag = self.key.seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(iv),
            Aad::from(header.as_bytes()),
            &mut text,
        )?;
        let [iv, text, tag] = [&iv, &text[..], tag.as_ref()].map(|part| BASE64URL.encode(part));
        Ok(Secret::new(format!("{header}..{iv}.{text}.{tag}")))
    }

    /// The claims of a token of type `typ` that this sealer made; `None` for anything else.
    pub(crate) fn open<T: DeserializeOwned>(&self, typ: TokenType, token: &str) -> Option<T> {
        let mut parts = token.split('.');
        let [Some(header), Some(""), Some(iv), Some(text), Some(tag), None] =
            std::array::from_fn(|_| parts.next())
        else {
            return None;
        };
        let iv: [u8; NONCE_LEN] = BASE64URL.decode(iv).ok()?.try_into().ok()?;
        let mut sealed = BASE64URL.decode(text).ok()?;
        sealed.extend(BASE64URL.decode(tag).ok()?);
        let nonce = Nonce::assume_unique_for_key(iv);
        let claims =
            self.key.open_in_place(nonce, Aad::from(header.as_bytes()), &mut sealed).ok()?;
        let header: Header = serde_json::from_slice(&BASE64URL.decode(header).ok()?).ok()?;
        if header.typ != typ {
            return None;
        }
        serde_json::from_slice(claims).ok()
    }
}

/// A token could not be made.
#[derive(Debug)]
pub(crate) struct SealError;

impl From<Unspecified> for SealError {
    fn from(_: Unspecified) -> Self {
        Self
    }
}

impl From<serde_json::Error> for SealError {
    fn from(_: serde_json::Error) -> Self {
        Self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seal(sealer: &Sealer) -> String {
        let token = sealer.seal(TokenType::Access, "puc.space.test:8443", &"made-up").unwrap();
        token.expose().clone()
    }

    #[test]
    fn a_token_opens_under_its_key_and_type_only() {
        let sealer = Sealer::new().unwrap();
        let token = seal(&sealer);
        assert_eq!(sealer.open::<String>(TokenType::Access, &token).unwrap(), "made-up");
        assert!(sealer.open::<String>(TokenType::Refresh, &token).is_none());
        assert!(Sealer::new().unwrap().open::<String>(TokenType::Access, &token).is_none());
    }

    #[test]
    fn the_header_is_readable_and_the_claims_are_not() {
        let token = seal(&Sealer::new().unwrap());
        let header = BASE64URL.decode(token.split('.').next().unwrap()).unwrap();
        assert_eq!(
            String::from_utf8(header).unwrap(),
            r#"{"alg":"dir","enc":"A256GCM","typ":"SAT","ch":"puc.space.test:8443"}"#
        );
        assert!(!token.contains(&BASE64URL.encode("made-up")));
    }

    #[test]
    fn a_changed_character_anywhere_spoils_it() {
        let sealer = Sealer::new().unwrap();
        let token = seal(&sealer);
        for at in 0..token.len() {
            let mut bytes = token.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            assert!(sealer.open::<String>(TokenType::Access, &changed).is_none(), "at {at}");
        }
    }

    #[test]
    fn other_shapes_are_refused() {
        let sealer = Sealer::new().unwrap();
        let token = seal(&sealer);
        for text in ["", "....", "a.b.c", &format!("{token}."), &token.replacen("..", ".AA.", 1)] {
            assert!(sealer.open::<String>(TokenType::Access, text).is_none(), "{text}");
        }
    }
}
