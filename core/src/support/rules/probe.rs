//! Rules on types whose names say nothing to a macro: aliases, newtypes, containers of other crates.
//!
//! `(&&&&&Probe(value)).measured()` selects the first level that fits, by the order in which the
//! compiler tries receivers: the trait itself, what the type dereferences to, then what it is
//! iterated as. The last level always fits and keeps the value as it is, so that the compiler reports
//! the trait that is missing.

use std::{
    fmt,
    marker::PhantomData,
    ops::{Bound, Deref, RangeBounds},
};

use super::{InWords, Spot, report};
use crate::{
    Validate, Validator,
    rules::{AsNumber, AsText, Entries, Items, Measured, PointerKey, Presence},
};

/// A value whose type is looked into.
#[derive(Debug)]
pub struct Probe<'a, T: ?Sized>(pub &'a T);

/// A value beside a range.
#[derive(Debug)]
pub struct Ranged<'a, T: ?Sized, B, R> {
    value: &'a T,
    range: R,
    bound: PhantomData<B>,
}

impl<'a, T: ?Sized, B, R: RangeBounds<B>> Ranged<'a, T, B, R> {
    /// Keeps both.
    pub const fn new(value: &'a T, range: R) -> Self {
        Self { value, range, bound: PhantomData }
    }
}

/// A list of another crate, which is iterated by reference.
#[derive(Debug)]
pub struct Listed<'a, T: ?Sized>(&'a T);

/// A map of another crate, which is iterated by reference.
#[derive(Debug)]
pub struct Mapped<'a, T: ?Sized>(&'a T);

impl<'a, T: ?Sized, U: Validate + 'a> Validate for Listed<'a, T>
where
    &'a T: IntoIterator<Item = &'a U>,
{
    fn check(&self, validator: &mut Validator) {
        for (index, item) in self.0.into_iter().enumerate() {
            validator.at_index(index, |validator| item.check(validator));
        }
    }
}

impl<'a, T: ?Sized, K: PointerKey + 'a, V: Validate + 'a> Validate for Mapped<'a, T>
where
    &'a T: IntoIterator<Item = (&'a K, &'a V)>,
{
    fn check(&self, validator: &mut Validator) {
        for (key, value) in self.0 {
            validator.at_key(key, |validator| value.check(validator));
        }
    }
}

impl<'a, T: ?Sized, U: 'a> Items for Listed<'a, T>
where
    &'a T: IntoIterator<Item = &'a U>,
{
    type Item = U;

    fn each_item(&self, mut visit: impl FnMut(usize, &U)) {
        for (index, item) in self.0.into_iter().enumerate() {
            visit(index, item);
        }
    }
}

impl<'a, T: ?Sized, K: PointerKey + 'a, V: 'a> Entries for Mapped<'a, T>
where
    &'a T: IntoIterator<Item = (&'a K, &'a V)>,
{
    type Key = K;
    type Value = V;

    fn each_entry(&self, mut visit: impl FnMut(&K, &V)) {
        for (key, value) in self.0 {
            visit(key, value);
        }
    }
}

impl<'a, T: ?Sized, U: 'a> Measured for Listed<'a, T>
where
    &'a T: IntoIterator<Item = &'a U, IntoIter: ExactSizeIterator>,
{
    const UNIT: &'static str = "items";

    fn length(&self) -> Option<usize> {
        Some(self.0.into_iter().len())
    }
}

impl<'a, T: ?Sized, K: 'a, V: 'a> Measured for Mapped<'a, T>
where
    &'a T: IntoIterator<Item = (&'a K, &'a V), IntoIter: ExactSizeIterator>,
{
    const UNIT: &'static str = "items";

    fn length(&self) -> Option<usize> {
        Some(self.0.into_iter().len())
    }
}

/// The levels, which an expansion has in scope without their names.
pub mod levels {
    pub use super::level::{
        Entries1 as _, Entries2 as _, Entries3 as _, Entries4 as _, Entries5 as _, Items1 as _,
        Items2 as _, Items3 as _, Items4 as _, Items5 as _, Measured1 as _, Measured2 as _,
        Measured3 as _, Measured4 as _, Measured5 as _, Number1 as _, Number2 as _, Number3 as _,
        Number4 as _, Number5 as _, Presence1 as _, Presence2 as _, Presence3 as _, Presence4 as _,
        Ranged1 as _, Ranged2 as _, Ranged3 as _, Ranged4 as _, Rules1 as _, Rules2 as _,
        Rules3 as _, Rules4 as _, Rules5 as _, Text1 as _, Text2 as _, Text3 as _, Text4 as _,
        Text5 as _,
    };
}

mod level {
    use super::*;

    /// A level that finds a value by a trait of the rules.
    macro_rules! levels {
        ($method:ident: $bound:ident, $direct:ident, $deref:ident, $listed:ident, $mapped:ident, $missing:ident) => {
            pub trait $direct<'a, T: ?Sized> {
                fn $method(&self) -> &'a T;
            }
            impl<'a, T: $bound + ?Sized> $direct<'a, T> for &&&&Probe<'a, T> {
                #[inline]
                fn $method(&self) -> &'a T {
                    self.0
                }
            }
            pub trait $deref<'a, T: ?Sized> {
                fn $method(&self) -> &'a T;
            }
            impl<'a, T: Deref<Target: $bound> + ?Sized> $deref<'a, T::Target> for &&&Probe<'a, T> {
                #[inline]
                fn $method(&self) -> &'a T::Target {
                    self.0
                }
            }

            pub trait $listed<'a, T: ?Sized> {
                fn $method(&self) -> Listed<'a, T>;
            }
            impl<'a, T: ?Sized> $listed<'a, T> for &&Probe<'a, T>
            where
                Listed<'a, T>: $bound,
            {
                #[inline]
                fn $method(&self) -> Listed<'a, T> {
                    Listed(self.0)
                }
            }

            pub trait $mapped<'a, T: ?Sized> {
                fn $method(&self) -> Mapped<'a, T>;
            }
            impl<'a, T: ?Sized> $mapped<'a, T> for &Probe<'a, T>
            where
                Mapped<'a, T>: $bound,
            {
                #[inline]
                fn $method(&self) -> Mapped<'a, T> {
                    Mapped(self.0)
                }
            }

            pub trait $missing<'a, T: ?Sized> {
                fn $method(&self) -> &'a T;
            }
            impl<'a, T: ?Sized> $missing<'a, T> for Probe<'a, T> {
                #[inline]
                fn $method(&self) -> &'a T {
                    self.0
                }
            }
        };
    }

    levels!(measured: Measured, Measured1, Measured2, Measured3, Measured4, Measured5);
    levels!(text: AsText, Text1, Text2, Text3, Text4, Text5);
    levels!(number: AsNumber, Number1, Number2, Number3, Number4, Number5);
    levels!(rules: Validate, Rules1, Rules2, Rules3, Rules4, Rules5);
    levels!(items: Items, Items1, Items2, Items3, Items4, Items5);
    levels!(entries: Entries, Entries1, Entries2, Entries3, Entries4, Entries5);

    pub trait Presence1 {
        fn presence(&self) -> bool;
    }
    impl<T: Presence + ?Sized> Presence1 for &&&Probe<'_, T> {
        #[inline]
        fn presence(&self) -> bool {
            self.0.is_present()
        }
    }
    pub trait Presence2 {
        fn presence(&self) -> bool;
    }
    impl<T> Presence2 for &&Probe<'_, Option<T>> {
        #[inline]
        fn presence(&self) -> bool {
            self.0.is_some()
        }
    }
    pub trait Presence3 {
        fn presence(&self) -> bool;
    }
    impl<T: Deref<Target: Presence> + ?Sized> Presence3 for &Probe<'_, T> {
        #[inline]
        fn presence(&self) -> bool {
            self.0.deref().is_present()
        }
    }
    pub trait Presence4 {
        fn presence(&self) -> bool;
    }
    impl<T: ?Sized> Presence4 for Probe<'_, T> {
        #[inline]
        fn presence(&self) -> bool {
            true
        }
    }

    pub trait Ranged1 {
        fn range(&self, validator: &mut Validator, spot: Spot);
    }
    impl<T: AsNumber + ?Sized, B: AsNumber, R: RangeBounds<B>> Ranged1 for &&&Ranged<'_, T, B, R> {
        #[inline]
        fn range(&self, validator: &mut Validator, spot: Spot) {
            let number = |bound: Bound<&B>| bound.map(|it| super::super::bound(it.as_number()));
            let (least, most) = (self.range.start_bound(), self.range.end_bound());
            super::super::range(
                self.value.as_number(),
                validator,
                spot,
                number(least),
                number(most),
            );
        }
    }
    pub trait Ranged2 {
        fn range(&self, validator: &mut Validator, spot: Spot);
    }
    impl<T, B, R> Ranged2 for &&Ranged<'_, T, B, R>
    where
        T: PartialOrd<B> + ?Sized,
        B: PartialOrd<T> + PartialEq + fmt::Display,
        R: RangeBounds<B>,
    {
        #[inline]
        fn range(&self, validator: &mut Validator, spot: Spot) {
            if !self.range.contains(self.value) {
                let words = InWords(self.range.start_bound(), self.range.end_bound());
                report(validator, spot, "range", format!("expected a value {words}").into());
            }
        }
    }
    pub trait Ranged3 {
        fn range(&self, validator: &mut Validator, spot: Spot);
    }
    impl<T, B, R> Ranged3 for &Ranged<'_, T, B, R>
    where
        T: PartialOrd<B> + ?Sized,
        B: PartialOrd<T>,
        R: RangeBounds<B>,
    {
        #[inline]
        fn range(&self, validator: &mut Validator, spot: Spot) {
            if !self.range.contains(self.value) {
                report(validator, spot, "range", "expected a value in its range".into());
            }
        }
    }
    pub trait Ranged4 {
        fn range(&self, validator: &mut Validator, spot: Spot);
    }
    impl<T: ?Sized, B, R> Ranged4 for Ranged<'_, T, B, R>
    where
        T: AsNumber,
    {
        fn range(&self, _: &mut Validator, _: Spot) {}
    }
}
