//! Nonces that servers demand in proofs (RFC 9449, section 8), one per origin.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use reqwest::{StatusCode, header::HeaderMap};

const HEADER: &str = "dpop-nonce";
const CODE: &str = "use_dpop_nonce";

/// The latest nonce of each origin.
#[derive(Debug, Default)]
pub(super) struct Nonces(Mutex<HashMap<String, String>>);

impl Nonces {
    /// The nonce to put into the next proof for `origin`.
    pub(super) fn get(&self, origin: &str) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(origin).cloned()
    }

    /// Keeps the nonce that any answer from `origin` brings.
    pub(super) fn learn(&self, origin: &str, headers: &HeaderMap) {
        // RFC 9449, section 8.1: NQCHAR; anything else is not a nonce.
        let nqchar = |b: u8| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
        if let Some(nonce) = headers.get(HEADER).and_then(|value| value.to_str().ok())
            && (1..=1024).contains(&nonce.len())
            && nonce.bytes().all(nqchar)
        {
            let mut nonces = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            nonces.insert(origin.to_owned(), nonce.to_owned());
        }
    }
}

/// Whether an answer asks for a nonce: by its error code or by its `WWW-Authenticate`.
pub(super) fn is_challenge(status: StatusCode, code: Option<&str>, headers: &HeaderMap) -> bool {
    matches!(status, StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED)
        && (code == Some(CODE)
            || headers
                .get_all(reqwest::header::WWW_AUTHENTICATE)
                .iter()
                .any(|value| value.to_str().is_ok_and(|value| value.contains(CODE))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &'static str, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name.parse().unwrap(), value.parse().unwrap())])
    }

    #[test]
    fn a_nonce_is_kept_for_its_origin_only() {
        let nonces = Nonces::default();
        nonces.learn("https://a.test", &headers(HEADER, "n-1"));
        nonces.learn("https://a.test", &headers(HEADER, "not a nonce"));
        assert_eq!(nonces.get("https://a.test").as_deref(), Some("n-1"));
        assert_eq!(nonces.get("https://b.test"), None);
    }

    #[test]
    fn challenges_are_known_by_code_and_by_header() {
        let www = headers("www-authenticate", r#"DPoP error="use_dpop_nonce""#);
        assert!(is_challenge(StatusCode::UNAUTHORIZED, None, &www));
        assert!(is_challenge(StatusCode::BAD_REQUEST, Some(CODE), &HeaderMap::new()));
        assert!(!is_challenge(StatusCode::OK, Some(CODE), &www));
        assert!(!is_challenge(StatusCode::UNAUTHORIZED, Some("expired"), &HeaderMap::new()));
    }
}
