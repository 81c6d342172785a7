//! The session with one defect.
//!
//! A defect sits where the session meets its owner: settings, what goes in or what comes out is
//! changed the way a defective session would. So the product needs no hooks, and the model is shown
//! to notice.

use std::time::Duration;

use credwire_core::Backoff;
use credwire_session::{
    Answer, Frame, Input, Output, Problem, RpcError, SavedSession, SessionEvent, SessionMethod,
    Settings, SpaceReply,
    scheduler::{CredentialKind, ExhaustedPolicy, Failure, OpKind, Policy, Warning},
};

use crate::{token::Token, world::World};

/// A defect: one for each ruling that can be lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Mutation {
    /// The first connect has no deadline.
    NoConnectDeadline,
    /// An attempt that failed is followed by the next at once.
    NoPause,
    /// Pauses do not grow.
    PausesDoNotGrow,
    /// A restart of the space is met at once.
    RestartIgnored,
    /// A session that is ended for its credential is resumed with it.
    NoSuspicion,
    /// A refusal of a device endpoint counts as a failure for now.
    RefusalForgotten,
    /// A failure of `authenticate()` for now counts as one for good.
    TransientEnds,
    /// A page of something in between counts as a refusal of the space.
    ForeignRefusal,
    /// The end of a credential is not looked at.
    ExpiryIgnored,
    /// The end of a stored credential is not stored with it.
    StoredExpiryLost,
    /// An operation that is given up goes on.
    AbortLost,
    /// Operations have no deadline.
    NoOperationTimeout,
    /// There is no reserve before the end of a credential.
    NoReserve,
    /// The expiry of the credential is reported to nobody.
    NoNotice,
    /// Who waits for a registration is not answered.
    AnswerLost,
    /// Who leaves is answered twice.
    AnsweredTwice,
    /// Nothing is stored but that there is nothing.
    StoresNothing,
    /// A write that failed counts as done.
    FailedWriteForgotten,
    /// A registration that failed for now is not tried again: it never is.
    RegistrationGivenUp,
    /// A resume that is refused counts as a failure for now: it is resumed for ever.
    ResumeForEver,
    /// The result of `authenticate()` is lost: it is asked for ever.
    ResultLost,
    /// A method that the space does not have is asked for again.
    UnknownMethodAgain,
    /// The old token again passes for a new one.
    SameTokenTaken,
    /// A stored device token passes for one of the provider.
    BoundForgotten,
    /// A suspended client goes on.
    SuspendIgnored,
    /// `Retry-After` is not heard.
    RetryAfterIgnored,
    /// Somebody is answered after the end.
    EndsFirst,
    /// A lost key is not noticed.
    KeyLossIgnored,
    /// Who waits for a credential is answered at once.
    GoodNewsAtOnce,
    /// A failure is reported again and again.
    ReportedTwice,
    /// A client whose mechanisms are exhausted waits for a person.
    ExhaustedDisconnects,
    /// Time that passes is not noticed.
    TickLost,
    /// The state for the next resume is not taken.
    StateLost,
    /// The space's time is not taken.
    ServerTimeIgnored,
}

impl Mutation {
    /// The settings of the defective session.
    pub(crate) fn set(self, settings: &mut Settings, policy: &mut Policy) {
        let never = Duration::from_secs(3600);
        let at_once = Duration::from_millis(1);
        match self {
            Self::NoConnectDeadline => settings.connect_deadline = never,
            Self::NoPause => {
                settings.reconnect = Backoff { base: at_once, max: at_once, jitter_percent: 0 };
            }
            Self::PausesDoNotGrow => settings.reconnect.max = settings.reconnect.base,
            Self::RestartIgnored => settings.restart_pause = Duration::ZERO,
            Self::NoOperationTimeout => policy.op_timeout = never,
            Self::NoReserve => policy.reserve = Duration::ZERO,
            Self::ExhaustedDisconnects => policy.exhausted = ExhaustedPolicy::Disconnect,
            _ => {}
        }
    }

    /// What the defective session begins with.
    pub(crate) fn restore(self, record: &mut Option<SavedSession<Token>>) {
        let Some(record) = record else { return };
        match self {
            Self::StoredExpiryLost => record.credential.expiry = None,
            Self::BoundForgotten => record.credential.kind = CredentialKind::Unbound,
            _ => {}
        }
    }

    /// What the defective session takes from an input.
    pub(crate) fn input<'a>(
        self,
        world: &World,
        input: Input<'a, Token, ()>,
    ) -> Option<Input<'a, Token, ()>> {
        let is_request = |request, method| world.session.open_request(method) == Some(request);
        let op = world.op.map(|op| op.kind);
        let device = matches!(op, Some(OpKind::Activate | OpKind::Rotate));
        let provider = op == Some(OpKind::Authenticate);
        Some(match (self, input) {
            (Self::RefusalForgotten, Input::NotAcquired { id, is_final, reason, .. }) if device => {
                Input::NotAcquired { id, failure: Failure::TRANSIENT, is_final, reason }
            }
            (Self::TransientEnds, Input::NotAcquired { id, reason, .. }) if provider => {
                Input::NotAcquired { id, failure: Failure::Permanent, is_final: true, reason }
            }
            (Self::ForeignRefusal, Input::NotIdentified { retry_after, reason, .. }) => {
                Input::NotIdentified { refused: true, retry_after, reason }
            }
            (Self::ExpiryIgnored, Input::Acquired { id, mut credential }) => {
                credential.expiry = None;
                Input::Acquired { id, credential }
            }
            (Self::ExpiryIgnored, Input::Identified(mut profile)) => {
                profile.expiry = Ok(None);
                Input::Identified(profile)
            }
            (
                Self::ExpiryIgnored,
                Input::Reply(request, SpaceReply::Connected { protocol, mut authorization }),
            ) => {
                authorization.expiry = Ok(None);
                Input::Reply(request, SpaceReply::Connected { protocol, authorization })
            }
            (Self::FailedWriteForgotten, Input::Stored { id, .. }) => {
                Input::Stored { id, result: Ok(()) }
            }
            (Self::RegistrationGivenUp, Input::Reply(request, SpaceReply::Failed(_)))
                if is_request(request, SessionMethod::Online) =>
            {
                Input::Reply(request, failed(-32601))
            }
            (Self::ResumeForEver, Input::Reply(request, SpaceReply::Failed(_)))
                if is_request(request, SessionMethod::Connect) =>
            {
                Input::Reply(request, failed(-32603))
            }
            (Self::ResultLost, Input::Acquired { .. }) if provider && world.memory.was_up => {
                return None;
            }
            (Self::UnknownMethodAgain, Input::Reply(request, SpaceReply::Failed(_)))
                if is_request(request, SessionMethod::Reauthenticate) =>
            {
                Input::Reply(request, failed(-32603))
            }
            (Self::SameTokenTaken, Input::Acquired { id, mut credential }) => {
                if world.session.newest_token() == Some(&credential.token) {
                    credential.token.serial += 1_000_000;
                }
                Input::Acquired { id, credential }
            }
            (Self::RetryAfterIgnored, Input::NotAcquired { id, is_final, reason, .. }) => {
                Input::NotAcquired { id, failure: Failure::TRANSIENT, is_final, reason }
            }
            (Self::RetryAfterIgnored, Input::NotOpened { reason, .. }) => {
                Input::NotOpened { retry_after: None, reason }
            }
            (Self::SuspendIgnored, Input::Suspend(_)) => Input::Tick,
            (Self::KeyLossIgnored, Input::KeyLost) => return None,
            (Self::TickLost, Input::Tick) => return None,
            (Self::StateLost, Input::State(_)) => return None,
            (Self::ServerTimeIgnored, Input::ServerTime(_)) => return None,
            (_, input) => input,
        })
    }

    /// What the defective session asks for.
    pub(crate) fn outputs(
        self,
        world: &World,
        outputs: Vec<Output<Token, ()>>,
    ) -> Vec<Output<Token, ()>> {
        if self == Self::EndsFirst
            && let Some(end) = outputs.iter().position(|output| matches!(output, Output::Ended))
        {
            let mut outputs = outputs;
            let ended = outputs.remove(end);
            outputs.insert(0, ended);
            return outputs;
        }
        let mut changed = Vec::new();
        for output in outputs {
            match (self, &output) {
                (Self::AbortLost, Output::Abort(_))
                | (
                    Self::NoNotice,
                    Output::Event(SessionEvent::Warned(Warning::CredentialExpired)),
                )
                | (Self::AnswerLost, Output::Answer(_, Answer::Done(_))) => {}
                (Self::AnsweredTwice, Output::Answer(_, Answer::Left))
                | (
                    Self::ReportedTwice,
                    Output::Event(SessionEvent::Failed(Problem::RegistrationFailed(_))),
                ) => changed.extend([output.clone(), output]),
                (Self::StoresNothing, Output::Store { id, .. }) => {
                    changed.push(Output::Store { id: *id, session: None });
                }
                (
                    Self::NoSuspicion,
                    Output::SendFrame(Frame::Connect { id, token, proof, resume: None }),
                ) if world.memory.suspect == 1 && world.has_state => {
                    let resume = world.stored.as_ref().and_then(|record| record.resume.clone());
                    let (id, token, proof) = (*id, *token, *proof);
                    changed.push(Output::SendFrame(Frame::Connect { id, token, proof, resume }));
                }
                (Self::GoodNewsAtOnce, Output::Answer(reply, Answer::Refreshed(_))) => {
                    changed.push(Output::Answer(*reply, Answer::Refreshed(Ok(()))));
                }
                _ => changed.push(output),
            }
        }
        changed
    }
}

fn failed(code: i64) -> SpaceReply {
    SpaceReply::Failed(RpcError::Remote { code, message: String::new() })
}
