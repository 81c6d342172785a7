//! Behind a name that is not known here the compiler judges the types, at the rule.

use credwire::Validate;

struct Unchecked;
type Flag = bool;

#[derive(Validate)]
struct Login {
    #[validate(nested)]
    nested: Unchecked,
    #[validate(length(1..))]
    length: Flag,
    #[validate(range(1..))]
    range: Option<Unchecked>,
    #[validate(email)]
    email: Unchecked,
}

fn main() {}

// Faults: 4
