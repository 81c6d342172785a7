//! Documents of everything on the wire: its types, its JSON Schemas and the official TypeScript
//! declarations judge them alike.
//!
//! `CREDWIRE_DOCUMENTS` is the number of documents tried for each type and `CREDWIRE_SEED` what
//! they are made from; a failure names both. `CREDWIRE_SAMPLES` names a folder that gets samples of
//! each type, for the readers of JSON Schemas in other languages (`tests/interop/json-schema.sh`).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod documents;
mod samples;
mod schemas;
mod subjects;
mod typescript;

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).map_or(default, |text| text.parse().expect("a number"))
}
