//! What kind of Rust a name stands for.

use std::fmt;

use serde::Serialize;

use crate::{emit::Code, generator::Part};

/// A Rust item that comes of a documented one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Made {
    /// Its kind as Rust spells it: `struct`, `enum`, `trait`, `type`, `const`, `fn`.
    pub kind: &'static str,
    /// Its name; of a member of the trait `Sdk`, with that trait.
    pub name: String,
}

impl fmt::Display for Made {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.name)
    }
}

/// What the code of an item exports, and what it adds to the trait `Sdk`.
pub(crate) fn of(part: &Part) -> Vec<Made> {
    // Code that cannot be read is a fault of the generator, which writing it tells.
    let file = match &part.code {
        Code::Tokens(tokens) => syn::parse2::<syn::File>(tokens.clone()).ok(),
        Code::Text(text) => text.as_ref().ok().and_then(|text| syn::parse_file(text).ok()),
    };
    let items = file.map_or(Vec::new(), |file| file.items);
    let kind = |name: &syn::Ident| items.iter().find_map(|item| kind_of(item, name));
    let exports = part
        .exports
        .iter()
        .map(|name| Made { kind: kind(name).unwrap_or("item"), name: name.to_string() });
    let members = part.sdk.iter().map(|(name, tokens)| Made {
        kind: if syn::parse2::<syn::TraitItemConst>(tokens.clone()).is_ok() {
            "const"
        } else {
            "fn"
        },
        name: format!("Sdk::{name}"),
    });
    exports.chain(members).collect()
}

fn kind_of(item: &syn::Item, name: &syn::Ident) -> Option<&'static str> {
    let (kind, ident) = match item {
        syn::Item::Struct(item) => ("struct", &item.ident),
        syn::Item::Enum(item) => ("enum", &item.ident),
        syn::Item::Trait(item) => ("trait", &item.ident),
        syn::Item::Type(item) => ("type", &item.ident),
        syn::Item::Const(item) => ("const", &item.ident),
        syn::Item::Fn(item) => ("fn", &item.sig.ident),
        _ => return None,
    };
    (ident == name).then_some(kind)
}
