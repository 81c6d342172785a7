//! How a session is lost, paused, given up or left.

use std::time::Duration;

use super::{Action, Protocol, RpcError, calls::Purpose, protocol::Link};

impl Protocol {
    /// A fresh connect was refused: final for a client that never was connected with its provider's
    /// credential, otherwise there is one more attempt, with a new credential.
    pub(super) fn refused(&mut self, boot: Duration) {
        self.refusals += 1;
        if (self.was_live || self.restored) && self.refusals == 1 {
            self.pause(boot, true)
        } else {
            self.fail()
        }
    }

    /// The socket is gone, or was never opened.
    pub(super) fn lost(&mut self, why: &'static str, boot: Duration) {
        match self.link {
            Link::Idle | Link::Pausing { .. } | Link::Preparing { .. } => return,
            Link::Live { .. } => self.actions.push(Action::Down(why)),
            Link::Opening { .. } | Link::Authenticating { .. } => {}
        }
        for purpose in self.calls.lose_sent() {
            if let Purpose::User(call) = purpose {
                self.answer(call, Err(RpcError::ConnectionLost));
            }
        }
        self.pause(boot, false);
    }

    pub(super) fn pause(&mut self, boot: Duration, renew: bool) {
        let pause = self.backoff.next(&mut self.random);
        self.link = Link::Pausing { until: boot.saturating_add(pause), renew };
        self.actions.push(Action::Paused(pause));
    }

    /// Gives the session up.
    pub(super) fn fail(&mut self) {
        self.end();
        self.actions.push(Action::GaveUp);
    }

    pub(super) fn disconnect(&mut self) {
        if self.is_live() {
            self.actions.push(Action::Down("left by wish"));
        }
        self.leave();
    }

    pub(super) fn leave(&mut self) {
        if self.has_socket() {
            self.actions.push(Action::Close);
        }
        self.end();
        self.actions.push(Action::Left);
    }

    fn end(&mut self) {
        self.link = Link::Idle;
        self.give_up = None;
        self.known_online = false;
        for purpose in self.calls.lose_all() {
            if let Purpose::User(call) = purpose {
                self.answer(call, Err(RpcError::Disconnected));
            }
        }
    }
}
