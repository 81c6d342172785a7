//! Credential providers: written by hand, with our macro, and with async-trait.

/// How many a crate has.
pub(super) const COUNT: usize = 200;

const CREDWIRE: &str = "
#![allow(missing_docs)]
pub mod credwire {
    pub use credwire_core::*;
    pub use credwire_generated::*;
    pub use credwire_macros::*;
}
use credwire::{AuthenticateContext, CredentialError, SdkCredential};
";

const METHODS: &str = "
    async fn authenticate(&self, context: &AuthenticateContext) -> Result<SdkCredential, CredentialError> {
        let _ = context;
        Ok(SdkCredential::from_token(self.0.clone()))
    }
";

fn providers(head: &str, attribute: &str, of: impl Fn(usize) -> String) -> String {
    let mut text = format!("{CREDWIRE}{head}");
    for index in 0..COUNT {
        text.push_str(&format!(
            "pub struct Provider{index}(pub String);\n{attribute}\nimpl {} {{{METHODS}}}\n",
            of(index)
        ));
    }
    text
}

pub(super) fn plain() -> String {
    providers("", "", |index| format!("credwire::CredentialProvider for Provider{index}"))
}

pub(super) fn ours() -> String {
    let attribute = "#[credwire::credential_provider(crate = \"crate::credwire\")]";
    providers("", attribute, |index| format!("Provider{index}"))
}

pub(super) fn async_trait() -> String {
    let head = "
#[async_trait::async_trait]
pub trait Provider: Send + Sync + 'static {
    async fn authenticate(&self, context: &AuthenticateContext) -> Result<SdkCredential, CredentialError>;
}
";
    providers(head, "#[async_trait::async_trait]", |index| format!("Provider for Provider{index}"))
}
