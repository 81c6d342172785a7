//! The text of a file.

use std::ops::Range;

/// Prints a file: the header as comments, then the start of the file, then the code of each item
/// with what it is made from. Empty lines are between all of them. Returns where the code of each is, too.
pub(crate) fn file(
    header: &str,
    start: &str,
    items: Vec<(String, String)>,
) -> (String, Vec<(String, Range<usize>)>) {
    let mut text = String::from(header);
    if !start.is_empty() && !start.starts_with("//!") && !start.starts_with("#![") {
        text.push('\n');
    }
    text.push_str(start);
    let mut ranges = Vec::with_capacity(items.len());
    for (item, code) in items {
        text.push_str("\n// From ");
        text.push_str(&on_one_line(&item));
        text.push_str(".\n");
        ranges.push((item, text.len()..text.len() + code.len()));
        text.push_str(&code);
    }
    (text, ranges)
}

/// Whether a character may stand in a comment of Rust as it is: no control character, and none that
/// changes the direction of a text.
pub(crate) fn is_text(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

/// A text in a comment, whatever characters it has.
pub(crate) fn on_one_line(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for c in name.chars() {
        if is_text(c) {
            text.push(c);
        } else {
            text.extend(c.escape_default());
        }
    }
    text
}
