//! How many attempts to connect a client makes while it fails, read from the space's log.
//!
//! An attempt is an upgrade, or a `subscriber/info` that no upgrade follows. A failure begins with
//! the first attempt after a session that lasted five seconds; attempts after shorter ones belong
//! to the failure before them.

use std::collections::{BTreeMap, VecDeque};

use credwire_sandbox::{Check, Log};

use super::SoakOutcome;
use crate::live::{CONNECT, INFO, UPGRADE};

/// The most attempts in the first ten seconds of a failure, and in each minute after that.
const BOUNDS: (u32, u32) = (12, 6);

const FIRST: i64 = 10_000;
const LATER: i64 = 60_000;

/// A session that lasted this long, in milliseconds, ends a failure: the shortest time after which
/// the contract lets pauses begin anew.
const LASTING: i64 = 5_000;

/// Reads a log piece by piece.
#[derive(Default)]
pub(super) struct StormWatch {
    /// When the newest entry came that was read.
    read: i64,
    clients: BTreeMap<String, Track>,
    attempts: u64,
    sessions: u64,
    most: (u32, u32),
    storms: BTreeMap<(String, i64), (u32, VecDeque<String>)>,
}

/// How many of the space's entries are shown with a storm.
const SHOWN: usize = 60;

/// What one client is doing.
#[derive(Default)]
struct Track {
    /// When the failure began, once there was an attempt.
    failing: Option<i64>,
    /// The stretch of the failure that is counted, and its attempts.
    stretch: (i64, u32),
    /// When the newest session was accepted.
    session: Option<i64>,
    /// The newest attempt has no upgrade yet.
    asked_info: bool,
    /// The newest entries of the space, which explain a storm.
    recent: VecDeque<String>,
}

impl StormWatch {
    /// Takes in what is new in the log.
    pub(super) fn read(&mut self, log: &Log) {
        let before = self.read;
        for check in &log.checks {
            if let Some(at) = check.at.map(|at| at.get()).filter(|at| *at > before) {
                self.take(check, at);
                self.read = at;
            }
        }
    }

    fn take(&mut self, check: &Check, at: i64) {
        let host = check.host.as_deref().and_then(|host| host.split('.').next());
        let client = match check.op.as_str() {
            UPGRADE => host,
            INFO | CONNECT => check.subscriber.as_deref(),
            _ => None,
        };
        let Some(client) = client else { return };
        let track = self.clients.entry(client.to_owned()).or_default();
        track.recent.push_back(entry(check, at));
        if track.recent.len() > SHOWN {
            track.recent.pop_front();
        }
        if check.op == CONNECT {
            let planned_answer = check.fault.as_ref().is_some_and(|fault| fault == "result");
            if check.outcome.as_ref().is_some_and(|it| it == "result") && !planned_answer {
                track.session = Some(at);
                self.sessions += 1;
            }
            return;
        }
        let upgrade = check.op == UPGRADE;
        if upgrade && std::mem::take(&mut track.asked_info) {
            return;
        }
        track.asked_info = !upgrade;
        self.attempts += 1;
        let lasted = track.session.take().is_some_and(|session| at - session >= LASTING);
        let begin = match track.failing.filter(|_| !lasted) {
            Some(begin) => begin,
            None => *track.failing.insert(at),
        };
        let since = at - begin;
        let stretch = if since < FIRST { -1 } else { (since - FIRST) / LATER };
        // A new failure begins its own first stretch.
        if track.stretch.0 != stretch || since == 0 {
            track.stretch = (stretch, 0);
        }
        track.stretch.1 += 1;
        let count = track.stretch.1;
        let (most, bound) = match stretch {
            -1 => (&mut self.most.0, BOUNDS.0),
            _ => (&mut self.most.1, BOUNDS.1),
        };
        *most = (*most).max(count);
        if count > bound {
            let start = begin + if stretch < 0 { 0 } else { FIRST + stretch * LATER };
            self.storms.insert((client.to_owned(), start), (count, track.recent.clone()));
        }
    }

    pub(super) fn report(self, seed: u64, outcome: &mut SoakOutcome) {
        outcome.attempts = self.attempts;
        outcome.sessions = self.sessions;
        outcome.most = self.most;
        let storms = self.storms.into_iter().map(|((client, at), (count, recent))| {
            let recent: Vec<_> = recent.into();
            format!(
                "seed {seed}: {client} made {count} attempts in a stretch that began at {at}\n  {}",
                recent.join("\n  ")
            )
        });
        outcome.storms.extend(storms);
    }
}

fn entry(check: &Check, at: i64) -> String {
    let said = |value: &Option<serde_json::Value>| value.as_ref().map(ToString::to_string);
    let answer = said(&check.outcome).or_else(|| check.status.map(|status| status.to_string()));
    let fault = said(&check.fault).map(|fault| format!(" by a fault: {fault}"));
    let answer = answer.unwrap_or_default();
    format!("{at} {}: {answer}{}", check.op, fault.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use credwire::EpochMillis;
    use serde_json::Value;

    use super::*;

    /// A log of these operations of one client, at these milliseconds.
    fn log(entries: impl IntoIterator<Item = (i64, &'static str)>) -> Log {
        let mut log = Log::default();
        for (at, op) in entries {
            let mut check = Check::default();
            check.op = op.to_owned();
            check.at = Some(EpochMillis::new(at));
            check.host = (op == UPGRADE).then(|| "one.space.test:1".to_owned());
            check.subscriber = (op != UPGRADE).then(|| "one".to_owned());
            check.outcome = (op == CONNECT).then(|| Value::from("result"));
            log.checks.push_back(check);
        }
        log
    }

    fn outcome(entries: impl IntoIterator<Item = (i64, &'static str)>) -> SoakOutcome {
        let mut watch = StormWatch::default();
        watch.read(&log(entries));
        let mut outcome = SoakOutcome::default();
        watch.report(1, &mut outcome);
        outcome
    }

    #[test]
    fn growing_pauses_are_no_storm_and_an_info_with_its_upgrade_is_one_attempt() {
        let pauses = [0, 100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000];
        let mut at = 1;
        let attempts = pauses.into_iter().flat_map(|pause| {
            at += pause;
            [(at, INFO), (at + 1, UPGRADE)]
        });
        let outcome = outcome(attempts);
        assert_eq!((outcome.attempts, outcome.storms.len()), (11, 0), "{:?}", outcome.storms);
        assert_eq!(outcome.most, (7, 3));
    }

    #[test]
    fn short_sessions_do_not_end_a_failure_and_longer_ones_do() {
        let every = |pause: i64| {
            (0..20).flat_map(move |n| [(1 + n * pause, UPGRADE), (2 + n * pause, CONNECT)])
        };
        let stormy = outcome(every(500));
        assert_eq!((stormy.sessions, stormy.most.0, stormy.storms.len()), (20, 20, 1));
        let calm = outcome(every(6_000));
        assert_eq!((calm.sessions, calm.most, calm.storms.len()), (20, (1, 0), 0));
    }

    #[test]
    fn a_later_minute_has_a_bound_of_its_own() {
        let outcome = outcome((0..20).map(|n| (1 + n * 8_000, UPGRADE)));
        assert_eq!((outcome.most, outcome.storms.len()), ((2, 8), 2), "{:?}", outcome.storms);
    }
}
