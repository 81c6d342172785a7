//! A derive above the attribute is out of its sight, and refused all the same.

use credwire::{Secret, credential_provider};

#[derive(serde::Serialize)]
#[credential_provider]
struct Written {
    url: String,
    #[serde(skip)]
    session: Secret<String>,
}

fn main() {}

// Faults: 1
