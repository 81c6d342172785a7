//! Type parameters: `JSONRPCRequest<TParams = unknown>` is `JsonRpcRequest<P = Value>`.

use credwire_schema::type_expr::{TypeExpr, TypeParam};
use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use crate::{
    context::Context,
    names,
    ty::{Inexpressible, Traits, Ty},
    types,
};

/// The type parameters of a generated type.
pub(crate) struct Generics {
    /// What the first parameter must be, when it is the platform.
    platform: Option<TokenStream>,
    params: Vec<(Ident, Option<Ty>)>,
    /// Whether the parameters must be data, whatever the platform.
    of_data: bool,
}

impl Generics {
    /// The generics of an item.
    ///
    /// # Errors
    /// A default or a name that has no Rust form.
    pub(crate) fn new(
        cx: &Context<'_>,
        params: &[TypeParam],
        traits: Traits,
    ) -> Result<Self, Inexpressible> {
        let mut built: Vec<(Ident, Option<Ty>)> = Vec::new();
        for param in params {
            let ident = names::type_param(&param.name);
            let taken = traits.platform && ident == names::platform();
            if taken || built.iter().any(|(other, _)| *other == ident) {
                return Err(Inexpressible(format!("two type parameters named `{ident}`")));
            }
            let default = match &param.default {
                None | Some(TypeExpr::Never) => None,
                // What a platform brings can be no default; it is given wherever it counts.
                Some(ty) => Some(types::of_type(cx, ty, None)?).filter(|ty| !ty.traits().platform),
            };
            built.push((ident, default));
        }
        // Defaults come last in Rust: one in front of a parameter without any is given instead.
        let last = built.iter().rposition(|(_, default)| default.is_none());
        for (_, default) in built.iter_mut().take(last.unwrap_or_default()) {
            *default = None;
        }
        Ok(Self { params: built, ..Self::only(traits) })
    }

    /// The generics of a trait, whose parameters are data.
    ///
    /// # Errors
    /// As for [`new`](Self::new).
    pub(crate) fn of_trait(
        cx: &Context<'_>,
        params: &[TypeParam],
        traits: Traits,
    ) -> Result<Self, Inexpressible> {
        Ok(Self { of_data: true, ..Self::new(cx, params, traits)? })
    }

    /// No type parameters but the platform, where there is one.
    pub(crate) fn only(traits: Traits) -> Self {
        let bound = if traits.sdk { quote!(crate::SdkTypes) } else { quote!(crate::Platform) };
        Self { platform: traits.platform.then_some(bound), params: Vec::new(), of_data: false }
    }

    /// Type parameters of these names, without defaults.
    pub(crate) fn over(traits: Traits, params: Vec<Ident>) -> Self {
        let params = params.into_iter().map(|ident| (ident, None)).collect();
        Self { params, ..Self::only(traits) }
    }

    pub(crate) fn idents(&self) -> impl ExactSizeIterator<Item = &Ident> {
        self.params.iter().map(|(ident, _)| ident)
    }

    /// `<Self>`, where a platform itself is the parameter.
    pub(crate) fn of_self(&self) -> TokenStream {
        self.platform.iter().map(|_| quote!(<Self>)).collect()
    }

    /// `<S>`, where an SDK is the parameter.
    pub(crate) fn of_sdk(&self) -> TokenStream {
        self.platform.iter().map(|_| quote!(<S>)).collect()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.params.is_empty()
    }

    /// The type parameters, each with its default; any JSON value where it has none.
    pub(crate) fn defaults(&self) -> Vec<(Ident, Ty)> {
        let default = |ty: &Option<Ty>| ty.clone().unwrap_or(Ty::Json);
        self.params.iter().map(|(ident, ty)| (ident.clone(), default(ty))).collect()
    }

    /// `<P = Value>`, for the definition.
    pub(crate) fn definition(&self) -> TokenStream {
        let params = self.params.iter().map(|(ident, default)| {
            let bound = self.bound();
            let default = default.as_ref().map(|default| quote!(= #default));
            quote!(#ident #bound #default)
        });
        self.angled(true, params)
    }

    /// `<P, T = Value>`, for aliases, of which bounds are not asked for.
    pub(crate) fn unbounded(&self) -> TokenStream {
        let params = self.params.iter().map(|(ident, default)| {
            let default = default.as_ref().map(|default| quote!(= #default));
            quote!(#ident #default)
        });
        self.angled(false, params)
    }

    /// `<P>`, for uses.
    pub(crate) fn arguments(&self) -> TokenStream {
        self.angled(false, self.idents().map(|ident| quote!(#ident)))
    }

    /// `<P: bound>`, for impls.
    pub(crate) fn bounded(&self, bound: &TokenStream) -> TokenStream {
        let params = self.idents().map(|ident| quote!(#ident: #bound));
        self.angled(true, params)
    }

    /// `<'de, P: Deserialize<'de>>`, for the impl of `Deserialize`.
    pub(crate) fn deserialize(&self) -> TokenStream {
        let idents = self.idents();
        quote!(<'de, #(#idents: serde::Deserialize<'de>),*>)
    }

    /// The bound that serde cannot infer once a member has a function of its own.
    pub(crate) fn serde_bound(&self) -> Option<TokenStream> {
        if self.is_empty() {
            return None;
        }
        let bounds: Vec<String> =
            self.idents().map(|ident| format!("{ident}: serde::Deserialize<'de>")).collect();
        let bounds = bounds.join(", ");
        Some(quote!(#[serde(bound(deserialize = #bounds))]))
    }

    /// `<P: Platform, T>`, for impls that need nothing of the parameters.
    pub(crate) fn parameters(&self) -> TokenStream {
        self.angled(true, self.bounded_idents())
    }

    /// The type parameters with what must be true of them: a platform's types are generic over
    /// data alone.
    fn bounded_idents(&self) -> impl Iterator<Item = TokenStream> {
        self.idents().map(|ident| {
            let bound = self.bound();
            quote!(#ident #bound)
        })
    }

    fn bound(&self) -> Option<TokenStream> {
        let bound = data_bound();
        (self.of_data || self.platform.is_some()).then(|| quote!(: #bound))
    }

    /// `<P: Platform, T: Trait>`, for impls that have a parameter of their own.
    pub(crate) fn with(&self, own: &TokenStream) -> TokenStream {
        self.angled(true, self.bounded_idents().chain([own.clone()]))
    }

    fn angled(&self, bounded: bool, params: impl Iterator<Item = TokenStream>) -> TokenStream {
        let platform =
            self.platform.iter().map(|bound| if bounded { quote!(P: #bound) } else { quote!(P) });
        let all: Vec<TokenStream> = platform.chain(params).collect();
        if all.is_empty() { TokenStream::new() } else { quote!(<#(#all),*>) }
    }
}

/// What is true of all data: what a platform's types may be generic over.
pub(crate) fn data_bound() -> TokenStream {
    quote!(Clone + std::fmt::Debug + PartialEq + Send + Sync + 'static)
}
