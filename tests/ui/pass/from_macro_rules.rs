//! The attribute on items that another macro writes, with its fragments inside.

use credwire::{
    AuthenticateContext, CredentialError, CredentialProvider, SdkCredential, Secret,
    credential_provider,
};
use futures_util::FutureExt;

macro_rules! provider {
    ($vis:vis $name:ident, $field:ident: $ty:ty, $context:ident, $output:ty, $body:block) => {
        #[credential_provider]
        $vis struct $name {
            $field: $ty,
            #[credential_provider(public)]
            region: &'static str,
        }

        #[credential_provider]
        impl $name {
            $vis async fn authenticate(&self, $context: &AuthenticateContext) -> $output $body

            async fn refresh(&self) -> $output {
                Ok(SdkCredential::from_token(self.$field.clone()))
            }
        }
    };
}

provider!(pub(crate) Backend, session: Secret<String>, context,
    Result<SdkCredential, CredentialError>,
    { Ok(SdkCredential::from_token(context.fingerprint.clone().unwrap_or_default())) });

pub(crate) fn main() {
    let backend = Backend { session: "made-up".into(), region: "eu" };
    assert_eq!(format!("{backend:?}"), "Backend { session: ***, region: \"eu\" }");
    assert_eq!(backend.region, "eu");
    let fresh = CredentialProvider::refresh(&backend).unwrap().now_or_never().unwrap();
    assert_eq!(fresh.unwrap(), SdkCredential::from_token("made-up"));
    let context = AuthenticateContext::new().with_fingerprint("f");
    let first = CredentialProvider::authenticate(&backend, &context).now_or_never().unwrap();
    assert_eq!(first.unwrap(), SdkCredential::from_token("f"));
}
