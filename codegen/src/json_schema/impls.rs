//! Schemas as `schemars` impls, behind the feature of that name.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::Value;
use syn::Ident;

use super::{Definition, ItemSchemas, Node};
use crate::{emit::Tie, names};

/// The files with the impls, each with the item it is made from where there is one.
pub(crate) fn ties(all: &[ItemSchemas]) -> Vec<Tie> {
    let mut ties = Vec::new();
    let mut stems: Vec<Ident> = Vec::new();
    for schemas in all {
        let impls = schemas.definitions.iter().map(tokens);
        stems.push(names::ident(&schemas.stem));
        ties.push(Tie {
            path: format!("src/json_schema/{}.rs", schemas.stem),
            source: format!("codegen/src/json_schema.rs from {}", schemas.item),
            tokens: quote!(#(#impls)*),
        });
    }
    stems.sort();
    ties.push(Tie {
        path: "src/json_schema.rs".to_owned(),
        source: "codegen/src/json_schema.rs".to_owned(),
        tokens: quote! {
            #![doc = " The schemas of `json-schema/` as `schemars` impls."]
            #(mod #stems;)*
            /// The schema with one more keyword.
            fn with(mut schema: schemars::Schema, keyword: &str, value: &str) -> schemars::Schema {
                schema.insert(keyword.to_owned(), value.into());
                schema
            }
        },
    });
    ties
}

fn tokens(definition: &Definition) -> TokenStream {
    let Definition { ident, params, node } = definition;
    let params: Vec<&Ident> = params.iter().map(|(param, _)| param).collect();
    let base = ident.to_string();
    let (name, id) = if params.is_empty() {
        (quote!(#base.into()), quote!(concat!(module_path!(), "::", #base).into()))
    } else {
        let format = format!("{base}_for_{}", vec!["{}"; params.len()].join("_and_"));
        let id = format!("{{}}::{base}<{}>", vec!["{}"; params.len()].join(","));
        (
            quote!(format!(#format, #(#params::schema_name()),*).into()),
            quote!(format!(#id, module_path!(), #(#params::schema_id()),*).into()),
        )
    };
    let (generics, arguments) = if params.is_empty() {
        (TokenStream::new(), TokenStream::new())
    } else {
        (quote!(<#(#params: schemars::JsonSchema),*>), quote!(<#(#params),*>))
    };
    let schema = json(node);
    // What is made of keywords alone needs no generator.
    let generator = if asks(node) { quote!(generator) } else { quote!(_generator) };
    quote! {
        impl #generics schemars::JsonSchema for crate::#ident #arguments {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                #name
            }
            fn schema_id() -> std::borrow::Cow<'static, str> {
                #id
            }
            fn json_schema(#generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!(#schema)
            }
        }
    }
}

/// Whether a part of the schema is that of another type.
fn asks(node: &Node) -> bool {
    match node {
        Node::Leaf(_) => false,
        Node::List(items) => items.iter().any(asks),
        Node::Object(members) => members.values().any(asks),
        Node::Type(..) => true,
    }
}

/// The node in the syntax of `json!`.
fn json(node: &Node) -> TokenStream {
    match node {
        Node::Leaf(value) => leaf(value),
        Node::List(items) => {
            let items = items.iter().map(json);
            quote!([#(#items),*])
        }
        Node::Object(members) => {
            let members = members.iter().map(|(keyword, node)| {
                let node = json(node);
                quote!(#keyword: #node)
            });
            quote!({#(#members),*})
        }
        Node::Type(ty, more) => {
            let schema = quote!(generator.subschema_for::<#ty>());
            more.iter().fold(schema, |schema, (keyword, value)| {
                let value = leaf(value);
                quote!(super::with(#schema, #keyword, #value))
            })
        }
    }
}

fn leaf(value: &Value) -> TokenStream {
    match value {
        Value::Null => quote!(null),
        Value::Bool(value) => quote!(#value),
        Value::String(text) => quote!(#text),
        Value::Number(number) => match number.as_i64() {
            Some(whole) if whole < 0 => {
                let whole = Literal::u64_suffixed(whole.unsigned_abs());
                quote!(-(#whole as i64))
            }
            Some(whole) => {
                let whole = Literal::i64_suffixed(whole);
                quote!(#whole)
            }
            None => {
                let number = Literal::f64_suffixed(number.as_f64().unwrap_or_default());
                quote!(#number)
            }
        },
        Value::Array(_) | Value::Object(_) => json(&Node::from(value.clone())),
    }
}
