//! Paths here begin at the crate, and `async` is a name.

extern crate credwire;

#[derive(credwire::Validate)]
#[validate(at_least_one_of("name", "async"))]
pub struct Order {
    #[validate(range(1..=9))]
    pub count: u8,
    #[validate(length(1..), email)]
    pub name: Option<String>,
    #[validate(items(length(1..)))]
    pub async: Vec<String>,
    #[validate(range(1..))]
    pub try: u8,
    #[validate(nested)]
    pub inner: Option<Box<Order>>,
}

#[derive(credwire::Validate)]
pub enum Choice {
    Of(#[validate(nested)] Order),
    None,
}

#[credwire::credential_provider(endpoint = "https://example.com/token", refresh)]
pub struct Backend {
    #[header("authorization")]
    session: credwire::Secret<String>,
}

pub fn backend() -> Backend {
    Backend { session: credwire::Secret::from("made-up") }
}

pub fn broken(order: &Order) -> usize {
    credwire::Validate::validate(order).err().map_or(0, |violations| violations.iter().len())
}
