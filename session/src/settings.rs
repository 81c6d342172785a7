//! The times and limits of a session.

use std::time::Duration;

use credwire_core::Backoff;
use serde::{Deserialize, Serialize};

/// Times and limits of the connection; the defaults are those of the official SDK where it has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Time for the first connect, after which it fails; 30 s.
    pub connect_deadline: Duration,
    /// Time for the answer to `signalwire.connect`; 15 s.
    pub authenticate_timeout: Duration,
    /// Time for the answer to any other call; 5 s.
    pub call_timeout: Duration,
    /// Time for a step of an attempt that the owner of the session carries out: the space's time,
    /// the subscriber's profile, a socket; 30 s. A guard: transports have shorter ones of their own.
    pub step_timeout: Duration,
    /// The pauses between attempts to connect, from the start of one to the start of the next;
    /// 100 ms to 30 s with equal jitter.
    pub reconnect: Backoff,
    /// The least time after which a session counts as lasting, so that pauses start over; 10 s. It
    /// is longer while pauses are longer.
    pub lasting: Duration,
    /// The same for a session that ended when its credential did, as was to be expected; 5 s.
    pub lasting_to_expiry: Duration,
    /// How far the end of a credential may be away, by our corrected clock, for a session to have
    /// ended with it; 2 s. The space's time is read with a resolution of one second.
    pub expiry_tolerance: Duration,
    /// A session that is ended for its credential within this time puts the credential in doubt;
    /// 5 s.
    pub suspicion: Duration,
    /// The least pause after the space said that it restarts or is overloaded (1012, 1013,
    /// `signalwire.disconnect`); 1 s.
    pub restart_pause: Duration,
    /// The longest `Retry-After` that is honoured; 15 min.
    pub retry_after_max: Duration,
    /// The pauses between attempts to register and to store; 1 s to 30 s with equal jitter.
    pub requests: Backoff,
    /// Calls kept while there is no session; 64.
    pub queue: usize,
    /// Bytes of the calls kept while there is no session; 1 MiB.
    pub queue_bytes: usize,
    /// Silence after which the socket is pinged; 30 s.
    pub idle: Duration,
    /// Silence after a ping that counts as a lost socket; 10 s.
    pub ping_timeout: Duration,
    /// Whether to register the subscriber (`subscriber.online`).
    pub register: bool,
    /// Whether the provider is asked first although a session is saved.
    pub prefer_provider: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            connect_deadline: Duration::from_secs(30),
            authenticate_timeout: Duration::from_secs(15),
            call_timeout: Duration::from_secs(5),
            step_timeout: Duration::from_secs(30),
            reconnect: Backoff::new(Duration::from_millis(100), Duration::from_secs(30)),
            lasting: Duration::from_secs(10),
            lasting_to_expiry: Duration::from_secs(5),
            expiry_tolerance: Duration::from_secs(2),
            suspicion: Duration::from_secs(5),
            restart_pause: Duration::from_secs(1),
            retry_after_max: Duration::from_secs(15 * 60),
            requests: Backoff::new(Duration::from_secs(1), Duration::from_secs(30)),
            queue: 64,
            queue_bytes: 1024 * 1024,
            idle: Duration::from_secs(30),
            ping_timeout: Duration::from_secs(10),
            register: true,
            prefer_provider: false,
        }
    }
}
