//! Reads reference pages into interface schemas, and turns interface schemas into Rust.
//!
//! ```text
//! Source -> front-end -> Facts -> lower -> overlay, link, check -> Schema (frozen) -> generators
//! ```
//!
//! Everything before [`Schema`](model::Schema) needs the `ingest` feature; the macros do without.

pub mod diagnostic;
pub mod model;
pub mod type_expr;
