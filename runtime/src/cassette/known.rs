//! Values that are looked for in every text, remembered without their text.
//!
//! A value is kept as its length and a hash of it, found by a hash of how it begins. Hashes of all
//! parts of a text come from one pass over it, so the time grows with the length of the text,
//! whatever the values and the text have in common.

use std::{collections::HashMap, sync::Arc};

/// A shorter value is replaced in its own place only: it may be a word.
pub(super) const SHORTEST: usize = 6;
/// How many bytes a value is found by: the longest of these that it has.
const BEGINNINGS: [usize; 5] = [128, 48, 24, 12, SHORTEST];
/// Values of one beginning that are kept, the newest.
const ALIKE: usize = 16;
/// About what an entry takes, its map included.
const ENTRY: usize = 96;
/// The prime of the hashes, 2^61 - 1.
const PRIME: u64 = (1 << 61) - 1;

/// Values and what is shown for them.
#[derive(Debug)]
pub(super) struct KnownValues {
    /// Of the hashes; not known to who sends the texts.
    base: u64,
    /// `base` to the power of each of [`BEGINNINGS`].
    powers: [u64; BEGINNINGS.len()],
    /// The first two bytes of every value, one bit each.
    starts: Box<[u64]>,
    by_beginning: HashMap<(usize, u64), Vec<Known>>,
    /// About how much memory all of it takes.
    bytes: usize,
    #[cfg(test)]
    pub(super) work: std::cell::Cell<u64>,
}

#[derive(Debug)]
struct Known {
    length: usize,
    hash: u64,
    /// The base to the power of the length.
    power: u64,
    shown: Arc<str>,
}

/// The hashes of a text from its beginning to each of its bytes.
pub(super) struct Hashes(Vec<u64>);

impl KnownValues {
    pub(super) fn new() -> Self {
        let base = fastrand::u64(1 << 32..PRIME);
        Self {
            base,
            powers: BEGINNINGS.map(|length| power(base, length)),
            starts: vec![0; (1 << 16) / 64].into_boxed_slice(),
            by_beginning: HashMap::new(),
            bytes: 0,
            #[cfg(test)]
            work: std::cell::Cell::new(0),
        }
    }

    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Replaces `value` by `shown` from now on.
    pub(super) fn learn(&mut self, value: &str, shown: &Arc<str>) {
        let bytes = value.as_bytes();
        let Some((kind, beginning)) = BEGINNINGS
            .iter()
            .enumerate()
            .find_map(|(kind, &length)| Some((kind, bytes.get(..length)?)))
        else {
            return;
        };
        if let Some((word, bit)) = start(bytes)
            && let Some(word) = self.starts.get_mut(word)
        {
            *word |= bit;
        }
        let beginning = self.hash(beginning);
        let hash = self.hash(bytes);
        let power = power(self.base, bytes.len());
        let known = Known { length: bytes.len(), hash, power, shown: Arc::clone(shown) };
        let alike = self.by_beginning.entry((kind, beginning)).or_default();
        if let Some(same) = alike.iter_mut().find(|it| it.length == known.length && it.hash == hash)
        {
            *same = known;
            return;
        }
        if alike.len() < ALIKE {
            self.bytes += ENTRY;
        } else {
            alike.remove(0);
        }
        alike.push(known);
    }

    pub(super) fn hashes(&self, text: &str) -> Hashes {
        let mut hashes = Vec::with_capacity(text.len() + 1);
        let mut hash = 0;
        hashes.push(hash);
        hashes.extend(text.bytes().map(|byte| {
            hash = self.next(hash, byte);
            hash
        }));
        Hashes(hashes)
    }

    /// Whether any value begins as the text does at this byte.
    pub(super) fn may_begin(&self, text: &[u8]) -> bool {
        start(text).is_some_and(|(word, bit)| self.starts.get(word).is_some_and(|it| it & bit != 0))
    }

    /// The length of the longest value that stands at this byte, and what is shown for it.
    pub(super) fn at(&self, hashes: &Hashes, at: usize) -> Option<(usize, &Arc<str>)> {
        BEGINNINGS.iter().zip(&self.powers).enumerate().find_map(|(kind, (&length, &power))| {
            self.count();
            let alike = self.by_beginning.get(&(kind, hashes.of(at, length, power)?))?;
            let fitting = alike.iter().filter(|known| {
                self.count();
                hashes.of(at, known.length, known.power) == Some(known.hash)
            });
            let longest = fitting.max_by_key(|known| known.length)?;
            Some((longest.length, &longest.shown))
        })
    }

    fn hash(&self, bytes: &[u8]) -> u64 {
        bytes.iter().fold(0, |hash, &byte| self.next(hash, byte))
    }

    fn next(&self, hash: u64, byte: u8) -> u64 {
        let next = times(hash, self.base) + u64::from(byte) + 1;
        if next >= PRIME { next - PRIME } else { next }
    }

    #[cfg(test)]
    fn count(&self) {
        self.work.set(self.work.get() + 1);
    }

    #[cfg(not(test))]
    #[allow(clippy::unused_self, reason = "counts in tests alone")]
    const fn count(&self) {}
}

impl Hashes {
    /// The hash of so many bytes from `at` on.
    fn of(&self, at: usize, length: usize, power: u64) -> Option<u64> {
        let (before, until) = (*self.0.get(at)?, *self.0.get(at.checked_add(length)?)?);
        let before = times(before, power);
        Some(if until >= before { until - before } else { until + PRIME - before })
    }
}

/// The product modulo the prime.
#[allow(clippy::cast_possible_truncation, reason = "both halves have at most 61 bits")]
fn times(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    let sum = (product as u64 & PRIME) + (product >> 61) as u64;
    if sum >= PRIME { sum - PRIME } else { sum }
}

fn power(base: u64, mut exponent: usize) -> u64 {
    let (mut result, mut square) = (1, base);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = times(result, square);
        }
        square = times(square, square);
        exponent >>= 1;
    }
    result
}

/// The place of the first two bytes in a set of bits.
fn start(bytes: &[u8]) -> Option<(usize, u64)> {
    let &[first, second] = bytes.get(..2)? else { return None };
    let index = usize::from(u16::from_be_bytes([first, second]));
    Some((index / 64, 1 << (index % 64)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'a>(known: &'a KnownValues, text: &str, at: usize) -> Option<(usize, &'a str)> {
        let hashes = known.hashes(text);
        let (length, shown) =
            known.at(&hashes, at).filter(|_| known.may_begin(&text.as_bytes()[at..]))?;
        Some((length, shown))
    }

    #[test]
    fn the_longest_value_is_found_where_it_stands() {
        let mut known = KnownValues::new();
        let long = "made-up-".repeat(40);
        for (value, shown) in [("secret", "1"), ("secret-and-more", "2"), (long.as_str(), "3")] {
            known.learn(value, &Arc::from(shown));
        }
        known.learn("short", &Arc::from("4"));
        assert_eq!(found(&known, "a secret-and-mor", 2), Some((6, "1")));
        assert_eq!(found(&known, "a secret-and-more", 2), Some((15, "2")));
        assert_eq!(found(&known, &format!("{long}x"), 0), Some((long.len(), "3")));
        assert_eq!(found(&known, &long[1..], 0), None);
        assert_eq!(found(&known, "short", 0), None);
        assert_eq!(found(&known, "secre", 0), None);
    }

    #[test]
    fn values_that_begin_alike_are_distinguished() {
        let mut known = KnownValues::new();
        let value = |n: usize| format!("{}{n:04}", "the-same-beginning".repeat(10));
        for n in 0..ALIKE {
            known.learn(&value(n), &Arc::from(n.to_string()));
        }
        for n in 0..ALIKE {
            assert_eq!(found(&known, &value(n), 0), Some((value(n).len(), n.to_string().as_str())));
        }
        let bytes = known.bytes();
        known.learn(&value(ALIKE), &Arc::from("more"));
        assert_eq!((known.bytes(), found(&known, &value(0), 0)), (bytes, None));
        assert!(found(&known, &value(ALIKE), 0).is_some());
    }
}
