//! Token trees in a form that is easy to look ahead in.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

use super::PrintError;

/// How much of the tokens an error shows.
const PLACE_TOKENS: usize = 12;
const PLACE_WIDTH: usize = 80;

/// A token tree. A lifetime is one word.
#[derive(Debug)]
pub(super) enum Token {
    Word(String),
    Literal(String),
    /// A character, and whether the next one belongs to the same operator.
    Punct(char, bool),
    Group(Delimiter, Vec<Token>),
}

/// The trees of a stream. Groups without delimiters are opened.
pub(super) fn load(stream: TokenStream, depth: usize) -> Result<Vec<Token>, PrintError> {
    let mut tokens = Vec::new();
    load_into(stream, depth, &mut tokens)?;
    Ok(tokens)
}

fn load_into(stream: TokenStream, depth: usize, tokens: &mut Vec<Token>) -> Result<(), PrintError> {
    let Some(depth) = depth.checked_sub(1) else {
        return Err(PrintError { expected: "fewer nested groups", place: String::new() });
    };
    let mut trees = stream.into_iter();
    tokens.reserve(trees.size_hint().0);
    while let Some(tree) = trees.next() {
        match tree {
            TokenTree::Ident(ident) => tokens.push(Token::Word(ident.to_string())),
            TokenTree::Literal(literal) => tokens.push(Token::Literal(literal.to_string())),
            TokenTree::Punct(punct) if punct.as_char() == '\'' => match trees.next() {
                Some(TokenTree::Ident(ident)) => tokens.push(Token::Word(format!("'{ident}"))),
                _ => return Err(PrintError { expected: "a lifetime", place: "'".to_owned() }),
            },
            TokenTree::Punct(punct) => {
                tokens.push(Token::Punct(punct.as_char(), punct.spacing() == Spacing::Joint));
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                load_into(group.stream(), depth, tokens)?;
            }
            TokenTree::Group(group) => {
                tokens.push(Token::Group(group.delimiter(), load(group.stream(), depth)?));
            }
        }
    }
    Ok(())
}

/// The tokens of one group, and how far they are read.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'t> {
    rest: &'t [Token],
    depth: usize,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(rest: &'t [Token], depth: usize) -> Self {
        Self { rest, depth }
    }

    /// The tokens of a group inside this one.
    pub(super) fn inside(&self, tokens: &'t [Token]) -> Self {
        Self { rest: tokens, depth: self.depth }
    }

    /// One level deeper in an expression, a pattern or a type.
    pub(super) fn deeper(&mut self) -> Result<(), PrintError> {
        match self.depth.checked_sub(1) {
            Some(depth) => self.depth = depth,
            None => return Err(self.error("less nesting")),
        }
        Ok(())
    }

    pub(super) fn shallower(&mut self) {
        self.depth += 1;
    }

    pub(super) fn rest(&self) -> &'t [Token] {
        self.rest
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn peek(&self) -> Option<&'t Token> {
        self.rest.first()
    }

    pub(super) fn peek_at(&self, index: usize) -> Option<&'t Token> {
        self.rest.get(index)
    }

    pub(super) fn skip(&mut self, count: usize) {
        self.rest = self.rest.get(count..).unwrap_or_default();
    }

    /// The next token, if it is a word.
    pub(super) fn peek_word(&self) -> Option<&'t str> {
        self.word_at(0)
    }

    pub(super) fn word_at(&self, index: usize) -> Option<&'t str> {
        match self.peek_at(index) {
            Some(Token::Word(word)) => Some(word),
            _ => None,
        }
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        self.peek_word() == Some(word)
    }

    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        if found {
            self.skip(1);
        }
        found
    }

    pub(super) fn word(&mut self) -> Result<&'t str, PrintError> {
        let word = self.peek_word().ok_or_else(|| self.error("a name"))?;
        self.skip(1);
        Ok(word)
    }

    /// Whether the next characters are those of `operator`. Longer operators may begin here too.
    pub(super) fn is(&self, operator: &str) -> bool {
        self.is_at(0, operator)
    }

    pub(super) fn is_at(&self, index: usize, operator: &str) -> bool {
        let last = operator.len() - 1;
        operator.chars().enumerate().all(|(offset, expected)| {
            matches!(self.peek_at(index + offset), Some(Token::Punct(found, joint))
                if *found == expected && (*joint || offset == last))
        })
    }

    pub(super) fn eat(&mut self, operator: &str) -> bool {
        let found = self.is(operator);
        if found {
            self.skip(operator.len());
        }
        found
    }

    pub(super) fn expect(&mut self, operator: &'static str) -> Result<(), PrintError> {
        if self.eat(operator) { Ok(()) } else { Err(self.error(operator)) }
    }

    pub(super) fn peek_group(&self, delimiter: Delimiter) -> Option<&'t [Token]> {
        match self.peek() {
            Some(Token::Group(found, tokens)) if *found == delimiter => Some(tokens),
            _ => None,
        }
    }

    pub(super) fn eat_group(&mut self, delimiter: Delimiter) -> Option<Self> {
        let tokens = self.peek_group(delimiter)?;
        self.skip(1);
        Some(self.inside(tokens))
    }

    pub(super) fn group(&mut self, delimiter: Delimiter) -> Result<Self, PrintError> {
        self.eat_group(delimiter).ok_or_else(|| {
            self.error(match delimiter {
                Delimiter::Parenthesis => "parentheses",
                Delimiter::Brace => "braces",
                _ => "brackets",
            })
        })
    }

    pub(super) fn end(&self, expected: &'static str) -> Result<(), PrintError> {
        if self.is_empty() { Ok(()) } else { Err(self.error(expected)) }
    }

    /// An error at this place.
    pub(super) fn error(&self, expected: &'static str) -> PrintError {
        let mut place = String::new();
        for token in self.rest.iter().take(PLACE_TOKENS) {
            spaced(token, &mut place, 1);
        }
        let end = place.char_indices().nth(PLACE_WIDTH).map_or(place.len(), |(end, _)| end);
        place.truncate(end);
        PrintError { expected, place: place.trim_end().to_owned() }
    }
}

/// Tokens with spaces around them, on one line, as macros with a syntax of their own have them.
pub(super) fn plain(tokens: &[Token]) -> String {
    let mut text = String::new();
    tokens.iter().for_each(|token| spaced(token, &mut text, usize::MAX));
    text.trim_end().to_owned()
}

fn spaced(token: &Token, text: &mut String, depth: usize) {
    match token {
        Token::Word(word) => text.push_str(word),
        Token::Literal(literal) => text.push_str(literal),
        Token::Punct(found, true) => return text.push(*found),
        Token::Punct(found, false) => text.push(*found),
        Token::Group(delimiter, tokens) => {
            let (open, close) = match delimiter {
                Delimiter::Parenthesis => ("(", ")"),
                Delimiter::Bracket => ("[", "]"),
                _ => ("{ ", "}"),
            };
            text.push_str(open);
            if depth == 0 {
                text.push_str("..");
            } else {
                tokens.iter().for_each(|token| spaced(token, text, depth - 1));
                if *delimiter != Delimiter::Brace && text.ends_with(' ') {
                    text.pop();
                }
            }
            text.push_str(close);
        }
    }
    text.push(' ');
}
