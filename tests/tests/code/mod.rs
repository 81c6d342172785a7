//! The sources of the workspace, for rules about what they declare.

use std::{
    fs,
    path::{Path, PathBuf},
};

use syn::{Attribute, Visibility};

/// The source files of each member of the workspace, without tests; paths begin at `root()`.
pub(crate) fn sources() -> Vec<(String, Vec<PathBuf>)> {
    let manifest: toml::Table =
        toml::from_str(&fs::read_to_string(root().join("Cargo.toml")).unwrap()).unwrap();
    let members = manifest["workspace"]["members"].as_array().unwrap();
    let of = |member: &toml::Value| {
        let member = member.as_str().unwrap();
        let mut files = Vec::new();
        below(&root().join(member).join("src"), &mut files);
        assert!(!files.is_empty(), "{member} has no sources");
        (member.to_owned(), files)
    };
    members.iter().map(of).collect()
}

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A path below the workspace, as messages show it.
pub(crate) fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().display().to_string()
}

fn below(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap().to_str().unwrap();
        if matches!(name, "tests" | "tests.rs") {
            continue;
        }
        if path.is_dir() {
            below(&path, found);
        } else if name.ends_with(".rs") {
            found.push(path);
        }
    }
}

pub(crate) fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
    })
}

pub(crate) const fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}
