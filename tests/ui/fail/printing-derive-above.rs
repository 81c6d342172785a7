//! A derive above the attribute is out of its sight; the compiler sees both.

use credwire::{Secret, credential_provider};

#[derive(Debug)]
#[credential_provider]
struct Backend {
    session: Secret<String>,
}

fn main() {}
