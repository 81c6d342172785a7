//! Reads reference pages and declarations into facts, and facts into items of the schema.
//!
//! ```text
//! Source -> front-end -> Facts -> lower -> Items
//! ```
//!
//! A front-end reads one form: `fern` (MDX), `typedoc` (Markdown), `rendered` (plain text), `dts`
//! (declarations) and [`custom_elements`] (a Custom Elements Manifest). [`facts`] are what a source
//! states, each with its place. This is the only package that parses Markdown and
//! TypeScript. `credwire-schema` links the items that come of it.
//!
//! ```
//! use credwire_ingest::{IngestInput, Options, ingest};
//!
//! let text = "export interface Claims { expires_at?: number }".to_owned();
//! let read = ingest(&[IngestInput::Text { name: "index.d.ts".to_owned(), text }], &Options::default());
//! assert!(!read.has_errors());
//! assert_eq!(read.items[0].name, "Claims");
//! ```

pub mod custom_elements;
mod dts;
pub mod facts;
mod fern;
mod ingest;
mod lower;
mod mdx;
mod nesting;
mod page;
pub mod provenance;
mod reference;
mod rendered;
pub mod source;
mod ts;
mod typedoc;

pub use self::{
    ingest::{
        Form, IngestInput, Ingested, Options, Progress, Review, Summary, ingest, paths_from_list,
    },
    lower::Descriptions,
};
