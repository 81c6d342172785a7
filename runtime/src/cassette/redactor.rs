//! Secrets out, placeholders in: the same one for the same secret wherever it stands.
//!
//! Secrets are found in three ways: by the place that is known to hold one (a bearer token, a
//! member called `jwt_token`), by their form or what stands before them
//! ([`Secrets`](credwire_core::secrecy::Secrets)), and by their value, once they were found in one of the
//! other ways. No secret is kept: only its hashes are.

use std::{collections::HashMap, sync::Arc};

use aws_lc_rs::digest::{SHA256, digest};
use credwire_core::secrecy::{NameSecrecy, SecretSearch, Secrets, name_secrecy, names_secret};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

use super::{entry::Text, known::KnownValues, placeholder};

/// A shorter part of a token may be a word.
const SHORTEST_PART: usize = 16;
/// About what a placeholder takes besides its text, its hash and its map included.
const ENTRY: usize = 128;

/// Replaces secrets by placeholders.
#[derive(Debug)]
pub(crate) struct Redactor {
    /// How many secrets there were.
    count: u64,
    /// Placeholders by the hash of what they stand for.
    by_value: HashMap<[u8; 32], Arc<str>>,
    known: KnownValues,
    /// About how much memory the placeholders take.
    bytes: usize,
}

impl Redactor {
    pub(super) fn new() -> Self {
        Self { count: 0, by_value: HashMap::new(), known: KnownValues::new(), bytes: 0 }
    }

    /// About how much memory is taken by what is remembered.
    pub(super) const fn bytes(&self) -> usize {
        self.bytes + self.known.bytes()
    }

    /// The placeholder of a secret. From now on it is replaced wherever it stands.
    pub(crate) fn secret(&mut self, secret: &str) -> Arc<str> {
        if secret.is_empty() {
            return Arc::from("");
        }
        if let Some(known) = self.by_value.get(&hash(secret)) {
            return Arc::clone(known);
        }
        self.count += 1;
        let placeholder =
            placeholder::of(secret, self.count, |nonce| self.secret(nonce).to_string());
        self.learn(secret, &placeholder)
    }

    /// Replaces `value` by `placeholder`, wherever it stands.
    pub(super) fn learn(&mut self, value: &str, placeholder: &str) -> Arc<str> {
        let shown: Arc<str> = Arc::from(placeholder);
        self.bytes += ENTRY + placeholder.len();
        self.by_value.insert(hash(value), Arc::clone(&shown));
        self.known.learn(value, &shown);
        let encoded = utf8_percent_encode(value, NON_ALPHANUMERIC).to_string();
        if encoded != value {
            self.known.learn(&encoded, &shown);
        }
        if value.contains('/') {
            self.known.learn(&value.replace('/', "\\/"), &shown);
        }
        // The first part is a header, which many tokens share; its form gives it away.
        let is_token = value.split('.').count() == placeholder.split('.').count();
        for (part, shown) in value.split('.').zip(placeholder.split('.')).skip(1) {
            if is_token && part.len() >= SHORTEST_PART {
                self.bytes += shown.len();
                self.known.learn(part, &Arc::from(shown));
            }
        }
        shown
    }

    /// A body or a frame without secrets.
    pub(crate) fn content(&mut self, text: &str) -> Text {
        match Text::repaired(text) {
            Text::Json(value) => Text::Json(self.json(&value)),
            Text::Plain(text) => Text::Plain(self.text(&text)),
        }
    }

    /// Text for people, such as the message of an error, without secrets.
    pub(super) fn message(&mut self, text: &str) -> String {
        self.replaced(text, SecretSearch::Words)
    }

    /// JSON without secrets.
    pub(super) fn json(&mut self, value: &Value) -> Value {
        // What a later member reveals is hidden in the earlier ones too.
        self.find(value, false);
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

    fn hidden(&mut self, value: &Value, sealed: bool) -> Value {
        match value {
            Value::String(text) if sealed => Value::from(&*self.secret(text)),
            Value::String(text) => Value::String(self.string(text)),
            Value::Number(number) if sealed => {
                // A number stays a number, and equal ones stay equal.
                let placeholder = self.secret(&number.to_string());
                let digits = placeholder.rsplit('-').next().unwrap_or_default();
                Value::from(digits.parse::<u64>().unwrap_or(0))
            }
            Value::Array(items) => items.iter().map(|item| self.hidden(item, sealed)).collect(),
            Value::Object(members) => {
                let hidden = members.iter().map(|(name, value)| {
                    let sealed = sealed || seals(name, value);
                    (self.text(name), self.hidden(value, sealed))
                });
                Value::Object(hidden.collect::<Map<_, _>>())
            }
            other => other.clone(),
        }
    }

    /// A string, which may be JSON itself.
    fn string(&mut self, text: &str) -> String {
        if let Text::Json(value) = Text::of(text) {
            let hidden = self.json(&value);
            if hidden != value {
                return hidden.to_string();
            }
        }
        self.text(text)
    }

    /// Text without secrets.
    pub(super) fn text(&mut self, text: &str) -> String {
        self.replaced(text, SecretSearch::Marks)
    }

    fn replaced(&mut self, text: &str, search: SecretSearch) -> String {
        let mut hashes = None;
        let mut secrets = Secrets::new(text, search);
        let mut marked = secrets.next();
        let mut shown = String::with_capacity(text.len());
        let (mut at, mut copied) = (0, 0);
        while at < text.len() {
            // What a value that was known reached into is not looked at twice.
            while let Some(range) = marked.clone().filter(|range| range.start < at) {
                marked = if range.end > at { Some(at..range.end) } else { secrets.next() };
            }
            let rest = text.as_bytes().get(at..).unwrap_or_default();
            let known = if self.known.may_begin(rest) && text.is_char_boundary(at) {
                let hashes = hashes.get_or_insert_with(|| self.known.hashes(text));
                self.known.at(hashes, at).map(|(length, shown)| (length, Arc::clone(shown)))
            } else {
                None
            };
            let marked_here = marked.clone().filter(|range| range.start == at);
            let found = match (known, marked_here) {
                (Some((length, shown)), range)
                    if range.as_ref().is_none_or(|range| length >= range.len()) =>
                {
                    Some((length, shown))
                }
                (_, Some(range)) => {
                    let secret = text.get(range.clone()).unwrap_or_default();
                    Some((range.len(), self.secret(secret)))
                }
                (_, None) => None,
            };
            let Some((length, placeholder)) = found else {
                at += 1;
                continue;
            };
            shown.push_str(text.get(copied..at).unwrap_or_default());
            shown.push_str(&placeholder);
            at += length;
            copied = at;
        }
        shown.push_str(text.get(copied..).unwrap_or_default());
        shown
    }
}

fn hash(secret: &str) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, secret.as_bytes()).as_ref());
    hash
}

/// Names of secrets that are also names of objects which hold other things, such as the
/// `authorization` of a session.
const OBJECTS: [&str; 4] = ["authorization", "authorizations", "credential", "credentials"];

/// Whether what stands under `name` is a secret as a whole.
fn seals(name: &str, value: &Value) -> bool {
    let holds_objects = match value {
        Value::Object(_) => true,
        Value::Array(items) => items.iter().any(|item| item.is_object() || item.is_array()),
        _ => false,
    };
    if holds_objects {
        let is_object = OBJECTS.iter().any(|object| name.eq_ignore_ascii_case(object));
        name_secrecy(name) == NameSecrecy::Secret && !is_object
    } else {
        names_secret(name)
    }
}

#[cfg(test)]
mod tests;
