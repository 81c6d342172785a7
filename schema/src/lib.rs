//! Reads reference pages into interface schemas, and turns interface schemas into Rust.
//!
//! ```text
//! Source -> front-end -> Facts -> lower -> overlay, link, check -> Schema (frozen) -> generators
//! ```
//!
//! Everything before [`Schema`](model::Schema) needs the `ingest` feature; the macros do without.

pub mod codegen;
pub mod diagnostic;
pub mod document;
pub mod explain;
pub mod fileset;
pub mod link;
pub mod manifest;
pub mod model;
pub mod overlay;
mod suggest;
pub mod type_expr;

#[cfg(feature = "ingest")]
pub mod drift;
#[cfg(feature = "ingest")]
pub mod dts;
#[cfg(feature = "ingest")]
pub mod facts;
#[cfg(feature = "ingest")]
pub mod fern;
#[cfg(feature = "ingest")]
pub mod ingest;
#[cfg(feature = "ingest")]
mod lower;
#[cfg(feature = "ingest")]
mod mdx;
#[cfg(feature = "ingest")]
pub mod nesting;
#[cfg(feature = "ingest")]
mod page;
#[cfg(feature = "ingest")]
pub mod provenance;
#[cfg(feature = "ingest")]
mod reference;
#[cfg(feature = "ingest")]
pub mod rendered;
#[cfg(feature = "ingest")]
pub mod source;
#[cfg(feature = "ingest")]
pub mod ts;
#[cfg(feature = "ingest")]
pub mod typedoc;
