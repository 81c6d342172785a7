//! The registration of the subscriber (`subscriber.online`).

use crate::{RpcError, boot_time::BootTime, input::ReplyId, retry::Retry};

/// How far the registration of a live session is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Stage {
    /// Nothing was asked for in this session.
    #[default]
    Idle,
    /// `subscriber.online` is in flight.
    Registering,
    /// The subscriber is registered.
    Registered,
    /// `subscriber.offline` is in flight.
    Retracting,
    /// The space does not take the request in this session.
    Refused,
}

/// Whether a registration is requested, and how far it is.
#[derive(Clone, Debug)]
pub(crate) struct Registration {
    /// The application asked for the subscriber to be registered.
    pub(crate) requested: bool,
    pub(crate) stage: Stage,
    /// The newest credential is in force, or no newer one will be for now.
    pub(crate) settled: bool,
    /// The subscriber may be registered at the space in this session.
    pub(crate) known_to_space: bool,
    /// Failures in a row of the request that is tried.
    pub(crate) retry: Retry,
    /// The newest failure that was reported, so that each reason is reported once.
    pub(crate) reported: Option<RpcError>,
    /// The callers that wait for the outcome of `subscriber.online`.
    pub(crate) registering: Vec<ReplyId>,
    /// The callers that wait for the outcome of `subscriber.offline`.
    pub(crate) unregistering: Vec<ReplyId>,
}

impl Registration {
    pub(crate) fn new(requested: bool) -> Self {
        Self {
            requested,
            stage: Stage::Idle,
            settled: false,
            known_to_space: false,
            retry: Retry::NONE,
            reported: None,
            registering: Vec::new(),
            unregistering: Vec::new(),
        }
    }

    /// A session begins.
    pub(crate) fn begin(&mut self, resumed: bool) {
        self.stage = Stage::Idle;
        self.known_to_space &= resumed;
        self.retry = Retry::NONE;
    }

    /// Notes what the application asks for. A change ends the pause of the request before.
    pub(crate) fn request(&mut self, requested: bool) {
        if self.requested != requested {
            self.requested = requested;
            self.retry = Retry::NONE;
            self.reported = None;
        }
    }

    /// Whether this failure is to be reported.
    pub(crate) fn is_news(&mut self, error: &RpcError) -> bool {
        let news = self.reported.as_ref() != Some(error);
        self.reported = Some(error.clone());
        news
    }

    /// When to look again; [`BootTime::NEVER`] while there is nothing to ask for. A registration waits
    /// for the credential to be settled, which has deadlines of its own.
    pub(crate) fn deadline(&self) -> BootTime {
        match self.stage {
            Stage::Idle if self.requested && self.settled => self.retry.at,
            Stage::Idle if !self.requested && self.known_to_space => self.retry.at,
            Stage::Registered if !self.requested => self.retry.at,
            _ => BootTime::NEVER,
        }
    }
}
