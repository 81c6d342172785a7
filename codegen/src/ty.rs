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
    /// Bytes that must never be shown.
    SecretBytes,
    Bool,
    Float,
    Count,
    EpochMillis,
    EpochSeconds,
    Millis,
    Seconds,
    Bytes,
    Timestamp,
    /// A URL as text.
    Url,
    BigInt,
    /// Nothing: `()`.
    Unit,
    /// Any JSON value.
    Json,
    /// Any JSON object.
    JsonObject,
    List(Box<Ty>),
    /// Values with an order and without rules, each once.
    Set(Box<Ty>),
    Dict(Box<Ty>),
    /// A value that may be null, inside another type.
    Maybe(Box<Ty>),
    Tuple(Vec<Ty>),
    /// A value that may hold one of its own type.
    Boxed(Box<Ty>),
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
    /// It holds an error, which stays in this process.
    pub(crate) local: bool,
}

impl Traits {
    /// Whether it has a form on the wire.
    pub(crate) fn on_wire(self) -> bool {
        !self.platform && !self.stream && !self.local
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
            local: self.local || other.local,
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
            Self::Maybe(item) => Self::Maybe(Box::new(item.seen_by(name))),
            Self::Boxed(item) => Self::Boxed(Box::new(item.seen_by(name))),
            Self::Tuple(items) => Self::Tuple(all(items)),
            Self::Stream(item) => Self::Stream(Box::new(item.seen_by(name))),
            _ => self.clone(),
        }
    }

    /// The type in an alias, where nothing says of which trait a platform's types are.
    pub(crate) fn in_alias(&self) -> TokenStream {
        let all =
            |items: &[Self]| -> Vec<TokenStream> { items.iter().map(Self::in_alias).collect() };
        match self {
            Self::Handle { owner, ident, args, sdk } => {
                let of = if *sdk { quote!(crate::SdkTypes) } else { quote!(crate::Platform) };
                let args = all(args);
                let args = (!args.is_empty()).then(|| quote!(<#(#args),*>));
                quote!(<#owner as #of>::#ident #args)
            }
            Self::Named { ident, args, .. } if !args.is_empty() => {
                let args = all(args);
                quote!(crate::#ident<#(#args),*>)
            }
            Self::List(item) => {
                let item = item.in_alias();
                quote!(Vec<#item>)
            }
            Self::Dict(item) => {
                let item = item.in_alias();
                quote!(std::collections::BTreeMap<String, #item>)
            }
            Self::Maybe(item) => {
                let item = item.in_alias();
                quote!(Option<#item>)
            }
            Self::Stream(item) => {
                let item = item.in_alias();
                quote!(credwire_core::support::observable::Observable<#item>)
            }
            Self::Tuple(items) => {
                let items = all(items);
                quote!((#(#items,)*))
            }
            _ => quote!(#self),
        }
    }

    /// Adds the type parameters that it mentions, each once, the platform among them.
    pub(crate) fn params(&self, found: &mut Vec<Ident>) {
        match self {
            Self::Param(ident) if !found.contains(ident) => found.push(ident.clone()),
            Self::Named { args: items, .. }
            | Self::Handle { args: items, .. }
            | Self::Tuple(items) => {
                items.iter().for_each(|item| item.params(found));
            }
            Self::List(item)
            | Self::Dict(item)
            | Self::Maybe(item)
            | Self::Boxed(item)
            | Self::Stream(item) => item.params(found),
            _ => {}
        }
    }

    pub(crate) fn traits(&self) -> Traits {
        match self {
            Self::Secret | Self::SecretBytes => Traits { secret: true, ..Traits::default() },
            Self::Float | Self::Seconds => Traits { float: true, ..Traits::default() },
            Self::EpochMillis | Self::EpochSeconds | Self::Timestamp | Self::Url => {
                Traits { checked: true, ..Traits::default() }
            }
            Self::Maybe(item) => {
                Traits { default: true, copy: false, object: false, ..item.traits() }
            }
            Self::Boxed(item) => Traits { copy: false, ..item.traits() },
            Self::Tuple(items) => {
                // What is inside is not walked when the whole is checked.
                let all = items.iter().map(Ty::traits).fold(Traits::default(), Traits::and);
                Traits { checked: false, ..all }
            }
            Self::Handle { sdk, args, .. } => {
                let sdk = *sdk || args.iter().any(|arg| arg.traits().sdk);
                Traits { platform: true, sdk, ..Traits::default() }
            }
            Self::Stream(item) => {
                let Traits { platform, sdk, .. } = item.traits();
                Traits { stream: true, platform, sdk, ..Traits::default() }
            }
            Self::List(item) | Self::Dict(item) => Traits { default: true, ..item.traits() },
            Self::Set(_) => Traits { default: true, ..Traits::default() },
            Self::Named { args, traits, .. } => {
                args.iter().map(Ty::traits).fold(*traits, |all, one| Traits {
                    secret: all.secret || one.secret,
                    float: all.float || one.float,
                    platform: all.platform || one.platform,
                    sdk: all.sdk || one.sdk,
                    stream: all.stream || one.stream,
                    local: all.local || one.local,
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
            Self::EpochMillis | Self::EpochSeconds | Self::Timestamp | Self::Url => true,
            Self::Named { .. } => self.traits().checked,
            Self::List(item) | Self::Dict(item) | Self::Maybe(item) | Self::Boxed(item) => {
                item.holds_rules()
            }
            _ => false,
        }
    }

    /// The type of an argument that becomes this value, and the conversion.
    pub(crate) fn argument(&self, name: &Ident) -> (TokenStream, TokenStream) {
        match self {
            Self::Text
            | Self::Secret
            | Self::SecretBytes
            | Self::Bytes
            | Self::Timestamp
            | Self::Url
            | Self::Json
            | Self::Boxed(_) => (quote!(impl Into<#self>), quote!(#name.into())),
            _ => (quote!(#self), quote!(#name)),
        }
    }
}

impl ToTokens for Ty {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(match self {
            Self::Text => quote!(String),
            Self::Secret => quote!(credwire_core::Secret<String>),
            Self::SecretBytes => quote!(credwire_core::Secret<credwire_core::Bytes>),
            Self::Bytes => quote!(credwire_core::Bytes),
            Self::Timestamp => quote!(credwire_core::Timestamp),
            Self::Url => quote!(credwire_core::Url),
            Self::BigInt => quote!(credwire_core::BigInt),
            Self::Unit => quote!(()),
            Self::Maybe(item) => quote!(Option<#item>),
            Self::Boxed(item) => quote!(Box<#item>),
            Self::Tuple(items) => quote!((#(#items,)*)),
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
            Self::Set(item) => quote!(std::collections::BTreeSet<#item>),
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
