//! Behind a name that is not known here the compiler judges the types, at the rule.

use credwire::Validate;

struct Unchecked;
type Flag = bool;
type Text = String;

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
    #[validate(items(ascii))]
    items: Text,
    #[validate(values(ascii))]
    values: Text,
    #[validate(items(nested))]
    nested_items: Vec<Unchecked>,
    #[validate(required)]
    required: Text,
    #[validate(custom(|text| text.len()))]
    custom: String,
    #[validate(when(|login| login.custom.len(), ascii))]
    when: String,
    #[validate(prefix(3))]
    prefix: Text,
    #[validate(pattern(Unchecked))]
    pattern: Text,
    #[validate(range(Unchecked..))]
    bound: u8,
    #[validate(equals(nested))]
    equals: Unchecked,
    #[validate(epoch_millis)]
    epoch: Text,
}

fn main() {}

// Faults: 15
