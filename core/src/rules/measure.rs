//! How long a value is, and whether there is one.

use std::{
    collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque},
    ops::Deref,
    pin::Pin,
};

use serde_json::{Map, Value};

use crate::{
    Bytes, Timestamp, Url,
    validate::{Through, for_each_wrapper},
};

/// A value with a length, which the rule `length` limits: text in characters, a collection in items.
#[diagnostic::on_unimplemented(
    message = "`length` does not fit `{Self}`",
    label = "this is neither text nor a collection",
    note = "implement `credwire::rules::Measured` for a type of your own"
)]
pub trait Measured {
    /// What the length counts, in the plural, as messages name it.
    const UNIT: &'static str;

    /// Returns the length; `None` when the value is absent.
    fn length(&self) -> Option<usize>;

    /// Returns the least and the most that the length can be, as far as that is known without
    /// counting; `None` when the value is absent.
    #[inline]
    fn estimate(&self) -> Option<(usize, usize)> {
        self.length().map(|length| (length, length))
    }
}

/// A value that may be absent, for the rule `at_least_one_of`: an `Option`, or text or a collection,
/// which count as absent when they are empty.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is always present, so `at_least_one_of` says nothing about it",
    note = "implement `credwire::rules::Presence` for a type of your own"
)]
pub trait Presence {
    /// Returns whether there is a value, and not an empty one.
    fn is_present(&self) -> bool;
}

impl Measured for str {
    const UNIT: &'static str = "characters";

    #[inline]
    fn length(&self) -> Option<usize> {
        Some(self.chars().count())
    }

    #[inline]
    fn estimate(&self) -> Option<(usize, usize)> {
        // A character takes one to four bytes.
        Some((self.len().div_ceil(4), self.len()))
    }
}

impl Presence for str {
    #[inline]
    fn is_present(&self) -> bool {
        !self.is_empty()
    }
}

macro_rules! like_text {
    ($($text:ty: $read:ident;)*) => {
        $(
            impl Measured for $text {
                const UNIT: &'static str = "characters";

                #[inline]
                fn length(&self) -> Option<usize> {
                    self.$read().length()
                }

                #[inline]
                fn estimate(&self) -> Option<(usize, usize)> {
                    self.$read().estimate()
                }
            }

            impl Presence for $text {
                #[inline]
                fn is_present(&self) -> bool {
                    self.$read().is_present()
                }
            }
        )*
    };
}

like_text! {
    String: as_str;
    Timestamp: as_str;
    Url: as_str;
}

macro_rules! collections {
    ($([$($params:tt)*] $collection:ty;)*) => {
        $(
            impl<$($params)*> Measured for $collection {
                const UNIT: &'static str = "items";

                #[inline]
                fn length(&self) -> Option<usize> {
                    Some(self.len())
                }
            }

            impl<$($params)*> Presence for $collection {
                #[inline]
                fn is_present(&self) -> bool {
                    !self.is_empty()
                }
            }
        )*
    };
}

collections! {
    [T] [T];
    [T, const N: usize] [T; N];
    [T] Vec<T>;
    [T] VecDeque<T>;
    [T] LinkedList<T>;
    [T] BinaryHeap<T>;
    [T] BTreeSet<T>;
    [T, S] HashSet<T, S>;
    [K, V] BTreeMap<K, V>;
    [K, V, S] HashMap<K, V, S>;
    [] Map<String, Value>;
}

impl Measured for Bytes {
    const UNIT: &'static str = "bytes";

    fn length(&self) -> Option<usize> {
        Some(self.as_ref().len())
    }
}

impl Presence for Bytes {
    fn is_present(&self) -> bool {
        !self.as_ref().is_empty()
    }
}

macro_rules! wrapper {
    ([$($params:tt)*] $wrapper:ty) => {
        impl<$($params)*> Measured for $wrapper
        where
            T: Measured,
        {
            const UNIT: &'static str = T::UNIT;

            #[inline]
            fn length(&self) -> Option<usize> {
                self.through(T::length).flatten()
            }

            #[inline]
            fn estimate(&self) -> Option<(usize, usize)> {
                self.through(T::estimate).flatten()
            }
        }

        impl<$($params)*> Presence for $wrapper
        where
            T: Presence,
        {
            #[inline]
            fn is_present(&self) -> bool {
                self.through(T::is_present).unwrap_or(false)
            }
        }
    };
}

for_each_wrapper!(wrapper);

impl<P: Deref<Target: Measured>> Measured for Pin<P> {
    const UNIT: &'static str = P::Target::UNIT;

    fn length(&self) -> Option<usize> {
        self.through(P::Target::length).flatten()
    }
}

/// What every value is present for: only its wrappers may be empty.
macro_rules! always {
    ($($plain:ty)*) => {
        $(impl Presence for $plain {
            #[inline]
            fn is_present(&self) -> bool {
                true
            }
        })*
    };
}

always! {
    bool char f32 f64 i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize
    crate::EpochMillis crate::EpochSeconds crate::Millis crate::Seconds crate::BigInt
}
