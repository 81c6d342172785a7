//! The types of generated Rust, and what is true of them.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Ident;

use crate::names;

/// A Rust type of a value on the wire.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Ty {
    Text,
    /// The only type a sensitive member can have.
    Secret,
    Bool,
    Float,
    Count,
    EpochMillis,
    EpochSeconds,
    Millis,
    Seconds,
    /// Any JSON value.
    Json,
    /// Any JSON object.
    JsonObject,
    List(Box<Ty>),
    Dict(Box<Ty>),
    /// A generated type, with its type arguments.
    Named {
        ident: Ident,
        args: Vec<Ty>,
        traits: Traits,
    },
    Param(Ident),
    /// What the platform or the SDK brings: `P::MediaStream`.
    Handle {
        owner: Ident,
        ident: Ident,
        args: Vec<Ty>,
        /// Whether no platform without an SDK brings it.
        sdk: bool,
    },
    /// A stream that is held as data.
    Stream(Box<Ty>),
}

/// What is true of a type and of everything inside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Traits {
    /// It holds a secret: it has `SerializeExposed` and no `Serialize`.
    pub(crate) secret: bool,
    /// It holds a float: it has no `Eq`.
    pub(crate) float: bool,
    /// It has rules to check.
    pub(crate) checked: bool,
    /// It has a `Default` that breaks no rule.
    pub(crate) default: bool,
    /// It is small and `Copy`.
    pub(crate) copy: bool,
    /// It holds what only a platform can bring: it is generic over the platform, and has no form
    /// on the wire.
    pub(crate) platform: bool,
    /// What it is generic over must be an SDK, since it holds objects of one.
    pub(crate) sdk: bool,
    /// It holds a stream, which has no form on the wire.
    pub(crate) stream: bool,
    /// It is a JSON object on the wire.
    pub(crate) object: bool,
}

impl Traits {
    /// Whether it has a form on the wire.
    pub(crate) fn on_wire(self) -> bool {
        !self.platform && !self.stream
    }

    /// What is true of a type that holds values of both.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            secret: self.secret || other.secret,
            float: self.float || other.float,
            checked: self.checked || other.checked,
            platform: self.platform || other.platform,
            sdk: self.sdk || other.sdk,
            stream: self.stream || other.stream,
            default: false,
            copy: false,
            object: false,
        }
    }
}

impl Ty {
    /// The type as it is called where the platform is not `P` but `owner`: `S::MediaStream`.
    pub(crate) fn seen_by(&self, name: &Ident) -> Self {
        let all = |args: &[Self]| args.iter().map(|arg| arg.seen_by(name)).collect();
        match self {
            Self::Handle { ident, args, sdk, .. } => Self::Handle {
                owner: name.clone(),
                ident: ident.clone(),
                args: all(args),
                sdk: *sdk,
            },
            Self::Param(param) if *param == names::platform() => Self::Param(name.clone()),
            Self::Named { ident, args, traits } => {
                Self::Named { ident: ident.clone(), args: all(args), traits: *traits }
            }
            Self::List(item) => Self::List(Box::new(item.seen_by(name))),
            Self::Dict(item) => Self::Dict(Box::new(item.seen_by(name))),
            Self::Stream(item) => Self::Stream(Box::new(item.seen_by(name))),
            _ => self.clone(),
        }
    }

    pub(crate) fn traits(&self) -> Traits {
        match self {
            Self::Secret => Traits { secret: true, ..Traits::default() },
            Self::Float | Self::Seconds => Traits { float: true, ..Traits::default() },
            Self::EpochMillis | Self::EpochSeconds => Traits { checked: true, ..Traits::default() },
            Self::Handle { sdk, .. } => Traits { platform: true, sdk: *sdk, ..Traits::default() },
            Self::Stream(item) => {
                let Traits { platform, sdk, .. } = item.traits();
                Traits { stream: true, platform, sdk, ..Traits::default() }
            }
            Self::List(item) | Self::Dict(item) => Traits { default: true, ..item.traits() },
            Self::Named { args, traits, .. } => {
                args.iter().map(Ty::traits).fold(*traits, |all, one| Traits {
                    secret: all.secret || one.secret,
                    float: all.float || one.float,
                    ..all
                })
            }
            _ => Traits::default(),
        }
    }

    /// Whether it is one number, of whatever unit, and no instant.
    pub(crate) fn is_number(&self) -> bool {
        matches!(self, Self::Float | Self::Count | Self::Millis | Self::Seconds)
    }

    /// Whether it is a type with rules of its own, or holds values of one.
    pub(crate) fn holds_rules(&self) -> bool {
        match self {
            Self::EpochMillis | Self::EpochSeconds => true,
            Self::Named { .. } => self.traits().checked,
            Self::List(item) | Self::Dict(item) => item.holds_rules(),
            _ => false,
        }
    }

    /// The type of an argument that becomes this value, and the conversion.
    pub(crate) fn argument(&self, name: &Ident) -> (TokenStream, TokenStream) {
        match self {
            Self::Text | Self::Secret | Self::Json => {
                (quote!(impl Into<#self>), quote!(#name.into()))
            }
            _ => (quote!(#self), quote!(#name)),
        }
    }
}

impl ToTokens for Ty {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(match self {
            Self::Text => quote!(String),
            Self::Secret => quote!(credwire_core::Secret<String>),
            Self::Bool => quote!(bool),
            Self::Float => quote!(f64),
            Self::Count => quote!(u64),
            Self::EpochMillis => quote!(credwire_core::EpochMillis),
            Self::EpochSeconds => quote!(credwire_core::EpochSeconds),
            Self::Millis => quote!(credwire_core::Millis),
            Self::Seconds => quote!(credwire_core::Seconds),
            Self::Json => quote!(serde_json::Value),
            Self::JsonObject => quote!(serde_json::Map<String, serde_json::Value>),
            Self::List(item) => quote!(Vec<#item>),
            Self::Dict(item) => quote!(std::collections::BTreeMap<String, #item>),
            Self::Named { ident, args, .. } if args.is_empty() => quote!(crate::#ident),
            Self::Named { ident, args, .. } => quote!(crate::#ident<#(#args),*>),
            Self::Param(ident) => quote!(#ident),
            Self::Handle { owner, ident, args, .. } if args.is_empty() => quote!(#owner::#ident),
            Self::Handle { owner, ident, args, .. } => quote!(#owner::#ident<#(#args),*>),
            Self::Stream(item) => quote!(credwire_core::support::observable::Observable<#item>),
        });
    }
}

/// Why a type has no Rust form.
pub(crate) struct Inexpressible(pub(crate) String);
