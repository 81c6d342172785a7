//! Schemas as `schemars` impls, behind the feature of that name.

use proc_macro2::{Literal, TokenStream, TokenTree};
use quote::quote;
use serde_json::Value;
use syn::Ident;

use super::{Definition, ItemSchemas, Node, node};
use crate::{
    emit::{Keep, SourceFile},
    layout,
};

/// The module with the impls.
pub(crate) fn file(all: &[ItemSchemas], keep: &Keep<'_>) -> SourceFile {
    let mut all: Vec<&ItemSchemas> = all.iter().collect();
    all.sort_by_key(|schemas| schemas.definitions.first().map(|own| &own.ident));
    let mut is_with_called = false;
    let impls = |schemas: &ItemSchemas| {
        let tokens: TokenStream = schemas.definitions.iter().map(tokens).collect();
        is_with_called = is_with_called || calls_with(&tokens);
        (schemas.item.clone(), keep.text(tokens))
    };
    let (anything, of): (String, Value) = node::anything();
    let of = leaf(&of);
    let items = all.into_iter().map(impls).collect();
    // A function that nothing calls is a warning of the compiler.
    let with = is_with_called.then(|| {
        quote! {
            /// The schema with one more keyword.
            fn with(mut schema: schemars::Schema, keyword: &str, value: &str) -> schemars::Schema {
                if schema.as_bool() == Some(true) {
                    schema = schemars::json_schema!({ #anything: #of });
                }
                schema.insert(keyword.to_owned(), value.into());
                schema
            }
        }
    });
    SourceFile {
        path: layout::source("json_schema"),
        source: "codegen/src/json_schema.rs".to_owned(),
        start: quote! {
            #![doc = " The schemas of `json-schema/` as `schemars` impls."]
            #with
        },
        items,
    }
}

/// Whether the code calls `with`.
fn calls_with(tokens: &TokenStream) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(name) => name == "with",
        TokenTree::Group(group) => calls_with(&group.stream()),
        _ => false,
    })
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
        Node::Object(members) => members.iter().any(|(_, node)| asks(node)),
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
                quote!(with(#schema, #keyword, #value))
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
