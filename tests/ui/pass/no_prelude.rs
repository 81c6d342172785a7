//! Nothing of the prelude is needed, and names of the user may mean anything.

#![no_implicit_prelude]
#![deny(warnings)]

mod core {}
mod std {}
mod credwire {}

// Each of these would be taken for the real one by an expansion with unqualified names.
pub(crate) struct Result;
pub(crate) struct Send;
pub(crate) struct Ok;
#[allow(non_camel_case_types, reason = "shadows the primitive type")]
pub(crate) struct bool;

#[::credwire::credential_provider]
pub(crate) struct Backend {
    session: ::credwire::Secret<::std::string::String>,
}

#[::credwire::credential_provider]
impl Backend {
    async fn authenticate(
        &self,
        _context: &::credwire::AuthenticateContext,
    ) -> ::std::result::Result<::credwire::SdkCredential, ::credwire::CredentialError> {
        let token = ::std::clone::Clone::clone(self.session.expose());
        ::std::result::Result::Ok(::credwire::SdkCredential::from_token(token))
    }

    async fn refresh(
        &self,
    ) -> ::std::result::Result<::credwire::SdkCredential, ::credwire::CredentialError> {
        ::std::result::Result::Err(::credwire::CredentialError::permanent("closed"))
    }
}

#[derive(::credwire::Validate)]
#[validate(at_least_one_of("text", "list"))]
struct Checked {
    #[validate(length(1..), jwk_thumbprint)]
    text: ::std::option::Option<::std::string::String>,
    #[validate(length(..3))]
    list: ::std::vec::Vec<::core::primitive::u8>,
    #[validate(range(1..=3))]
    count: ::core::primitive::u8,
    #[validate(epoch_seconds)]
    at: ::credwire::Secret<::core::primitive::u32>,
    #[validate(nested)]
    inner: ::std::option::Option<Method>,
}

#[derive(::credwire::Validate, ::credwire::RpcMethod)]
#[rpc(method = "example.none", result = ())]
struct Method;

impl ::credwire::SerializeExposed for Method {
    fn serialize_exposed<S: ::serde::Serializer>(
        &self,
        serializer: S,
    ) -> ::std::result::Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

pub(crate) fn main() {
    let checked = Checked {
        text: ::std::option::Option::None,
        list: ::std::vec![],
        count: 2,
        at: ::credwire::Secret::new(1),
        inner: ::std::option::Option::Some(Method),
    };
    ::std::assert!(::credwire::Validate::validate(&checked).is_err());
    ::std::assert_eq!(<Method as ::credwire::RpcMethod>::NAME, "example.none");
    let _ = (Result, Send, Ok, bool);
    let session = ::std::convert::From::from("made-up");
    let backend = Backend { session };
    ::std::assert_eq!(::std::format!("{backend:?}"), "Backend { session: *** }");
    let refresh = ::credwire::CredentialProvider::refresh(&backend).unwrap();
    ::std::assert!(::futures_util::FutureExt::now_or_never(refresh).unwrap().is_err());
    let context = ::credwire::AuthenticateContext::new();
    let first = ::credwire::CredentialProvider::authenticate(&backend, &context);
    let first = ::futures_util::FutureExt::now_or_never(first).unwrap();
    ::std::assert!(first.is_ok());
}
