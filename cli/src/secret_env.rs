//! Secrets come from the environment: a command line can be read by every user of a machine.

use credwire::Secret;

use crate::outcome::{Failure, Result};

/// The value of the variable `name`, with white space around it removed.
pub(crate) fn read(name: &str) -> Result<Secret<String>> {
    let value = std::env::var(name).map(Secret::new).map_err(|error| match error {
        std::env::VarError::NotPresent => {
            Failure::usage(format!("the environment variable {name} is not set"))
        }
        // The error would show the value.
        std::env::VarError::NotUnicode(_) => {
            Failure::usage(format!("the environment variable {name} is not text"))
        }
    })?;
    let trimmed = value.expose().trim();
    if trimmed.is_empty() {
        return Err(Failure::usage(format!("the environment variable {name} is empty")));
    }
    Ok(Secret::from(trimmed))
}
