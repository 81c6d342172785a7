//! What the methods of an annotated provider return, as the trait asks for it.

use std::marker::PhantomData;

use serde::Serialize;
use zeroize::Zeroize;

pub use crate::ProviderError;
use crate::{Converted, CredentialError, Secret};

/// The error that a method of the user names, which is the trait's or another one of that name:
/// `MethodError::<E>::NAMED.converted(future)`, with [`OtherError`] in scope. Asked of the error and not of the future, which
/// costs the compiler much less.
#[derive(Debug)]
pub struct MethodError<E>(PhantomData<E>);

impl<E> MethodError<E> {
    /// The error as it is named.
    pub const NAMED: Self = Self(PhantomData);
}

impl MethodError<CredentialError> {
    /// Returns the future itself: its error is the trait's.
    #[inline]
    pub fn converted<F>(self, future: F) -> F {
        future
    }
}

/// The answer for any other error, which that of [`MethodError`] itself goes before.
pub trait OtherError {
    /// Converts the error of the future.
    fn converted<F>(self, future: F) -> Converted<F>;
}

impl<E> OtherError for MethodError<E> {
    fn converted<F>(self, future: F) -> Converted<F> {
        Converted::new(future)
    }
}

/// Asks whether a type that can be moved can be shared as well: what `(&&Threads(value)).shared()`
/// returns can be shared where it can, with [`SentToo`] and [`NotSent`] in scope. Of a type that can be
/// neither, moving alone is reported.
#[derive(Debug)]
pub struct Threads<'a, P>(pub &'a P);

/// The answer for a type that can be moved, which is tried first.
pub trait SentToo<'a, P> {
    /// Returns what can be shared when the type can.
    fn shared(&self) -> &'a P;
}

impl<'a, P: Send> SentToo<'a, P> for &Threads<'a, P> {
    fn shared(&self) -> &'a P {
        self.0
    }
}

/// The answer for any other type, which is reported already.
pub trait NotSent {
    /// Returns what can be shared.
    fn shared(&self) -> &'static ();
}

impl<P> NotSent for Threads<'_, P> {
    fn shared(&self) -> &'static () {
        &()
    }
}

/// Asks whether a type is serialized: `Serialized::<T>::IS`, with [`NotSerialized`] in scope.
#[derive(Debug)]
pub struct Serialized<T: ?Sized>(PhantomData<T>);

/// The answer for types that are not, which that of [`Serialized`] itself goes before.
pub trait NotSerialized {
    /// Whether the type is serialized.
    const IS: bool = false;
}

impl<T: ?Sized> NotSerialized for Serialized<T> {}

impl<T: Serialize + ?Sized> Serialized<T> {
    /// Whether the type is serialized.
    pub const IS: bool = true;
}

/// Fails to compile for a provider that is serialized.
#[track_caller]
pub const fn refuse_serialized(is_serialized: bool) {
    assert!(
        !is_serialized,
        "a provider holds credentials and must not be printed or serialized [printing-derive]\n\
         help: remove `Serialize`; put what may be written out into a struct of its own"
    );
}

/// A value that is sent and whose type is behind a name: `(&&Sent(value)).sent()` exposes it when it
/// is a secret.
#[derive(Debug)]
pub struct Sent<'a, T: ?Sized>(pub &'a T);

/// The answer for a [`Secret`], which is tried first.
pub trait SentSecret<'a, T> {
    /// Returns the value in the clear.
    fn sent(&self) -> &'a T;
}

impl<'a, T: Zeroize + 'static> SentSecret<'a, T> for &Sent<'a, Secret<T>> {
    fn sent(&self) -> &'a T {
        self.0.expose()
    }
}

/// The answer for any other value.
pub trait SentPlain<'a, T: ?Sized> {
    /// Returns the value.
    fn sent(&self) -> &'a T;
}

impl<'a, T: ?Sized> SentPlain<'a, T> for Sent<'a, T> {
    fn sent(&self) -> &'a T {
        self.0
    }
}
