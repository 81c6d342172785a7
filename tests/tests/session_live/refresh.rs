//! Keeping the credential fresh.

use std::{sync::atomic::Ordering, time::Duration};

use credwire::{
    Client, SdkWarning,
    lifecycle::{CredentialKind, RefreshFailure},
    timeline::Event,
};
use credwire_sandbox::Fault;
use futures_util::StreamExt as _;

use crate::{connect::chain, harness::*};

fn reauthenticated(event: &Event) -> bool {
    matches!(event, Event::Reauthenticated)
}

#[tokio::test]
async fn a_bound_session_rotates_and_each_rotation_reaches_the_live_session() {
    let space = space(r#"{"deviceTtl":4}"#).await;
    let backend = Backend { scope: true, ..Backend::new(&space) };
    let client = connect(&backend).await;
    let mut history = client.history();
    // The activation and two rotations.
    let seen = until(&mut history, 3, reauthenticated).await;
    assert_eq!(seen.iter().filter(|event| matches!(event, Event::Rotated)).count(), 2);
    let log = space.log();
    let fared = |op: &str| -> Vec<_> { log.checks.iter().filter(|check| check.op == op).collect() };
    assert!(fared(REFRESH).iter().take(2).all(|check| check.status == Some(200)));
    let tokens: Vec<_> = fared(REAUTHENTICATE).iter().map(|check| check.token).collect();
    assert!(tokens.len() >= 3 && tokens.iter().all(|token| *token == Some("ok")), "{tokens:?}");
    assert_eq!(backend.authenticated.load(Ordering::Relaxed), 1);
    client.disconnect().await;
}

#[tokio::test]
async fn a_developer_refresh_reaches_the_live_session() {
    let space = space(r#"{"closeAtExpiry":true}"#).await;
    let backend =
        Backend { can_refresh: true, ttl: Duration::from_secs(4), ..Backend::new(&space) };
    let client = connect(&backend).await;
    let mut history = client.history();
    let seen = until(&mut history, 2, reauthenticated).await;
    assert!(!seen.iter().any(|event| matches!(event, Event::Dropped { .. })), "{seen:?}");
    assert!(backend.refreshed.load(Ordering::Relaxed) >= 2);
    assert_eq!(backend.authenticated.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_refused_rotation_falls_back_to_the_provider() {
    let space = space(r#"{"deviceTtl":4}"#).await;
    space.add_fault(Fault::on(REFRESH).status(401));
    let backend = Backend { scope: true, can_refresh: true, ..Backend::new(&space) };
    let client = connect(&backend).await;
    let mut history = client.history();
    until(&mut history, 2, reauthenticated).await;
    assert_eq!(backend.refreshed.load(Ordering::Relaxed), 1);
    match client.warnings().next().await.unwrap() {
        SdkWarning::CredentialRefreshFallback(warning) => {
            assert_eq!(warning.reason.as_str(), "refresh-failed");
        }
        other => panic!("{other:?}"),
    }
    let error = client.errors().next().await.unwrap();
    assert!(chain(&error).contains("devices/refresh: status 401"), "{}", chain(&error));
}

#[tokio::test]
async fn a_rotation_that_fails_for_a_while_is_tried_again() {
    let space = space(r#"{"deviceTtl":6}"#).await;
    // Three tries of one rotation fail, the next rotation succeeds.
    space.add_fault(Fault::on(REFRESH).status(503).times(3));
    let backend = Backend { scope: true, ..Backend::new(&space) };
    let client = connect(&backend).await;
    let mut history = client.history();
    let seen = until(&mut history, 2, reauthenticated).await;
    assert!(seen.iter().any(|event| matches!(event, Event::RefreshFailed { .. })), "{seen:?}");
    assert_eq!(count(&space, TOKEN), 1);
}

#[tokio::test]
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

#[tokio::test]
async fn a_nonce_is_taken_up_with_a_fresh_proof() {
    let space = space(r#"{"nonce":true,"deviceTtl":4}"#).await;
    let backend = Backend { scope: true, ..Backend::new(&space) };
    let client = connect(&backend).await;
    let mut history = client.history();
    until(&mut history, 2, reauthenticated).await;
    let statuses: Vec<_> = space
        .log()
        .checks
        .iter()
        .filter(|check| check.op == TOKEN)
        .map(|check| check.status.unwrap())
        .collect();
    assert_eq!(statuses.len(), 2, "{statuses:?}");
    assert_eq!(statuses[1], 200);
}

#[tokio::test]
async fn a_clock_that_is_ahead_neither_loops_nor_is_refused() {
    // The space is ten minutes behind the client: more than its leeway, and than the token's life.
    let space = space(r#"{"clockOffset":-600,"leeway":30,"deviceTtl":60}"#).await;
    let backend = Backend { scope: true, ..Backend::new(&space) };
    let client = connect(&backend).await;
    let status = client.credential_status().borrow().unwrap();
    assert_eq!(status.kind, Some(CredentialKind::Bound));
    assert!(!status.expired);
    assert_eq!((count(&space, TOKEN), count(&space, REFRESH)), (1, 0));
}

#[tokio::test]
async fn a_refresh_by_hand_reaches_the_session() {
    let space = space("{}").await;
    let backend = Backend { scope: true, ..Backend::new(&space) };
    let client = connect(&backend).await;
    client.refresh_now().await.unwrap();
    assert_eq!(count(&space, REFRESH), 1);
    let mut history = client.history();
    until(&mut history, 2, reauthenticated).await;
}

#[tokio::test]
async fn nothing_to_refresh_with_is_said_so() {
    let space = space("{}").await;
    let client = connect(&Backend::new(&space)).await;
    assert_eq!(client.refresh_now().await, Err(RefreshFailure::NoMechanism));
}

#[tokio::test]
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
    assert_eq!(client.refresh_now().await, Err(RefreshFailure::TimedOut));
    let error = client.errors().next().await.unwrap();
    assert!(chain(&error).contains("in time"), "{}", chain(&error));
}

#[tokio::test]
async fn a_named_wait_is_kept() {
    let fault = r#"{"on":"POST /api/fabric/subscriber/devices/refresh","status":429,
        "headers":{"retry-after":"2"}}"#;
    let space = space(&format!(r#"{{"deviceTtl":8,"faults":[{fault}]}}"#)).await;
    let backend = Backend { scope: true, ..Backend::new(&space) };
    let client = connect(&backend).await;
    let mut failed = None;
    let mut history = client.history();
    let rotated = async {
        loop {
            let entry = history.next().await.expect("the history goes on");
            match entry.event {
                Event::RefreshFailed { .. } => failed = Some(entry.at),
                Event::Rotated => return entry.at,
                _ => {}
            }
        }
    };
    let rotated = tokio::time::timeout(PATIENCE, rotated).await.expect("in time");
    let waited = rotated.saturating_since(failed.expect("the first attempt failed"));
    assert!(waited >= Duration::from_secs(2), "{waited:?}");
}

#[tokio::test]
async fn a_refresh_that_brings_the_scope_is_activated() {
    let space = space("{}").await;
    let backend = Backend::new(&space);
    let fingerprint = std::sync::Arc::new(std::sync::Mutex::new(None));
    let (plain, seen) = (backend.clone(), std::sync::Arc::clone(&fingerprint));
    let provider = credwire::providers::from_fn(move |context| {
        *seen.lock().unwrap() = context.fingerprint;
        let credential = plain.mint(None);
        async move { Ok(credential) }
    })
    .with_refresh(move || {
        let scoped = Backend { scope: true, ..backend.clone() };
        let credential = scoped.mint(fingerprint.lock().unwrap().clone());
        async move { Ok(credential) }
    });
    let client = reach(Client::builder(provider), &space).connect().await.unwrap();
    client.refresh_now().await.unwrap();
    let mut history = client.history();
    until(&mut history, 1, |event| matches!(event, Event::Activated)).await;
    assert_eq!(count(&space, TOKEN), 1);
}

#[tokio::test]
async fn a_refused_new_token_leaves_the_old_one_in_force() {
    let space = space("{}").await;
    let backend = Backend { can_refresh: true, ..Backend::new(&space) };
    let client = connect(&backend).await;
    space.add_fault(Fault::on(REAUTHENTICATE).rpc_error(-32002, "Authentication failed"));
    client.refresh_now().await.unwrap();
    let mut history = client.history();
    let seen = until(&mut history, 1, reauthenticated).await;
    assert!(seen.iter().any(|event| matches!(event, Event::RefreshFailed { .. })), "{seen:?}");
    assert!(!seen.iter().any(|event| matches!(event, Event::Dropped { .. })), "{seen:?}");
    assert_eq!(backend.refreshed.load(Ordering::Relaxed), 2);
}
