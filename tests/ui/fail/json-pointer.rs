//! Places in an answer that are no JSON pointers.

use credwire::credential_provider;

#[credential_provider(
    endpoint = "https://app.example.com/token",
    token = "data.token",
    expiry_at = "/data/~2",
    expires_in = "seconds"
)]
struct Backend;

fn main() {}

// Faults: 3
