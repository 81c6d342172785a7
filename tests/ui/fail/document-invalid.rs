//! A file that is no schema document.

credwire::interface!("Cargo.toml");

fn main() {}

// Faults: 1
