//! What a `Cargo.toml` says of a dependency.

use std::{fs, path::Path};

use toml::{Table, Value};

const KINDS: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

/// The name that code of the crate in `folder` has for `package`, if its `Cargo.toml` can be read
/// and depends on it. Of several names the first of the kinds of dependencies counts.
pub(super) fn name_of(package: &str, folder: &Path) -> Option<String> {
    let own = read(folder)?;
    let mut inherited = None;
    for kind in KINDS {
        let targets = own.get("target").and_then(Value::as_table).into_iter().flatten();
        let tables = own.get(kind).into_iter().chain(targets.filter_map(|(_, t)| t.get(kind)));
        for (name, dependency) in tables.filter_map(Value::as_table).flatten() {
            let entry = if dependency.get("workspace").is_some() {
                inherited.get_or_insert_with(|| of_workspace(&own, folder)).get(name)
            } else {
                Some(dependency)
            };
            let renamed = entry.and_then(|entry| entry.get("package")).and_then(Value::as_str);
            if renamed.unwrap_or(name) == package {
                return Some(name.replace('-', "_"));
            }
        }
    }
    None
}

fn read(folder: &Path) -> Option<Table> {
    fs::read_to_string(folder.join("Cargo.toml")).ok()?.parse().ok()
}

/// The dependencies that the crate can inherit.
fn of_workspace(own: &Table, folder: &Path) -> Table {
    let table = |root: &Table| root.get("workspace").and_then(Value::as_table).cloned();
    let named = || Some(folder.join(own.get("package")?.get("workspace")?.as_str()?));
    let workspace = table(own)
        .or_else(|| table(&read(&named()?)?))
        .or_else(|| folder.ancestors().skip(1).find_map(|above| table(&read(above)?)));
    match workspace.and_then(|mut workspace| workspace.remove("dependencies")) {
        Some(Value::Table(dependencies)) => dependencies,
        _ => Table::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The name of `credwire` in a crate with this manifest, below a workspace with another.
    fn name(manifest: &str, workspace: &str) -> Option<String> {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("crates/member");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("Cargo.toml"), manifest).unwrap();
        fs::write(root.path().join("Cargo.toml"), workspace).unwrap();
        name_of("credwire", &folder)
    }

    #[test]
    fn a_dependency_goes_by_its_key() {
        for (manifest, expected) in [
            ("[dependencies]\ncredwire = \"1\"", Some("credwire")),
            (
                "[dependencies]\nmy-wire = { package = \"credwire\", path = \"..\" }",
                Some("my_wire"),
            ),
            ("[dependencies.wire]\npackage = \"credwire\"", Some("wire")),
            ("[dev-dependencies]\nwire = { package = \"credwire\" }", Some("wire")),
            ("[target.'cfg(unix)'.dependencies]\nwire = { package = \"credwire\" }", Some("wire")),
            (
                "[dependencies]\na = { package = \"credwire\" }\n\
                 [build-dependencies]\nb = { package = \"credwire\" }",
                Some("a"),
            ),
            // Another package may stand under the name of this one.
            ("[dependencies]\ncredwire = { package = \"other\" }", None),
            ("[package]\nname = \"credwire\"", None),
            ("not a manifest", None),
        ] {
            assert_eq!(name(manifest, "").as_deref(), expected, "{manifest}");
        }
    }

    #[test]
    fn an_inherited_dependency_is_renamed_where_it_is_described() {
        let member = "[dependencies]\nserde.workspace = true\nwire = { workspace = true }";
        let workspace =
            "[workspace.dependencies]\nserde = \"1\"\nwire = { package = \"credwire\" }";
        assert_eq!(name(member, workspace).as_deref(), Some("wire"));
        assert_eq!(name(member, "[workspace]"), None);
        let both = format!("{member}\n{workspace}");
        assert_eq!(name(&both, "").as_deref(), Some("wire"));
        let pointing = format!("[package]\nworkspace = \"../..\"\n{member}");
        assert_eq!(name(&pointing, workspace).as_deref(), Some("wire"));
    }
}
