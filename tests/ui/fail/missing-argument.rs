//! A JSON-RPC method that does not say all of itself.

use credwire::RpcMethod;
use serde::Serialize;

#[derive(Serialize, RpcMethod)]
struct Nothing;

#[derive(Serialize, RpcMethod)]
#[rpc(method = "example.echo")]
struct NoResult;

#[derive(Serialize, RpcMethod)]
#[rpc(method = example, result = "Vec<u8>")]
struct Swapped;

fn main() {
    // The derive still implements the trait.
    let _ = (Nothing::NAME, NoResult::NAME, Swapped::NAME);
}

// Faults: 4
