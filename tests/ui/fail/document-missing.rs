//! Documents that are not there: each is named.

credwire::interface!("no/such/Order.json", "no/such/Customer.json");

fn main() {}

// Faults: 2
