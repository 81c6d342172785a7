//! The live session and the credential in force on it.

use credwire_generated::RefreshMechanism;

use super::{
    action::Action,
    arbiter::Arbiter,
    event::{CredentialKind, Failure, Generation, ReauthFailure, ReauthId, Refused, WaiterId},
    held::Held,
    retry::Retry,
    step::Step,
};

impl Arbiter {
    /// SessionUp. Guard: not suspended, and there is a credential.
    pub(super) fn session_up(&mut self, used: Generation, step: &mut Step) {
        let (false, Some(newest)) = (self.suspended, self.newest) else { return };
        self.session_down();
        self.session_up = true;
        self.bound_latched = false;
        self.developer_latched = false;
        self.activation_retry = Retry::NONE;
        if used == newest.generation {
            self.applied = Some(newest);
            step.act(Action::PersistApplied { generation: used });
        } else if self.applied() != Some(used) {
            // The credential was replaced while the connect was under way; S1 sends the newer one.
            self.applied = Some(Held {
                generation: used,
                kind: CredentialKind::Unbound,
                validity: None,
                ..newest
            });
        }
    }

    /// SessionDown. An operation in flight goes on.
    pub(super) fn session_down(&mut self) {
        self.session_up = false;
        self.reauth = None;
        self.reauth_retry = Retry::NONE;
    }

    /// ReauthOk. Guard: the id. When the credential has been replaced since, S1 sends the newer.
    pub(super) fn reauth_ok(&mut self, id: ReauthId, step: &mut Step) {
        let Some(reauth) = self.reauth.take_if(|reauth| reauth.id == id) else { return };
        self.reauth_retry = Retry::NONE;
        if self.newest() == Some(reauth.generation) {
            self.refused = 0;
            self.applied = self.newest;
            step.act(Action::PersistApplied { generation: reauth.generation });
        }
    }

    /// ReauthErr. Guard: the id.
    pub(super) fn reauth_err(&mut self, id: ReauthId, failure: ReauthFailure, step: &mut Step) {
        let Some(reauth) = self.reauth.take_if(|reauth| reauth.id == id) else { return };
        match failure {
            ReauthFailure::Transient => {
                let failures = self.reauth_retry.failures.saturating_add(1);
                if failures < self.policy.get().reauth_attempts {
                    self.reauth_retry = self.backed_off(failures, Failure::TRANSIENT, step);
                } else {
                    // What the session holds is unknown now. The token is kept.
                    self.session_down();
                    step.act(Action::ForceReconnect);
                }
            }
            ReauthFailure::Rejected => {
                if self.newest() == Some(reauth.generation) {
                    self.revert(step);
                }
            }
        }
    }

    /// The server refused the newest credential: the one in force is the newest again.
    fn revert(&mut self, step: &mut Step) {
        let (Some(refused), Some(applied)) = (self.newest, self.applied) else { return };
        let generation = self.next_generation();
        self.newest = Some(Held { generation, ..applied });
        self.applied = self.newest;
        self.reauth_retry = Retry::NONE;
        step.act(Action::Revert { applied: applied.generation, generation });
        match refused.kind {
            CredentialKind::Bound => {
                self.fail(RefreshMechanism::ClientBoundSat, Failure::Permanent, step);
            }
            CredentialKind::Unbound => {
                // Its commit has reset the count of failures; without this one a session that
                // refuses every new token would have another fetched each second.
                self.refresh_retry.failures = self.refresh_retry.failures.max(self.refused);
                self.fail(RefreshMechanism::DeveloperProvidedRefresh, Failure::TRANSIENT, step);
                self.refused = self.refresh_retry.failures;
            }
        }
    }

    /// ConnectRejected: with stored state the state is at fault, otherwise the credential is.
    pub(super) fn connect_rejected(&mut self, refused: Refused, step: &mut Step) {
        self.session_down();
        match refused {
            Refused::Stored => {
                self.applied = None;
                step.act(Action::DropStoredState);
            }
            Refused::Fresh { generation, waiter } => self.refused_fresh(generation, waiter, step),
        }
    }

    fn refused_fresh(&mut self, generation: Generation, waiter: WaiterId, step: &mut Step) {
        self.invalidate(generation, step);
        if self.forced && self.newest() == Some(generation) {
            self.join(waiter, step);
        } else {
            self.need_fresh(waiter, step);
        }
    }
}
