//! A stream that is held as data.

use std::{fmt, pin::Pin, sync::Arc};

use futures_core::Stream;

type Subscribe<T> = dyn Fn() -> Pin<Box<dyn Stream<Item = T> + Send>> + Send + Sync;

/// Something to watch: each subscription is a stream of its own.
///
/// Clones watch the same thing, and equal observables are clones of each other.
pub struct Observable<T>(Arc<Subscribe<T>>);

impl<T> Observable<T> {
    /// Creates a value that is watched through the streams of `subscribe`.
    pub fn new<S>(subscribe: impl Fn() -> S + Send + Sync + 'static) -> Self
    where
        S: Stream<Item = T> + Send + 'static,
    {
        Self(Arc::new(move || Box::pin(subscribe())))
    }

    /// Returns the values from now on. Dropping the stream ends the subscription.
    pub fn subscribe(&self) -> Pin<Box<dyn Stream<Item = T> + Send>> {
        (self.0)()
    }
}

impl<T> Clone for Observable<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> fmt::Debug for Observable<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Observable(..)")
    }
}

impl<T> PartialEq for Observable<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}
