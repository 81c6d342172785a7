//! What can happen: one good step of the world, and every ill-meant one.

use credwire_session::{SessionMethod, scheduler::OpKind};

/// One move. All but [`Move::Good`] are the adversary's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Move {
    /// Whatever a world in order does next: it answers what waits, or a tick passes.
    Good,
    /// An operation ends in this way.
    Operation(OpAnswer),
    /// The space's time is not sent.
    Time(Silence),
    /// The space answers who the subscriber is.
    Identify(RestAnswer),
    /// A socket opens.
    Open(RestAnswer),
    /// The answer to a request of the session.
    Request(SessionMethod, RpcAnswer),
    /// A write to the storage.
    Store(StoreAnswer),
    /// The socket.
    Socket(SocketFault),
    /// The application.
    User(User),
    /// The clocks.
    Clock(ClockFault),
    /// Something is answered well, out of turn.
    Early(Item),
}

/// How an operation ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum OpAnswer {
    /// The newest token again.
    Same,
    /// The newest token again, with a later expiry than its own.
    SameLater,
    /// A token that has ended.
    Expired,
    Transient,
    RetryAfter,
    Permanent,
    /// What no later answer of the kind will mend; of `authenticate()` alone.
    Final,
    Panic,
    /// Nothing, ever.
    Hang,
}

/// How a question stays without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Silence {
    /// An answer without what was asked for.
    Unavailable,
    Hang,
}

/// How an exchange over HTTP ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum RestAnswer {
    /// A refusal in the space's own form; an upgrade has none.
    Refused,
    Fails,
    RetryAfter,
    Hang,
}

/// How a request over the socket ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum RpcAnswer {
    /// -32002.
    Refused,
    /// -32601.
    Unknown,
    /// -32603 or -32000.
    Internal,
    Malformed,
    Hang,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum StoreAnswer {
    Fails,
    Hang,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum SocketFault {
    Drop,
    /// The same, and the space forgets the session.
    Forget,
    /// 1008.
    Policy,
    /// 1012.
    Restart,
    /// `signalwire.disconnect`.
    Announced,
    /// Nothing comes any more, and nothing reports it.
    Silent,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum User {
    Suspend,
    Resume,
    RefreshNow,
    Invalidate,
    SetCredential,
    Shutdown,
    Reset,
    Register,
    Unregister,
    /// The process ends, and another begins with what is stored.
    Restart,
    KeyLost,
    /// The provider has `refresh()`, or has it no more.
    CanRefresh,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ClockFault {
    /// A tick passes while something waits for an answer.
    Delay,
    /// Half a lifetime passes at once.
    Sleep,
    Forward,
    Back,
    /// The space's time is sent unasked.
    Told,
    /// The space's time that was sent is no longer valid.
    Withdrawn,
}

/// Something that waits for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Item {
    Store,
    Time,
    Operation,
    Identify,
    Open,
    Request(SessionMethod),
    /// The state for a resume, which the space has not sent yet.
    State,
}

/// The requests that a session makes by itself.
pub(crate) const METHODS: [SessionMethod; 4] = [
    SessionMethod::Connect,
    SessionMethod::Reauthenticate,
    SessionMethod::Online,
    SessionMethod::Offline,
];

/// Every item, in the order in which a world in order answers.
pub(crate) const ITEMS: [Item; 10] = [
    Item::Store,
    Item::Time,
    Item::Operation,
    Item::Identify,
    Item::Open,
    Item::Request(SessionMethod::Connect),
    Item::State,
    Item::Request(SessionMethod::Reauthenticate),
    Item::Request(SessionMethod::Online),
    Item::Request(SessionMethod::Offline),
];

impl OpAnswer {
    /// Whether an operation of this kind can end so.
    pub(crate) const fn suits(self, kind: OpKind) -> bool {
        !matches!(self, Self::Final) || matches!(kind, OpKind::Authenticate)
    }
}

impl Move {
    /// Every move, each at the same place in every run.
    pub(crate) fn all() -> Vec<Self> {
        use ClockFault::{Back, Delay, Forward, Sleep, Told, Withdrawn};
        use OpAnswer::{Expired, Final, Panic, Permanent, Same, SameLater, Transient};
        use User::{
            CanRefresh, Invalidate, KeyLost, RefreshNow, Register, Reset, Restart, Resume,
            SetCredential, Shutdown, Suspend, Unregister,
        };
        let mut all = vec![Self::Good];
        let operation = [
            Same,
            SameLater,
            Expired,
            Transient,
            OpAnswer::RetryAfter,
            Permanent,
            Final,
            Panic,
            OpAnswer::Hang,
        ];
        all.extend(operation.map(Self::Operation));
        all.extend([Silence::Unavailable, Silence::Hang].map(Self::Time));
        let rest = [RestAnswer::Fails, RestAnswer::RetryAfter, RestAnswer::Hang];
        all.push(Self::Identify(RestAnswer::Refused));
        all.extend(rest.map(Self::Identify));
        all.extend(rest.map(Self::Open));
        let errors = [RpcAnswer::Refused, RpcAnswer::Internal, RpcAnswer::Hang];
        for method in METHODS {
            all.extend(errors.map(|answer| Self::Request(method, answer)));
            let other = match method {
                SessionMethod::Connect => RpcAnswer::Malformed,
                SessionMethod::Reauthenticate | SessionMethod::Online | SessionMethod::Offline => {
                    RpcAnswer::Unknown
                }
            };
            all.push(Self::Request(method, other));
        }
        all.extend([StoreAnswer::Fails, StoreAnswer::Hang].map(Self::Store));
        let socket = [
            SocketFault::Drop,
            SocketFault::Forget,
            SocketFault::Policy,
            SocketFault::Restart,
            SocketFault::Announced,
            SocketFault::Silent,
        ];
        all.extend(socket.map(Self::Socket));
        let user = [
            Suspend,
            Resume,
            RefreshNow,
            Invalidate,
            SetCredential,
            Shutdown,
            Reset,
            Register,
            Unregister,
            Restart,
            KeyLost,
            CanRefresh,
        ];
        all.extend(user.map(Self::User));
        all.extend([Delay, Sleep, Forward, Back, Told, Withdrawn].map(Self::Clock));
        // What comes first is answered by the good step.
        all.extend(ITEMS[1..].iter().map(|item| Self::Early(*item)));
        all
    }
}
