//! The types without the client: a crate of one's own that re-exports them is named in each macro.

pub(crate) mod types {
    pub(crate) use credwire_core::*;
    pub(crate) use credwire_generated::*;
}

use credwire_macros::{RpcMethod, Validate, credential_provider, interface};
use futures_util::FutureExt;

use self::types::{
    AuthenticateContext, CredentialError, CredentialProvider as _, SdkCredential, Secret,
};

#[credential_provider(crate = "crate::types_alone::types")]
struct Backend {
    session: Secret<String>,
}

#[credential_provider(crate = "self::types")]
impl Backend {
    async fn authenticate(
        &self,
        _context: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        Ok(SdkCredential::from_token(self.session.expose().as_str()))
    }
}

#[derive(serde::Serialize, Validate, RpcMethod)]
#[validate(crate = "types")]
#[rpc(method = "example.login", result = (), crate = "types")]
struct Login {
    #[validate(length(1..))]
    name: String,
}

interface!("ui/documents/Customer.json", crate = "types");

pub(crate) fn main() {
    let backend = Backend { session: "made-up".into() };
    assert!(backend.refresh().is_none());
    let first = backend.authenticate(&AuthenticateContext::new()).now_or_never();
    assert_eq!(first.unwrap().unwrap(), SdkCredential::from_token("made-up"));
    assert!(types::Validate::validate(&Login { name: String::new() }).is_err());
    assert_eq!(<Login as types::RpcMethod>::NAME, "example.login");
    assert_eq!(Customer::new("made-up").name, "made-up");
}
