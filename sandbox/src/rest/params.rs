//! Reading parameters: every bad one is reported, each with its name.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use credwire_core::EpochMillis;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{ApiError, ErrorItem};
use crate::span::Span;

/// The members of a request's body, and what is wrong with those asked for so far.
pub(super) struct Params {
    members: Map<String, Value>,
    errors: Vec<ErrorItem>,
}

impl Params {
    /// Reads a body; one that is no JSON object has no members.
    pub(super) fn read(body: &[u8]) -> Self {
        Self { members: serde_json::from_slice(body).unwrap_or_default(), errors: Vec::new() }
    }

    /// The member as it is; null counts as absent.
    pub(super) fn value(&self, name: &'static str) -> Option<&Value> {
        self.members.get(name).filter(|value| !value.is_null())
    }

    /// Enters that the parameter `name` should have been `wanted`.
    pub(super) fn refuse(&mut self, name: &'static str, wanted: &str) {
        let message = format!("has to be {wanted}");
        self.errors.push(ErrorItem::parameter("invalid_parameter", name, &message));
    }

    pub(super) fn missing(&mut self, name: &'static str) {
        let message = "Required parameter is missing";
        self.errors.push(ErrorItem::parameter("missing_required_parameter", name, message));
    }

    /// The text of an optional member, if `fits` takes it.
    pub(super) fn text(
        &mut self,
        name: &'static str,
        wanted: &str,
        fits: impl Fn(&str) -> bool,
    ) -> Option<String> {
        let value = self.value(name)?;
        match value.as_str().filter(|text| fits(text)) {
            Some(text) => Some(text.to_owned()),
            None => {
                self.refuse(name, wanted);
                None
            }
        }
    }

    /// The text of an optional member, whatever it is.
    pub(super) fn any_text(&mut self, name: &'static str) -> Option<String> {
        self.text(name, "text", |_| true)
    }

    /// The text of a member that has to be there; empty when it is refused.
    pub(super) fn required_text(
        &mut self,
        name: &'static str,
        wanted: &str,
        fits: impl Fn(&str) -> bool,
    ) -> String {
        if matches!(self.value(name), None | Some(Value::String(_)))
            && self.value(name).and_then(Value::as_str).unwrap_or_default().is_empty()
        {
            self.missing(name);
            return String::new();
        }
        self.text(name, wanted, fits).unwrap_or_default()
    }

    /// An optional length of time in seconds.
    pub(super) fn span(&mut self, name: &'static str) -> Option<Span> {
        let span = self.value(name)?.as_f64().and_then(Span::from_secs_f64);
        if span.is_none() {
            self.refuse(name, "a number of seconds");
        }
        span
    }

    /// An optional instant in seconds since the epoch; zero counts as absent. It may be past: the
    /// token is then born expired, which is what a client with a wrong clock gets.
    pub(super) fn instant(&mut self, name: &'static str) -> Option<EpochMillis> {
        let span = self.span(name).filter(|span| *span != Span::default())?;
        Some(span.after(EpochMillis::new(0)))
    }

    /// The values, if none was refused.
    pub(super) fn finish(self) -> Result<(), ApiError> {
        if self.errors.is_empty() { Ok(()) } else { Err(ApiError::invalid(self.errors)) }
    }
}

pub(super) fn is_uuid(text: &str) -> bool {
    Uuid::try_parse(text).is_ok()
}

/// Whether `text` is a SHA-256 thumbprint: 43 characters of base64url.
pub(super) fn is_thumbprint(text: &str) -> bool {
    text.len() == 43 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// User name and password of a Basic `Authorization` header (RFC 7617).
pub(super) fn basic_credentials(header: &str) -> Option<(String, String)> {
    let (scheme, credentials) = header.split_once(' ')?;
    let decoded = String::from_utf8(STANDARD.decode(credentials.trim()).ok()?).ok()?;
    let (user, password) = decoded.split_once(':')?;
    scheme.eq_ignore_ascii_case("basic").then(|| (user.to_owned(), password.to_owned()))
}
