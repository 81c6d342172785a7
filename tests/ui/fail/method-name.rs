//! Names that no JSON-RPC method can have.

use credwire::RpcMethod;
use serde::Serialize;

#[derive(Serialize, RpcMethod)]
#[rpc(method = "rpc.discover", result = ())]
struct Reserved;

#[derive(Serialize, RpcMethod)]
#[rpc(method = "", result = ())]
struct Unnamed;

#[derive(Serialize, RpcMethod)]
#[rpc(method = "two words", result = ())]
struct Spaced;

fn main() {}

// Faults: 3
