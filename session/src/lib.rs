//! The session core of credwire: everything that decides, without IO.
//!
//! A [`Session`] is one value that owns the credential [`scheduler`], the connection, the
//! registration, the requests in flight, the tokens, what is to be stored, and the end. Its owner
//! does the IO: it feeds the session [`Input`]s with the time [`Now`](credwire_core::Now), carries out
//! the [`Output`]s that it [polls](Session::poll), and sends [`Input::Tick`] at
//! [`Session::deadline`]. There are no sockets, timers, tasks, clocks or randomness in here, so the
//! same value runs in a client, in a simulation, in a replay and in a model checker.
//!
//! # What always holds
//! Comments and tests name these by their labels. W8 and W11 are kept by the owner of the session,
//! W10 and W12 by both: the session bounds its queue and repeats writes, the owner does the rest.
//!
//! | label | states that |
//! |---|---|
//! | W1 | a session comes back: once network, space and provider answer well, the client is online within a bounded time, with a valid credential. Only a suspend by the application, a logout and the end wait for a person |
//! | W2 | an expired credential is never sent |
//! | W3 | pauses between attempts grow until a session has lasted |
//! | W4 | the first connect is answered within its deadline |
//! | W5 | a caller that waits for a credential of the provider is answered by an outcome of `authenticate()` alone |
//! | W6 | a request that failed for now (register, store) is tried again, and each reason is reported once |
//! | W7 | a refusal turns DPoP off for all credentials that descend from the refused one |
//! | W8 | a nonce challenge is no failure: each new nonce is tried once, up to 5 in one operation |
//! | W9 | neither a pause nor an operation that hangs is waited for once there is another way |
//! | W10 | what is queued, kept for readers or recorded is bounded in bytes; what is dropped is counted and reported |
//! | W11 | limits that clients share are fair between hosts |
//! | W12 | storage heals: a write that failed is repeated, a damaged file is set aside, and nothing of others is replaced |
//! | W13 | an acknowledged message reaches the readers or is counted as discarded |

#![forbid(unsafe_code)]

mod boot_time;
mod calls;
pub mod expiry;
mod fault;
pub mod frame;
mod input;
pub mod jose;
mod message;
mod output;
mod pacing;
mod registration;
mod retry;
mod rpc_error;
pub mod scheduler;
mod session;
mod settings;
mod status;
mod tokens;

pub use fault::ResponseFault;
pub use input::{Acquired, Authorization, Input, Profile, ReplyId, RequestId, SpaceReply, StoreId};
pub use message::{ServerEvent, ServerMessage};
pub use output::{
    Answer, Discarded, Frame, Output, Problem, ResumeState, SavedCredential, SavedSession,
    SessionEvent, SessionMethod, Step,
};
pub use rpc_error::RpcError;
pub use session::{NormalForm, Session};
pub use settings::Settings;
pub use status::Status;
