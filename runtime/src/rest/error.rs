//! Errors of REST calls.

use std::{error::Error, fmt, time::Duration};

/// Longest error code that is repeated in a message.
const MAX_CODE: usize = 64;

/// The error of a REST call. It names the host, the call, the status and the error code, never a
/// body, a token or a query.
#[derive(Debug)]
pub struct RestError {
    kind: RestErrorKind,
    /// `METHOD host path`.
    call: String,
    status: Option<u16>,
    code: Option<String>,
    refused: bool,
    retry_after: Option<Duration>,
    tries: u32,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// The classes of [`RestError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RestErrorKind {
    /// The connection could not be opened, or broke.
    Network,
    /// No complete answer came within the timeout.
    Timeout,
    /// The answer has a status other than success.
    Status,
    /// The answer does not have the form that the call returns.
    Malformed,
    /// The proof of possession could not be made.
    Proof,
}

impl RestError {
    pub(super) fn new(kind: RestErrorKind, call: String) -> Self {
        Self {
            kind,
            call,
            status: None,
            code: None,
            refused: false,
            retry_after: None,
            tries: 1,
            source: None,
        }
    }

    pub(super) fn because(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    pub(super) fn answered(
        mut self,
        status: u16,
        code: Option<&str>,
        retry_after: Option<Duration>,
    ) -> Self {
        self.status = Some(status);
        let code = code.filter(|code| {
            // A foreign text in a message could be anything; an error code is a short word.
            code.len() <= MAX_CODE
                && code.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b))
        });
        self.code = code.map(str::to_owned);
        self.retry_after = retry_after;
        self
    }

    pub(super) const fn refused(mut self, refused: bool) -> Self {
        self.refused = refused;
        self
    }

    pub(super) fn after(mut self, tries: u32) -> Self {
        self.tries = tries;
        self
    }

    /// Returns the class of this error.
    pub const fn kind(&self) -> RestErrorKind {
        self.kind
    }

    /// Returns the HTTP status of the last answer.
    pub const fn status(&self) -> Option<u16> {
        self.status
    }

    /// Returns the code of the first error in the last answer, such as `token_expired`.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// Returns how long the server requested to wait before the same call; at most 15 min.
    pub const fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// Returns whether the space refused the call in its own form: status 400, 401, 403, 404, 409
    /// or 422 with a JSON object that names an error code, which is not one that requests a nonce.
    ///
    /// Every other answer (a page, a redirect, another status) came from something in between, and
    /// is [transient](Self::is_transient).
    pub const fn is_refusal(&self) -> bool {
        self.refused
    }

    /// Returns whether the same call may succeed later. That is so for everything but a
    /// [refusal](Self::is_refusal) and [`RestErrorKind::Proof`], where nothing was sent and waiting
    /// changes nothing.
    pub const fn is_transient(&self) -> bool {
        !self.refused && !matches!(self.kind, RestErrorKind::Proof)
    }

    /// Whether the next try may follow at once: the server named no time to wait.
    pub(super) const fn invites_retry(&self) -> bool {
        let answered = matches!(self.status, Some(500..=599));
        let unanswered = matches!(self.kind, RestErrorKind::Network | RestErrorKind::Timeout);
        (answered || unanswered) && self.retry_after.is_none()
    }
}

impl fmt::Display for RestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let call = &self.call;
        match self.kind {
            RestErrorKind::Network => write!(f, "{call}: the connection failed")?,
            RestErrorKind::Timeout => write!(f, "{call}: no complete answer in time")?,
            RestErrorKind::Malformed => write!(f, "{call}: the answer has not the expected form")?,
            RestErrorKind::Proof => write!(f, "{call}: no proof of possession")?,
            RestErrorKind::Status => {
                write!(f, "{call}: status {}", self.status.unwrap_or_default())?;
                if let Some(code) = &self.code {
                    write!(f, " ({code})")?;
                }
            }
        }
        if self.tries > 1 {
            write!(f, ", after {} tries", self.tries)?;
        }
        Ok(())
    }
}

impl Error for RestError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(kind: RestErrorKind) -> RestError {
        RestError::new(kind, "GET h.test /p".to_owned())
    }

    fn status(status: u16) -> RestError {
        error(RestErrorKind::Status).answered(status, Some("x"), None)
    }

    #[test]
    fn what_is_no_refusal_passes_but_for_a_proof_that_cannot_be_made() {
        use RestErrorKind::{Malformed, Network, Proof, Timeout};
        let refusal = status(403).refused(true);
        assert!(refusal.is_refusal() && !refusal.is_transient());
        for passing in [error(Network), error(Timeout), error(Malformed), status(403), status(302)]
        {
            assert!(passing.is_transient() && !passing.is_refusal(), "{passing}");
        }
        let proof = error(Proof);
        assert!(!proof.is_transient() && !proof.is_refusal());
    }

    #[test]
    fn foreign_text_is_not_repeated() {
        let error = status(401).answered(401, Some("token=made up"), None);
        assert_eq!(error.to_string(), "GET h.test /p: status 401");
        assert_eq!(
            status(401).after(3).to_string(),
            "GET h.test /p: status 401 (x), after 3 tries"
        );
    }

    #[test]
    fn a_named_wait_is_left_to_the_caller() {
        let busy = status(503).answered(503, None, Some(Duration::from_secs(9)));
        assert!(busy.is_transient() && !busy.invites_retry());
        assert!(status(500).invites_retry());
    }
}
