//! The wrappers of the standard library that rules look through: pointers, cells, locks, `Option`
//! and `Secret`. Each trait of the rules is implemented for all of them at once.

use std::{
    borrow::Cow,
    cell::{Cell, OnceCell, RefCell},
    cmp::Reverse,
    num::{Saturating, Wrapping},
    ops::Deref,
    pin::Pin,
    rc::Rc,
    sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError, RwLock},
};

use zeroize::Zeroize;

use crate::Secret;

/// A wrapper around one value, which may be absent.
pub(crate) trait Through {
    type Inner: ?Sized;

    /// Calls `read` with the value inside. Returns nothing when there is none.
    fn through<R>(&self, read: impl FnOnce(&Self::Inner) -> R) -> Option<R>;
}

/// Calls `$each!([parameters] wrapper)` for every wrapper of a `T`.
macro_rules! for_each_wrapper {
    ($each:ident) => {
        $each!([T: ?Sized] &T);
        $each!([T: ?Sized] &mut T);
        $each!([T: ?Sized] Box<T>);
        $each!([T: ?Sized] std::rc::Rc<T>);
        $each!([T: ?Sized] std::sync::Arc<T>);
        $each!([T: ?Sized + ToOwned] std::borrow::Cow<'_, T>);
        $each!([T] Option<T>);
        $each!([T: Copy] std::cell::Cell<T>);
        $each!([T: ?Sized] std::cell::RefCell<T>);
        $each!([T] std::cell::OnceCell<T>);
        $each!([T] std::sync::OnceLock<T>);
        $each!([T] std::sync::LazyLock<T>);
        $each!([T: ?Sized] std::sync::Mutex<T>);
        $each!([T: ?Sized] std::sync::RwLock<T>);
        $each!([T] std::num::Wrapping<T>);
        $each!([T] std::num::Saturating<T>);
        $each!([T] std::cmp::Reverse<T>);
        $each!([T: zeroize::Zeroize + 'static] crate::Secret<T>);
    };
}
pub(crate) use for_each_wrapper;

macro_rules! pointers {
    ($([$($params:tt)*] $wrapper:ty;)*) => {
        $(impl<$($params)*> Through for $wrapper {
            type Inner = T;

            #[inline]
            fn through<R>(&self, read: impl FnOnce(&T) -> R) -> Option<R> {
                Some(read(self))
            }
        })*
    };
}

pointers! {
    [T: ?Sized] &T;
    [T: ?Sized] &mut T;
    [T: ?Sized] Box<T>;
    [T: ?Sized] Rc<T>;
    [T: ?Sized] Arc<T>;
    [T: ?Sized + ToOwned] Cow<'_, T>;
    [T] LazyLock<T>;
}

macro_rules! others {
    ($([$($params:tt)*] $wrapper:ty, $wrapped:ident, $read:ident => $body:expr;)*) => {
        $(impl<$($params)*> Through for $wrapper {
            type Inner = T;

            #[inline]
            fn through<R>(&self, $read: impl FnOnce(&T) -> R) -> Option<R> {
                let $wrapped = self;
                $body
            }
        })*
    };
}

others! {
    [T] Option<T>, it, read => it.as_ref().map(read);
    [T: Copy] Cell<T>, it, read => Some(read(&it.get()));
    [T: ?Sized] RefCell<T>, it, read => it.try_borrow().ok().map(|value| read(&value));
    [T] OnceCell<T>, it, read => it.get().map(read);
    [T] OnceLock<T>, it, read => it.get().map(read);
    // A panic elsewhere leaves the value as it is, and its rules hold all the same.
    [T: ?Sized] Mutex<T>, it, read => Some(read(&it.lock().unwrap_or_else(PoisonError::into_inner)));
    [T: ?Sized] RwLock<T>, it, read => Some(read(&it.read().unwrap_or_else(PoisonError::into_inner)));
    [T] Wrapping<T>, it, read => Some(read(&it.0));
    [T] Saturating<T>, it, read => Some(read(&it.0));
    [T] Reverse<T>, it, read => Some(read(&it.0));
    [T: Zeroize + 'static] Secret<T>, it, read => Some(read(it.expose()));
}

/// What a pinned pointer points to.
impl<P: Deref> Through for Pin<P> {
    type Inner = P::Target;

    #[inline]
    fn through<R>(&self, read: impl FnOnce(&P::Target) -> R) -> Option<R> {
        Some(read(self))
    }
}
