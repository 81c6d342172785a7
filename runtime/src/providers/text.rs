//! Credentials in files and variables: a bare token, or a credential in JSON.

use crate::{CredentialError, SdkCredential, Secret, Validate as _};
use credwire_session::jose::Header;

/// Whether `text` does not end too early: a credential in JSON, or a token in one of the two
/// compact forms of JOSE. Other tokens do not show where they end.
pub(super) fn is_whole(text: &Secret<String>) -> bool {
    let text = text.expose().trim();
    if text.starts_with('{') {
        serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
    } else {
        Header::read(&Secret::from(text)).is_ok()
    }
}

/// Reads `text`; `place` names where it is from and begins the error.
pub(super) fn credential(
    text: &Secret<String>,
    place: &str,
) -> Result<SdkCredential, CredentialError> {
    let text = text.expose().trim();
    if text.is_empty() {
        return Err(CredentialError::transient(format!(
            "{place} is empty: put a token or a credential in JSON there"
        )));
    }
    if !text.starts_with('{') {
        if text.contains(char::is_whitespace) {
            return Err(CredentialError::permanent(format!(
                "{place} holds white space within a token: put one token there, or a credential in \
                 JSON"
            )));
        }
        return Ok(SdkCredential::from_token(text));
    }
    let credential: SdkCredential = serde_json::from_str(text).map_err(|error| {
        // The parser's own words may quote the token.
        let message = format!(
            "{place} holds no credential in JSON (line {}, column {}): expected an object with \
             `token` and, in milliseconds, `expiry_at`",
            error.line(),
            error.column()
        );
        // What ends too early may be half-written. The error above may be one of the type, which
        // does not show it.
        let syntax = serde_json::from_str::<serde::de::IgnoredAny>(text);
        if syntax.is_err_and(|error| error.is_eof()) {
            CredentialError::transient(message)
        } else {
            CredentialError::permanent(message)
        }
    })?;
    credential
        .validate()
        .map_err(|violations| CredentialError::permanent(format!("{place}: {violations}")))?;
    Ok(credential)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::EpochMillis;

    #[test]
    fn a_token_and_a_document_are_read() {
        let read = |text: &str| credential(&Secret::from(text), "the test").unwrap();
        assert_eq!(read(" made-up\n").token.unwrap().expose(), "made-up");
        let read = read(r#" {"token":"made-up","expiry_at":1760000000000} "#);
        assert_eq!(read.token.unwrap().expose(), "made-up");
        assert_eq!(read.expiry_at, Some(EpochMillis::new(1_760_000_000_000)));
    }

    #[test]
    fn what_ends_too_early_is_distinguished_from_what_is_whole() {
        // The header is `{"typ":"SAT"}`.
        let token = "eyJ0eXAiOiJTQVQifQ.e30.c2ln";
        let json = format!(r#"{{"token":"{token}","expiry_at":1760000000000}}"#);
        for whole in [token, &json, &format!("\n{json}\n")] {
            assert!(is_whole(&Secret::from(whole)), "{whole}");
        }
        for cut in ["", " \n", &token[..7], &token[..20], &json[..json.len() - 1], "{"] {
            let cut = Secret::from(cut);
            assert!(!is_whole(&cut), "{}", cut.expose());
        }
        let cut = Secret::from(&json[..json.len() - 1]);
        assert!(credential(&cut, "the test").unwrap_err().is_transient());
        let wrong = Secret::from(r#"{"token":7}"#);
        assert!(!credential(&wrong, "the test").unwrap_err().is_transient());
    }

    #[test]
    fn what_cannot_be_read_is_named_without_being_shown() {
        for (text, word) in [
            ("", "empty"),
            ("made-up made-up", "white space"),
            (r#"{"token":"made-up","expiry_at":"made-up"}"#, "line 1, column"),
            (r#"{"token":"made-up""#, "line 1, column"),
            (r#"{"expiry_at":1760000000000}"#, "the test"),
        ] {
            let error = credential(&Secret::from(text), "the test").unwrap_err().to_string();
            assert!(error.contains(word) && error.starts_with("the test"), "{error}");
            assert!(!error.contains("made-up"), "{error}");
        }
    }
}
