//! Where a credential stands in the answer of a backend.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use crate::{CredentialError, EpochMillis, SdkCredential, Seconds, Secret};

/// Where the parts of a credential stand, as JSON pointers (RFC 6901).
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    /// The token.
    pub token: &'static str,
    /// The end of the token.
    pub expiry_at: &'static str,
    /// What the number there counts.
    pub expiry: Expiry,
    /// Whether an answer without an end is refused.
    pub must_expire: bool,
}

/// The unit of the end of a token, since the Unix epoch.
#[derive(Clone, Copy, Debug)]
pub enum Expiry {
    /// Milliseconds.
    Millis,
    /// Seconds, with or without a fraction.
    Seconds,
}

impl Answer {
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
        let missing = |what, pointer| {
            CredentialError::permanent(format!(
                "the answer of the endpoint at {host} has no {what} at `{pointer}`"
            ))
        };
        let token: Option<Secret<String>> =
            find(body, self.token).map_err(|()| missing("string", self.token))?;
        let token = token.filter(|token| !token.expose().is_empty());
        let token = token.ok_or_else(|| missing("token", self.token))?;

        let unit = match self.expiry {
            Expiry::Millis => "whole number of milliseconds",
            Expiry::Seconds => "number of seconds",
        };
        let expiry_at: Option<EpochMillis> = match self.expiry {
            Expiry::Millis => find(body, self.expiry_at),
            Expiry::Seconds => find::<Seconds>(body, self.expiry_at).and_then(|seconds| {
                seconds.map_or(Ok(None), |seconds| {
                    let end = EpochMillis::new(0).saturating_add(seconds.into());
                    end.to_seconds().is_plausible().then_some(Some(end)).ok_or(())
                })
            }),
        }
        .map_err(|()| missing(unit, self.expiry_at))?;
        if expiry_at.is_none() && self.must_expire {
            return Err(missing(unit, self.expiry_at));
        }
        let credential = SdkCredential::from_token(token);
        Ok(match expiry_at {
            Some(end) => credential.with_expiry_at(end),
            None => credential,
        })
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

    const PLAIN: Answer = Answer {
        token: "/token",
        expiry_at: "/expiry_at",
        expiry: Expiry::Millis,
        must_expire: false,
    };

    fn read(answer: &Answer, json: &str) -> Result<SdkCredential, CredentialError> {
        answer.read("h.test", &Secret::new(json.as_bytes().to_vec()))
    }

    #[test]
    fn members_are_found_where_the_pointers_say() {
        let end = EpochMillis::new(1_700_000_000_000);
        let expected = SdkCredential::from_token("made-up").with_expiry_at(end);
        let nested = Answer {
            token: "/data/1/a~1b",
            expiry_at: "/data/0",
            expiry: Expiry::Seconds,
            must_expire: true,
        };
        for (answer, json) in [
            (&PLAIN, r#"{"other": {"token": 1}, "token": "made-up", "expiry_at": 1700000000000}"#),
            (&nested, r#"{"data": [1700000000.0, {"x": [[]], "a/b": "made-up"}, null], "e": 1}"#),
        ] {
            assert_eq!(read(answer, json).unwrap(), expected, "{json}");
        }
    }

    #[test]
    fn an_absent_end_is_none_unless_it_must_be_there() {
        for json in [r#"{"token": "made-up"}"#, r#"{"token": "made-up", "expiry_at": null}"#] {
            assert_eq!(read(&PLAIN, json).unwrap(), SdkCredential::from_token("made-up"));
            let error = read(&Answer { must_expire: true, ..PLAIN }, json).unwrap_err();
            assert_eq!(
                error.to_string(),
                "the answer of the endpoint at h.test has no whole number of milliseconds at \
                 `/expiry_at`"
            );
        }
    }

    #[test]
    fn other_answers_are_refused_without_being_quoted() {
        let seconds = Answer { expiry: Expiry::Seconds, ..PLAIN };
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
            (&seconds, r#"{"token": "made-up", "expiry_at": -5}"#),
            (&Answer { token: "/token/deeper", ..PLAIN }, r#"{"token": "made-up"}"#),
        ] {
            let error = read(answer, json).unwrap_err();
            assert!(!error.is_transient(), "{json}");
            assert!(!error.to_string().contains("made-up"), "{error}");
        }
        let error = read(&PLAIN, "<html>made-up</html>").unwrap_err();
        assert!(error.is_transient() && !error.to_string().contains("made-up"), "{error}");
    }
}
