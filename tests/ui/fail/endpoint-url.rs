//! URLs that credentials must not travel to.

use credwire::{Secret, credential_provider};

#[credential_provider(endpoint = "http://app.example.com/token", refresh = "ftp://127.0.0.1/token")]
struct Clear {
    #[header("authorization")]
    session: Secret<String>,
}

#[credential_provider(endpoint = "https://user:made-up@app.example.com/token")]
struct InTheUrl;

#[credential_provider(endpoint = "app.example.com/token")]
struct NoUrl;

fn main() {
    takes_a_provider(InTheUrl);
}

// Code that uses the provider raises no further error.
fn takes_a_provider(_: impl credwire::CredentialProvider) {}

// Faults: 4
