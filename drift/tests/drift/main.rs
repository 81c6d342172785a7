//! Drift, class by class: what is told, and what is the same in other words.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod accepted;
mod elements;
mod generated;
mod members;
mod pages;
mod symbols;
mod texts;
mod types;
mod versions;
