//! The end of a command, and its exit status.

use std::{error::Error, fmt::Write as _, io, process::ExitCode};

use credwire_schema::diagnostic::Diagnostic;

use crate::report;

/// The end of a command that could do its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// All is well.
    Done,
    /// The work has findings, which were reported.
    Findings,
}

impl Outcome {
    /// The end of a command that did its work and has something to say about it: warnings are
    /// findings only to those who are `strict`.
    pub(crate) fn of(diagnostics: &[Diagnostic], strict: bool) -> Self {
        if strict && !diagnostics.is_empty() { Self::Findings } else { Self::Done }
    }
}

pub(crate) type Result<T = Outcome> = std::result::Result<T, Failure>;

/// The end of a command that could not do its work: what, why, and what to do about it.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    source: Option<Box<dyn Error + Send + Sync>>,
    help: Option<String>,
    status: Status,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    Failed = 1,
    Usage = 2,
    Interrupted = 130,
}

impl Failure {
    /// Something failed. `message` states what, without its causes.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), source: None, help: None, status: Status::Failed }
    }

    /// The command line asks for something that cannot be.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self { status: Status::Usage, ..Self::new(message) }
    }

    /// The user pressed Ctrl-C.
    pub(crate) fn interrupted() -> Self {
        Self { status: Status::Interrupted, ..Self::new("interrupted") }
    }

    /// Adds the cause, which is reported with its own causes.
    pub(crate) fn because(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Adds how to mend it.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Names the step during which it failed.
    pub(crate) fn during(mut self, step: &str) -> Self {
        self.message = format!("{step}: {}", self.message);
        self
    }

    /// The message and its causes, without repetition.
    fn text(&self) -> String {
        let mut text = self.message.clone();
        let mut source: Option<&(dyn Error + 'static)> = match &self.source {
            Some(source) => Some(&**source),
            None => None,
        };
        while let Some(error) = source {
            // Writing to a String cannot fail.
            let _ = write!(text, ": {error}");
            source = error.source();
        }
        text
    }
}

/// What was to be written could not be: mostly a pipe that its reader has closed.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::new("cannot write the output").because(error)
    }
}

/// Reports why a command failed, and returns its exit status.
pub(crate) fn exit_code(result: Result) -> ExitCode {
    let failure = match result {
        Ok(Outcome::Done) => return ExitCode::SUCCESS,
        Ok(Outcome::Findings) => return ExitCode::from(Status::Failed as u8),
        Err(failure) => failure,
    };
    let closed = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
    let source = failure.source.as_deref().and_then(|source| source.downcast_ref::<io::Error>());
    // `credwire ... | head`: whoever reads has seen enough.
    if source.is_some_and(closed) {
        return ExitCode::SUCCESS;
    }
    report::failure(&failure.text(), failure.help.as_deref());
    ExitCode::from(failure.status as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_reports_its_causes_once() {
        let cause = credwire::CredentialError::transient(io::Error::other("no route"));
        let failure = Failure::new("cannot connect").because(cause);
        assert_eq!(failure.text(), "cannot connect: no route");
    }
}
