//! Ranges that no value is in, and arguments that are no ranges.

use credwire::Validate;

#[derive(Validate)]
struct Login {
    #[validate(length(64..=1))]
    name: String,
    #[validate(range(-1.0..-2.5))]
    share: f64,
    #[validate(range(5..5))]
    attempts: u8,
}

fn main() {
    let _ = Login { name: String::new(), share: 1.0, attempts: 1 }.validate();
}

// Faults: 3
