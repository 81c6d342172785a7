//! Pages, schemas and generated code as they were when this binary was built, by path.

include!(concat!(env!("OUT_DIR"), "/bundled.rs"));

/// The corrections and summaries.
pub(crate) const OVERLAY: &str = include_str!("../bundled/schema/overlay.toml");
