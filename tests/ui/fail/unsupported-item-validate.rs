//! Enums and unions have no fields to check.

use credwire::Validate;

#[derive(Validate)]
enum Either {
    One,
    Other,
}

fn main() {
    // The derive still implements the trait.
    let _ = (Either::One.validate(), Either::Other.validate());
}
