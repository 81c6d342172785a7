//! The rules that a derived `Validate` checks. Each function reports one violation at most, and
//! nothing is allocated when the rule holds.
//!
//! None of them has a bound: an expansion calls the trait of a rule by itself and passes on what it
//! returns. So a type that a rule does not fit is reported with that trait alone, which is public.

mod automaton;
pub(crate) mod form;
mod probe;
#[cfg(test)]
mod tests;

use std::{
    borrow::Cow,
    fmt,
    ops::{Bound, RangeBounds},
    sync::Arc,
};

pub use automaton::Automaton;
pub use form::{
    ALPHANUMERIC, ASCII, CREDIT_CARD, EMAIL, IP, IPV4, IPV6, JWK_THUMBPRINT, PHONE, PRINTABLE,
    TextForm, URL,
};
pub use probe::{Listed, Mapped, Probe, Ranged, levels};

use crate::{EpochMillis, EpochSeconds, Validator};

/// The traits, which expansions name in bounds.
pub use crate::rules::{
    AsNumber, AsText, Entries, Items, Measured, PointerKey, Presence, RuleNumber, RuleResult,
};

/// Where a violation of one rule is reported, and what the user said instead of its usual words.
#[derive(Clone, Copy, Debug)]
pub struct Spot {
    place: Option<&'static str>,
    label: Option<&'static str>,
    code: Option<&'static str>,
    message: Option<&'static str>,
}

impl Spot {
    /// The value itself.
    pub const HERE: Self = Self { place: None, label: None, code: None, message: None };

    /// Returns the place of the member `place`.
    #[must_use]
    pub const fn at(place: &'static str) -> Self {
        Self { place: Some(place), ..Self::HERE }
    }

    /// Names a field that has no place on the wire.
    #[must_use]
    pub const fn label(self, label: &'static str) -> Self {
        Self { label: Some(label), ..self }
    }

    /// Sets the name of the rule.
    #[must_use]
    pub const fn code(self, code: &'static str) -> Self {
        Self { code: Some(code), ..self }
    }

    /// Sets the message.
    #[must_use]
    pub const fn message(self, message: &'static str) -> Self {
        Self { message: Some(message), ..self }
    }

    /// Walks into the place.
    #[inline]
    pub fn walk(self, validator: &mut Validator, walk: impl FnOnce(&mut Validator)) {
        match self.place {
            Some(place) => validator.at(place, walk),
            None => walk(validator),
        }
    }
}

/// Reports a violation.
#[cold]
#[inline(never)]
fn report(validator: &mut Validator, spot: Spot, rule: &'static str, message: Cow<'static, str>) {
    let message = spot.message.map_or(message, Cow::Borrowed);
    let message = match spot.label {
        Some(label) => format!("`{label}`: {message}").into(),
        None => message,
    };
    spot.walk(validator, |validator| validator.report(spot.code.unwrap_or(rule), message));
}

/// A range in words: `from 1 to 10`.
struct InWords<T>(Bound<T>, Bound<T>);

impl<T: fmt::Display + PartialEq> fmt::Display for InWords<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.0, &self.1) {
            (Bound::Included(least), Bound::Included(most)) if least == most => {
                write!(f, "exactly {least}")
            }
            (Bound::Included(least), Bound::Included(most)) => write!(f, "from {least} to {most}"),
            (least, most) => {
                let mut and = "";
                match least {
                    Bound::Included(least) => write!(f, "at least {least}")?,
                    Bound::Excluded(least) => write!(f, "greater than {least}")?,
                    Bound::Unbounded => {}
                }
                if !matches!(least, Bound::Unbounded) {
                    and = " and ";
                }
                match most {
                    Bound::Included(most) => write!(f, "{and}at most {most}"),
                    Bound::Excluded(most) => write!(f, "{and}less than {most}"),
                    Bound::Unbounded if and.is_empty() => f.write_str("of any size"),
                    Bound::Unbounded => Ok(()),
                }
            }
        }
    }
}

/// Checks the rule `length` of a value by the functions of [`Measured`]; `unit` is [`unit`].
// The bounds are constants, which only the place of the rule sees.
#[inline(always)]
pub fn length<T: ?Sized>(
    value: &T,
    estimate: impl Fn(&T) -> Option<(usize, usize)>,
    length: impl Fn(&T) -> Option<usize>,
    unit: impl Fn(&T) -> &'static str,
    validator: &mut Validator,
    spot: Spot,
    range: impl RangeBounds<usize>,
) {
    let Some((least, most)) = estimate(value) else { return };
    // What lies between two lengths of a range is in it too.
    if range.contains(&least) && range.contains(&most) {
        return;
    }
    if length(value).is_some_and(|length| !range.contains(&length)) {
        wrong_length(validator, spot, "length", unit(value), &range);
    }
}

/// Returns what the length of a value counts.
pub const fn unit<T: Measured + ?Sized>(_: &T) -> &'static str {
    T::UNIT
}

/// Checks the rule `bytes`, about the length of a text in UTF-8.
#[inline]
pub fn bytes(
    length: Option<usize>,
    validator: &mut Validator,
    spot: Spot,
    range: impl RangeBounds<usize>,
) {
    if length.is_some_and(|length| !range.contains(&length)) {
        wrong_length(validator, spot, "bytes", "bytes", &range);
    }
}

#[cold]
fn wrong_length(
    validator: &mut Validator,
    spot: Spot,
    rule: &'static str,
    unit: &str,
    range: &impl RangeBounds<usize>,
) {
    let words = InWords(range.start_bound().cloned(), range.end_bound().cloned());
    report(validator, spot, rule, format!("expected {words} {unit}").into());
}

/// Checks the rule `range` of a number, where there is one.
// The bounds are constants, which only the place of the rule sees.
#[inline(always)]
pub fn range(
    number: Option<RuleNumber>,
    validator: &mut Validator,
    spot: Spot,
    least: Bound<RuleNumber>,
    most: Bound<RuleNumber>,
) {
    let Some(number) = number else { return };
    let above = match least {
        Bound::Included(least) => number.compare(least).is_some_and(std::cmp::Ordering::is_ge),
        Bound::Excluded(least) => number.compare(least).is_some_and(std::cmp::Ordering::is_gt),
        Bound::Unbounded => number.compare(number).is_some(),
    };
    let below = match most {
        Bound::Included(most) => number.compare(most).is_some_and(std::cmp::Ordering::is_le),
        Bound::Excluded(most) => number.compare(most).is_some_and(std::cmp::Ordering::is_lt),
        Bound::Unbounded => number.compare(number).is_some(),
    };
    if !(above && below) {
        out_of_range(validator, spot, least, most);
    }
}

#[cold]
fn out_of_range(
    validator: &mut Validator,
    spot: Spot,
    least: Bound<RuleNumber>,
    most: Bound<RuleNumber>,
) {
    let noun = [least, most].into_iter().find_map(|bound| match bound {
        Bound::Included(bound) | Bound::Excluded(bound) => Some(bound.noun()),
        Bound::Unbounded => None,
    });
    let noun = noun.unwrap_or("a number");
    let message = format!("expected {noun} {}", InWords(least, most));
    report(validator, spot, "range", message.into());
}

/// Returns a bound of `range`; an absent one holds nothing.
#[inline]
pub fn bound(bound: Option<RuleNumber>) -> RuleNumber {
    bound.unwrap_or_else(|| f64::NAN.into())
}

/// Reports that a text does not have `form`, unless it `fits` or is absent.
#[inline]
pub fn form(fits: Option<bool>, validator: &mut Validator, spot: Spot, form: TextForm) {
    if fits == Some(false) {
        report(validator, spot, form.rule, form.expected.into());
    }
}

/// Reports that a text breaks a rule about another one, `contains`, `excludes`, `prefix` or `suffix`,
/// unless it `holds` or the text is absent.
#[inline]
pub fn beside(
    holds: Option<bool>,
    validator: &mut Validator,
    spot: Spot,
    rule: &'static str,
    other: &str,
) {
    if holds == Some(false) {
        let expected = match rule {
            "contains" => "that contains",
            "excludes" => "that does not contain",
            "prefix" => "that starts with",
            _ => "that ends with",
        };
        report(validator, spot, rule, format!("expected text {expected} `{other}`").into());
    }
}

/// Reports that a text does not match its pattern, unless it `matches` or is absent.
#[inline]
pub fn pattern(
    matches: Option<bool>,
    validator: &mut Validator,
    spot: Spot,
    shown: Option<&'static str>,
) {
    if matches == Some(false) {
        let message = match shown {
            Some(pattern) => format!("expected text that matches `{pattern}`").into(),
            None => "expected text that matches its pattern".into(),
        };
        report(validator, spot, "pattern", message);
    }
}

/// Reports a value that is required and `is_absent`.
#[inline]
pub fn required(is_absent: bool, validator: &mut Validator, spot: Spot) {
    if is_absent {
        report(validator, spot, "required", "expected a value".into());
    }
}

/// Reports that a value is not that of the field `name`, unless they are `equal`.
#[inline]
pub fn equals(equal: bool, validator: &mut Validator, spot: Spot, name: &'static str) {
    if !equal {
        report(validator, spot, "equals", format!("expected the same as in `{name}`").into());
    }
}

/// Checks the rule `epoch_millis`.
#[inline]
pub fn epoch_millis(number: Option<RuleNumber>, validator: &mut Validator, spot: Spot) {
    let Some(number) = number else { return };
    if !number.whole().is_some_and(|value| EpochMillis::new(value).is_plausible()) {
        let message = "expected milliseconds since the epoch; a value this small is in seconds";
        report(validator, spot, "epoch-millis", message.into());
    }
}

/// Checks the rule `epoch_seconds`.
#[inline]
pub fn epoch_seconds(number: Option<RuleNumber>, validator: &mut Validator, spot: Spot) {
    let Some(number) = number else { return };
    if !number.whole().is_some_and(|value| EpochSeconds::new(value).is_plausible()) {
        let message = "expected seconds since the epoch; a value this large is in milliseconds";
        report(validator, spot, "epoch-seconds", message.into());
    }
}

/// Reports that none of the fields `names` is there.
#[cold]
pub fn one_of(validator: &mut Validator, spot: Spot, message: &'static str) {
    report(validator, spot, "one-of", message.into());
}

/// Reports the message of a violation that a function of the user returned.
#[inline]
pub fn custom(violation: Option<Cow<'static, str>>, validator: &mut Validator, spot: Spot) {
    if let Some(message) = violation {
        report(validator, spot, "custom", message);
    }
}

/// Calls a closure whose parameter is a value.
#[inline]
pub fn call<T: ?Sized, R>(value: &T, rule: impl FnOnce(&T) -> R) -> R {
    rule(value)
}

/// Calls a closure whose parameters are a value and the context.
#[inline]
pub fn call_with<T: ?Sized, C: ?Sized, R>(
    value: &T,
    context: &C,
    rule: impl FnOnce(&T, &C) -> R,
) -> R {
    rule(value, context)
}

/// Calls a closure that reports by itself.
#[inline]
pub fn report_with<T: ?Sized>(
    value: &T,
    validator: &mut Validator,
    rule: impl FnOnce(&T, &mut Validator),
) {
    rule(value, validator);
}

/// Returns the context of the walk. A walk without it breaks a rule: what hangs on the context is
/// not checked.
pub fn context<C: std::any::Any + Send + Sync>(validator: &mut Validator) -> Option<Arc<C>> {
    let context = validator.context();
    if context.is_none() {
        let message = format!(
            "this value is checked with `validate_with` and a context of `{}`",
            std::any::type_name::<C>()
        );
        validator.report("context", message);
    }
    context
}

impl PartialEq for RuleNumber {
    fn eq(&self, other: &Self) -> bool {
        self.compare(*other).is_some_and(std::cmp::Ordering::is_eq)
    }
}
