//! A struct and its block, both annotated, with `refresh`.

use credwire::{
    AuthenticateContext, CredentialError, CredentialProvider, Secret, SdkCredential,
    credential_provider,
};
use futures_util::FutureExt;

#[credential_provider]
struct Backend {
    url: String,
    session: Secret<String>,
}

#[credential_provider]
impl Backend {
    async fn authenticate(
        &self,
        context: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        let fingerprint = context.fingerprint.as_deref().unwrap_or("none");
        let token = format!("{} {} {fingerprint}", self.url, self.session.expose());
        Ok(SdkCredential::from_token(token))
    }

    async fn refresh(&self) -> Result<SdkCredential, CredentialError> {
        Ok(SdkCredential::from_token("fresh"))
    }
}

/// Whether it has a refresh is decided while the program runs.
struct Decided {
    renewable: bool,
}

#[credential_provider]
impl Decided {
    async fn authenticate(
        &self,
        _context: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        Ok(SdkCredential::from_token("first"))
    }

    fn refresh(
        &self,
    ) -> Option<impl Future<Output = Result<SdkCredential, CredentialError>> + Send> {
        self.renewable.then_some(async { Ok(SdkCredential::from_token("fresh")) })
    }
}

pub(crate) fn main() {
    let backend = Backend { url: "u".to_owned(), session: "s".into() };
    assert_eq!(format!("{backend:?}"), "Backend { url: .., session: *** }");

    let context = AuthenticateContext::new().with_fingerprint("f");
    let first = CredentialProvider::authenticate(&backend, &context).now_or_never();
    assert_eq!(first.unwrap().unwrap(), SdkCredential::from_token("u s f"));
    let fresh = CredentialProvider::refresh(&backend).unwrap().now_or_never();
    assert_eq!(fresh.unwrap().unwrap(), SdkCredential::from_token("fresh"));

    for (renewable, expected) in [(true, Some("fresh")), (false, None)] {
        let decided = Decided { renewable };
        let fresh = CredentialProvider::refresh(&decided);
        let fresh = fresh.map(|fresh| fresh.now_or_never().unwrap().unwrap());
        assert_eq!(fresh, expected.map(SdkCredential::from_token));
    }
}
