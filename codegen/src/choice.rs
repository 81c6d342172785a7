//! Unions of unlike types, `string | string[]`: enums with a variant for each type.

use credwire_schema::{
    model::{Item, Property, Unit},
    spelling,
    type_expr::TypeExpr,
};
use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use crate::{
    context::Context,
    docs, exposed,
    generics::Generics,
    json_schema::{Definition, Node},
    names, size,
    ty::{Inexpressible, Traits, Ty},
    types, wire_type,
};

/// The enum of a union.
pub(crate) struct Choice {
    pub(crate) ident: Ident,
    comment: TokenStream,
    attributes: TokenStream,
    variants: Vec<(Ident, Ty)>,
    /// The variants whose type is that of no other one.
    convertible: Vec<usize>,
    traits: Traits,
    generics: Generics,
}

impl Choice {
    /// The enum `ident` for a member whose type is a union.
    ///
    /// # Errors
    /// Types without a Rust form.
    pub(crate) fn new(
        cx: &Context<'_>,
        ident: Ident,
        path: &str,
        property: &Property,
    ) -> Result<Self, Inexpressible> {
        let (variants, traits) =
            variants(cx, &ident, &property.ty, property.unit, property.secret)?;
        let mut params = Vec::new();
        variants.iter().for_each(|(_, ty)| ty.params(&mut params));
        params.retain(|param| !traits.platform || *param != names::platform());
        if traits.secret && !params.is_empty() {
            return Err(Inexpressible("a generic union with secrets".to_owned()));
        }
        let comment = docs::comment(&[format!("The values of `{path}`.")]);
        let generics = Generics::over(traits, params);
        let convertible = convertible(cx, &variants);
        let attributes = size::allowed(cx, variants.iter().map(|(_, ty)| ty)).unwrap_or_default();
        Ok(Self { ident, comment, attributes, variants, convertible, traits, generics })
    }

    /// The enum of an alias for a union.
    ///
    /// # Errors
    /// Types without a Rust form.
    pub(crate) fn of_item(
        cx: &Context<'_>,
        item: &Item,
        ty: &TypeExpr,
    ) -> Result<Self, Inexpressible> {
        let ident = names::ident(&item.rust);
        let (variants, traits) = variants(cx, &ident, ty, None, false)?;
        let generics = Generics::new(cx, &item.type_params, traits)?;
        let mut attributes = docs::alias(&item.name, &ident);
        attributes.extend(size::allowed(cx, variants.iter().map(|(_, ty)| ty)));
        let comment = docs::item(item, &[]);
        let convertible = convertible(cx, &variants);
        Ok(Self { ident, comment, attributes, variants, convertible, traits, generics })
    }

    /// The schema of this enum.
    pub(crate) fn definition(&self) -> Definition {
        let alternatives = self.variants.iter().map(|(_, ty)| Node::of(ty)).collect();
        Definition {
            ident: self.ident.clone(),
            params: self.generics.defaults(),
            node: Node::one_of(alternatives, differ_in_kind(&self.variants)),
        }
    }

    /// The type that names this enum.
    pub(crate) fn ty(&self) -> Ty {
        let platform = self.traits.platform.then(names::platform).into_iter();
        let args = platform.chain(self.generics.idents().cloned()).map(Ty::Param).collect();
        Ty::Named { ident: self.ident.clone(), args, traits: self.traits }
    }
}

/// The variants of a union, in the order in which they are tried, and what is true of them all.
fn variants(
    cx: &Context<'_>,
    owner: &Ident,
    ty: &TypeExpr,
    unit: Option<Unit>,
    secret: bool,
) -> Result<(Vec<(Ident, Ty)>, Traits), Inexpressible> {
    let TypeExpr::Union(arms) = ty else {
        return Err(Inexpressible(format!("type `{ty}`")));
    };
    let mut types: Vec<Ty> = Vec::new();
    for arm in arms {
        let ty = types::of_type(cx, arm, unit)?;
        let ty = types::held(cx, if secret { types::sealed(cx, ty) } else { ty });
        if !types.contains(&ty) {
            types.push(ty);
        }
    }
    let traits = types.iter().map(Ty::traits).fold(Traits::default(), Traits::and);
    let mut variants: Vec<(Ident, Ty)> = Vec::new();
    for ty in types {
        let name = within(owner, variant(&ty));
        let taken = |name: &str| variants.iter().any(|(other, _)| other == name);
        let ident = names::ident(&spelling::first_free(&name.to_string(), "", taken));
        variants.push((ident, ty));
    }
    variants.sort_by(|a, b| a.0.cmp(&b.0));
    // Where the kind of JSON does not tell which one it is, the strictest is tried first.
    if !differ_in_kind(&variants) {
        variants.sort_by_cached_key(|(_, ty)| strictness(cx, ty));
    }
    Ok((variants, traits))
}

/// The variants that a value of their type becomes. Two platforms may bring the same type for two
/// names, so handles are none.
fn convertible(cx: &Context<'_>, variants: &[(Ident, Ty)]) -> Vec<usize> {
    let mut known: Vec<String> = Vec::new();
    let mut found = Vec::new();
    for (index, (_, ty)) in variants.iter().enumerate() {
        let mut params = Vec::new();
        ty.params(&mut params);
        if ty.traits().platform || !params.is_empty() {
            continue;
        }
        let Some(text) = types::canonical(cx, ty) else { continue };
        if !known.contains(&text) {
            known.push(text);
            found.push(index);
        }
    }
    found
}

/// Whether the kind of JSON tells which of the variants a value is.
fn differ_in_kind(variants: &[(Ident, Ty)]) -> bool {
    let mut kinds: Vec<Kind> = variants.iter().map(|(_, ty)| kind(ty)).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds.len() == variants.len() && !kinds.contains(&Kind::Any)
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
        Ty::Text | Ty::Secret | Ty::SecretBytes | Ty::Bytes | Ty::Timestamp | Ty::Url => Kind::Text,
        Ty::Bool => Kind::Bool,
        Ty::Float | Ty::Count | Ty::EpochMillis | Ty::EpochSeconds | Ty::Millis | Ty::Seconds => {
            Kind::Number
        }
        Ty::List(_) | Ty::Set(_) | Ty::Tuple(_) => Kind::Array,
        Ty::Dict(_) | Ty::JsonObject => Kind::Object,
        Ty::Boxed(inner) => kind(inner),
        Ty::Named { traits, .. } if traits.object => Kind::Object,
        Ty::Named { .. }
        | Ty::BigInt
        | Ty::Unit
        | Ty::Maybe(_)
        | Ty::Json
        | Ty::Param(_)
        | Ty::Handle { .. }
        | Ty::Stream(_) => Kind::Any,
    }
}

/// The smaller, the less a type takes. Of objects, those with more required members come first.
fn strictness(cx: &Context<'_>, ty: &Ty) -> (u8, usize) {
    match ty {
        Ty::Boxed(inner) => strictness(cx, inner),
        Ty::Named { ident, traits, .. } if traits.object => {
            (2, usize::MAX - cx.required_members(ident))
        }
        Ty::Named { traits, .. } if traits.copy => (0, 0),
        Ty::Unit | Ty::Bool => (0, 1),
        Ty::Named { .. } => (1, 0),
        Ty::Count | Ty::Millis | Ty::EpochMillis | Ty::EpochSeconds => (3, 0),
        Ty::Float | Ty::Seconds => (3, 1),
        Ty::Tuple(items) => (3, usize::MAX - items.len()),
        Ty::List(_) | Ty::Set(_) => (4, 0),
        Ty::Bytes | Ty::SecretBytes => (4, 1),
        Ty::BigInt => (4, 2),
        Ty::Timestamp | Ty::Url => (5, 0),
        Ty::Text | Ty::Secret => (5, 1),
        Ty::Dict(_) => (5, 2),
        Ty::JsonObject => (6, 0),
        Ty::Maybe(_) => (7, 0),
        Ty::Param(_) | Ty::Handle { .. } | Ty::Stream(_) | Ty::Json => (8, 0),
    }
}

/// The name of a variant without that of its enum: what stands in place is called after both.
fn within(owner: &Ident, variant: Ident) -> Ident {
    let (owner, whole) = (owner.to_string(), variant.to_string());
    match whole.strip_prefix(&owner) {
        Some(rest) if rest.starts_with(|first: char| first.is_ascii_uppercase()) => {
            names::ident(rest)
        }
        _ => variant,
    }
}

fn variant(ty: &Ty) -> Ident {
    let name = match ty {
        Ty::Text | Ty::Secret => "Text",
        Ty::Bool => "Flag",
        Ty::Float | Ty::Count | Ty::Millis | Ty::Seconds | Ty::EpochMillis | Ty::EpochSeconds => {
            "Number"
        }
        Ty::Bytes | Ty::SecretBytes => "Bytes",
        Ty::Timestamp => "Timestamp",
        Ty::Url => "Url",
        Ty::BigInt => "BigInt",
        Ty::Unit => "Nothing",
        Ty::Tuple(_) => "Tuple",
        Ty::List(_) => "List",
        Ty::Set(_) => "Set",
        Ty::Dict(_) | Ty::JsonObject => "Object",
        Ty::Maybe(inner) | Ty::Boxed(inner) => return variant(inner),
        Ty::Named { ident, .. } | Ty::Handle { ident, .. } => return ident.clone(),
        Ty::Json => "Json",
        Ty::Param(_) => "Value",
        Ty::Stream(_) => "Stream",
    };
    names::ident(name)
}

/// The enum with its conversions, and with its serde where it has a form on the wire.
pub(crate) fn tokens(choice: &Choice) -> TokenStream {
    let Choice { ident, comment, attributes, variants, convertible, traits, generics } = choice;
    let (params, arguments) = (generics.parameters(), generics.arguments());
    let definition = generics.definition();
    let eq = (!traits.float && traits.on_wire()).then(|| quote!(, Eq));
    let decoded = traits.on_wire().then(|| decoded(choice)).flatten();
    let serde = traits.on_wire().then(|| {
        let derived = decoded.is_none().then(|| quote!(, serde::Deserialize));
        let serialize = (!traits.secret).then(|| quote!(, serde::Serialize));
        quote!(#serialize #derived)
    });
    let exposed = (traits.secret && traits.on_wire()).then(|| writing(choice));
    let untagged = (traits.on_wire() && (!traits.secret || decoded.is_none()))
        .then(|| quote!(#[serde(untagged)]));
    let names: Vec<&Ident> = variants.iter().map(|(name, _)| name).collect();
    let types: Vec<&Ty> = variants.iter().map(|(_, ty)| ty).collect();
    let comments = types.iter().map(|ty| {
        let shown = quote!(#ty).to_string().replace(' ', "");
        docs::comment(&[format!("`{shown}`")])
    });
    // Two platforms may bring the same type for two names, so there is no `From` for handles.
    let conversions =
        convertible.iter().filter_map(|index| variants.get(*index)).map(|(name, ty)| {
            let (from, value) = match ty {
                Ty::Boxed(inner) => (&**inner, quote!(Box::new(value))),
                ty => (ty, quote!(value)),
            };
            quote! {
                impl #params From<#from> for #ident #arguments {
                    fn from(value: #from) -> Self {
                        Self::#name(#value)
                    }
                }
            }
        });
    let text =
        variants.iter().find(|(_, ty)| matches!(ty, Ty::Text | Ty::Secret)).map(|(name, ty)| {
            let value =
                if *ty == Ty::Text { quote!(value.to_owned()) } else { quote!(value.into()) };
            quote! {
                impl #params From<&str> for #ident #arguments {
                    fn from(value: &str) -> Self {
                        Self::#name(#value)
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
        #attributes
        #[derive(Clone, Debug, PartialEq #eq #serde)]
        #untagged
        pub enum #ident #definition {
            #(#comments #names(#types)),*
        }
        #decoded
        #exposed
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

/// What writes the variants, secrets in the clear.
fn writing(Choice { ident, variants, .. }: &Choice) -> TokenStream {
    let arms = variants.iter().map(|(name, ty)| {
        let value = exposed::exposed_variable(ty, "value");
        quote!(Self::#name(value) => serde::Serialize::serialize(#value, serializer))
    });
    quote! {
        impl credwire_core::SerializeExposed for #ident {
            fn serialize_exposed<S: serde::Serializer>(
                &self,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                match self {
                    #(#arms),*
                }
            }
        }
    }
}

/// `Deserialize` by way of a private enum, where a type is read in more spellings than serde's own.
fn decoded(Choice { ident, variants, generics, .. }: &Choice) -> Option<TokenStream> {
    let value = quote!(value);
    variants.iter().find_map(|(_, ty)| wire_type::converted(ty, &value))?;
    let names: Vec<&Ident> = variants.iter().map(|(name, _)| name).collect();
    let types = variants.iter().map(|(_, ty)| wire_type::wire_type(ty));
    let values =
        variants.iter().map(|(_, ty)| wire_type::converted(ty, &value).unwrap_or(value.clone()));
    let (params, arguments) = (generics.deserialize(), generics.arguments());
    Some(quote! {
        impl #params serde::Deserialize<'de> for #ident #arguments {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                #[derive(serde::Deserialize)]
                #[serde(untagged)]
                enum Wire #arguments {
                    #(#names(#types)),*
                }
                Ok(match serde::Deserialize::deserialize(deserializer)? {
                    #(Wire::#names(value) => Self::#names(#values)),*
                })
            }
        }
    })
}
