//! Nonces that servers demand in proofs (RFC 9449, section 8), one per origin.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use reqwest::{
    StatusCode,
    header::{HeaderMap, HeaderValue, WWW_AUTHENTICATE},
};

use crate::response::{ErrorBody, USE_DPOP_NONCE};

const HEADER: &str = "dpop-nonce";

/// The latest nonce of each origin.
#[derive(Debug, Default)]
pub(super) struct Nonces(Mutex<HashMap<String, String>>);

impl Nonces {
    /// The nonce to put into the next proof for `origin`.
    pub(super) fn get(&self, origin: &str) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(origin).cloned()
    }

    /// Keeps the nonce in the headers of any answer from `origin`.
    pub(super) fn learn(&self, origin: &str, headers: &HeaderMap) {
        if let Some(nonce) = nonce(headers) {
            let mut nonces = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            nonces.insert(origin.to_owned(), nonce.to_owned());
        }
    }
}

/// Tries that one operation makes at once, each with a new nonce.
const MAX_CHALLENGES: usize = 5;

/// The nonces that one operation was challenged to use.
#[derive(Debug, Default)]
pub(super) struct Challenges {
    /// Nonces of proofs that were sent.
    sent: Vec<String>,
    answered: usize,
}

impl Challenges {
    /// Notes the nonce of a proof that is sent.
    pub(super) fn sent(&mut self, nonce: Option<&str>) {
        self.sent.extend(nonce.map(str::to_owned));
    }

    /// Whether a challenge earns one more try at once: `nonce` was not sent yet, and the operation
    /// had fewer than five such tries.
    pub(super) fn earn_try(&mut self, nonce: Option<&str>) -> bool {
        let is_new = nonce.is_some_and(|nonce| self.sent.iter().all(|sent| sent != nonce));
        let earned = is_new && self.answered < MAX_CHALLENGES;
        self.answered += usize::from(earned);
        earned
    }
}

/// How a response asks for a nonce.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Challenge {
    /// By its error code, in the body or in `WWW-Authenticate`: it is nothing else.
    Stated,
    /// By a nonce beside an error, which may have another reason.
    Implied,
}

impl Challenge {
    /// Reads the status, the headers and the body of a response; one sign of a challenge is enough.
    pub(super) fn read(status: StatusCode, headers: &HeaderMap, body: &ErrorBody) -> Option<Self> {
        if status.is_client_error() && (body.asks_for_nonce() || asks_for_nonce(headers)) {
            return Some(Self::Stated);
        }
        let refuses = matches!(status, StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED);
        (refuses && nonce(headers).is_some()).then_some(Self::Implied)
    }
}

fn asks_for_nonce(headers: &HeaderMap) -> bool {
    let code = USE_DPOP_NONCE.as_bytes();
    let names_code =
        |value: &HeaderValue| value.as_bytes().windows(code.len()).any(|it| it == code);
    headers.get_all(WWW_AUTHENTICATE).iter().any(names_code)
}

/// The nonce in the headers of a response (RFC 9449, section 8.1: NQCHAR); anything else is not a
/// nonce.
fn nonce(headers: &HeaderMap) -> Option<&str> {
    let nqchar = |b: u8| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
    let is_nonce = |nonce: &&str| (1..=1024).contains(&nonce.len()) && nonce.bytes().all(nqchar);
    headers.get_all(HEADER).iter().filter_map(|value| value.to_str().ok()).find(is_nonce)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::response::headers;

    #[test]
    fn a_nonce_is_kept_for_its_origin_only() {
        let nonces = Nonces::default();
        nonces.learn("https://a.test", &headers(&[(HEADER, "n-1")]));
        nonces.learn("https://a.test", &headers(&[(HEADER, "not a nonce")]));
        assert_eq!(nonces.get("https://a.test").as_deref(), Some("n-1"));
        assert_eq!(nonces.get("https://b.test"), None);
    }

    #[test]
    fn a_challenge_is_recognised_by_each_of_its_signs_alone() {
        let read = |status: u16, pairs: &[(&'static str, &str)], body: &str| {
            let status = StatusCode::from_u16(status).unwrap();
            Challenge::read(status, &headers(pairs), &ErrorBody::read(body.as_bytes()))
        };
        let www = ("www-authenticate", r#"DPoP realm="x", error="use_dpop_nonce""#);
        let nonce = (HEADER, "n-1");
        let body = r#"{"big":1e999,"errors":[{"code":"use_dpop_nonce"}]}"#;
        for status in [400, 401] {
            assert_eq!(read(status, &[www], ""), Some(Challenge::Stated));
            assert_eq!(read(status, &[], body), Some(Challenge::Stated));
            assert_eq!(read(status, &[nonce], "<html>"), Some(Challenge::Implied));
            assert_eq!(read(status, &[nonce], r#"{"error":"expired"}"#), Some(Challenge::Implied));
            assert_eq!(read(status, &[(HEADER, "no nonce")], r#"{"error":"expired"}"#), None);
        }
        assert_eq!(read(403, &[nonce], ""), None, "a new nonce comes with any answer");
        assert_eq!(read(200, &[www, nonce], body), None);
    }

    #[test]
    fn each_new_nonce_earns_a_try_up_to_five() {
        let mut challenges = Challenges::default();
        assert!(!challenges.earn_try(None), "there is nothing to answer with");
        challenges.sent(Some("n-0"));
        assert!(!challenges.earn_try(Some("n-0")));
        for new in ["n-1", "n-2", "n-3", "n-4", "n-5"] {
            assert!(challenges.earn_try(Some(new)), "{new}");
            challenges.sent(Some(new));
        }
        assert!(!challenges.earn_try(Some("n-6")));
    }
}
