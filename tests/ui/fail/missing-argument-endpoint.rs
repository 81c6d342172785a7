//! Arguments that say how an endpoint is asked, without one.

use credwire::credential_provider;

#[credential_provider(refresh = "https://example.com/fresh", timeout_seconds = 5)]
struct Backend {
    #[header("x-made-up")]
    reference: String,
}

#[credential_provider(endpoint)]
struct NoField;

fn main() {
    takes_a_provider(Backend { reference: String::new() });
}

// Code that uses the provider raises no further error.
fn takes_a_provider(_: impl credwire::CredentialProvider) {}

// Faults: 2
