//! Types that only the compiler can judge are reported where they were written.

use std::convert::Infallible;

use credwire::{AuthenticateContext, CredentialError, SdkCredential, credential_provider};

struct Badge;
type Answer = Result<Badge, Infallible>;

struct Backend;

#[credential_provider]
impl Backend {
    async fn authenticate(&self, _context: &AuthenticateContext) -> Answer {
        Ok(Badge)
    }

    async fn refresh(&self) -> Badge {
        Badge
    }
}

struct Other;

#[credential_provider]
impl Other {
    async fn authenticate(&self, _context: &Badge) -> Result<SdkCredential, CredentialError> {
        Err(CredentialError::permanent("closed"))
    }
}

fn main() {}

// Faults: 3
