//! Sessions on record: a client's conversation with its provider and its space, to look at and to
//! replay.
//!
//! [`ClientBuilder::record`](crate::ClientBuilder::record) writes a *cassette*: a file of JSON
//! lines with every HTTP exchange, every frame both ways, the sockets' beginnings and ends, what
//! the provider was asked and gave, and what the application wished for, each with its time. A
//! replay (feature `test-support`) runs the same client on that record in simulated time, without
//! a network, and finds the first thing that it says differently.
//!
//! # What is in it, and what is not
//! No secret is: tokens, proofs, authorization states, nonces, passwords and keys are replaced by
//! made-up ones, the same for the same secret and different ones for different secrets. A JOSE
//! token keeps the parts of its header that say what it is and where it may be sent, a proof the
//! claims that say what it is for. Secrets are known by the member, header or parameter that holds
//! them, by their form, and from then on by their value in any text. A secret of the application
//! that stands under a harmless name in the params of a call is not known, and everything else
//! stays readable, such as names and addresses: look through a cassette before you pass it on. The
//! file is readable by its owner alone.
//!
//! How a provider comes by a credential is its own affair, and not recorded.
//!
//! # Lines
//! The first line names the form, [`FORMAT`], and holds the client's options. Every other line has
//! `at` (milliseconds of monotonic time since the beginning), `wall` (milliseconds since the
//! epoch) and a `kind`:
//!
//! | kind | meaning |
//! |---|---|
//! | `ask`, `given` | the provider is asked, and answers |
//! | `request`, `response`, `unanswered` | an HTTP exchange |
//! | `open`, `opened`, `not-opened`, `lost`, `close` | a socket begins and ends |
//! | `sent`, `received`, `ping`, `heard` | a frame from the client, one from the space, a WebSocket ping, anything else |
//! | `wish` | a call, a refresh, a disconnect that the application asked for |
//! | `end`, `full` | the client ended, or the recording reached its largest size |

#[cfg(feature = "test-support")]
mod channel;
mod entry;
#[cfg(feature = "test-support")]
mod error;
mod placeholder;
#[cfg(feature = "test-support")]
mod read;
mod recorded;
mod recorder;
mod redact;
#[cfg(feature = "test-support")]
mod replay;
mod secrecy;

pub use entry::FORMAT;
#[cfg(feature = "test-support")]
pub use error::CassetteError;
#[cfg(feature = "test-support")]
pub use read::Cassette;
#[cfg(feature = "test-support")]
pub use replay::{Difference, Replay, Replayed};

pub(crate) use entry::{NewerCredential, Setup, StoredSession, Text, Wish};
pub(crate) use recorded::{Recorded, RecordedProvider};
pub(crate) use recorder::Recorder;
