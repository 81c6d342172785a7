//! Rules without the range or the list that they need.

use credwire::Validate;

#[derive(Validate)]
#[validate(at_least_one_of("name"))]
#[validate(at_least_one_of)]
struct Login {
    #[validate(length = 3)]
    name: Option<String>,
    #[validate(range(1))]
    attempts: u8,
    #[validate]
    other: u8,
    #[validate(nested(deep))]
    more: Vec<Other>,
}

#[derive(Validate)]
struct Other;

fn main() {}

// Faults: 6
