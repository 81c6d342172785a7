//! Faults in the marks of fields.

use credwire::credential_provider;

#[credential_provider]
struct Backend {
    #[credential_provider(publik)]
    region: String,
    #[credential_provider]
    tenant: String,
    #[credential_provider(public = true)]
    account: String,
    #[cfg_attr(all(), credential_provider(public))]
    api_key: String,
}

#[credential_provider(endpoint)]
struct Hosted {
    #[cfg_attr(all(), endpoint)]
    url: String,
}

fn main() {}

// Faults: 5
