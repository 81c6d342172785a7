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

#[derive(Serialize, RpcMethod)]
#[rpc(method "example.echo", result = ())]
struct Unreadable;

#[derive(Serialize, RpcMethod)]
#[rpc]
struct Alone;

fn main() {
    // The derive still implements the trait.
    let _ = (Nothing::NAME, NoResult::NAME, Swapped::NAME);
}

// Faults: 6
