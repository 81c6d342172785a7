//! How benches measure, shared by all of them: samples, peaks of memory, peers in Node, and the
//! report.

pub(crate) mod memory;
pub(crate) mod node;
pub(crate) mod report;
pub(crate) mod sampling;
