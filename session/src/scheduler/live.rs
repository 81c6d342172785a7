//! The live session and the credential in force on it.

use credwire_generated::RefreshMechanism;

use super::{
    action::Action,
    context::Context,
    credential::CredentialInfo,
    event::{Failure, ReauthError},
    ids::{CredentialKind, ReauthId},
    machine::{CredentialScheduler, Mechanism},
};
use crate::retry::Retry;

impl CredentialScheduler {
    /// SessionUp. Guard: not suspended. A mechanism that was given up because it kept failing is
    /// tried again; one that was refused is not.
    pub(super) fn session_up(&mut self, used: CredentialInfo, cx: &mut Context) {
        if self.suspended {
            return;
        }
        self.session_down();
        self.session_up = true;
        for mechanism in [&mut self.bound, &mut self.developer] {
            if *mechanism == Mechanism::Exhausted {
                *mechanism = Mechanism::Usable;
            }
        }
        self.activation_retry = Retry::NONE;
        // The scheduler may have learnt more about it since the attempt began.
        let known = [self.newest, self.applied].into_iter().flatten();
        let used = known.into_iter().find(|it| it.generation == used.generation).unwrap_or(used);
        self.applied = Some(used);
        cx.act(Action::Applied { generation: used.generation });
    }

    /// SessionDown. An operation in flight goes on.
    pub(super) fn session_down(&mut self) {
        self.session_up = false;
        self.reauth = None;
        self.reauth_retry = Retry::NONE;
        self.reauth_unsupported = false;
    }

    /// ReauthOk. Guard: the id. When the credential has been replaced since, S1 sends the newer.
    pub(super) fn reauth_ok(&mut self, id: ReauthId, cx: &mut Context) {
        let Some(reauth) = self.reauth.take_if(|reauth| reauth.id == id) else { return };
        self.reauth_retry = Retry::NONE;
        if self.newest_generation() == reauth.generation {
            self.refused = 0;
            self.applied = self.newest;
            cx.act(Action::Applied { generation: reauth.generation });
        }
    }

    /// ReauthErr. Guard: the id.
    pub(super) fn reauth_err(&mut self, id: ReauthId, failure: ReauthError, cx: &mut Context) {
        let Some(reauth) = self.reauth.take_if(|reauth| reauth.id == id) else { return };
        match failure {
            ReauthError::Failed => self.reauth_retry = self.backed_off(self.reauth_retry, cx),
            ReauthError::Unsupported => self.reauth_unsupported = true,
            ReauthError::NoAnswer => {
                self.reauth_retry = self.backed_off(self.reauth_retry, cx);
                let lost = self.reauth_retry.failures >= self.policy.get().reauth_attempts;
                if lost && self.replaced_for != reauth.generation {
                    // Which credential is in force is unknown now. The token is kept. Once for each
                    // credential: a space that never answers would be left again and again.
                    self.replaced_for = reauth.generation;
                    self.session_down();
                    cx.act(Action::Reconnect);
                }
            }
            ReauthError::Rejected => {
                if self.newest_generation() == reauth.generation {
                    self.revert(cx);
                }
            }
        }
    }

    /// The server refused the newest credential: the one in force is the newest again.
    fn revert(&mut self, cx: &mut Context) {
        let (Some(refused), Some(applied)) = (self.newest, self.applied) else { return };
        let generation = self.next_generation();
        self.newest = Some(CredentialInfo { generation, ..applied });
        self.applied = self.newest;
        self.reauth_retry = Retry::NONE;
        cx.act(Action::Revert { applied: applied.generation, generation });
        match refused.kind {
            CredentialKind::Bound => {
                self.fail(RefreshMechanism::ClientBoundSat, Failure::Permanent, cx);
            }
            CredentialKind::Unbound => {
                // Its commit has reset the count of failures; without this one a session that
                // refuses every new token would have another fetched each second.
                self.refresh_retry.failures = self.refresh_retry.failures.max(self.refused);
                self.fail(RefreshMechanism::DeveloperProvidedRefresh, Failure::TRANSIENT, cx);
                self.refused = self.refresh_retry.failures;
            }
        }
    }
}
