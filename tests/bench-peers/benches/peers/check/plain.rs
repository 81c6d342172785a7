//! The generated types with serde's derives in place of all code.

use quote::ToTokens as _;
use syn::{Attribute, Fields, Item, parse_quote};

/// One file with the structs, enums and aliases of these files.
pub(super) fn derives<'a>(files: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut items = Vec::new();
    for (_, text) in files.filter(|(path, _)| path.matches('/').count() == 2) {
        let file = syn::parse_file(text).expect("generated code is Rust");
        items.extend(file.items.into_iter().filter_map(plain));
    }
    let file = syn::File { shebang: None, frontmatter: None, attrs: Vec::new(), items };
    // Plain types have no seals and no units.
    prettyplease::unparse(&file)
        .replace("credwire_core::Secret<String>", "String")
        .replace("credwire_core::EpochMillis", "u64")
        .replace("credwire_core::EpochSeconds", "u64")
        .replace("credwire_core::Millis", "u64")
        .replace("credwire_core::Seconds", "f64")
}

fn plain(item: Item) -> Option<Item> {
    match item {
        Item::Struct(mut item) => {
            attributes(&mut item.attrs);
            item.attrs.push(parse_quote!(#[serde(rename_all = "camelCase")]));
            for field in &mut item.fields {
                if field.ty.to_token_stream().to_string().starts_with("Option") {
                    field
                        .attrs
                        .push(parse_quote!(#[serde(skip_serializing_if = "Option::is_none")]));
                }
            }
            Some(Item::Struct(item))
        }
        Item::Enum(mut item) => {
            attributes(&mut item.attrs);
            let texts = item.variants.iter().any(|variant| variant.fields == Fields::Unit);
            item.attrs.push(if texts {
                parse_quote!(#[serde(rename_all = "kebab-case")])
            } else {
                parse_quote!(#[serde(untagged)])
            });
            for variant in &mut item.variants {
                variant.attrs.retain(|attribute| attribute.path().is_ident("doc"));
                if texts && variant.fields != Fields::Unit {
                    variant.attrs.push(parse_quote!(#[serde(untagged)]));
                }
            }
            Some(Item::Enum(item))
        }
        Item::Type(item) => Some(Item::Type(item)),
        _ => None,
    }
}

fn attributes(attributes: &mut Vec<Attribute>) {
    attributes.retain(|attribute| attribute.path().is_ident("doc"));
    attributes.push(parse_quote!(#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]));
}
