//! Causes of errors that quote no secret.

use std::{borrow::Cow, error::Error, fmt, sync::Arc};

use credwire_core::secrecy::redact;

/// The cause of an error.
pub(super) type Source = Arc<dyn Error + Send + Sync + 'static>;

/// The cause itself, where neither it nor its own causes show a secret; otherwise their texts
/// without the secrets. A provider's error may quote anything, its key included.
pub(super) fn harmless(source: Source) -> Source {
    let mut is_harmless = true;
    let mut texts = Vec::new();
    let mut next: Option<&(dyn Error + 'static)> = Some(&*source);
    while let Some(cause) = next {
        let text = cause.to_string();
        let redacted = redact(&text);
        let is_clean = |text: &str| matches!(redact(text), Cow::Borrowed(_));
        is_harmless &= matches!(redacted, Cow::Borrowed(_)) && is_clean(&format!("{cause:?}"));
        texts.push(redacted.into_owned());
        next = cause.source();
    }
    if is_harmless {
        return source;
    }
    let copy = texts
        .into_iter()
        .rev()
        .fold(None, |source, text| Some(Box::new(RedactedError { text, source })));
    copy.map_or(source, |copy| Arc::from(copy as Box<dyn Error + Send + Sync>))
}

/// The text of an error, secrets taken out.
#[derive(Debug)]
struct RedactedError {
    text: String,
    source: Option<Box<RedactedError>>,
}

impl fmt::Display for RedactedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Error for RedactedError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use credwire_core::secrecy::error_chain;

    use super::*;
    use crate::CredentialError;

    #[test]
    fn a_cause_without_secrets_stays_what_it_is() {
        let kept = harmless(Arc::new(CredentialError::transient("no route to h.test")));
        assert!(kept.downcast_ref::<CredentialError>().is_some());
    }

    #[test]
    fn a_cause_that_quotes_its_key_shows_it_nowhere() {
        let key = "sk_live_4eC39HqLyjWDarjtT1zdp7dc";
        let quoting = io::Error::other(CredentialError::permanent(format!("unknown key {key}")));
        let kept = harmless(Arc::new(quoting));
        assert!(!format!("{kept} {kept:?} {}", error_chain(&kept)).contains("4eC39"), "{kept:?}");
        assert!(kept.to_string().starts_with("unknown key"), "{kept}");

        // Also where it stands in `Debug` alone.
        #[derive(Debug)]
        struct Silent {
            #[allow(dead_code, reason = "shown by Debug")]
            api_key: &'static str,
        }
        impl fmt::Display for Silent {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the endpoint failed")
            }
        }
        impl Error for Silent {}
        let kept = harmless(Arc::new(Silent { api_key: "letmein" }));
        assert_eq!(kept.to_string(), "the endpoint failed");
        assert!(!format!("{kept:?}").contains("letmein"), "{kept:?}");
    }
}
