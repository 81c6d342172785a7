//! Packages of scripts: which declarations their `package.json` names as the entry point.

use std::path::{Path, PathBuf};

use credwire_schema::diagnostic::{Diagnostic, Place};
use serde_json::Value;

use crate::{dts, source::Source};

/// The declarations of the package's main entry point; `None` when the folder is no package with
/// declarations. Other entry points are named in a diagnostic.
pub(super) fn entry(folder: &Path, diagnostics: &mut Vec<Diagnostic>) -> Option<PathBuf> {
    let file = folder.join("package.json");
    let source = file.is_file().then(|| Source::read(&file))?.ok()?;
    let manifest: Value = serde_json::from_str(source.text()).ok()?;
    let exports = manifest.get("exports");
    let subpaths = exports.and_then(Value::as_object).filter(|map| map.contains_key("."));
    let main = match subpaths {
        Some(map) => map.get("."),
        None => exports,
    };
    let listed = ["types", "typings"].iter().find_map(|key| manifest.get(key)?.as_str());
    let found = main
        .and_then(|main| declared(folder, main))
        .or_else(|| declarations(folder, listed?))
        .or_else(|| declarations(folder, manifest.get("main")?.as_str()?))
        .or_else(|| declarations(folder, "index.d.ts"))?;
    let others: Vec<&str> = subpaths
        .into_iter()
        .flatten()
        .filter(|(name, target)| {
            *name != "." && (name.contains('*') || declared(folder, target).is_some())
        })
        .map(|(name, _)| name.as_str())
        .collect();
    if !others.is_empty() {
        let message = format!("the package has other entry points: {}", others.join(", "));
        diagnostics.push(
            Diagnostic::warning("other-entry-points", Place::new(source.name(), 1, 1), message)
                .help("name their declaration files to read them"),
        );
    }
    Some(found)
}

/// The declarations that a target of `exports` comes to: by its conditions, those of types first.
fn declared(folder: &Path, target: &Value) -> Option<PathBuf> {
    match target {
        Value::String(path) => declarations(folder, path),
        Value::Array(all) => all.iter().find_map(|one| declared(folder, one)),
        Value::Object(conditions) => ["types", "import", "default", "require", "node", "browser"]
            .iter()
            .find_map(|condition| declared(folder, conditions.get(*condition)?)),
        _ => None,
    }
}

/// A path to declarations, or to a script with declarations beside it; inside the package.
fn declarations(folder: &Path, path: &str) -> Option<PathBuf> {
    let path = path.trim_start_matches("./");
    let is_inside = !path.starts_with('/') && !path.split('/').any(|part| part == "..");
    let beside = [(".mjs", ".d.mts"), (".cjs", ".d.cts"), (".js", ".d.ts")]
        .iter()
        .find_map(|(script, types)| Some(format!("{}{types}", path.strip_suffix(script)?)));
    let named = dts::is_declarations(path).then(|| path.to_owned());
    let found = [named, beside, Some(format!("{path}.d.ts")), Some(format!("{path}/index.d.ts"))];
    let mut found = found.into_iter().flatten().map(|name| folder.join(name));
    found.find(|file| is_inside && file.is_file())
}
