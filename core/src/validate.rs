//! Validation of values against the rules of their interface, with all violations reported at once.

use std::{borrow::Cow, collections::BTreeMap, error::Error, fmt};

use serde_json::{Map, Value};

/// A value that can be checked against the rules of its interface.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no rules to be checked against",
    label = "this does not implement `Validate`",
    note = "`#[derive(Validate)]` implements it for a struct, also for one without rules"
)]
pub trait Validate {
    /// Reports every violated rule of this value to `validator`.
    fn check(&self, validator: &mut Validator);

    /// Checks the value.
    ///
    /// # Errors
    /// All [`Violations`], each with the JSON pointer of the offending member.
    fn validate(&self) -> Result<(), Violations> {
        let mut validator = Validator::default();
        self.check(&mut validator);
        validator.finish()
    }
}

/// Values that every interface takes as they are.
macro_rules! without_rules {
    ($($plain:ty),* $(,)?) => {
        $(impl Validate for $plain {
            fn check(&self, _validator: &mut Validator) {}
        })*
    };
}

without_rules!(bool, f64, u64, String, Value, Map<String, Value>);

impl<T: Validate> Validate for Option<T> {
    fn check(&self, validator: &mut Validator) {
        if let Some(value) = self {
            value.check(validator);
        }
    }
}

impl<T: Validate + ?Sized> Validate for Box<T> {
    fn check(&self, validator: &mut Validator) {
        (**self).check(validator);
    }
}

impl<T: Validate> Validate for [T] {
    fn check(&self, validator: &mut Validator) {
        for (index, value) in self.iter().enumerate() {
            validator.at(index.to_string(), |validator| value.check(validator));
        }
    }
}

impl<T: Validate> Validate for Vec<T> {
    fn check(&self, validator: &mut Validator) {
        self.as_slice().check(validator);
    }
}

impl<T: Validate> Validate for BTreeMap<String, T> {
    fn check(&self, validator: &mut Validator) {
        for (key, value) in self {
            validator.at(key.clone(), |validator| value.check(validator));
        }
    }
}

/// Collects violations while a value is walked, and tracks the place of the walk.
#[derive(Debug, Default)]
pub struct Validator {
    path: Vec<Cow<'static, str>>,
    violations: Vec<Violation>,
}

impl Validator {
    /// Walks into the member or index `segment` while `walk` runs.
    pub fn at(&mut self, segment: impl Into<Cow<'static, str>>, walk: impl FnOnce(&mut Self)) {
        self.path.push(segment.into());
        walk(self);
        self.path.pop();
    }

    /// Reports that the value at this place breaks `rule`. The message states what was expected and
    /// must not repeat the value, which may be a secret.
    pub fn report(&mut self, rule: &'static str, message: impl Into<Cow<'static, str>>) {
        let pointer = self.path.iter().fold(String::new(), |mut pointer, segment| {
            pointer.push('/');
            pointer.push_str(&segment.replace('~', "~0").replace('/', "~1"));
            pointer
        });
        self.violations.push(Violation { pointer, rule, message: message.into() });
    }

    /// Ends the walk and returns its result.
    ///
    /// # Errors
    /// The violations, when there are any.
    pub fn finish(self) -> Result<(), Violations> {
        if self.violations.is_empty() { Ok(()) } else { Err(Violations(self.violations)) }
    }
}

/// One broken rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    pointer: String,
    rule: &'static str,
    message: Cow<'static, str>,
}

impl Violation {
    /// Returns the JSON pointer (RFC 6901) to the offending value; empty for the value itself.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// Returns the stable name of the rule, such as `one-of` or `epoch-millis`.
    pub const fn rule(&self) -> &'static str {
        self.rule
    }

    /// Returns what was expected.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.pointer.is_empty() { "(value)" } else { &self.pointer };
        write!(f, "{place}: {}", self.message)
    }
}

/// Every violation found in one value; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violations(Vec<Violation>);

impl Violations {
    /// Returns the violations, in the order of the walk.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Violation> {
        self.0.iter()
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, violation) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{violation}")?;
        }
        Ok(())
    }
}

impl Error for Violations {}

#[cfg(test)]
mod tests {
    use super::*;

    struct Odd(u32);

    impl Validate for Odd {
        fn check(&self, validator: &mut Validator) {
            if self.0.is_multiple_of(2) {
                validator.report("odd", "must be odd");
            }
        }
    }

    #[test]
    fn every_violation_is_reported_with_its_pointer() {
        let mut validator = Validator::default();
        validator.at("a/b", |v| vec![Odd(1), Odd(2), Odd(4)].check(v));
        let violations = validator.finish().unwrap_err();
        let pointers: Vec<_> = violations.iter().map(Violation::pointer).collect();
        assert_eq!(pointers, ["/a~1b/1", "/a~1b/2"]);
        assert_eq!(violations.to_string(), "/a~1b/1: must be odd; /a~1b/2: must be odd");
    }

    #[test]
    fn a_value_without_fault_passes() {
        assert_eq!(Some(Odd(3)).validate(), Ok(()));
        assert_eq!(None::<Odd>.validate(), Ok(()));
    }
}
