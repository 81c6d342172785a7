//! The layer rules of ARCHITECTURE.md, read from `cargo metadata`.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod circles;
mod sources;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use cargo_metadata::{DependencyKind, MetadataCommand, TargetKind};

/// Which packages of the workspace a package may depend on, outside of its tests.
fn allowed() -> BTreeMap<&'static str, &'static [&'static str]> {
    BTreeMap::from([
        ("credwire-core", &[] as &[_]),
        ("credwire-schema", &["credwire-core"]),
        ("credwire-ingest", &["credwire-core", "credwire-schema"]),
        ("credwire-codegen", &["credwire-core", "credwire-schema"]),
        (
            "credwire-drift",
            &["credwire-core", "credwire-codegen", "credwire-ingest", "credwire-schema"],
        ),
        ("credwire-macros", &["credwire-codegen", "credwire-core", "credwire-schema"]),
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
                "credwire-codegen",
                "credwire-core",
                "credwire-drift",
                "credwire-generated",
                "credwire-ingest",
                "credwire-sandbox",
                "credwire-schema",
            ],
        ),
        (
            "credwire-tests",
            &[
                "credwire",
                "credwire-cli",
                "credwire-codegen",
                "credwire-core",
                "credwire-drift",
                "credwire-generated",
                "credwire-ingest",
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

/// Pages and declarations are read by one package, and what runs in a user's build needs none of it.
#[test]
fn only_ingest_parses_markdown_and_typescript() {
    for package in metadata().packages.iter().filter(|p| p.name != "credwire-ingest") {
        for dependency in &package.dependencies {
            let parses = dependency.name == "markdown" || dependency.name.starts_with("oxc_");
            let for_tests = dependency.kind == DependencyKind::Development;
            assert!(!parses || for_tests, "{} must not parse pages", package.name);
        }
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
    let source = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../runtime/src"));
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

#[test]
fn files_need_each_other_in_no_circle() {
    let metadata = metadata();
    let mut defects = Vec::new();
    // Generated types mention each other as the reference's do.
    for package in metadata.packages.iter().filter(|p| p.name != "credwire-generated") {
        for target in &package.targets {
            let is_code =
                |kind| matches!(kind, &TargetKind::Lib | &TargetKind::Bin | &TargetKind::ProcMacro);
            if !target.kind.iter().any(is_code) {
                continue;
            }
            for circle in circles::find(target.src_path.as_std_path()) {
                defects.push(circle.shown.join("\n"));
            }
        }
    }
    assert!(defects.is_empty(), "files in a circle:\n{}", defects.join("\n\n"));
}
