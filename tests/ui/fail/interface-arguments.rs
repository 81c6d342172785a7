//! Arguments of `interface!` that it does not take.

credwire::interface!();
credwire::interface!(crate = "::credwire");
credwire::interface!("no/such/Order.json", crat = "::credwire");
credwire::interface!("no/such/Order.json", crate = 7);
credwire::interface!(Order);
credwire::interface!(concat!("ui/", file!()));
credwire::interface!(".");
credwire::interface!("schema/*.json");

fn main() {}

// Faults: 10
