//! Arguments of an endpoint with values that they do not take.

use credwire::credential_provider;

#[credential_provider(
    endpoint = "https://app.example.com/token",
    method = "get",
    refresh = 3,
    expiry_unit = "minutes",
    fingerprint = "no",
    timeout_seconds = 0,
    permanent = [404, 200],
    retries = 3
)]
struct Backend;

#[credential_provider(endpoint = 5)]
struct Other;

fn main() {}

// Faults: 8
