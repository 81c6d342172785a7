//! Unions whose interfaces forbid each other's distinctive member.

use credwire_schema::type_expr::TypeExpr;
use proc_macro2::TokenStream;
use quote::quote;
use serde_json::json;
use syn::Ident;

use super::{Arm, Frame};
use crate::{
    docs,
    json_schema::{Node, keywords},
    names,
    ty::Inexpressible,
};

/// The enum; which member is there decides, and an object with none of them is refused.
pub(super) fn tokens(frame: &Frame, arms: &[Arm<'_>]) -> Result<TokenStream, Inexpressible> {
    let markers: Vec<&str> = arms
        .iter()
        .map(|arm| {
            marker(arm, arms).ok_or_else(|| {
                Inexpressible(format!(
                    "a union in which nothing tells `{}` from the others: neither a literal nor a \
                     member that the others forbid",
                    arm.item.name
                ))
            })
        })
        .collect::<Result<_, _>>()?;
    let variants = variants(arms);
    let Frame { ident, comment, attributes, generics, .. } = frame;
    let (derives, arguments) = (frame.derives(), generics.arguments());
    let (definition, params) = (generics.definition(), generics.deserialize());
    let types: Vec<_> = arms.iter().map(|arm| &arm.held).collect();
    let comments = arms.iter().zip(&markers).map(|(arm, marker)| {
        docs::comment(&[arm.item.summary.clone(), format!("Has the member `{marker}`.")])
    });
    let shown: Vec<String> = markers.iter().map(|marker| format!("`{marker}`")).collect();
    let neither = format!("expected one of the members {}", shown.join(", "));
    let delegate = frame.delegate(&variants, arms, None);
    let conversions = frame.conversions(&variants, arms);
    Ok(quote! {
        #comment
        #attributes
        #derives
        pub enum #ident #definition {
            #(#comments #variants(#types)),*
        }
        impl #params serde::Deserialize<'de> for #ident #arguments {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                credwire_core::support::object::read_members(deserializer)
            }
        }
        impl #params credwire_core::support::object::FromMembers<'de> for #ident #arguments {
            fn from_members<Members: serde::de::MapAccess<'de>>(mut members: Members) -> Result<Self, Members::Error> {
                let mut kept = Vec::new();
                while let Some(name) = members.next_key::<String>()? {
                    match name.as_str() {
                        #(#markers => {
                            let members = credwire_core::support::buffered::BufferedMembers::new(kept, Some(name), members);
                            let members = serde::de::value::MapAccessDeserializer::new(members);
                            return serde::Deserialize::deserialize(members).map(Self::#variants);
                        })*
                        _ => {
                            let value = members.next_value()?;
                            kept.push((name, value));
                        }
                    }
                }
                Err(serde::de::Error::custom(#neither))
            }
        }
        #delegate
        #conversions
    })
}

/// The schema: each interface with the member that tells it.
pub(super) fn node(arms: &[Arm<'_>]) -> Option<Node> {
    let each = arms.iter().map(|arm| {
        let present = Node::having(marker(arm, arms)?, json!(true).into());
        Some(keywords([("allOf", Node::List(vec![Node::of(&arm.ty), present]))]))
    });
    let each: Vec<Node> = each.collect::<Option<_>>()?;
    Some(Node::one_of(each, true))
}

/// The first member that this interface may have and all others forbid.
fn marker<'a>(arm: &Arm<'a>, arms: &[Arm<'_>]) -> Option<&'a str> {
    let forbids = |other: &Arm<'_>, name: &str| {
        other.properties.iter().any(|property| property.name == name && is_forbidden(&property.ty))
    };
    arm.properties
        .iter()
        .filter(|property| !is_forbidden(&property.ty))
        .map(|property| property.name.as_str())
        .find(|name| {
            arms.iter()
                .filter(|other| other.item.name != arm.item.name)
                .all(|other| forbids(other, name))
        })
}

fn is_forbidden(ty: &TypeExpr) -> bool {
    matches!(ty, TypeExpr::Never | TypeExpr::Undefined)
}

/// The names of the interfaces without the words that all of them begin or end with.
fn variants(arms: &[Arm<'_>]) -> Vec<Ident> {
    let names: Vec<Vec<String>> = arms
        .iter()
        .map(|arm| names::snake(&arm.item.rust).split('_').map(str::to_owned).collect())
        .collect();
    let shared = |same: &dyn Fn(&[String], usize) -> Option<String>| {
        let mut count = 0;
        while let Some(first) = names.first().and_then(|words| same(words, count)) {
            let all = names.iter().all(|words| {
                words.len() > count + 1 && same(words, count).as_ref() == Some(&first)
            });
            if !all {
                break;
            }
            count += 1;
        }
        count
    };
    let before = shared(&|words, index| words.get(index).cloned());
    let after = shared(&|words, index| words.iter().rev().nth(index).cloned());
    arms.iter()
        .zip(&names)
        .map(|(arm, words)| {
            let end = words.len().saturating_sub(after);
            match words.get(before..end) {
                Some(own) if !own.is_empty() => names::ident(&names::pascal(&own.join("_"))),
                _ => names::ident(&arm.item.rust),
            }
        })
        .collect()
}
