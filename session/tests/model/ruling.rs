//! The rulings of the contract that the core decides, as they are seen from outside.

/// One ruling. Each has to be met somewhere, so that no property holds for want of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub(crate) enum Ruling {
    /// The first connect ends at its deadline.
    EndsAtDeadline,
    /// The first connect ends when the space refuses what the provider returned for it.
    EndsRefused,
    /// The first connect ends when `authenticate()` fails for good.
    EndsFinal,
    /// After a first session the provider is asked again, whatever it returned.
    AsksAgain,
    /// An exhausted mechanism suspends where the policy requires it.
    ExhaustedSuspends,
    /// A session is kept past the end of its credential.
    KeptPastTheEnd,
    /// Whoever asks for it gets a new session in place of one whose credential has ended.
    RenewedOnRequest,
    /// `renew_at_expiry` asks the provider while the session lives.
    RenewedAtExpiry,
    /// The old token again is a bad answer.
    SameToken,
    /// So is one that has ended.
    ExpiredOnArrival,
    /// An unbound session that is not resumed begins anew with the newest credential.
    UnboundBeginsAnew,
    /// A bound one asks the provider first.
    BoundAsksProvider,
    /// The device token begins a session when the provider fails for now.
    DeviceTokenAsLastResort,
    /// A credential in doubt is not resumed with.
    SuspectFresh,
    /// In doubt again, it is replaced by one of the provider.
    SuspectProvider,
    /// A restart of the space is given time.
    RestartPause,
    /// `reauthenticate` that the space does not have ends no session.
    ReauthUnknown,
    /// A session that takes no new credential is replaced before its own ends.
    RenewedBeforeTheEnd,
    /// A session that does not answer to reauthentications is replaced.
    ReauthUnanswered,
    /// A refused reauthentication leaves the credential in force.
    ReauthRefused,
    /// A registration that fails is tried again.
    RegistrationRetried,
    /// One that never will succeed is given up.
    RegistrationRefused,
    /// A credential of the application reaches the live session.
    CredentialSet,
    /// The space's time is asked for before a credential counts as ended.
    TimeAsked,
    /// Without it the attempt has failed for now.
    TimeUnknown,
    /// A refusal of a device endpoint turns DPoP off for what descends from that token.
    LineageRefused,
    /// What is failing makes way for `refresh()` in the reserve.
    FallbackInReserve,
    /// Without another way, it is tried once more.
    LastTry,
    /// `Retry-After` is waited for.
    RetryAfter,
    /// What was not stored is stored later.
    StoredLater,
    /// An operation that hangs is given up.
    OperationTimedOut,
}

impl Ruling {
    pub(crate) const ALL: [Self; 31] = [
        Self::EndsAtDeadline,
        Self::EndsRefused,
        Self::EndsFinal,
        Self::AsksAgain,
        Self::ExhaustedSuspends,
        Self::KeptPastTheEnd,
        Self::RenewedOnRequest,
        Self::RenewedAtExpiry,
        Self::SameToken,
        Self::ExpiredOnArrival,
        Self::UnboundBeginsAnew,
        Self::BoundAsksProvider,
        Self::DeviceTokenAsLastResort,
        Self::SuspectFresh,
        Self::SuspectProvider,
        Self::RestartPause,
        Self::ReauthUnknown,
        Self::RenewedBeforeTheEnd,
        Self::ReauthUnanswered,
        Self::ReauthRefused,
        Self::RegistrationRetried,
        Self::RegistrationRefused,
        Self::CredentialSet,
        Self::TimeAsked,
        Self::TimeUnknown,
        Self::LineageRefused,
        Self::FallbackInReserve,
        Self::LastTry,
        Self::RetryAfter,
        Self::StoredLater,
        Self::OperationTimedOut,
    ];

    pub(crate) const fn bit(self) -> u64 {
        1 << self as u8
    }
}
