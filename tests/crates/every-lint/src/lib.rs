//! A crate that denies every lint: what an expansion adds breaks none.

#![deny(warnings)]
#![deny(
    absolute_paths_not_starting_with_crate,
    ambiguous_negative_literals,
    closure_returning_async_block,
    deprecated_in_future,
    elided_lifetimes_in_paths,
    explicit_outlives_requirements,
    impl_trait_redundant_captures,
    keyword_idents_2018,
    keyword_idents_2024,
    let_underscore_drop,
    macro_use_extern_crate,
    meta_variable_misuse,
    missing_copy_implementations,
    missing_debug_implementations,
    missing_docs,
    missing_unsafe_on_extern,
    non_ascii_idents,
    redundant_imports,
    redundant_lifetimes,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unit_bindings,
    unnameable_types,
    unreachable_pub,
    unsafe_code,
    unsafe_op_in_unsafe_fn,
    unused_crate_dependencies,
    unused_extern_crates,
    unused_import_braces,
    unused_lifetimes,
    unused_macro_rules,
    unused_qualifications,
    unused_results,
    variant_size_differences
)]
#![deny(clippy::all, clippy::pedantic, clippy::nursery, clippy::cargo)]
// A level of the lint in an expansion would be refused.
#![forbid(clippy::unused_async)]
#![allow(clippy::multiple_crate_versions, reason = "of the dependencies of others")]

use std::collections::BTreeMap;

use credwire::{
    AuthenticateContext, CredentialError, RpcMethod, SdkCredential, Secret, Validate,
    credential_provider,
};

/// A provider.
#[credential_provider]
pub struct Backend<T> {
    session: Secret<String>,
    #[credential_provider(public)]
    region: T,
}

#[credential_provider]
impl<T: Clone + Into<String> + Send + Sync + 'static> Backend<T> {
    /// Creates one.
    pub const fn new(session: Secret<String>, region: T) -> Self {
        Self { session, region }
    }

    async fn authenticate(
        &self,
        context: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        let region: String = self.region.clone().into();
        let asked = context.fingerprint.as_deref().unwrap_or(&region);
        Ok(SdkCredential::from_token(format!("{} {asked}", self.session.expose())))
    }

    async fn refresh(&self) -> Result<SdkCredential, Busy> {
        Err(Busy)
    }
}

/// An error.
#[derive(Clone, Copy, Debug)]
pub struct Busy;

impl From<Busy> for CredentialError {
    fn from(_: Busy) -> Self {
        Self::transient("busy")
    }
}

/// A provider whose parameter has a bound in the list and one behind it.
#[credential_provider]
pub struct Bound<T: Clone + 'static> {
    /// The value.
    pub value: T,
}

/// A provider without code.
#[credential_provider(endpoint = "https://example.com/token", refresh, timeout_seconds = 5)]
pub struct Hosted {
    #[header("authorization")]
    session: Secret<String>,
    #[json]
    reference: Option<String>,
}

impl Hosted {
    /// Creates one.
    #[must_use]
    pub const fn new(session: Secret<String>) -> Self {
        Self { session, reference: None }
    }
}

/// What is asked for.
#[derive(Debug, Validate)]
#[validate(at_least_one_of("name", "parts"))]
#[validate(custom(|it: &Self| it.count != 3, message = "three is too many"))]
pub struct Order {
    /// How many.
    #[validate(range(1..=9), when(|it: &Self| it.name.is_some(), range(2..)))]
    pub count: u8,
    /// Whose.
    #[validate(length(1..), email, prefix("a"), custom(is_short))]
    pub name: Option<String>,
    /// Of what.
    #[validate(items(length(1..)), length(..=2))]
    pub parts: Vec<String>,
    /// Inside.
    #[validate(nested)]
    pub inner: Option<Box<Self>>,
    /// By name.
    #[validate(keys(ascii), values(nested))]
    pub by_name: BTreeMap<String, Choice>,
    /// Of another kind.
    #[validate(nested)]
    pub alias: Alias,
    /// A share.
    #[validate(range(0..=1))]
    pub share: f64,
}

const fn is_short(name: &str) -> bool {
    name.len() < 64
}

/// Another name.
pub type Alias = Option<Choice>;

/// One of two.
#[derive(Debug, Validate)]
pub enum Choice {
    /// The first.
    Of(#[validate(range(1..))] u64),
    /// The second.
    Named {
        /// The name.
        #[validate(length(1..))]
        name: Box<str>,
        /// Something else.
        other: u8,
    },
    /// The third.
    Neither,
}

/// Of any type.
#[derive(Clone, Copy, Debug, Validate)]
pub struct Wrapper<T> {
    /// The value.
    #[validate(nested)]
    pub value: T,
}

/// Params of a method.
#[derive(Clone, Copy, Debug, RpcMethod)]
#[rpc(method = "example.none", result = ())]
pub struct Nothing;

impl credwire::SerializeExposed for Nothing {
    fn serialize_exposed<S>(&self, serializer: S) -> Result<S::Ok, S::Error>
    where
        S: Serializer,
    {
        serializer.serialize_unit()
    }
}

use serde::Serializer;

credwire::interface!("Share.json");
