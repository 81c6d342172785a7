//! Tokens, and the headers of tokens.

#![no_main]

use credwire_fuzz::jose::check;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| check(bytes));
