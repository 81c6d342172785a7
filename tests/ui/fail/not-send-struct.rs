//! A struct that cannot move to another thread.

use std::rc::Rc;

use credwire::credential_provider;

#[credential_provider]
struct Backend {
    urls: Rc<Vec<String>>,
}

fn main() {}

// Faults: 1
