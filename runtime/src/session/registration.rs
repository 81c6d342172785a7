//! Whether the subscriber is registered, and what becomes of that.

use std::time::Duration;

use super::{Action, Protocol, RpcError, calls::Purpose, protocol::Link};
use crate::{SubscriberOffline, SubscriberOfflineParams, SubscriberOnline, SubscriberOnlineParams};

/// How far the registration of a live session is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Registration {
    /// Not wanted, refused or done with.
    No,
    /// Wanted once the credential is settled.
    Wanted,
    /// Asked for.
    Asked,
    /// Registered.
    Yes,
    /// `subscriber.offline` is on its way.
    Retracting,
}

impl Protocol {
    /// Whether the subscriber is to be registered, now and in later sessions.
    pub(crate) fn registers(&self) -> bool {
        self.registers
    }

    pub(super) fn register(&mut self) {
        self.registers = true;
        match self.link {
            Link::Idle => {
                self.actions.push(Action::Registered(Err(RpcError::Disconnected)));
            }
            Link::Live { registration: Registration::No } => self.set(Registration::Wanted),
            Link::Live { registration: Registration::Yes } => {
                self.actions.push(Action::Registered(Ok(())));
            }
            // The outcome of what is under way comes later.
            _ => {}
        }
    }

    pub(super) fn unregister(&mut self, boot: Duration) {
        self.registers = false;
        match self.link {
            Link::Live { registration: Registration::Asked | Registration::Yes } => {
                self.retract(boot);
            }
            Link::Live { registration: Registration::Retracting } => {}
            Link::Live { .. } => {
                self.set(Registration::No);
                self.actions.push(Action::Unregistered(Ok(())));
            }
            // The space is told in the session that comes.
            _ if self.known_online => {}
            _ => self.actions.push(Action::Unregistered(Ok(()))),
        }
    }

    /// The credential in force is the one to register with.
    pub(super) fn settled(&mut self, boot: Duration) {
        if self.link == (Link::Live { registration: Registration::Wanted }) {
            self.set(Registration::Asked);
            self.known_online = true;
            self.send::<SubscriberOnline>(&SubscriberOnlineParams::new(), Purpose::Online, boot);
        }
    }

    /// What a session begins with.
    pub(super) fn begin(&mut self, resumed: bool, boot: Duration) {
        self.known_online &= resumed;
        if self.registers {
            self.set(Registration::Wanted);
        } else if self.known_online {
            self.retract(boot);
        } else {
            self.set(Registration::No);
        }
    }

    pub(super) fn answered_online(&mut self, outcome: Result<(), RpcError>) {
        let Link::Live { registration } = self.link else { return };
        if registration == Registration::Asked {
            self.set(if outcome.is_ok() { Registration::Yes } else { Registration::No });
        }
        self.known_online &= outcome.is_ok();
        self.actions.push(Action::Registered(outcome));
    }

    pub(super) fn answered_offline(&mut self, outcome: Result<(), RpcError>) {
        if self.link == (Link::Live { registration: Registration::Retracting }) {
            self.known_online = false;
            self.set(if self.registers { Registration::Wanted } else { Registration::No });
            self.actions.push(Action::Unregistered(outcome));
        }
    }

    fn retract(&mut self, boot: Duration) {
        self.set(Registration::Retracting);
        self.send::<SubscriberOffline>(&SubscriberOfflineParams::new(), Purpose::Offline, boot);
    }

    fn set(&mut self, registration: Registration) {
        self.link = Link::Live { registration };
    }
}
