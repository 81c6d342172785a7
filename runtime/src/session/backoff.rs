//! Pauses between attempts to connect.

use std::time::Duration;

/// Doubling pauses with jitter: a lost network is not met by all clients in step.
#[derive(Clone, Debug)]
pub(super) struct Backoff {
    first: Duration,
    longest: Duration,
    failures: u32,
}

impl Backoff {
    pub(super) const fn new(first: Duration, longest: Duration) -> Self {
        Self { first, longest, failures: 0 }
    }

    /// The next pause: the step times 0.5 to 1.
    pub(super) fn next(&mut self, random: &mut fastrand::Rng) -> Duration {
        let factor = 1_u32.checked_shl(self.failures).unwrap_or(u32::MAX);
        self.failures = self.failures.saturating_add(1);
        let step = self.first.saturating_mul(factor).min(self.longest);
        step.mul_f64(0.5 + random.f64() / 2.0)
    }

    /// Starts over; for a session that was authenticated, not for a socket that merely opened.
    pub(super) const fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest_and_are_spread() {
        let mut backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(3));
        let mut random = fastrand::Rng::with_seed(7);
        for step in [100, 200, 400, 800, 1600, 3000, 3000, 3000] {
            let pause = backoff.next(&mut random).as_millis();
            assert!((step / 2..=step).contains(&pause), "{pause} of {step}");
        }
        backoff.failures = u32::MAX;
        assert!(backoff.next(&mut random) <= Duration::from_secs(3));
        backoff.reset();
        assert!(backoff.next(&mut random) <= Duration::from_millis(100));
    }
}
