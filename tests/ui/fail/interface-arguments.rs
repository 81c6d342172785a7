//! Arguments of `interface!` that it does not take.

credwire::interface!();
credwire::interface!(crate = "::credwire");
credwire::interface!("no/such/Order.json", crat = "::credwire");
credwire::interface!("no/such/Order.json", crate = 7);
credwire::interface!(Order);

fn main() {}
