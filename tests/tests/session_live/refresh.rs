//! Keeping the credential fresh.

use std::{sync::atomic::Ordering, time::Duration};

use credwire::{
    Client,
    client::{HistoryEvent, RefreshError},
    sdk::SdkWarning,
};
use credwire_sandbox::Fault;
use futures_util::StreamExt as _;

use credwire_tests::live::*;

fn reauthenticated(event: &HistoryEvent) -> bool {
    matches!(event, HistoryEvent::Reauthenticated)
}

#[tokio::test(start_paused = true)]
async fn a_bound_session_rotates_and_each_rotation_reaches_the_live_session() {
    let space = space(r#"{"deviceTtl":4}"#).await;
    let backend = Backend { scope: true, ..Backend::new(&space) };
    let client = connect(&backend).await;
    let mut history = client.history();
    // The activation and two rotations.
    let seen = until(&mut history, 3, reauthenticated).await;
    assert_eq!(seen.iter().filter(|event| matches!(event, HistoryEvent::Rotated)).count(), 2);
    let log = space.log();
    let fared = |op: &str| -> Vec<_> { log.checks.iter().filter(|check| check.op == op).collect() };
    assert!(fared(REFRESH).iter().take(2).all(|check| check.status == Some(200)));
    let tokens: Vec<_> = fared(REAUTHENTICATE).iter().map(|check| check.token).collect();
    assert!(tokens.len() >= 3 && tokens.iter().all(|token| *token == Some("ok")), "{tokens:?}");
    assert_eq!(backend.authenticated.load(Ordering::Relaxed), 1);
    client.disconnect().await;
}

#[tokio::test(start_paused = true)]
async fn a_rotation_that_fails_for_a_while_is_tried_again() {
    let space = space(r#"{"deviceTtl":6}"#).await;
    // Three tries of one rotation fail, the next rotation succeeds.
    space.add_fault(Fault::on(REFRESH).status(503).times(3));
    let backend = Backend { scope: true, ..Backend::new(&space) };
    let client = connect(&backend).await;
    let mut history = client.history();
    let seen = until(&mut history, 2, reauthenticated).await;
    assert!(
        seen.iter().any(|event| matches!(event, HistoryEvent::RefreshFailed { .. })),
        "{seen:?}"
    );
    assert_eq!(count(&space, TOKEN), 1);
}

#[tokio::test(start_paused = true)]
async fn a_failed_activation_leaves_the_refresh_to_the_provider() {
    let space = space("{}").await;
    space.add_fault(Fault::on(TOKEN).status(403).forever());
    let backend = Backend { scope: true, can_refresh: true, ..Backend::new(&space) };
    let client = connect(&backend).await;
    match client.warnings().next().await.unwrap() {
        SdkWarning::CredentialRefreshFallback(warning) => {
            assert_eq!(warning.reason.as_str(), "endpoint-failed");
        }
        other => panic!("{other:?}"),
    }
    client.refresh_now().await.unwrap();
    assert_eq!(backend.refreshed.load(Ordering::Relaxed), 1);
}

#[tokio::test(start_paused = true)]
async fn a_refresh_by_hand_reaches_the_session() {
    let space = space("{}").await;
    let backend = Backend { scope: true, ..Backend::new(&space) };
    let client = connect(&backend).await;
    client.refresh_now().await.unwrap();
    assert_eq!(count(&space, REFRESH), 1);
    let mut history = client.history();
    until(&mut history, 2, reauthenticated).await;
}

#[tokio::test(start_paused = true)]
async fn nothing_to_refresh_with_is_said_so() {
    let space = space("{}").await;
    let client = connect(&Backend::new(&space)).await;
    assert_eq!(client.refresh_now().await, Err(RefreshError::NoMechanism));
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_hangs_is_timed_out() {
    let space = space("{}").await;
    let backend = Backend { can_refresh: true, ..Backend::new(&space) };
    let first = backend.mint(None);
    let provider = credwire::providers::from_fn(move |_| {
        let credential = first.clone();
        async move { Ok(credential) }
    })
    .with_refresh(std::future::pending);
    let mut policy = quick();
    policy.op_timeout = Duration::from_millis(100);
    let builder = reach(Client::builder(provider), &space).policy(policy);
    let client = builder.connect().await.unwrap();
    assert_eq!(client.refresh_now().await, Err(RefreshError::TimedOut));
    let error = client.errors().next().await.unwrap();
    assert!(chain(&error).contains("in time"), "{}", chain(&error));
}
