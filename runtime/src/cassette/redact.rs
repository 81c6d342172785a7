//! Secrets out, placeholders in: the same one for the same secret wherever it stands.
//!
//! Secrets are found in three ways: by the place that is known to hold one (a bearer token, a
//! member called `jwt_token`), by their form (JOSE tokens, what follows `Bearer`), and by their
//! value, once they were found in one of the other ways.

use std::collections::HashMap;

use aws_lc_rs::digest::{SHA256, digest};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

use super::{
    entry::Text,
    placeholder,
    secrecy::{names_secret, names_secret_object},
};
use crate::Secret;

/// A shorter value is replaced in its own place only: it may be a word.
const SHORTEST: usize = 6;
/// A shorter part of a token may be a word.
const SHORTEST_PART: usize = 16;
/// The beginning of any JOSE header, `{"` in base64url.
const JOSE: &str = "eyJ";
/// A shorter text with that beginning may be a word.
const SHORTEST_JOSE: usize = 16;
/// How far back the name of a value is looked for.
const BEFORE: usize = 128;
/// Values that are looked for in every text. A space that sends more of them knows them anyway.
const KNOWN: usize = 16 * 1024;
/// The same after the name of a scheme.
const SHORTEST_BEARER: usize = 8;

/// Replaces secrets by placeholders.
#[derive(Debug, Default)]
pub(super) struct Redactor {
    /// How many secrets there were.
    count: u64,
    /// Placeholders by the hash of what they stand for.
    by_value: HashMap<Vec<u8>, String>,
    /// What is known, by its first bytes.
    by_start: HashMap<[u8; SHORTEST], Vec<Replacement>>,
    /// How many of them there are.
    known: usize,
}

/// A text that must not be shown, and what is shown instead.
#[derive(Debug)]
struct Replacement {
    from: Secret<String>,
    to: String,
}

impl Redactor {
    /// The placeholder of a secret. From now on it is replaced wherever it stands.
    pub(super) fn secret(&mut self, secret: &str) -> String {
        if secret.is_empty() {
            return String::new();
        }
        if let Some(known) = self.by_value.get(&hash(secret)) {
            return known.clone();
        }
        self.count += 1;
        let placeholder = placeholder::of(secret, self.count, |nonce| self.secret(nonce));
        self.learn(secret, &placeholder);
        placeholder
    }

    /// Replaces `value` by `placeholder`, wherever it stands.
    pub(super) fn learn(&mut self, value: &str, placeholder: &str) {
        self.by_value.insert(hash(value), placeholder.to_owned());
        self.replace(value, placeholder);
        let encoded = utf8_percent_encode(value, NON_ALPHANUMERIC).to_string();
        if encoded != value {
            self.replace(&encoded, placeholder);
        }
        if value.contains('/') {
            self.replace(&value.replace('/', "\\/"), placeholder);
        }
        let parts: Vec<&str> = value.split('.').collect();
        let shown: Vec<&str> = placeholder.split('.').collect();
        if parts.len() == shown.len() {
            // The first part is a header, which many tokens share; its form gives it away.
            for (part, shown) in parts.iter().zip(shown).skip(1) {
                if part.len() >= SHORTEST_PART {
                    self.replace(part, shown);
                }
            }
        }
    }

    fn replace(&mut self, from: &str, to: &str) {
        if self.known < KNOWN
            && let Some(start) = start(from.as_bytes())
        {
            self.known += 1;
            let replacement = Replacement { from: Secret::from(from), to: to.to_owned() };
            self.by_start.entry(start).or_default().push(replacement);
        }
    }

    /// A body or a frame without secrets.
    pub(super) fn content(&mut self, text: &str) -> Text {
        match Text::of(text) {
            Text::Json(value) => Text::Json(self.json(value)),
            Text::Plain(text) => Text::Plain(self.text(&text)),
        }
    }

    /// JSON without secrets.
    pub(super) fn json(&mut self, value: Value) -> Value {
        // What a later member reveals is hidden in the earlier ones too.
        self.find(&value, false);
        self.hidden(value, false)
    }

    /// Learns the secrets of known members.
    fn find(&mut self, value: &Value, sealed: bool) {
        match value {
            Value::String(text) if sealed => drop(self.secret(text)),
            Value::Array(items) => items.iter().for_each(|item| self.find(item, sealed)),
            Value::Object(members) => {
                for (name, value) in members {
                    self.find(value, sealed || seals(name, value));
                }
            }
            _ => {}
        }
    }

    fn hidden(&mut self, value: Value, sealed: bool) -> Value {
        match value {
            Value::String(text) if sealed => Value::String(self.secret(&text)),
            Value::String(text) => Value::String(self.string(&text)),
            Value::Number(number) if sealed => {
                // A number stays a number, and equal ones stay equal.
                let placeholder = self.secret(&number.to_string());
                let digits = placeholder.rsplit('-').next().unwrap_or_default();
                Value::from(digits.parse::<u64>().unwrap_or(0))
            }
            Value::Array(items) => {
                items.into_iter().map(|item| self.hidden(item, sealed)).collect()
            }
            Value::Object(members) => {
                let hidden = members.into_iter().map(|(name, value)| {
                    let sealed = sealed || seals(&name, &value);
                    (self.text(&name), self.hidden(value, sealed))
                });
                Value::Object(hidden.collect::<Map<_, _>>())
            }
            other => other,
        }
    }

    /// A string, which may be JSON itself.
    fn string(&mut self, text: &str) -> String {
        if let Text::Json(value) = Text::of(text) {
            let hidden = self.json(value.clone());
            if hidden != value {
                return hidden.to_string();
            }
        }
        self.text(text)
    }

    /// Text without secrets.
    pub(super) fn text(&mut self, text: &str) -> String {
        let mut shown = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(letter) = rest.chars().next() {
            if let Some((length, placeholder)) = self.known(rest) {
                shown.push_str(&placeholder);
                rest = rest.get(length..).unwrap_or_default();
                continue;
            }
            let found = form(end(&shown), rest);
            if found > 0 {
                let (secret, after) = rest.split_at(found);
                shown.push_str(&self.secret(secret));
                rest = after;
                continue;
            }
            shown.push(letter);
            rest = rest.get(letter.len_utf8()..).unwrap_or_default();
        }
        shown
    }

    /// The longest known secret that `text` begins with.
    fn known(&self, text: &str) -> Option<(usize, String)> {
        let candidates = self.by_start.get(&start(text.as_bytes())?)?;
        let fitting = candidates.iter().filter(|it| text.starts_with(it.from.expose().as_str()));
        let longest = fitting.max_by_key(|it| it.from.expose().len())?;
        Some((longest.from.expose().len(), longest.to.clone()))
    }
}

/// The length of what `text` begins with, if its form or what stands `before` it says that it is a
/// secret; otherwise 0.
fn form(before: &str, text: &str) -> usize {
    if text.starts_with(JOSE) {
        let length = run(text, |byte| is_base64url(byte) || byte == b'.');
        let length = text.get(..length).unwrap_or_default().trim_end_matches('.').len();
        return if length >= SHORTEST_JOSE { length } else { 0 };
    }
    let scheme = before.strip_suffix(' ').unwrap_or_default();
    let follows_scheme = ["bearer", "basic", "dpop"].iter().any(|name| {
        let start = scheme.len().saturating_sub(name.len());
        scheme.get(start..).is_some_and(|end| end.eq_ignore_ascii_case(name))
    });
    if follows_scheme {
        let length = run(text, |byte| is_base64url(byte) || b".~+/=".contains(&byte));
        let is_word = text.bytes().take(length).all(|byte| byte.is_ascii_lowercase());
        return if length >= SHORTEST_BEARER && !is_word { length } else { 0 };
    }
    match named(before) {
        Some(name) if names_secret(name) => run(text, is_value),
        _ => 0,
    }
}

/// As much of the end of `text` as can name what follows.
fn end(text: &str) -> &str {
    let from = text.len().saturating_sub(BEFORE);
    let from = (from..=text.len()).find(|&from| text.is_char_boundary(from)).unwrap_or(0);
    text.get(from..).unwrap_or_default()
}

/// The name of what follows, after `name=` or `"name":"` with or without spaces.
fn named(before: &str) -> Option<&str> {
    let is_mark = |letter: char| matches!(letter, '"' | '\'' | '\\' | ' ');
    let name = match before.strip_suffix('=') {
        Some(name) => name,
        None => {
            let quoted = before.strip_suffix('"')?.trim_end_matches(is_mark).strip_suffix(':')?;
            let name = quoted.trim_end_matches(' ').strip_suffix('"')?;
            name.trim_end_matches('\\')
        }
    };
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '-';
    let start = name.rfind(|letter: char| !is_part(letter));
    let start = start.and_then(|at| Some(at + name.get(at..)?.chars().next()?.len_utf8()));
    name.get(start.unwrap_or(0)..).filter(|name| !name.is_empty())
}

fn is_value(byte: u8) -> bool {
    !byte.is_ascii_whitespace() && !b"&;,\"'<>)\\".contains(&byte)
}

fn hash(secret: &str) -> Vec<u8> {
    digest(&SHA256, secret.as_bytes()).as_ref().to_vec()
}

/// Whether what stands under `name` is a secret as a whole.
fn seals(name: &str, value: &Value) -> bool {
    let holds_objects = match value {
        Value::Object(_) => true,
        Value::Array(items) => items.iter().any(|item| item.is_object() || item.is_array()),
        _ => false,
    };
    if holds_objects { names_secret_object(name) } else { names_secret(name) }
}

/// How many bytes `text` begins with that are of a kind; never a part of a character.
fn run(text: &str, of_kind: impl Fn(u8) -> bool) -> usize {
    let length = text.bytes().position(|byte| !of_kind(byte)).unwrap_or(text.len());
    (0..=length).rev().find(|&length| text.is_char_boundary(length)).unwrap_or(0)
}

fn is_base64url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

fn start(text: &[u8]) -> Option<[u8; SHORTEST]> {
    text.get(..SHORTEST)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const STATE: &str = "c3RhdGU/made+up==";

    #[test]
    fn one_secret_has_one_placeholder_wherever_it_stands() {
        let mut redactor = Redactor::default();
        let shown = redactor.json(json!({
            "again": format!("before {STATE} after"),
            "url": format!("https://h.test/p?state={}&x=1", STATE.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D")),
            "authorization_state": STATE,
            "nested": { "tokens": ["first-token", "other-token", "first-token"], "pin": 4711 },
            STATE: json!({ "authorization_state": STATE }).to_string(),
        }));
        let placeholder = shown["authorization_state"].as_str().unwrap();
        assert_eq!(shown["again"], format!("before {placeholder} after"));
        assert_eq!(shown["url"], format!("https://h.test/p?state={placeholder}&x=1"));
        assert_eq!(shown[placeholder], json!({ "authorization_state": placeholder }).to_string());
        let tokens = shown["nested"]["tokens"].as_array().unwrap();
        assert!(tokens[0] == tokens[2] && tokens[0] != tokens[1] && tokens[0] != "first-token");
        assert!(shown["nested"]["pin"].is_u64() && shown["nested"]["pin"] != 4711);
    }

    #[test]
    fn secrets_are_known_by_their_form() {
        let mut redactor = Redactor::default();
        for (text, expected) in [
            ("token eyJhbGciOiJkaXIifQ.e30.c2ln.", "token made-up-secret-1."),
            ("Authorization: Bearer s3cret-tok!", "Authorization: Bearer made-up-secret-2!"),
            ("basic understanding", "basic understanding"),
            ("/p?a=1&refresh_token=abc%20d&b=2", "/p?a=1&refresh_token=made-up-secret-3&b=2"),
            (r#"{"id":7,"jwt_token" : "abc-def"#, r#"{"id":7,"jwt_token" : "made-up-secret-4"#),
            ("\u{e4}=\u{f6} eyJ eyes", "\u{e4}=\u{f6} eyJ eyes"),
        ] {
            let shown = redactor.text(text);
            let shown = if text.contains("eyJh") {
                let (before, after) = shown.split_once("eyJ").unwrap();
                assert!(after.ends_with('.') && !after.contains("c2ln"), "{shown}");
                format!("{before}made-up-secret-1.")
            } else {
                shown
            };
            assert_eq!(shown, expected);
        }
    }

    /// A hostile space must not stop its client by what it sends.
    #[test]
    fn the_time_grows_with_the_text_and_no_faster() {
        let mut redactor = Redactor::default();
        for piece in ["\"", "=", "\\\" ", "\":\"", "token=", "eyJ", "bearer ", "\u{e4}\":\"a"] {
            let text = piece.repeat((1 << 17) / piece.len());
            assert!(redactor.text(&text).len() <= 8 * text.len(), "{piece}");
        }
        let tokens: Vec<Value> =
            (0..50_000).map(|n| json!({ "token": format!("made-up-{n}") })).collect();
        let shown = redactor.json(Value::Array(tokens));
        assert_eq!(redactor.known, KNOWN);
        assert!(!shown.to_string().contains("made-up-49999\""));
    }

    #[test]
    fn parts_of_a_token_are_secrets_too() {
        let mut redactor = Redactor::default();
        let body = "bWFkZS11cC1ib2R5LW9mLWEtdG9rZW4";
        let token = format!("eyJhbGciOiJkaXIifQ..aXY.{body}.dGFn");
        let shown = redactor.secret(&token);
        let text = redactor.text(&format!("{body} of {token}"));
        assert!(!text.contains(body) && text.ends_with(&shown), "{text}");
        assert_eq!(redactor.secret(&token), shown);
    }
}
