//! Wire data: structs with serde, constructors and validation.

mod build;
pub(crate) mod decode;
mod describe;
mod encode;
mod plan;
mod validate;

use credwire_schema::model::{Item, Members, Property};
use proc_macro2::TokenStream;
use quote::quote;

use self::plan::{Local, Record};
use crate::{
    context::Context,
    docs,
    emit::{Emitted, Problems},
    json_schema::Definition,
    ty::Ty,
};

/// The struct of an interface, and the types of its inline members.
pub(crate) fn emit(
    cx: &Context<'_>,
    item: &Item,
    members: &Members,
    problems: &mut Problems,
) -> Option<Emitted> {
    Some(emitted(plan::Plan::new(cx, item, members, problems)?))
}

fn emitted(plan: plan::Plan) -> Emitted {
    let mut emitted = Emitted::default();
    for record in &plan.records {
        emitted.exports.push(record.ident.clone());
        emitted.body.extend(record_tokens(record));
    }
    plan.nested.emit(&mut emitted);
    emitted
}

/// The schemas of the same types.
pub(crate) fn definitions(
    cx: &Context<'_>,
    item: &Item,
    members: &Members,
    problems: &mut Problems,
) -> Option<Vec<Definition>> {
    let plan = plan::Plan::new(cx, item, members, problems)?;
    let mut all: Vec<Definition> = plan.records.iter().map(describe::definition).collect();
    all.extend(plan.nested.definitions());
    Some(all)
}

fn record_tokens(record: &Record) -> TokenStream {
    let definition = definition(record);
    let build = build::tokens(record);
    let validate = validate::tokens(record);
    if !record.traits.on_wire() {
        let default = default(record);
        return quote!(#definition #build #default #validate);
    }
    let encode = encode::tokens(record);
    let decode = decode::tokens(record);
    quote!(#definition #build #encode #decode #validate)
}

fn definition(record: &Record) -> TokenStream {
    let Record { ident, generics, .. } = record;
    let comment = &record.comment;
    let alias = &record.alias;
    let mut derives = vec![quote!(Clone), quote!(Debug)];
    // Without members there is one value.
    let is_default = record.traits.default || record.fields.is_empty();
    if is_default && record.traits.on_wire() {
        derives.push(quote!(Default));
    }
    derives.push(quote!(PartialEq));
    if !record.traits.float && record.traits.on_wire() {
        derives.push(quote!(Eq));
    }
    let derived = encode::is_derived(record);
    if derived {
        derives.push(quote!(serde::Serialize));
    }
    let fields = record.fields.iter().map(|field| {
        let comment = docs::comment(&field.docs);
        let alias = docs::alias(&field.wire, &field.ident);
        let serde = derived.then(|| encode::attributes(field));
        let (name, ty) = (&field.ident, field.stored());
        quote!(#comment #alias #serde pub #name: #ty)
    });
    let local = record.local.iter().map(|Local { ident, ty, docs }| {
        let comment = docs::comment(docs);
        let serde = derived.then(|| quote!(#[serde(skip)]));
        quote!(#comment #serde pub #ident: Option<#ty>)
    });
    let rest = record.rest.iter().map(|(name, ty)| {
        let comment = docs::comment(&["Further members, by name.".to_owned()]);
        let serde = derived.then(|| quote!(#[serde(flatten)]));
        quote!(#comment #serde pub #name: std::collections::BTreeMap<String, #ty>)
    });
    let marker = record.marker().map(|marker| {
        let serde = derived.then(|| quote!(#[serde(skip)]));
        quote!(#serde _marker: #marker)
    });
    let fields = fields.chain(rest).chain(local).chain(marker);
    let generics = generics.definition();
    quote! {
        #comment
        #alias
        #[derive(#(#derives),*)]
        #[non_exhaustive]
        pub struct #ident #generics {
            #(#fields),*
        }
    }
}

/// A derive would ask for a default of the platform and of all it brings.
fn default(record: &Record) -> TokenStream {
    if !record.traits.default && !record.fields.is_empty() {
        return TokenStream::new();
    }
    let Record { ident, generics, .. } = record;
    let (params, arguments) = (generics.parameters(), generics.arguments());
    quote! {
        impl #params Default for #ident #arguments {
            fn default() -> Self {
                Self::new()
            }
        }
    }
}

/// The struct `rust` of an object type that a signature spells out, and the types inside it.
pub(crate) fn inline(
    cx: &Context<'_>,
    item: &Item,
    rust: &str,
    path: &str,
    property: &Property,
    problems: &mut Problems,
) -> Option<(Ty, Emitted)> {
    let (plan, ty) = plan::Plan::inline(cx, item, rust, path, property, problems)?;
    Some((ty, emitted(plan)))
}
