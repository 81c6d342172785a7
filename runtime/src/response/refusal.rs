//! Whether a response is a refusal by the service itself.
//!
//! A refusal ends what it refuses, so only the service's own form counts: a status that means it,
//! and a body in the form that the service writes. Pages, redirects, empty bodies and other statuses
//! come from something in between, and pass.

use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// Error code that asks for a nonce in the proof (RFC 9449, section 8).
pub(crate) const USE_DPOP_NONCE: &str = "use_dpop_nonce";

/// What an error body states in the form of a service. Whatever else is in it, however odd, hides
/// nothing of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct ErrorBody {
    /// `code` of the first item of `errors`.
    first_code: Option<String>,
    /// OAuth's `error`.
    error: Option<String>,
    /// One of the codes asks for a nonce.
    asks_for_nonce: bool,
    /// It has a member `error`, `errors` or `title`.
    is_problem: bool,
    /// It is one JSON object and nothing else.
    is_whole: bool,
}

impl ErrorBody {
    /// Reads a body of any content.
    pub(crate) fn read(body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body);
        let mut read = Self::default();
        read.is_whole = members(&text, |name, value| match name {
            b"errors" => {
                read.is_problem |= is_there(value);
                read.entries(value);
            }
            b"error" => {
                read.is_problem |= is_there(value);
                read.error = read.error.take().or_else(|| string(value));
            }
            b"title" => read.is_problem |= is_there(value),
            _ => {}
        });
        read.asks_for_nonce |= read.error.as_deref() == Some(USE_DPOP_NONCE);
        read
    }

    fn entries(&mut self, errors: &RawValue) {
        let Ok(entries) = serde_json::from_str::<Vec<&RawValue>>(errors.get()) else { return };
        for (index, entry) in entries.into_iter().enumerate() {
            let mut code = None;
            members(entry.get(), |name, value| {
                if name == b"code" {
                    code = code.take().or_else(|| string(value));
                }
            });
            self.asks_for_nonce |= code.as_deref() == Some(USE_DPOP_NONCE);
            if index == 0 {
                self.first_code = self.first_code.take().or(code);
            }
        }
    }

    /// The error code in the form of a space, or OAuth's.
    pub(crate) fn code(&self) -> Option<&str> {
        self.first_code.as_deref().or(self.error.as_deref())
    }

    /// Whether one of the error codes asks for a nonce.
    pub(crate) const fn asks_for_nonce(&self) -> bool {
        self.asks_for_nonce
    }
}

/// Whether a space refuses with this status and body.
pub(crate) fn is_space_refusal(status: u16, body: &ErrorBody) -> bool {
    matches!(status, 400 | 401 | 403 | 404 | 409 | 422)
        && body.is_whole
        && body.code().is_some()
        // A challenge is answered by another proof.
        && !body.asks_for_nonce
}

/// Whether the token endpoint of an application refuses with this status and body. `permanent` are
/// the statuses that it refuses with whatever the body is.
pub(crate) fn is_endpoint_refusal(status: u16, body: &ErrorBody, permanent: &[u16]) -> bool {
    let in_form = matches!(status, 400 | 401 | 403) && body.is_whole && body.is_problem;
    in_form || permanent.contains(&status)
}

/// Calls `member` for each member of the JSON object in `text`, in order, up to the first fault;
/// returns whether there was none.
fn members<'a>(text: &'a str, member: impl FnMut(&[u8], &'a RawValue)) -> bool {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let read = deserializer.deserialize_map(Members(member));
    read.is_ok() && deserializer.end().is_ok()
}

struct Members<F>(F);

impl<'de, F: FnMut(&[u8], &'de RawValue)> Visitor<'de> for Members<F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key_seed(Name)? {
            (self.0)(&name, map.next_value()?);
        }
        Ok(())
    }
}

/// The name of a member, as bytes: a name need not be text.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Vec<u8>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<u8>, D::Error> {
        deserializer.deserialize_bytes(self)
    }
}

impl Visitor<'_> for Name {
    type Value = Vec<u8>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_bytes<E>(self, name: &[u8]) -> Result<Vec<u8>, E> {
        Ok(name.to_vec())
    }

    fn visit_str<E>(self, name: &str) -> Result<Vec<u8>, E> {
        Ok(name.as_bytes().to_vec())
    }
}

fn is_there(value: &RawValue) -> bool {
    value.get() != "null"
}

fn string(value: &RawValue) -> Option<String> {
    serde_json::from_str(value.get()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(body: &str) -> Option<String> {
        ErrorBody::read(body.as_bytes()).code().map(str::to_owned)
    }

    #[test]
    fn codes_are_found_beside_whatever_else_is_there() {
        for body in [
            r#"{"errors":[{"code":"x"}]}"#,
            r#"{"error":"x"}"#,
            r#"{"errors":[{"type":7,"code":"x","attribute":null}, 7, "odd"],"error":9}"#,
            r#"{"errors":"odd","error":"x"}"#,
            r#"{"errors":[],"error":"x"}"#,
            r#"{"errors":[7],"error":"x"}"#,
            r#"{"big":1e999,"half":"\ud800","\udfff":1,"errors":[{"url":-1e999,"code":"x"}]}"#,
            r#"{"code":"y","errors":[{"code":"x"},{"code":"y"}]}"#,
            r#"{"errors":[{"code":5,"code":"x"}]}"#,
        ] {
            assert_eq!(code(body).as_deref(), Some("x"), "{body}");
            assert!(is_space_refusal(403, &ErrorBody::read(body.as_bytes())), "{body}");
        }
        let not_text = b"{\"a\":\"\xff\",\"errors\":[{\"code\":\"x\"}]}";
        assert_eq!(ErrorBody::read(not_text).code(), Some("x"));
        let deep =
            format!(r#"{{"deep":{}{},"error":"x"}}"#, "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(code(&deep).as_deref(), Some("x"));
    }

    #[test]
    fn other_bodies_are_no_refusal_whatever_the_status() {
        for body in [
            "",
            "<html>403</html>",
            "null",
            "[]",
            r#"[{"code":"x"}]"#,
            r#"{"code":"x"}"#,
            r#"{"errors":[]}"#,
            r#"{"errors":[{}]}"#,
            r#"{"errors":[{"code":5}]}"#,
            r#"{"errors":[{},{"code":"x"}]}"#,
            r#"{"errors":{"code":"x"}}"#,
            r#"{"error":{"code":"x"}}"#,
            r#"{"error":"x""#,
            r#"{"error":"x"} <html>"#,
        ] {
            let body = ErrorBody::read(body.as_bytes());
            for status in 100..600 {
                assert!(!is_space_refusal(status, &body), "{status} {body:?}");
            }
        }
    }

    #[test]
    fn other_statuses_are_no_refusal_whatever_the_body() {
        let body = ErrorBody::read(br#"{"errors":[{"code":"x"}],"title":"y"}"#);
        let refused =
            |is: &dyn Fn(u16) -> bool| (100..600).filter(|it| is(*it)).collect::<Vec<_>>();
        let space = refused(&|status| is_space_refusal(status, &body));
        assert_eq!(space, [400, 401, 403, 404, 409, 422]);
        let endpoint = refused(&|status| is_endpoint_refusal(status, &body, &[]));
        assert_eq!(endpoint, [400, 401, 403]);
        let listed =
            refused(&|status| is_endpoint_refusal(status, &ErrorBody::default(), &[404, 410]));
        assert_eq!(listed, [404, 410]);
    }

    #[test]
    fn an_endpoint_refuses_in_any_usual_form() {
        for (body, refuses) in [
            (r#"{"error":"x"}"#, true),
            (r#"{"error":{"message":"x"}}"#, true),
            (r#"{"errors":["x"]}"#, true),
            (r#"{"title":"Forbidden","status":403}"#, true),
            (r#"{"title":null}"#, false),
            (r#"{"message":"x"}"#, false),
            ("<html>403</html>", false),
            ("", false),
        ] {
            let read = ErrorBody::read(body.as_bytes());
            assert_eq!(is_endpoint_refusal(403, &read, &[]), refuses, "{body}");
        }
    }

    #[test]
    fn a_nonce_is_asked_for_by_any_code_even_in_a_broken_body() {
        for body in [
            r#"{"error":"use_dpop_nonce"}"#,
            r#"{"errors":[{"code":"other"},{"code":"use_dpop_nonce"}]}"#,
            r#"{"error":"use_dpop_nonce","half"#,
        ] {
            let body = ErrorBody::read(body.as_bytes());
            assert!(body.asks_for_nonce() && !is_space_refusal(401, &body), "{body:?}");
        }
        assert!(!ErrorBody::read(br#"{"title":"use_dpop_nonce"}"#).asks_for_nonce());
    }
}
