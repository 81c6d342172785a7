//! What a platform and an SDK bring: the associated types of the two traits that stand for them.

use std::collections::BTreeMap;

use credwire_schema::{
    diagnostic::Place,
    link,
    model::{External, Item, Shape},
    type_expr::TypeExpr,
};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;

use crate::{context::Context, docs, emit::Problems, generics::Generics, names, object};

/// What promises fail with.
const ERROR: &str = "Error";

/// The associated types of both traits, by documented name.
#[derive(Default)]
pub(crate) struct Brought<'a> {
    platform: BTreeMap<String, Associated<'a>>,
    sdk: BTreeMap<String, Associated<'a>>,
}

/// One associated type.
struct Associated<'a> {
    ident: Ident,
    /// The behaviour that it must have; none when it has no page.
    item: Option<&'a Item>,
    /// The types that it was mentioned with.
    arity: usize,
    /// Whether data holds it, which can be cloned, compared and shown.
    held: bool,
    /// Where it was found first.
    place: &'a Place,
}

/// Who mentions a type.
#[derive(Clone, Copy)]
struct TypeReference<'a> {
    place: &'a Place,
    held: bool,
}

impl<'a> Brought<'a> {
    /// What the items mention that are not left out.
    pub(crate) fn new(cx: &Context<'a>) -> Self {
        let mut brought = Self::default();
        let items = cx.schema.items.values();
        let (sdk, plain): (Vec<&'a Item>, Vec<&'a Item>) = items
            .filter(|item| !cx.left_out.contains(item.name.as_str()))
            .partition(|item| is_of_sdk(cx, item));
        for item in plain.into_iter().chain(sdk.iter().copied()) {
            let place = &item.place;
            if cx.is_object(item)
                || matches!(item.shape, Shape::Function { .. } | Shape::Variable { .. })
            {
                let mention = TypeReference { place, held: false };
                if cx.is_object(item) {
                    brought.add(cx, &item.name, item.type_params.len(), mention);
                }
                for ty in object::mentions(cx, item) {
                    brought.add_types(cx, &ty, mention);
                }
            } else if matches!(item.shape, Shape::Element { .. })
                || cx.is_held(item)
                || cx.traits(&item.name).sdk
                || cx.traits(&item.name).platform
            {
                let mention = TypeReference { place, held: true };
                for mentioned in link::mentions(item) {
                    brought.add_types(cx, mentioned.ty, mention);
                }
            }
        }
        if let Some(item) = sdk.first() {
            let mention = TypeReference { place: &item.place, held: true };
            brought.add_to_platform(cx, ERROR, None, 0, mention);
        }
        brought
    }

    fn add_types(&mut self, cx: &Context<'a>, ty: &TypeExpr, mention: TypeReference<'a>) {
        let is_awaited = matches!(ty, TypeExpr::Ref { name, .. } if name == "Promise");
        let mut visited = 0;
        ty.walk(&mut |ty| {
            if let TypeExpr::Ref { name, args } = ty {
                // What stands inside another type is held by it, but for what is awaited.
                let held = mention.held || visited > usize::from(is_awaited);
                self.add(cx, name, args.len(), TypeReference { held, ..mention });
            }
            visited += 1;
        });
    }

    fn add(&mut self, cx: &Context<'a>, name: &str, arity: usize, mention: TypeReference<'a>) {
        let item = cx.schema.items.get(name);
        if !cx.is_handle(name) || item.is_some_and(|item| cx.left_out.contains(item.name.as_str()))
        {
            return;
        }
        let arity = item.map_or(arity, |item| item.type_params.len());
        if cx.needs_sdk(name) {
            insert(cx, &mut self.sdk, name, item, arity, mention);
        } else {
            self.add_to_platform(cx, name, item, arity, mention);
        }
    }

    fn add_to_platform(
        &mut self,
        cx: &Context<'a>,
        name: &str,
        item: Option<&'a Item>,
        arity: usize,
        mention: TypeReference<'a>,
    ) {
        // What a platform brings may be held by data of any version of it.
        insert(cx, &mut self.platform, name, item, arity, TypeReference { held: true, ..mention });
    }

    /// Whether there is an SDK at all.
    pub(crate) fn has_sdk(&self) -> bool {
        !self.sdk.is_empty()
    }

    /// The associated types of a platform, with their behaviour.
    pub(crate) fn of_platform(&self, cx: &Context<'_>) -> Vec<TokenStream> {
        let whole = |(name, one): (&String, &Associated<'_>)| {
            one.definition(cx, name, "platform", one.behaviour(cx))
        };
        self.platform.iter().map(whole).collect()
    }

    /// The associated types of an SDK.
    pub(crate) fn of_sdk(&self, cx: &Context<'_>) -> Vec<TokenStream> {
        self.sdk.iter().map(|(name, one)| one.definition(cx, name, "SDK", None)).collect()
    }

    /// What the associated types of a whole SDK do.
    pub(crate) fn behaviour_of_sdk(&self, cx: &Context<'_>) -> Vec<TokenStream> {
        let behaviour = |one: &Associated<'_>| {
            let (ident, behaviour) = (&one.ident, one.behaviour(cx)?);
            Some(quote!(#ident: #behaviour))
        };
        self.sdk.values().filter_map(behaviour).collect()
    }

    /// Names of one scope that differ in the reference and not in Rust.
    pub(crate) fn check(&self, problems: &mut Problems) {
        let mut taken: BTreeMap<&Ident, (&str, &Place)> = BTreeMap::new();
        for (name, one) in self.platform.iter().chain(&self.sdk) {
            if let Some((other, place)) = taken.insert(&one.ident, (name, one.place)) {
                problems.collision(&one.ident, (other, place), (name, one.place));
            }
        }
    }
}

/// Whether code of an item needs an SDK.
fn is_of_sdk(cx: &Context<'_>, item: &Item) -> bool {
    cx.traits(&item.name).sdk
        || matches!(item.shape, Shape::Function { .. } | Shape::Variable { .. })
}

fn insert<'a>(
    cx: &Context<'a>,
    all: &mut BTreeMap<String, Associated<'a>>,
    name: &str,
    item: Option<&'a Item>,
    arity: usize,
    mention: TypeReference<'a>,
) {
    let ident = || item.map_or_else(|| cx.other(name), |item| names::ident(&item.rust));
    let known = all.entry(name.to_owned()).or_insert_with(|| Associated {
        ident: ident(),
        item,
        arity,
        held: false,
        place: mention.place,
    });
    known.held |= mention.held;
    known.arity = known.arity.max(arity);
}

impl Associated<'_> {
    fn definition(
        &self,
        cx: &Context<'_>,
        name: &str,
        whose: &str,
        behaviour: Option<TokenStream>,
    ) -> TokenStream {
        let ident = &self.ident;
        let is_object = self.item.is_some_and(|item| cx.is_object(item));
        let is_error = self.item.is_none()
            && (name == ERROR || cx.schema.externals.get(name) == Some(&External::Error));
        // Behaviour that is only handed over need not be data.
        let is_data = self.held || is_object || self.item.is_none();
        let mut bounds: Vec<TokenStream> = behaviour.into_iter().collect();
        bounds.extend(is_error.then(|| quote!(std::error::Error)));
        if is_data {
            bounds.extend([quote!(Clone), quote!(std::fmt::Debug), quote!(PartialEq)]);
        }
        bounds.extend([quote!(Send), quote!(Sync), quote!('static)]);
        let bounds = quote!(#(#bounds)+*);
        let params: Vec<Ident> =
            ('A'..='Z').take(self.arity).map(|letter| format_ident!("{letter}")).collect();
        let generics = (!params.is_empty()).then(|| quote!(<#(#params),*>));
        let clause = (!params.is_empty()).then(|| quote!(where #(#params: #bounds),*));
        let comment = docs::comment(&[match self.item {
            Some(item) if is_object && !item.summary.is_empty() => item.summary.clone(),
            Some(_) => format!("`{name}` of the reference, as the application supplies it."),
            None => format!("`{name}` of the {whose}, which the reference does not describe."),
        }]);
        let alias = docs::alias(name, ident);
        quote!(#comment #alias type #ident #generics: #bounds #clause;)
    }

    /// The trait of its behaviour.
    fn behaviour(&self, cx: &Context<'_>) -> Option<TokenStream> {
        // What is true for each argument cannot be said of an associated type.
        if self.arity > 0 {
            return None;
        }
        let of = Generics::only(cx.traits(&self.item?.name)).of_self();
        let ident = &self.ident;
        Some(quote!(crate::#ident #of))
    }
}
