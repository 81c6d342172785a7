//! The names that everybody uses: what TypeScript's own libraries and the platforms declare.

mod objects;
pub(super) mod values;

use std::{collections::BTreeMap, sync::LazyLock};

pub(super) use self::objects::item;
use crate::model::External;

/// One line a kind: its name, and the names of that kind.
const TABLE: &str = include_str!("builtin/names.txt");

/// Types of the language that generators know.
pub(super) const REDUCED: &[&str] = &["Date", "Set", "URL", "Uint8Array"];

/// Types of the language that generators know, or that linking works out.
const KNOWN: &[&str] = &[
    "Array",
    "ArrayBuffer",
    "ArrayBufferLike",
    "ArrayLike",
    "AsyncGenerator",
    "AsyncIterable",
    "AsyncIterableIterator",
    "AsyncIterator",
    "Awaited",
    "BigInt",
    "Boolean",
    "Buffer",
    "Capitalize",
    "ConstructorParameters",
    "DataView",
    "Date",
    "Exclude",
    "Extract",
    "Function",
    "Generator",
    "InstanceType",
    "Iterable",
    "IterableIterator",
    "Iterator",
    "Lowercase",
    "Map",
    "NoInfer",
    "NonNullable",
    "Number",
    "Object",
    "Omit",
    "Parameters",
    "Partial",
    "Pick",
    "PromiseLike",
    "PropertyKey",
    "ReadableStream",
    "ReadonlyArray",
    "ReadonlyMap",
    "ReadonlySet",
    "Required",
    "ReturnType",
    "Set",
    "SharedArrayBuffer",
    "String",
    "URL",
    "URLSearchParams",
    "Uint8Array",
    "Uint8ArrayConstructor",
    "Uncapitalize",
    "Uppercase",
    "WeakMap",
];

static NAMES: LazyLock<BTreeMap<&str, External>> = LazyLock::new(|| {
    let mut names = BTreeMap::new();
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split(' ');
        let external = match words.next() {
            Some("platform") => External::Platform,
            Some("string") => External::PlatformString,
            Some("error") => External::Error,
            _ => External::Data,
        };
        names.extend(words.map(|name| (name, external)));
    }
    names.extend(KNOWN.iter().map(|name| (*name, External::Builtin)));
    names
});

/// What a name stands for that no item and no overlay explains.
pub(super) fn external(name: &str) -> Option<External> {
    NAMES.get(name).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_knows_each_kind() {
        for (name, expected) in [
            ("MediaStream", External::Platform),
            ("MediaDeviceKind", External::PlatformString),
            ("TypeError", External::Error),
            ("RTCIceServer", External::Data),
            ("Date", External::Builtin),
        ] {
            assert_eq!(external(name), Some(expected), "{name}");
        }
        assert_eq!(external("Banana"), None);
        assert!(TABLE.len() < 200 << 10);
    }
}
