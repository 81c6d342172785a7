//! Items that cannot be providers.

use credwire::credential_provider;

#[credential_provider]
enum Either {
    One,
    Two,
}

#[credential_provider]
async fn authenticate() {}

#[credential_provider]
pub trait Backend {}

#[credential_provider]
union Bits {
    a: u32,
    b: f32,
}

fn main() {
    let _ = (Either::One, Either::Two, Bits { a: 1 }, Bits { b: 1.0 });
}

// Faults: 4
