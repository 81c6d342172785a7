//! Values that stand after the name of a secret.

use super::{SCHEMES, SecretSearch, run};
use crate::secrecy::{NameSecrecy, name_secrecy};

/// A shorter word after a name may be any word.
const SHORTEST_WORD: usize = 6;
/// A word of letters alone with fewer humps may be the name of a type.
const FEWEST_HUMPS: usize = 3;

/// What stands between a name and its value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Separator {
    /// `name=value`, `"name": "value"`.
    Assignment,
    /// `name:value`, `name: value`.
    Colon { spaced: bool },
    /// `name value`, `name is value`.
    Prose,
}

/// The length of the value that `text` begins with, where `before` ends with the name of a secret.
pub(super) fn value(before: &str, text: &str, search: SecretSearch) -> Option<usize> {
    let is_quote = |letter: char| matches!(letter, '"' | '\'' | '`');
    let unopened = before.trim_end_matches(['(', '[']);
    let quote = unopened.chars().next_back().filter(|&letter| is_quote(letter));
    let label = match quote {
        Some(_) => unopened.get(..unopened.len() - 1)?.trim_end_matches('\\'),
        None => unopened,
    };
    let (name, separator, is_quoted_name) = name(label, quote.is_some())?;
    let secrecy = secrecy(name);
    if secrecy == NameSecrecy::Open {
        return None;
    }
    let is_escaped = quote.is_some() && unopened.len() - label.len() > 1;
    let value = match quote {
        Some(quote) if !is_escaped => quoted(text, quote),
        _ => run(text, is_value),
    };
    let is_nothing = ["null", "true", "false", "none", "None"].contains(&value);
    if value.is_empty() || is_nothing {
        return None;
    }
    if SCHEMES.iter().any(|scheme| value.eq_ignore_ascii_case(scheme)) {
        return None;
    }
    let is_certain = match separator {
        Separator::Assignment => true,
        Separator::Colon { .. } if is_quoted_name && quote.is_some() => true,
        Separator::Colon { spaced: false } => {
            search == SecretSearch::Words && secrecy == NameSecrecy::Secret
        }
        Separator::Colon { spaced: true } => quote.is_some() && secrecy == NameSecrecy::Secret,
        Separator::Prose => false,
    };
    let needs_no_more = is_certain || (looks_made(value) && secrecy >= NameSecrecy::Ambiguous);
    needs_no_more.then_some(value.len())
}

/// Whether `label` ends with the name of a secret and what separates it from its value.
pub(super) fn follows_secret(label: &str) -> bool {
    let label = label.trim_end_matches(['"', '\'', '`']).trim_end_matches('\\');
    name(label, false).is_some_and(|(name, ..)| secrecy(name) > NameSecrecy::Open)
}

/// The name at the end of `label`, without what separates it from its value.
fn name(label: &str, is_quoted: bool) -> Option<(&str, Separator, bool)> {
    let trimmed = label.trim_end_matches(' ');
    let spaced = trimmed.len() < label.len();
    let arrow = trimmed.strip_suffix("=>").or_else(|| trimmed.strip_suffix('='));
    let (rest, separator) = if let Some(rest) = arrow {
        (rest, Separator::Assignment)
    } else if let Some(rest) = trimmed.strip_suffix(':') {
        (rest, Separator::Colon { spaced })
    } else if spaced || is_quoted {
        let rest = trimmed.strip_suffix(" is").or_else(|| trimmed.strip_suffix(" was"));
        (rest.unwrap_or(trimmed), Separator::Prose)
    } else {
        return None;
    };
    let rest = rest.trim_end_matches(' ');
    let bare = rest.strip_suffix(['"', '\'', '`']).unwrap_or(rest).trim_end_matches('\\');
    Some((bare, separator, bare.len() < rest.len()))
}

/// Classifies the last word of `label`, or the last two: `secret id`.
fn secrecy(label: &str) -> NameSecrecy {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '-';
    let start = |text: &str| text.trim_end_matches(is_part).len();
    let last = start(label);
    if last == label.len() {
        return NameSecrecy::Open;
    }
    let one = name_secrecy(label.get(last..).unwrap_or_default());
    if one > NameSecrecy::Open {
        return one;
    }
    let Some(before) = label.get(..last).and_then(|before| before.strip_suffix(' ')) else {
        return one;
    };
    let two = name_secrecy(label.get(start(before)..).unwrap_or_default());
    if two >= NameSecrecy::Ambiguous { two } else { one }
}

/// The text up to its closing quote, or to its end without one.
fn quoted(text: &str, quote: char) -> &str {
    let mut escaped = false;
    let end = text.find(|letter: char| {
        let closes = letter == quote && !escaped;
        escaped = letter == '\\' && !escaped;
        closes
    });
    text.get(..end.unwrap_or(text.len())).unwrap_or_default()
}

fn is_value(byte: u8) -> bool {
    !byte.is_ascii_whitespace() && !b"&;,\"'`<>)]}\\".contains(&byte)
}

/// Whether this is no word of a language: it has a digit, or capitals all over.
fn looks_made(value: &str) -> bool {
    let has_letter_or_mark = value.bytes().any(|byte| !byte.is_ascii_digit());
    let pairs = value.as_bytes().windows(2);
    let is_hump =
        |pair: &&[u8]| matches!(pair, [a, b] if a.is_ascii_lowercase() && b.is_ascii_uppercase());
    let humps = pairs.filter(is_hump).count();
    let has_digit = value.bytes().any(|byte| byte.is_ascii_digit());
    // Another name and its value is looked at by itself.
    let is_assignment = value.trim_end_matches('=').contains('=');
    value.len() >= SHORTEST_WORD
        && !is_assignment
        && !value.contains(' ')
        && ((has_digit && has_letter_or_mark) || humps >= FEWEST_HUMPS)
}
