//! The sources of `credwire-core` that this binary carries, as a package of its own.

use credwire_schema::fileset::FileSet;

use crate::bundled;

/// The folder of the package, below the package that depends on it.
pub(crate) const FOLDER: &str = "vendor/credwire-core";

/// The manifest: that of the workspace with everything that is inherited there.
const MANIFEST: &str = include_str!("vendor/core.toml");

/// The files of the package.
pub(crate) fn core() -> FileSet {
    let mut files = FileSet::default();
    files.insert("Cargo.toml", MANIFEST);
    files.insert("LICENSE-APACHE", include_str!("../LICENSE-APACHE"));
    files.insert("LICENSE-MIT", include_str!("../LICENSE-MIT"));
    for (path, text) in bundled::CORE {
        files.insert(*path, *text);
    }
    files.list(&format!("credwire {}", env!("CARGO_PKG_VERSION")));
    files
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::{fs, path::Path};

    use toml::{Table, Value};

    use super::*;

    fn table(path: &str) -> Table {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
        fs::read_to_string(path).unwrap().parse().unwrap()
    }

    fn is_inherited(value: &Value) -> bool {
        value.get("workspace").is_some()
    }

    /// What a dependency means: its version and the rest, with what the workspace says of it.
    fn resolved(own: &Value, workspace: &Value) -> Table {
        let full = |value: &Value| match value {
            Value::String(version) => {
                Table::from_iter([("version".to_owned(), version.as_str().into())])
            }
            value => value.as_table().unwrap().clone(),
        };
        let (own, mut all) = (full(own), full(workspace));
        for (key, value) in own.into_iter().filter(|(key, _)| key != "workspace") {
            match (all.get_mut(&key), value) {
                (Some(Value::Array(features)), Value::Array(more)) => features.extend(more),
                (_, value) => drop(all.insert(key, value)),
            }
        }
        all
    }

    #[test]
    fn the_manifest_is_that_of_the_workspace() {
        let vendored: Table = MANIFEST.parse().unwrap();
        let (core, root) = (table("core/Cargo.toml"), table("Cargo.toml"));
        assert_eq!(vendored["features"], core["features"]);
        for (key, value) in vendored["package"].as_table().unwrap() {
            let own = &core["package"][key];
            let expected = if is_inherited(own) { &root["workspace"]["package"][key] } else { own };
            assert_eq!(value, expected, "{key}");
        }
        let dependencies = core["dependencies"].as_table().unwrap();
        let names = |table: &Table| table.keys().cloned().collect::<Vec<_>>();
        let own = vendored["dependencies"].as_table().unwrap();
        assert_eq!(names(own), names(dependencies));
        for (name, value) in dependencies {
            let expected = resolved(value, &root["workspace"]["dependencies"][name]);
            let empty = Value::Table(Table::new());
            assert_eq!(resolved(&own[name], &empty), expected, "{name}");
        }
    }

    #[test]
    fn every_source_of_the_package_travels_along() {
        let files = core();
        for path in ["src/lib.rs", "src/support.rs", "src/from_json/key.rs", "README.md"] {
            assert!(files.get(path).is_some(), "{path}");
        }
    }
}
