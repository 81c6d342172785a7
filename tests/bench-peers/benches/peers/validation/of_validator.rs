//! validator.

use validator::Validate;

#[derive(validator::Validate)]
pub(super) struct Customer {
    #[validate(length(min = 1, max = 64))]
    pub(super) name: String,
    #[validate(email)]
    pub(super) email: String,
    #[validate(url)]
    pub(super) site: String,
    #[validate(range(min = 18, max = 120))]
    pub(super) age: u8,
    #[validate(length(min = 5, max = 20))]
    pub(super) phone: Option<String>,
    #[validate(length(min = 1, max = 8))]
    pub(super) tags: Vec<String>,
    #[validate(length(min = 1, max = 100), nested)]
    pub(super) orders: Vec<Order>,
}

#[derive(serde::Serialize, validator::Validate)]
pub(super) struct Order {
    #[validate(range(min = 1))]
    pub(super) number: u32,
    #[validate(length(min = 1, max = 64))]
    pub(super) title: String,
    #[validate(range(min = 0.0, max = 1000.0))]
    pub(super) price: f64,
    #[validate(length(max = 256))]
    pub(super) note: Option<String>,
}

super::document!(Customer, Order);

pub(super) fn check(customer: &Customer) {
    validator::Validate::validate(customer).expect("a document");
}
