//! Structs and enums of every form, with fields that are skipped, flattened or held in something.
#![allow(dead_code, reason = "fields that are skipped are there to be skipped")]

use std::{
    borrow::Cow,
    cell::{Cell, RefCell},
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque},
    marker::PhantomData,
    net::Ipv4Addr,
    num::Wrapping,
    rc::Rc,
    sync::{Arc, Mutex, RwLock},
};

use credwire::Validate;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Mark, check, check_read, check_written, reported};

#[derive(Clone, Copy, Default, Serialize, Deserialize, Validate)]
#[serde(rename_all = "camelCase")]
struct Inner {
    #[validate(nested)]
    of_inner: Mark,
}

const fn inner(number: u32) -> Inner {
    Inner { of_inner: Mark(number) }
}

#[derive(Serialize, Deserialize, Validate)]
struct Newtype(#[validate(nested)] Inner);

#[derive(Serialize, Deserialize, Validate)]
struct Tuple(#[validate(nested)] Mark, #[validate(nested)] Inner);

#[derive(Serialize, Deserialize, Validate)]
#[serde(transparent)]
struct Transparent {
    marker: PhantomData<u8>,
    #[validate(nested)]
    inner: Inner,
    #[serde(skip)]
    _gone: u8,
}

#[derive(Serialize, Deserialize, Validate)]
#[serde(transparent)]
struct TransparentTuple(#[serde(skip)] u8, #[validate(nested)] Mark);

#[derive(Serialize, Deserialize, Validate)]
struct SkippedFirst(#[serde(skip)] u8, #[validate(nested)] Mark, #[validate(nested)] Mark);

#[derive(Serialize, Deserialize, Validate)]
struct PhantomFirst(PhantomData<u8>, #[validate(nested)] Mark, #[validate(nested)] Mark);

#[derive(Serialize, Deserialize, Validate)]
struct SkippedBoth(
    #[serde(skip_serializing, skip_deserializing)] u8,
    #[validate(nested)] Mark,
    #[serde(skip)] u8,
    #[validate(nested)] Mark,
);

#[derive(Serialize, Deserialize, Validate)]
struct Flat {
    #[validate(nested)]
    first: Mark,
    #[serde(flatten)]
    #[validate(nested)]
    inner: Inner,
    #[serde(flatten)]
    #[validate(nested)]
    rest: BTreeMap<String, Mark>,
}

#[derive(Serialize, Deserialize, Validate)]
struct FlatOption {
    #[serde(flatten)]
    #[validate(nested)]
    inner: Option<Inner>,
}

#[test]
fn structs_of_every_form_are_pointed_into() {
    check(&Newtype(inner(1)));
    check(&Tuple(Mark(1), inner(2)));
    check(&Transparent { marker: PhantomData, inner: inner(1), _gone: 7 });
    check(&TransparentTuple(7, Mark(1)));
    check(&SkippedFirst(0, Mark(1), Mark(2)));
    check(&PhantomFirst(PhantomData, Mark(1), Mark(2)));
    check(&SkippedBoth(0, Mark(1), 0, Mark(2)));
    let rest = BTreeMap::from([("a/b".to_owned(), Mark(3)), ("~".to_owned(), Mark(4))]);
    check(&Flat { first: Mark(1), inner: inner(2), rest });
    check(&FlatOption { inner: Some(inner(2)) });
}

#[derive(Serialize, Deserialize, Validate)]
enum External {
    Newtype(#[validate(nested)] Inner),
    Tuple(#[validate(nested)] Mark, #[serde(skip)] u8, #[validate(nested)] Mark),
    Struct {
        #[serde(flatten)]
        #[validate(nested)]
        flat: Inner,
        #[validate(nested)]
        other: Mark,
    },
    #[serde(untagged)]
    Untagged {
        #[validate(nested)]
        alone: Mark,
    },
    #[serde(untagged)]
    UntaggedTuple(#[validate(nested)] Mark, #[validate(nested)] Mark),
}

#[derive(Serialize, Deserialize, Validate)]
#[serde(tag = "kind")]
enum Internal {
    Newtype(#[validate(nested)] Inner),
    Struct {
        #[validate(nested)]
        other: Mark,
    },
}

#[derive(Serialize, Deserialize, Validate)]
#[serde(tag = "kind", content = "of", rename_all = "snake_case")]
enum Adjacent {
    NewType(#[validate(nested)] Inner),
    TupleOf(#[validate(nested)] Mark, #[validate(nested)] Mark),
    StructOf {
        #[validate(nested)]
        other: Mark,
    },
}

#[derive(Serialize, Deserialize, Validate)]
#[serde(untagged)]
enum Untagged {
    Struct {
        #[validate(nested)]
        other: Mark,
    },
    Tuple(#[validate(nested)] Mark, #[validate(nested)] Mark),
    Newtype(#[validate(nested)] Mark),
}

#[test]
fn enums_of_every_form_are_pointed_into() {
    check(&External::Newtype(inner(1)));
    check(&External::Tuple(Mark(1), 0, Mark(2)));
    check(&External::Struct { flat: inner(1), other: Mark(2) });
    check(&External::Untagged { alone: Mark(1) });
    check(&External::UntaggedTuple(Mark(1), Mark(2)));
    check(&Internal::Newtype(inner(1)));
    check(&Internal::Struct { other: Mark(1) });
    check(&Adjacent::NewType(inner(1)));
    check(&Adjacent::TupleOf(Mark(1), Mark(2)));
    check(&Adjacent::StructOf { other: Mark(1) });
    check(&Untagged::Struct { other: Mark(1) });
    check(&Untagged::Tuple(Mark(1), Mark(2)));
    check(&Untagged::Newtype(Mark(1)));
}

/// A key that serde writes by another name.
#[derive(PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Key {
    TheFirst,
}

#[derive(PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
struct KeyOf(i8);

#[derive(Serialize, Deserialize, Validate)]
struct Held {
    #[validate(nested)]
    boxed: Box<Inner>,
    #[validate(nested)]
    cell: Cell<Inner>,
    #[validate(nested)]
    ref_cell: RefCell<Inner>,
    #[validate(nested)]
    mutex: Mutex<Inner>,
    #[validate(nested)]
    rw_lock: RwLock<Option<Inner>>,
    #[validate(nested)]
    cow: Cow<'static, [Inner]>,
    #[validate(nested)]
    array: [Inner; 2],
    #[validate(nested)]
    slice: Box<[Inner]>,
    #[validate(nested)]
    list: Vec<Option<Inner>>,
    #[validate(nested)]
    deque: VecDeque<Inner>,
    #[validate(nested)]
    linked: LinkedList<Inner>,
    #[validate(nested)]
    map: HashMap<String, Inner>,
    #[validate(nested)]
    by_number: BTreeMap<u128, Vec<Inner>>,
    #[validate(nested)]
    by_key: BTreeMap<Key, Inner>,
    #[validate(nested)]
    by_newtype: BTreeMap<KeyOf, Inner>,
    #[validate(nested)]
    by_letter: HashMap<char, Inner>,
    #[validate(nested)]
    by_flag: HashMap<bool, Inner>,
    #[validate(nested)]
    by_address: HashMap<Ipv4Addr, Inner>,
    #[validate(nested)]
    set: BTreeSet<Mark>,
    #[validate(nested)]
    hash_set: HashSet<Mark>,
    #[validate(nested)]
    heap: BinaryHeap<Mark>,
    #[validate(nested)]
    wrapping: Wrapping<Mark>,
    #[validate(nested)]
    reverse: Reverse<Mark>,
    #[validate(nested)]
    result: Result<Inner, Mark>,
    #[validate(nested)]
    tuple: (Mark, Inner, Option<Mark>),
    #[validate(nested)]
    nested: Option<Box<Held>>,
}

fn held(base: u32, nested: Option<Box<Held>>) -> Held {
    let mark = |number: u32| Mark(base + number);
    let inner = |number: u32| inner(base + number);
    Held {
        boxed: Box::new(inner(1)),
        cell: Cell::new(inner(2)),
        ref_cell: RefCell::new(inner(3)),
        mutex: Mutex::new(inner(4)),
        rw_lock: RwLock::new(Some(inner(5))),
        cow: Cow::Owned(vec![inner(6), inner(7)]),
        array: [inner(8), inner(9)],
        slice: Box::new([inner(10)]),
        list: vec![None, Some(inner(11))],
        deque: VecDeque::from([inner(12)]),
        linked: LinkedList::from([inner(13), inner(14)]),
        map: HashMap::from([("a~/".to_owned(), inner(15)), ("b".to_owned(), inner(16))]),
        by_number: BTreeMap::from([(u128::MAX, vec![inner(17)])]),
        by_key: BTreeMap::from([(Key::TheFirst, inner(18))]),
        by_newtype: BTreeMap::from([(KeyOf(-1), inner(19))]),
        by_letter: HashMap::from([('/', inner(20))]),
        by_flag: HashMap::from([(true, inner(21))]),
        by_address: HashMap::from([(Ipv4Addr::LOCALHOST, inner(22))]),
        set: BTreeSet::from([mark(23), mark(24)]),
        hash_set: HashSet::from([mark(25), mark(26), mark(27)]),
        heap: BinaryHeap::from([mark(28), mark(29)]),
        wrapping: Wrapping(mark(30)),
        reverse: Reverse(mark(31)),
        result: if base == 0 { Ok(inner(32)) } else { Err(mark(32)) },
        tuple: (mark(33), inner(34), Some(mark(35))),
        nested,
    }
}

#[test]
fn whatever_holds_values_is_looked_through() {
    check_written(&held(0, Some(Box::new(held(100, None)))));
}

#[derive(Validate)]
struct Shared<'a> {
    #[validate(nested)]
    rc: Rc<Inner>,
    #[validate(nested)]
    arc: Arc<[Inner]>,
    #[validate(nested)]
    borrowed: &'a Inner,
    #[validate(nested)]
    slice: &'a [Inner],
}

#[test]
fn shared_and_borrowed_values_are_looked_through() {
    let of = inner(3);
    let shared = Shared {
        rc: Rc::new(inner(1)),
        arc: Arc::new([inner(2)]),
        borrowed: &of,
        slice: &[inner(4)],
    };
    let found: Vec<String> = reported(&shared).into_values().collect();
    assert_eq!(found, ["/rc/ofInner", "/arc/0/ofInner", "/borrowed/ofInner", "/slice/0/ofInner"]);
}

/// Names that differ by direction: without a word those that are read hold.
#[derive(Serialize, Deserialize, Validate)]
#[serde(rename_all(serialize = "SCREAMING-KEBAB-CASE", deserialize = "camelCase"))]
struct ReadSide {
    #[validate(nested)]
    two_words: Mark,
    #[serde(rename(serialize = "w", deserialize = "r"))]
    #[validate(nested)]
    renamed: Mark,
    #[serde(rename(serialize = "only"))]
    #[validate(nested)]
    written_otherwise: Mark,
}

#[derive(Serialize, Validate)]
#[validate(direction = "serialize")]
#[serde(rename_all(serialize = "SCREAMING-KEBAB-CASE", deserialize = "camelCase"))]
struct WriteSide {
    #[validate(nested)]
    two_words: Mark,
    #[serde(rename(serialize = "w", deserialize = "r"))]
    #[validate(nested)]
    renamed: Mark,
}

#[derive(Serialize, Validate)]
#[validate(direction = "serialize")]
struct WrittenTuple(
    #[serde(skip_serializing)] u8,
    #[validate(nested)] Mark,
    #[validate(nested)] Mark,
);

#[derive(Deserialize, Validate)]
struct ReadTuple(
    #[serde(skip_deserializing)] u8,
    #[validate(nested)] Mark,
    #[validate(nested)] Mark,
);

#[test]
fn names_are_those_of_the_direction() {
    let read: ReadSide =
        serde_json::from_value(json!({"twoWords": 1, "r": 2, "writtenOtherwise": 3})).unwrap();
    let found: Vec<String> = reported(&read).into_values().collect();
    assert_eq!(found, ["/twoWords", "/r", "/writtenOtherwise"]);
    check_written(&WriteSide { two_words: Mark(1), renamed: Mark(2) });
    check_written(&WrittenTuple(0, Mark(1), Mark(2)));
    let read: ReadTuple = serde_json::from_value(json!([1, 2])).unwrap();
    let found: Vec<String> = reported(&read).into_values().collect();
    assert_eq!((read.0, found), (0, vec!["/0".to_owned(), "/1".to_owned()]));
    check_read(&Tuple(Mark(1), inner(2)));
}

/// A rule on a field that is not on the wire is reported at the whole, and names the field.
#[derive(Serialize, Deserialize, Validate)]
struct OffTheWire {
    #[serde(skip)]
    #[validate(range(1..))]
    attempts: u8,
}

#[test]
fn a_field_that_is_not_on_the_wire_is_named() {
    let text = OffTheWire { attempts: 0 }.validate().unwrap_err().to_string();
    assert_eq!(text, "(value): `attempts`: expected a number at least 1");
}
