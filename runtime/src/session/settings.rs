//! The times and limits of a session.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Times and limits; the defaults are those of the official SDK where it has them.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Settings {
    /// How long the first connect may go on trying before it fails.
    pub(crate) connect_deadline: Duration,
    /// For the answer to `signalwire.connect`.
    pub(crate) authenticate_timeout: Duration,
    /// For the answer to any other call.
    pub(crate) call_timeout: Duration,
    /// First and longest pause before a reconnect.
    pub(crate) reconnect: (Duration, Duration),
    /// Calls kept while there is no session.
    pub(crate) queue: usize,
    /// Silence after which the socket is pinged.
    pub(crate) idle: Duration,
    /// Silence after a ping that counts as a lost socket.
    pub(crate) ping_timeout: Duration,
    /// Whether to register the subscriber (`subscriber.online`).
    pub(crate) register: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            connect_deadline: Duration::from_secs(30),
            authenticate_timeout: Duration::from_secs(15),
            call_timeout: Duration::from_secs(5),
            reconnect: (Duration::from_millis(100), Duration::from_secs(3)),
            queue: 64,
            idle: Duration::from_secs(30),
            ping_timeout: Duration::from_secs(10),
            register: true,
        }
    }
}
