//! From tokens to text.

use proc_macro2::TokenStream;

/// Prints a file: the header as comments, then the items with an empty line between them.
///
/// # Errors
/// When the tokens are no Rust file, which would be a mistake of a generator.
pub(crate) fn file(header: &str, tokens: TokenStream) -> Result<String, syn::Error> {
    let file: syn::File = syn::parse2(tokens)?;
    let mut text = String::from(header);
    if !file.attrs.is_empty() {
        text.push_str(&unparse(file.attrs, Vec::new()));
    }
    let mut previous = None;
    for item in file.items {
        let kind = std::mem::discriminant(&item);
        let grouped = matches!(item, syn::Item::Mod(_) | syn::Item::Use(_));
        if !(grouped && previous == Some(kind)) {
            text.push('\n');
        }
        previous = Some(kind);
        text.push_str(&unparse(Vec::new(), vec![item]));
    }
    Ok(text)
}

fn unparse(attrs: Vec<syn::Attribute>, items: Vec<syn::Item>) -> String {
    prettyplease::unparse(&syn::File { shebang: None, frontmatter: None, attrs, items })
}
