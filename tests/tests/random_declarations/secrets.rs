//! Text that is named like a secret and stands in the generated code as it is.
//!
//! Read from the code, not from the schema: what counts is what a program can print.

use std::collections::BTreeMap;

use credwire_core::secrecy::names_secret_text;
use syn::{Attribute, Fields, FnArg, GenericArgument, Item, Pat, PathArguments, TraitItem, Type};

/// The fields and parameters in the files of a module that hold such text.
pub(crate) fn in_clear<'a>(files: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<String> {
    let files: Vec<(&str, syn::File)> = files
        .filter(|(path, _)| path.ends_with(".rs"))
        .map(|(path, text)| {
            (path, syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}: {text}")))
        })
        .collect();
    let mut aliases = BTreeMap::new();
    for (_, file) in &files {
        visit(&file.items, &mut |item| {
            if let Item::Type(alias) = item {
                aliases.insert(alias.ident.to_string(), (*alias.ty).clone());
            }
        });
    }
    let mut found = Vec::new();
    for (path, file) in &files {
        visit(&file.items, &mut |item| {
            let mut judge = |of: &dyn std::fmt::Display, name: &str, ty: &Type| {
                if names_secret_text(name) && is_text(ty, &aliases, 8) {
                    found.push(format!("{path}: {of}.{name}"));
                }
            };
            match item {
                Item::Struct(of) => {
                    if let Fields::Named(fields) = &of.fields {
                        for field in &fields.named {
                            let rust = field.ident.as_ref().unwrap().to_string();
                            let name = renamed(&field.attrs).unwrap_or(rust);
                            judge(&of.ident, &name, &field.ty);
                        }
                    }
                }
                Item::Trait(of) => {
                    for member in &of.items {
                        let TraitItem::Fn(member) = member else { continue };
                        for input in &member.sig.inputs {
                            if let FnArg::Typed(input) = input
                                && let Pat::Ident(name) = &*input.pat
                            {
                                judge(
                                    &format!("{}.{}", of.ident, member.sig.ident),
                                    &name.ident.to_string(),
                                    &input.ty,
                                );
                            }
                        }
                    }
                }
                _ => {}
            }
        });
    }
    found
}

fn visit<'a>(items: &'a [Item], each: &mut dyn FnMut(&'a Item)) {
    for item in items {
        each(item);
        if let Item::Mod(module) = item
            && let Some((_, items)) = &module.content
        {
            visit(items, each);
        }
    }
}

/// The name on the wire.
fn renamed(attributes: &[Attribute]) -> Option<String> {
    let mut name = None;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        let _ = attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("rename") {
                name = Some(meta.value()?.parse::<syn::LitStr>()?.value());
            } else if meta.input.peek(syn::Token![=]) {
                meta.value()?.parse::<syn::Lit>()?;
            }
            Ok(())
        });
    }
    name
}

/// Whether a value of the type is text or bytes, or holds nothing else, in clear.
fn is_text(ty: &Type, aliases: &BTreeMap<String, Type>, depth: usize) -> bool {
    match ty {
        Type::Reference(of) => is_text(&of.elem, aliases, depth),
        Type::Tuple(of) => {
            !of.elems.is_empty() && of.elems.iter().all(|ty| is_text(ty, aliases, depth))
        }
        Type::Path(of) => {
            let last = of.path.segments.last().unwrap();
            let name = last.ident.to_string();
            let held = match &last.arguments {
                PathArguments::AngleBracketed(arguments) => {
                    arguments.args.iter().rev().find_map(|argument| match argument {
                        GenericArgument::Type(ty) => Some(ty),
                        _ => None,
                    })
                }
                _ => None,
            };
            // Names of a platform are those of others.
            let first = of.path.segments[0].ident.to_string();
            if matches!(first.as_str(), "P" | "S" | "Self") && of.path.segments.len() > 1 {
                return false;
            }
            match (name.as_str(), held) {
                ("Option" | "Vec" | "Box" | "BTreeMap", Some(held)) => {
                    is_text(held, aliases, depth)
                }
                ("String" | "str", None) => {
                    of.path.segments.len() != 2 || of.path.segments[0].ident != "crate"
                }
                ("Bytes", None) => of.path.segments[0].ident == "credwire_core",
                (_, None) => {
                    depth > 0
                        && aliases.get(&name).is_some_and(|ty| is_text(ty, aliases, depth - 1))
                }
                _ => false,
            }
        }
        _ => false,
    }
}
