//! Ready-made credential providers.
//!
//! | provider | takes credentials from |
//! |---|---|
//! | [`StaticCredentialProvider`] | the program: one credential for good |
//! | [`from_fn`] | functions of the program |
//! | [`EnvCredentialProvider`] | an environment variable |
//! | [`FileCredentialProvider`] | a file that something else keeps fresh |
//! | [`EmbedTokenCredentialProvider`] | a space, for an embed token |
//! | [`ChainCredentialProvider`] | the first of several providers that has one |
//! | [`CachingCredentialProvider`] | another provider, for several clients, one call at a time |
//!
//! For an application's own token endpoint, `#[credential_provider(endpoint)]` writes one.

mod caching;
mod chain;
mod embed;
mod env;
mod file;
mod fixed;
mod function;
mod text;

pub use caching::CachingCredentialProvider;
pub use chain::ChainCredentialProvider;
pub use credwire_core::{Converted, ProviderError};
pub use embed::{EmbedTokenCredentialProvider, EmbedTokenCredentialProviderBuilder};
pub use env::EnvCredentialProvider;
pub use file::FileCredentialProvider;
pub use fixed::StaticCredentialProvider;
pub use function::{FnCredentialProvider, WithRefresh, WithoutRefresh, from_fn};
