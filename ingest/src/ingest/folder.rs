//! Files below a folder, and which of them are pages.

use std::path::{Path, PathBuf};

use crate::{source::Source, typedoc};

/// Files below a directory. Links are not followed, so that cycles cannot matter.
pub(super) fn walk(root: &Path, wanted: impl Fn(&Path) -> bool) -> Vec<PathBuf> {
    let mut walk = ignore::WalkBuilder::new(root);
    walk.standard_filters(false).hidden(true).follow_links(false);
    let files = walk.build().filter_map(Result::ok).map(ignore::DirEntry::into_path);
    files.filter(|path| path.is_file() && wanted(path)).collect()
}

/// Whether a file is a page or a file of declarations by its name.
pub(super) fn is_page(path: &Path) -> bool {
    let name =
        path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    let is_note = ["readme", "changelog", "license", "contributing"]
        .iter()
        .any(|note| name.starts_with(note));
    let known = [".mdx", ".md", ".d.ts", ".d.mts", ".d.cts"]
        .iter()
        .any(|extension| name.ends_with(extension));
    // The page of a module has the name of a note.
    known && (!is_note || (name == "readme.md" && is_module_page(path)))
}

fn is_module_page(path: &Path) -> bool {
    Source::read(path).is_ok_and(|source| typedoc::is_module_page(&source))
}
