//! What a description states about a value: unit, range, default, constant, format.

mod format;
mod unit;

use credwire_schema::{model::Unit, type_expr::TypeExpr};

use super::tokens::{Kind, Token, tokens, value, words};
use crate::{
    facts::{DocFacts, Sentence, Stated},
    page::{Span, text_of},
};

/// Reads the facts of a description. Units and ranges are read of numbers only, forms of strings
/// only, so that prose about something else does not become a fact.
pub(crate) fn describe(ty: Option<&TypeExpr>, spans: &[Span]) -> DocFacts {
    let tokens = tokens(spans);
    let text = Prose { tokens: &tokens };
    let mut doc =
        DocFacts { default: text.default(), constant: text.constant(), ..DocFacts::default() };
    doc.sentence = Sentence::of(spans);
    if mentions(ty, &TypeExpr::Number) {
        doc.range = text.range();
        // What goes from 0 to 1 is a share, whatever the sentence calls it.
        let is_share = doc.range.as_ref().is_some_and(|range| range.value.1 <= 1.0);
        doc.unit = text.unit().filter(|unit| unit.value != Unit::Percent || !is_share);
        doc.base = text.base();
    }
    if mentions(ty, &TypeExpr::String) {
        doc.format = text.format();
        doc.rfc = text.rfc();
    }
    doc
}

/// Members of which the prose says that at least one must be there.
pub(crate) fn one_of(spans: &[Span], known: &[&str]) -> Option<Stated<Vec<String>>> {
    let tokens = tokens(spans);
    let opening = |window: &[Token<'_>]| {
        let lower: Vec<&str> = window.iter().map(|token| token.lower.as_ref()).collect();
        lower == ["at", "least", "one", "of"]
    };
    let start = tokens.windows(4).position(opening)?;
    let rest = tokens.get(start + 4..)?;
    let end = rest.iter().position(|token| {
        token.kind == Kind::Word
            && matches!(token.lower.as_ref(), "must" | "is" | "are" | "has" | "should")
    })?;
    let named: Vec<String> = rest
        .get(..end)?
        .iter()
        .filter(|token| known.contains(&token.text))
        .map(|token| token.text.to_owned())
        .collect();
    let first = tokens.get(start)?;
    let stated = tokens.get(start..start + 4 + end)?;
    (named.len() > 1).then(|| Stated {
        value: named,
        place: first.place.clone(),
        words: words(stated),
    })
}

fn mentions(ty: Option<&TypeExpr>, wanted: &TypeExpr) -> bool {
    let mut found = false;
    if let Some(ty) = ty {
        ty.walk(&mut |part| found |= part == wanted);
    }
    found
}

struct Prose<'a> {
    tokens: &'a [Token<'a>],
}

impl Prose<'_> {
    fn lower(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.lower.as_ref())
    }

    fn before(&self, at: usize) -> &str {
        at.checked_sub(1).map_or("", |before| self.lower(before))
    }

    /// The tokens of the sentence around a token: from its first one to the one behind its last.
    fn sentence(&self, at: usize) -> std::ops::Range<usize> {
        let ends = |at: usize| {
            matches!(self.lower(at), "." | "!" | "?" | ";")
                && self.tokens.get(at + 1).is_none_or(|next| next.spaced)
        };
        let start = (0..at).rev().find(|at| ends(*at)).map_or(0, |end| end + 1);
        let end = (at..self.tokens.len()).find(|at| ends(*at)).unwrap_or(self.tokens.len());
        start..end
    }

    /// Whether a "not" or its like stands close before a token.
    fn is_negated(&self, at: usize) -> bool {
        let near = at.saturating_sub(3)..at;
        near.clone().any(|at| matches!(self.lower(at), "not" | "never" | "nor" | "no"))
            || near.clone().any(|at| {
                matches!(
                    (self.before(at), self.lower(at)),
                    ("instead", "of") | ("rather", "than") | ("n", "t") | ("'", "t")
                )
            })
    }

    fn stated<T>(&self, value: T, start: usize, end: usize) -> Option<Stated<T>> {
        let words = words(self.tokens.get(start..end.min(self.tokens.len()))?);
        Some(Stated { value, place: self.tokens.get(start)?.place.clone(), words })
    }

    fn range(&self) -> Option<Stated<(f64, f64)>> {
        for at in 0..self.tokens.len() {
            let Some(low) = self.tokens.get(at).and_then(value) else { continue };
            let (marked, next) = match self.lower(at + 1) {
                "-" | "\u{2013}" | "\u{2014}" | "\u{2026}" | "to" => (false, at + 2),
                "and" if self.before(at) == "between" => (true, at + 2),
                "," if self.before(at) == "[" => (true, at + 2),
                "." if self.lower(at + 2) == "." && self.lower(at + 3) == "." => (true, at + 4),
                "." if self.lower(at + 2) == "." => (true, at + 3),
                _ => continue,
            };
            let Some(high) = self.tokens.get(next).and_then(value) else { continue };
            let framed = matches!(
                self.before(at),
                "(" | "[" | "between" | "from" | "range" | "of" | ":" | "scale"
            ) || matches!(self.lower(next + 1), ")" | "]");
            if (marked || framed) && low < high {
                return self.stated((low, high), at, next + 1);
            }
        }
        None
    }

    fn base(&self) -> Option<Stated<u32>> {
        let at = (0..self.tokens.len()).find(|at| {
            matches!(self.lower(*at), "0" | "1")
                && self.lower(at + 1) == "-"
                && self.lower(at + 2) == "based"
        })?;
        self.stated(u32::from(self.lower(at) == "1"), at, at + 3)
    }

    fn default(&self) -> Option<Stated<String>> {
        for at in 0..self.tokens.len() {
            // `false` (default)
            if self.lower(at) == "default" && self.before(at) == "(" && self.lower(at + 1) == ")" {
                let value = at.checked_sub(2).and_then(|from| self.value(from, false));
                if let Some((value, _)) = value {
                    return self.stated(value, at - 2, at + 2);
                }
            }
            if !matches!(self.lower(at), "default" | "defaults") || self.before(at) == "by" {
                continue;
            }
            let value_at = |from: usize| if self.lower(from) == "value" { from + 1 } else { from };
            let after = value_at(at + 1);
            let (from, any_word) = match self.lower(after) {
                ":" | "=" => (after + 1, true),
                "to" | "is" | "of" => (after + 1, false),
                _ if self.before(at) == "(" => (after, false),
                _ => continue,
            };
            if let Some((value, end)) = self.value(from, any_word) {
                return self.stated(value, at, end);
            }
        }
        None
    }

    fn constant(&self) -> Option<Stated<String>> {
        let at = (0..self.tokens.len()).find(|at| self.lower(*at) == "always")?;
        let token = self.tokens.get(at + 1)?;
        let is_quoted = token.text.starts_with(['"', '\'']);
        let (value, end) = self.value(at + 1, false)?;
        is_quoted.then(|| self.stated(value, at, end)).flatten()
    }

    /// A value as prose writes it: code, a quoted text, a number with its unit, `true`.
    fn value(&self, at: usize, any_word: bool) -> Option<(String, usize)> {
        let token = self.tokens.get(at)?;
        match token.kind {
            Kind::Code => Some((unquote(token.text).to_owned(), at + 1)),
            Kind::Number => {
                let mut text = token.text.replace(',', "");
                let unit =
                    self.tokens.get(at + 1).filter(|next| !next.spaced && next.kind == Kind::Word);
                if let Some(unit) = unit {
                    text.push_str(unit.text);
                }
                Some((text, at + 1 + usize::from(unit.is_some())))
            }
            Kind::Mark if token.text == "-" => {
                let (number, end) = self.value(at + 1, false)?;
                number.parse::<f64>().ok()?;
                Some((format!("-{number}"), end))
            }
            Kind::Mark => {
                let close = Some(token.text).filter(|mark| matches!(*mark, "'" | "\""))?;
                let end = (at + 1..self.tokens.len()).find(|end| self.lower(*end) == close)?;
                Some((words(self.tokens.get(at + 1..end)?), end + 1))
            }
            Kind::Word => {
                let ends = self.tokens.get(at + 1).is_none_or(|next| next.kind == Kind::Mark);
                let literal =
                    matches!(token.lower.as_ref(), "true" | "false" | "null" | "undefined");
                (literal || (any_word && ends)).then(|| (token.text.to_owned(), at + 1))
            }
        }
    }

    fn rfc(&self) -> Option<Stated<String>> {
        let at = (0..self.tokens.len()).find(|at| {
            self.lower(*at) == "rfc"
                && self.tokens.get(at + 1).is_some_and(|token| token.kind == Kind::Number)
        })?;
        let number = self.tokens.get(at + 1)?.text.to_owned();
        self.stated(number, at, at + 2)
    }
}

/// The value that `@default` names: code, or the first line up to an explanation.
pub(crate) fn default_value(spans: &[Span]) -> Option<Stated<String>> {
    let words = text_of(spans);
    let line = words.lines().map(str::trim).find(|line| !line.is_empty())?;
    let code = spans.iter().find(|span| span.code).map(|span| span.text.as_str());
    let is_quoted = line.starts_with(['"', '\'', '[', '{']);
    let explained = [" (", " - ", " \u{2013} ", " \u{2014} ", ", "];
    let end = explained.iter().filter_map(|mark| line.find(mark)).min().filter(|_| !is_quoted);
    let plain = line.get(..end.unwrap_or(line.len())).unwrap_or(line).trim_end_matches(['.', ';']);
    let value = code.unwrap_or(plain).trim_matches(['"', '\'', '`']).to_owned();
    let place = spans.iter().find(|span| !span.text.trim().is_empty())?.place.clone();
    (!value.is_empty()).then(|| Stated { value, place, words: words.trim().to_owned() })
}

fn unquote(text: &str) -> &str {
    ['"', '\'']
        .iter()
        .find_map(|quote| text.strip_prefix(*quote)?.strip_suffix(*quote))
        .unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use credwire_schema::{diagnostic::Place, model::Format};

    use super::*;

    fn read(ty: &TypeExpr, text: &str) -> DocFacts {
        let place = Place::new("a", 1, 1);
        describe(Some(ty), &[Span { text: text.to_owned(), code: false, link: None, place }])
    }

    /// D4: a form is what a sentence says that the value is, and nothing that it mentions.
    #[test]
    fn a_jwt_is_what_is_said_to_be_one() {
        let is_jwt = |text: &str| {
            let format = read(&TypeExpr::String, text).format;
            format.is_some_and(|format| format.value == Format::Jwt)
        };
        for text in [
            "A JWT.",
            "JWT access token of a member.",
            "The pass, a JWT.",
            "The pass. It is a signed JWT.",
            "Must be a JWT that the backend issued.",
            "Encoded as a JWT.",
            "The signed JWT",
        ] {
            assert!(is_jwt(text), "{text}");
        }
        for text in [
            "The room's name, as the JWT says.",
            "The name of the claim in the JWT.",
            "Issuer of the JWT.",
            "The JWT header's type.",
            "Not a JWT.",
            "The subject when the pass is a JWT.",
            "JWT's issuer.",
            "Endpoint for a JWT.",
        ] {
            assert!(!is_jwt(text), "{text}");
        }
    }

    #[test]
    fn a_unit_is_stated_of_the_value_itself() {
        let unit = |text: &str| read(&TypeExpr::Number, text).unit.map(|unit| unit.value);
        for (text, expected) in [
            ("How long to wait, in milliseconds.", Some(Unit::Millis)),
            ("Milliseconds since 1 January 1970.", Some(Unit::EpochMillis)),
            ("Timestamp (ms) of the last knock.", Some(Unit::EpochMillis)),
            ("Unix timestamp in seconds.", Some(Unit::EpochSeconds)),
            ("The expiry as Unix time. In seconds.", Some(Unit::EpochSeconds)),
            ("Elapsed time in milliseconds since the knock.", Some(Unit::Millis)),
            ("Delay in ms before the timestamp is sent.", Some(Unit::Millis)),
            ("The delay in ms. Started at the epoch.", Some(Unit::Millis)),
            ("The time in ms at which the key ends.", Some(Unit::EpochMillis)),
            ("The time in ms after which the door shuts.", Some(Unit::Millis)),
            ("The interval at which to knock, in seconds.", Some(Unit::Seconds)),
            ("Expiry date, in milliseconds.", Some(Unit::EpochMillis)),
            ("What is out of date, in ms.", Some(Unit::Millis)),
            ("Length (s).", Some(Unit::Seconds)),
            ("Number of the lamp(s).", None),
            ("The width in cells, not in seconds.", None),
            ("A count rather than milliseconds.", None),
            ("Cells instead of seconds.", None),
            ("Tried every 5 seconds.", None),
            ("Level in percent.", Some(Unit::Percent)),
            ("Level as percentage (0.0 to 1.0).", None),
            ("Level in percent (0 to 100).", Some(Unit::Percent)),
        ] {
            assert_eq!(unit(text), expected, "{text}");
        }
    }
}
