//! Generates Rust, JSON Schemas and a Custom Elements Manifest from a frozen
//! [`Schema`](credwire_schema::model::Schema).
//!
//! [`render_with`] makes the files of a package or of a module, [`render`] those of
//! `credwire-generated`, [`build()`] those that a build script needs, and [`tokens`] the code of one
//! module for a macro; [`report`] says what becomes of each item. An item that no generator can express is
//! left out, and so is whatever needs it; [`GeneratedFiles::left_out`] and `MANIFEST.json` say why, by item
//! and member. The output depends on the schema alone: equal schemas give equal bytes, in whatever
//! order their items came. `credwire-schema` reads the documents that a schema is made of.
//!
//! `generators` lists the generators, `render` runs them over every item, and `output` prints what
//! they give. A generator imports what it stands on (`emit`, `ty`, `context`, `names`), never the
//! list or the driver.
//!
//! ```
//! use credwire_codegen::render;
//! use credwire_schema::{document, link};
//!
//! let text = r#"{"format": "credwire-schema/1", "name": "Dot", "rust": "Dot", "kind": "interface",
//!     "place": {"file": "Dot.mdx", "line": 1, "column": 1},
//!     "properties": [{"name": "x", "type": "number",
//!         "place": {"file": "Dot.mdx", "line": 7, "column": 1}}]}"#;
//! let dot = document::read("Dot.json", text).expect("a document");
//! let schema = link::link(vec![dot], &Default::default()).expect("a schema");
//! let output = render(&schema).expect("a package");
//! let (_, rust) = output.files().iter().find(|(path, _)| *path == "src/data.rs").expect("a file");
//! assert!(rust.contains("pub struct Dot"));
//! ```

mod alias;
mod associated;
mod build;
mod choice;
mod constant;
mod context;
mod crate_root;
pub mod custom_elements;
mod decision;
mod definition;
mod docs;
mod element;
mod emit;
mod enumeration;
mod error_class;
mod exposed;
mod generator;
mod generators;
mod generics;
mod json_schema;
mod layout;
mod literal_union;
mod literals;
mod made;
mod manifest;
mod modules;
pub mod names;
mod nested;
mod object;
mod options;
mod output;
mod overloads;
mod package;
mod platform;
mod prelude;
mod print;
pub mod printer;
mod provider;
mod record;
mod recursion;
mod relocate;
mod render;
mod report;
mod rpc;
mod scope;
mod sdk;
mod shape;
mod signature;
mod size;
mod spelled_out;
mod summary;
mod ty;
mod types;
mod union;
mod unused;
mod wire_schemas;
mod wire_type;

pub use self::{
    build::{Build, BuildError, build},
    layout::SDK_FILE,
    made::Made,
    options::{CodeLayout, CrateOptions},
    output::{GeneratedFiles, ItemCode},
    package::{CoreSource, Dependency, Package},
    relocate::{Locations, relocate},
    render::{render, render_with, tokens},
    report::{Entry, report},
};
