//! What the rules of `#[derive(Validate)]` ask of a type.
//!
//! Each rule asks for one trait, and looks through every pointer, cell and `Option` of the standard
//! library to it. So a type of your own takes part with one `impl`, and an alias counts as what it
//! stands for.
//!
//! | trait | rules |
//! |---|---|
//! | [`Measured`] | `length` |
//! | [`AsText`] | `pattern`, `email`, `url`, `bytes` and the other rules of text |
//! | [`AsNumber`] | `range`, `epoch_millis`, `epoch_seconds` |
//! | [`Items`] | `items(..)` |
//! | [`Entries`] | `keys(..)`, `values(..)` |
//! | [`Presence`] | `at_least_one_of` |
//! | [`Validate`](crate::Validate) | `nested` |
//! | [`PointerKey`] | names the entries of a map in a JSON pointer |
//!
//! A type that dereferences to one of these, or that is iterated by reference as lists and maps are,
//! needs no `impl` where it is a field by itself.
//!
//! ```
//! use credwire_core::rules::{AsNumber, RuleNumber};
//!
//! struct Percent(u8);
//!
//! impl AsNumber for Percent {
//!     fn as_number(&self) -> Option<RuleNumber> {
//!         Some(self.0.into())
//!     }
//! }
//! ```

mod measure;
mod number;
mod parts;
mod text;

pub use crate::validate::PointerKey;
pub use measure::{Measured, Presence};
pub use number::{AsNumber, RuleNumber};
pub use parts::{Entries, Items};
pub use text::AsText;

/// What a rule of one's own, `custom(..)`, returns: whether it holds, or why it does not.
#[diagnostic::on_unimplemented(
    message = "a rule returns `bool` or `Result<(), E>` with a text for `E`, not `{Self}`",
    label = "this is returned"
)]
pub trait RuleResult {
    /// Returns the message of the violation, when there is one.
    fn violation(self) -> Option<std::borrow::Cow<'static, str>>;
}

impl RuleResult for bool {
    fn violation(self) -> Option<std::borrow::Cow<'static, str>> {
        (!self).then(|| "expected a valid value".into())
    }
}

impl<E: Into<std::borrow::Cow<'static, str>>> RuleResult for Result<(), E> {
    fn violation(self) -> Option<std::borrow::Cow<'static, str>> {
        self.err().map(Into::into)
    }
}
