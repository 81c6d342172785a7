//! The object-safe mirror of [`CredentialProvider`], for storage behind one pointer.

use futures_util::future::BoxFuture;

use crate::{AuthenticateContext, CredentialError, CredentialProvider, SdkCredential};

type Answer<'a> = BoxFuture<'a, Result<SdkCredential, CredentialError>>;

pub(crate) trait DynProvider: Send + Sync + 'static {
    fn authenticate<'a>(&'a self, context: &'a AuthenticateContext) -> Answer<'a>;
    fn can_refresh(&self) -> bool;
    fn refresh(&self) -> Answer<'_>;
}

impl<P: CredentialProvider> DynProvider for P {
    fn authenticate<'a>(&'a self, context: &'a AuthenticateContext) -> Answer<'a> {
        Box::pin(CredentialProvider::authenticate(self, context))
    }

    fn can_refresh(&self) -> bool {
        CredentialProvider::can_refresh(self)
    }

    fn refresh(&self) -> Answer<'_> {
        Box::pin(CredentialProvider::refresh(self))
    }
}
