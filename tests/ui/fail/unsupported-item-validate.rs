//! Unions have no fields to check.

use credwire::Validate;

#[derive(Validate)]
union Bits {
    a: u32,
    b: f32,
}

fn main() {
    // The derive still implements the trait.
    let _ = (Bits { a: 1 }.validate(), Bits { b: 1.0 }.validate());
}

// Faults: 1
