//! Our derive.

#[derive(credwire_macros::Validate)]
#[validate(crate = "crate::credwire")]
pub(super) struct Customer {
    #[validate(length(1..=64))]
    pub(super) name: String,
    #[validate(email)]
    pub(super) email: String,
    #[validate(url)]
    pub(super) site: String,
    #[validate(range(18..=120))]
    pub(super) age: u8,
    #[validate(length(5..=20))]
    pub(super) phone: Option<String>,
    #[validate(length(1..=8))]
    pub(super) tags: Vec<String>,
    #[validate(length(1..=100), nested)]
    pub(super) orders: Vec<Order>,
}

#[derive(credwire_macros::Validate)]
#[validate(crate = "crate::credwire")]
pub(super) struct Order {
    #[validate(range(1..))]
    pub(super) number: u32,
    #[validate(length(1..=64))]
    pub(super) title: String,
    #[validate(range(0.0..=1000.0))]
    pub(super) price: f64,
    #[validate(length(..=256))]
    pub(super) note: Option<String>,
}

super::document!(Customer, Order);

pub(super) fn check(customer: &Customer) {
    crate::credwire::Validate::validate(customer).expect("a document");
}
