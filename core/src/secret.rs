//! Sealed sensitive values, and the one method that opens them.

use std::{any::Any, fmt, mem};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroize;

/// A sensitive value: a token, a key, a password, an authorization state.
///
/// It has no `Display` and no `Serialize`, its `Debug` prints `Secret(***)`, and its memory is
/// overwritten when it is dropped. [`Secret::expose`] is the only way to the value, so every
/// place that handles a clear secret can be found by searching for that word.
///
/// ```
/// use credwire_core::Secret;
/// let token = Secret::new("made-up-token".to_owned());
/// assert_eq!(format!("{token:?}"), "Secret(***)");
/// assert_eq!(token.expose(), "made-up-token");
/// ```
///
/// Printing one does not compile, and neither does serializing one:
///
/// ```compile_fail,E0277
/// let token = credwire_core::Secret::new("made-up".to_owned());
/// println!("{token}");
/// ```
/// ```compile_fail,E0277
/// fn wire<T: serde::Serialize>(_: &T) {}
/// wire(&credwire_core::Secret::new("made-up".to_owned()));
/// ```
pub struct Secret<T: Zeroize + 'static = String>(T);

impl<T: Zeroize + 'static> Secret<T> {
    /// Seals `value`.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// Returns the value in the clear. Never put it into a message, a log or an error.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize + 'static> From<T> for Secret<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

impl From<&str> for Secret<String> {
    fn from(value: &str) -> Self {
        Self::new(value.to_owned())
    }
}

impl<T: Zeroize + 'static> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

impl<T: Zeroize + Clone + 'static> Clone for Secret<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

/// Compares without an early exit, so that the time taken depends on the lengths only.
impl<T: Zeroize + AsRef<[u8]> + 'static> PartialEq for Secret<T> {
    fn eq(&self, other: &Self) -> bool {
        let (a, b) = (self.0.as_ref(), other.0.as_ref());
        a.len() == b.len() && a.iter().zip(b).fold(0, |acc, (x, y)| acc | (x ^ y)) == 0
    }
}

impl<T: Zeroize + AsRef<[u8]> + 'static> Eq for Secret<T> {}

impl<T: Zeroize + 'static> Drop for Secret<T> {
    fn drop(&mut self) {
        let value: &mut dyn Any = &mut self.0;
        if let Some(text) = value.downcast_mut::<String>() {
            return erase(mem::take(text).into_bytes());
        }
        if let Some(bytes) = value.downcast_mut::<Vec<u8>>() {
            return erase(mem::take(bytes));
        }
        self.0.zeroize();
    }
}

/// Overwrites all that was allocated at once, where `zeroize` for a `Vec` goes byte by byte.
fn erase(mut bytes: Vec<u8>) {
    bytes.resize(bytes.capacity(), 0);
    bytes.as_mut_slice().zeroize();
}

impl<'de, T: Zeroize + Deserialize<'de> + 'static> Deserialize<'de> for Secret<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self)
    }
}

/// Serialization that includes secrets, for the wire only.
///
/// Types without secrets have it through their `Serialize`; types that hold a [`Secret`] implement
/// it by hand (or by generated code) and have no `Serialize` at all.
pub trait SerializeExposed {
    /// Serializes the value with its secrets in the clear.
    ///
    /// # Errors
    /// Whatever the serializer reports.
    fn serialize_exposed<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;

    /// Wraps the value so that any serde serializer writes it with its secrets in the clear.
    fn exposed(&self) -> Exposed<'_, Self> {
        Exposed(self)
    }
}

impl<T: Serialize + ?Sized> SerializeExposed for T {
    fn serialize_exposed<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.serialize(serializer)
    }
}

impl<T: Zeroize + Serialize + 'static> SerializeExposed for Secret<T> {
    fn serialize_exposed<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// A borrowed value that serializes with its secrets in the clear, returned by
/// [`SerializeExposed::exposed`].
pub struct Exposed<'a, T: ?Sized>(&'a T);

impl<T: SerializeExposed + ?Sized> Serialize for Exposed<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize_exposed(serializer)
    }
}

impl<T: ?Sized> fmt::Debug for Exposed<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Exposed(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_of_a_secret_and_of_its_exposed_form_hide_the_value() {
        let secret = Secret::from("made-up");
        assert_eq!(format!("{secret:?} {:?}", secret.exposed()), "Secret(***) Exposed(***)");
    }

    #[test]
    fn exposed_writes_the_value() {
        let text = serde_json::to_string(&Secret::from("made-up").exposed()).unwrap();
        assert_eq!(text, "\"made-up\"");
    }

    #[test]
    fn equality_looks_at_every_byte() {
        assert_eq!(Secret::from("abc"), Secret::from("abc"));
        assert_ne!(Secret::from("abc"), Secret::from("abd"));
        assert_ne!(Secret::from("abc"), Secret::from("ab"));
    }
}
