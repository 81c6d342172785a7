//! W3: what a failure that never ends costs.
//!
//! From the start and from live sessions one thing fails in the same way again and again, and
//! everything else is in order. Attempts, questions to the provider and operations are counted.

use credwire_session::{SessionMethod, scheduler::OpKind};

use crate::{
    config::{Config, LONGEST_PAUSE, TICK},
    moves::{Item, Move, OpAnswer, RestAnswer, RpcAnswer, SocketFault, StoreAnswer, User},
    mutant::Mutation,
    rules::{Rule, Violation},
    world::{Socket, World},
};

/// How long a failure is watched, in ticks.
const LENGTH: i64 = 64;
/// The windows in which attempts are counted, in ticks.
const WINDOW: i64 = 12;

/// Failures that never end.
pub(crate) const FAILURES: [Move; 25] = [
    Move::Identify(RestAnswer::Refused),
    Move::Identify(RestAnswer::Fails),
    Move::Identify(RestAnswer::Hang),
    Move::Open(RestAnswer::Fails),
    Move::Open(RestAnswer::RetryAfter),
    Move::Open(RestAnswer::Hang),
    Move::Request(SessionMethod::Connect, RpcAnswer::Refused),
    Move::Request(SessionMethod::Connect, RpcAnswer::Internal),
    Move::Request(SessionMethod::Connect, RpcAnswer::Malformed),
    Move::Request(SessionMethod::Connect, RpcAnswer::Hang),
    Move::Request(SessionMethod::Reauthenticate, RpcAnswer::Refused),
    Move::Request(SessionMethod::Reauthenticate, RpcAnswer::Internal),
    Move::Request(SessionMethod::Reauthenticate, RpcAnswer::Unknown),
    Move::Request(SessionMethod::Reauthenticate, RpcAnswer::Hang),
    Move::Request(SessionMethod::Online, RpcAnswer::Internal),
    Move::Request(SessionMethod::Online, RpcAnswer::Refused),
    Move::Socket(SocketFault::Drop),
    Move::Socket(SocketFault::Forget),
    Move::Socket(SocketFault::Policy),
    Move::Socket(SocketFault::Restart),
    Move::Operation(OpAnswer::Transient),
    Move::Operation(OpAnswer::Permanent),
    Move::Operation(OpAnswer::Same),
    Move::Operation(OpAnswer::Expired),
    Move::Store(StoreAnswer::Fails),
];

/// What is counted, by the tick at which it happened.
#[derive(Default)]
struct Counts {
    attempts: Vec<i64>,
    /// By their kind.
    operations: [Vec<i64>; 4],
    writes: Vec<i64>,
}

/// Watches one failure from the start, or from a live session. Returns the rulings that it meets.
pub(crate) fn watch(
    config: Config,
    mutation: Option<Mutation>,
    failure: Move,
    live: bool,
) -> Result<u64, Violation> {
    let mut world = World::new(config, mutation);
    while live && world.missing().is_some() && !world.ended {
        world.good();
    }
    if live {
        // The session has lasted.
        for _ in 0..3 {
            world.pass(1, true);
        }
        match failure {
            Move::Store(_) => {}
            // The next session needs another credential.
            Move::Operation(_) => world.make(Move::Socket(SocketFault::Forget)),
            _ => world.make(Move::Socket(SocketFault::Drop)),
        }
    }
    let start = world.boot;
    let mut counts = Counts::default();
    let mut steps = 0;
    while world.boot - start < LENGTH * TICK && !world.ended {
        let before =
            (world.op.map(|op| op.id), world.socket, world.writing.as_ref().map(|it| it.id));
        step(&mut world, failure);
        if let Some(violation) = world.violation.take() {
            return Err(violation);
        }
        let at = (world.boot - start) / TICK;
        if let Some(op) = world.op.filter(|op| before.0 != Some(op.id)) {
            counts.operations[op.kind as usize].push(at);
        }
        if matches!(world.socket, Socket::Opening { .. })
            && !matches!(before.1, Socket::Opening { .. })
        {
            counts.attempts.push(at);
        }
        if let Some(writing) = world.writing.as_ref()
            && before.2 != Some(writing.id)
            && matches!(failure, Move::Store(_))
        {
            counts.writes.push(at);
        }
        steps += 1;
        if steps > 40 * LENGTH {
            return Err(storm("steps", steps, 0));
        }
    }
    let most = usize::try_from(WINDOW / LONGEST_PAUSE + 1).unwrap_or(0);
    // The first pauses are shorter than the longest.
    // `renew_at_expiry` asks the provider as an operation, with the pauses of operations.
    let renewals = if config.renews { 5 } else { 0 };
    let provider = &counts.operations[OpKind::Authenticate as usize];
    for (what, times) in [("attempts", &counts.attempts), ("questions to the provider", provider)] {
        few(what, times, 0, most + 3 + renewals)?;
        for from in WINDOW..LENGTH - WINDOW {
            few(what, times, from, most + renewals)?;
        }
    }
    for times in counts.operations.iter().chain([&counts.writes]) {
        for from in 0..LENGTH - WINDOW {
            few("operations of a kind, or writes", times, from, most + 5)?;
        }
    }
    Ok(world.rulings)
}

fn few(what: &str, times: &[i64], from: i64, most: usize) -> Result<(), Violation> {
    let count = times.iter().filter(|at| (from..from + WINDOW).contains(*at)).count();
    if count > most {
        Err(storm(what, i64::try_from(count).unwrap_or(i64::MAX), from))
    } else {
        Ok(())
    }
}

fn storm(what: &str, count: i64, from: i64) -> Violation {
    let text = format!("{count} {what} in {WINDOW} ticks from tick {from}");
    Violation { rule: Rule::W3NoStorm, text }
}

/// The failure if it can happen now, and otherwise what a world in order does.
fn step(world: &mut World, failure: Move) {
    let fits = match failure {
        // As soon as there is a session.
        Move::Socket(_) => world.live.is_some(),
        Move::User(User::RefreshNow) => false,
        _ => true,
    };
    let first = crate::moves::ITEMS.into_iter().find(|item| world.is_waiting(*item));
    let in_turn = match (failure, first) {
        (Move::Operation(_), Some(item)) => item == Item::Operation,
        _ => true,
    };
    if fits && in_turn && world.allows(failure) { world.make(failure) } else { world.good() }
}
