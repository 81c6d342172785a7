//! Providers, the decision about the refresh mechanism, and errors.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::{
    error::Error,
    future::Future,
    io,
    pin::pin,
    task::{Context, Poll, Waker},
};

use credwire_core::CredentialError;
use credwire_generated::{
    AuthenticateContext, CredentialProvider, DPoPInitError, DeviceTokenError,
    InvalidCredentialsError, RefreshMechanism, SdkCredential, TokenRefreshError,
};

struct Fixed;

impl CredentialProvider for Fixed {
    async fn authenticate(
        &self,
        context: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        let token = context.fingerprint.as_deref().unwrap_or("made-up");
        Ok(SdkCredential::from_token(token))
    }
}

fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("nothing here waits"),
    }
}

#[test]
fn a_provider_without_refresh_says_so_by_what_it_returns() {
    assert!(Fixed.refresh().is_none());
    let credential = now(Fixed.authenticate(&AuthenticateContext::default())).unwrap();
    assert_eq!(credential, SdkCredential::from_token("made-up"));
}

#[test]
fn the_table_decides_every_combination_at_compile_time() {
    const BOUND: RefreshMechanism = RefreshMechanism::select(true, true);
    assert_eq!(BOUND, RefreshMechanism::ClientBoundSat);
    assert_eq!(RefreshMechanism::select(false, true), RefreshMechanism::ClientBoundSat);
    assert_eq!(RefreshMechanism::select(true, false), RefreshMechanism::DeveloperProvidedRefresh);
    assert_eq!(RefreshMechanism::select(false, false), RefreshMechanism::None);
}

fn chain(error: &dyn Error) -> Vec<String> {
    let mut texts = vec![error.to_string()];
    let mut next = error.source();
    while let Some(error) = next {
        texts.push(error.to_string());
        next = error.source();
    }
    texts
}

#[test]
fn errors_have_a_source_and_do_not_repeat_it() {
    let cause = || io::Error::other("no route");
    assert_eq!(
        chain(&TokenRefreshError::new("refresh failed").with_source(cause())),
        ["refresh failed", "no route"]
    );
    assert_eq!(
        chain(&DeviceTokenError::new("no device token").with_source(cause())),
        ["no device token", "no route"]
    );
    let error = DPoPInitError::new().with_message("no key");
    assert_eq!(chain(&error), ["dpop init: no key"]);
    assert_eq!(
        chain(&InvalidCredentialsError::new("revoked").with_source(cause())),
        ["invalid credentials: revoked", "no route"]
    );
}
