//! The session and the credential in force on it.

use super::{Credential, Mechanism, Reference, events::Failed};
use crate::input::{Input, Output, Terms};

const RMAX: u32 = 2;

impl Reference {
    pub(super) fn session_up(&mut self, used: Input) {
        let (false, Some(newest)) = (self.suspended, self.newest) else { return };
        let number = match used {
            Input::UpApplied => self.applied.map_or(newest.number, |applied| applied.number),
            Input::UpReplaced => 1,
            _ => newest.number,
        };
        self.session_down();
        self.up = true;
        self.bound_off = false;
        self.developer_off = false;
        self.j = 0;
        self.act_at = 0;
        if number == newest.number {
            self.applied = Some(newest);
            self.say(Output::PersistApplied(number));
        } else if self.applied.is_none_or(|applied| applied.number != number) {
            let lost = Credential {
                number,
                bound: false,
                terms: Terms::Nothing,
                lifetime: None,
                revoked: false,
                ..newest
            };
            self.applied = Some(lost);
        }
    }

    pub(super) fn session_down(&mut self) {
        self.up = false;
        self.reauth = None;
        self.r = 0;
        self.rea_at = 0;
    }

    pub(super) fn reauth_ok(&mut self) {
        let sent = self.reauth.take();
        self.r = 0;
        self.rea_at = 0;
        if let Some(sent) = sent.filter(|sent| self.newest.is_some_and(|it| it.number == *sent)) {
            self.refused = 0;
            self.applied = self.newest;
            self.say(Output::PersistApplied(sent));
        }
    }

    pub(super) fn reauth_lost(&mut self) {
        self.reauth = None;
        self.r += 1;
        if self.r < RMAX {
            self.rea_at = self.boot + Self::backoff(self.r);
        } else {
            self.session_down();
            self.say(Output::ForceReconnect);
        }
    }

    pub(super) fn reauth_rejected(&mut self) {
        let Some(sent) = self.reauth.take() else { return };
        let newest = self.newest.unwrap();
        if sent != newest.number {
            return;
        }
        let applied = self.applied.unwrap();
        let generation = newest.number + 1;
        self.newest = Some(Credential { number: generation, ..applied });
        self.applied = self.newest;
        self.r = 0;
        self.rea_at = 0;
        self.say(Output::Revert { applied: applied.number, generation });
        if newest.bound {
            self.fail(Mechanism::Bound, Failed::ForGood);
        } else {
            self.k = self.k.max(self.refused);
            self.fail(Mechanism::Developer, Failed::ForNow { retry_after: 0 });
            self.refused = self.k;
        }
    }
}
