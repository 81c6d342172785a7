//! What one input costs the session core, beside one of its scheduler alone: what is measured in nanoseconds is the machine's,
//! and told without a judgement.
//!
//! ```sh
//! cargo bench -p credwire-session --bench session            # a table; exit status 1 when a goal is missed
//! cargo bench -p credwire-session --bench session -- --json
//! cargo bench -p credwire-session --bench session -- --quick # one sample, no judgement
//! ```
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    dead_code,
    reason = "a bench reports on its streams; of what benches share this one uses a part"
)]

#[path = "../tests/day/mod.rs"]
mod day;
#[path = "../../tests/benches/measure/report.rs"]
mod report;
#[path = "../../tests/benches/measure/sampling.rs"]
mod sampling;

use std::{process::ExitCode, sync::Arc, time::Duration};

use credwire_core::{EpochMillis, Now};
use credwire_session::{
    Session,
    scheduler::{
        Action, CheckedPolicy, CredentialScheduler, Demand, OpId, ReauthId, SchedulerEvent,
        TokenInfo,
    },
};

use self::{
    day::{Abilities, Day, LIFETIME},
    report::{Bound, Report},
    sampling::{Spent, median, side_by_side},
};

/// Days in one sample, so that a sample takes much longer than a tick of the clock.
const DAYS: u64 = 20;
const SAMPLES: usize = 21;
/// The most that an input may cost, as a multiple of one of the scheduler: 150 ns where that took 68.
const GOAL: f64 = 2.2;
/// Inputs of the bare scheduler in one sample, about as long as the days of a session.
const BARE: u64 = 400_000;

/// A scheduler without a session around it: its credentials live as long as those of a session's day, and are refreshed and
/// accepted at once.
struct Bare {
    scheduler: CredentialScheduler,
    now: Now,
}

impl Bare {
    fn new(able: Abilities) -> Self {
        let scheduler = CredentialScheduler::new(CheckedPolicy::default(), able, 1);
        let now = Now { wall: EpochMillis::new(1_760_000_000_000), boot: Duration::ZERO };
        let mut bare = Self { scheduler, now };
        bare.give(SchedulerEvent::Demand(Some(Demand::Fresh)));
        let used = bare.scheduler.newest().unwrap();
        bare.give(SchedulerEvent::SessionUp { used });
        bare
    }

    /// Gives an event, and the events that come of it; returns their number.
    fn give(&mut self, event: SchedulerEvent) -> u64 {
        let (mut next, mut given) = (Some(event), 0);
        while let Some(event) = next.take() {
            given += 1;
            let (mut operation, mut reauthentication): (Option<OpId>, Option<ReauthId>) =
                (None, None);
            for action in self.scheduler.on(event, self.now) {
                match action {
                    Action::Start { id, .. } => operation = Some(id),
                    Action::Reauthenticate { id, .. } => reauthentication = Some(id),
                    _ => {}
                }
            }
            let info = TokenInfo { lifetime: Some(LIFETIME), ..TokenInfo::default() };
            next = operation
                .map(|id| SchedulerEvent::OpOk { id, info })
                .or_else(|| reauthentication.map(|id| SchedulerEvent::ReauthOk { id }));
        }
        given
    }

    /// Goes from deadline to deadline until so many events were given.
    fn pass(&mut self, inputs: u64) {
        let mut given = 0;
        while given < inputs {
            let until = self.scheduler.deadline().unwrap();
            let passed = until.saturating_sub(self.now.boot).max(Duration::from_millis(1));
            self.now.boot += passed;
            let wall = self.now.wall.get() + i64::try_from(passed.as_millis()).unwrap();
            self.now.wall = EpochMillis::new(wall);
            given += self.give(SchedulerEvent::Tick);
        }
    }
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    // `cargo test --benches` starts benches too, without this argument.
    if !args.iter().any(|arg| arg == "--bench") {
        println!("run with `cargo bench`");
        return ExitCode::SUCCESS;
    }
    let quick = args.iter().any(|arg| arg == "--quick");
    let samples = if quick { 1 } else { SAMPLES };
    let mut report = Report::default();
    for (name, able) in [
        ("refresh()", Abilities { dpop: false, refresh: true }),
        ("Client Bound SAT", Abilities { dpop: true, refresh: true }),
    ] {
        let mut day = Day::new(able);
        let mut bare = Bare::new(Abilities { dpop: false, refresh: true });
        let mut inputs = 0;
        let spent = side_by_side(
            samples,
            || {
                inputs = 0;
                for _ in 0..DAYS {
                    day.make_answers();
                    inputs += day.pass();
                }
            },
            || bare.pass(BARE),
        );
        let of_session = |one: &Spent| one.cpu() * 1e6 / inputs as f64;
        let of_scheduler = |one: &Spent| one.cpu() * 1e6 / BARE as f64;
        let ratio = spent.iter().map(|(left, right)| of_session(left) / of_scheduler(right));
        let absolute = median(spent.iter().map(|(left, _)| of_session(left)));
        let alone = median(spent.iter().map(|(_, right)| of_scheduler(right)));
        report
            .row(format!("CPU of an input, {name}, of the scheduler's alone"))
            .detail(format!("{inputs} inputs of {DAYS} days, {BARE} of a scheduler"))
            .measured(median(ratio), "", Bound::AtMost(GOAL));
        report.row(format!("CPU time of an input, {name}")).told(absolute, "ns");
        report.row(format!("the same of the scheduler, beside {name}")).told(alone, "ns");

        let row = report.row(format!("allocations in a day, {name}"));
        day.make_answers();
        let counted = allocation_counter::measure(|| {
            day.pass();
        });
        row.measured(counted.count_total as f64, "", Bound::AtMost(0.0));
    }
    let state = size_of::<Session<Arc<str>, ()>>() as f64;
    report.row("state").measured(state, "B", Bound::AtMost(2048.0));
    report.row("state of the scheduler").told(size_of::<CredentialScheduler>() as f64, "B");
    if args.iter().any(|arg| arg == "--json") {
        report.print_json();
    } else {
        report.print_table();
    }
    if quick || report.all_met() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
