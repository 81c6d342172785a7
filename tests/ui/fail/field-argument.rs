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
}

fn main() {}

// Faults: 3
