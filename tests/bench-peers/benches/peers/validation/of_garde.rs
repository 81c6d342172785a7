//! garde.

#[derive(garde::Validate)]
pub(super) struct Customer {
    #[garde(length(chars, min = 1, max = 64))]
    pub(super) name: String,
    #[garde(email)]
    pub(super) email: String,
    #[garde(url)]
    pub(super) site: String,
    #[garde(range(min = 18, max = 120))]
    pub(super) age: u8,
    #[garde(inner(length(chars, min = 5, max = 20)))]
    pub(super) phone: Option<String>,
    #[garde(length(min = 1, max = 8))]
    pub(super) tags: Vec<String>,
    #[garde(length(min = 1, max = 100), dive)]
    pub(super) orders: Vec<Order>,
}

#[derive(garde::Validate)]
pub(super) struct Order {
    #[garde(range(min = 1))]
    pub(super) number: u32,
    #[garde(length(chars, min = 1, max = 64))]
    pub(super) title: String,
    #[garde(range(min = 0.0, max = 1000.0))]
    pub(super) price: f64,
    #[garde(inner(length(chars, max = 256)))]
    pub(super) note: Option<String>,
}

super::document!(Customer, Order);

pub(super) fn check(customer: &Customer) {
    garde::Validate::validate(customer).expect("a document");
}
