//! Rules that do not exist.

use credwire::{RpcMethod, Validate};

#[derive(Validate)]
#[validate(at_least_one("token", "code"))]
struct Login {
    #[validate(lenght(1..))]
    token: Option<String>,
    #[validate(mail)]
    code: Option<String>,
    #[validate(must_match(other = "code"))]
    again: String,
}

#[derive(serde::Serialize, RpcMethod)]
#[rpc(method = "example.echo", result = (), retries = 3)]
struct Echo;

fn main() {}

// Faults: 5
