//! The arbiter beside a naive machine for the same contract: random histories of hundreds of
//! steps, with odd times, and after each step both have asked for the same, wait for the same
//! moment and report the same.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod input;
mod reference;

use std::time::Duration;

use credwire::{
    EpochMillis, Now, RefreshMechanism,
    lifecycle::{
        Abilities, Action, Arbiter, Cached, CredentialKind, Event, Failure, Generation, Grant,
        OpId, Policy, ReauthFailure, ReauthId, Refused, WaiterId,
    },
};
use input::{Cache, Input, Output, Step, Terms, Wait};
use proptest::prelude::*;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};
use reference::{Mechanism, Reference};

const WAITER: WaiterId = WaiterId(1);

prop_state_machine! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        max_local_rejects: u32::MAX,
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_arbiter_does_what_the_plain_machine_does(sequential 1..300 => Subject);
}

impl ReferenceStateMachine for Reference {
    type State = Self;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<Self> {
        any::<(bool, bool)>().prop_map(|(dpop, refresh)| Self::new(dpop, refresh)).boxed()
    }

    fn transitions(state: &Self) -> BoxedStrategy<Step> {
        (wait(), input(state)).prop_map(|(wait, input)| Step { wait, input }).boxed()
    }

    fn apply(mut state: Self, step: &Step) -> Self {
        state.pass(step.wait);
        state.step(step.input);
        state
    }

    /// A shell answers only what it was asked; this keeps shrunk histories honest too.
    fn preconditions(state: &Self, step: &Step) -> bool {
        match step.input {
            Input::ReauthOk | Input::ReauthLost | Input::ReauthRejected => state.reauth.is_some(),
            Input::OpOk(_)
            | Input::OpSameToken
            | Input::OpTransient { .. }
            | Input::OpPermanent
            | Input::OpPanic => state.op.is_some(),
            Input::LateOp => state.late().0,
            Input::LateReauth => state.late().1,
            // Number 1 stands for a credential that was replaced.
            Input::UpReplaced
            | Input::Scope { stale: true, .. }
            | Input::Expiry { stale: true, .. }
            | Input::Invalidate { stale: true }
            | Input::RefusedFresh { stale: true } => {
                state.newest.is_some_and(|newest| newest.number > 1)
            }
            Input::UpNewest
            | Input::UpApplied
            | Input::Scope { .. }
            | Input::Expiry { .. }
            | Input::Invalidate { .. }
            | Input::RefusedFresh { .. } => state.newest.is_some(),
            _ => true,
        }
    }
}

fn wait() -> impl Strategy<Value = Wait> {
    prop_oneof![
        6 => Just(Wait::Deadline),
        3 => Just(Wait::Millis(0)),
        3 => (0..90_000_i64).prop_map(Wait::Millis),
        1 => (0..7_200_000_i64).prop_map(Wait::Millis),
        1 => (0..7_200_000_i64).prop_map(Wait::Asleep),
        1 => (-7_200_000..7_200_000_i64).prop_map(Wait::Step),
    ]
}

fn terms() -> impl Strategy<Value = Terms> {
    prop_oneof![
        6 => (1000..3_600_000_i64).prop_map(Terms::Expiry),
        3 => (1000..3_600_000_i64).prop_map(Terms::Lifetime),
        1 => (-60_000..20_000_i64).prop_map(Terms::Expiry),
        1 => Just(Terms::Lifetime(0)),
        1 => Just(Terms::Nothing),
    ]
}

fn cache() -> impl Strategy<Value = Cache> {
    let cache = (any::<(bool, bool)>(), proptest::option::of(-60_000..3_600_000_i64));
    cache.prop_map(|((bound, resumable), expires_in)| Cache { bound, resumable, expires_in })
}

/// Mostly what a well-behaved world does next, sometimes anything else.
fn input(state: &Reference) -> BoxedStrategy<Input> {
    let mut likely = vec![Just(Input::Tick).boxed()];
    if state.newest.is_some() && !state.up {
        likely.push(cache().prop_map(Input::Restore).boxed());
    }
    if state.newest.is_none() {
        let start = proptest::option::of(cache()).prop_map(|cached| Input::Start { cached });
        likely.push(start.boxed());
    }
    if state.op.is_some() {
        likely.push(terms().prop_map(Input::OpOk).boxed());
        likely.push(terms().prop_map(Input::OpOk).boxed());
        let retry_after = proptest::option::of(0..2000_u64);
        let failed = retry_after.prop_map(|retry_after| Input::OpTransient { retry_after });
        likely.push(failed.boxed());
        let others = [Input::OpPermanent, Input::OpPanic, Input::OpSameToken];
        likely.push(proptest::sample::select(others.to_vec()).boxed());
    }
    if state.reauth.is_some() {
        let answers = [Input::ReauthOk, Input::ReauthOk, Input::ReauthLost, Input::ReauthRejected];
        likely.push(proptest::sample::select(answers.to_vec()).boxed());
    }
    if state.newest.is_some() {
        let next = if state.suspended {
            vec![Input::Resume]
        } else if state.up {
            let scope = |sat_refresh| Input::Scope { sat_refresh, stale: false };
            vec![scope(true), scope(true), scope(false), Input::Down]
        } else {
            vec![Input::UpNewest, Input::UpApplied]
        };
        likely.push(proptest::sample::select(next).boxed());
    }
    prop_oneof![5 => proptest::strategy::Union::new(likely), 1 => anything()].boxed()
}

fn anything() -> impl Strategy<Value = Input> {
    let simple = vec![
        Input::Start { cached: None },
        Input::NeedFresh,
        Input::NeedNew,
        Input::RefreshNow,
        Input::Scope { sat_refresh: true, stale: true },
        Input::UpNewest,
        Input::UpApplied,
        Input::UpReplaced,
        Input::Down,
        Input::LateOp,
        Input::LateReauth,
        Input::Invalidate { stale: false },
        Input::Invalidate { stale: true },
        Input::RefusedResume,
        Input::RefusedFresh { stale: false },
        Input::RefusedFresh { stale: true },
        Input::Suspend,
        Input::Resume,
    ];
    prop_oneof![
        20 => proptest::sample::select(simple),
        2 => terms().prop_map(Input::Set),
        2 => cache().prop_map(Input::Restore),
        3 => (-60_000..3_600_000_i64, any::<bool>())
            .prop_map(|(left, stale)| Input::Expiry { left, stale }),
        2 => (-100_000_000..100_000_000_i64).prop_map(Input::ServerTime),
        2 => (-3000..3000_i64).prop_map(Input::ServerTime),
        1 => Just(Input::KeyLost),
        1 => Just(Input::Destroy),
    ]
}

/// The arbiter, and what a shell knows of its ids.
struct Subject {
    arbiter: Arbiter,
    generations: Vec<Generation>,
    ops: Vec<OpId>,
    reauths: Vec<ReauthId>,
}

impl StateMachineTest for Subject {
    type SystemUnderTest = Self;
    type Reference = Reference;

    fn init_test(reference: &Reference) -> Self {
        let mut policy = Policy::default();
        policy.developer_lead.jitter_percent = 0;
        policy.bound_lead.jitter_percent = 0;
        policy.backoff.jitter_percent = 0;
        let able = Abilities { dpop: reference.dpop, refresh: reference.refresh };
        let arbiter = Arbiter::new(policy.checked().unwrap(), able, 7);
        Self { arbiter, generations: Vec::new(), ops: Vec::new(), reauths: Vec::new() }
    }

    fn apply(mut subject: Self, reference: &Reference, step: Step) -> Self {
        let now = Now {
            wall: EpochMillis::new(reference.wall),
            boot: Duration::from_millis(u64::try_from(reference.boot).unwrap()),
        };
        let outputs: Vec<_> = match subject.event(step.input, now) {
            Some(event) => subject.arbiter.on(event, now).collect(),
            None => Vec::new(),
        };
        let outputs: Vec<_> = outputs.into_iter().map(|action| subject.note(action)).collect();
        let sorted = |outputs: &[Output]| {
            let mut sorted: Vec<_> = outputs.iter().map(|it| format!("{it:?}")).collect();
            sorted.sort();
            sorted
        };
        assert_eq!(sorted(&outputs), sorted(&reference.outputs), "{:?}", step.input);
        subject.compare(reference, now);
        subject
    }
}

impl Subject {
    fn event(&self, input: Input, now: Now) -> Option<Event> {
        let at = |millis: i64| Some(EpochMillis::new(now.wall.get() + millis));
        let grant = |terms| match terms {
            Terms::Nothing => Grant::default(),
            Terms::Expiry(expires_in) => Grant { expiry: at(expires_in), ..Grant::default() },
            Terms::Lifetime(lifetime) => {
                let lifetime = Duration::from_millis(u64::try_from(lifetime).unwrap());
                Grant { lifetime: Some(lifetime), ..Grant::default() }
            }
        };
        let newest = self.arbiter.newest();
        // While nothing is committed there is no number to name; such an event is not sent.
        let number = |stale: bool| if stale { self.generations.first().copied() } else { newest };
        let op = self.ops.last().copied();
        let reauth = self.reauths.last().copied();
        let cached = |Cache { bound, resumable, expires_in }| Cached {
            kind: if bound { CredentialKind::Bound } else { CredentialKind::Unbound },
            expiry: expires_in.and_then(at),
            resumable,
        };
        Some(match input {
            Input::Start { cached: restored } => Event::Start { cached: restored.map(cached) },
            Input::Restore(newer) => Event::Restore(cached(newer)),
            Input::NeedFresh => Event::NeedFresh(WAITER),
            Input::NeedNew => Event::NeedNew(WAITER),
            Input::RefreshNow => Event::RefreshNow(WAITER),
            Input::Scope { sat_refresh, stale } => {
                Event::ScopeKnown { generation: number(stale)?, sat_refresh }
            }
            Input::Expiry { left, stale } => {
                Event::ExpiryKnown { generation: number(stale)?, expiry: at(left)? }
            }
            Input::UpNewest => Event::SessionUp { used: newest? },
            Input::UpApplied => Event::SessionUp { used: self.arbiter.applied().or(newest)? },
            Input::UpReplaced => Event::SessionUp { used: number(true)? },
            Input::Down => Event::SessionDown,
            Input::OpOk(terms) => Event::OpOk { id: op?, grant: grant(terms) },
            Input::OpSameToken => {
                let expiry = self.arbiter.status(now).expiry;
                let grant = Grant { expiry, same_token: true, ..Grant::default() };
                Event::OpOk { id: op?, grant }
            }
            Input::OpTransient { retry_after } => {
                let retry_after = retry_after.map(Duration::from_secs);
                Event::OpErr { id: op?, failure: Failure::Transient { retry_after } }
            }
            Input::OpPermanent => Event::OpErr { id: op?, failure: Failure::Permanent },
            Input::OpPanic => Event::OpPanic { id: op? },
            Input::LateOp => {
                let current = self.arbiter.operation().map(|(id, _)| id);
                let late = *self.ops.iter().find(|id| Some(**id) != current)?;
                Event::OpOk { id: late, grant: grant(Terms::Lifetime(3_600_000)) }
            }
            Input::LateReauth => {
                let current = self.arbiter.reauthentication().map(|(id, _)| id);
                let late = *self.reauths.iter().find(|id| Some(**id) != current)?;
                Event::ReauthErr { id: late, failure: ReauthFailure::Rejected }
            }
            Input::ReauthOk => Event::ReauthOk { id: reauth? },
            Input::ReauthLost => {
                Event::ReauthErr { id: reauth?, failure: ReauthFailure::Transient }
            }
            Input::ReauthRejected => {
                Event::ReauthErr { id: reauth?, failure: ReauthFailure::Rejected }
            }
            Input::Tick => Event::Tick,
            Input::Invalidate { stale } => Event::Invalidate { generation: number(stale)? },
            Input::RefusedResume => Event::ConnectRejected(Refused::Stored),
            Input::RefusedFresh { stale } => {
                let generation = number(stale)?;
                Event::ConnectRejected(Refused::Fresh { generation, waiter: WAITER })
            }
            Input::Set(terms) => Event::SetCredential(grant(terms)),
            Input::Suspend => Event::Suspend,
            Input::Resume => Event::Resume,
            Input::KeyLost => Event::KeyLost,
            Input::ServerTime(ahead) => Event::ServerTime(at(ahead)?),
            Input::Destroy => Event::Destroy,
        })
    }

    /// Remembers ids, and says the action without them.
    fn note(&mut self, action: Action) -> Output {
        match action {
            Action::Start { id, kind, using } => {
                self.ops.push(id);
                Output::Start(kind, using.map(Generation::get))
            }
            Action::Abort { cause, .. } => Output::Abort(cause),
            Action::Reauthenticate { id, generation, client_bound } => {
                self.reauths.push(id);
                Output::Reauthenticate { generation: generation.get(), client_bound }
            }
            Action::Commit { generation, kind } => {
                self.generations.push(generation);
                let bound = kind == CredentialKind::Bound;
                Output::Commit { generation: generation.get(), bound }
            }
            Action::Revert { applied, generation } => {
                Output::Revert { applied: applied.get(), generation: generation.get() }
            }
            Action::PersistApplied { generation } => Output::PersistApplied(generation.get()),
            Action::DropStoredState => Output::DropStoredState,
            Action::ForceReconnect => Output::ForceReconnect,
            Action::Disconnect => Output::Disconnect,
            Action::Warn(warning) => Output::Warn(warning),
            Action::Answer { result, .. } => Output::Answer(result.map(Generation::get)),
            Action::AnswerAll { result } => Output::AnswerAll(result.map(Generation::get)),
        }
    }

    fn compare(&self, reference: &Reference, now: Now) {
        let status = self.arbiter.status(now);
        let mechanism = match reference.mechanism() {
            Some(Mechanism::Bound) => RefreshMechanism::ClientBoundSat,
            Some(Mechanism::Developer) => RefreshMechanism::DeveloperProvidedRefresh,
            None => RefreshMechanism::None,
        };
        let deadline = reference.deadline.map(|at| u64::try_from(at).unwrap_or(0));
        assert_eq!(self.arbiter.deadline(), deadline.map(Duration::from_millis));
        assert_eq!(status.mechanism, mechanism);
        assert_eq!(status.expired, reference.expired());
        assert_eq!(status.attempts, reference.k);
        assert_eq!(status.in_flight, reference.op.map(|(kind, _)| kind));
        let newest = reference.newest;
        assert_eq!(status.generation.map(Generation::get), newest.map(|it| it.number));
        let expiry = newest.and_then(|newest| reference.expiry(newest));
        assert_eq!(status.expiry, expiry.map(EpochMillis::new));
        let applied = reference.applied.map(|applied| applied.number);
        assert_eq!(self.arbiter.applied().map(Generation::get), applied);
        let reauth = self.arbiter.reauthentication().map(|(_, sent)| sent.get());
        assert_eq!(reauth, reference.reauth);
    }
}
