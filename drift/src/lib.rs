//! Compares documentation with source ([`compare`]), and explains where a fact and its Rust come
//! from ([`explain`]).
//!
//! `credwire-ingest` reads the two sides, and `credwire-schema` holds the committed documents.
//!
//! Both sides are [`Facts`](credwire_ingest::facts::Facts), from whatever form: pages, declarations,
//! or committed documents by way of [`committed`]. The left side is the documentation by rule, the
//! right one the source.
//!
//! ```
//! use credwire_drift::{Class, compare};
//! use credwire_ingest::{IngestInput, Options, ingest};
//!
//! let read = |text: &str| {
//!     let input = IngestInput::Text { name: "index.d.ts".to_owned(), text: text.to_owned() };
//!     ingest(&[input], &Options::default()).facts
//! };
//! let documented = read("export interface Claims { exp: number }");
//! let declared = read("export interface Claims { exp: string }");
//! assert_eq!(compare(&documented, &declared)[0].class, Class::TypeChanged);
//! ```
//!
//! # What is compared
//! Symbols by their documented name; a name that the source exports for the same declaration is as
//! good. Members by name, bases included; a getter and a property of one name are the same member,
//! a setter is one of its own. Types by the values they admit ([`Class`] says what is overlooked).
//! The heads of a symbol (`extends`, `implements`) are compared by the members they bring.
//!
//! # What a difference is
//! The [table of classes](https://github.com/credwire/credwire/blob/main/docs/drift.md) is in the
//! repository; each [`Class`] has its definition. Group `true` is a fault of one side, `lossy` a
//! loss of the documentation's form, `same` another way to say it.
//!
//! Custom elements are compared by tag when both sides have some: `member` is the name of a field or
//! a method, and stands behind `attribute`, `event`, `slot`, `part` or `css` otherwise.
//!
//! A member that a page repeats from a base with a page of its own is checked against that page,
//! and what is wrong with both is reported for the base alone.

mod accepted;
mod class;
mod committed;
mod compare;
mod contradictions;
mod elements;
pub mod explain;
mod finding;
mod item;
mod members;
mod mention;
mod side;
mod types;

pub use self::{
    accepted::{Accepted, Filtered},
    class::{Class, Group},
    committed::{committed, committed_elements},
    compare::{compare, review},
    finding::Finding,
};
