//! From tokens to the text of a file.

use proc_macro2::TokenStream;

use crate::printer;

/// Prints a file: the header as comments, then the items with an empty line between them.
///
/// # Errors
/// When the tokens are no Rust that the printer knows, which would be a mistake of a generator.
pub(crate) fn file(header: &str, tokens: TokenStream) -> Result<String, printer::PrintError> {
    let body = printer::print(tokens)?;
    let mut text = String::from(header);
    if !body.is_empty() && !body.starts_with("//!") && !body.starts_with("#![") {
        text.push('\n');
    }
    text.push_str(&body);
    Ok(text)
}
