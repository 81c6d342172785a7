//! Unions of unlike types, `string | string[]`: enums with a variant for each type.

use credwire_schema::{model::Property, type_expr::TypeExpr};
use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use crate::{
    context::Context,
    docs,
    generics::Generics,
    json_schema::{Definition, Node, keywords},
    names,
    ty::{Inexpressible, Traits, Ty},
    types, wire_type,
};

/// The enum of a union.
pub(crate) struct Choice {
    pub(crate) ident: Ident,
    comment: TokenStream,
    variants: Vec<(Ident, Ty)>,
    traits: Traits,
}

impl Choice {
    /// The enum `ident` for a member whose type is a union.
    ///
    /// # Errors
    /// Types that the wire cannot tell apart, and types without a Rust form.
    pub(crate) fn new(
        cx: &Context<'_>,
        ident: Ident,
        path: &str,
        property: &Property,
    ) -> Result<Self, Inexpressible> {
        let unlike = || Inexpressible(format!("type `{}`", property.ty));
        let TypeExpr::Union(arms) = &property.ty else { return Err(unlike()) };
        let mut variants: Vec<(Ident, Ty)> = Vec::new();
        for arm in arms {
            let ty = types::of_type(cx, arm, property.unit)?;
            let name = variant(&ty).ok_or_else(unlike)?;
            if variants.iter().any(|(other, _)| *other == name) {
                return Err(unlike());
            }
            variants.push((name, ty));
        }
        let mut traits = Traits::default();
        let mut kinds = Vec::new();
        for (_, ty) in &variants {
            let one = ty.traits();
            traits.secret |= one.secret;
            traits.float |= one.float;
            traits.platform |= one.platform;
            traits.sdk |= one.sdk;
            traits.stream |= one.stream;
            traits.checked |= one.checked;
            kinds.push(kind(ty));
        }
        kinds.sort_unstable();
        kinds.dedup();
        // On the wire the kind of JSON must tell which one it is.
        if traits.on_wire() && (kinds.len() < variants.len() || kinds.contains(&Kind::Any)) {
            return Err(unlike());
        }
        if traits.secret {
            return Err(Inexpressible(format!("type `{}`, which holds a secret", property.ty)));
        }
        variants.sort_by(|a, b| a.0.cmp(&b.0));
        let comment = docs::comment(&[format!("The values of `{path}`.")]);
        Ok(Self { ident, comment, variants, traits })
    }

    /// The schema of this enum.
    pub(crate) fn definition(&self) -> Definition {
        let arms = self.variants.iter().map(|(_, ty)| Node::of(ty)).collect();
        Definition {
            ident: self.ident.clone(),
            params: Vec::new(),
            node: keywords([("anyOf", Node::List(arms))]),
        }
    }

    /// The type that names this enum.
    pub(crate) fn ty(&self) -> Ty {
        let args = self.traits.platform.then(|| Ty::Param(names::platform())).into_iter().collect();
        Ty::Named { ident: self.ident.clone(), args, traits: self.traits }
    }
}

/// What JSON makes of a type.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Text,
    Bool,
    Number,
    Array,
    Object,
    Any,
}

fn kind(ty: &Ty) -> Kind {
    match ty {
        Ty::Text | Ty::Secret => Kind::Text,
        Ty::Bool => Kind::Bool,
        Ty::Float | Ty::Count | Ty::EpochMillis | Ty::EpochSeconds | Ty::Millis | Ty::Seconds => {
            Kind::Number
        }
        Ty::List(_) => Kind::Array,
        Ty::Dict(_) | Ty::JsonObject => Kind::Object,
        Ty::Named { traits, .. } if traits.object => Kind::Object,
        Ty::Named { .. } | Ty::Json | Ty::Param(_) | Ty::Handle { .. } | Ty::Stream(_) => Kind::Any,
    }
}

fn variant(ty: &Ty) -> Option<Ident> {
    let name = match ty {
        Ty::Text => "Text",
        Ty::Bool => "Flag",
        Ty::Float | Ty::Count | Ty::Millis | Ty::Seconds | Ty::EpochMillis | Ty::EpochSeconds => {
            "Number"
        }
        Ty::List(_) => "List",
        Ty::Dict(_) | Ty::JsonObject => "Object",
        Ty::Named { ident, .. } | Ty::Handle { ident, .. } => return Some(ident.clone()),
        Ty::Json | Ty::Secret | Ty::Param(_) | Ty::Stream(_) => return None,
    };
    Some(names::ident(name))
}

/// The enum with its conversions, and with its serde where it has a form on the wire.
pub(crate) fn tokens(choice: &Choice) -> TokenStream {
    let Choice { ident, comment, variants, traits } = choice;
    let generics = Generics::only(*traits);
    let (params, arguments) = (generics.parameters(), generics.arguments());
    let eq = (!traits.float && traits.on_wire()).then(|| quote!(, Eq));
    let decoded = traits.on_wire().then(|| decoded(choice)).flatten();
    let serde = traits.on_wire().then(|| {
        let derived = decoded.is_none().then(|| quote!(, serde::Deserialize));
        quote!(, serde::Serialize #derived)
    });
    let untagged = traits.on_wire().then(|| quote!(#[serde(untagged)]));
    let names: Vec<&Ident> = variants.iter().map(|(name, _)| name).collect();
    let types: Vec<&Ty> = variants.iter().map(|(_, ty)| ty).collect();
    let comments = types.iter().map(|ty| {
        let shown = quote!(#ty).to_string().replace(' ', "");
        docs::comment(&[format!("`{shown}`")])
    });
    // Two platforms may bring the same type for two names, so there is no `From` for handles.
    let conversions = variants.iter().filter(|(_, ty)| !ty.traits().platform).map(|(name, ty)| {
        quote! {
            impl #params From<#ty> for #ident #arguments {
                fn from(value: #ty) -> Self {
                    Self::#name(value)
                }
            }
        }
    });
    let text = variants.iter().find(|(_, ty)| *ty == Ty::Text).map(|(name, _)| {
        quote! {
            impl #params From<&str> for #ident #arguments {
                fn from(value: &str) -> Self {
                    Self::#name(value.to_owned())
                }
            }
        }
    });
    let checks = variants.iter().map(|(name, ty)| match ty {
        ty if ty.holds_rules() => {
            quote!(Self::#name(value) => credwire_core::Validate::check(value, validator))
        }
        _ => quote!(Self::#name(_) => {}),
    });
    let validator = if traits.checked { quote!(validator) } else { quote!(_validator) };
    quote! {
        #comment
        #[derive(Clone, Debug, PartialEq #eq #serde)]
        #untagged
        pub enum #ident #params {
            #(#comments #names(#types)),*
        }
        #decoded
        #(#conversions)*
        #text
        impl #params credwire_core::Validate for #ident #arguments {
            fn check(&self, #validator: &mut credwire_core::Validator) {
                match self {
                    #(#checks),*
                }
            }
        }
    }
}

/// `Deserialize` by way of a private enum, where a type is read in more spellings than serde's own.
fn decoded(Choice { ident, variants, .. }: &Choice) -> Option<TokenStream> {
    let value = quote!(value);
    variants.iter().find_map(|(_, ty)| wire_type::converted(ty, &value))?;
    let names: Vec<&Ident> = variants.iter().map(|(name, _)| name).collect();
    let types = variants.iter().map(|(_, ty)| wire_type::wire_type(ty));
    let values =
        variants.iter().map(|(_, ty)| wire_type::converted(ty, &value).unwrap_or(value.clone()));
    Some(quote! {
        impl<'de> serde::Deserialize<'de> for #ident {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                #[derive(serde::Deserialize)]
                #[serde(untagged)]
                enum Wire {
                    #(#names(#types)),*
                }
                Ok(match serde::Deserialize::deserialize(deserializer)? {
                    #(Wire::#names(value) => Self::#names(#values)),*
                })
            }
        }
    })
}
