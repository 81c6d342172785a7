//! A day of one credential lifecycle, as a shell would drive it, without the shell.

use std::time::Duration;

use credwire::{
    EpochMillis, Now,
    lifecycle::{
        Abilities, Action, Arbiter, CheckedPolicy, Event, Failure, Grant, OpId, ReauthFailure,
        ReauthId, WaiterId,
    },
};

const DAY: Duration = Duration::from_secs(24 * 3600);
/// The lifetime of every credential.
const LIFETIME: Duration = Duration::from_secs(900);
/// What an answer takes.
const ANSWER: Duration = Duration::from_millis(200);
const WAITER: WaiterId = WaiterId(1);

/// What waits for its answer.
#[derive(Clone, Copy, Debug, Default)]
struct Pending {
    op: Option<OpId>,
    reauth: Option<ReauthId>,
}

/// A day in which the socket drops, answers fail now and then, and time is told again and again.
/// Gives the number of events, all of which went through [`Arbiter::on`]. Allocates nothing.
pub fn pass(policy: &CheckedPolicy, able: Abilities, seed: u64) -> u64 {
    let mut arbiter = Arbiter::new(policy.clone(), able, seed);
    let mut now = Now { wall: EpochMillis::new(1_760_000_000_000), boot: Duration::ZERO };
    let mut events = 0;
    let mut pending = Pending::default();
    let mut on = |arbiter: &mut Arbiter, pending: &mut Pending, event, now| {
        events += 1;
        for action in arbiter.on(event, now) {
            match action {
                Action::Start { id, .. } => pending.op = Some(id),
                Action::Reauthenticate { id, .. } => pending.reauth = Some(id),
                Action::Abort { .. } => pending.op = None,
                _ => {}
            }
        }
    };
    on(&mut arbiter, &mut pending, Event::Start { cached: None }, now);
    let mut turn = 0_u64;
    while now.boot < DAY {
        turn += 1;
        let waits = pending.op.is_some() || pending.reauth.is_some();
        let due = arbiter.deadline().filter(|_| !waits);
        let step = due.map_or(ANSWER, |due| due.saturating_sub(now.boot).max(ANSWER));
        now = Now { wall: now.wall.saturating_add(step), boot: now.boot + step };
        on(&mut arbiter, &mut pending, Event::ServerTime(now.wall), now);
        on(&mut arbiter, &mut pending, Event::Tick, now);
        if let Some(id) = pending.op.take() {
            let event = if turn.is_multiple_of(7) {
                Event::OpErr { id, failure: Failure::TRANSIENT }
            } else {
                let expiry = Some(now.wall.saturating_add(LIFETIME));
                Event::OpOk { id, grant: Grant { expiry, ..Grant::default() } }
            };
            on(&mut arbiter, &mut pending, event, now);
        }
        if let Some(id) = pending.reauth.take() {
            let event = if turn.is_multiple_of(11) {
                Event::ReauthErr { id, failure: ReauthFailure::Transient }
            } else {
                Event::ReauthOk { id }
            };
            on(&mut arbiter, &mut pending, event, now);
        }
        if turn.is_multiple_of(50) {
            on(&mut arbiter, &mut pending, Event::SessionDown, now);
            on(&mut arbiter, &mut pending, Event::NeedFresh(WAITER), now);
        }
        if let (1 | 2, Some(used)) = (turn % 50, arbiter.newest()) {
            on(&mut arbiter, &mut pending, Event::SessionUp { used }, now);
            let known = Event::ScopeKnown { generation: used, sat_refresh: able.dpop };
            on(&mut arbiter, &mut pending, known, now);
        }
    }
    events
}
