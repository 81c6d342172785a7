//! Numbers of every kind, compared exactly.

use std::{
    cmp::Ordering,
    fmt,
    num::NonZero,
    ops::Deref,
    pin::Pin,
    sync::atomic,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use crate::{
    BigInt, EpochMillis, EpochSeconds, Millis, Seconds,
    validate::{Through, for_each_wrapper},
};

/// A value that is a number, which the rule `range` limits.
#[diagnostic::on_unimplemented(
    message = "`range` does not fit `{Self}`",
    label = "this is no number",
    note = "implement `credwire::rules::AsNumber` for a type of your own"
)]
pub trait AsNumber {
    /// Returns the number; `None` when the value is absent.
    fn as_number(&self) -> Option<RuleNumber>;
}

/// A number that `range` compares: whole or not, of any size, or a time.
///
/// Whole numbers and floating-point numbers are compared by their exact values. Times are compared
/// with times only.
#[derive(Clone, Copy, Debug)]
pub struct RuleNumber(Repr);

#[derive(Clone, Copy, Debug)]
enum Repr {
    Whole(i128),
    /// Above the largest `i128`.
    Large(u128),
    Single(f32),
    Double(f64),
    Span(Duration),
    Instant(SystemTime),
}

impl RuleNumber {
    /// Returns what messages call a value of this kind.
    pub(crate) const fn noun(self) -> &'static str {
        match self.0 {
            Repr::Span(_) => "a duration",
            Repr::Instant(_) => "an instant",
            _ => "a number",
        }
    }

    /// Returns the whole number, when it is one of 64 bits.
    pub(crate) fn whole(self) -> Option<i64> {
        match self.0 {
            Repr::Whole(value) => i64::try_from(value).ok(),
            _ => None,
        }
    }

    /// Compares this value with a bound of its range. The result is `None` for `NaN`, and for a time
    /// beside a number.
    #[inline(always)]
    #[must_use]
    pub fn compare(self, bound: Self) -> Option<Ordering> {
        // What nearly all rules compare is decided where the rule stands.
        match (self.0, bound.0) {
            (Repr::Whole(value), Repr::Whole(bound)) => Some(value.cmp(&bound)),
            (Repr::Double(value), Repr::Double(bound)) => value.partial_cmp(&bound),
            // A bound is written in decimals, and means the nearest number of the value's type.
            (Repr::Single(value), Repr::Double(bound)) => value.partial_cmp(&(bound as f32)),
            (value, bound) => compare_others(value, bound),
        }
    }
}

#[inline(never)]
fn compare_others(value: Repr, bound: Repr) -> Option<Ordering> {
    match (value, bound) {
        (Repr::Whole(value), Repr::Whole(bound)) => Some(value.cmp(&bound)),
        (Repr::Large(value), Repr::Large(bound)) => Some(value.cmp(&bound)),
        (Repr::Large(_), Repr::Whole(_)) => Some(Ordering::Greater),
        (Repr::Whole(_), Repr::Large(_)) => Some(Ordering::Less),
        (Repr::Single(value), Repr::Single(bound)) => value.partial_cmp(&bound),
        (Repr::Single(value), Repr::Double(bound)) => value.partial_cmp(&(bound as f32)),
        (value, Repr::Whole(bound)) => float_beside_whole(float(value)?, bound),
        (value, Repr::Large(bound)) => float_beside_large(float(value)?, bound),
        (Repr::Whole(value), bound) => {
            float_beside_whole(float(bound)?, value).map(Ordering::reverse)
        }
        (Repr::Large(value), bound) => {
            float_beside_large(float(bound)?, value).map(Ordering::reverse)
        }
        (Repr::Span(value), Repr::Span(bound)) => Some(value.cmp(&bound)),
        (Repr::Instant(value), Repr::Instant(bound)) => Some(value.cmp(&bound)),
        (value, bound) => float(value)?.partial_cmp(&float(bound)?),
    }
}

/// The number, when it is a floating-point one.
fn float(repr: Repr) -> Option<f64> {
    match repr {
        Repr::Single(value) => Some(value.into()),
        Repr::Double(value) => Some(value),
        _ => None,
    }
}

/// Two to the power of 127, which every `i128` is below.
const ABOVE_WHOLE: f64 = 170_141_183_460_469_231_731_687_303_715_884_105_728.0;

fn float_beside_whole(float: f64, whole: i128) -> Option<Ordering> {
    if float.is_nan() {
        return None;
    }
    if float >= ABOVE_WHOLE {
        return Some(Ordering::Greater);
    }
    if float < -ABOVE_WHOLE {
        return Some(Ordering::Less);
    }
    // Within the range of `i128` the cast is exact.
    let truncated = float.trunc();
    let order = (truncated as i128).cmp(&whole);
    Some(order.then_with(|| {
        if float > truncated {
            Ordering::Greater
        } else if float < truncated {
            Ordering::Less
        } else {
            Ordering::Equal
        }
    }))
}

/// `large` is above the largest `i128`, where every double is whole.
fn float_beside_large(float: f64, large: u128) -> Option<Ordering> {
    if float.is_nan() {
        None
    } else if float < ABOVE_WHOLE {
        Some(Ordering::Less)
    } else if float >= 2.0 * ABOVE_WHOLE {
        Some(Ordering::Greater)
    } else {
        Some((float as u128).cmp(&large))
    }
}

impl fmt::Display for RuleNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Repr::Whole(value) => value.fmt(f),
            Repr::Large(value) => value.fmt(f),
            Repr::Single(value) => value.fmt(f),
            Repr::Double(value) => value.fmt(f),
            Repr::Span(value) => fmt::Debug::fmt(&value, f),
            Repr::Instant(value) => match value.duration_since(UNIX_EPOCH) {
                Ok(since) => write!(f, "{} s after the epoch", since.as_secs_f64()),
                Err(before) => write!(f, "{} s before the epoch", before.duration().as_secs_f64()),
            },
        }
    }
}

macro_rules! number {
    ($($number:ty: |$value:ident| $repr:expr;)*) => {
        $(
            impl From<$number> for RuleNumber {
                #[inline]
                fn from($value: $number) -> Self {
                    Self($repr)
                }
            }

            impl AsNumber for $number {
                #[inline]
                fn as_number(&self) -> Option<RuleNumber> {
                    Some((*self).into())
                }
            }
        )*
    };
}

macro_rules! whole {
    ($($number:ty)*) => {
        number! {
            $(
                $number: |value| Repr::Whole(value as i128);
                NonZero<$number>: |value| Repr::Whole(value.get() as i128);
            )*
        }
    };
}

whole!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 usize);

const fn large(value: u128) -> Repr {
    if value > i128::MAX as u128 { Repr::Large(value) } else { Repr::Whole(value as i128) }
}

number! {
    u128: |value| large(value);
    NonZero<u128>: |value| large(value.get());
    f32: |value| Repr::Single(value);
    f64: |value| Repr::Double(value);
    Duration: |value| Repr::Span(value);
    SystemTime: |value| Repr::Instant(value);
    EpochMillis: |value| Repr::Whole(value.get().into());
    EpochSeconds: |value| Repr::Whole(value.get().into());
    Millis: |value| RuleNumber::from(value.get()).0;
    Seconds: |value| RuleNumber::from(value.get()).0;
    BigInt: |value| Repr::Whole(value.get());
}

macro_rules! atomic {
    ($($atomic:ident: $width:literal)*) => {
        $(
            #[cfg(target_has_atomic = $width)]
            impl AsNumber for atomic::$atomic {
                #[inline]
                fn as_number(&self) -> Option<RuleNumber> {
                    self.load(atomic::Ordering::Relaxed).as_number()
                }
            }
        )*
    };
}

atomic! {
    AtomicI8: "8" AtomicU8: "8" AtomicI16: "16" AtomicU16: "16" AtomicI32: "32" AtomicU32: "32"
    AtomicI64: "64" AtomicU64: "64" AtomicIsize: "ptr" AtomicUsize: "ptr"
}

impl AsNumber for RuleNumber {
    fn as_number(&self) -> Option<RuleNumber> {
        Some(*self)
    }
}

macro_rules! wrapper {
    ([$($params:tt)*] $wrapper:ty) => {
        impl<$($params)*> AsNumber for $wrapper
        where
            T: AsNumber,
        {
            #[inline]
            fn as_number(&self) -> Option<RuleNumber> {
                self.through(T::as_number).flatten()
            }
        }
    };
}

for_each_wrapper!(wrapper);

impl<P: Deref<Target: AsNumber>> AsNumber for Pin<P> {
    fn as_number(&self) -> Option<RuleNumber> {
        self.through(P::Target::as_number).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compare(value: impl Into<RuleNumber>, bound: impl Into<RuleNumber>) -> Option<Ordering> {
        value.into().compare(bound.into())
    }

    #[test]
    fn numbers_of_different_kinds_are_compared_by_their_exact_values() {
        assert_eq!(compare(3_u8, 3.5), Some(Ordering::Less));
        assert_eq!(compare(-3.5, -3), Some(Ordering::Less));
        assert_eq!(compare(0.1_f32, 0.1), Some(Ordering::Equal));
        // As doubles these two are equal.
        assert_eq!(
            compare(9_007_199_254_740_993_i64, 9_007_199_254_740_992.0),
            Some(Ordering::Greater)
        );
        assert_eq!(compare(u128::MAX, i128::MAX), Some(Ordering::Greater));
        assert_eq!(compare(i128::MIN, u128::MAX), Some(Ordering::Less));
        assert_eq!(compare(f64::INFINITY, u128::MAX), Some(Ordering::Greater));
        assert_eq!(compare(u128::MAX, f64::NEG_INFINITY), Some(Ordering::Greater));
        assert_eq!(compare(1.0e38, u128::MAX), Some(Ordering::Less));
        assert_eq!(compare(f64::NAN, 1), None);
        assert_eq!(compare(Duration::from_secs(1), 1), None);
    }

    #[test]
    fn an_absent_number_is_none() {
        assert!(None::<u8>.as_number().is_none());
        assert!(Some(Box::new(NonZero::<u32>::MIN)).as_number().is_some());
    }
}
