//! Bytes for every type of the wire; the first one selects the type.

#![no_main]

use credwire_fuzz::wire::check;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| check(bytes));
