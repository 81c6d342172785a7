//! What the lifecycle holds and takes: the part that does not depend on the machine. What an event
//! costs in time is a bench.
#![allow(clippy::unwrap_used, reason = "tests")]

use credwire::lifecycle::{Abilities, Arbiter, CheckedPolicy};
use credwire_tests::day;

#[test]
fn an_arbiter_is_small_and_allocates_nothing() {
    assert!(size_of::<Arbiter>() <= 256, "{} bytes", size_of::<Arbiter>());
    let counts = || allocation_counter::measure(|| drop(std::hint::black_box(vec![1_u8])));
    assert_eq!(counts().count_total, 1, "allocations are counted");
    let policy = CheckedPolicy::default();
    for (dpop, refresh) in [(false, false), (false, true), (true, false), (true, true)] {
        let able = Abilities { dpop, refresh };
        let mut events = 0;
        let counted = allocation_counter::measure(|| events = day::pass(&policy, able, 1));
        assert!(events > 1000, "{able:?}: a day has {events} events");
        assert_eq!(counted.count_total, 0, "{able:?}");
    }
}
