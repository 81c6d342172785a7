//! Ready-made credential providers.

mod embed;
mod fixed;
mod function;

pub use embed::{EmbedTokenCredentialProvider, EmbedTokenCredentialProviderBuilder};
pub use fixed::StaticCredentialProvider;
pub use function::{FnCredentialProvider, WithRefresh, WithoutRefresh, from_fn};
