//! Nonces that a server asks proofs to carry (RFC 9449, section 8).

use std::time::Duration;

use credwire_core::EpochMillis;
use uuid::Uuid;

/// How long a nonce is the one handed out. It is accepted for as long again after that.
const LIFETIME: Duration = Duration::from_secs(60);

/// The nonces of one space.
#[derive(Debug, Default)]
pub(crate) struct Nonces {
    current: Option<(String, EpochMillis)>,
    previous: Option<(String, EpochMillis)>,
}

impl Nonces {
    /// The nonce to hand out at `now`.
    pub(crate) fn current(&mut self, now: EpochMillis) -> String {
        match &self.current {
            Some((nonce, until)) if now < *until => nonce.clone(),
            _ => {
                let nonce = Uuid::new_v4().simple().to_string();
                let next = Some((nonce.clone(), now.saturating_add(LIFETIME)));
                self.previous = std::mem::replace(&mut self.current, next);
                nonce
            }
        }
    }

    /// Whether a proof may carry `nonce` at `now`.
    pub(crate) fn accepts(&self, nonce: &str, now: EpochMillis) -> bool {
        [&self.current, &self.previous]
            .into_iter()
            .flatten()
            .any(|(known, until)| known == nonce && now < until.saturating_add(LIFETIME))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_rotates_and_outlives_its_rotation_once() {
        let mut nonces = Nonces::default();
        let at = |minutes: i64| EpochMillis::new(minutes * 60_000);
        let first = nonces.current(at(0));
        assert_eq!(nonces.current(at(0)), first);
        let second = nonces.current(at(1));
        assert_ne!(first, second);
        assert!(nonces.accepts(&first, at(1)) && nonces.accepts(&second, at(1)));
        assert!(!nonces.accepts(&first, at(2)), "too old");
        assert!(!nonces.accepts("made-up", at(1)));
    }
}
