//! Types as pages write them: in attributes that lost their quotes, in code with links inside, in
//! backticks followed by prose.

use credwire_schema::{diagnostic::Place, type_expr::TypeExpr};

use super::Reader;
use crate::{page::Span, ts};

impl Reader<'_> {
    /// Reads a type from an attribute, a table cell or a backticked run. Words that are no type
    /// stay references: whether they are literals that lost their quotes shows once all symbols
    /// are known.
    pub(super) fn ty(&mut self, text: &str, place: &Place) -> Option<TypeExpr> {
        let text = clean(text);
        match ts::parse_type(&text) {
            Ok(parsed) => {
                self.report_opaque(&parsed.opaque, place);
                Some(parsed.value)
            }
            Err(fault) => words_as_names(&text).or_else(|| {
                let message = format!("`{}` is no type: {}", shorten(&text), fault.message);
                self.error("invalid-type", place, message, "write a TypeScript type expression");
                None
            }),
        }
    }

    pub(super) fn report_opaque(&mut self, texts: &[String], place: &Place) {
        for text in texts {
            let message = format!("`{}` is a type that is kept as text only", shorten(text));
            self.warn(
                "opaque-type",
                place,
                message,
                "give it a name with a page of its own, or map it in the overlay",
            );
        }
    }

    /// The type that a run of prose begins with: `` `Promise`\<[`X`](..)\> when done ``.
    pub(super) fn leading_type(&mut self, spans: &[Span]) -> Option<TypeExpr> {
        let mut text = String::new();
        let mut depth = 0i32;
        for span in spans {
            if span.code {
                text.push_str(&span.text);
                continue;
            }
            let joins = |c: char| "<>[]|&,(){} ".contains(c);
            let part: String = span
                .text
                .chars()
                .take_while(|c| joins(*c) || (depth > 0 && c.is_alphanumeric()))
                .collect();
            for c in part.chars() {
                depth += i32::from(matches!(c, '<' | '[' | '{'))
                    - i32::from(matches!(c, '>' | ']' | '}'));
            }
            text.push_str(&part);
            if part.len() < span.text.len() {
                break;
            }
        }
        // A parenthesis after the type belongs to the prose: `Base (see ..)`.
        let text = text.trim_end().trim_end_matches('(').trim();
        let is_type = spans.first().is_some_and(|span| span.code || span.link.is_some());
        let place = &spans.first()?.place;
        if !is_type || text.is_empty() {
            return None;
        }
        let parsed = ts::parse_type(&clean(text)).ok()?;
        self.report_opaque(&parsed.opaque, place);
        Some(parsed.value)
    }
}

/// Whether Markdown was written into code: a link, which a page shows as it is.
pub(super) fn has_link(code: &str) -> bool {
    next_link(code).is_some()
}

/// What is before the next link, its label, and what is after it.
fn next_link(text: &str) -> Option<(&str, &str, &str)> {
    text.match_indices('[').find_map(|(open, _)| {
        let (label, target) = text.get(open + 1..)?.split_once("](")?;
        let (_, after) = target.split_once(')')?;
        let before = text.get(..open)?;
        (!label.contains(['[', ']', '\n'])).then_some((before, label, after))
    })
}

/// Takes Markdown out of code: links, escapes, and typographic quotes.
pub(super) fn clean(code: &str) -> String {
    let mut text = String::with_capacity(code.len());
    let mut rest = code.trim();
    while let Some((before, label, after)) = next_link(rest) {
        text.push_str(before);
        text.push_str(label.trim_matches('`'));
        rest = after;
    }
    text.push_str(rest);
    if !text.contains(['\\', '\u{201c}', '\u{201d}', '\u{2018}', '\u{2019}']) {
        return text;
    }
    text.replace("\\<", "<")
        .replace("\\>", ">")
        .replace("\\|", "|")
        .replace("\\_", "_")
        .replace(['\u{201c}', '\u{201d}'], "\"")
        .replace(['\u{2018}', '\u{2019}'], "'")
}

/// A flat union with words that no type can have: `exact | default`, `no-scope | null`.
fn words_as_names(text: &str) -> Option<TypeExpr> {
    // Only a flat union can be cut at its bars.
    let flat = text.contains('|') && !text.contains(['(', '{', '<', '`']);
    let member = |part: &str| {
        let word = part.trim();
        let is_word = word.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
            && word.chars().all(|c| c.is_ascii_alphanumeric() || "_-.:".contains(c));
        match ts::parse_type(word) {
            Ok(parsed) if parsed.opaque.is_empty() => Some(parsed.value),
            _ if is_word => Some(TypeExpr::named(word)),
            _ => None,
        }
    };
    flat.then(|| text.split('|').map(member).collect::<Option<Vec<_>>>())
        .flatten()
        .map(TypeExpr::Union)
}

/// The start of a text, for messages.
pub(super) fn shorten(text: &str) -> String {
    const LONGEST: usize = 80;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    text.chars().take(LONGEST).chain("..".chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_links_and_escapes_out_of_code() {
        assert_eq!(
            clean("get a$(): Observable<[`X`](/r/x) | undefined>"),
            "get a$(): Observable<X | undefined>"
        );
        assert_eq!(clean("Record\\<string, X[]\\>"), "Record<string, X[]>");
        assert_eq!(clean("[a](b"), "[a](b");
    }

    #[test]
    fn reads_words_that_cannot_be_types() {
        let read = |text| words_as_names(text).map(|ty| ty.to_string());
        assert_eq!(read("exact | default").as_deref(), Some("exact | default"));
        assert_eq!(read("no-scope | null | \"x\"").as_deref(), Some("no-scope | null | \"x\""));
        assert_eq!(read("default"), None);
        assert_eq!(read("a b | c"), None);
    }
}
