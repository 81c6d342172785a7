//! `Validate` for what the standard library holds values in. Places are those of `serde`: the index
//! of an item, the key of an entry, `Ok` and `Err`.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque},
    ffi::{CStr, CString, OsStr, OsString},
    marker::PhantomData,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    num::NonZero,
    ops::Deref,
    path::{Path, PathBuf},
    pin::Pin,
    time::{Duration, SystemTime},
};

use serde_json::{Map, Number, Value};

use super::{PointerKey, Through, Validate, Validator, for_each_wrapper};

/// Values that every interface takes as they are.
macro_rules! without_rules {
    ($($plain:ty),* $(,)?) => {
        $(impl Validate for $plain {
            #[inline]
            fn check(&self, _validator: &mut Validator) {}
        })*
    };
}

without_rules! {
    (), bool, char, f32, f64, i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize,
    str, String, CStr, CString, OsStr, OsString, Path, PathBuf, Duration, SystemTime,
    IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, Value, Number, Map<String, Value>,
}

macro_rules! non_zero {
    ($($number:ty)*) => {
        without_rules!($(NonZero<$number>),*);
    };
}

non_zero!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

impl<T: ?Sized> Validate for PhantomData<T> {
    #[inline]
    fn check(&self, _validator: &mut Validator) {}
}

macro_rules! wrapper {
    ([T: ?Sized] std::cell::RefCell<T>) => {};
    ([$($params:tt)*] $wrapper:ty) => {
        impl<$($params)*> Validate for $wrapper
        where
            T: Validate,
        {
            #[inline]
            fn check(&self, validator: &mut Validator) {
                self.through(|value| value.check(validator));
            }
        }
    };
}

for_each_wrapper!(wrapper);

impl<P: Deref<Target: Validate>> Validate for Pin<P> {
    #[inline]
    fn check(&self, validator: &mut Validator) {
        self.through(|value| value.check(validator));
    }
}

impl<T: Validate + ?Sized> Validate for RefCell<T> {
    fn check(&self, validator: &mut Validator) {
        if self.through(|value| value.check(validator)).is_none() {
            validator.report("in-use", "the value is being changed and cannot be checked");
        }
    }
}

macro_rules! lists {
    ($([$($params:tt)*] $list:ty;)*) => {
        $(impl<$($params)*> Validate for $list {
            #[inline]
            fn check(&self, validator: &mut Validator) {
                for (index, value) in self.iter().enumerate() {
                    validator.at_index(index, |validator| value.check(validator));
                }
            }
        })*
    };
}

lists! {
    [T: Validate] [T];
    [T: Validate, const N: usize] [T; N];
    [T: Validate] Vec<T>;
    [T: Validate] VecDeque<T>;
    [T: Validate] LinkedList<T>;
    [T: Validate] BinaryHeap<T>;
    [T: Validate] BTreeSet<T>;
    [T: Validate, S] HashSet<T, S>;
}

macro_rules! maps {
    ($([$($params:tt)*] $map:ty;)*) => {
        $(impl<K: PointerKey, V: Validate $($params)*> Validate for $map {
            #[inline]
            fn check(&self, validator: &mut Validator) {
                for (key, value) in self {
                    validator.at_key(key, |validator| value.check(validator));
                }
            }
        })*
    };
}

maps! {
    [] BTreeMap<K, V>;
    [, S] HashMap<K, V, S>;
}

impl<T: Validate, E: Validate> Validate for Result<T, E> {
    fn check(&self, validator: &mut Validator) {
        match self {
            Ok(value) => validator.at("Ok", |validator| value.check(validator)),
            Err(error) => validator.at("Err", |validator| error.check(validator)),
        }
    }
}

macro_rules! tuples {
    ($(($($name:ident $index:tt)*))*) => {
        $(impl<$($name: Validate),*> Validate for ($($name,)*) {
            #[inline]
            fn check(&self, validator: &mut Validator) {
                $(validator.at_index($index, |validator| self.$index.check(validator));)*
            }
        })*
    };
}

tuples! {
    (A 0)
    (A 0 B 1)
    (A 0 B 1 C 2)
    (A 0 B 1 C 2 D 3)
    (A 0 B 1 C 2 D 3 E 4)
    (A 0 B 1 C 2 D 3 E 4 F 5)
    (A 0 B 1 C 2 D 3 E 4 F 5 G 6)
    (A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7)
}
