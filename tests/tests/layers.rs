//! The layer rules of ARCHITECTURE.md, read from `cargo metadata`.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, MetadataCommand};

/// Which packages of the workspace a package may depend on, outside of its tests.
fn allowed() -> BTreeMap<&'static str, &'static [&'static str]> {
    BTreeMap::from([
        ("credwire-core", &[] as &[_]),
        ("credwire-schema", &["credwire-core"]),
        ("credwire-macros", &["credwire-core", "credwire-schema"]),
        ("credwire-generated", &["credwire-core"]),
        ("credwire-session", &["credwire-core", "credwire-generated"]),
        (
            "credwire",
            &["credwire-core", "credwire-generated", "credwire-macros", "credwire-session"],
        ),
        ("credwire-sandbox", &["credwire-core", "credwire-generated"]),
        (
            "credwire-cli",
            &[
                "credwire",
                "credwire-core",
                "credwire-generated",
                "credwire-sandbox",
                "credwire-schema",
            ],
        ),
        (
            "credwire-tests",
            &[
                "credwire",
                "credwire-cli",
                "credwire-core",
                "credwire-generated",
                "credwire-macros",
                "credwire-sandbox",
                "credwire-schema",
                "credwire-session",
            ],
        ),
    ])
}

fn metadata() -> cargo_metadata::Metadata {
    MetadataCommand::new()
        .manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml"))
        .no_deps()
        .exec()
        .unwrap()
}

#[test]
fn packages_depend_only_on_the_layers_below_them() {
    let allowed = allowed();
    let metadata = metadata();
    let members: BTreeSet<_> = metadata.packages.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(members, allowed.keys().copied().collect(), "a package has no place in the rules");

    let mut defects = Vec::new();
    for package in &metadata.packages {
        let below = allowed[package.name.as_str()];
        for dependency in &package.dependencies {
            let name = dependency.name.as_str();
            let counts = dependency.kind != DependencyKind::Development && members.contains(name);
            if counts && !below.contains(&name) {
                defects.push(format!("{} must not depend on {name}", package.name));
            }
        }
    }
    assert!(defects.is_empty(), "{defects:#?}");
}

#[test]
fn macros_use_the_schema_without_ingest() {
    let metadata = metadata();
    let macros = metadata.packages.iter().find(|p| p.name == "credwire-macros").unwrap();
    for dependency in macros.dependencies.iter().filter(|d| d.name == "credwire-schema") {
        assert!(!dependency.uses_default_features && dependency.features.is_empty());
    }
}

/// Who uses neither recordings nor a database compiles none.
#[test]
fn a_plain_client_brings_no_database() {
    let metadata = metadata();
    let credwire = metadata.packages.iter().find(|p| p.name == "credwire").unwrap();
    assert!(credwire.features.get("default").is_none_or(Vec::is_empty));
    for feature in ["recording", "redb", "replay", "timeline"] {
        assert!(credwire.features.contains_key(feature), "{feature}");
    }
    for name in ["redb", "keyring", "metrics"] {
        let mut dependencies = credwire.dependencies.iter().filter(|d| d.name == name);
        assert!(
            dependencies.all(|d| d.optional || d.kind == DependencyKind::Development),
            "{name}"
        );
    }
}

/// The recorder sees the seam of the transport and the inputs of the core; the client uses it.
#[test]
fn what_the_client_uses_knows_no_client() {
    let source = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../runtime/src"));
    let mut defects = Vec::new();
    let mut read = 0;
    let mut folders: Vec<_> =
        ["cassette", "transport", "net", "response", "storage"].map(|it| source.join(it)).into();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.extend((!path.ends_with("tests")).then_some(path));
                continue;
            }
            read += 1;
            for line in std::fs::read_to_string(&path).unwrap().lines() {
                let code = line.trim_start();
                // That of `hyper_util` is another one.
                let nested = code.starts_with("client::") && !code.starts_with("client::legacy");
                if nested || code.contains("crate::client") {
                    defects.push(format!("{}: {code}", path.display()));
                }
            }
        }
    }
    assert!(read > 20 && defects.is_empty(), "{defects:#?}");
}
