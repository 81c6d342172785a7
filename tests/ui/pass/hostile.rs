//! Items that are right and that macros of this kind get wrong: what is deprecated where warnings are
//! errors, packed structs, recursion through parameters, numbers at the ends of their types, keys of
//! every kind, configurations everywhere.
#![deny(warnings, deprecated, unused_qualifications, trivial_casts, single_use_lifetimes)]
#![allow(dead_code, reason = "only the expansions matter")]

use std::{
    collections::{BTreeMap, HashMap},
    convert::Infallible,
    sync::atomic::{AtomicI8, AtomicU64},
};

use credwire::{
    AuthenticateContext, CredentialError, CredentialProvider, RpcMethod, SdkCredential, Validate,
    credential_provider,
};
use futures_util::FutureExt;
use serde::Serialize;

fn pointers(value: &impl Validate) -> Vec<String> {
    let Err(violations) = value.validate() else { return Vec::new() };
    violations.iter().map(|violation| violation.pointer().to_owned()).collect()
}

mod deprecated {
    use super::*;

    #[deprecated]
    #[derive(Validate, Serialize, RpcMethod)]
    #[rpc(method = "example.old", result = ())]
    pub(super) struct Old {
        #[deprecated(note = "made-up")]
        #[validate(range(1..))]
        size: u8,
    }

    #[deprecated]
    #[derive(Validate)]
    pub(super) enum Kind {
        #[deprecated]
        Gone,
        #[deprecated]
        Older(#[validate(range(1..))] u8),
        Old {
            #[deprecated]
            #[validate(length(1..))]
            name: String,
        },
    }

    #[deprecated]
    #[credential_provider]
    pub(super) struct Backend {
        #[deprecated]
        #[credential_provider(public)]
        url: String,
    }

    #[credential_provider]
    pub(super) struct Other {
        #[deprecated]
        #[credential_provider(public)]
        pub(super) url: String,
    }

    #[credential_provider]
    impl Other {
        #[deprecated(since = "1.0.0", note = "made-up")]
        async fn authenticate(
            &self,
            _context: &AuthenticateContext,
        ) -> Result<SdkCredential, Infallible> {
            Ok(SdkCredential::from_token("made-up"))
        }

        #[deprecated]
        async fn refresh(&self) -> Result<SdkCredential, CredentialError> {
            Err(CredentialError::permanent("made-up"))
        }
    }
}

#[derive(Validate)]
#[repr(C, packed)]
#[validate(at_least_one_of("text", "other"))]
struct Packed {
    small: u8,
    #[validate(range(1..), custom(|value| *value < 9))]
    number: u64,
    #[validate(equals(number))]
    same: u64,
    text: Option<&'static str>,
    other: Option<u32>,
}

#[derive(Validate)]
struct Tree<T> {
    #[validate(nested)]
    value: T,
    #[validate(nested)]
    children: Vec<Tree<T>>,
}

#[derive(Validate)]
enum Chain<T> {
    End,
    Link(#[validate(nested)] T, #[validate(nested)] Box<Chain<T>>),
}

#[derive(Validate)]
struct Numbers {
    #[validate(range(-170141183460469231731687303715884105728..))]
    least: i128,
    #[validate(range(..=340282366920938463463374607431768211455))]
    most: u128,
    #[validate(range(..5))]
    shared: AtomicU64,
    #[validate(range(-1..))]
    signed: AtomicI8,
    #[validate(range(1u8..=2u8))]
    wrapping: std::num::Wrapping<u8>,
    #[validate(range(f64::MIN..=f64::MAX))]
    float: f64,
    #[validate(range(1_000..=1e6))]
    mixed: u32,
    #[validate(range(std::cmp::Ordering::Equal..))]
    order: std::cmp::Ordering,
}

#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    #[serde(rename = "a/b~c")]
    Named,
}

#[derive(Serialize, PartialEq, Eq, Hash)]
struct Numbered(u32);

#[derive(Validate)]
struct Maps {
    #[validate(values(range(1..)))]
    named: BTreeMap<Key, u8>,
    #[validate(values(items(range(1..))))]
    numbered: HashMap<Numbered, Vec<u8>>,
    #[validate(keys(range(1..)), values(range(1..)))]
    signed: BTreeMap<i64, u8>,
    #[validate(values(range(1..)))]
    flags: BTreeMap<bool, u8>,
    #[validate(keys(length(1..)), values(values(nested)))]
    deep: BTreeMap<Box<str>, BTreeMap<std::net::IpAddr, Tree<Inner>>>,
}

#[derive(Clone, Validate, Serialize)]
#[serde(rename_all(serialize = "camelCase", deserialize = "PascalCase"))]
struct Inner {
    #[validate(range(1..))]
    how_many: u8,
}

#[derive(Serialize, Validate)]
#[serde(tag = "t", content = "c/~", rename_all_fields = "SCREAMING-KEBAB-CASE")]
enum Adjacent {
    Named {
        #[validate(range(1..))]
        my_field: u8,
    },
    Several(#[serde(skip)] u8, #[validate(range(1..))] u8, #[validate(nested)] Inner),
    One(#[validate(nested)] Inner),
}

/// Arguments that read the value itself.
#[derive(Validate)]
struct Bounded {
    most: u8,
    part: String,
    #[validate(range(..=self.most))]
    number: u8,
    #[validate(length(self.part.len()..))]
    longer: String,
    #[validate(contains(self.part.as_str()), prefix(&self.part))]
    with_part: String,
    #[validate(pattern(Like(&self.part)), custom(is_like(&self.part)))]
    like: String,
    #[validate(items(range(..=self.most)))]
    numbers: Vec<u8>,
}

struct Like<'a>(&'a str);

impl Like<'_> {
    fn is_match(&self, text: &str) -> bool {
        text.starts_with(self.0)
    }
}

fn is_like(part: &str) -> impl Fn(&String) -> bool {
    move |text| text == part
}

mod configured {
    use super::*;

    #[derive(Validate)]
    pub(super) enum Kind {
        #[cfg(any())]
        Gone(#[validate(bogus)] Missing),
        Tuple(
            #[cfg(any())] Missing,
            #[validate(range(1..))] u8,
            #[cfg_attr(all(), validate(range(2..)))] u8,
        ),
    }

    #[credential_provider]
    pub(super) struct Backend {
        #[cfg(any())]
        gone: Missing,
        #[cfg(not(target_os = "none"))]
        pub(super) here: u8,
    }

    #[cfg(not(target_os = "none"))]
    #[credential_provider]
    #[cfg(not(any()))]
    impl Backend {
        #[cfg(any())]
        const GONE: Missing = 3;

        #[cfg(any())]
        async fn authenticate(&self, _: &Missing) -> Result<SdkCredential, Missing> {}

        #[cfg(not(target_os = "none"))]
        async fn authenticate(
            &self,
            #[cfg(any())] _gone: &Missing,
            #[cfg(not(target_os = "none"))] _here: &AuthenticateContext,
        ) -> Result<SdkCredential, CredentialError> {
            Ok(SdkCredential::from_token("made-up"))
        }

        #[cfg(any())]
        async fn refresh(&self) -> Result<SdkCredential, Missing> {}
    }
}

pub(crate) fn main() {
    let packed = Packed { small: 0, number: 9, same: 8, text: None, other: None };
    assert_eq!(pointers(&packed), ["", "/number", "/same"]);
    let leaf = |how_many| Tree { value: Inner { how_many }, children: Vec::new() };
    let tree = Tree { value: Inner { how_many: 1 }, children: vec![leaf(1), leaf(0)] };
    assert_eq!(pointers(&tree), ["/children/1/value/HowMany"]);
    let chain = Chain::Link((), Box::new(Chain::Link((), Box::new(Chain::End))));
    assert!(chain.validate().is_ok());
    let mut numbers = Numbers {
        least: i128::MIN,
        most: u128::MAX,
        shared: AtomicU64::new(4),
        signed: AtomicI8::new(-1),
        wrapping: std::num::Wrapping(2),
        float: 0.0,
        mixed: 1_000_000,
        order: std::cmp::Ordering::Greater,
    };
    assert_eq!(pointers(&numbers), [""; 0]);
    numbers.shared = AtomicU64::new(u64::MAX);
    numbers.signed = AtomicI8::new(-2);
    numbers.float = f64::INFINITY;
    numbers.order = std::cmp::Ordering::Less;
    assert_eq!(pointers(&numbers), ["/shared", "/signed", "/float", "/order"]);
    let maps = Maps {
        named: [(Key::Named, 0)].into(),
        numbered: [(Numbered(3), vec![1, 0])].into(),
        signed: [(-3, 0)].into(),
        flags: [(true, 0)].into(),
        deep: [("".into(), [([127, 0, 0, 1].into(), leaf(0))].into())].into(),
    };
    assert_eq!(
        pointers(&maps),
        [
            "/named/a~1b~0c",
            "/numbered/3/1",
            "/signed/-3",
            "/signed/-3",
            "/flags/true",
            "/deep/",
            "/deep//127.0.0.1/value/HowMany",
        ]
    );
    assert_eq!(pointers(&Adjacent::Named { my_field: 0 }), ["/c~1~0/MY-FIELD"]);
    let several = Adjacent::Several(0, 0, Inner { how_many: 0 });
    assert_eq!(pointers(&several), ["/c~1~0/0", "/c~1~0/1/HowMany"]);
    assert_eq!(pointers(&Adjacent::One(Inner { how_many: 0 })), ["/c~1~0/HowMany"]);
    assert_eq!(pointers(&configured::Kind::Tuple(0, 1)), ["/Tuple/0", "/Tuple/1"]);
    let bounded = Bounded {
        most: 1,
        part: "xy".to_owned(),
        number: 2,
        longer: "x".to_owned(),
        with_part: "x".to_owned(),
        like: "x".to_owned(),
        numbers: vec![1, 2],
    };
    assert_eq!(
        pointers(&bounded),
        ["/number", "/longer", "/with_part", "/with_part", "/like", "/like", "/numbers/1"]
    );
    let context = AuthenticateContext::new();
    let backend = configured::Backend { here: 1 };
    assert!(backend.refresh().is_none());
    let first = CredentialProvider::authenticate(&backend, &context);
    assert!(first.now_or_never().unwrap().is_ok());
    #[allow(deprecated, reason = "made to be")]
    let other = deprecated::Other { url: "made-up".to_owned() };
    assert_eq!(format!("{other:?}"), "Other { url: \"made-up\" }");
    let first = CredentialProvider::authenticate(&other, &context);
    assert!(first.now_or_never().unwrap().is_ok());
}
