//! What is stored of a session, and when it is written (W6 and W12).

use credwire_core::Now;

use super::{Session, Shutdown};
use crate::{
    boot_time::{BootTime, millis},
    input::{ReplyId, StoreId},
    output::{Answer, Output, Problem, SavedCredential, SavedSession, SessionEvent},
    retry::Retry,
    scheduler::{CredentialInfo, CredentialKind},
};

/// One write at a time; what is replaced before its turn is never written.
#[derive(Clone, Debug)]
pub(super) struct Storing<R> {
    /// There is something that no write has stored.
    changed: bool,
    writing: Option<(StoreId, BootTime)>,
    last_id: u32,
    retry: Retry,
    /// Writes that were begun after the client ended.
    last_tries: u8,
    /// The newest failure that was reported, so that each reason is reported once.
    reported: Option<Problem<R>>,
    /// The callers that wait until everything is stored, or was tried.
    waiting: Vec<ReplyId>,
    /// What is stored belongs to another identity and stays until there is a session.
    held: bool,
}

impl<R> Storing<R> {
    pub(super) const fn new() -> Self {
        Self {
            changed: false,
            writing: None,
            last_id: 0,
            retry: Retry::NONE,
            last_tries: 0,
            reported: None,
            waiting: Vec::new(),
            held: false,
        }
    }

    /// Leaves what is stored until there is a session.
    pub(super) fn hold(&mut self, held: bool) {
        self.held = held;
    }

    /// The session is not as it is stored.
    pub(super) fn changed(&mut self) {
        self.changed = true;
    }

    /// Has a caller answered after the next write.
    pub(super) fn answer_after_write(&mut self, reply: ReplyId) {
        self.waiting.push(reply);
    }

    pub(super) fn is_idle(&self) -> bool {
        self.writing.is_none()
    }

    pub(super) fn deadline(&self) -> BootTime {
        match self.writing {
            Some((_, until)) => until,
            None if self.changed && self.retry.failures > 0 => self.retry.at,
            None => BootTime::NEVER,
        }
    }

    /// When the time of the write in flight is over.
    pub(super) fn write_deadline(&self) -> BootTime {
        self.writing.map_or(BootTime::NEVER, |(_, until)| until)
    }

    /// What decides about its course.
    pub(super) fn course(
        &self,
        now: BootTime,
        limit: u32,
    ) -> (bool, bool, Option<BootTime>, Retry) {
        let writing = self.writing.map(|(_, until)| until.recent(now, 0));
        (self.changed, self.held, writing, self.retry.normal(now, limit))
    }

    /// The write in flight.
    pub(super) fn writing(&self) -> Option<StoreId> {
        self.writing.map(|(id, _)| id)
    }
}

impl<T: Clone + PartialEq, R: Clone + PartialEq> Session<T, R> {
    /// Stores the session if it has changed and it is time.
    pub(super) fn store_when_due(&mut self, now: Now, boot: BootTime) {
        if let Some((_, until)) = self.storing.writing
            && until <= boot
        {
            self.not_stored(Problem::NotStored, boot);
        }
        let ending = self.shutdown == Shutdown::Done;
        // At the end there is one try more than one, and no pause before either.
        let due = if ending { self.storing.last_tries < 2 } else { self.storing.retry.at <= boot };
        if self.storing.changed && self.storing.writing.is_none() && due && !self.storing.held {
            self.storing.last_id = self.storing.last_id.wrapping_add(1);
            let id = StoreId(self.storing.last_id);
            self.storing.changed = false;
            self.storing.last_tries += u8::from(ending);
            self.storing.writing = Some((id, boot.plus(millis(self.settings.step_timeout))));
            let session = if ending { self.ended_with.clone() } else { self.saved(now) };
            self.emit(Output::Store { id, session });
        }
        if self.storing.writing.is_none()
            && (!self.storing.changed || self.storing.retry.failures > 0)
        {
            for reply in std::mem::take(&mut self.storing.waiting) {
                self.answer(reply, Answer::Left);
            }
        }
    }

    pub(super) fn stored(&mut self, id: StoreId, result: Result<(), R>, boot: BootTime) {
        if self.storing.writing() != Some(id) {
            return;
        }
        match result {
            Ok(()) => {
                self.storing.writing = None;
                self.storing.retry = Retry::NONE;
                self.storing.reported = None;
            }
            Err(reason) => self.not_stored(Problem::Reason(reason), boot),
        }
    }

    fn not_stored(&mut self, problem: Problem<R>, boot: BootTime) {
        self.storing.writing = None;
        self.storing.changed = true;
        let backoff = &self.settings.requests;
        self.storing.retry = self.storing.retry.failed(backoff, &mut self.jitter, boot);
        if self.storing.reported.as_ref() != Some(&problem) {
            self.storing.reported = Some(problem.clone());
            self.report(SessionEvent::Failed(problem));
        }
    }

    /// The session as it is now, if there is anything in it to go on with.
    pub(super) fn saved(&self, now: Now) -> Option<SavedSession<T>> {
        self.scheduler.newest()?;
        let living = |credential: Option<CredentialInfo>| {
            credential.filter(|credential| !self.scheduler.has_ended(credential, now))
        };
        let newest = living(self.scheduler.newest());
        let applied = living(self.scheduler.applied()).filter(|_| self.resume.is_some());
        match applied {
            Some(applied) => Some(SavedSession {
                credential: self.saved_credential(applied, now)?,
                resume: self.resume.clone(),
                newer: newest
                    .filter(|newest| newest.generation() != applied.generation())
                    .and_then(|newest| self.saved_credential(newest, now)),
            }),
            // A bound token is of use to its session alone.
            None => Some(SavedSession {
                credential: newest
                    .filter(|newest| newest.kind() == CredentialKind::Unbound)
                    .and_then(|newest| self.saved_credential(newest, now))?,
                resume: None,
                newer: None,
            }),
        }
    }

    fn saved_credential(&self, credential: CredentialInfo, now: Now) -> Option<SavedCredential<T>> {
        let token = self.tokens.get(credential.generation())?.clone();
        let saved = self.scheduler.saved(&credential, now);
        Some(SavedCredential { token, kind: saved.kind, expiry: saved.expiry })
    }
}
