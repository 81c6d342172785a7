//! What a line of a rendered page looks like: a heading, numbered code, a type with its mark.

use crate::{reference, source::Line, ts};

/// The headings that sites print in fixed words, and the level they stand at on a page of a whole
/// symbol; below a member they stand at the fourth.
pub(super) const HEADINGS: [(&str, u8); 19] = [
    ("Properties", 2),
    ("Methods", 2),
    ("Accessors", 2),
    ("Constructors", 2),
    ("Constructor", 3),
    ("Extends", 2),
    ("Extended by", 2),
    ("Implements", 2),
    ("Type Parameters", 2),
    ("Parameters", 2),
    ("Returns", 2),
    ("Throws", 2),
    ("Inherited from", 2),
    ("Examples", 2),
    ("Example", 2),
    ("See", 2),
    ("Remarks", 2),
    ("Variables", 2),
    ("Call Signature", 2),
];

/// The level of a line that is a heading in fixed words.
pub(super) fn fixed_heading(text: &str) -> Option<u8> {
    HEADINGS.iter().find(|(heading, _)| *heading == text.trim()).map(|(_, depth)| *depth)
}

/// Whether lines hold a member with its type, or a numbered line of code.
pub(super) fn has_signatures(lines: &[Line<'_>]) -> bool {
    (0..lines.len()).any(|at| numbered(lines, at, 1).is_some_and(is_declaration))
        || (0..lines.len()).any(|at| {
            let text = |at: usize| lines.get(at).map_or("", |line| line.text.trim());
            is_identifier_path(text(at))
                && at.checked_sub(1).is_none_or(|before| text(before).is_empty())
                && text(at + 2).is_empty()
                && typed(text(at + 1), &|_| false).is_some()
        })
}

/// The line without the number that is glued to it.
pub(super) fn numbered<'a>(lines: &[Line<'a>], at: usize, number: usize) -> Option<&'a str> {
    lines.get(at)?.text.trim_start().strip_prefix(number.to_string().as_str())
}

pub(super) fn is_declaration(code: &str) -> bool {
    reference::is_declaration(&plain_quotes(code))
}

/// What a browser makes of a member's type and of the marks beside it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Typed {
    /// The text of the type.
    pub(super) ty: String,
    pub(super) is_required: bool,
    /// The default as written.
    pub(super) default: Option<String>,
}

/// The word in front of a default that is glued to a type.
const DEFAULT: &str = "Defaults to ";

/// A type with its marks.
pub(super) fn typed(text: &str, known: &dyn Fn(&str) -> bool) -> Option<Typed> {
    let marked = text.match_indices(DEFAULT).find_map(|(at, _)| {
        let (before, after) = text.split_at_checked(at)?;
        let (ty, is_required) = with_mark(before.trim_end(), known)?;
        let default = after.strip_prefix(DEFAULT)?.trim();
        let default = (!default.is_empty()).then(|| plain_quotes(default))?;
        Some(Typed { ty, is_required, default: Some(default) })
    });
    marked.or_else(|| {
        with_mark(text, known).map(|(ty, is_required)| Typed { ty, is_required, default: None })
    })
}

/// The type's text, and whether `Required` is glued to it.
fn with_mark(text: &str, known: &dyn Fn(&str) -> bool) -> Option<(String, bool)> {
    let is_type = |text: &str| !text.is_empty() && ts::parse_type(text).is_ok();
    let text = plain_quotes(text);
    let last_word =
        text.rsplit(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default();
    if let Some(bare) = text.strip_suffix("Required")
        && !known(last_word)
        && is_type(bare.trim_end())
    {
        return Some((bare.trim_end().to_owned(), true));
    }
    is_type(&text).then_some((text, false))
}

pub(super) fn is_identifier(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | '$'))
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '$'))
}

pub(super) fn is_identifier_path(text: &str) -> bool {
    text.split('.').all(is_identifier)
}

/// Straight quotes for typographic ones.
pub(super) fn plain_quotes(text: &str) -> String {
    text.replace(['\u{201c}', '\u{201d}'], "\"").replace(['\u{2018}', '\u{2019}'], "'")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn marks_are_cut_off_types() {
        for (text, ty, is_required, default) in [
            ("number", "number", false, None),
            ("numberRequired", "number", true, None),
            ("numberDefaults to 40", "number", false, Some("40")),
            ("boolean Defaults to `true`", "boolean", false, Some("`true`")),
            ("numberRequiredDefaults to 40", "number", true, Some("40")),
            (
                "\u{201c}a\u{201d} | \u{201c}b\u{201d}Defaults to \u{201c}a\u{201d}",
                "\"a\" | \"b\"",
                false,
                Some("\"a\""),
            ),
            ("\"Defaults to x\"", "\"Defaults to x\"", false, None),
        ] {
            let default = default.map(str::to_owned);
            let expected = Typed { ty: ty.to_owned(), is_required, default };
            assert_eq!(typed(text, &|_| false), Some(expected), "{text}");
        }
        assert_eq!(typed("It defaults to 40", &|_| false), None);
        assert_eq!(typed("numberDefaults to ", &|_| false), None);
    }
}
