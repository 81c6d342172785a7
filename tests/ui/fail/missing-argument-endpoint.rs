//! Arguments that say how an endpoint is asked, without one.

use credwire::credential_provider;

#[credential_provider(refresh = "https://example.com/fresh", timeout_seconds = 5)]
struct Backend {
    #[header("x-made-up")]
    reference: String,
}

#[credential_provider(endpoint)]
struct NoField;

// What cannot be read is one fault, with all that hangs on it.
#[credential_provider(endpoint = "https://example.com", refresh =, timeout_seconds = 5)]
struct Unreadable {
    #[header("x-made-up")]
    reference: String,
}

fn main() {
    takes_a_provider(Unreadable { reference: String::new() });
    takes_a_provider(Backend { reference: String::new() });
}

// Code that uses the provider raises no further error.
fn takes_a_provider(_: impl credwire::CredentialProvider) {}

// Faults: 3
