//! The format of a credential in the answer of a backend.

use std::{fmt, marker::PhantomData, time::Duration};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use crate::{CredentialError, EpochMillis, SdkCredential, Seconds, Secret};

/// The places of the parts of a credential, as JSON pointers (RFC 6901).
#[derive(Clone, Copy, Debug)]
pub struct AnswerFormat {
    /// The place of the token.
    pub token: &'static str,
    /// The place of the expiry; `None` where it is not read.
    pub expiry_at: Option<&'static str>,
    /// The place of the lifetime in seconds; `None` where it is not read.
    pub expires_in: Option<&'static str>,
    /// The unit of the number at `expiry_at`.
    pub expiry: Expiry,
    /// Whether an answer without expiry and lifetime is refused.
    pub must_expire: bool,
    /// The HTTP statuses that are a refusal, whatever the body is.
    pub permanent: &'static [u16],
}

/// The unit of an expiry.
#[derive(Clone, Copy, Debug)]
pub enum Expiry {
    /// Milliseconds since the Unix epoch.
    Millis,
    /// Seconds since the Unix epoch, with or without a fraction.
    Seconds,
}

impl AnswerFormat {
    /// Reads the credential. The parser's messages may quote the answer, so none is kept.
    pub(super) fn read(
        &self,
        host: &str,
        body: &Secret<Vec<u8>>,
    ) -> Result<SdkCredential, CredentialError> {
        let body = body.expose().as_slice();
        if serde_json::from_slice::<IgnoredAny>(body).is_err() {
            // Something in between answered in the backend's place; that passes.
            return Err(CredentialError::transient(format!(
                "the answer of the endpoint at {host} is no JSON"
            )));
        }
        let missing = |what: &str| {
            // Only a status refuses: this may be the answer of something else, or a slip.
            CredentialError::transient(format!(
                "the answer of the endpoint at {host} has no {what}"
            ))
        };
        let at = |what, pointer| format!("{what} at `{pointer}`");
        let token: Option<Secret<String>> =
            find(body, self.token).map_err(|()| missing(&at("string", self.token)))?;
        let token = token.filter(|token| !token.expose().is_empty());
        let token = token.ok_or_else(|| missing(&at("token", self.token)))?;

        let unit = match self.expiry {
            Expiry::Millis => "whole number of milliseconds",
            Expiry::Seconds => "number of seconds",
        };
        let mut credential = SdkCredential::from_token(token);
        let mut expected = Vec::new();
        if let Some(pointer) = self.expiry_at {
            let what = at(unit, pointer);
            credential.expiry_at = self.end(body, pointer).map_err(|()| missing(&what))?;
            expected.push(what);
        }
        if let Some(pointer) = self.expires_in {
            let what = at("number of seconds", pointer);
            let lasts: Option<Seconds> = find(body, pointer).map_err(|()| missing(&what))?;
            credential.expires_in = lasts.map(Duration::from);
            expected.push(what);
        }
        let ends = credential.expiry_at.is_some() || credential.expires_in.is_some();
        if self.must_expire && !ends {
            return Err(missing(&expected.join(" and no ")));
        }
        Ok(credential)
    }

    /// The instant at `pointer`.
    fn end(&self, body: &[u8], pointer: &str) -> Result<Option<EpochMillis>, ()> {
        match self.expiry {
            Expiry::Millis => find(body, pointer),
            Expiry::Seconds => {
                let Some(seconds) = find::<Seconds>(body, pointer)? else { return Ok(None) };
                let end = EpochMillis::new(0).saturating_add(seconds.into());
                end.to_seconds().is_plausible().then_some(Some(end)).ok_or(())
            }
        }
    }
}

/// Reads what stands at `pointer`: nothing when it is absent or null.
fn find<T: for<'de> Deserialize<'de>>(body: &[u8], pointer: &str) -> Result<Option<T>, ()> {
    let segments: Vec<String> =
        pointer.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~")).collect();
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    At { path: &segments, value: PhantomData }.deserialize(&mut deserializer).map_err(|_| ())
}

/// Walks down a path of member names and indices and ignores everything beside it, so that no
/// copy of it is made.
struct At<'a, T> {
    path: &'a [String],
    value: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for At<'_, T> {
    type Value = Option<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        if self.path.is_empty() {
            return Option::deserialize(deserializer);
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for At<'_, T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<T>, A::Error> {
        let mut value = None;
        while let Some(name) = map.next_key::<String>()? {
            match self.path.split_first() {
                Some((wanted, path)) if *wanted == name => {
                    value = map.next_value_seed(At { path, value: PhantomData })?;
                }
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(value)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Option<T>, A::Error> {
        let Some((wanted, path)) = self.path.split_first() else { return Ok(None) };
        let mut value = None;
        for index in 0_usize.. {
            if wanted.parse() == Ok(index) {
                match seq.next_element_seed(At { path, value: PhantomData })? {
                    Some(found) => value = found,
                    None => break,
                }
            } else if seq.next_element::<IgnoredAny>()?.is_none() {
                break;
            }
        }
        Ok(value)
    }

    // The path leads on, but the value does not: nothing is there.
    fn visit_bool<E>(self, _: bool) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_str<E>(self, _: &str) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Option<T>, E> {
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: AnswerFormat = AnswerFormat {
        token: "/token",
        expiry_at: Some("/expiry_at"),
        expires_in: Some("/expires_in"),
        expiry: Expiry::Millis,
        must_expire: false,
        permanent: &[],
    };

    fn read(answer: &AnswerFormat, json: &str) -> Result<SdkCredential, CredentialError> {
        answer.read("h.test", &Secret::new(json.as_bytes().to_vec()))
    }

    #[test]
    fn members_are_found_where_the_pointers_say() {
        let end = EpochMillis::new(1_700_000_000_000);
        let expected = SdkCredential::from_token("made-up").with_expiry_at(end);
        let nested = AnswerFormat {
            token: "/data/1/a~1b",
            expiry_at: Some("/data/0"),
            expires_in: None,
            expiry: Expiry::Seconds,
            must_expire: true,
            permanent: &[],
        };
        for (answer, json) in [
            (&PLAIN, r#"{"other": {"token": 1}, "token": "made-up", "expiry_at": 1700000000000}"#),
            (&nested, r#"{"data": [1700000000.0, {"x": [[]], "a/b": "made-up"}, null], "e": 1}"#),
        ] {
            assert_eq!(read(answer, json).unwrap(), expected, "{json}");
        }
    }

    #[test]
    fn a_lifetime_is_read_in_seconds_and_stands_beside_an_end() {
        let lasting = |millis| {
            SdkCredential::from_token("made-up").with_expires_in(Duration::from_millis(millis))
        };
        let end = EpochMillis::new(1_700_000_000_000);
        let oauth = AnswerFormat { expiry_at: None, must_expire: true, ..PLAIN };
        let named = AnswerFormat { expires_in: Some("/data/lasts"), ..oauth };
        for (answer, json, expected) in [
            (&PLAIN, r#"{"token": "made-up", "expires_in": 3600}"#, lasting(3_600_000)),
            (&PLAIN, r#"{"token": "made-up", "expires_in": 0.5}"#, lasting(500)),
            (&oauth, r#"{"token": "made-up", "expires_in": 60, "expiry_at": 1}"#, lasting(60_000)),
            (&named, r#"{"token": "made-up", "data": {"lasts": 7}}"#, lasting(7000)),
            (
                &PLAIN,
                r#"{"token": "made-up", "expires_in": 60, "expiry_at": 1700000000000}"#,
                lasting(60_000).with_expiry_at(end),
            ),
        ] {
            assert_eq!(read(answer, json).unwrap(), expected, "{json}");
        }
        for json in [r#"{"token": "made-up"}"#, r#"{"token": "made-up", "expires_in": null}"#] {
            let error = read(&oauth, json).unwrap_err();
            assert_eq!(
                error.to_string(),
                "the answer of the endpoint at h.test has no number of seconds at `/expires_in`"
            );
            let error = read(&AnswerFormat { must_expire: true, ..PLAIN }, json).unwrap_err();
            assert!(error.to_string().contains("`/expiry_at` and no number of seconds"), "{error}");
        }
    }

    #[test]
    fn an_absent_end_is_none_unless_it_must_be_there() {
        for json in [r#"{"token": "made-up"}"#, r#"{"token": "made-up", "expiry_at": null}"#] {
            assert_eq!(read(&PLAIN, json).unwrap(), SdkCredential::from_token("made-up"));
            let must = AnswerFormat { must_expire: true, expires_in: None, ..PLAIN };
            let error = read(&must, json).unwrap_err();
            assert_eq!(
                error.to_string(),
                "the answer of the endpoint at h.test has no whole number of milliseconds at \
                 `/expiry_at`"
            );
        }
    }

    #[test]
    fn other_answers_are_refused_without_being_quoted() {
        let seconds = AnswerFormat { expiry: Expiry::Seconds, ..PLAIN };
        for (answer, json) in [
            (&PLAIN, r#"{"tokens": "made-up"}"#),
            (&PLAIN, r#"{"token": ""}"#),
            (&PLAIN, r#"{"token": 17}"#),
            (&PLAIN, r#"["made-up"]"#),
            (&PLAIN, r#""made-up""#),
            (&PLAIN, "17"),
            (&PLAIN, r#"{"token": "made-up", "expiry_at": "made-up"}"#),
            (&PLAIN, r#"{"token": "made-up", "expiry_at": 1e300}"#),
            (&seconds, r#"{"token": "made-up", "expiry_at": 1700000000000}"#),
            (&PLAIN, r#"{"token": "made-up", "expires_in": "made-up"}"#),
            (&PLAIN, r#"{"token": "made-up", "expires_in": -1}"#),
            (&PLAIN, r#"{"token": "made-up", "expires_in": [60]}"#),
            (&seconds, r#"{"token": "made-up", "expiry_at": -5}"#),
            (&AnswerFormat { token: "/token/deeper", ..PLAIN }, r#"{"token": "made-up"}"#),
        ] {
            let error = read(answer, json).unwrap_err();
            assert!(error.is_transient(), "{json}");
            assert!(!error.to_string().contains("made-up"), "{error}");
        }
        let error = read(&PLAIN, "<html>made-up</html>").unwrap_err();
        assert!(error.is_transient() && !error.to_string().contains("made-up"), "{error}");
    }
}
