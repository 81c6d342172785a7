//! Params that cannot be written, and a result that cannot be read. The trait stands here, so that
//! the message does not hang on the lines of another crate.

pub trait Write {}
pub trait Read {}

pub trait RpcMethod {
    const NAME: &'static str;
    type Params: Write;
    type Result: Read;
}

#[derive(credwire::RpcMethod)]
#[rpc(method = "example.echo", result = Opaque, crate = "crate")]
struct Echo;

struct Opaque;

fn main() {}

// Faults: 2
