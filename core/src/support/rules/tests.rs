//! Which level of a probe is selected, and what is reported.
#![allow(clippy::unwrap_used, reason = "tests")]
#![allow(clippy::needless_borrow, reason = "levels are selected by references")]

use std::{collections::HashMap, num::NonZero, ops::Bound, time::Duration};

use super::{levels::*, *};
use crate::{Secret, Validate};

/// A text of another crate: it dereferences to `str` and has no `impl` of a rule.
struct Compact(String);

impl std::ops::Deref for Compact {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// A map of another crate: it is iterated by reference.
struct Ordered<K, V>(Vec<(K, V)>);

impl<'a, K, V> IntoIterator for &'a Ordered<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = std::iter::Map<std::slice::Iter<'a, (K, V)>, fn(&'a (K, V)) -> (&'a K, &'a V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter().map(|(key, value)| (key, value))
    }
}

struct Odd(u8);

impl Validate for Odd {
    fn check(&self, validator: &mut Validator) {
        if self.0.is_multiple_of(2) {
            validator.report("odd", "must be odd");
        }
    }
}

/// The rule `length` as an expansion checks it.
fn length<T: Measured + ?Sized>(
    value: &T,
    validator: &mut Validator,
    spot: Spot,
    range: impl RangeBounds<usize>,
) {
    let (estimate, length) = (Measured::estimate, Measured::length);
    super::length(value, estimate, length, unit, validator, spot, range);
}

/// The rule `nested` as an expansion checks it.
fn nested<T: Validate + ?Sized>(value: &T, validator: &mut Validator, spot: Spot) {
    spot.walk(validator, |validator| value.check(validator));
}

/// What `walk` reports, each as `pointer: message`.
fn found(walk: impl FnOnce(&mut Validator)) -> Vec<String> {
    let mut validator = Validator::default();
    walk(&mut validator);
    let violations = validator.finish().err();
    violations.iter().flat_map(|all| all.iter()).map(ToString::to_string).collect()
}

#[test]
fn lengths_are_found_through_wrappers_and_in_types_of_others() {
    type Name = Option<Secret<String>>;
    let name: Name = Some("äöü".into());
    let at = Spot::at("name");
    assert!(found(|v| length((&&&&&Probe(&name)).measured(), v, at, ..=3)).is_empty());
    assert_eq!(
        found(|v| length((&&&&&Probe(&name)).measured(), v, at, 4..)),
        ["/name: expected at least 4 characters"]
    );
    let compact = Compact("äöü".to_owned());
    assert_eq!(
        found(|v| length((&&&&&Probe(&compact)).measured(), v, at, ..3)),
        ["/name: expected less than 3 characters"]
    );
    let ordered = Ordered(vec![(1, 2)]);
    assert_eq!(
        found(|v| length(&(&&&&&Probe(&ordered)).measured(), v, at, 2..=2)),
        ["/name: expected exactly 2 items"]
    );
}

#[test]
fn rules_of_others_are_found_too() {
    let ordered = Ordered(vec![("a/b", Odd(2)), ("c", Odd(3))]);
    let at = Spot::at("x");
    assert_eq!(found(|v| nested(&(&&&&&Probe(&ordered)).rules(), v, at)), ["/x/a~1b: must be odd"]);
    let map: HashMap<u8, Vec<Odd>> = HashMap::from([(7, vec![Odd(1), Odd(4)])]);
    assert_eq!(found(|v| nested((&&&&&Probe(&map)).rules(), v, at)), ["/x/7/1: must be odd"]);
}

#[test]
fn ranges_are_of_numbers_and_of_whatever_is_ordered() {
    let here = Spot::HERE;
    let whole = |value: i32| Bound::Included(value.into());
    assert_eq!(
        found(|v| range((&NonZero::<u32>::MIN).as_number(), v, here, whole(2), whole(5))),
        ["(value): expected a number from 2 to 5"]
    );
    assert_eq!(
        found(|v| range((&f64::NAN).as_number(), v, here, Bound::Unbounded, Bound::Unbounded)),
        ["(value): expected a number of any size"]
    );
    assert!(found(|v| range((&None::<f64>).as_number(), v, here, whole(2), whole(5))).is_empty());
    let limit = Duration::from_secs(2);
    assert_eq!(
        found(|v| (&&&&Ranged::new(&Duration::from_secs(3), ..=limit)).range(v, here)),
        ["(value): expected a duration at most 2s"]
    );
    assert_eq!(
        found(|v| (&&&&Ranged::new(&'b', ..='a')).range(v, here)),
        ["(value): expected a value at most a"]
    );
}

#[test]
fn presence_is_that_of_the_inmost_value_that_can_be_empty() {
    assert!(!(&&&&Probe(&Some(String::new()))).presence());
    assert!((&&&&Probe(&Some(Odd(1)))).presence());
    assert!(!(&&&&Probe(&None::<Odd>)).presence());
    assert!(!(&&&&Probe(&Compact(String::new()))).presence());
    assert!((&&&&Probe(&Odd(1))).presence());
}

#[test]
fn words_of_the_user_replace_ours() {
    let spot = Spot::at("a").code("mine").message("no").label("field");
    let violations = {
        let mut validator = Validator::default();
        required(true, &mut validator, spot);
        validator.finish().unwrap_err()
    };
    let violation = violations.iter().next().unwrap();
    assert_eq!((violation.rule(), violation.to_string().as_str()), ("mine", "/a: `field`: no"));
}

#[test]
fn a_context_that_is_missing_breaks_a_rule() {
    let found = found(|v| assert!(context::<u8>(v).is_none()));
    assert_eq!(
        found,
        ["(value): this value is checked with `validate_with` and a context of `u8`"]
    );
    let mut validator = Validator::with_context(Arc::new(7_u8));
    assert_eq!(context::<u8>(&mut validator).as_deref(), Some(&7));
}
