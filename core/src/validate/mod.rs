//! Validation of values against the rules of their interface, with all violations reported at once.

mod containers;
mod key;
#[cfg(test)]
mod tests;
mod through;

use std::{any::Any, borrow::Cow, error::Error, fmt, sync::Arc};

use serde::Serialize;

pub use key::PointerKey;
pub(crate) use through::{Through, for_each_wrapper};

/// A value that can be checked against the rules of its interface.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no rules to be checked against",
    label = "this does not implement `Validate`",
    note = "`#[derive(Validate)]` implements it for a struct or an enum, also for one without rules"
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

    /// Checks the value with `context`, which rules read through [`Validator::context`]: limits of
    /// an account, a set of names in use.
    ///
    /// # Errors
    /// All [`Violations`], each with the JSON pointer of the offending member.
    fn validate_with<C: Any + Send + Sync>(&self, context: Arc<C>) -> Result<(), Violations>
    where
        Self: Sized,
    {
        let mut validator = Validator::with_context(context);
        self.check(&mut validator);
        validator.finish()
    }
}

/// Collects violations while a value is walked, each with its place.
///
/// Nothing is allocated before the first violation: a place is written from the inside out while
/// the walk returns from it.
#[derive(Default)]
pub struct Validator {
    violations: Vec<Violation>,
    context: Option<Arc<dyn Any + Send + Sync>>,
}

impl Validator {
    /// Creates a validator whose rules read `context`.
    pub fn with_context<C: Any + Send + Sync>(context: Arc<C>) -> Self {
        Self { violations: Vec::new(), context: Some(context) }
    }

    /// Returns the context of this walk, when it has one of the type `C`.
    pub fn context<C: Any + Send + Sync>(&self) -> Option<Arc<C>> {
        self.context.clone()?.downcast().ok()
    }

    /// Walks into the member or index `segment` while `walk` runs.
    #[inline]
    pub fn at(&mut self, segment: impl Into<Cow<'static, str>>, walk: impl FnOnce(&mut Self)) {
        let before = self.violations.len();
        walk(self);
        if self.violations.len() > before {
            self.place(before, &segment.into());
        }
    }

    /// Walks into the item `index` of a list while `walk` runs.
    #[inline]
    pub fn at_index(&mut self, index: usize, walk: impl FnOnce(&mut Self)) {
        let before = self.violations.len();
        walk(self);
        if self.violations.len() > before {
            self.place(before, &index.to_string());
        }
    }

    /// Walks into the entry `key` of a map while `walk` runs.
    #[inline]
    pub fn at_key<K: PointerKey + ?Sized>(&mut self, key: &K, walk: impl FnOnce(&mut Self)) {
        let before = self.violations.len();
        walk(self);
        if self.violations.len() > before {
            self.place(before, &key.segment());
        }
    }

    /// Writes `segment` in front of the places of the violations from `first` on.
    #[cold]
    fn place(&mut self, first: usize, segment: &str) {
        let escaped = segment.replace('~', "~0").replace('/', "~1");
        for violation in self.violations.iter_mut().skip(first) {
            violation.pointer.insert_str(0, &escaped);
            violation.pointer.insert(0, '/');
        }
    }

    /// Reports that the value at this place breaks `rule`. The message states what was expected and
    /// must not repeat the value, which may be a secret.
    #[cold]
    pub fn report(&mut self, rule: &'static str, message: impl Into<Cow<'static, str>>) {
        self.violations.push(Violation { pointer: String::new(), rule, message: message.into() });
    }

    /// Ends the walk and returns its result.
    ///
    /// # Errors
    /// The violations, when there are any.
    pub fn finish(self) -> Result<(), Violations> {
        if self.violations.is_empty() { Ok(()) } else { Err(Violations(self.violations)) }
    }
}

/// The context is not shown: it may hold anything.
impl fmt::Debug for Validator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Validator").field("violations", &self.violations).finish_non_exhaustive()
    }
}

/// One broken rule. As JSON it is an object with `pointer`, `rule` and `message`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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

/// Every violation found in one value; never empty. As JSON it is an array of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
