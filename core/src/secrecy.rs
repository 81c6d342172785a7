//! Secrets, found by their names and in free text.
//!
//! [`names_secret`] and [`name_secrecy`] are the one list of names, for macros, schemas, recordings
//! and redaction. [`redact`] takes secrets out of a text, [`error_chain`] shows an error with its
//! causes and without secrets, and [`Secrets`] finds their places in a text.

mod name;
mod text;

pub use name::{NameSecrecy, name_secrecy, names_secret, names_secret_text};
pub use text::{SecretSearch, Secrets, error_chain, redact};
