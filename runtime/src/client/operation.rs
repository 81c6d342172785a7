//! The four ways to a credential, as futures.

use std::{sync::Arc, time::Duration};

use tracing::Instrument as _;

use super::{
    Error, ErrorKind,
    config::Config,
    provider::DynProvider,
    token::{Acceptance, Offer, Token},
};
use crate::{
    AuthenticateContext, CredentialError, DeviceTokenError, SdkCredential, TokenRefreshError,
    dpop::DpopKey,
    lifecycle::{Failure, OpId, OpKind},
    rest::{DeviceGrant, RestError},
    spawn::{Task, spawn},
};

/// Why an operation gave nothing.
#[derive(Debug)]
pub(super) struct OpError {
    pub(super) error: Error,
    /// What it means for the schedule.
    pub(super) failure: Failure,
}

pub(super) type OpResult = Result<Offer, OpError>;

/// An operation in flight.
pub(super) struct Running {
    pub(super) id: OpId,
    pub(super) kind: OpKind,
    /// In boot time.
    pub(super) started: Duration,
    pub(super) task: Task<OpResult>,
}

impl Running {
    pub(super) fn new(id: OpId, kind: OpKind, started: Duration, task: Task<OpResult>) -> Self {
        Self { id, kind, started, task }
    }
}

/// Starts an operation as a task of its own, so that a panic of the provider stays in it. `using`
/// is the token that the device endpoints are shown.
pub(super) fn start(
    config: &Arc<Config>,
    key: Option<Arc<DpopKey>>,
    kind: OpKind,
    using: Option<Token>,
    acceptance: Acceptance,
) -> Task<OpResult> {
    let config = Arc::clone(config);
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
            spawn(device(config, kind, using.zip(key), acceptance).instrument(span))
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
    let provider: &dyn DynProvider = &*config.provider;
    let answer = provider.authenticate(&context).await;
    provided(answer, config.device_lifetime, &acceptance, |error| {
        Error::new(ErrorKind::Provider, "the provider's authenticate() gave no credential")
            .because(error)
    })
}

async fn refresh(config: Arc<Config>, acceptance: Acceptance) -> OpResult {
    let answer = config.provider.refresh().await;
    provided(answer, config.device_lifetime, &acceptance, |error| {
        let cause = TokenRefreshError::new("refresh() gave no credential").with_source(error);
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
        Ok(credential) => acceptance
            .credential(credential, lifetime)
            // The next answer may be better, so this says nothing about the schedule.
            .map_err(|error| OpError { error, failure: Failure::TRANSIENT }),
        Err(error) => {
            let (failure, transient) = (error.kind().into(), error.is_transient());
            Err(OpError { error: wrap(error).transient(transient), failure })
        }
    }
}

async fn device(
    config: Arc<Config>,
    kind: OpKind,
    using: Option<(Token, Arc<DpopKey>)>,
    acceptance: Acceptance,
) -> OpResult {
    let Some((token, key)) = using else {
        // The lifecycle starts neither without a key and a credential.
        let error = Error::new(ErrorKind::Key, "there is no key to prove possession of");
        return Err(OpError { error, failure: Failure::Permanent });
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
    acceptance
        .device(grant, asked, server_now)
        .map_err(|error| OpError { error, failure: Failure::TRANSIENT })
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
    OpError { error: error.transient(transient), failure }
}
