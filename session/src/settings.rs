//! The timeouts and limits of a session.

use std::time::Duration;

use credwire_core::Backoff;
use serde::{Deserialize, Serialize};

/// Timeouts and limits of the connection; the defaults are those of the official SDK where it has
/// them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The deadline of the first connect (default 30 s).
    pub connect_deadline: Duration,
    /// The timeout of `signalwire.connect` (default 15 s).
    pub authenticate_timeout: Duration,
    /// The timeout of any other call (default 5 s).
    pub call_timeout: Duration,
    /// The timeout of a step that the owner of the session carries out: the space's time, the
    /// subscriber's profile, a socket (default 30 s). Transports have shorter timeouts of their
    /// own.
    pub step_timeout: Duration,
    /// The pauses between attempts to connect, from the start of one to the start of the next
    /// (default 100 ms to 30 s with equal jitter).
    pub reconnect: Backoff,
    /// The least duration of a session after which pauses start over (default 10 s). It is longer
    /// while pauses are longer.
    pub lasting: Duration,
    /// The least duration of a session that ended with its credential, after which pauses start
    /// over (default 5 s).
    pub lasting_to_expiry: Duration,
    /// The largest time between the end of a session and the expiry of its credential, by our
    /// corrected clock, for which the session counts as ended by expiry (default 2 s). The space's
    /// time is read with a resolution of one second.
    pub expiry_tolerance: Duration,
    /// The time within which a session that is closed for its credential marks that credential as
    /// suspect (default 5 s).
    pub suspicion: Duration,
    /// The least pause after the space reported that it restarts or is overloaded (1012, 1013,
    /// `signalwire.disconnect`; default 1 s).
    pub restart_pause: Duration,
    /// The longest `Retry-After` that is honoured (default 15 min).
    pub retry_after_max: Duration,
    /// The pauses between attempts to register and to store (default 1 s to 30 s with equal
    /// jitter).
    pub requests: Backoff,
    /// Maximum calls queued while disconnected (default 64); further calls fail with
    /// [`RpcError::QueueFull`](crate::RpcError::QueueFull).
    pub queue: usize,
    /// Maximum bytes of the calls queued while disconnected (default 1 MiB).
    pub queue_bytes: usize,
    /// The silence after which the socket is pinged (default 30 s).
    pub idle: Duration,
    /// The silence after a ping after which the socket counts as lost (default 10 s).
    pub ping_timeout: Duration,
    /// Whether the subscriber is registered (`subscriber.online`).
    pub register: bool,
    /// Whether the provider is asked first even if a session is saved.
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
