//! Credentials in files and variables: a bare token, or a credential in JSON.

use crate::{CredentialError, SdkCredential, Secret, Validate as _};

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
        CredentialError::permanent(format!(
            "{place} holds no credential in JSON (line {}, column {}): expected an object with \
             `token` and, in milliseconds, `expiry_at`",
            error.line(),
            error.column()
        ))
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
