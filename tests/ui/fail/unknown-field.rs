//! A rule about fields that do not exist.

use credwire::Validate;

#[derive(Validate)]
#[validate(at_least_one_of("tokn", "password"))]
struct Login {
    token: Option<String>,
    code: Option<String>,
    #[validate(equals(cod))]
    again: Option<String>,
}

fn main() {}

// Faults: 3
