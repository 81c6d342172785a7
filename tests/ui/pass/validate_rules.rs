//! Every rule of a field beside those of `validate.rs`, on types that are visible and on aliases.
#![allow(unused_parens, reason = "parentheses are looked through")]

use std::{
    borrow::Cow,
    num::{NonZero, NonZeroU32},
    ops::Deref,
    sync::{Arc, LazyLock, Mutex},
    time::Duration,
};

use credwire::{
    Secret, Validate,
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

pub(crate) fn main() {
    ranges();
    bounds();
    lengths();
    presence();
    texts();
}
