//! Nothing of the prelude is in scope, and what can be forbidden is.

#![no_implicit_prelude]
#![forbid(
    dead_code,
    deprecated,
    missing_debug_implementations,
    missing_docs,
    non_camel_case_types,
    non_snake_case,
    non_upper_case_globals,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unreachable_code,
    unreachable_pub,
    unsafe_code,
    unused,
    unused_lifetimes,
    unused_qualifications,
    unused_results,
    clippy::all
)]

/// A provider.
#[::credwire::credential_provider]
pub struct Backend {
    session: ::credwire::Secret<::std::string::String>,
    /// Where it is.
    #[credential_provider(public)]
    pub region: ::std::string::String,
}

#[::credwire::credential_provider]
impl Backend {
    /// Asks.
    ///
    /// # Errors
    /// None.
    pub async fn authenticate(
        &self,
        _context: &::credwire::AuthenticateContext,
    ) -> ::std::result::Result<::credwire::SdkCredential, ::credwire::CredentialError> {
        let token = ::std::clone::Clone::clone(self.session.expose());
        ::std::future::ready(::std::result::Result::Ok(::credwire::SdkCredential::from_token(
            token,
        )))
        .await
    }

    /// Asks again.
    ///
    /// # Errors
    /// Always.
    pub async fn refresh(
        &self,
    ) -> ::std::result::Result<::credwire::SdkCredential, ::credwire::CredentialError> {
        ::std::future::ready(::std::result::Result::Err(::credwire::CredentialError::permanent(
            "closed",
        )))
        .await
    }
}

/// A provider with a parameter.
#[::credwire::credential_provider]
pub struct Generic<T> {
    /// The source.
    pub source: T,
}

/// What is asked for.
#[derive(Debug, ::credwire::Validate)]
#[validate(at_least_one_of("name", "parts"))]
#[validate(custom(|order| order.count != 3, message = "three is too many"))]
pub struct Order {
    /// How many.
    #[validate(range(1..=9))]
    pub count: u8,
    /// Whose.
    #[validate(length(1..), email, prefix("a"))]
    pub name: ::std::option::Option<::std::string::String>,
    /// Of what.
    #[validate(items(length(1..)), length(..=2))]
    pub parts: ::std::vec::Vec<::std::string::String>,
    /// Inside.
    #[validate(nested)]
    pub inner: ::std::option::Option<::std::boxed::Box<Order>>,
    /// By name.
    #[validate(keys(ascii), values(nested))]
    pub by_name: ::std::collections::BTreeMap<::std::string::String, Choice>,
    /// Of another kind.
    #[validate(nested)]
    pub alias: Alias,
}

/// Another name.
pub type Alias = ::std::option::Option<Choice>;

/// One of two.
#[derive(Debug, ::credwire::Validate)]
pub enum Choice {
    /// The first.
    Of(#[validate(range(1..))] u8),
    /// The second.
    Named {
        /// The name.
        #[validate(length(1..))]
        name: ::std::string::String,
        /// Something else.
        other: u8,
    },
}
