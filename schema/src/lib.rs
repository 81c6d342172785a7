//! What is held to be true of the reference: the model, its documents, the overlay and linking.
//!
//! ```text
//! Items -> overlay, link, check -> Schema (frozen)
//! ```
//!
//! The committed schemas lie in this package's folder: `interfaces`, `wire`, `elements` and
//! `overlay.toml`. Items come of documents ([`document::load`]), or of pages through
//! `credwire-ingest`; `credwire-codegen` generates code from the frozen
//! [`Schema`](model::Schema).

pub mod diagnostic;
pub mod document;
pub mod fileset;
pub mod link;
pub mod model;
pub mod overlay;
pub mod spelling;
pub mod suggest;
pub mod type_expr;
