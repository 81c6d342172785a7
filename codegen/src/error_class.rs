//! Error classes: structs that implement `std::error::Error`, their cause behind `source()`.

use credwire_schema::{
    model::{External, Item, Members, Property},
    type_expr::TypeExpr,
};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::ext::IdentExt as _;

use crate::{
    context::Context,
    docs,
    emit::{Emitted, Problems},
    literal_union, literals, names,
    ty::{Inexpressible, Traits, Ty},
    types,
};

/// The struct of an error class.
pub(crate) fn emit(
    cx: &Context<'_>,
    item: &Item,
    members: &Members,
    problems: &mut Problems,
) -> Option<Emitted> {
    let before = problems.len();
    let ident = names::ident(&item.rust);
    let mut exports = vec![ident.clone()];
    let mut nested = TokenStream::new();
    let mut fields = Vec::new();
    let mut has_source = false;
    for property in properties(members) {
        if is_cause(cx, &property.ty) {
            has_source = true;
            continue;
        }
        let path = format!("{}.{}", item.name, property.name);
        let field = field(cx, item, property);
        let Some((mut field, more)) = problems.or_none(&property.place, &path, field) else {
            continue;
        };
        field.ident = problems.distinct(&property.place, &path, field.ident, &|ident| {
            let other = fields.iter().find(|other: &&ErrorField<'_>| other.ident == *ident)?;
            Some(other.property.name.clone())
        });
        if let Some(more) = more {
            exports.push(more.ident.clone());
            nested.extend(literals::tokens(&more));
        }
        fields.push(field);
    }
    if problems.len() > before {
        return None;
    }
    let definition = definition(item, &fields, has_source);
    let display = display(item, &fields);
    Some(Emitted::new(exports, quote!(#definition #display #nested)))
}

struct ErrorField<'a> {
    property: &'a Property,
    ident: syn::Ident,
    ty: Ty,
}

impl ErrorField<'_> {
    fn optional(&self) -> bool {
        self.property.optional || self.property.nullable
    }

    fn stored(&self) -> TokenStream {
        let ty = &self.ty;
        if self.optional() { quote!(Option<#ty>) } else { quote!(#ty) }
    }
}

/// The properties, and the constructor's parameters that are no property (`message` is one of the
/// base class), sorted by name.
fn properties(members: &Members) -> Vec<&Property> {
    let mut all: Vec<&Property> = members.properties.iter().collect();
    for param in members.constructors.iter().flat_map(|constructor| &constructor.params) {
        if all.iter().all(|known| known.name != param.name) {
            all.push(param);
        }
    }
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}

/// Whether a member is what `source()` gives: an error object, or anything at all.
fn is_cause(cx: &Context<'_>, ty: &TypeExpr) -> bool {
    match ty {
        TypeExpr::Unknown | TypeExpr::Any => true,
        TypeExpr::Ref { name, .. } => cx.schema.externals.get(name) == Some(&External::Error),
        _ => false,
    }
}

type Planned<'a> = (ErrorField<'a>, Option<literals::Literals>);

fn field<'a>(
    cx: &Context<'_>,
    item: &Item,
    property: &'a Property,
) -> Result<Planned<'a>, Inexpressible> {
    let ident = names::field(&property.name);
    let Some(union) = literal_union::union(&property.ty) else {
        let ty = types::held(cx, types::of_property(cx, property)?);
        if ty.traits().platform || ty.traits().stream {
            return Err(Inexpressible(format!("an error with `{}` of a platform", property.ty)));
        }
        return Ok((ErrorField { property, ident, ty }, None));
    };
    let nested = names::ident(&cx.in_place(&names::inner(&item.rust, &property.name)));
    let comment = docs::comment(&[format!("The values of `{}.{}`.", item.name, property.name)]);
    let none = std::collections::BTreeMap::new();
    let literals =
        literals::Literals::new(nested.clone(), comment, TokenStream::new(), union, &none)?;
    let ty = Ty::Named { ident: nested, args: Vec::new(), traits: Traits::default() };
    Ok((ErrorField { property, ident, ty }, Some(literals)))
}

fn definition(item: &Item, fields: &[ErrorField<'_>], has_source: bool) -> TokenStream {
    let ident = names::ident(&item.rust);
    let comment = docs::item(item, &[]);
    let alias = docs::alias(&item.name, &ident);
    let declared = fields.iter().map(|field| {
        let comment = docs::comment(&[field.property.summary.clone(), {
            let mark = if field.optional() { ", optional" } else { "" };
            format!("Member `{}`{mark}.", field.property.name)
        }]);
        let alias = docs::alias(&field.property.name, &field.ident);
        let (name, ty) = (&field.ident, field.stored());
        quote!(#comment #alias pub #name: #ty)
    });
    let required = fields.iter().filter(|field| !field.optional()).map(|field| {
        let (ty, _) = field.ty.argument(&field.ident);
        let name = &field.ident;
        quote!(#name: #ty)
    });
    let values = fields.iter().map(|field| {
        let name = &field.ident;
        let (_, value) = field.ty.argument(name);
        match (field.optional(), *name == value.to_string()) {
            (true, _) => quote!(#name: None),
            (false, true) => quote!(#name),
            (false, false) => quote!(#name: #value),
        }
    });
    let setters = fields.iter().filter(|field| field.optional()).map(|field| {
        let name = &field.ident;
        let setter = format_ident!("with_{}", name.unraw().to_string().trim_start_matches('_'));
        let (ty, value) = field.ty.argument(&names::ident("value"));
        let comment = docs::comment(&[format!("This error with `{}`.", field.property.name)]);
        quote! {
            #comment
            #[must_use]
            pub fn #setter(mut self, value: #ty) -> Self {
                self.#name = Some(#value);
                self
            }
        }
    });
    let default = fields.iter().all(ErrorField::optional).then(|| {
        quote! {
            impl Default for #ident {
                fn default() -> Self {
                    Self::new()
                }
            }
        }
    });
    let source_field = has_source.then(
        || quote!(source: Option<std::sync::Arc<dyn std::error::Error + Send + Sync + 'static>>),
    );
    let source_value = has_source.then(|| quote!(source: None));
    let with_source = has_source.then(|| {
        quote! {
            /// This error with what caused it.
            #[must_use]
            pub fn with_source(
                mut self,
                source: impl Into<Box<dyn std::error::Error + Send + Sync + 'static>>,
            ) -> Self {
                self.source = Some(std::sync::Arc::from(source.into()));
                self
            }
        }
    });
    let source = has_source.then(|| {
        quote! {
            fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
                self.source.as_deref().map(|source| source as &(dyn std::error::Error + 'static))
            }
        }
    });
    let same = fields.iter().map(|field| {
        let name = &field.ident;
        quote!(self.#name == other.#name)
    });
    let (other, same) = match fields {
        [] => (quote!(_), quote!(true)),
        _ => (quote!(other), quote!(#(#same)&&*)),
    };
    let equality = quote! {
        /// Errors of equal members are equal, whatever caused them.
        impl PartialEq for #ident {
            fn eq(&self, #other: &Self) -> bool {
                #same
            }
        }
    };
    quote! {
        #comment
        #alias
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub struct #ident {
            #(#declared,)*
            #source_field
        }
        impl #ident {
            /// An error without a cause.
            pub fn new(#(#required),*) -> Self {
                Self { #(#values,)* #source_value }
            }
            #(#setters)*
            #with_source
        }
        #default
        #equality
        impl std::error::Error for #ident {
            #source
        }
    }
}

/// The message when there is one; else what the class is called, and its texts.
fn display(item: &Item, fields: &[ErrorField<'_>]) -> TokenStream {
    let ident = names::ident(&item.rust);
    let shows = |field: &&ErrorField<'_>| field.ty == Ty::Text;
    let message = fields
        .iter()
        .filter(shows)
        .find(|field| field.property.name == "message" && !field.optional());
    let body = match message {
        Some(message) => {
            let name = &message.ident;
            quote!(f.write_str(&self.#name))
        }
        None => {
            // A slug splits words that the name runs together, as `dpop-init-error` does.
            let slug = item.reference.rsplit('/').next().filter(|slug| !slug.is_empty());
            // Which namespace it is of does not belong to what happened.
            let own = item.name.rsplit('.').next().unwrap_or(&item.rust);
            let words = slug.map_or_else(|| names::snake(own), str::to_owned);
            let words = words.replace(['_', '-'], " ");
            let words = words.strip_suffix(" error").unwrap_or(&words).to_owned();
            let texts = fields.iter().filter(shows).map(|field| {
                let name = &field.ident;
                if field.optional() {
                    quote! {
                        if let Some(text) = &self.#name {
                            write!(f, ": {text}")?;
                        }
                    }
                } else {
                    quote!(write!(f, ": {}", self.#name)?;)
                }
            });
            quote! {
                f.write_str(#words)?;
                #(#texts)*
                Ok(())
            }
        }
    };
    quote! {
        impl std::fmt::Display for #ident {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                #body
            }
        }
    }
}
