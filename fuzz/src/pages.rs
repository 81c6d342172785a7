//! How the targets of pages run their checks.

use std::{
    panic::{self, AssertUnwindSafe},
    sync::{Mutex, PoisonError},
};

use crate::checks::{self, Form};

/// The panic that was seen last.
static LAST_PANIC: Mutex<String> = Mutex::new(String::new());

/// Replaces libFuzzer's panic hook, which aborts even on panics that are caught further up, as
/// those of the Markdown parser are. Panics are kept silently; [`run`] tells the one that escapes.
pub fn record_panics() {
    panic::set_hook(Box::new(|info| {
        let backtrace = std::backtrace::Backtrace::capture();
        *LAST_PANIC.lock().unwrap_or_else(PoisonError::into_inner) = format!("{info}\n{backtrace}");
    }));
}

/// Checks one input; a panic that escapes is printed and handed on to libFuzzer.
pub fn run(form: Form, bytes: &[u8]) {
    if let Err(payload) =
        panic::catch_unwind(AssertUnwindSafe(|| checks::check(form, bytes, prints(bytes))))
    {
        eprintln!("{}", LAST_PANIC.lock().unwrap_or_else(PoisonError::into_inner));
        panic::resume_unwind(payload);
    }
}

/// Whether the code of this input is printed: that of one input in sixteen is.
fn prints(bytes: &[u8]) -> bool {
    bytes.iter().fold(0u8, |sum, byte| sum.wrapping_mul(31).wrapping_add(*byte)).is_multiple_of(16)
}
