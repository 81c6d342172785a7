//! The protected header of a JOSE token (RFC 7515, RFC 7516), the only part a client may read.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;

use credwire_core::Secret;

/// Longest header that is read, in characters; real ones have about a hundred.
const MAX_HEADER: usize = 8 * 1024;

/// The members of a token's protected header that a client acts on.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Header {
    /// The host at which the space listens: `<host>.<domain>`, the domain with or without a port.
    #[serde(default)]
    pub ch: Option<String>,
    /// The type of the token, `SAT` for subscriber access tokens.
    #[serde(default)]
    pub typ: Option<String>,
}

impl Header {
    /// Reads the header of a compact JOSE token: a JWS of three parts or a JWE of five.
    ///
    /// # Errors
    /// [`HeaderError`], which describes the form of the token and contains no part of it.
    pub fn read(token: &Secret<String>) -> Result<Self, HeaderError> {
        let token = token.expose();
        if token.is_empty() {
            return Err(HeaderError::Empty);
        }
        let parts = token.split('.').count();
        if parts != 3 && parts != 5 {
            return Err(HeaderError::Parts(parts));
        }
        // A JWE may have an empty key and a JWS an empty signature, so only the alphabet counts.
        if !token.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.')) {
            return Err(HeaderError::Alphabet);
        }
        let header = token.split('.').next().unwrap_or_default();
        if header.len() > MAX_HEADER {
            return Err(HeaderError::TooLong);
        }
        let json = URL_SAFE_NO_PAD.decode(header).map_err(|_| HeaderError::Base64)?;
        // Members that nobody asks for have to be UTF-8 too (RFC 7515, section 4).
        let json = std::str::from_utf8(&json).map_err(|_| HeaderError::Json)?;
        // A derived `Deserialize` would also take an array.
        if !json.trim_ascii_start().starts_with('{') {
            return Err(HeaderError::Json);
        }
        // serde_json's message may quote the input, so it is not kept as a source.
        serde_json::from_str(json).map_err(|_| HeaderError::Json)
    }
}

/// The error of a text that is not a JOSE token whose header can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HeaderError {
    /// The text is empty.
    Empty,
    /// The text has this many parts between dots instead of three or five.
    Parts(usize),
    /// The text has characters outside the base64url alphabet.
    Alphabet,
    /// The header is longer than any real one.
    TooLong,
    /// The header is not base64url without padding.
    Base64,
    /// The header is not a JSON object, or a member has the wrong type.
    Json,
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the token is empty"),
            Self::Parts(n) => {
                write!(f, "a JOSE token has 3 or 5 parts between dots, this one has {n}")
            }
            Self::Alphabet => f.write_str("the token has characters outside base64url"),
            Self::TooLong => write!(f, "the token's header is longer than {MAX_HEADER} characters"),
            Self::Base64 => f.write_str("the token's header is not base64url"),
            Self::Json => f.write_str("the token's header is not a JSON object of the known form"),
        }
    }
}

impl std::error::Error for HeaderError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(header: impl AsRef<[u8]>, rest: &str) -> Secret<String> {
        Secret::new(format!("{}.{rest}", URL_SAFE_NO_PAD.encode(header)))
    }

    #[test]
    fn reads_a_jwe_and_a_jws() {
        let header = r#"{"alg":"dir","enc":"A256GCM","typ":"SAT","ch":"puc.example.com"}"#;
        for rest in [".aXY.Ym9keQ.dGFn", "e30.c2ln", "e30."] {
            let header = Header::read(&token(header, rest)).unwrap();
            assert_eq!(header.ch.as_deref(), Some("puc.example.com"));
            assert_eq!(header.typ.as_deref(), Some("SAT"));
        }
    }

    #[test]
    fn ch_may_be_absent() {
        assert_eq!(Header::read(&token(r#"{"alg":"dir"}"#, "e30.c2ln")).unwrap().ch, None);
    }

    #[test]
    fn every_fault_has_its_error_and_none_quotes_the_token() {
        let cases = [
            (Secret::from(""), HeaderError::Empty),
            (Secret::from("made-up"), HeaderError::Parts(1)),
            (Secret::from("a.b.c.d"), HeaderError::Parts(4)),
            (Secret::from("made up.b.c"), HeaderError::Alphabet),
            (Secret::from("a.b.c"), HeaderError::Base64),
            (token("made-up", "b.c"), HeaderError::Json),
            (token("[]", "b.c"), HeaderError::Json),
            (token(r#"{"ch":7}"#, "b.c"), HeaderError::Json),
            (token(b"{\"alg\":\"\xf6\"}", "b.c"), HeaderError::Json),
            (token(" ".repeat(MAX_HEADER), "b.c"), HeaderError::TooLong),
        ];
        for (token, expected) in cases {
            let error = Header::read(&token).unwrap_err();
            assert_eq!(error, expected);
            assert!(!error.to_string().contains("made"));
        }
    }
}
