//! What the fuzz targets share. The checks themselves are shared with the tests that replay their
//! corpora.

#[cfg(feature = "pages")]
pub mod checks;
#[cfg(feature = "wire")]
pub mod frame;
#[cfg(feature = "tokens")]
pub mod jose;
#[cfg(feature = "pages")]
mod pages;
#[cfg(feature = "wire")]
pub mod wire;

#[cfg(feature = "pages")]
pub use checks::Form;
#[cfg(feature = "pages")]
pub use pages::{record_panics, run};
