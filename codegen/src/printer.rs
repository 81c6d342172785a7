//! From tokens to text in the layout of `rustfmt`, for the Rust that the generators emit.
//!
//! `read` turns tokens into a tree of layout nodes, each with its width on one line, and `layout`
//! writes the tree: on one line where it fits, else by the rule of its kind. No token is parsed
//! twice and none is dropped. What `read` does not recognise is an error, never a guess.

mod layout;
mod node;
mod read;
#[cfg(test)]
mod tests;
mod tokens;

use std::fmt;

use proc_macro2::TokenStream;

/// The width of a line, the default of `rustfmt`.
const WIDTH: usize = 100;
/// The width of an indent.
const INDENT: usize = 4;
/// The greatest width of the items of a list that fills its lines.
const SHORT_ITEM: usize = 10;
/// The greatest width of the alternatives of a pattern that fills its lines.
const SHORT_PATTERN: usize = 20;
/// The deepest nesting of groups and expressions that is read.
const DEPTH: usize = 128;

/// Tokens that are none of the Rust that is printed here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrintError {
    expected: &'static str,
    /// The tokens at the place, as text.
    place: String,
}

impl fmt::Display for PrintError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.place.is_empty() {
            return write!(f, "expected {} at the end of a group", self.expected);
        }
        write!(f, "expected {} at `{}`", self.expected, self.place)
    }
}

impl std::error::Error for PrintError {}

/// Prints a file.
///
/// # Errors
/// A construct that is not known here.
pub fn print(tokens: TokenStream) -> Result<String, PrintError> {
    let tokens = tokens::load(tokens, DEPTH)?;
    let file = read::file(&tokens)?;
    Ok(layout::file(&file))
}
