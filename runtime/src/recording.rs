//! Recordings of a client's conversation with its provider and its space, to read and to replay
//! (feature `recording`; replaying needs `replay`).
//!
//! [`ClientBuilder::record`](crate::ClientBuilder::record) writes a *cassette*: a file of JSON
//! lines with every HTTP exchange, every frame both ways, the sockets' beginnings and ends, what
//! the provider was asked and answered, and the commands of the application, each with its time. A
//! replay (`Replay`, feature `replay`) runs the same client on that record in simulated time,
//! without a network, and finds the first difference in what it sends.
//!
//! # What is in it, and what is not
//! No secret is in it: tokens, proofs, authorization states, nonces, passwords and keys are
//! replaced by made-up ones, the same for the same secret and different ones for different secrets.
//! A JOSE token keeps the parts of its header that state its type and where it may be sent, a proof
//! the claims that state its purpose. Secrets are found by the [name](crate::secrecy) of the
//! member, header or parameter that holds them, by their form, and from then on by their value in
//! any text. A secret of the application that stands under a harmless name in the params of a call
//! is not found, and everything else stays readable, such as names and addresses: look through a
//! cassette before you pass it on. The file is readable by its owner alone.
//!
//! How a provider acquires a credential is not recorded.
//!
//! # Bounds
//! A recording ends, and is reported as an error of the kind
//! [`Recording`](crate::ErrorKind::Recording), when its file reaches the
//! [largest size](crate::ClientBuilder::record_limit), when the hashes of secrets and the lines
//! still to be written reach the [largest memory](crate::ClientBuilder::record_memory), or when the
//! file cannot be written. The session goes on. Lines are written by a thread of their own.
//!
//! # Lines
//! The first line names the format, [`FORMAT`], and holds the client's options. Every other line
//! has `at` (milliseconds of monotonic time since the beginning), `wall` (milliseconds since the
//! epoch) and a `kind`:
//!
//! | kind | meaning |
//! |---|---|
//! | `asked`, `answered` | a method of the provider was called, and returned |
//! | `request`, `response`, `request-failed` | an HTTP exchange |
//! | `open`, `opened`, `open-failed`, `lost`, `close` | a socket begins and ends |
//! | `sent`, `received`, `ping` | a frame of the client, a frame of the space with its `type`, a WebSocket ping |
//! | `command` | a call, a refresh, a disconnect of the application |
//! | `end`, `full` | the client ended, or the recording reached the `bound` that is named |

pub use crate::cassette::FORMAT;
#[cfg(feature = "replay")]
pub use crate::{
    cassette::{Cassette, CassetteError},
    replay::{Mismatch, Replay, Replayed},
};
