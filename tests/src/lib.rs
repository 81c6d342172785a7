//! What the tests share.

pub mod foreign;
pub mod live;
pub mod soak;

/// The examples of the repository's front page are compiled with the documentation tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

/// So is the example of how objects of an SDK are used.
#[cfg(doctest)]
#[doc = include_str!("../../docs/generated.md")]
struct Generated;

/// The example of the page about validation compiles.
#[cfg(doctest)]
#[doc = include_str!("../../docs/validation.md")]
struct Validation;
