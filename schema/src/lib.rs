//! What is held to be true of the reference: the model, its documents, the overlay and linking.
//!
//! ```text
//! Items -> overlay, link, check -> Schema (frozen)
//! ```
//!
//! The committed schemas lie in this package's folder of the repository: `interfaces`, `wire`,
//! `elements` and `overlay.toml`. Items come of documents ([`document::load`]), or of pages through
//! `credwire-ingest`; `credwire-codegen` generates code from the frozen
//! [`Schema`](model::Schema).
//!
//! ```
//! use credwire_schema::{document, link};
//!
//! let text = r#"{"format": "credwire-schema/1", "name": "Dot", "rust": "Dot", "kind": "interface",
//!     "place": {"file": "Dot.mdx", "line": 1, "column": 1}}"#;
//! let dot = document::read("Dot.json", text).expect("a document");
//! let schema = link::link(vec![dot], &Default::default()).expect("no name is unknown");
//! assert!(schema.items.contains_key("Dot"));
//! ```

pub mod diagnostic;
pub mod document;
pub mod fileset;
pub mod link;
pub mod model;
pub mod overlay;
pub mod secret;
pub mod spelling;
pub mod suggest;
pub mod type_expr;
