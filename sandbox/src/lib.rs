//! A Call Fabric space on loopback, for tests and demos.
//!
//! A [`Space`] answers REST requests and JSON-RPC frames as a real space does: tokens are sealed
//! under a key of its own (JWE, `dir`, `A256GCM`), DPoP proofs (RFC 9449) are verified in full,
//! device tokens rotate, sessions resume. Its faults ([`Fault`]), its settings ([`Config`]) and its
//! sockets ([`SocketAction`]) are controlled by calls or over its control port, which also return
//! its [`Log`]. Its time can run faster ([`SpaceClock::scaled`]).
//!
//! # The control protocol
//! Plain HTTP on 127.0.0.1. Bodies are JSON; an answer is 200 with an object, or 400 with an
//! `error` that states what is accepted.
//!
//! | request | body | effect |
//! |---|---|---|
//! | `PUT /reset` | settings of [`Config`] | as [`Space::reset`], then with these settings |
//! | `PATCH /config` | settings of [`Config`] | as [`Space::configure`]; `faults` replaces the list |
//! | `POST /faults` | a [`Fault`] or a list of them | as [`Space::add_fault`] |
//! | `POST /sockets` | `do`: `drop`, `close` (with `code`, `reason`), `ping`, `send` (with `frame`), `text` (with `text`), `binary` (with `base64`), `forget`; optional `host` | as [`Space::sockets`], with a `host` as [`Space::sockets_at`] |
//! | `GET /log` | | as [`Space::log`] |
//! | `POST /backend/token` | `reference`, optional `expire_in` (seconds), `fingerprint`, `scope` | a SAT, as an application's backend returns it |
//!
//! That backend identifies its user by a session: `Authorization: Bearer` with the API token. It
//! answers `token` and `expires_at`, in seconds. Faults are planned for it as for any request
//! (`{"on":"POST /backend/token","status":503}`), and it stands in the log.
//!
//! Requests of a page of another origin (`Origin`, `Sec-Fetch-Site`), or under a name that a name
//! server decides on (`Host`), are refused with 403 or 421 and an `error`, since any page that is
//! open on the computer could send them. Tools send no `Origin`.
//!
//! # Pages
//! The space itself answers pages of every origin: a preflight permits every method and
//! `Authorization`, `Content-Type` and `DPoP`, and a page reads `Date`, `DPoP-Nonce`, `Retry-After`
//! and `WWW-Authenticate` of every answer, also of a fault. A fault of `OPTIONS <path>` refuses a
//! preflight, and the headers of a fault replace these.
//!
//! # Choices
//! What clients send is known; much of what a real space answers is not. Where a guess matters it
//! is a setting of [`Config`]: which proofs are demanded when, what happens at expiry, how an
//! expiry is stated, whether there is a nonce. Both forms of `htu` are accepted, and only proofs
//! over HTTP are asked for a nonce.
//!
//! # Independence
//! Nothing is shared between two spaces, so tests can run side by side.
//!
//! # Inside
//! The module `world` and those it uses decide everything and do no IO; `server` turns
//! connections into calls of it. Only `clock` looks at the ambient clock, only `tasks` starts a
//! task.

mod ca_file;
mod certificates;
mod clock;
mod config;
mod dpop;
mod fault;
mod jwk;
mod link;
mod log;
mod nonce;
mod options;
mod rest;
mod rpc;
mod sat;
mod server;
mod sockets;
mod space;
mod span;
mod subscriber;
mod tasks;
mod token;
mod world;

pub use clock::SpaceClock;
pub use config::{Config, ConfigError, DeviceExpiry};
pub use dpop::ProofCheck;
pub use fault::{Attempt, Fault};
pub use log::{Ack, Check, Log, ProofOutcome};
pub use options::{SpaceOptions, StartError};
pub use rest::Mint;
pub use sockets::{ActionError, ServerFrame, SocketAction};
pub use space::{MintError, Space};
pub use span::Span;
