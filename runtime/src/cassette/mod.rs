//! Writing and reading cassettes; [`recording`](crate::recording) describes them.

#[cfg(feature = "replay")]
pub(crate) mod channel;
pub(crate) mod entry;
#[cfg(feature = "replay")]
mod error;
mod known;
pub(crate) mod placeholder;
#[cfg(feature = "replay")]
pub(crate) mod read;
mod recorded;
mod recorder;
mod redactor;
mod writer;

pub use entry::FORMAT;
#[cfg(feature = "replay")]
pub use error::CassetteError;
#[cfg(feature = "replay")]
pub use read::Cassette;

pub(crate) use entry::{NewerCredential, RecordedCommand, RecordedSession, Setup};
pub(crate) use recorded::{Recorded, RecordedProvider};
pub(crate) use recorder::{Limits, Recorder};
