//! The layer rules of ARCHITECTURE.md, read from `cargo metadata`.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, MetadataCommand};

/// Which packages of the workspace a package may depend on, outside of its tests.
fn allowed() -> BTreeMap<&'static str, &'static [&'static str]> {
    BTreeMap::from([
        ("credwire-core", &[] as &[_]),
        ("credwire-schema", &[]),
        ("credwire-macros", &["credwire-schema"]),
        ("credwire-generated", &["credwire-core"]),
        ("credwire", &["credwire-core", "credwire-generated", "credwire-macros"]),
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
