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

pub(crate) fn main() {
    let _ = (Result, Send, Ok, bool);
    let session = ::std::convert::From::from("made-up");
    let backend = Backend { session };
    ::std::assert_eq!(::std::format!("{backend:?}"), "Backend { session: *** }");
    ::std::assert!(::credwire::CredentialProvider::can_refresh(&backend));
    let context = ::credwire::AuthenticateContext::new();
    let first = ::credwire::CredentialProvider::authenticate(&backend, &context);
    let first = ::futures_util::FutureExt::now_or_never(first).unwrap();
    ::std::assert!(first.is_ok());
}
