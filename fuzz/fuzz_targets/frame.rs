//! Text that comes over the socket of a session.

#![no_main]

use credwire_fuzz::frame::check;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| check(bytes));
