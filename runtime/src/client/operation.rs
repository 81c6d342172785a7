//! The four operations that acquire a credential, as futures.

use std::{sync::Arc, time::Duration};

use tracing::Instrument as _;

use super::{
    Error, ErrorKind,
    config::Config,
    token::{Acceptance, Acquired, Token},
};
use crate::{
    AuthenticateContext, CredentialError, CredentialProvider as _, SdkCredential,
    dpop::DpopKey,
    rest::{DeviceGrant, RestError},
    spawn::{Task, spawn},
};
use credwire_generated::{DeviceTokenError, TokenRefreshError};
use credwire_session::scheduler::{Failure, OpId, OpKind};

/// Why an operation returned nothing.
#[derive(Debug)]
pub(super) struct OpError {
    pub(super) error: Error,
    /// What it means for the schedule.
    pub(super) failure: Failure,
    /// No later answer of the kind will be another.
    pub(super) is_final: bool,
}

impl OpError {
    /// An answer that cannot be used. The next one may be usable, so it decides nothing about the
    /// schedule.
    const fn unacceptable(error: Error) -> Self {
        Self { error, failure: Failure::TRANSIENT, is_final: true }
    }
}

pub(super) type OpResult = Result<Acquired, OpError>;

/// An operation in flight.
pub(super) struct Running {
    pub(super) id: OpId,
    pub(super) kind: OpKind,
    /// In boot time.
    pub(super) started: Duration,
    pub(super) task: Task<OpResult>,
}

/// Starts an operation as a task of its own, so that a panic of the provider stays in it. `newest`
/// is the token that is sent to the device endpoints, and whose space the new one may not leave.
pub(super) fn start(
    config: &Arc<Config>,
    key: Option<Arc<DpopKey>>,
    kind: OpKind,
    newest: Option<Arc<Token>>,
) -> Task<OpResult> {
    let config = Arc::clone(config);
    let bound_to = newest.as_ref().map(|newest| newest.hosts.clone());
    let acceptance = Acceptance { allowed: config.allowed.clone(), bound_to };
    let session = Arc::clone(&config.label);
    match kind {
        OpKind::Authenticate => {
            let span = tracing::info_span!("authenticate", %session);
            spawn(authenticate(config, key, acceptance).instrument(span))
        }
        OpKind::Refresh => {
            let span = tracing::info_span!("refresh", %session, mechanism = "developer");
            spawn(refresh(config, acceptance).instrument(span))
        }
        OpKind::Activate | OpKind::Rotate => {
            let mechanism = if kind == OpKind::Activate { "activation" } else { "client-bound" };
            let span = tracing::info_span!("refresh", %session, mechanism);
            spawn(device(config, kind, newest.zip(key), acceptance).instrument(span))
        }
    }
}

async fn authenticate(
    config: Arc<Config>,
    key: Option<Arc<DpopKey>>,
    acceptance: Acceptance,
) -> OpResult {
    let mut context = AuthenticateContext::new();
    if let Some(key) = &key {
        context = context.with_fingerprint(key.thumbprint());
    }
    let answer = config.provider.authenticate(&context).await;
    provided(answer, config.device_lifetime, &acceptance, |error| {
        Error::new(ErrorKind::Provider, "the provider's authenticate() returned no credential")
            .because(error)
    })
}

async fn refresh(config: Arc<Config>, acceptance: Acceptance) -> OpResult {
    let answer = match config.provider.refresh() {
        Some(answer) => answer.await,
        None => Err(CredentialError::not_provided("refresh")),
    };
    provided(answer, config.device_lifetime, &acceptance, |error| {
        let cause = TokenRefreshError::new("refresh() returned no credential").with_source(error);
        Error::new(ErrorKind::Refresh, "the credential was not refreshed").because(cause)
    })
}

fn provided(
    answer: Result<SdkCredential, CredentialError>,
    lifetime: Duration,
    acceptance: &Acceptance,
    wrap: impl FnOnce(CredentialError) -> Error,
) -> OpResult {
    match answer {
        Ok(credential) => {
            acceptance.credential(credential, lifetime).map_err(OpError::unacceptable)
        }
        Err(error) => {
            let (failure, transient) = (error.kind().into(), error.is_transient());
            Err(OpError { error: wrap(error).transient(transient), failure, is_final: false })
        }
    }
}

async fn device(
    config: Arc<Config>,
    kind: OpKind,
    using: Option<(Arc<Token>, Arc<DpopKey>)>,
    acceptance: Acceptance,
) -> OpResult {
    let Some((token, key)) = using else {
        // The lifecycle starts neither without a key and a credential.
        let error = Error::new(ErrorKind::Key, "there is no key to prove possession of");
        return Err(OpError { error, failure: Failure::Permanent, is_final: false });
    };
    let rest = &config.rest;
    let (asked, grant) = if kind == OpKind::Activate {
        let asked = config.device_lifetime;
        (asked, rest.activate(&token.hosts, &token.secret, &key, asked).await)
    } else {
        let asked = token.lifetime;
        (asked, rest.rotate(&token.hosts, &token.secret, &key, asked).await)
    };
    let grant: DeviceGrant = grant.map_err(|error| refused(kind, error))?;
    let server_now = rest.server_time().unwrap_or_else(|| config.clock.now().wall);
    acceptance.device(grant, asked, server_now).map_err(OpError::unacceptable)
}

fn refused(kind: OpKind, error: RestError) -> OpError {
    let transient = error.is_transient();
    let failure = if transient {
        Failure::Transient { retry_after: error.retry_after() }
    } else {
        Failure::Permanent
    };
    let error = if kind == OpKind::Activate {
        let cause = DeviceTokenError::new("there is no device token").with_source(error);
        Error::new(ErrorKind::Activation, "the session was not bound to the client's key")
            .because(cause)
    } else {
        let cause = TokenRefreshError::new("there is no new device token").with_source(error);
        Error::new(ErrorKind::Refresh, "the credential was not refreshed").because(cause)
    };
    OpError { error: error.transient(transient), failure, is_final: false }
}
