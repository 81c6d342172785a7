//! The generated Rust of a symbol, or of one of its members.

use credwire_codegen::{CrateOptions, names, printer};
use credwire_schema::model::{Item, Schema, Shape};
use proc_macro2::TokenStream;
use syn::{Ident, ext::IdentExt as _};

use super::{Explanation, Snippet};

/// Adds what is generated for an item, or why nothing is.
pub(super) fn explain(
    schema: &Schema,
    item: &Item,
    options: &CrateOptions,
    explanation: &mut Explanation,
) {
    let output = match credwire_codegen::render_with(schema, options) {
        Ok(output) => output,
        Err(problems) => {
            explanation.left_out = problems.into_iter().map(|problem| problem.message).collect();
            return;
        }
    };
    if let Some(problems) = output.left_out().get(&item.name) {
        let reasons = problems.iter().map(|problem| problem.message.clone());
        explanation.left_out = reasons.collect();
    }
    for code in output.code(&item.name) {
        let Ok(file) = syn::parse_file(code.text) else { continue };
        let items = match &explanation.member {
            None => file.items.into_iter().filter(is_definition).collect(),
            Some(member) => about(file.items, item, member),
        };
        if !items.is_empty() {
            explanation.rust.push(Snippet { file: code.file.to_owned(), code: text_of(items) });
        }
    }
    if let Some((path, text)) =
        output.files().iter().find(|(path, _)| *path == credwire_codegen::SDK_FILE)
        && let Some(code) = of_sdk(text, item)
    {
        explanation.rust.push(Snippet { file: path.to_owned(), code });
    }
    if explanation.rust.is_empty() && explanation.left_out.is_empty() {
        explanation.left_out.push("no Rust of its own comes of it".to_owned());
    }
}

/// What functions and constants add to the trait of the SDK.
fn of_sdk(text: &str, item: &Item) -> Option<String> {
    if !matches!(item.shape, Shape::Function { .. } | Shape::Variable { .. }) {
        return None;
    }
    // The documented name is the method's own, or an alias of it.
    let is_of_item = |ident: &Ident, attributes: &[syn::Attribute]| {
        let alias = attributes.iter().any(|attribute| match &attribute.meta {
            syn::Meta::List(list) if list.path.is_ident("doc") => {
                list.tokens.to_string().contains(&format!("{:?}", item.name))
            }
            _ => false,
        });
        alias || ident.unraw() == item.name
    };
    let mut found = Vec::new();
    for known in syn::parse_file(text).ok()?.items {
        let syn::Item::Trait(mut made) = known else { continue };
        made.items.retain(|known| match known {
            syn::TraitItem::Fn(known) => is_of_item(&known.sig.ident, &known.attrs),
            syn::TraitItem::Const(known) => is_of_item(&known.ident, &known.attrs),
            _ => false,
        });
        if !made.items.is_empty() {
            // The other members are not what was asked for.
            made.attrs.clear();
            made.supertraits.clear();
            made.colon_token = None;
            found.push(syn::Item::Trait(made));
        }
    }
    (!found.is_empty()).then(|| text_of(found))
}

fn text_of(items: Vec<syn::Item>) -> String {
    let tokens: TokenStream = items.iter().map(quote::ToTokens::to_token_stream).collect();
    // What was printed once is printed again.
    printer::print(tokens.clone()).unwrap_or_else(|_| tokens.to_string())
}

fn is_definition(item: &syn::Item) -> bool {
    !matches!(item, syn::Item::Impl(_) | syn::Item::Use(_) | syn::Item::Mod(_))
}

/// The definitions around a member, without everything else in them.
fn about(items: Vec<syn::Item>, item: &Item, member: &str) -> Vec<syn::Item> {
    let (owner, name) = match member.rsplit_once('.') {
        // A nested member belongs to the type of its parent; a literal may have dots of its own.
        Some((parents, name)) => {
            let parents: String = parents.split('.').map(names::pascal).collect();
            (format!("{}{parents}", item.rust), name)
        }
        None => (item.rust.clone(), member),
    };
    let variant = names::variant(member);
    let stem = names::snake(name.trim_end_matches('$'));
    let is_function = |ident: &Ident| {
        let ident = ident.unraw().to_string();
        ["", "with_", "set_", "can_"].iter().any(|before| ident == format!("{before}{stem}"))
            || ident == format!("{stem}_stream")
    };
    let is_field = |field: &syn::Field| field.ident.as_ref().is_some_and(&is_function);
    let mut found = Vec::new();
    for item in items {
        match item {
            syn::Item::Struct(mut made) if made.ident == owner => {
                let syn::Fields::Named(fields) = &mut made.fields else { continue };
                fields.named =
                    std::mem::take(&mut fields.named).into_iter().filter(is_field).collect();
                if !fields.named.is_empty() {
                    found.push(syn::Item::Struct(made));
                }
            }
            syn::Item::Enum(mut made) => {
                made.variants = std::mem::take(&mut made.variants)
                    .into_iter()
                    .filter(|known| known.ident == variant)
                    .collect();
                if !made.variants.is_empty() {
                    found.push(syn::Item::Enum(made));
                }
            }
            syn::Item::Trait(mut made) => {
                made.items.retain(|known| {
                    matches!(known, syn::TraitItem::Fn(known) if is_function(&known.sig.ident))
                });
                if !made.items.is_empty() {
                    found.push(syn::Item::Trait(made));
                }
            }
            syn::Item::Impl(mut made) if made.trait_.is_none() => {
                let of_owner = matches!(&*made.self_ty, syn::Type::Path(of)
                    if of.path.segments.last().is_some_and(|last| last.ident == owner));
                made.items.retain(|known| {
                    matches!(known, syn::ImplItem::Fn(known) if is_function(&known.sig.ident))
                });
                if of_owner && !made.items.is_empty() {
                    found.push(syn::Item::Impl(made));
                }
            }
            _ => {}
        }
    }
    found
}
