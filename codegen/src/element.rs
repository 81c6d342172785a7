//! The events of custom elements: for each element an enum of its events, for each `detail` that is
//! spelled out a type of its own.

use credwire_schema::{
    diagnostic::Place,
    model::{
        Item, Property,
        element::{self, Element},
    },
    type_expr::TypeExpr,
};
use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use crate::{
    context::Context,
    docs,
    emit::{Emitted, Problems},
    generics::Generics,
    names, record, shape,
    ty::{Traits, Ty},
};

/// The enum of an element's events and the types of their details; nothing for an element that
/// dispatches none.
pub(crate) fn emit(
    cx: &Context<'_>,
    item: &Item,
    element: &Element,
    problems: &mut Problems,
) -> Option<Emitted> {
    let before = problems.len();
    let mut emitted = Emitted::default();
    let mut events: Vec<Event<'_>> = Vec::new();
    for event in &element.events {
        let words = names::pascal(own_words(&element.tag, &event.name));
        let path = format!("{}.{}", element.tag, event.name);
        let variant = names::ident(&words);
        if let Some(other) = events.iter().find(|other| other.variant == variant) {
            let first = format!("{}.{}", element.tag, other.name);
            problems.collision(&variant, (&first, other.place), (&path, &event.place));
            continue;
        }
        let detail = event.detail.as_ref().filter(|ty| !is_nothing(ty)).map(|ty| {
            let detail = Property::new("detail", ty.clone(), event.place.clone());
            (shape::absence(detail), format!("{}{words}", item.rust))
        });
        let detail = match detail {
            None => None,
            Some((property, rust)) => {
                let known = problems.len();
                let made = record::inline(cx, item, &rust, &path, &property, problems);
                let Some((ty, made)) = made else {
                    if problems.len() == known {
                        let what = format!("type `{}`", property.ty);
                        problems.inexpressible(&event.place, &path, &what);
                    }
                    continue;
                };
                emitted.exports.extend(made.exports);
                emitted.body.extend(made.body);
                Some(Detail { ty, may_lack: property.optional || property.nullable })
            }
        };
        let element::Event { name, summary, place, .. } = event;
        events.push(Event { name, summary, place, variant, detail });
    }
    if problems.len() > before {
        return None;
    }
    if !events.is_empty() {
        let ident = names::ident(&format!("{}Event", item.rust));
        emitted.body = [definition(&ident, item, &events), emitted.body].into_iter().collect();
        emitted.exports.insert(0, ident);
    }
    Some(emitted)
}

struct Event<'a> {
    name: &'a str,
    summary: &'a str,
    place: &'a Place,
    variant: Ident,
    detail: Option<Detail>,
}

struct Detail {
    ty: Ty,
    may_lack: bool,
}

impl Detail {
    fn tokens(&self) -> TokenStream {
        let ty = &self.ty;
        if self.may_lack { quote!(Option<#ty>) } else { quote!(#ty) }
    }
}

/// The name of an event without the word that it has in common with all names of its library:
/// `sw-dial` of `sw-ui-dialpad` is `dial`.
fn own_words<'a>(tag: &str, event: &'a str) -> &'a str {
    match (tag.split_once('-'), event.split_once('-')) {
        (Some((of_tag, _)), Some((of_event, rest))) if of_tag == of_event && !rest.is_empty() => {
            rest
        }
        _ => event,
    }
}

fn is_nothing(ty: &TypeExpr) -> bool {
    matches!(ty, TypeExpr::Void | TypeExpr::Undefined | TypeExpr::Null | TypeExpr::Never)
}

fn definition(ident: &Ident, item: &Item, events: &[Event<'_>]) -> TokenStream {
    let details = || events.iter().filter_map(|event| event.detail.as_ref());
    let traits = details().map(|detail| detail.ty.traits()).fold(Traits::default(), Traits::and);
    let generics = Generics::only(traits);
    let (params, arguments) = (generics.parameters(), generics.arguments());
    let eq = (!traits.float && traits.on_wire()).then(|| quote!(, Eq));
    let comment = docs::headed(
        item,
        format!("The events of `<{}>`.", item.name),
        std::slice::from_ref(&item.summary),
    );
    let variants = events.iter().map(|Event { name, summary, variant, detail, .. }| {
        let what = match detail {
            Some(_) => format!("`{name}`, with its detail."),
            None => format!("`{name}`, which carries nothing."),
        };
        let comment = docs::comment(&[(*summary).to_owned(), what]);
        let detail = detail.as_ref().map(Detail::tokens).map(|ty| quote!((#ty)));
        quote!(#comment #[doc(alias = #name)] #variant #detail)
    });
    let all = events.iter().map(|event| event.name);
    let named = events.iter().map(|Event { name, variant, detail, .. }| {
        let detail = detail.as_ref().map(|_| quote!((_)));
        quote!(Self::#variant #detail => #name)
    });
    let from_json = traits.on_wire().then(|| from_json(events));
    quote! {
        #comment
        #[derive(Clone, Debug, PartialEq #eq)]
        #[non_exhaustive]
        pub enum #ident #params {
            #(#variants),*
        }
        impl #params #ident #arguments {
            /// The names under which the element dispatches them.
            pub const NAMES: &'static [&'static str] = &[#(#all),*];

            /// The name under which the element dispatches it.
            pub const fn name(&self) -> &'static str {
                match self {
                    #(#named),*
                }
            }
            #from_json
        }
    }
}

fn from_json(events: &[Event<'_>]) -> TokenStream {
    let arms = events.iter().map(|Event { name, variant, detail, .. }| {
        let read = detail.as_ref().map(|_| quote!((credwire_core::FromJson::from_json(detail)?)));
        quote!(#name => Self::#variant #read)
    });
    let unread = events.iter().all(|event| event.detail.is_none()).then(|| quote!(let _ = detail;));
    quote! {
        /// Reads an event from its name and the JSON of its `detail`, which is not looked at for
        /// an event that carries nothing. `None` for a name that is no event of the element.
        ///
        /// # Errors
        /// A detail that has not the form of its event or breaks a rule of it.
        pub fn from_json(
            name: &str,
            detail: &str,
        ) -> Result<Option<Self>, credwire_core::FromJsonError> {
            #unread
            Ok(Some(match name {
                #(#arms,)*
                _ => return Ok(None),
            }))
        }
    }
}
