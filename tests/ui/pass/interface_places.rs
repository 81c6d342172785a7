//! Where `interface!` may stand, and how its paths may be written.

/// What a crate that re-exports credwire would have.
mod facade {
    pub(crate) use ::credwire;
    pub(crate) use ::credwire as of_another_name;

    macro_rules! types {
        ($path:literal) => {
            ::credwire::interface!($path, crate = $crate::interface_places::facade::of_another_name);
        };
        (of $path:expr) => {
            ::credwire::interface!($path, crate = $crate::interface_places::facade::credwire);
        };
    }
    pub(crate) use types;
}

mod by_a_facade {
    super::facade::types!("ui/documents/Customer.json");
}

mod by_an_expression {
    super::facade::types!(of concat!("ui/", "documents", '/', "Customer.json"));
}

mod from_the_root {
    ::credwire::interface!(concat!(env!("CARGO_MANIFEST_DIR"), "/ui/documents/Customer.json"));
}

// Two names that differ in their case alone.
::credwire::interface!("ui/documents/Customer.json");
::credwire::interface!("ui/documents/CustomerInCapitals.json");

fn inside() -> String {
    ::credwire::interface!("ui/documents/Customer.json");

    Customer::new("inside").name
}

pub(crate) fn main() {
    assert_eq!(by_a_facade::Customer::new("a").name, "a");
    assert_eq!(by_an_expression::Customer::new("a").name, "a");
    assert_eq!(from_the_root::Customer::new("a").name, "a");
    assert_eq!(Customer::new("a").name, "a");
    assert_eq!(CUSTOMER::new("b").name, "b");
    assert_eq!(inside(), "inside");
}
