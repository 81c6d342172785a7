//! The methods of the trait that a block provides.

use syn::Ident;

/// A method of the trait.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Method {
    Authenticate,
    Refresh,
}

impl Method {
    pub(super) const ALL: [Self; 2] = [Self::Authenticate, Self::Refresh];

    /// The method that goes by this name, also in its raw form.
    pub(super) fn named(ident: &Ident) -> Option<Self> {
        let name = ident.to_string();
        let name = name.strip_prefix("r#").unwrap_or(&name);
        Self::ALL.into_iter().find(|known| name == known.name())
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Authenticate => "authenticate",
            Self::Refresh => "refresh",
        }
    }

    pub(super) const fn signature(self) -> &'static str {
        match self {
            Self::Authenticate => {
                "async fn authenticate(&self, context: &AuthenticateContext) -> \
                 Result<SdkCredential, CredentialError>"
            }
            Self::Refresh => "async fn refresh(&self) -> Result<SdkCredential, CredentialError>",
        }
    }
}
