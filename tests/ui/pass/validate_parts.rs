//! Rules of items and entries, of the user's functions and closures, of enums and generic types, and
//! in fragments of macros.

use std::{
    collections::{BTreeMap, HashMap},
    ops::Deref,
    rc::Rc,
    sync::Arc,
};

use credwire::{Secret, Validate, Validator};

type Name = String;

/// Broken rules, each as `pointer rule`.
fn broken(value: &impl Validate) -> Vec<String> {
    let violations = value.validate().err();
    let violations = violations.iter().flat_map(|violations| violations.iter());
    violations.map(|violation| format!("{} {}", violation.pointer(), violation.rule())).collect()
}

fn messages(value: &impl Validate) -> Vec<String> {
    let violations = value.validate().err();
    violations.iter().flat_map(|violations| violations.iter()).map(ToString::to_string).collect()
}

#[derive(Validate)]
struct Inner(#[validate(range(1..))] u8);

/// A list of another crate.
struct Small<T>(Vec<T>);

impl<T> Deref for Small<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

/// A map of another crate.
struct Ordered<K, V>(Vec<(K, V)>);

impl<'a, K, V> IntoIterator for &'a Ordered<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = std::iter::Map<std::slice::Iter<'a, (K, V)>, fn(&'a (K, V)) -> (&'a K, &'a V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter().map(|(key, value)| (key, value))
    }
}

#[derive(Validate)]
struct Parts {
    #[validate(length(1..), items(length(..=2), ascii))]
    items: Option<Vec<String>>,
    #[validate(items(items(range(1..))))]
    matrix: Vec<[u8; 2]>,
    #[validate(keys(length(1..)), values(nested))]
    map: HashMap<String, Inner>,
    #[validate(values(items(nested), length(..=1)))]
    lists: BTreeMap<u8, Vec<Inner>>,
    #[validate(nested, items(custom(|it| it.0 < 9)))]
    small: Small<Inner>,
    #[validate(nested, keys(length(1..)), values(custom(|it: &Inner| it.0 < 9)), length(1..))]
    ordered: Option<Ordered<String, Inner>>,
    #[validate(items(length(..=2)))]
    names: Option<Names>,
}

type Names = Box<[Name]>;

fn parts() {
    let text = |text: &str| text.to_owned();
    let value = Parts {
        items: Some(vec![text("ab"), text("äbc")]),
        matrix: vec![[1, 1], [1, 0]],
        map: HashMap::from([(String::new(), Inner(0))]),
        lists: BTreeMap::from([(7, vec![Inner(1), Inner(0)])]),
        small: Small(vec![Inner(0), Inner(9)]),
        ordered: Some(Ordered(vec![(text("a/b"), Inner(0)), (String::new(), Inner(9))])),
        names: Some(Box::new([text("abc")])),
    };
    assert_eq!(
        broken(&value),
        [
            "/items/1 length",
            "/items/1 ascii",
            "/matrix/1/1 range",
            "/map/ length",
            "/map/ range",
            "/lists/7/1 range",
            "/lists/7 length",
            "/small/0 range",
            "/small/1 custom",
            "/ordered/a~1b range",
            "/ordered/ length",
            "/ordered/ custom",
            "/names/0 length",
        ]
    );
}

fn is_even(value: &u8) -> Result<(), String> {
    if value.is_multiple_of(2) { Ok(()) } else { Err(format!("{value} is odd")) }
}

const fn is_short(text: &str) -> bool {
    text.len() < 3
}

fn check_list(value: &[u8], validator: &mut Validator) {
    if value.is_empty() {
        validator.report("filled", "expected something");
    }
    for (index, item) in value.iter().enumerate() {
        validator.at_index(index, |validator| {
            if *item == 0 {
                validator.report("zero", "expected no zero");
            }
        });
    }
}

#[derive(Validate)]
#[validate(custom(
    |it: &Self| it.until.is_none_or(|until| it.from <= until),
    message = "from must not be after until",
))]
#[validate(custom(is_whole), with(|it, validator| {
    if it.list.len() > 2 {
        validator.at("list", |validator| validator.report("few", "expected a few"));
    }
}))]
struct Whole {
    from: u8,
    #[validate(custom(is_even))]
    until: Option<u8>,
    #[validate(custom(is_short), custom(|text| !text.is_empty(), message = "expected text"))]
    text: Option<Secret<String>>,
    #[validate(with(check_list))]
    list: Vec<u8>,
    #[validate(when(|it: &Self| it.from > 1, required, range(5..)))]
    strict: Option<u8>,
    #[cfg_attr(all(), validate(range(..=9)))]
    #[cfg(any())]
    gone: NoSuchType,
    #[validate(skip)]
    other: NoRules,
}

struct NoRules;

fn is_whole(whole: &Whole) -> Result<(), &'static str> {
    if whole.from == 9 { Err("nine is too much") } else { Ok(()) }
}

fn whole() {
    let value = Whole {
        from: 1,
        until: Some(2),
        text: Some("ab".into()),
        list: vec![1],
        strict: None,
        other: NoRules,
    };
    assert_eq!(broken(&value), Vec::<String>::new());
    let value = Whole {
        from: 9,
        until: Some(3),
        text: Some("".into()),
        list: vec![1, 0, 2],
        strict: Some(4),
        other: NoRules,
    };
    assert_eq!(
        messages(&value),
        [
            "/until: 3 is odd",
            "/text: expected text",
            "/list/1: expected no zero",
            "/strict: expected a number at least 5",
            "(value): from must not be after until",
            "(value): nine is too much",
            "/list: expected a few",
        ]
    );
    let _ = value.other;
    let strict = Whole { strict: None, ..value };
    assert!(broken(&strict).contains(&"/strict required".to_owned()));
}

struct Limits {
    most: usize,
    taken: Vec<&'static str>,
}

#[derive(Validate)]
#[validate(context(Limits), custom(|it, limits| it.names.len() <= limits.most))]
struct Limited {
    #[validate(custom(is_free))]
    name: String,
    #[validate(items(custom(|name, limits| !limits.taken.contains(&name.as_str()))))]
    names: Vec<String>,
    #[validate(nested)]
    inner: Vec<LimitedInner>,
}

#[derive(Validate)]
#[validate(context(Limits))]
struct LimitedInner(#[validate(custom(is_free))] String);

fn is_free(name: &str, limits: &Limits) -> Result<(), &'static str> {
    if limits.taken.contains(&name) { Err("expected a name that is free") } else { Ok(()) }
}

fn context() {
    let limits = Arc::new(Limits { most: 1, taken: vec!["a"] });
    let text = |text: &str| text.to_owned();
    let value = Limited {
        name: text("a"),
        names: vec![text("b"), text("a")],
        inner: vec![LimitedInner(text("b")), LimitedInner(text("a"))],
    };
    let violations = value.validate_with(limits).unwrap_err();
    let found: Vec<_> = violations.iter().map(credwire::Violation::pointer).collect();
    assert_eq!(found, ["/name", "/names/1", "/inner/1", ""]);
    // Without the context nothing passes.
    let rules = broken(&value);
    assert!(rules.iter().all(|rule| rule.ends_with(" context")) && rules.len() == 3, "{rules:?}");
}

#[derive(Validate)]
enum Choice {
    Named {
        #[validate(length(1..))]
        name: String,
        #[validate(equals(name))]
        again: String,
    },
    Numbers(#[validate(range(1..))] u8, #[validate(when(|it| it.is_strict(), range(5..)))] u8),
    Strict,
}

impl Choice {
    const fn is_strict(&self) -> bool {
        matches!(self, Self::Numbers(2, _))
    }
}

fn choice() {
    let named = Choice::Named { name: String::new(), again: "x".to_owned() };
    assert_eq!(broken(&named), ["/Named/name length", "/Named/again equals"]);
    assert_eq!(broken(&Choice::Numbers(0, 1)), ["/Numbers/0 range"]);
    assert_eq!(broken(&Choice::Numbers(2, 1)), ["/Numbers/1 range"]);
    assert_eq!(broken(&Choice::Strict), Vec::<String>::new());
}

trait Source {
    type Part: Validate;
}

#[derive(Validate)]
struct Generic<'a, T, S: Source, const N: usize>
where
    T: Clone,
{
    #[validate(nested)]
    list: Vec<T>,
    #[validate(length(..=1))]
    of_any: &'a [T],
    #[validate(nested)]
    part: S::Part,
    #[validate(items(range(1..)))]
    numbers: [u8; N],
    // The type contains itself, and its impl must not hang on itself.
    #[validate(nested)]
    children: Vec<Generic<'a, T, S, N>>,
}

#[derive(Validate)]
struct Measure<T>(#[validate(length(..=1))] Option<T>, #[validate(range(..=1))] u8);

#[derive(Clone, Copy, Validate)]
#[repr(C, packed)]
struct Packed {
    first: u8,
    #[validate(range(1..))]
    second: u32,
}

struct Fixed;

impl Source for Fixed {
    type Part = Option<u8>;
}

fn generics() {
    let inner = || vec![Rc::new(Inner(0))];
    let of_any = inner();
    let child = Generic { list: inner(), of_any: &[], part: None, numbers: [0], children: vec![] };
    let value = Generic::<_, Fixed, 1> {
        list: inner(),
        of_any: &of_any,
        part: Some(1),
        numbers: [1],
        children: vec![child],
    };
    assert_eq!(
        broken(&value),
        ["/list/0 range", "/children/0/list/0 range", "/children/0/numbers/0 range"]
    );
    assert_eq!(broken(&Measure(Some("ab"), 2)), ["/0 length", "/1 range"]);
    let packed = Packed { first: 0, second: 0 };
    assert_eq!((packed.first, broken(&packed)), (0, vec!["/second range".to_owned()]));
}

/// Fragments of every kind, in every place that takes one.
macro_rules! fragments {
    ($name:ident $ty:ty, $maybe:ty, $list:ty, $bound:expr, $range:expr, $text:literal, $path:path) => {
        #[derive(Validate)]
        struct $name {
            #[validate(range($bound..))]
            number: $ty,
            #[validate(range($range), required)]
            maybe: $maybe,
            #[validate(items(range(..=$bound)), length($range))]
            list: $list,
            #[validate(prefix($text), custom($path), length($range, message = $text))]
            text: Option<String>,
        }
    };
}

fragments!(Fragments u8, Option<u8>, Vec<u8>, 3, 2..=3, "ab", is_short);

fn fragments() {
    let text = Some("xyzzy".to_owned());
    let value = Fragments { number: 2, maybe: Some(4), list: vec![4], text };
    assert_eq!(
        messages(&value),
        [
            "/number: expected a number at least 3",
            "/maybe: expected a number from 2 to 3",
            "/list/0: expected a number at most 3",
            "/list: expected from 2 to 3 items",
            "/text: expected text that starts with `ab`",
            "/text: expected a valid value",
            "/text: ab",
        ]
    );
}

pub(crate) fn main() {
    parts();
    whole();
    context();
    choice();
    generics();
    fragments();
}
