//! The invariants, judged from outside of the arbiter.

use credwire::{
    RefreshMechanism,
    lifecycle::{CredentialKind, Event, OpKind, ReauthFailure, Refused},
};

use crate::{
    adversary::Adversary,
    world::{CHUNK, Holds, OP_TIMEOUT, SKEW_MAX, TICK, World},
};

/// The invariants of the lifecycle module, and two more: nobody waits for nothing, and a session at
/// rest has the mechanism that the precedence table of the reference names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Rule {
    I1,
    I2,
    I3,
    I4,
    I5,
    I6,
    I7,
    I8,
    I9,
    I10,
    I11,
    W,
    T,
}

impl Rule {
    pub(crate) const ALL: [(Self, &str); 13] = [
        (Self::I1, "I1 one of each"),
        (Self::I2, "I2 armed while possible"),
        (Self::I3, "I3 nothing after the end"),
        (Self::I4, "I4 nothing while suspended"),
        (Self::I5, "I5 starts and ends of operations"),
        (Self::I6, "I6 the newest, to live sessions"),
        (Self::I7, "I7 operations are watched"),
        (Self::I8, "I8 no long sleep"),
        (Self::I9, "I9 applied means in force"),
        (Self::I10, "I10 late results"),
        (Self::I11, "I11 changes of the credential"),
        (Self::W, "W nobody waits for nothing"),
        (Self::T, "T the precedence table"),
    ];

    pub(crate) fn name(self) -> &'static str {
        Self::ALL.iter().find(|(rule, _)| *rule == self).map_or("", |(_, name)| name)
    }
}

impl World {
    /// The rules about a change.
    pub(crate) fn check_step(&mut self, before: &Self, event: Event, elapsed: i64) {
        if before.shell.closed {
            self.expect(Rule::I3, self.subject == before.subject);
            return;
        }
        let (old, new) = (before.newest(), self.newest());
        if let Event::ReauthErr { failure: ReauthFailure::Rejected, .. } = event {
            let sent = before.subject.arbiter.reauthentication().map(|(_, sent)| sent);
            self.expect(Rule::I10, new == old || sent == old);
        }
        if let Event::ExpiryKnown { generation, .. } = event {
            let (known, told) = (before.status().expiry, self.status().expiry);
            self.expect(Rule::I10, Some(generation) == old || told == known);
            self.expect(Rule::I11, known.is_none() || told == known);
        }
        if old != new && event != Event::Destroy {
            let fair = match event {
                Event::Restore(_) => !before.shell.up && !before.behind(),
                _ => matches!(
                    event,
                    Event::OpOk { .. }
                        | Event::SetCredential(_)
                        | Event::Start { .. }
                        | Event::ReauthErr { failure: ReauthFailure::Rejected, .. }
                ),
            };
            self.expect(Rule::I11, fair && new > old);
        } else if elapsed == 0 && self.status().expired != before.status().expired {
            let fair = match event {
                // It is as old as two ticks.
                Event::ServerTime(time) => {
                    (-2 - SKEW_MAX..=SKEW_MAX).contains(&(time.get() / TICK))
                }
                _ => matches!(
                    event,
                    Event::Invalidate { .. }
                        | Event::ConnectRejected(Refused::Fresh { .. })
                        | Event::KeyLost
                        | Event::Destroy
                ),
            };
            self.expect(Rule::I11, fair);
        }
        let replaces_session =
            matches!(event, Event::SessionUp { .. } | Event::ConnectRejected(_) | Event::Destroy);
        self.expect(Rule::I6, replaces_session || self.applied() >= before.applied());
    }

    /// A result that came too late was delivered.
    pub(crate) fn check_late(&mut self, before: &Self) {
        let credentials = |world: &Self| (world.newest(), world.applied(), world.seen.kind);
        self.expect(Rule::I10, credentials(self) == credentials(before));
        let op_kept = before.shell.op.is_none() || self.shell.op == before.shell.op;
        let reauth_kept = !before.shell.reauth || self.shell.reauth;
        self.expect(Rule::I10, op_kept && reauth_kept);
    }

    /// The rules about a state.
    pub(crate) fn check_state(&mut self) {
        let shell = self.shell.clone();
        let arbiter = &self.subject.arbiter;
        let same_op = arbiter.operation().map(|(_, kind)| kind) == shell.op.map(|(kind, _)| kind);
        let same_reauth = arbiter.reauthentication().is_some() == shell.reauth;
        let idle = shell.timer.is_none() && shell.op.is_none() && !shell.reauth;
        if shell.closed {
            self.expect(Rule::I3, idle && !shell.waiting);
            return;
        }
        self.expect(Rule::I1, same_op && same_reauth);
        if let Some((_, age)) = shell.op {
            let left = i64::from(OP_TIMEOUT.saturating_sub(age)) * TICK;
            self.expect(Rule::I7, shell.timer.is_some_and(|timer| timer <= left));
        }
        self.expect(Rule::I8, shell.timer.is_none_or(|timer| timer <= CHUNK * TICK));
        if shell.suspended {
            let guarded = shell.timer.is_none() || shell.op.is_some();
            self.expect(Rule::I4, guarded && !shell.reauth);
            self.expect(Rule::W, !shell.waiting || shell.op.is_some());
            return;
        }
        let armed = shell.timer.is_some();
        if self.refresh_possible() {
            self.expect(Rule::I2, self.status().mechanism != RefreshMechanism::None);
            self.expect(Rule::I2, shell.op.is_some() || armed);
        }
        if self.activation_possible() {
            self.expect(Rule::I2, shell.op.is_some() || armed);
        }
        self.expect(Rule::W, !shell.waiting || shell.op.is_some() || armed);
        if shell.up && self.behind() {
            self.expect(Rule::I6, shell.reauth || armed);
        }
        if shell.up && !self.behind() {
            let holds = self.seen.server_holds;
            self.expect(Rule::I9, matches!(holds, Holds::Newest | Holds::Unknown));
        }
        self.expect(Rule::I6, !shell.reauth || shell.up);
        self.check_table();
    }

    /// A session at rest, whose scope is known and where nothing was given up.
    fn check_table(&mut self) {
        let shell = &self.shell;
        let at_rest = shell.up && shell.op.is_none() && !shell.reauth && !self.behind();
        let bound = self.seen.kind == Some(CredentialKind::Bound);
        let Some(scope) = self.seen.scope.filter(|scope| *scope || !bound) else { return };
        let in_doubt = self.seen.bound_in_doubt
            || self.seen.developer_in_doubt
            || self.seen.activation_in_doubt
            || self.status().expired;
        if at_rest && !in_doubt {
            let row = RefreshMechanism::select(self.subject.refresh, scope && self.seen.dpop);
            // Activation may have to wait for its gap.
            let about_to = !bound && shell.timer.is_some_and(|timer| timer <= TICK);
            self.expect(Rule::T, about_to || self.status().mechanism == row);
        }
    }

    /// Whether, for all that can be seen, a refresh could work.
    fn refresh_possible(&self) -> bool {
        let rotates = self.seen.kind == Some(CredentialKind::Bound)
            && self.seen.dpop
            && !self.seen.bound_in_doubt;
        let refreshes = self.subject.refresh && !self.seen.developer_in_doubt;
        self.status().expiry.is_some() && (rotates || refreshes)
    }

    /// Whether, for all that can be seen, activation could work.
    fn activation_possible(&self) -> bool {
        self.seen.kind == Some(CredentialKind::Unbound)
            && self.seen.dpop
            && self.seen.scope == Some(true)
            && !self.seen.bound_in_doubt
            && self.shell.up
            && self.status().expiry.is_some()
            && !self.status().expired
    }

    /// L1: when everything succeeds from now on, a valid credential is soon in force, unless
    /// nothing but activation was possible and its window closes with the expiry.
    pub(crate) fn recovers(&self, adversary: &Adversary) -> bool {
        let possible = self.refresh_possible() || self.activation_possible();
        if self.broken != 0 || self.shell.closed || self.shell.suspended || !possible {
            return true;
        }
        let mut world = self.clone();
        for _ in 0..40 {
            if world.is_good() || !(world.refresh_possible() || world.activation_possible()) {
                return true;
            }
            world = adversary.kind_step(&world);
        }
        false
    }

    fn is_good(&self) -> bool {
        let status = self.status();
        let behind = self.shell.up && self.behind();
        let busy = self.shell.op.is_some_and(|(kind, _)| kind != OpKind::Activate);
        status.generation.is_some() && !status.expired && !behind && !busy
    }
}
