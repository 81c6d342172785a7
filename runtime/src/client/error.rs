//! Errors of a client.

use std::{borrow::Cow, fmt, sync::Arc};

use credwire_core::secrecy::redact;
use credwire_session::ResponseFault;

use super::error_source::{Source, harmless};

/// The error of a client that could not connect, or of a running one. Cloning is cheap.
///
/// The message states what was attempted; the cause is behind [`source`](std::error::Error::source)
/// and not repeated. Neither holds a token, a proof, an authorization state or a body.
#[derive(Clone, Debug)]
pub struct Error {
    kind: ErrorKind,
    message: Cow<'static, str>,
    transient: bool,
    response_fault: Option<ResponseFault>,
    source: Option<Source>,
}

/// The classes of [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An option of the builder cannot be used.
    Configuration,
    /// The provider returned no credential.
    Provider,
    /// A credential breaks a rule: no token, not a JOSE token, expired, seconds in place of
    /// milliseconds. It was not sent anywhere.
    InvalidCredentials,
    /// A token names a space outside the allow-list. It was not sent anywhere.
    HostNotAllowed,
    /// A REST call of the session failed.
    Rest,
    /// A socket could not be opened, or was lost.
    Socket,
    /// The space refuses the credential.
    Refused,
    /// A call of the session failed in another way.
    Rpc,
    /// The credential could not be refreshed; the one in use stays in force.
    Refresh,
    /// The session could not be bound to the client's key.
    Activation,
    /// The client has no key to prove possession of.
    Key,
    /// The session was not stored, or a stored one was not resumed; the session continues without
    /// it.
    Storage,
    /// The session is not recorded any more; it continues without the recording.
    Recording,
    /// No session was authenticated within the connect deadline.
    Unreachable,
    /// The client was closed.
    Closed,
}

impl ErrorKind {
    /// Returns the kind as a word, such as `host-not-allowed`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::Provider => "provider",
            Self::InvalidCredentials => "invalid-credentials",
            Self::HostNotAllowed => "host-not-allowed",
            Self::Rest => "rest",
            Self::Socket => "socket",
            Self::Refused => "refused",
            Self::Rpc => "rpc",
            Self::Refresh => "refresh",
            Self::Activation => "activation",
            Self::Key => "key",
            Self::Storage => "storage",
            Self::Recording => "recording",
            Self::Unreachable => "unreachable",
            Self::Closed => "closed",
        }
    }
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        let message = match message.into() {
            Cow::Owned(text) => Cow::Owned(redact(&text).into_owned()),
            fixed @ Cow::Borrowed(_) => fixed,
        };
        Self { kind, message, transient: false, response_fault: None, source: None }
    }

    pub(crate) fn transient(mut self, transient: bool) -> Self {
        self.transient = transient;
        self
    }

    pub(crate) fn answered(mut self, response_fault: ResponseFault) -> Self {
        self.response_fault = Some(response_fault);
        self
    }

    pub(crate) fn because(
        mut self,
        source: impl std::error::Error + Send + Sync + 'static,
    ) -> Self {
        self.source = Some(harmless(Arc::new(source)));
        self
    }

    /// A setting that cannot be used.
    pub(crate) fn configuration(
        message: &'static str,
        source: impl std::error::Error + Send + Sync + 'static,
    ) -> Self {
        Self::new(ErrorKind::Configuration, message).because(source)
    }

    pub(crate) fn closed() -> Self {
        Self::new(ErrorKind::Closed, "the client is closed")
    }

    /// Returns the kind of this error.
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Returns the fault of an answer that is not used; `None` for other errors.
    pub const fn response_fault(&self) -> Option<ResponseFault> {
        self.response_fault
    }

    /// Returns whether the same call may succeed later without any change.
    pub const fn is_transient(&self) -> bool {
        self.transient
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
