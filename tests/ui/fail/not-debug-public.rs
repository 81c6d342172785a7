//! A public field without `Debug`.

use credwire::credential_provider;

struct Region;

#[credential_provider]
struct Backend {
    #[credential_provider(public)]
    region: Region,
}

fn main() {}
