//! `#[derive(Validate)]`.

mod bounds;
mod case;
mod check;
mod expand;
mod pattern;
mod range;
mod rule;
mod serde_attrs;

use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    diagnostic::{Diagnostics, compile_error},
    keywords, parse,
};

/// Expands `#[derive(Validate)] item`.
pub(crate) fn expand(item: TokenStream) -> TokenStream {
    let input = match parse::all(keywords::raw(item)) {
        Ok(input) => input,
        Err(error) => return compile_error(&error),
    };
    let mut diagnostics = Diagnostics::default();
    let checked = check::check(input, &mut diagnostics);
    if diagnostics.is_empty() {
        return expand::expand(&checked);
    }
    let skeleton = checked.krate.is_known().then(|| expand::skeleton(&checked));
    let errors = diagnostics.into_tokens();
    quote!(#skeleton #errors)
}
