//! Enumerations of texts and numbers: what TypeScript declares with `enum`, and unions of numbers.

use std::collections::BTreeSet;

use credwire_schema::model::{EnumMember, EnumValue, Item};
use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::json;
use syn::Ident;

use crate::{
    docs,
    emit::Emitted,
    json_schema::{Definition, Node},
    literals, names,
};

/// The enum; numbers that are not listed are kept, since they are often sums of flags.
pub(crate) fn emit(item: &Item, members: &[EnumMember]) -> Emitted {
    let ident = names::ident(&item.rust);
    let (comment, alias) = (docs::item(item, &[]), docs::alias(&item.name, &ident));
    let body = match variants(members) {
        Some(variants) => tokens(&ident, &comment, &alias, &variants),
        // What a computation leaves to the program has no value to tell it by.
        None => quote!(#comment #alias pub type #ident = serde_json::Value;),
    };
    Emitted::new(vec![ident], body)
}

/// The schema of the same type, unless it is another name of any value.
pub(crate) fn definition(item: &Item, members: &[EnumMember]) -> Option<Definition> {
    let variants = variants(members)?;
    let node = {
        let mut known: Vec<serde_json::Value> =
            variants.iter().map(|variant| variant.value.json()).collect();
        known.dedup();
        if variants.iter().any(|variant| matches!(variant.value, Value::Number(_))) {
            let (texts, numbers): (Vec<_>, Vec<_>) =
                known.into_iter().partition(serde_json::Value::is_string);
            let mut alternatives = vec![json!({"type": "integer", "examples": numbers}).into()];
            if !texts.is_empty() {
                alternatives.push(json!({"type": "string", "enum": texts}).into());
            }
            Node::one_of(alternatives, true)
        } else {
            json!({"type": "string", "enum": known}).into()
        }
    };
    Some(Definition { ident: names::ident(&item.rust), params: Vec::new(), node })
}

/// Whether the enum is small and `Copy`.
pub(crate) fn is_copy(members: &[EnumMember]) -> bool {
    variants(members).is_some()
}

struct Variant {
    ident: Ident,
    comment: TokenStream,
    value: Value,
}

enum Value {
    Text(String),
    Number(i64),
}

impl Value {
    fn json(&self) -> serde_json::Value {
        match self {
            Self::Text(text) => json!(text),
            Self::Number(number) => json!(number),
        }
    }

    /// Its pattern, and the call that writes it.
    fn tokens(&self) -> (TokenStream, TokenStream) {
        match self {
            Self::Text(text) => (
                quote!(credwire_core::support::literal::Literal::Text(#text)),
                quote!(serializer.serialize_str(#text)),
            ),
            Self::Number(number) => {
                let number = Literal::i64_unsuffixed(*number);
                (
                    quote!(credwire_core::support::literal::Literal::Number(#number)),
                    quote!(serializer.serialize_i64(#number)),
                )
            }
        }
    }
}

/// The variants, one for each value; none where a value is not known or no whole number.
fn variants(members: &[EnumMember]) -> Option<Vec<Variant>> {
    let mut all: Vec<Variant> = Vec::new();
    let mut taken = BTreeSet::from(["Other".to_owned()]);
    for member in members {
        let value = match member.value.as_ref()? {
            EnumValue::Text(text) => Value::Text(text.clone()),
            EnumValue::Number(number) => Value::Number(whole(number)?),
        };
        if all.iter().any(|known| known.value.json() == value.json()) {
            continue;
        }
        let ident = names::distinct_variant(&member.name, &mut taken);
        let shown = value.json();
        let comment = docs::comment(&[
            member.summary.clone(),
            format!("`{shown}` on the wire; `{}` of the source.", member.name),
        ]);
        all.push(Variant { ident, comment, value });
    }
    (!all.is_empty()).then_some(all)
}

fn whole(number: &serde_json::Number) -> Option<i64> {
    #[allow(clippy::cast_possible_truncation, reason = "compared with what it was")]
    number.as_i64().or_else(|| {
        let float = number.as_f64()?;
        #[allow(clippy::cast_precision_loss, reason = "compared with what it was")]
        ((float as i64) as f64 == float).then_some(float as i64)
    })
}

fn tokens(
    ident: &Ident,
    comment: &TokenStream,
    alias: &TokenStream,
    variants: &[Variant],
) -> TokenStream {
    let names: Vec<&Ident> = variants.iter().map(|variant| &variant.ident).collect();
    let comments = variants.iter().map(|variant| &variant.comment);
    let (patterns, writes): (Vec<_>, Vec<_>) =
        variants.iter().map(|variant| variant.value.tokens()).unzip();
    let is_open = variants.iter().any(|variant| matches!(variant.value, Value::Number(_)));
    let other = is_open.then(|| {
        quote! {
            /// Any other number, such as a sum of flags.
            Other(i64),
        }
    });
    let read_other = is_open.then(|| {
        quote!(credwire_core::support::literal::Literal::Number(number) => Some(Self::Other(number)),)
    });
    let rest = if is_open {
        quote!(credwire_core::support::literal::Literal::Text(_) => None,)
    } else {
        quote!(_ => None,)
    };
    let write_other =
        is_open.then(|| quote!(Self::Other(number) => serializer.serialize_i64(*number),));
    let shown = variants.iter().map(|variant| match &variant.value {
        Value::Text(text) => text.clone(),
        Value::Number(number) => number.to_string(),
    });
    let show_other = is_open.then(|| quote!(Self::Other(number) => write!(f, "{number}"),));
    let no_rules = literals::no_rules(ident);
    quote! {
        #comment
        #alias
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum #ident {
            #(#comments #names,)*
            #other
        }
        impl std::fmt::Display for #ident {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self {
                    #(Self::#names => f.write_str(#shown),)*
                    #show_other
                }
            }
        }
        impl serde::Serialize for #ident {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    #(Self::#names => #writes,)*
                    #write_other
                }
            }
        }
        impl<'de> serde::Deserialize<'de> for #ident {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                credwire_core::support::literal::read(
                    deserializer,
                    "expected a value of the enumeration",
                    |literal| match literal {
                        #(#patterns => Some(Self::#names),)*
                        #read_other
                        #rest
                    },
                )
            }
        }
        #no_rules
    }
}
