//! Values that are text.

use std::{ops::Deref, pin::Pin};

use crate::{
    Timestamp, Url,
    validate::{Through, for_each_wrapper},
};

/// A value that is text, for the rules `pattern`, `email`, `url` and others like them.
#[diagnostic::on_unimplemented(
    message = "a rule of text does not fit `{Self}`",
    label = "this is no text",
    note = "implement `credwire::rules::AsText` for a type of your own"
)]
pub trait AsText {
    /// Calls `read` with the text. Returns nothing when the value is absent.
    fn with_text<R>(&self, read: impl FnOnce(&str) -> R) -> Option<R>;
}

impl AsText for str {
    #[inline]
    fn with_text<R>(&self, read: impl FnOnce(&str) -> R) -> Option<R> {
        Some(read(self))
    }
}

impl AsText for String {
    #[inline]
    fn with_text<R>(&self, read: impl FnOnce(&str) -> R) -> Option<R> {
        Some(read(self))
    }
}

impl AsText for Timestamp {
    #[inline]
    fn with_text<R>(&self, read: impl FnOnce(&str) -> R) -> Option<R> {
        Some(read(self.as_str()))
    }
}

impl AsText for Url {
    #[inline]
    fn with_text<R>(&self, read: impl FnOnce(&str) -> R) -> Option<R> {
        Some(read(self.as_str()))
    }
}

macro_rules! wrapper {
    ([$($params:tt)*] $wrapper:ty) => {
        impl<$($params)*> AsText for $wrapper
        where
            T: AsText,
        {
            #[inline]
            fn with_text<R>(&self, read: impl FnOnce(&str) -> R) -> Option<R> {
                self.through(|value| value.with_text(read)).flatten()
            }
        }
    };
}

for_each_wrapper!(wrapper);

impl<P: Deref<Target: AsText>> AsText for Pin<P> {
    fn with_text<R>(&self, read: impl FnOnce(&str) -> R) -> Option<R> {
        self.through(|value| value.with_text(read)).flatten()
    }
}
