//! The scheduler beside a naive machine for the same contract: random histories of hundreds of
//! steps, with odd times, and after each step both have asked for the same, wait for the same
//! moment and report the same.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod input;
mod machine;

use std::time::Duration;

use credwire_core::{EpochMillis, Now};
use credwire_generated::RefreshMechanism;
use credwire_session::scheduler::{
    Abilities, Action, CredentialInfo, CredentialKind, CredentialScheduler, Demand,
    ExhaustedPolicy, Failure, Generation, OpId, OpKind, Policy, ReauthError, ReauthId, Saved,
    SchedulerEvent, TokenInfo,
};
use proptest::prelude::*;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};

use input::{Input, Output, Step, Terms, Wait};
use machine::{Means, Reference};

prop_state_machine! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        max_local_rejects: u32::MAX,
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_scheduler_does_what_the_plain_machine_does(sequential 1..300 => Subject);
}

impl ReferenceStateMachine for Reference {
    type State = Self;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<Self> {
        any::<(bool, bool, bool, bool)>()
            .prop_map(|(dpop, refresh, renews, suspends)| {
                Self::new(dpop, refresh, renews, suspends)
            })
            .boxed()
    }

    fn transitions(state: &Self) -> BoxedStrategy<Step> {
        (wait(), input(state)).prop_map(|(wait, input)| Step { wait, input }).boxed()
    }

    fn apply(mut state: Self, step: &Step) -> Self {
        state.pass(step.wait);
        state.step(step.input);
        state
    }

    /// An owner answers only what it was asked; this keeps shrunk histories honest too.
    fn preconditions(state: &Self, step: &Step) -> bool {
        match step.input {
            Input::ReauthOk
            | Input::ReauthNoAnswer
            | Input::ReauthFailed
            | Input::ReauthUnsupported
            | Input::ReauthRejected => state.reauth.is_some(),
            Input::OpOk { .. }
            | Input::OpSame
            | Input::OpTransient { .. }
            | Input::OpPermanent
            | Input::OpPanic => state.op.is_some(),
            Input::LateOp => state.late().0,
            Input::LateReauth => state.late().1,
            // Number 1 stands for a credential that was replaced.
            Input::UpFirst
            | Input::Scope { stale: true, .. }
            | Input::Expiry { stale: true, .. }
            | Input::Invalidate { stale: true }
            | Input::Refused { stale: true } => state.newest.is_some_and(|it| it.number > 1),
            Input::UpNewest
            | Input::UpApplied
            | Input::Scope { .. }
            | Input::Expiry { .. }
            | Input::Invalidate { .. }
            | Input::Refused { .. } => state.newest.is_some(),
            _ => true,
        }
    }
}

fn wait() -> impl Strategy<Value = Wait> {
    prop_oneof![
        8 => Just(Wait::Deadline),
        3 => Just(Wait::Millis(0)),
        3 => (0..90_000_i64).prop_map(Wait::Millis),
        1 => (0..7_200_000_i64).prop_map(Wait::Millis),
        1 => (0..7_200_000_i64).prop_map(Wait::Asleep),
        1 => (-7_200_000..7_200_000_i64).prop_map(Wait::Step),
    ]
}

fn terms() -> impl Strategy<Value = Terms> {
    prop_oneof![
        4 => (1000..3_600_000_i64).prop_map(Terms::Expiry),
        3 => (1000..100_000_i64).prop_map(Terms::Expiry),
        3 => (1000..3_600_000_i64).prop_map(Terms::Lifetime),
        1 => (-60_000..20_000_i64).prop_map(Terms::Expiry),
        1 => Just(Terms::Lifetime(0)),
        1 => Just(Terms::Nothing),
    ]
}

fn restore() -> impl Strategy<Value = Input> {
    let saved = (any::<(bool, bool)>(), proptest::option::of(-60_000..3_600_000_i64));
    saved.prop_map(|((bound, in_force), expires_in)| Input::Restore { bound, in_force, expires_in })
}

fn one_of(inputs: &[Input]) -> BoxedStrategy<Input> {
    proptest::sample::select(inputs.to_vec()).boxed()
}

/// Mostly what a well-behaved world does next, sometimes anything else.
fn input(state: &Reference) -> BoxedStrategy<Input> {
    let mut likely = vec![Just(Input::Tick).boxed(), Just(Input::Tick).boxed()];
    if state.newest.is_some() && !state.up {
        likely.push(restore().boxed());
    }
    if state.newest.is_none() {
        likely.push(Just(Input::Demand(Some(Demand::Provider))).boxed());
        likely.push(restore().boxed());
    }
    if state.op.is_some() {
        let new = || terms().prop_map(|terms| Input::OpOk { terms, same_token: false }).boxed();
        likely.extend([new(), new()]);
        let retry_after = proptest::option::of(0..2000_u64);
        let failed = || retry_after.clone().prop_map(|it| Input::OpTransient { retry_after: it });
        likely.extend([failed().boxed(), failed().boxed()]);
        likely.push(one_of(&[Input::OpPermanent, Input::OpPanic, Input::OpSame]));
    }
    if state.reauth.is_some() {
        likely.push(one_of(&[
            Input::ReauthOk,
            Input::ReauthOk,
            Input::ReauthNoAnswer,
            Input::ReauthFailed,
            Input::ReauthUnsupported,
            Input::ReauthRejected,
        ]));
    }
    if state.newest.is_some() {
        let scope = |sat_refresh| Input::Scope { sat_refresh, stale: false };
        likely.push(if state.suspended {
            one_of(&[Input::Resume])
        } else if state.up {
            one_of(&[scope(true), scope(true), scope(false), Input::Down])
        } else {
            one_of(&[Input::UpNewest, Input::UpApplied, Input::Demand(Some(Demand::Fresh))])
        });
    }
    prop_oneof![5 => proptest::strategy::Union::new(likely), 1 => anything()].boxed()
}

fn anything() -> impl Strategy<Value = Input> {
    let simple = [
        Input::Demand(None),
        Input::Demand(Some(Demand::Fresh)),
        Input::Demand(Some(Demand::Provider)),
        Input::RefreshNow,
        Input::Scope { sat_refresh: true, stale: true },
        Input::UpNewest,
        Input::UpApplied,
        Input::UpFirst,
        Input::Down,
        Input::Detached,
        Input::LateOp,
        Input::LateReauth,
        Input::Invalidate { stale: false },
        Input::Invalidate { stale: true },
        Input::Refused { stale: false },
        Input::Refused { stale: true },
        Input::Suspend,
        Input::Resume,
        Input::ServerTime(None),
    ];
    prop_oneof![
        20 => one_of(&simple),
        2 => terms().prop_map(Input::Set),
        2 => restore(),
        2 => terms().prop_map(|terms| Input::OpOk { terms, same_token: true }),
        3 => (-60_000..3_600_000_i64, any::<bool>())
            .prop_map(|(left, stale)| Input::Expiry { left, stale }),
        2 => (-100_000_000..100_000_000_i64).prop_map(|ahead| Input::ServerTime(Some(ahead))),
        2 => (-3000..3000_i64).prop_map(|ahead| Input::ServerTime(Some(ahead))),
        1 => any::<bool>().prop_map(Input::CanRefresh),
        1 => Just(Input::KeyLost),
        1 => Just(Input::Destroy),
    ]
}

/// The scheduler, and what an owner remembers.
struct Subject {
    scheduler: CredentialScheduler,
    /// Each credential as it was when it came.
    credentials: Vec<CredentialInfo>,
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
        policy.renew_at_expiry = reference.renews;
        if reference.suspends {
            policy.exhausted = ExhaustedPolicy::Disconnect;
        }
        let able = Abilities { dpop: reference.dpop, refresh: reference.refresh };
        let scheduler = CredentialScheduler::new(policy.checked().unwrap(), able, 7);
        Self { scheduler, credentials: Vec::new(), ops: Vec::new(), reauths: Vec::new() }
    }

    fn apply(mut subject: Self, reference: &Reference, step: Step) -> Self {
        let now = Now {
            wall: EpochMillis::new(reference.wall),
            boot: Duration::from_millis(u64::try_from(reference.boot).unwrap()),
        };
        let outputs: Vec<_> = match subject.event(step.input, now) {
            Some(event) => subject.scheduler.on(event, now).collect(),
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
    fn event(&self, input: Input, now: Now) -> Option<SchedulerEvent> {
        let at = |millis: i64| Some(EpochMillis::new(now.wall.get() + millis));
        let info = |terms| match terms {
            Terms::Nothing => TokenInfo::default(),
            Terms::Expiry(left) => TokenInfo { expiry: at(left), ..TokenInfo::default() },
            Terms::Lifetime(lifetime) => {
                let lifetime = Duration::from_millis(u64::try_from(lifetime).unwrap());
                TokenInfo { lifetime: Some(lifetime), ..TokenInfo::default() }
            }
        };
        let newest = self.scheduler.newest();
        let first = self.credentials.first().copied();
        let number = |stale: bool| {
            let named = if stale { first } else { newest };
            named.map(|credential| credential.generation())
        };
        let op = self.ops.last().copied();
        let reauth = self.reauths.last().copied();
        let failed = |failure| Some(SchedulerEvent::ReauthErr { id: reauth?, failure });
        Some(match input {
            Input::Restore { bound, in_force, expires_in } => {
                let kind = if bound { CredentialKind::Bound } else { CredentialKind::Unbound };
                let saved = Saved { kind, expiry: expires_in.and_then(at) };
                SchedulerEvent::Restore { saved, in_force }
            }
            Input::Demand(demand) => SchedulerEvent::Demand(demand),
            Input::Scope { sat_refresh, stale } => {
                SchedulerEvent::ScopeKnown { generation: number(stale)?, sat_refresh }
            }
            Input::Expiry { left, stale } => {
                SchedulerEvent::ExpiryKnown { generation: number(stale)?, expiry: at(left)? }
            }
            Input::UpNewest => SchedulerEvent::SessionUp { used: newest? },
            Input::UpApplied => {
                SchedulerEvent::SessionUp { used: self.scheduler.applied().or(newest)? }
            }
            Input::UpFirst => SchedulerEvent::SessionUp { used: first? },
            Input::Down => SchedulerEvent::SessionDown,
            Input::Detached => SchedulerEvent::Detached,
            Input::OpOk { terms, same_token } => {
                SchedulerEvent::OpOk { id: op?, info: TokenInfo { same_token, ..info(terms) } }
            }
            Input::OpSame => {
                let expiry = self.scheduler.status(now).expiry;
                let info = TokenInfo { expiry, same_token: true, ..TokenInfo::default() };
                SchedulerEvent::OpOk { id: op?, info }
            }
            Input::OpTransient { retry_after } => {
                let retry_after = retry_after.map(Duration::from_secs);
                SchedulerEvent::OpErr { id: op?, failure: Failure::Transient { retry_after } }
            }
            Input::OpPermanent => SchedulerEvent::OpErr { id: op?, failure: Failure::Permanent },
            Input::OpPanic => SchedulerEvent::OpPanic { id: op? },
            Input::LateOp => {
                let current = self.scheduler.operation().map(|(id, _)| id);
                let late = *self.ops.iter().find(|id| Some(**id) != current)?;
                SchedulerEvent::OpOk { id: late, info: info(Terms::Lifetime(3_600_000)) }
            }
            Input::LateReauth => {
                let current = self.scheduler.reauthentication().map(|(id, _)| id);
                let late = *self.reauths.iter().find(|id| Some(**id) != current)?;
                SchedulerEvent::ReauthErr { id: late, failure: ReauthError::Rejected }
            }
            Input::ReauthOk => SchedulerEvent::ReauthOk { id: reauth? },
            Input::ReauthNoAnswer => failed(ReauthError::NoAnswer)?,
            Input::ReauthFailed => failed(ReauthError::Failed)?,
            Input::ReauthUnsupported => failed(ReauthError::Unsupported)?,
            Input::ReauthRejected => failed(ReauthError::Rejected)?,
            Input::Tick => SchedulerEvent::Tick,
            Input::RefreshNow => SchedulerEvent::RefreshNow,
            Input::Invalidate { stale } => {
                SchedulerEvent::Invalidate { generation: number(stale)? }
            }
            Input::Refused { stale } => SchedulerEvent::Refused { generation: number(stale)? },
            Input::Set(terms) => SchedulerEvent::SetCredential(info(terms)),
            Input::CanRefresh(refresh) => SchedulerEvent::CanRefresh(refresh),
            Input::Suspend => SchedulerEvent::Suspend,
            Input::Resume => SchedulerEvent::Resume,
            Input::KeyLost => SchedulerEvent::KeyLost,
            Input::ServerTime(ahead) => SchedulerEvent::ServerTime(ahead.and_then(at)),
            Input::Destroy => SchedulerEvent::Destroy,
        })
    }

    /// Remembers ids and credentials, and returns the action without them.
    fn note(&mut self, action: Action) -> Output {
        match action {
            Action::Start { id, kind } => {
                self.ops.push(id);
                Output::Start(kind)
            }
            Action::Abort { kind, cause, .. } => Output::Abort(kind, cause),
            Action::Ended { kind, result } => Output::Ended(kind, result),
            Action::Reauthenticate { id, generation } => {
                self.reauths.push(id);
                Output::Reauthenticate(generation.get())
            }
            Action::Commit { generation, kind } => {
                self.credentials.extend(self.scheduler.newest());
                let bound = kind == CredentialKind::Bound;
                Output::Commit { generation: generation.get(), bound }
            }
            Action::Revert { applied, generation } => {
                Output::Revert { applied: applied.get(), generation: generation.get() }
            }
            Action::Applied { generation } => Output::Applied(generation.get()),
            Action::Reconnect => Output::Reconnect,
            Action::Renew => Output::Renew,
            Action::Suspend => Output::Suspend,
            Action::Warn(warning) => Output::Warn(warning),
        }
    }

    fn compare(&self, reference: &Reference, now: Now) {
        let status = self.scheduler.status(now);
        let mechanism = match reference.mechanism() {
            Some(Means::Bound) => RefreshMechanism::ClientBoundSat,
            Some(Means::Developer) => RefreshMechanism::DeveloperProvidedRefresh,
            None => RefreshMechanism::None,
        };
        let deadline = reference.deadline.map(|at| u64::try_from(at).unwrap_or(0));
        assert_eq!(self.scheduler.deadline(), deadline.map(Duration::from_millis));
        assert_eq!(status.mechanism, mechanism);
        assert_eq!(status.expired, reference.expired());
        assert_eq!(status.attempts, reference.k);
        assert_eq!(status.in_flight, reference.op.map(|(kind, _)| kind));
        let newest = reference.newest;
        assert_eq!(status.generation.map(Generation::get), newest.map(|it| it.number));
        let expiry = newest.and_then(|newest| reference.expiry(newest));
        assert_eq!(status.expiry, expiry.map(EpochMillis::new));
        let applied = self.scheduler.applied().map(|it| it.generation().get());
        assert_eq!(applied, reference.applied.map(|applied| applied.number));
        let reauth = self.scheduler.reauthentication().map(|(_, sent)| sent.get());
        assert_eq!(reauth, reference.reauth);
        assert_eq!(self.scheduler.knows_server_time(), reference.time_known);
        assert_eq!(self.scheduler.refresh_is_coming(), reference.refresh_comes());
        assert_eq!(self.scheduler.reauthentication_fails(), reference.reauthentication_fails());
        for kind in [OpKind::Authenticate, OpKind::Activate, OpKind::Refresh, OpKind::Rotate] {
            let held = self.scheduler.held_for(kind, now).map_or(0, |held| held.as_millis());
            assert_eq!(i64::try_from(held).unwrap(), reference.held_for(kind), "{kind:?}");
        }
        if let (Some(credential), Some(newest)) = (self.scheduler.newest(), newest) {
            let window = self.scheduler.in_mandatory_window(&credential, now);
            assert_eq!(window, reference.is_too_old(newest));
        }
    }
}
