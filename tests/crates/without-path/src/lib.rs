//! The macros of credwire by a facade's path, without `crate = ".."`. It does not compile: the test
//! `crates` counts what the compiler says, one message for each macro.

use facade::credwire::{
    AuthenticateContext, CredentialError, RpcMethod, SdkCredential, Validate, credential_provider,
    interface,
};

#[credential_provider]
pub struct Backend {
    url: String,
}

#[credential_provider]
impl Backend {
    async fn authenticate(
        &self,
        _context: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        Ok(SdkCredential::from_token(self.url.as_str()))
    }
}

#[credential_provider(endpoint = "https://app.example.com/token", refresh)]
pub struct Hosted;

#[derive(Validate)]
pub struct Login {
    #[validate(length(1..))]
    pub name: String,
}

#[derive(RpcMethod)]
#[rpc(method = "example.echo", result = ())]
pub struct Echo;

interface!("../../ui/documents/Order.json", "../../ui/documents/Customer.json");
