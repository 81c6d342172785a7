//! Pages of custom elements.

#![no_main]

use credwire_fuzz::{Form, record_panics, run};
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: record_panics(), |bytes: &[u8]| run(Form::Elements, bytes));
