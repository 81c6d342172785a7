//! All faults of a block are told at once.

use credwire::{AuthenticateContext, credential_provider};

struct Backend;

#[credential_provider]
impl Backend {
    fn authenticate<T>(&mut self, _context: AuthenticateContext) -> String {
        String::new()
    }

    pub fn refresh(self, _attempt: u32) -> bool {
        true
    }
}

fn main() {
    takes_a_provider(Backend);
}

// Code that uses the provider raises no further error.
fn takes_a_provider(_: impl credwire::CredentialProvider) {}

// Faults: 9
