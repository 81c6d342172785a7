//! Every rule of a field beside those of `validate.rs`, on types that are visible and on aliases.
#![allow(unused_parens, reason = "parentheses are looked through")]

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    num::{NonZero, NonZeroU32},
    ops::Deref,
    rc::Rc,
    sync::{Arc, LazyLock, Mutex},
    time::Duration,
};

use credwire::{
    Secret, Validate, Validator,
    rules::{AsNumber, AsText, Measured, RuleNumber},
};

type Name = String;
type MaybeName = Option<Name>;
type Share = f64;
type MaybeShare = Option<Share>;
type Sealed = Secret<String>;

const LEAST: u8 = 2;
const LONGEST: Duration = Duration::from_secs(5);

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

/// A number that is compared with a range.
macro_rules! ranges {
    ($($field:ident: $ty:ty = $fits:expr, $broken:expr;)*) => {
        #[derive(Validate)]
        struct Ranges {
            $(#[validate(range(2..=5))] $field: $ty,)*
        }

        fn ranges() {
            let fitting = Ranges { $($field: $fits,)* };
            assert_eq!(broken(&fitting), Vec::<String>::new());
            let other = Ranges { $($field: $broken,)* };
            assert_eq!(broken(&other), [$(concat!("/", stringify!($field), " range")),*]);
        }
    };
}

ranges! {
    byte: u8 = 2, 6;
    negative: i16 = 5, -2;
    large: u128 = 3, u128::MAX;
    size: usize = 2, 1;
    float: f64 = 5.0, 5.000001;
    single: f32 = 2.0, f32::NAN;
    non_zero: NonZeroU32 = NonZero::new(2).unwrap(), NonZero::new(1).unwrap();
    non_zero_too: NonZero<i8> = NonZero::new(2).unwrap(), NonZero::new(-2).unwrap();
    optional: Option<u8> = None, Some(9);
    parenthesized: (Option<(u8)>) = Some(2), Some(9);
    aliased: MaybeShare = None, Some(1.5);
    shared: Arc<Mutex<Option<Box<u8>>>> =
        Arc::new(Mutex::new(None)), Arc::new(Mutex::new(Some(Box::new(9))));
    own: Percent = Percent(3), Percent(101);
}

struct Percent(u8);

impl AsNumber for Percent {
    fn as_number(&self) -> Option<RuleNumber> {
        Some(self.0.into())
    }
}

#[derive(Validate)]
struct Bounds<'a> {
    #[validate(range(LEAST..))]
    of_a_constant: f64,
    #[validate(range(..=LONGEST))]
    time: Duration,
    #[validate(range(..=u128::MAX - 1))]
    large: Option<u128>,
    #[validate(range('b'..='y'))]
    letter: Letter,
    #[validate(range(-(1 + 1)..(1 << 40)))]
    computed: i64,
    #[validate(range(..0.1))]
    single: &'a f32,
}

type Letter = char;

fn bounds() {
    let value = Bounds {
        of_a_constant: 2.0,
        time: LONGEST,
        large: None,
        letter: 'b',
        computed: -2,
        single: &0.09,
    };
    assert_eq!(broken(&value), Vec::<String>::new());
    let value = Bounds {
        of_a_constant: 1.9,
        time: Duration::from_millis(5001),
        large: Some(u128::MAX),
        letter: 'z',
        computed: 1 << 40,
        single: &0.1,
    };
    assert_eq!(
        messages(&value),
        [
            "/of_a_constant: expected a number at least 2",
            "/time: expected a duration at most 5s",
            "/large: expected a number at most 340282366920938463463374607431768211454",
            "/letter: expected a value from b to y",
            "/computed: expected a number at least -2 and less than 1099511627776",
            "/single: expected a number less than 0.1",
        ]
    );
}

/// A text of another crate.
struct Compact(&'static str);

impl Deref for Compact {
    type Target = str;

    fn deref(&self) -> &str {
        self.0
    }
}

struct Path(Vec<u8>);

impl Measured for Path {
    const UNIT: &'static str = "steps";

    fn length(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

struct Tag(&'static str);

impl AsText for Tag {
    fn with_text<R>(&self, read: impl FnOnce(&str) -> R) -> Option<R> {
        Some(read(self.0))
    }
}

#[derive(Validate)]
struct Lengths {
    #[validate(length(..=4))]
    alias: Name,
    #[validate(length(..=4))]
    maybe: MaybeName,
    #[validate(length(..=4))]
    sealed: Option<Sealed>,
    #[validate(length(..=4))]
    compact: Option<Compact>,
    #[validate(length(..=1))]
    own: Path,
    #[validate(length(4))]
    exact: &'static str,
    #[validate(bytes(..=8))]
    bytes: Cow<'static, str>,
    #[validate(length(..=1))]
    fixed: [u8; 1],
}

fn lengths() {
    let four = "äöüß".to_owned();
    let value = Lengths {
        alias: four.clone(),
        maybe: Some(four.clone()),
        sealed: Some(four.clone().into()),
        compact: Some(Compact("äöüß")),
        own: Path(vec![1]),
        exact: "äöüß",
        bytes: four.into(),
        fixed: [0],
    };
    assert_eq!(broken(&value), Vec::<String>::new());
    let five = "äöüßé".to_owned();
    let value = Lengths {
        alias: five.clone(),
        maybe: Some(five.clone()),
        sealed: Some(five.clone().into()),
        compact: Some(Compact("äöüßé")),
        own: Path(vec![1, 2]),
        exact: "abc",
        bytes: five.into(),
        fixed: [0],
    };
    assert_eq!(
        messages(&value),
        [
            "/alias: expected at most 4 characters",
            "/maybe: expected at most 4 characters",
            "/sealed: expected at most 4 characters",
            "/compact: expected at most 4 characters",
            "/own: expected at most 1 steps",
            "/exact: expected exactly 4 characters",
            "/bytes: expected at most 8 bytes",
        ]
    );
}

#[derive(Default, Validate)]
#[validate(at_least_one_of("alias", "list", "any", "shared", message = "say who"))]
struct Presence {
    alias: MaybeName,
    list: Option<Vec<u8>>,
    any: Option<Duration>,
    shared: Arc<Name>,
}

fn presence() {
    let value = Presence { alias: Some(String::new()), list: Some(Vec::new()), ..Default::default() };
    assert_eq!(messages(&value), ["(value): say who"]);
    let value = Presence { any: Some(Duration::ZERO), ..Default::default() };
    assert_eq!(broken(&value), Vec::<String>::new());
    let value = Presence { shared: Arc::new("x".to_owned()), ..Default::default() };
    assert_eq!(broken(&value), Vec::<String>::new());
}

/// Stands for a regular expression: all that is asked is `is_match`.
struct Digits;

impl Digits {
    fn is_match(&self, text: &str) -> bool {
        text.bytes().all(|byte| byte.is_ascii_digit())
    }
}

static DIGITS: LazyLock<Digits> = LazyLock::new(|| Digits);

#[derive(Validate)]
struct Texts {
    #[validate(email)]
    email: Option<String>,
    #[validate(url)]
    url: Name,
    #[validate(ip)]
    ip: Tag,
    #[validate(ipv4)]
    ipv4: Compact,
    #[validate(ipv6)]
    ipv6: String,
    #[validate(ascii, alphanumeric, printable)]
    plain: String,
    #[validate(contains("a"), contains("b"), excludes("c"), prefix("a"), suffix("b"))]
    parts: String,
    #[validate(pattern(DIGITS), pattern("^\\d{1,3}$"))]
    pattern: Secret<String>,
    #[validate(credit_card)]
    card: Secret<String>,
    #[validate(phone)]
    phone: String,
    #[validate(email(message = "write to whom?", code = "address"))]
    worded: String,
    #[validate(required)]
    required: MaybeName,
    #[validate(required(message = "say it"), length(1..))]
    also_required: Option<Name>,
    #[validate(equals(plain))]
    same: String,
}

fn texts() {
    let text = |text: &str| text.to_owned();
    let mut value = Texts {
        email: None,
        url: text("https://example.com/a"),
        ip: Tag("::1"),
        ipv4: Compact("127.0.0.1"),
        ipv6: text("::1"),
        plain: text("a1"),
        parts: text("aab"),
        pattern: text("123").into(),
        card: text("4242 4242 4242 4242").into(),
        phone: text("+15550100"),
        worded: text("a@example.com"),
        required: Some(String::new()),
        also_required: Some(text("x")),
        same: text("a1"),
    };
    assert_eq!(broken(&value), Vec::<String>::new());
    value.email = Some(text("a"));
    value.url = text("example");
    value.ip = Tag("1");
    value.ipv4 = Compact("::1");
    value.ipv6 = text("127.0.0.1");
    value.plain = text("ä \n");
    value.parts = text("xcx");
    value.pattern = text("a").into();
    value.card = text("4242 4242 4242 4241").into();
    value.phone = text("5550100");
    value.worded = text("nobody");
    value.required = None;
    value.also_required = None;
    assert_eq!(
        broken(&value),
        [
            "/email email",
            "/url url",
            "/ip ip",
            "/ipv4 ipv4",
            "/ipv6 ipv6",
            "/plain ascii",
            "/plain alphanumeric",
            "/plain printable",
            "/parts contains",
            "/parts contains",
            "/parts excludes",
            "/parts prefix",
            "/parts suffix",
            "/pattern pattern",
            "/pattern pattern",
            "/card credit-card",
            "/phone phone",
            "/worded address",
            "/required required",
            "/also_required required",
            "/same equals",
        ]
    );
    let text = value.validate().unwrap_err().to_string();
    assert!(text.contains("/worded: write to whom?") && text.contains("say it"), "{text}");
    assert!(!text.contains("4241"), "{text}");
    assert!(text.contains("/pattern: expected text that matches `^\\d{1,3}$`"), "{text}");
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
    ranges();
    bounds();
    lengths();
    presence();
    texts();
    parts();
    whole();
    context();
    choice();
    generics();
    fragments();
}
