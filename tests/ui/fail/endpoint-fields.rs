//! Faults in what the fields send.

use credwire::{Secret, credential_provider};

#[credential_provider(endpoint = "https://app.example.com/token")]
struct Backend {
    #[header("x tenant")]
    tenant: String,
    #[header = "x-user"]
    user: String,
    #[header("x-list")]
    list: Vec<String>,
    #[json]
    scope: String,
    #[query("region")]
    first: String,
    #[query("region")]
    second: String,
    #[cfg_attr(all(), header())]
    third: String,
    #[client(http)]
    one: Opaque,
    #[client]
    other: Opaque,
    #[endpoint]
    url: String,
}

#[credential_provider(endpoint = "https://app.example.com/token")]
struct Tuple(#[header] Secret<String>);

struct Opaque;

fn main() {}

// Faults: 10
