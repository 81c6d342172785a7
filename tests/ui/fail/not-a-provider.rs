//! Where a trait is missing, the compiler names what implements it.

use credwire::{CredentialProvider, RpcMethod, Secret, Validate, credential_provider};

#[credential_provider]
struct Backend {
    session: Secret<String>,
}

struct Login;

fn connect(_: impl CredentialProvider) {}

fn call(_: impl RpcMethod) {}

fn check(_: impl Validate) {}

fn main() {
    connect(Backend { session: "made-up".into() });
    call(Login);
    check(Login);
}

// Faults: 3
