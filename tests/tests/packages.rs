//! What a package for users needs to be published, read from `cargo metadata` and the sources.
//!
//! That the packages build from what they hold is proven by `cargo package --workspace`.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Component, Path, PathBuf},
};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};

fn metadata() -> Metadata {
    MetadataCommand::new()
        .manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml"))
        .no_deps()
        .exec()
        .unwrap()
}

/// The packages for users: all but the tests.
fn published(metadata: &Metadata) -> Vec<&Package> {
    let packages: Vec<_> = metadata.packages.iter().filter(|p| p.publish.is_none()).collect();
    let kept: Vec<_> = metadata.packages.iter().filter(|p| p.publish.is_some()).collect();
    assert_eq!(kept.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(), ["credwire-tests"]);
    packages
}

fn folder(package: &Package) -> &Path {
    package.manifest_path.parent().unwrap().as_std_path()
}

#[test]
fn packages_for_users_say_what_a_registry_shows() {
    let metadata = metadata();
    let root = metadata.workspace_root.as_std_path();
    let mut defects = Vec::new();
    for package in published(&metadata) {
        let folder = folder(package);
        let mut check = |holds: bool, what: &str| {
            if !holds {
                defects.push(format!("{}: {what}", package.name));
            }
        };
        check(package.description.as_ref().is_some_and(|text| text.ends_with('.')), "description");
        check(package.license.as_deref() == Some("MIT OR Apache-2.0"), "license");
        check(package.repository.is_some(), "repository");
        check(package.rust_version.is_some(), "rust-version");
        let keywords = &package.keywords;
        check((1..=5).contains(&keywords.len()), "one to five keywords");
        check(keywords.iter().all(|keyword| keyword.len() <= 20), "keywords of 20 letters at most");
        check((1..=5).contains(&package.categories.len()), "one to five categories");
        let all_features = &package.metadata["docs"]["rs"]["all-features"];
        check(all_features.as_bool() == Some(true), "all features on docs.rs");
        for name in ["LICENSE-APACHE", "LICENSE-MIT"] {
            let text = fs::read_to_string(folder.join(name));
            check(text.ok() == fs::read_to_string(root.join(name)).ok(), name);
        }
        let readme = fs::read_to_string(folder.join("README.md")).unwrap_or_default();
        check(readme.starts_with(&format!("# {}\n", package.name)), "front page");
        // A registry shows it elsewhere, so links to files of the repository are whole addresses.
        let relative = readme.match_indices("](").filter(|(at, _)| {
            let target = &readme[at + 2..];
            !target.starts_with("https://") && !target.starts_with('#')
        });
        check(relative.count() == 0, "relative links on the front page");
    }
    assert!(defects.is_empty(), "{defects:#?}");
}

/// Expansions and generated code fit one version of what they stand on.
#[test]
fn packages_of_the_workspace_require_exactly_each_other() {
    let metadata = metadata();
    let versions: BTreeMap<_, _> =
        metadata.packages.iter().map(|p| (p.name.as_str(), p.version.to_string())).collect();
    let mut required = 0;
    let mut defects = Vec::new();
    for package in published(&metadata) {
        for dependency in &package.dependencies {
            let Some(version) = versions.get(dependency.name.as_str()) else { continue };
            let only_for_tests = dependency.kind == DependencyKind::Development
                && dependency.req.comparators.is_empty();
            if dependency.req.to_string() == format!("={version}") {
                required += 1;
            } else if !only_for_tests {
                defects.push(format!("{}: {} {}", package.name, dependency.name, dependency.req));
            }
        }
    }
    assert!(required > 20 && defects.is_empty(), "{required}, {defects:#?}");
}

#[test]
fn no_package_needs_a_newer_rust_than_it_states() {
    let metadata = metadata();
    let stated: BTreeMap<_, _> =
        metadata.packages.iter().map(|p| (p.name.as_str(), p.rust_version.clone())).collect();
    let mut defects = Vec::new();
    for package in published(&metadata) {
        for dependency in &package.dependencies {
            let for_tests = dependency.kind == DependencyKind::Development;
            let Some(needed) = stated.get(dependency.name.as_str()).filter(|_| !for_tests) else {
                continue;
            };
            if *needed > package.rust_version {
                defects.push(format!("{} needs {needed:?} for {}", package.name, dependency.name));
            }
        }
    }
    assert!(defects.is_empty(), "{defects:#?}");
}

/// A published package is alone in its folder.
#[test]
fn nothing_outside_a_package_is_compiled_into_it() {
    let metadata = metadata();
    let mut included = 0;
    let mut defects = Vec::new();
    for package in published(&metadata) {
        let folder = folder(package);
        let mut files = vec![folder.join("build.rs")];
        rust_files(&folder.join("src"), &mut files);
        for file in files.iter().filter(|file| file.is_file()) {
            let text = fs::read_to_string(file).unwrap();
            for target in included_by(&text) {
                included += 1;
                if !normal(&file.parent().unwrap().join(&target)).starts_with(folder) {
                    defects.push(format!("{} reads {target}", file.display()));
                }
            }
            if text.contains("\"CARGO_MANIFEST_DIR\"), \"/..") {
                defects.push(format!("{} leaves its package", file.display()));
            }
        }
    }
    assert!(included > 5 && defects.is_empty(), "{included}, {defects:#?}");
}

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
}

/// The files that a text includes, or has as modules, by the path that is written there.
fn included_by(text: &str) -> Vec<String> {
    let mut targets = Vec::new();
    for before in ["include_str!(\"", "include_bytes!(\"", "#[path = \""] {
        let rests = text.match_indices(before).map(|(at, _)| &text[at + before.len()..]);
        targets.extend(rests.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())));
    }
    targets
}

/// The path without `..`; links are not followed, since a package holds what they lead to.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(normal.pop()),
            Component::CurDir => {}
            _ => normal.push(part),
        }
    }
    normal
}
