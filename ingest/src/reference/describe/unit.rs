//! The unit that a description states of the value itself.

use credwire_schema::model::Unit;

use super::{Prose, Stated, value};

/// Words of sentences about a length of time, which an instant elsewhere does not turn into one.
const LENGTHS: &[&str] =
    &["age", "delay", "duration", "elapsed", "how", "interval", "lifetime", "timeout", "ttl"];

impl Prose<'_> {
    pub(super) fn unit(&self) -> Option<Stated<Unit>> {
        for at in 0..self.tokens.len() {
            let Some((unit, length)) = self.named_unit(at) else { continue };
            let of_something_else = matches!(
                self.before(at),
                "per" | "every" | "few" | "several" | "last" | "some" | "many"
            );
            let is_quantity = at
                .checked_sub(1)
                .and_then(|before| self.tokens.get(before))
                .is_some_and(|token| value(token).is_some());
            if of_something_else || is_quantity || self.is_negated(at) {
                continue;
            }
            let unit = match unit {
                Unit::Millis if self.is_instant(at) => Unit::EpochMillis,
                Unit::Seconds if self.is_instant(at) => Unit::EpochSeconds,
                other => other,
            };
            return self.stated(unit, at.saturating_sub(1), at + length);
        }
        None
    }

    /// The unit that the words at a token name, and how many they are.
    fn named_unit(&self, at: usize) -> Option<(Unit, usize)> {
        let found = match self.lower(at) {
            "ms" | "msec" | "millis" | "millisecond" | "milliseconds" => (Unit::Millis, 1),
            "seconds" | "secs" => (Unit::Seconds, 1),
            // `(s)` as a word of its own, and not the plural of the word before it.
            "s" if self.before(at) == "("
                && self.lower(at + 1) == ")"
                && self.tokens.get(at - 1).is_some_and(|open| open.spaced) =>
            {
                (Unit::Seconds, 1)
            }
            "kbps" | "kbits" => (Unit::KilobitsPerSecond, 1),
            "kbit" | "kb" if self.lower(at + 1) == "/" => (Unit::KilobitsPerSecond, 3),
            "kilobits" if self.lower(at + 1) == "per" => (Unit::KilobitsPerSecond, 3),
            "bps" => (Unit::BitsPerSecond, 1),
            "bit" | "bits" if self.lower(at + 1) == "/" => (Unit::BitsPerSecond, 3),
            "bits" if self.lower(at + 1) == "per" => (Unit::BitsPerSecond, 3),
            "percent" | "percentage" => (Unit::Percent, 1),
            _ => return None,
        };
        Some(found)
    }

    /// Whether seconds or milliseconds at a token count from the epoch.
    fn is_instant(&self, at: usize) -> bool {
        let sentence = self.sentence(at);
        let is_length = sentence.clone().any(|at| LENGTHS.contains(&self.lower(at)));
        let names_epoch = |at: usize| match self.lower(at) {
            "epoch" | "1970" | "numericdate" => true,
            "unix" => matches!(
                self.lower(at + 1),
                "time" | "timestamp" | "timestamps" | "epoch" | "seconds" | "milliseconds" | "ms"
            ),
            _ => false,
        };
        if sentence.clone().any(names_epoch) {
            return true;
        }
        // The subject of a sentence stands before the unit.
        let is_timestamp = (sentence.start..at).any(|at| match self.lower(at) {
            "timestamp" | "instant" | "datetime" => true,
            // Not "out of date", "up to date".
            "date" => !matches!(self.before(at), "of" | "to"),
            _ => false,
        });
        // "The time in ms at which it expires", and not "after which".
        let is_time_at = sentence.clone().any(|at| matches!(self.lower(at), "time" | "moment"))
            && sentence.clone().any(|at| self.lower(at) == "at" && self.lower(at + 1) == "which");
        let epoch_elsewhere = (0..self.tokens.len()).any(names_epoch);
        !is_length && (is_timestamp || is_time_at || epoch_elsewhere)
    }
}
