//! The credwire command line.
fn main() {}
