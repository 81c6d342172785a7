//! From tokens to the text of a file.

use proc_macro2::TokenStream;

use crate::printer;

/// Prints a file: the header as comments, then the start of the file, then the code of each item
/// with what it is made from. Empty lines are between all of them.
///
/// # Errors
/// When the tokens are no Rust that the printer knows, which would be a mistake of a generator.
pub(crate) fn file(
    header: &str,
    start: TokenStream,
    items: &[(String, String)],
) -> Result<String, printer::PrintError> {
    let body = printer::print(start)?;
    let mut text = String::from(header);
    if !body.is_empty() && !body.starts_with("//!") && !body.starts_with("#![") {
        text.push('\n');
    }
    text.push_str(&body);
    for (item, code) in items {
        text.push_str("\n// From ");
        text.push_str(item);
        text.push_str(".\n");
        text.push_str(code);
    }
    Ok(text)
}
