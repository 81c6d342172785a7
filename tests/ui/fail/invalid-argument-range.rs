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
    #[validate(pattern("(a"), email = "x", email, email)]
    text: String,
    #[validate(items(lenght(1..)), custom, when(length(1..)), items)]
    list: Vec<String>,
    #[validate(skip, length(1..))]
    skipped: String,
}

#[derive(Validate)]
struct Other;

fn main() {}

// Faults: 14
