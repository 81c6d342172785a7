//! Secrets held in the clear.

use std::{collections::HashMap, sync::Arc};

use credwire::credential_provider;

#[credential_provider]
struct Backend {
    url: String,
    api_key: String,
    refresh_token: Option<String>,
    signing_secret: Vec<u8>,
    authorization: &'static str,
    sessions: HashMap<u64, Arc<str>>,
}

#[credential_provider]
struct ApiToken(String);

fn main() {}

// Faults: 6
