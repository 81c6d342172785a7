//! An error type that does not convert.

use credwire::{AuthenticateContext, SdkCredential, credential_provider};

struct Backend;
struct Refused;

#[credential_provider]
impl Backend {
    async fn authenticate(&self, _context: &AuthenticateContext) -> Result<SdkCredential, Refused> {
        Err(Refused)
    }
}

fn main() {}

// Faults: 1
