//! What a source itself says about something.

use crate::page::Span;

/// The most characters of a sentence that are kept.
const LONGEST: usize = 300;

/// The first sentence of a description, as one line of Markdown.
///
/// It is no fact: other sources say the same in other words, so any two sentences are equal, and
/// what facts are compared for they do not change.
#[derive(Clone, Debug, Default)]
pub struct Sentence(Option<Box<str>>);

impl PartialEq for Sentence {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Sentence {}

impl Sentence {
    /// Returns the text; it is empty where the source says nothing.
    pub fn as_str(&self) -> &str {
        self.0.as_deref().unwrap_or_default()
    }

    /// The first sentence of some prose.
    pub(crate) fn of(spans: &[Span]) -> Self {
        let mut line = Line::default();
        for span in spans {
            let is_over = if span.code { line.code(&span.text) } else { line.text(&span.text) };
            if is_over {
                break;
            }
        }
        Self(line.finish())
    }

    /// This sentence, or the one of `prose` where there is none.
    pub(crate) fn or_of(self, prose: &[Span]) -> Self {
        if self.0.is_some() { self } else { Self::of(prose) }
    }
}

/// A line that grows until its sentence ends.
#[derive(Default)]
struct Line {
    text: String,
    /// How many characters it has.
    length: usize,
    /// Whether blanks stand between what there is and what comes.
    is_spaced: bool,
    /// Whether a mark that ends sentences is the last character.
    is_ended: bool,
    /// Whether a line of the source has ended since the last word.
    is_broken: bool,
}

impl Line {
    /// Adds code; returns whether the sentence has ended.
    fn code(&mut self, code: &str) -> bool {
        let code = code.split_whitespace().collect::<Vec<_>>().join(" ").replace('`', "'");
        if code.is_empty() {
            return false;
        }
        self.word(&format!("`{code}`"), code.chars().count() + 2)
    }

    /// Adds text; returns whether the sentence has ended.
    fn text(&mut self, text: &str) -> bool {
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            if first.is_whitespace() {
                if first == '\n' && !self.text.is_empty() {
                    // An empty line ends a paragraph.
                    if self.is_broken {
                        return true;
                    }
                    self.is_broken = true;
                }
                self.is_spaced = true;
                rest = rest.get(first.len_utf8()..).unwrap_or_default();
                continue;
            }
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            let (word, behind) = rest.split_at(end);
            // A list ends what stands above it.
            if self.is_broken && is_bullet(word) || self.is_ended && self.is_spaced && begins(word)
            {
                return true;
            }
            if self.word(&escaped(word, self.text.is_empty()), word.chars().count()) {
                return true;
            }
            self.is_ended = ends(word);
            rest = behind;
        }
        false
    }

    fn word(&mut self, word: &str, length: usize) -> bool {
        if self.is_ended && self.is_spaced && word.starts_with('`') {
            return true;
        }
        if self.length + length > LONGEST {
            self.text.push_str(" ..");
            return true;
        }
        if self.is_spaced && !self.text.is_empty() {
            self.text.push(' ');
            self.length += 1;
        }
        self.text.push_str(word);
        self.length += length;
        (self.is_spaced, self.is_ended, self.is_broken) = (false, false, false);
        false
    }

    fn finish(self) -> Option<Box<str>> {
        (!self.text.is_empty()).then(|| self.text.into_boxed_str())
    }
}

fn is_bullet(word: &str) -> bool {
    matches!(word, "-" | "*" | "\u{2022}" | "+")
}

/// Whether a word behind a full stop begins a sentence.
fn begins(word: &str) -> bool {
    is_bullet(word) || word.chars().find(|c| c.is_alphanumeric()).is_none_or(char::is_uppercase)
}

/// Whether a sentence may end with a word; `e.g.` ends none.
fn ends(word: &str) -> bool {
    let bare = word.trim_end_matches([')', '"', '\'', '\u{201d}', '\u{2019}']);
    bare.strip_suffix(['.', '!', '?']).is_some_and(|word| !word.contains('.'))
}

/// A word that means in Markdown what it is in the source.
fn escaped(word: &str, is_first: bool) -> String {
    let url = word.trim_end_matches(['.', ',', ';', ':', ')', '!', '?']);
    if ["http://", "https://"].iter().any(|scheme| url.starts_with(scheme)) {
        let behind = word.get(url.len()..).unwrap_or_default();
        // Elsewhere it would be a link by chance, or by markup of its own.
        return if url.contains(['<', '>', '`', '\\']) {
            format!("`{}`{behind}", url.replace('`', "'"))
        } else {
            format!("<{url}>{behind}")
        };
    }
    let mut out = String::with_capacity(word.len());
    let chars: Vec<char> = word.chars().collect();
    let around = |at: usize| {
        let before = at.checked_sub(1).and_then(|at| chars.get(at));
        [before, chars.get(at + 1)].map(|c| c.is_some_and(|c| c.is_alphanumeric()))
    };
    let starts_list = chars.iter().take_while(|c| c.is_ascii_digit()).count();
    for (at, c) in chars.iter().enumerate() {
        let is_markup = match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '|' | '~' => true,
            '_' => around(at) != [true, true],
            '&' => chars.get(at + 1).is_some_and(|c| *c == '#' || c.is_alphabetic()),
            '#' | '+' | '-' | '=' => is_first && at == 0,
            '.' | ')' => is_first && at > 0 && at == starts_list,
            _ => false,
        };
        if is_markup {
            out.push('\\');
        }
        out.push(*c);
    }
    out
}

#[cfg(test)]
mod tests {
    use credwire_schema::diagnostic::Place;

    use super::*;

    fn spans(text: &str) -> Vec<Span> {
        let parts = text.split('`').enumerate();
        let span = |(at, text): (usize, &str)| Span {
            text: text.to_owned(),
            code: at % 2 == 1,
            link: None,
            place: Place::default(),
        };
        parts.map(span).collect()
    }

    #[test]
    fn the_first_sentence_is_one_line_of_markdown() {
        for (text, expected) in [
            ("", ""),
            ("\n  Turns it\non. Then waits.", "Turns it on."),
            ("Turns it on (e.g. at `6.30`). `off` ends it.", "Turns it on (e.g. at `6.30`)."),
            ("In v1.2 of it, and i.e. later", "In v1.2 of it, and i.e. later"),
            ("A paragraph\n\nand another", "A paragraph"),
            ("One of:\n- a\n- b", "One of:"),
            ("Ahead of it. - Not now", "Ahead of it."),
            ("A <b>[lamp](x)</b>", "A \\<b\\>\\[lamp\\](x)\\</b\\>"),
            ("snake_case and _it_ *is* a\\b", "snake_case and \\_it\\_ \\*is\\* a\\\\b"),
            ("# 1", "\\# 1"),
            ("1. of all", "1\\. of all"),
            ("See https://lamps.test/a_b.", "See <https://lamps.test/a_b>."),
            ("R&D &lt;", "R\\&D \\&lt;"),
        ] {
            assert_eq!(Sentence::of(&spans(text)).as_str(), expected, "{text}");
        }
        let long = Sentence::of(&spans(&"word ".repeat(200)));
        assert!(long.as_str().len() < LONGEST + 4 && long.as_str().ends_with("word .."));
    }
}
