//! `#[credential_provider(endpoint = "..")]`: a provider without code, that asks the backend of an
//! application over HTTP.

mod args;
mod expand;
mod parts;

pub(super) use args::EndpointArgs;
pub(super) use expand::{expand, skeleton};
pub(super) use parts::Parts;
