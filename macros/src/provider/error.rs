//! `error = ..`: what an error becomes that does not convert by itself.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Expr, Type};

use crate::{
    args::{Args, Value},
    crate_path::CratePath,
    diagnostic::{Code, Diagnostics},
};

/// What converts errors.
pub(super) enum ErrorConversion {
    /// Whatever converts into a boxed error becomes a transient one: `anyhow`, `eyre`.
    Transient,
    /// A function or a closure of the user.
    Function(TokenStream),
}

impl ErrorConversion {
    /// Takes `error = path`, or `error(|error| ..)`.
    pub(super) fn take(args: &mut Args, diagnostics: &mut Diagnostics) -> Option<Self> {
        let arg = args.take("error", diagnostics)?;
        let function = match &arg.value {
            Value::Type(ty) => match &**ty {
                Type::Path(path) if ["anyhow", "eyre"].iter().any(|it| path.path.is_ident(it)) => {
                    return Some(Self::Transient);
                }
                Type::Path(path) => Some(path.to_token_stream()),
                _ => None,
            },
            Value::List(list) => syn::parse2::<Expr>(list.clone()).ok().map(|_| list.clone()),
            _ => None,
        };
        if function.is_none() {
            diagnostics.report(
                Code::InvalidArgument,
                &arg,
                "`error` takes what converts an error into `CredentialError`",
                "write `error = anyhow`, `error = CredentialError::permanent`, or \
                 `error(|error| CredentialError::transient(error))`",
            );
        }
        function.map(Self::Function)
    }

    /// The function.
    pub(super) fn tokens(&self, krate: &CratePath) -> TokenStream {
        match self {
            Self::Transient => quote!(#krate::CredentialError::transient),
            Self::Function(function) => function.clone(),
        }
    }
}
