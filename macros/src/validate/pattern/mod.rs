//! `pattern("..")`: a regular expression that becomes a table when the program is compiled.
//!
//! [`syntax`] reads it into a tree, [`automaton`] makes the deterministic automaton of the tree, which
//! decides in one step for each character. What the syntax leaves out needs a crate: `pattern(REGEX)`.

mod automaton;
mod syntax;
#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;
use quote::quote;
use syn::LitStr;

use crate::diagnostic::{Code, Diagnostics};
pub(super) use automaton::Automaton;

/// Compiles a literal; reports one that cannot be.
pub(super) fn compile(literal: &LitStr, diagnostics: &mut Diagnostics) -> Option<Automaton> {
    let compiled = syntax::parse(&literal.value()).and_then(|tree| Automaton::of(&tree));
    match compiled {
        Ok(automaton) => Some(automaton),
        Err(why) => {
            diagnostics.report(
                Code::InvalidArgument,
                literal,
                format!("this pattern cannot be compiled: {why}"),
                "correct it, or name a `Regex` of a crate in a `LazyLock`: `pattern(REGEX)`",
            );
            None
        }
    }
}

impl Automaton {
    /// The automaton as a constant of the type `support::Automaton`.
    pub(super) fn tokens(&self, support: &TokenStream) -> TokenStream {
        let (starts, classes): (Vec<u32>, Vec<u16>) = self.classes.iter().copied().unzip();
        let (width, table, ends) = (self.width, &self.table, &self.ends);
        quote! {
            #support::Automaton::new(
                &[#(#starts),*],
                &[#(#classes),*],
                #width,
                &[#(#table),*],
                &[#(#ends),*],
            )
        }
    }
}
