//! The form of a string that a description states of the value itself.

use credwire_schema::model::Format;

use super::{Kind, Prose, Stated};

/// Words after which a sentence speaks of something else than the value, or under a condition.
const TURNS: &[&str] = &[
    "by", "for", "from", "if", "in", "of", "on", "says", "states", "that", "to", "unless", "when",
    "where", "whether", "which", "with", "within",
];

/// Words that may follow the name of a form while that remains what the value is.
const FOLLOW: &[&str] = &[
    "and", "as", "for", "from", "in", "issued", "of", "or", "signed", "string", "that", "to",
    "token", "used", "value", "which", "whose", "with",
];

impl Prose<'_> {
    pub(super) fn format(&self) -> Option<Stated<Format>> {
        let has = |wanted: &str| self.tokens.iter().any(|token| token.lower == wanted);
        for at in 0..self.tokens.len() {
            let format = match self.lower(at) {
                "jwt" if self.is_what_it_is(at) => Format::Jwt,
                "thumbprint" if has("jwk") => Format::JwkThumbprint,
                "iso"
                    if has("timestamp")
                        || has("date")
                        || has("datetime")
                        || self.lower(at + 1).starts_with("8601") =>
                {
                    Format::Iso8601
                }
                "iso8601" => Format::Iso8601,
                "sdp" => Format::Sdp,
                _ => continue,
            };
            if self.tokens.get(at).is_some_and(|token| token.kind == Kind::Word) {
                return self.stated(format, at, at + 1);
            }
        }
        None
    }

    /// Whether the sentence says that the value is what the token names: "A JWT.", "The grant, a
    /// JWT", "Must be a signed JWT", "Encoded as a JWT"; not "The name, as the JWT says".
    fn is_what_it_is(&self, at: usize) -> bool {
        let sentence = self.sentence(at);
        let words = sentence.start..at;
        let turns = words.clone().any(|at| TURNS.contains(&self.lower(at)));
        let article = words.clone().rev().find(|at| matches!(self.lower(*at), "a" | "an"));
        let introduced = article.is_some_and(|article| {
            let before = self.before(article);
            at - article <= 4 && matches!(before, "," | ":" | "(" | "is" | "be" | "are" | "as")
        });
        // With nothing but adjectives before it, the name is the sentence's subject.
        let leads = words.len() <= 4 && !words.clone().any(|at| self.is_mark(at));
        (introduced || leads)
            && !turns
            && !self.is_negated(at)
            && self.is_whole_noun(at, sentence.end)
    }

    fn is_mark(&self, at: usize) -> bool {
        let token = self.tokens.get(at);
        token.is_some_and(|token| token.kind == Kind::Mark && token.text != "-")
    }

    /// Whether the noun ends with the token, or goes on to "token": not "JWT header".
    fn is_whole_noun(&self, at: usize, end: usize) -> bool {
        let next = self.lower(at + 1);
        let possessive = next == "'" && self.lower(at + 2) == "s";
        let ends = at + 1 >= end || (self.is_mark(at + 1) && !possessive);
        let goes_on = (at + 1..end.min(at + 5)).any(|at| self.lower(at) == "token");
        ends || FOLLOW.contains(&next) || goes_on
    }
}
