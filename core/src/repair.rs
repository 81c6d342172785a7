//! Repair of JSON that follows the grammar and still cannot be decoded: lone surrogates, and
//! numbers beyond a double.

use std::borrow::Cow;

/// Escapes of a surrogate take six bytes: `\ud800`.
const ESCAPE: usize = 6;

/// Returns the JSON with U+FFFD in the place of each lone surrogate, as decoders of text do, and
/// the greatest double in the place of each number beyond it. Everything else stays as it is,
/// including text that is not JSON.
///
/// ```
/// use credwire_core::repair_json;
/// assert_eq!(repair_json(r#"["\ud800!", -1e999]"#), r#"["\ufffd!", -1.7976931348623157e308]"#);
/// assert_eq!(repair_json(r#"["\ud83d\ude00", 1e9]"#), r#"["\ud83d\ude00", 1e9]"#);
/// ```
pub fn repair_json(text: &str) -> Cow<'_, str> {
    let mut repaired = String::new();
    let (mut at, mut copied, mut is_string) = (0, 0, false);
    while let Some(&byte) = text.as_bytes().get(at) {
        let rest = text.get(at..).unwrap_or_default();
        let (length, replacement) = match byte {
            b'"' => {
                is_string = !is_string;
                (1, None)
            }
            b'\\' if is_string => escape(rest),
            b'-' | b'0'..=b'9' if !is_string => number(rest),
            _ => (1, None),
        };
        if let Some(replacement) = replacement {
            repaired.push_str(text.get(copied..at).unwrap_or_default());
            repaired.push_str(replacement);
            copied = at + length;
        }
        at += length;
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    repaired.push_str(text.get(copied..).unwrap_or_default());
    Cow::Owned(repaired)
}

/// The length of an escape, or of a pair of them, and what replaces it.
fn escape(text: &str) -> (usize, Option<&'static str>) {
    match surrogate(text) {
        None => (2, None),
        Some(0xD800..=0xDBFF)
            if matches!(text.get(ESCAPE..).and_then(surrogate), Some(0xDC00..=0xDFFF)) =>
        {
            (2 * ESCAPE, None)
        }
        Some(_) => (ESCAPE, Some("\\ufffd")),
    }
}

/// The surrogate that `text` begins with, as an escape.
fn surrogate(text: &str) -> Option<u16> {
    let digits = text.get(..ESCAPE)?.strip_prefix("\\u")?;
    let unit = u16::from_str_radix(digits, 16).ok()?;
    (0xD800..=0xDFFF).contains(&unit).then_some(unit)
}

fn number(text: &str) -> (usize, Option<&'static str>) {
    let is_part = |byte: u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
    let length = text.bytes().position(|byte| !is_part(byte)).unwrap_or(text.len());
    let replacement = match text.get(..length).and_then(|number| number.parse::<f64>().ok()) {
        Some(f64::INFINITY) => Some("1.7976931348623157e308"),
        Some(f64::NEG_INFINITY) => Some("-1.7976931348623157e308"),
        _ => None,
    };
    (length, replacement)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn odd_json_becomes_readable_and_the_rest_stays() {
        for (text, expected) in [
            (r#""\ud800""#, r#""\ufffd""#),
            (r#""\udc00\ud800""#, r#""\ufffd\ufffd""#),
            (r#""\ud800\u0041""#, r#""\ufffd\u0041""#),
            (r#"{"\uDBFFa":1}"#, r#"{"\ufffda":1}"#),
            ("[1e400,-1E+400]", "[1.7976931348623157e308,-1.7976931348623157e308]"),
        ] {
            assert!(serde_json::from_str::<Value>(text).is_err(), "{text}");
            assert_eq!(repair_json(text), expected);
            assert!(serde_json::from_str::<Value>(&repair_json(text)).is_ok(), "{text}");
        }
        for text in [
            "",
            r#"{"a":"\\ud800","b":"1e999","c":1e300,"d":-0.0}"#,
            r#""\ud83d\ude00 \\" "#,
            r#""\u00"#,
            "\"\\",
            "\u{1f511} 1e \u{e4}",
        ] {
            assert!(matches!(repair_json(text), Cow::Borrowed(_)), "{text}");
        }
        let digits = "9".repeat(400);
        assert_eq!(repair_json(&digits), "1.7976931348623157e308");
    }
}
