//! The credential scheduler: which refresh mechanism is armed, when it fires, and what a failure
//! means.
//!
//! [`CredentialScheduler`] is a plain value without IO, tasks, clocks, randomness of its own, or
//! tokens. Its owner, the [`Session`](crate::Session), feeds it [`SchedulerEvent`]s with the time
//! [`Now`](credwire_core::Now), carries out the [`Action`]s it returns, and sends
//! [`SchedulerEvent::Tick`] at [`CredentialScheduler::deadline`].
//!
//! # The rules
//!
//! Comments and tests name the rules by these labels. After each event the scheduler looks for what
//! is due, in this order:
//!
//! | rule | when | then |
//! |---|---|---|
//! | S0 | closed | nothing is armed |
//! | S1 | the session is up and does not hold the newest credential, no reauthentication runs, its retry time has come | reauthenticate the session; one that takes no credential is replaced in the reserve before the one in force ends |
//! | S2 | an operation is in flight | wait for it, at most until its timeout; also while suspended |
//! | S3 | suspended | nothing is armed |
//! | S4 | a connection waits for a credential | candidate: authenticate |
//! | S5 | an unbound SAT with `sat:refresh` is in force on a live session | candidate: activate |
//! | S6 | a mechanism is selected | candidate: refresh or rotate, when due; with none, the expiry |
//! | S7 | a candidate is due | start the first of them |
//! | S8 | none is due | wait for the earliest, at most one [`chunk`](Policy::chunk) |
//!
//! FAIL is what a failed refresh means: a permanent refusal turns its mechanism off for all
//! credentials that descend from this one, and the last of [`attempts`](Policy::attempts) failures
//! once the credential has expired turns it off until the next session; any other failure is tried
//! again after a pause. The old credential stays in use throughout.
//!
//! W9 states what follows from the end of a credential. With the [reserve](Policy::reserve) (at
//! most a quarter of the lifetime): when it begins, operations that hang are aborted, and a failing
//! rotation is replaced by `refresh()`. Where there is nothing else, the failing mechanism is tried
//! once more at half of the reserve. An expired bound token is never sent.
//!
//! # Faults of answers
//!
//! The table lists every answer of a provider but a good credential and a typed error.
//! `authenticate()` and `refresh()` are treated alike, except that the first start of a client ends
//! with what cannot pass. *Refused* is a transient failure of the operation: it is tried again, and
//! the old credential stays in use.
//!
//! | rule | answer | then | reported by |
//! |---|---|---|---|
//! | B1 | the old token again, with any expiry | refused | [`Warning::SameToken`] |
//! | B2 | an expiry before that of the credential it replaces | used | [`Warning::EarlierExpiry`] |
//! | B3 | no expiry | used; the expiry that the space sends counts, and without one nothing is scheduled | [`Warning::ExpiryUnknown`] |
//! | B4 | an expiry in seconds | refused | [`ResponseFault::ExpiryInSeconds`](crate::ResponseFault::ExpiryInSeconds) |
//! | B5 | a token for another host or space | refused, and sent nowhere | [`ResponseFault::ForeignHost`](crate::ResponseFault::ForeignHost) |
//! | B6 | no token, or an empty one | refused | [`ResponseFault::Empty`](crate::ResponseFault::Empty) |
//! | B7 | no answer | abandoned after [`op_timeout`](Policy::op_timeout), then as refused | [`ResponseFault::TimedOut`](crate::ResponseFault::TimedOut) |
//! | B8 | a panic | as refused; its payload is dropped unseen | [`ResponseFault::Panicked`](crate::ResponseFault::Panicked) |
//! | B9 | one that comes after the client ended | the call is cancelled; nothing is stored or sent | [`ResponseFault::Abandoned`](crate::ResponseFault::Abandoned) |
//! | B10 | something else than a token | refused | [`ResponseFault::MalformedToken`](crate::ResponseFault::MalformedToken) |
//! | B11 | one that has expired already | refused; the space's clock is asked first | [`Warning::ExpiredOnArrival`] |
//!

mod action;
mod context;
mod credential;
mod event;
mod ids;
mod live;
mod machine;
mod normal_form;
mod outcome;
mod policy;
mod report;
mod requests;
mod schedule;
mod status;
#[cfg(test)]
mod tests;
mod warned;

pub use action::{
    AbortCause, Action, Actions, FallbackReason, OpKind, OutcomeResult, RefreshError, Warning,
};
pub use credential::{CredentialInfo, TokenInfo};
pub use event::{Demand, Failure, ReauthError, Saved, SchedulerEvent};
pub use ids::{CredentialKind, Generation, OpId, ReauthId};
pub use machine::{Abilities, CredentialScheduler};
pub use policy::{CheckedPolicy, ExhaustedPolicy, Gap, Lead, Policy, Window};
pub use status::{CredentialStatus, NextAction, Outcome};
