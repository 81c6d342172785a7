//! Error codes: an enum that keeps the codes it does not know.

use credwire_schema::model::{Item, rpc::RpcCode};
use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use super::whole_number;
use crate::{docs, emit::Emitted, names, ty::Inexpressible};

/// The enum of the codes.
///
/// # Errors
/// A code or a name that is given twice, or that means all others.
pub(super) fn emit(item: &Item, codes: &[RpcCode]) -> Result<Emitted, Inexpressible> {
    let mut codes: Vec<&RpcCode> = codes.iter().collect();
    codes.sort_by_key(|one| std::cmp::Reverse(one.code));
    for (index, one) in codes.iter().enumerate() {
        let earlier = codes.iter().take(index);
        if earlier.clone().any(|other| other.code == one.code || other.rust == one.rust) {
            return Err(Inexpressible(format!("the code {} or its name, twice", one.code)));
        }
        if one.rust == "Other" || !names::is_identifier(&one.rust) {
            return Err(Inexpressible(format!("the name `{}` for a code", one.rust)));
        }
    }
    let ident = names::ident(&item.rust);
    let comment = docs::item(item, &["Codes that are not listed are kept as they are.".to_owned()]);
    let variants: Vec<Ident> = codes.iter().map(|one| names::ident(&one.rust)).collect();
    let numbers: Vec<_> = codes.iter().map(|one| whole_number(one.code)).collect();
    let comments: Vec<TokenStream> = codes
        .iter()
        .map(|one| docs::comment(&[one.summary.clone(), format!("`{}` on the wire.", one.code)]))
        .collect();
    let body = quote! {
        #comment
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum #ident {
            #(#comments #variants,)*
            /// Any other code.
            Other(i64),
        }
        impl #ident {
            /// The code as it is on the wire.
            pub const fn get(self) -> i64 {
                match self {
                    #(Self::#variants => #numbers,)*
                    Self::Other(code) => code,
                }
            }
        }
        impl From<i64> for #ident {
            fn from(code: i64) -> Self {
                match code {
                    #(#numbers => Self::#variants,)*
                    _ => Self::Other(code),
                }
            }
        }
        impl From<#ident> for i64 {
            fn from(code: #ident) -> Self {
                code.get()
            }
        }
        impl std::fmt::Display for #ident {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.get().fmt(f)
            }
        }
        impl serde::Serialize for #ident {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_i64(self.get())
            }
        }
        /// Reads a whole number, or one in a string.
        impl<'de> serde::Deserialize<'de> for #ident {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                credwire_core::support::rpc::code(deserializer).map(Self::from)
            }
        }
    };
    Ok(Emitted::new(vec![ident], body))
}
