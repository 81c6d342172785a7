//! Derives that would print a provider or write it out.

use credwire::{Secret, credential_provider};

#[credential_provider]
#[derive(Clone, Debug)]
struct Printed {
    session: Secret<String>,
}

#[credential_provider]
#[cfg_attr(all(), derive(serde::Serialize))]
struct Written {
    url: String,
}

/// What a derive of `Display` above the attribute leaves behind.
#[credential_provider]
#[display("{url}")]
struct Displayed {
    #[display(bound = "")]
    url: String,
}

fn main() {}

// Faults: 3
