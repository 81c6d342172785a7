//! A unit of an end that is not read.

use credwire::credential_provider;

#[credential_provider(
    endpoint = "https://app.example.com/token",
    expires_in = "/expires_in",
    expiry_unit = "seconds"
)]
struct Backend;

fn main() {
    takes_a_provider(Backend);
}

// Code that uses the provider raises no further error.
fn takes_a_provider(_: impl credwire::CredentialProvider) {}

// Faults: 1
