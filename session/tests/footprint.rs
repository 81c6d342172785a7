//! What a session holds and takes: the part that does not depend on the machine. What an input costs
//! in time is a bench.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod day;

use std::sync::Arc;

use credwire_session::Session;
use day::{Abilities, Day};

#[test]
fn a_session_is_at_most_two_kibibytes() {
    let size = size_of::<Session<Arc<str>, ()>>();
    assert!(size <= 2048, "{size} bytes");
}

#[test]
fn inputs_in_steady_state_allocate_nothing() {
    let counted = allocation_counter::measure(|| drop(std::hint::black_box(vec![1_u8])));
    assert_eq!(counted.count_total, 1, "allocations are counted");
    for (dpop, refresh) in [(false, false), (false, true), (true, false), (true, true)] {
        let mut day = Day::new(Abilities { dpop, refresh });
        day.pass();
        day.make_answers();
        let mut inputs = 0;
        let counted = allocation_counter::measure(|| inputs = day.pass());
        assert!(inputs > 1000, "{inputs}");
        assert_eq!(counted.count_total, 0, "{dpop} {refresh}, {inputs} inputs");
    }
}
