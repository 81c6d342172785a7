//! Attribute and derive macros of credwire.

mod args;
mod crate_path;
mod diagnostic;
mod provider;
mod secrecy;
mod suggest;
mod text;

use proc_macro::TokenStream;

/// Turns a struct with an `authenticate` method into a `CredentialProvider`.
#[proc_macro_attribute]
pub fn credential_provider(args: TokenStream, item: TokenStream) -> TokenStream {
    provider::expand(args.into(), item.into()).into()
}
