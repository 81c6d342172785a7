//! Arguments that say how an endpoint is asked, without one.

use credwire::credential_provider;

#[credential_provider(refresh, timeout_seconds = 5)]
struct Backend;

#[credential_provider(endpoint)]
struct NoField;

fn main() {}
