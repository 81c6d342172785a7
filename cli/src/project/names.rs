//! Names that a project takes from its sources and its folders.

use std::path::{Component, Path, PathBuf};

use serde::Deserialize;

use crate::outcome::{Failure, Result};

/// What generated code calls the sources unless the file says it: the name of the package of the
/// first of them, else the name of its folder or file.
pub(crate) fn title_of(sources: &[PathBuf]) -> String {
    let Some(path) = sources.first() else { return String::new() };
    package_of(path).or_else(|| named(path)).unwrap_or_else(|| "interface".to_owned())
}

/// The name in the `package.json` of a package, or of the package that a file is in.
fn package_of(path: &Path) -> Option<String> {
    #[derive(Deserialize)]
    struct Package {
        name: String,
    }
    let name = |folder: &Path| {
        let text = std::fs::read_to_string(folder.join("package.json")).ok()?;
        Some(serde_json::from_str::<Package>(&text).ok()?.name)
    };
    if path.is_dir() { name(path) } else { path.ancestors().skip(1).find_map(name) }
}

fn named(path: &Path) -> Option<String> {
    let path = std::path::absolute(path).ok()?;
    let is_index = path.file_name().is_some_and(|name| name.eq_ignore_ascii_case("llms.txt"));
    let path = if is_index { path.parent()? } else { &path };
    let name = path.file_name()?.to_string_lossy().into_owned();
    let endings = [".d.ts", ".d.mts", ".d.cts", ".mdx", ".md"];
    let bare = endings.iter().find_map(|ending| name.strip_suffix(ending));
    Some(bare.map_or(name.clone(), str::to_owned))
}

/// Names that a package cannot have beside its dependencies and the standard library.
const TAKEN: [&str; 11] = [
    "alloc",
    "core",
    "credwire",
    "credwire-core",
    "futures-core",
    "proc-macro",
    "schemars",
    "serde",
    "serde-json",
    "std",
    "test",
];

/// The name of a package about `title`: `@acme/Talk.js` is `acme-talk-js`.
pub(crate) fn package_name(title: &str) -> String {
    let words: Vec<String> = title
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let name = words.join("-");
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
        return format!("api-{name}").trim_end_matches('-').to_owned();
    }
    let is_keyword = credwire_codegen::names::field(&name) != name.replace('-', "_");
    if is_keyword || TAKEN.contains(&name.as_str()) { format!("{name}-api") } else { name }
}

/// A name that the user gave to a package.
pub(super) fn checked(name: &str) -> Result<String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic());
    let is_taken = TAKEN.contains(&name.replace('_', "-").as_str());
    if begins && name.chars().all(allowed) && !is_taken {
        return Ok(name.to_owned());
    }
    Err(Failure::new(format!("{name:?} cannot be the name of the package"))
        .help(format!("choose another, such as {:?}", package_name(name))))
}

/// The folder of the package that a module belongs to, and the path of the module in it:
/// `api/src/client/types` is `client::types` of `api`.
pub(super) fn module(folder: &Path) -> Result<(PathBuf, String)> {
    let parts: Vec<Component<'_>> = folder.components().collect();
    let source = parts.iter().rposition(|part| part.as_os_str() == "src");
    let (package, module) = match source {
        Some(at) => (parts.get(..at), parts.get(at + 1..)),
        None => (None, None),
    };
    let module: Vec<_> =
        module.unwrap_or_default().iter().map(|part| part.as_os_str().to_string_lossy()).collect();
    if module.is_empty() {
        return Err(Failure::new(format!("{} is no folder of a module", folder.display()))
            .help("name one below `src`, such as `src/api`"));
    }
    Ok((package.unwrap_or_default().iter().collect(), module.join("::")))
}

/// The manifest of the workspace that cargo takes the package in a folder for a part of, named from
/// that folder.
pub(super) fn workspace_of(package: &Path) -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?.join(package);
    let is_workspace = |folder: &Path| {
        let text = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
        text.parse::<toml::Table>().is_ok_and(|manifest| manifest.contains_key("workspace"))
    };
    let above = here.ancestors().skip(1).position(is_workspace)?;
    let way = std::iter::repeat_n("..", above + 1).collect::<PathBuf>();
    Some(way.join("Cargo.toml"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn packages_are_named_as_cargo_takes_them() {
        for (title, name) in [
            ("@acme/Talk.js", "acme-talk-js"),
            ("Acme  Talk", "acme-talk"),
            ("3d", "api-3d"),
            ("ß", "api"),
            ("serde", "serde-api"),
            ("type", "type-api"),
        ] {
            assert_eq!(package_name(title), name, "{title}");
            assert_eq!(checked(name).unwrap(), name);
        }
        for name in ["", "a b", "1a", "serde", "../x", "serde_json"] {
            assert!(checked(name).is_err(), "{name}");
        }
    }

    #[test]
    fn a_module_is_below_the_sources_of_its_package() {
        let (package, path) = module(Path::new("crates/talk/src/client/api")).unwrap();
        assert_eq!((package.to_str(), path.as_str()), (Some("crates/talk"), "client::api"));
        assert_eq!(module(Path::new("src/api")).unwrap().0, Path::new(""));
        assert!(module(Path::new("api")).is_err() && module(Path::new("src")).is_err());
    }
}
