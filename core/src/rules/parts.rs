//! The items of lists and the entries of maps.

use std::{
    collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque},
    ops::Deref,
    pin::Pin,
};

use serde_json::{Map, Value};

use super::PointerKey;
use crate::validate::{Through, for_each_wrapper};

/// A list whose items have rules of their own: `items(length(1..))`.
#[diagnostic::on_unimplemented(
    message = "`items` does not fit `{Self}`",
    label = "this is no list",
    note = "implement `credwire::rules::Items` for a type of your own"
)]
pub trait Items {
    /// What the list holds.
    type Item: ?Sized;

    /// Calls `visit` with each item and its index on the wire.
    fn each_item(&self, visit: impl FnMut(usize, &Self::Item));
}

/// A map whose keys or values have rules of their own: `values(range(1..))`.
#[diagnostic::on_unimplemented(
    message = "`keys` and `values` do not fit `{Self}`",
    label = "this is no map",
    note = "implement `credwire::rules::Entries` for a type of your own"
)]
pub trait Entries {
    /// The keys, which name the entries in JSON pointers.
    type Key: PointerKey + ?Sized;
    /// The values.
    type Value: ?Sized;

    /// Calls `visit` with each key and its value.
    fn each_entry(&self, visit: impl FnMut(&Self::Key, &Self::Value));
}

macro_rules! lists {
    ($([$($params:tt)*] $list:ty;)*) => {
        $(impl<T $($params)*> Items for $list {
            type Item = T;

            #[inline]
            fn each_item(&self, mut visit: impl FnMut(usize, &T)) {
                for (index, item) in self.iter().enumerate() {
                    visit(index, item);
                }
            }
        })*
    };
}

lists! {
    [] [T];
    [, const N: usize] [T; N];
    [] Vec<T>;
    [] VecDeque<T>;
    [] LinkedList<T>;
    [] BinaryHeap<T>;
    [] BTreeSet<T>;
    [, S] HashSet<T, S>;
}

macro_rules! maps {
    ($([$($params:tt)*] $map:ty;)*) => {
        $(impl<K: PointerKey, V $($params)*> Entries for $map {
            type Key = K;
            type Value = V;

            #[inline]
            fn each_entry(&self, mut visit: impl FnMut(&K, &V)) {
                for (key, value) in self {
                    visit(key, value);
                }
            }
        })*
    };
}

maps! {
    [] BTreeMap<K, V>;
    [, S] HashMap<K, V, S>;
}

impl Entries for Map<String, Value> {
    type Key = String;
    type Value = Value;

    fn each_entry(&self, mut visit: impl FnMut(&String, &Value)) {
        for (key, value) in self {
            visit(key, value);
        }
    }
}

macro_rules! wrapper {
    ([$($params:tt)*] $wrapper:ty) => {
        impl<$($params)*> Items for $wrapper
        where
            T: Items,
        {
            type Item = T::Item;

            #[inline]
            fn each_item(&self, visit: impl FnMut(usize, &T::Item)) {
                self.through(|list| list.each_item(visit));
            }
        }

        impl<$($params)*> Entries for $wrapper
        where
            T: Entries,
        {
            type Key = T::Key;
            type Value = T::Value;

            #[inline]
            fn each_entry(&self, visit: impl FnMut(&T::Key, &T::Value)) {
                self.through(|map| map.each_entry(visit));
            }
        }
    };
}

for_each_wrapper!(wrapper);

impl<P: Deref<Target: Items>> Items for Pin<P> {
    type Item = <P::Target as Items>::Item;

    fn each_item(&self, visit: impl FnMut(usize, &Self::Item)) {
        self.through(|list| list.each_item(visit));
    }
}
