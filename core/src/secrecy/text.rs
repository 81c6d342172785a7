//! Redaction of free text: messages of errors, reasons of lost sockets, plain bodies.

mod named;
mod opaque;

use std::{borrow::Cow, ops::Range};

/// Stands for a secret in redacted text.
const REDACTED: &str = "***";
/// The beginning of any JOSE header, `{"` in base64url.
const JOSE: &str = "eyJ";
/// A shorter text with that beginning may be a word.
const SHORTEST_JOSE: usize = 16;
/// A shorter text after the name of a scheme may be a word.
const SHORTEST_SCHEME: usize = 8;
/// How far back the name of a value is looked for, in bytes.
const BEFORE: usize = 128;
/// Names of authorization schemes, in lower case.
const SCHEMES: [&str; 3] = ["basic", "bearer", "dpop"];

/// Replaces with `***` what may be a secret: JOSE tokens, what follows `Bearer`, `key=` or another
/// [name of a secret](super::names_secret), passwords in URLs, and long words of letters and
/// digits. The rest is kept for logs, errors and histories.
///
/// ```
/// use credwire_core::secrecy::redact;
/// assert_eq!(redact("api_key=letmein was refused"), "api_key=*** was refused");
/// assert_eq!(redact("no route to h.test:443"), "no route to h.test:443");
/// ```
pub fn redact(text: &str) -> Cow<'_, str> {
    let mut shown = String::new();
    let mut end = 0;
    for secret in Secrets::new(text, SecretSearch::Words) {
        shown.push_str(text.get(end..secret.start).unwrap_or_default());
        shown.push_str(REDACTED);
        end = secret.end;
    }
    if end == 0 {
        return Cow::Borrowed(text);
    }
    shown.push_str(text.get(end..).unwrap_or_default());
    Cow::Owned(shown)
}

/// Returns the message of an error and those of its causes, each after a colon, without secrets.
pub fn error_chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    match redact(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(redacted) => redacted,
    }
}

/// What counts as a secret in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretSearch {
    /// Values that their form or the name before them marks as secrets. Identifiers of other things
    /// are kept, as a recording needs them.
    Marks,
    /// The same, and long words of letters and digits, and whatever follows the name of a secret.
    Words,
}

/// An iterator over the secrets in a text, in their order, as ranges that do not overlap. It takes
/// time linear in the length of the text.
#[derive(Clone, Debug)]
pub struct Secrets<'a> {
    text: &'a str,
    search: SecretSearch,
    at: usize,
}

impl<'a> Secrets<'a> {
    /// Creates an iterator over the secrets of `text`.
    pub const fn new(text: &'a str, search: SecretSearch) -> Self {
        Self { text, search, at: 0 }
    }

    /// Continues at this byte, with the text before it as its context.
    pub const fn skip_to(&mut self, at: usize) {
        if at > self.at {
            self.at = at;
        }
    }
}

impl Iterator for Secrets<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(self.at) {
            let at = self.at;
            let before = at.checked_sub(1).and_then(|before| bytes.get(before)).copied();
            let found = secret_at(self.text, at, byte, before, self.search);
            if found > 0 {
                self.at = at + found;
                return Some(at..self.at);
            }
            // A word that is none is looked at once, unless a JOSE token may be a part of it.
            self.at += 1;
        }
        None
    }
}

/// The length of the secret that begins at this byte; 0 when none does.
fn secret_at(text: &str, at: usize, byte: u8, before: Option<u8>, search: SecretSearch) -> usize {
    if !text.is_char_boundary(at) {
        return 0;
    }
    let rest = text.get(at..).unwrap_or_default();
    if byte == b'e' && rest.starts_with(JOSE) {
        let token = run(rest, |byte| is_base64url(byte) || byte == b'.').trim_end_matches('.');
        if token.len() >= SHORTEST_JOSE {
            return token.len();
        }
    }
    let follows_mark = before.is_some_and(|before| b" =:\"'`>([/".contains(&before));
    if follows_mark && !byte.is_ascii_whitespace() {
        let context = end(text.get(..at).unwrap_or_default());
        let length = userinfo(context, rest)
            .or_else(|| scheme(context, rest))
            .or_else(|| named::value(context, rest, search));
        if let Some(length) = length {
            return length;
        }
    }
    let begins_word = !before.is_some_and(opaque::is_part);
    if search == SecretSearch::Words && begins_word && opaque::is_part(byte) {
        return opaque::word(before, rest);
    }
    0
}

/// As much of the end of `text` as decides how the following text is read.
fn end(text: &str) -> &str {
    let from = text.len().saturating_sub(BEFORE);
    let from = (from..=text.len()).find(|&from| text.is_char_boundary(from)).unwrap_or(0);
    text.get(from..).unwrap_or_default()
}

/// The name and password of a URL: `https://name:password@host`.
fn userinfo(before: &str, text: &str) -> Option<usize> {
    before.strip_suffix("://")?;
    let is_part = |byte: u8| !byte.is_ascii_whitespace() && !b"/?#@\"'<>\\".contains(&byte);
    let userinfo = run(text, is_part);
    (!userinfo.is_empty() && text.get(userinfo.len()..)?.starts_with('@')).then_some(userinfo.len())
}

/// What follows the name of an authorization scheme (`token68` of RFC 9110).
fn scheme(before: &str, text: &str) -> Option<usize> {
    let named = before.strip_suffix(' ')?.trim_end_matches(' ');
    let scheme = SCHEMES.into_iter().find(|scheme| ends_with(named, scheme))?;
    let word = run(text, |byte| is_base64url(byte) || b".~+/".contains(&byte)).len();
    let padding = run(text.get(word..)?, |byte| byte == b'=').len();
    let value = text.get(..word + padding)?;
    let is_parameter = padding > 0 && text.get(value.len()..)?.starts_with(char::is_alphanumeric);
    if word == 0 || is_parameter {
        return None;
    }
    let label = named.get(..named.len() - scheme.len())?.trim_end();
    let is_header = label.ends_with([':', '=', '"']) && named::follows_secret(label);
    // `basic understanding` is prose.
    let is_word = value.bytes().all(|byte| byte.is_ascii_lowercase());
    (is_header || (value.len() >= SHORTEST_SCHEME && !is_word)).then_some(value.len())
}

/// Whether `text` ends with these ASCII letters, in any case.
fn ends_with(text: &str, letters: &str) -> bool {
    let start = text.len().saturating_sub(letters.len());
    text.get(start..).is_some_and(|end| end.eq_ignore_ascii_case(letters))
}

/// The bytes of a kind that `text` begins with; never a part of a character.
fn run(text: &str, of_kind: impl Fn(u8) -> bool) -> &str {
    let length = text.bytes().position(|byte| !of_kind(byte)).unwrap_or(text.len());
    let length = (0..=length).rev().find(|&length| text.is_char_boundary(length)).unwrap_or(0);
    text.get(..length).unwrap_or_default()
}

const fn is_base64url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAT: &str = "eyJhbGciOiJkaXIifQ..aXY.Y2lwaGVydGV4dA.dGFn";

    #[test]
    fn secrets_are_taken_out_of_messages() {
        for (text, expected) in [
            (format!("cannot use {SAT}."), "cannot use ***."),
            (format!("\"{SAT}\" was refused"), "\"***\" was refused"),
            ("Authorization: Bearer s3cret-tok!".into(), "Authorization: Bearer ***!"),
            ("authorization: basic letmein".into(), "authorization: basic ***"),
            ("invalid key=letmein".into(), "invalid key=***"),
            ("client_secret = 'let me in', id=7".into(), "client_secret = '***', id=7"),
            (r#"{"password": "let me in", "id": 7}"#.into(), r#"{"password": "***", "id": 7}"#),
            (r#"body: "{\"apiKey\":\"ab\\c\"}""#.into(), r#"body: "{\"apiKey\":\"***\\c\"}""#),
            ("X-Api-Key: 9f8e7d6c".into(), "X-Api-Key: ***"),
            ("password:letmein".into(), "password:***"),
            ("api key 9f8e7d6c was revoked".into(), "api key *** was revoked"),
            ("the token is 'abc-def-12'".into(), "the token is '***'"),
            ("secret id: 12ab34".into(), "secret id: ***"),
            (
                "GET https://h.test/p?access_token=ab%20c&b=2: 401".into(),
                "GET https://h.test/p?access_token=***&b=2: 401",
            ),
            ("https://me:letmein@proxy.test:8080/".into(), "https://***@proxy.test:8080/"),
            ("unknown sk_live_4eC39HqLyjWDarjtT1zdp7dc".into(), "unknown ***"),
            ("unknown 4f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c;".into(), "unknown ***;"),
            ("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY1 is bad".into(), "*** is bad"),
            ("c3RhdGU/bWFkZSt1cCtzdGF0ZQ+1== is bad".into(), "*** is bad"),
            (format!("a {} b", "x".repeat(41)), "a *** b"),
        ] {
            assert_eq!(redact(&text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_secret_stays() {
        for text in [
            "",
            "no route to puc.space-1.example.test:8443",
            "the token expired at 2026-11-30T06:27:53Z: the provider has no refresh()",
            "refresh: the token endpoint answered with status 401",
            "invalid token: signature mismatch",
            "basic understanding, sat:refresh scope, key: value pairs",
            "call 3fa85f64-5717-4562-b3fc-2c963f66afa6 was cancelled",
            "cannot read /var/lib/credentials/session/token.json (os error 2)",
            "InvalidTokenError in credwire_runtime::providers::caching, line 12",
            "token_type=Bearer expires_in=3600 key_id=abc",
            "has 2 tokens, 31000 bytes, session 7",
            "\u{e4}=\u{f6} eyJ eyes \u{1f511}",
            "{\"token\": null, \"key\": true}",
        ] {
            assert_eq!(redact(text), text);
            assert!(matches!(redact(text), Cow::Borrowed(_)));
        }
    }

    #[test]
    fn marks_leave_identifiers_alone() {
        let found = |text: &str| Secrets::new(text, SecretSearch::Marks).count();
        for text in
            ["signalwire_ca404933_9e86_4473_bafa_694f7bd2ecb0", "sat:refresh", "tokens:write"]
        {
            assert_eq!(found(text), 0, "{text}");
        }
        assert_eq!(found(&format!("{SAT} and {SAT} and token=x")), 3);
    }

    #[test]
    fn a_chain_names_each_cause_once_and_quotes_no_secret() {
        #[derive(Debug)]
        struct Outer(std::io::Error);
        impl std::fmt::Display for Outer {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("no credential")
            }
        }
        impl std::error::Error for Outer {
            fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
                Some(&self.0)
            }
        }
        let error = Outer(std::io::Error::other("refused: key=letmein"));
        assert_eq!(error_chain(&error), "no credential: refused: key=***");
    }

    /// A hostile space must not stop its client by what it sends.
    #[test]
    fn hostile_texts_end() {
        for piece in [
            "\"",
            "=",
            "\\\" ",
            "\":\"",
            "token=",
            "eyJ",
            "eyJ.",
            "bearer ",
            "\u{e4}\":\"a",
            "://",
            "a/+",
        ] {
            let text = piece.repeat((1 << 13) / piece.len());
            for search in [SecretSearch::Marks, SecretSearch::Words] {
                let mut end = 0;
                for secret in Secrets::new(&text, search) {
                    assert!(secret.start >= end && secret.end > secret.start, "{piece}");
                    assert!(
                        text.is_char_boundary(secret.start) && text.is_char_boundary(secret.end)
                    );
                    end = secret.end;
                }
            }
        }
    }
}
