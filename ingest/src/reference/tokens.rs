//! Prose as words, numbers, marks and code, with their places.

use std::borrow::Cow;

use credwire_schema::diagnostic::Place;

use crate::page::Span;

/// A word, a number, a mark or a run of inline code.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    /// As written; code without its backticks.
    pub(super) text: &'a str,
    /// Lower case, for comparison.
    pub(super) lower: Cow<'a, str>,
    /// Whether white space comes before it.
    pub(super) spaced: bool,
    pub(super) place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Number,
    Mark,
    Code,
}

/// Splits prose into tokens: inline code that is a number counts as one, and typographic quotes
/// become straight ones.
pub(super) fn tokens(spans: &[Span]) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut spaced = true;
    for span in spans {
        if span.code {
            let number = span.text.parse::<f64>().is_ok();
            tokens.push(Token {
                kind: if number { Kind::Number } else { Kind::Code },
                text: &span.text,
                lower: lower(&span.text),
                spaced,
                place: span.place.clone(),
            });
            spaced = false;
            continue;
        }
        split(span, &mut spaced, &mut tokens);
    }
    tokens
}

fn split<'a>(span: &'a Span, spaced: &mut bool, tokens: &mut Vec<Token<'a>>) {
    let mut place = span.place.clone();
    let mut rest = span.text.as_str();
    while let Some(first) = rest.chars().next() {
        let kind = match first {
            c if c.is_whitespace() => {
                *spaced = true;
                if c == '\n' {
                    place.line = place.line.saturating_add(1);
                    place.column = 1;
                } else {
                    place.column = place.column.saturating_add(1);
                }
                rest = rest.get(c.len_utf8()..).unwrap_or_default();
                continue;
            }
            c if c.is_ascii_digit() => Kind::Number,
            c if c.is_alphanumeric() || c == '_' || c == '$' => Kind::Word,
            _ => Kind::Mark,
        };
        let length = match kind {
            Kind::Number => number_length(rest),
            Kind::Word => rest
                .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'))
                .unwrap_or(rest.len()),
            Kind::Mark | Kind::Code => first.len_utf8(),
        };
        let (written, after) = rest.split_at(length);
        let text = match first {
            '\u{201c}' | '\u{201d}' => "\"",
            '\u{2018}' | '\u{2019}' => "'",
            _ => written,
        };
        tokens.push(Token {
            kind,
            text,
            lower: lower(text),
            spaced: *spaced,
            place: place.clone(),
        });
        let width = u32::try_from(written.chars().count()).unwrap_or(u32::MAX);
        place.column = place.column.saturating_add(width);
        *spaced = false;
        rest = after;
    }
}

fn lower(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.to_lowercase())
}

/// `10`, `0.5`, `10,000`; the `..` of `0..1` does not belong to a number.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits =
        |from: usize| bytes.iter().skip(from).take_while(|byte| byte.is_ascii_digit()).count();
    let mut length = digits(0);
    while bytes.get(length) == Some(&b',') && digits(length + 1) == 3 {
        length += 4;
    }
    if bytes.get(length) == Some(&b'.') && digits(length + 1) > 0 {
        length += 1 + digits(length + 1);
    }
    length
}

/// The value of a number token.
pub(super) fn value(token: &Token<'_>) -> Option<f64> {
    (token.kind == Kind::Number).then(|| token.text.replace(',', "").parse().ok()).flatten()
}

/// Tokens as they would be written.
pub(super) fn words(tokens: &[Token<'_>]) -> String {
    let mut text = String::new();
    for token in tokens {
        if token.spaced && !text.is_empty() {
            text.push(' ');
        }
        text.push_str(token.text);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_numbers_words_and_marks() {
        let spans = [Span {
            text: "x (0..1), 5,000ms\n1-based".into(),
            code: false,
            link: None,
            place: Place::new("p", 3, 5),
        }];
        let tokens = tokens(&spans);
        let texts: Vec<&str> = tokens.iter().map(|token| token.text).collect();
        assert_eq!(
            texts,
            ["x", "(", "0", ".", ".", "1", ")", ",", "5,000", "ms", "1", "-", "based"]
        );
        assert_eq!(tokens[10].place, Place::new("p", 4, 1));
        assert_eq!(tokens[9].place, Place::new("p", 3, 20));
        assert_eq!(value(&tokens[8]), Some(5000.0));
    }
}
