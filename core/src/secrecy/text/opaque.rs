//! Long words that no language has: keys, tokens and states without a form of their own.

use super::run;

/// A shorter word of letters and digits may be an identifier.
const SHORTEST: usize = 20;
/// A word this long is taken for a secret whatever its letters are.
const LONGEST_WORD: usize = 40;
/// Words with slashes are looked at as a whole from this length on; shorter ones are paths.
const SHORTEST_BASE64: usize = 32;

/// Whether a word may have this byte.
pub(super) const fn is_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'/' | b'=' | b'~')
}

/// The length of the word that `text` begins with, if it is opaque. `before` is the byte ahead.
pub(super) fn word(before: Option<u8>, text: &str) -> usize {
    let word = run(text, is_part);
    let is_path = word.starts_with(['/', '~']) || matches!(before, Some(b'.' | b':'));
    let is_base64 = word.contains('+') || word.ends_with('=');
    let segments = || word.split(['/', '=']);
    let has_opaque = segments().any(is_opaque);
    if has_opaque && (is_base64 || !word.contains('/')) {
        return word.len();
    }
    if !is_path && word.len() >= SHORTEST_BASE64 && !word.contains("//") && is_mixed(word) {
        return word.len();
    }
    if !has_opaque {
        return 0;
    }
    // One segment of a path or of a URL: the rest of it stays, so the secret ends with the last
    // opaque segment and begins with the word.
    let mut end = 0;
    let mut at = 0;
    for segment in word.split('/') {
        at += segment.len();
        if is_opaque(segment) {
            end = at;
        }
        at += 1;
    }
    end
}

/// Letters and digits in one long word that is neither a UUID nor begins with a date.
fn is_opaque(word: &str) -> bool {
    let has_letter = word.bytes().any(|byte| byte.is_ascii_alphabetic());
    let has_digit = word.bytes().any(|byte| byte.is_ascii_digit());
    let is_long = word.len() > LONGEST_WORD || (word.len() >= SHORTEST && has_letter && has_digit);
    is_long && !is_uuid(word) && !begins_with_date(word)
}

/// Small and capital letters and digits, as base64 has them.
fn is_mixed(word: &str) -> bool {
    let has = |kind: fn(&u8) -> bool| word.as_bytes().iter().any(kind);
    has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase) && has(u8::is_ascii_digit)
}

fn is_uuid(word: &str) -> bool {
    let lengths = word.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12])
        && word.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

fn begins_with_date(word: &str) -> bool {
    let mut parts = word.splitn(3, '-');
    let is_number = |part: Option<&str>, digits: usize| {
        part.is_some_and(|part| part.len() == digits && part.bytes().all(|it| it.is_ascii_digit()))
    };
    is_number(parts.next(), 4) && is_number(parts.next(), 2)
}
