//! The credential lifecycle: which refresh mechanism is armed, when it fires, and what a failure
//! means.
//!
//! [`Arbiter`] is a plain value without IO, tasks, clocks, randomness of its own, or tokens. A
//! shell feeds it [`Event`]s with the time [`Now`](crate::Now), carries out the [`Action`]s it
//! answers with, and sends [`Event::Tick`] at [`Arbiter::deadline`]. Tokens stay in the shell,
//! filed under the [`Generation`] that [`Action::Commit`] names.
//!
//! # The rules
//!
//! Comments and tests name the rules by these labels.
//!
//! After each event the arbiter *settles*, in this order:
//!
//! | rule | when | then |
//! |---|---|---|
//! | S0 | closed | nothing is armed |
//! | S1 | the session is up and does not hold the newest credential, no reauthentication runs, its retry time has come | reauthenticate the session |
//! | S2 | an operation is in flight | wait for it, at most until its timeout; also while suspended |
//! | S3 | suspended | nothing is armed |
//! | S4 | a connect waits for a credential: it has none, or the mandatory [window](Policy#windows) is open | candidate: authenticate |
//! | S5 | an unbound SAT with `sat:refresh` is in force on a live session | candidate: activate |
//! | S6 | a mechanism is selected | candidate: refresh or rotate, when due; with none, the expiry |
//! | S7 | a candidate is due | start the first of them, settle again |
//! | S8 | none is due | wait for the earliest, at most one [`chunk`](Policy::chunk) |
//!
//! FAIL is what a failed refresh means: a permanent refusal latches its mechanism off, and so does
//! the last of [`attempts`](Policy::attempts) failures once the credential has expired; any other
//! failure is tried again after a backoff. The old credential stays in use throughout.
//!
//! # Bad answers
//!
//! What an answer of a provider can be, but for a good credential and a typed error. `authenticate()`
//! and `refresh()` are treated alike, except that the first start of a client ends with what
//! cannot pass. *Refused* is a transient failure of the operation: it is tried again, and the old
//! credential stays in use.
//!
//! | rule | answer | then | told by |
//! |---|---|---|---|
//! | B1 | the old token again, with no later expiry | refused | [`Warning::SameToken`] |
//! | B2 | an expiry before that of the credential it replaces | used | [`Warning::EarlierExpiry`] |
//! | B3 | no expiry | used; the space's word counts, and without it nothing is scheduled | [`Warning::ExpiryUnknown`] |
//! | B4 | an expiry in seconds | refused | [`BadAnswer::ExpiryInSeconds`] |
//! | B5 | a token for another host or space | refused, and sent nowhere | [`BadAnswer::ForeignHost`] |
//! | B6 | no token, or an empty one | refused | [`BadAnswer::Empty`] |
//! | B7 | none, ever | abandoned after [`op_timeout`](Policy::op_timeout), then as refused | [`BadAnswer::TimedOut`] |
//! | B8 | a panic | as refused; its payload is dropped unseen | [`BadAnswer::Panicked`] |
//! | B9 | one that comes after the client ended | the call is cancelled; nothing is stored or sent | [`BadAnswer::Abandoned`] |
//! | B10 | something else than a token | refused | [`BadAnswer::MalformedToken`] |
//! | B11 | one that has expired already | refused; the space's clock is asked first | [`Warning::ExpiredOnArrival`] |
//!
//! [`BadAnswer::ExpiryInSeconds`]: crate::client::BadAnswer::ExpiryInSeconds
//! [`BadAnswer::ForeignHost`]: crate::client::BadAnswer::ForeignHost
//! [`BadAnswer::Empty`]: crate::client::BadAnswer::Empty
//! [`BadAnswer::TimedOut`]: crate::client::BadAnswer::TimedOut
//! [`BadAnswer::Panicked`]: crate::client::BadAnswer::Panicked
//! [`BadAnswer::Abandoned`]: crate::client::BadAnswer::Abandoned
//! [`BadAnswer::MalformedToken`]: crate::client::BadAnswer::MalformedToken
//!
//! # Invariants
//!
//! The invariants, checked by the model in `tests/`:
//!
//! | name | states that |
//! |---|---|
//! | I1 | at most one mechanism, operation, reauthentication and deadline exist |
//! | I2 | while running with a known expiry and a possible mechanism, an operation or a deadline exists |
//! | I3 | after `Destroy` nothing is armed and nothing changes |
//! | I4 | while suspended nothing starts; a deadline only guards an operation in flight |
//! | I5 | an operation ends by its result, its timeout or `SetCredential`; two of one kind start a gap apart |
//! | I6 | only the newest credential is sent to a live session, and it is sent or about to be |
//! | I7 | an operation in flight has a deadline |
//! | I8 | no deadline is further away than one chunk |
//! | I9 | a session that is not behind holds the newest credential |
//! | I10 | a result or refusal of something old never removes something newer |
//! | I11 | the credential changes only by a commit, its own refusal, or by being declared expired; generations only grow |
//! | L1 | once everything succeeds, a valid credential is in force wherever a mechanism is possible |

mod action;
mod arbiter;
mod control;
mod event;
mod held;
mod moment;
mod normal_form;
mod operation;
mod policy;
mod retry;
mod session;
mod settle;
mod status;
mod step;
mod warned;

#[cfg(test)]
mod tests;

pub use action::{AbortCause, Action, Actions, FallbackReason, OpKind, RefreshFailure, Warning};
pub use arbiter::{Abilities, Arbiter};
pub use event::{
    Cached, CredentialKind, Event, Failure, Generation, Grant, OpId, ReauthFailure, ReauthId,
    Refused, WaiterId,
};
pub use policy::{Backoff, CheckedPolicy, ExhaustedPolicy, Gap, Lead, Policy, Window};
pub use status::{CredentialStatus, NextAction, Outcome, OutcomeResult};
