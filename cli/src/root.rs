//! Where the workspace is: the folder with the schemas and the generated code.

use std::path::{Path, PathBuf};

/// Schemas, below the root.
pub(crate) const SCHEMAS: &str = "schema/interfaces";
/// Schemas of the frames on the socket, below the root.
pub(crate) const WIRE: &str = "schema/wire";
/// Documents of custom elements, below the root.
pub(crate) const ELEMENTS: &str = "schema/elements";
/// Corrections and summaries, below the root.
pub(crate) const OVERLAY: &str = "schema/overlay.toml";
/// The folders of documents that code is generated from besides [`SCHEMAS`], where they are.
pub(crate) const OTHERS: [&str; 2] = [WIRE, ELEMENTS];
/// Generated code, below the root.
pub(crate) const GENERATED: &str = "generated";

/// The nearest folder at or above `from` that holds schemas.
pub(crate) fn find(from: &Path) -> Option<PathBuf> {
    from.ancestors().find(|folder| is(folder)).map(Path::to_path_buf)
}

/// Whether `folder` is a root.
pub(crate) fn is(folder: &Path) -> bool {
    folder.join(SCHEMAS).is_dir()
}
