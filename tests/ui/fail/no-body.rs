//! A member of a body that is not sent.

use credwire::credential_provider;

#[credential_provider(endpoint = "https://app.example.com/token", method = "GET")]
struct Backend {
    #[json]
    reference: String,
}

fn main() {}

// Faults: 1
