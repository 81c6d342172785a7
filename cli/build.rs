//! Lists the files that the binary carries along, so that the demo and `init` run anywhere.
//!
//! They are below `bundled`: links in the repository, files in a published package.

use std::{
    env,
    error::Error,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

/// Name of the list, folder below `bundled`, endings of its files.
const LISTS: [(&str, &str, &[&str]); 6] = [
    ("FIXTURES", "fixtures", &["mdx", "md", "txt"]),
    ("SCHEMAS", "schema/interfaces", &["json"]),
    ("ELEMENTS", "schema/elements", &["json"]),
    ("WIRE", "schema/wire", &["json"]),
    ("GENERATED", "generated", &["rs", "json"]),
    ("CORE", "core", &["rs", "md"]),
];

fn main() -> Result<(), Box<dyn Error>> {
    let bundled = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("bundled");
    #[allow(clippy::print_stdout, reason = "how a build script speaks to cargo")]
    {
        println!("cargo::rerun-if-changed={}", bundled.display());
    }
    let mut text = String::new();
    for (name, folder, endings) in LISTS {
        let root = bundled.join(folder);
        let mut files = Vec::new();
        list(&root, endings, &mut files)?;
        if files.is_empty() {
            return Err(format!("nothing in {}", root.display()).into());
        }
        files.sort();
        writeln!(text, "pub(crate) const {name}: &[(&str, &str)] = &[")?;
        for file in files {
            let path = file.strip_prefix(&root)?.to_string_lossy().replace('\\', "/");
            writeln!(text, "    ({path:?}, include_str!({:?})),", file.to_string_lossy())?;
        }
        writeln!(text, "];")?;
    }
    fs::write(Path::new(&env::var("OUT_DIR")?).join("bundled.rs"), text)?;
    Ok(())
}

fn list(folder: &Path, endings: &[&str], files: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    // Without links, git checks out files in the place of folders.
    let entries = fs::read_dir(folder).map_err(|error| {
        format!("{}: {error}; clone with `git config core.symlinks true`", folder.display())
    })?;
    for entry in entries {
        let path = entry?.path();
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        if path.is_dir() {
            list(&path, endings, files)?;
        } else if endings.contains(&ending) {
            files.push(path);
        }
    }
    Ok(())
}
