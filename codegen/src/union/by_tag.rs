//! Unions whose interfaces carry different literals in one common member.

use std::collections::BTreeSet;

use credwire_schema::type_expr::TypeExpr;
use proc_macro2::TokenStream;
use quote::quote;
use serde_json::json;
use syn::Ident;

use super::{Arm, Frame};
use crate::{
    docs,
    json_schema::{Node, escaped},
    names,
    ty::Inexpressible,
};

/// The member that tells the interfaces apart, and its literal in each of them.
pub(super) struct Tag<'a> {
    member: &'a str,
    literals: Vec<&'a str>,
}

/// The first member by name that is a required literal everywhere, a different one each time.
pub(super) fn tag<'a>(arms: &[Arm<'a>]) -> Option<Tag<'a>> {
    let first = arms.first()?;
    let mut members: Vec<&str> = first.properties.iter().map(|p| p.name.as_str()).collect();
    members.sort_unstable();
    members.into_iter().find_map(|member| {
        let literals: Vec<&str> =
            arms.iter().map(|arm| literal(arm, member)).collect::<Option<_>>()?;
        let mut distinct = literals.clone();
        distinct.sort_unstable();
        distinct.dedup();
        (distinct.len() == literals.len()).then_some(Tag { member, literals })
    })
}

fn literal<'a>(arm: &Arm<'a>, member: &str) -> Option<&'a str> {
    let property = arm.properties.iter().find(|property| property.name == member)?;
    match &property.ty {
        TypeExpr::Literal(literal) if !property.optional && !property.nullable => Some(literal),
        _ => None,
    }
}

/// The schema: any other text in the tag makes an object of an unknown kind.
pub(super) fn node(arms: &[Arm<'_>], tag: &Tag<'_>) -> Node {
    let (member, literals) = (tag.member, &tag.literals);
    // More readers know a pattern than `not`.
    let literals: Vec<String> = literals.iter().map(|literal| escaped(literal)).collect();
    let unknown = json!({"type": "string", "pattern": format!("^(?!({})$)", literals.join("|"))});
    let mut all: Vec<Node> = arms.iter().map(|arm| Node::of(&arm.ty)).collect();
    all.push(Node::having(member, unknown.into()));
    Node::one_of(all, true)
}

/// The enum, with `Unknown` for the tags of a later version of the reference.
pub(super) fn tokens(
    frame: &Frame,
    arms: &[Arm<'_>],
    tag: Tag<'_>,
) -> Result<TokenStream, Inexpressible> {
    if frame.traits.secret {
        // `Unknown` would hold and show what may be a secret.
        return Err(Inexpressible("a tagged union with secrets".to_owned()));
    }
    let mut taken = BTreeSet::from(["Unknown".to_owned()]);
    let distinct = |literal: &&str| names::distinct_variant(literal, &mut taken);
    let variants: Vec<Ident> = tag.literals.iter().map(distinct).collect();
    let Frame { ident, comment, attributes, generics, .. } = frame;
    let (derives, arguments) = (frame.derives(), generics.arguments());
    let (definition, params) = (generics.definition(), generics.deserialize());
    let types: Vec<_> = arms.iter().map(|arm| &arm.held).collect();
    let (member, literals) = (tag.member, &tag.literals);
    let comments = arms.iter().zip(literals).map(|(arm, literal)| {
        docs::comment(&[arm.item.summary.clone(), format!("`{member}` is `\"{literal}\"`.")])
    });
    let tag_fn = names::field(member);
    let tag_comment = docs::comment(&[format!("What `{member}` is on the wire.")]);
    let expected = format!("expected an object with a text in `{member}`");
    let delegate = frame.delegate(
        &variants,
        arms,
        Some((
            quote!(Self::Unknown(value) => serde::Serialize::serialize(value, serializer),),
            quote!(Self::Unknown(_) => {}),
        )),
    );
    let conversions = frame.conversions(&variants, arms);
    Ok(quote! {
        #comment
        #attributes
        #derives
        pub enum #ident #definition {
            #(#comments #variants(#types),)*
            /// Of a kind that this version does not know, with all its members.
            Unknown(serde_json::Value),
        }
        impl #arguments #ident #arguments {
            #tag_comment
            pub fn #tag_fn(&self) -> &str {
                match self {
                    #(Self::#variants(_) => #literals,)*
                    Self::Unknown(value) => {
                        value.get(#member).and_then(serde_json::Value::as_str).unwrap_or_default()
                    }
                }
            }
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
                    if name != #member {
                        let value = members.next_value()?;
                        kept.push((name, value));
                        continue;
                    }
                    let tag: String = members.next_value()?;
                    kept.push((name, serde_json::Value::String(tag.clone())));
                    let members = credwire_core::support::buffered::BufferedMembers::new(kept, None, members);
                    return match tag.as_str() {
                        #(#literals => {
                            let members = serde::de::value::MapAccessDeserializer::new(members);
                            serde::Deserialize::deserialize(members).map(Self::#variants)
                        })*
                        _ => members.into_object().map(Self::Unknown),
                    };
                }
                Err(serde::de::Error::custom(#expected))
            }
        }
        #delegate
        #conversions
    })
}
