//! A derive above the attribute is out of its sight, and refused all the same.

use credwire::{Secret, credential_provider};

#[derive(serde::Serialize)]
#[credential_provider]
struct Written {
    url: String,
    #[serde(skip)]
    session: Secret<String>,
}

#[derive(serde::Serialize)]
#[credential_provider]
struct Generic<'a: 'static, T: Clone = (), const N: usize = 2> {
    url: &'a str,
    value: T,
    #[serde(skip)]
    numbers: [u8; N],
}

/// Of this nothing is known before it is used.
#[derive(serde::Serialize)]
#[credential_provider]
struct Unknown<T: AsRef<str>> {
    value: T,
}

fn main() {}

// Faults: 2
