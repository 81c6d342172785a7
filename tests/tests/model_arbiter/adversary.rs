//! What each move does to a client.

use std::time::Duration;

use crate::{
    moves::{Ahead, Move, OpResult, Stale, WAITER},
    mutant::Mutation,
    transitions::{Counts, Taken},
    world::{CHUNK, Holds, LIFETIME, OP_TIMEOUT, SKEW_MAX, TICK, World, at},
};
use credwire::{
    EpochMillis,
    lifecycle::{
        Abilities, Backoff, Cached, CheckedPolicy, CredentialKind, Event, Failure, Gap, Grant,
        Lead, OpId, OpKind, Policy, ReauthFailure, Refused, Window,
    },
};

/// A client of one kind, and a world that wishes it ill.
#[derive(Clone, Debug)]
pub(crate) struct Adversary {
    pub(crate) able: Abilities,
    /// Whether credentials say when they expire.
    pub(crate) expiry_known: bool,
    /// How often a clock steps or the machine sleeps.
    pub(crate) clock_faults: u8,
    pub(crate) mutation: Option<Mutation>,
    /// The transitions that were taken.
    pub(crate) counts: Counts,
    stale: Stale,
}

impl Adversary {
    pub(crate) fn new(dpop: bool, refresh: bool, expiry_known: bool, clock_faults: u8) -> Self {
        let able = Abilities { dpop, refresh };
        let counts = Counts::default();
        let stale = Stale::find();
        Self { able, expiry_known, clock_faults, mutation: None, counts, stale }
    }

    pub(crate) fn with(self, mutation: Mutation) -> Self {
        Self { mutation: Some(mutation), ..self }
    }

    /// Every timer in ticks.
    pub(crate) fn policy() -> CheckedPolicy {
        let seconds = |ticks: i64| Duration::from_secs(ticks.unsigned_abs());
        let lead = Lead { percent: 0, min: seconds(2), max: seconds(2), jitter_percent: 0 };
        let mut policy = Policy::default();
        policy.developer_lead = lead;
        policy.bound_lead = lead;
        policy.gap = Gap { min: seconds(1), max: seconds(1) };
        policy.op_timeout = seconds(OP_TIMEOUT.into());
        policy.backoff = Backoff { base: seconds(1), max: seconds(1), jitter_percent: 0 };
        policy.retry_after_max = seconds(2);
        policy.attempts = 2;
        policy.activation_retries = 1;
        policy.reauth_attempts = 2;
        policy.chunk = seconds(CHUNK);
        policy.skew_max = seconds(SKEW_MAX);
        policy.mandatory = Window { percent: 0, min: seconds(1), max: seconds(1) };
        policy.checked().unwrap()
    }

    fn grant(&self, lifetime: i64) -> Grant {
        let expiry = self.expiry_known.then(|| EpochMillis::new(lifetime * TICK));
        Grant { expiry, ..Grant::default() }
    }

    fn op_event(&self, world: &World, id: OpId, result: OpResult) -> Event {
        let failed = |failure| Event::OpErr { id, failure };
        match result {
            OpResult::Ok => Event::OpOk { id, grant: self.grant(LIFETIME) },
            OpResult::ExpiredOnArrival => {
                let expiry = Some(EpochMillis::new(0));
                Event::OpOk { id, grant: Grant { expiry, ..Grant::default() } }
            }
            OpResult::SameToken => {
                let expiry = world.status().expiry;
                let grant = Grant { expiry, same_token: true, ..Grant::default() };
                Event::OpOk { id, grant }
            }
            OpResult::Transient => failed(Failure::TRANSIENT),
            OpResult::RetryAfter => {
                failed(Failure::Transient { retry_after: Some(Duration::from_secs(9)) })
            }
            OpResult::Permanent => failed(Failure::Permanent),
            OpResult::Panic => Event::OpPanic { id },
        }
    }

    /// The world after a move, with `broken` set if a rule was.
    pub(crate) fn step(&self, before: &World, r#move: Move) -> World {
        let mut world = World { taken: Taken::default(), ..before.clone() };
        let event = match r#move {
            Move::Pass => return pass(world),
            Move::Sleep => return leap(world, 3, 3),
            Move::WallForward => return leap(world, 3, 0),
            Move::WallBack => return leap(world, -SKEW_MAX, 0),
            Move::Op(result) => return self.op_ends(world, result),
            Move::LateOp(result) => self.op_event(before, self.stale.op, result),
            Move::LateReauthOk => Event::ReauthOk { id: self.stale.reauth },
            Move::LateReauthRejected => {
                Event::ReauthErr { id: self.stale.reauth, failure: ReauthFailure::Rejected }
            }
            Move::ReauthOk | Move::ReauthLost | Move::ReauthRejected => {
                return reauth_ends(world, r#move);
            }
            Move::Start(kind) => {
                let expiry = self.grant(LIFETIME).expiry;
                Event::Start { cached: kind.map(|kind| Cached { kind, expiry, resumable: true }) }
            }
            Move::NeedFresh => Event::NeedFresh(WAITER),
            Move::NeedNew => Event::NeedNew(WAITER),
            Move::RefreshNow => {
                world.seen.bound_in_doubt = false;
                world.seen.developer_in_doubt = false;
                Event::RefreshNow(WAITER)
            }
            Move::Invalidate => {
                Event::Invalidate { generation: world.newest().unwrap_or(self.stale.generation) }
            }
            Move::InvalidateReplaced => Event::Invalidate { generation: self.stale.generation },
            Move::Scope(sat_refresh) => {
                world.seen.scope.get_or_insert(sat_refresh);
                let generation = world.newest().unwrap_or(self.stale.generation);
                Event::ScopeKnown { generation, sat_refresh }
            }
            Move::ScopeOfReplaced => {
                Event::ScopeKnown { generation: self.stale.generation, sat_refresh: true }
            }
            Move::Expiry | Move::ExpiryPassed => {
                let generation = world.newest().unwrap_or(self.stale.generation);
                let left = if r#move == Move::Expiry { LIFETIME } else { -LIFETIME };
                Event::ExpiryKnown { generation, expiry: EpochMillis::new(left * TICK) }
            }
            Move::ExpiryOfReplaced => {
                let expiry = EpochMillis::new(LIFETIME * TICK);
                Event::ExpiryKnown { generation: self.stale.generation, expiry }
            }
            Move::ServerTime(ahead) => {
                world.seen.clock_faults -= u8::from(matches!(ahead, Ahead::Much | Ahead::Behind));
                Event::ServerTime(EpochMillis::new(ahead.ticks() * TICK))
            }
            Move::Restore(kind) => {
                let expiry = self.grant(LIFETIME).expiry;
                Event::Restore(Cached { kind, expiry, resumable: false })
            }
            Move::UpFresh | Move::UpResumed | Move::UpReplaced => {
                let (used, holds) = match r#move {
                    Move::UpFresh => (world.newest(), Holds::Newest),
                    Move::UpResumed if world.newest() == world.applied() => {
                        (world.applied(), Holds::Newest)
                    }
                    Move::UpResumed => (world.applied(), Holds::Applied),
                    _ => (None, Holds::Applied),
                };
                world.session_lost();
                world.shell.up = true;
                world.seen.server_holds = holds;
                if r#move == Move::UpReplaced {
                    world.seen.applied_kind = Some(CredentialKind::Unbound);
                }
                world.no_doubt();
                Event::SessionUp { used: used.unwrap_or(self.stale.generation) }
            }
            Move::Down => {
                world.session_lost();
                Event::SessionDown
            }
            Move::RefusedResume => Event::ConnectRejected(Refused::Stored),
            Move::RefusedFresh => {
                let generation = world.newest().unwrap_or(self.stale.generation);
                Event::ConnectRejected(Refused::Fresh { generation, waiter: WAITER })
            }
            Move::Set => {
                world.no_doubt();
                Event::SetCredential(self.grant(LIFETIME))
            }
            Move::SetExpired => {
                let expiry = Some(EpochMillis::new(0));
                Event::SetCredential(Grant { expiry, ..Grant::default() })
            }
            Move::Suspend => {
                world.session_lost();
                world.shell.suspended = true;
                Event::Suspend
            }
            Move::Resume => {
                world.shell.suspended = false;
                Event::Resume
            }
            Move::KeyLost => {
                world.seen.dpop = false;
                Event::KeyLost
            }
            Move::Destroy => {
                world.session_lost();
                Event::Destroy
            }
        };
        world.deliver(event, 0);
        let late =
            matches!(r#move, Move::LateOp(_) | Move::LateReauthOk | Move::LateReauthRejected);
        if late {
            world.check_late(before);
        }
        world
    }

    fn op_ends(&self, mut world: World, result: OpResult) -> World {
        let (Some((id, _)), Some((kind, _))) = (world.subject.arbiter.operation(), world.shell.op)
        else {
            return world;
        };
        let event = self.op_event(&world, id, result);
        world.shell.op = None;
        if result == OpResult::Ok && kind == OpKind::Authenticate {
            world.no_doubt();
        }
        if result == OpResult::Ok && kind == OpKind::Activate {
            world.seen.activation_in_doubt = false;
        }
        let bound = matches!(kind, OpKind::Activate | OpKind::Rotate);
        if result != OpResult::Ok {
            world.doubt(kind, result == OpResult::Permanent, at(0, 0));
        } else if bound && !world.seen.dpop {
            world.doubt(kind, true, at(0, 0));
        }
        world.deliver(event, 0);
        world
    }

    /// A step of a world in which everything succeeds.
    pub(crate) fn kind_step(&self, world: &World) -> World {
        let r#move = if world.shell.op.is_some() {
            Move::Op(OpResult::Ok)
        } else if world.shell.reauth {
            Move::ReauthOk
        } else {
            Move::Pass
        };
        self.step(world, r#move)
    }
}

fn pass(mut world: World) -> World {
    world.seen.started = [false; 4];
    if let Some((_, age)) = &mut world.shell.op {
        *age = (*age + 1).min(OP_TIMEOUT);
    }
    match world.shell.timer {
        Some(left) if left <= TICK => world.deliver(Event::Tick, 1),
        left => {
            world.shell.timer = left.map(|left| left - TICK);
            world.subject.arbiter = world.subject.arbiter.normal_form(at(1, 1));
        }
    }
    world
}

fn leap(mut world: World, wall: i64, boot: i64) -> World {
    world.seen.clock_faults -= 1;
    if boot > 0 {
        world.seen.started = [false; 4];
        if let Some((_, age)) = &mut world.shell.op {
            *age = OP_TIMEOUT;
        }
    }
    world.subject.arbiter = world.subject.arbiter.normal_form(at(wall, boot));
    world
}

fn reauth_ends(mut world: World, r#move: Move) -> World {
    let Some((id, sent)) = world.subject.arbiter.reauthentication() else { return world };
    world.shell.reauth = false;
    let current = world.newest() == Some(sent);
    let event = match r#move {
        Move::ReauthOk => {
            world.seen.server_holds = if current { Holds::Newest } else { Holds::Unknown };
            Event::ReauthOk { id }
        }
        Move::ReauthLost => Event::ReauthErr { id, failure: ReauthFailure::Transient },
        _ => {
            match world.seen.kind.filter(|_| current) {
                Some(CredentialKind::Bound) => world.seen.bound_in_doubt = true,
                // What is in force again may have expired long ago.
                Some(CredentialKind::Unbound) => world.seen.developer_in_doubt = true,
                None => {}
            }
            Event::ReauthErr { id, failure: ReauthFailure::Rejected }
        }
    };
    world.deliver(event, 0);
    world
}
