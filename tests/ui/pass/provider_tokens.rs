//! What a block may be made of: fragments of macros, aliases, raw names, receivers and parameters in
//! other spellings, names of the prelude and of the trait that mean something else.
#![deny(warnings)]
#![allow(
    unused_parens,
    clippy::needless_lifetimes,
    clippy::needless_arbitrary_self_type,
    clippy::non_minimal_cfg,
    reason = "spelt out"
)]

use std::fmt;

use credwire::{AuthenticateContext, CredentialProvider, SdkCredential, credential_provider};
use futures_util::FutureExt;

fn first(provider: &impl CredentialProvider) -> Result<SdkCredential, credwire::CredentialError> {
    let context = AuthenticateContext::new().with_fingerprint("f");
    provider.authenticate(&context).now_or_never().unwrap()
}

fn fresh(provider: &impl CredentialProvider) -> Result<SdkCredential, credwire::CredentialError> {
    provider.refresh().unwrap().now_or_never().unwrap()
}

fn made_up() -> SdkCredential {
    SdkCredential::from_token("made-up")
}

/// An error of one's own that has the trait's name.
mod error {
    use std::fmt;

    #[derive(Debug)]
    pub(crate) struct CredentialError;

    impl fmt::Display for CredentialError {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("mine")
        }
    }

    impl From<CredentialError> for credwire::CredentialError {
        fn from(_: CredentialError) -> Self {
            Self::permanent("mine")
        }
    }
}

struct OwnPath;

#[credential_provider]
impl OwnPath {
    async fn authenticate(
        &self,
        _context: &AuthenticateContext,
    ) -> Result<SdkCredential, error::CredentialError> {
        Err(error::CredentialError)
    }

    async fn refresh(&self) -> Result<SdkCredential, error::CredentialError> {
        Err(error::CredentialError)
    }
}

mod own_name {
    use super::{AuthenticateContext, SdkCredential, credential_provider, error::CredentialError};

    pub(crate) struct Backend;

    // By its name alone it is taken for the trait's, unless the attribute says otherwise.
    #[credential_provider(error = Into::into)]
    impl Backend {
        async fn authenticate(
            &self,
            _context: &AuthenticateContext,
        ) -> Result<SdkCredential, CredentialError> {
            Err(CredentialError)
        }
    }
}

mod own_result {
    #![allow(dead_code, reason = "only their names matter")]

    use super::{AuthenticateContext, SdkCredential, credential_provider, made_up};

    type Result<T, E = credwire::CredentialError> = std::result::Result<T, E>;
    pub(crate) struct Option;
    pub(crate) struct Secret;
    pub(crate) struct Send;
    pub(crate) struct Some;

    #[credential_provider]
    pub(crate) struct Backend {
        pub(crate) option: Option,
        pub(crate) session: Secret,
    }

    #[credential_provider]
    impl Backend {
        async fn authenticate(&self, _context: &AuthenticateContext) -> Result<SdkCredential> {
            Ok(made_up())
        }

        async fn refresh(&self) -> Result<SdkCredential> {
            Ok(made_up())
        }
    }
}

/// Stands for `anyhow`: an error that is none and becomes a boxed one.
mod anyhow {
    pub(crate) struct Error(pub(crate) &'static str);

    impl From<Error> for Box<dyn std::error::Error + Send + Sync> {
        fn from(Error(text): Error) -> Self {
            text.into()
        }
    }

    pub(crate) type Result<T> = std::result::Result<T, Error>;
}

struct Anyhow;

#[credential_provider(error = anyhow)]
impl Anyhow {
    async fn authenticate(&self, _context: &AuthenticateContext) -> anyhow::Result<SdkCredential> {
        Err(anyhow::Error("busy"))
    }

    async fn refresh(&self) -> anyhow::Result<SdkCredential> {
        Err(anyhow::Error("busy"))
    }
}

struct Converted;

#[credential_provider(error(|text| credwire::CredentialError::permanent(format!("{text}!"))))]
impl Converted {
    async fn authenticate(
        &self,
        _context: &AuthenticateContext,
    ) -> Result<SdkCredential, &'static str> {
        Err("closed")
    }
}

struct Named;

#[credential_provider(error = credwire::CredentialError::permanent)]
impl Named {
    async fn r#authenticate<'a>(
        self: &'a Named,
        #[cfg(all())] context: &'a AuthenticateContext,
        #[cfg(any())] context: NoSuchType,
    ) -> Result<SdkCredential, String> {
        Err(context.fingerprint.clone().unwrap_or_default())
    }

    async fn refresh(&'_ self) -> Result<SdkCredential, String> {
        Ok(made_up())
    }
}

struct WithoutContext;

#[credential_provider]
impl WithoutContext {
    async fn authenticate(
        self: &Self,
        #[cfg(any())] _context: &AuthenticateContext,
    ) -> Result<SdkCredential, credwire::CredentialError> {
        Ok(made_up())
    }
}

type Cx<'a> = &'a AuthenticateContext;

macro_rules! provider {
    ($name:ident, $self:ty, $context:ty, $output:ty, $credential:ty, $error:path, $token:expr) => {
        struct $name;

        #[credential_provider]
        impl $self {
            async fn authenticate(&self, _context: $context) -> $output {
                Ok(SdkCredential::from_token($token))
            }

            async fn refresh(self: &$self) -> Result<$credential, $error> {
                Ok(SdkCredential::from_token($token))
            }
        }
    };
}

provider!(
    Fragments, Fragments, &AuthenticateContext, Result<SdkCredential, credwire::CredentialError>,
    SdkCredential, credwire::CredentialError, "made-up"
);
provider!(
    Aliased, (Aliased), Cx<'_>, (Result<SdkCredential, error::CredentialError>),
    (SdkCredential), error::CredentialError, "made-up"
);

macro_rules! secrets {
    ($text:ty, $bytes:ty, $sealed:ty) => {
        #[credential_provider]
        struct Secrets {
            session: Option<$sealed>,
            token: ($sealed),
            #[credential_provider(public)]
            api_key: $text,
            bytes: Vec<$bytes>,
        }
    };
}

secrets!(String, u8, credwire::Secret<String>);

type Key = credwire::Secret<String>;
type Region = &'static str;

/// Aliases are sent as what they are.
#[credential_provider(endpoint = "https://example.com/token")]
struct Hosted {
    #[header("authorization")]
    key: Key,
    #[query]
    region: Region,
    #[json]
    second: Option<Key>,
    #[header]
    third: Option<Key>,
}

struct Open<T>(T);

#[credential_provider]
impl<T> Open<T>
where
    (T): fmt::Debug + Send + Sync,
    T: 'static,
{
    #[deprecated = "says the user"]
    async fn authenticate(
        &self,
        _context: &AuthenticateContext,
    ) -> Result<SdkCredential, credwire::CredentialError> {
        Ok(SdkCredential::from_token(format!("{:?}", self.0)))
    }
}

pub(crate) fn main() {
    for error in [
        first(&OwnPath).unwrap_err(),
        fresh(&OwnPath).unwrap_err(),
        first(&own_name::Backend).unwrap_err(),
    ] {
        assert_eq!((error.is_transient(), error.to_string()), (false, "mine".to_owned()));
    }
    assert_eq!(error::CredentialError.to_string(), "mine");
    let own =
        own_result::Backend { option: own_result::Option, session: own_result::Secret };
    assert_eq!(format!("{own:?}"), "Backend { option: .., session: *** }");
    let _ = (&own.option, &own.session);
    assert!(first(&own).is_ok() && fresh(&own).is_ok());
    let error = first(&Anyhow).unwrap_err();
    assert_eq!((error.is_transient(), error.to_string()), (true, "busy".to_owned()));
    assert!(fresh(&Anyhow).is_err());
    let error = first(&Converted).unwrap_err();
    assert_eq!((error.is_transient(), error.to_string()), (false, "closed!".to_owned()));
    assert_eq!(first(&Named).unwrap_err().to_string(), "f");
    assert!(fresh(&Named).is_ok() && first(&WithoutContext).is_ok());
    assert!(first(&Fragments).is_ok() && fresh(&Fragments).is_ok());
    assert!(first(&Aliased).is_ok() && fresh(&Aliased).is_ok());
    let secrets = Secrets {
        session: None,
        token: "made-up".into(),
        api_key: "shown".to_owned(),
        bytes: Vec::new(),
    };
    let shown = "Secrets { session: ***, token: ***, api_key: \"shown\", bytes: .. }";
    assert_eq!(format!("{secrets:?}"), shown);
    let _ = (secrets.session, secrets.token, secrets.api_key, secrets.bytes);
    assert!(first(&Open(1)).is_ok());
    let hosted = Hosted { key: "made-up".into(), region: "eu", second: None, third: None };
    assert_eq!(format!("{hosted:?}"), "Hosted { key: ***, region: .., second: .., third: .. }");
}
