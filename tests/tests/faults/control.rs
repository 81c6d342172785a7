//! The session by hand: what each control does, and what the status tells.

use std::time::Duration;

use credwire::{
    Status,
    client::{CredentialKind, FallbackReason, HistoryEvent, OpKind, OutcomeResult, RefreshError},
    sdk::RefreshMechanism,
};
use credwire_sandbox::{Fault, SocketAction};
use credwire_tests::live::*;

#[tokio::test(start_paused = true)]
async fn the_status_tells_the_whole_story() {
    let scene = Scene::new("{}").await;
    let started = scene.now();
    let backend = Backend { scope: true, can_refresh: true, ..scene.backend() };
    let client = scene.connect(&backend).await;
    let bound = credential(&client);
    assert_eq!(
        (bound.mechanism, bound.kind),
        (RefreshMechanism::ClientBoundSat, Some(CredentialKind::Bound))
    );
    assert!(bound.since >= started && bound.applied && !bound.expired);
    assert!(bound.expiry.unwrap().saturating_since(scene.now()) > minutes(14));
    let next = bound.next.unwrap();
    assert_eq!(next.kind, Some(OpKind::Rotate));
    assert!(next.at > scene.now() && next.at < bound.expiry.unwrap());
    let outcome = bound.last_outcome.unwrap();
    assert_eq!((outcome.kind, outcome.result), (OpKind::Activate, OutcomeResult::Committed));
    assert_eq!((bound.attempts, bound.fallback, bound.in_flight), (0, None, None));

    scene.space.add_fault(Fault::on(REFRESH).status(429));
    scene.space.add_fault(Fault::on(REFRESH).status(403));
    assert_eq!(client.refresh_now().await, Err(RefreshError::Transient));
    let failed = credential(&client);
    assert_eq!((failed.attempts, failed.mechanism), (1, RefreshMechanism::ClientBoundSat));
    assert_eq!(failed.last_outcome.unwrap().result, OutcomeResult::Transient);
    simulate(&mut client.history(), 1, |event| matches!(event, HistoryEvent::Rotated)).await;
    let fallen = credential(&client);
    assert_eq!(fallen.mechanism, RefreshMechanism::DeveloperProvidedRefresh);
    assert!(fallen.since > bound.since);
    assert_eq!(fallen.last_outcome.unwrap().kind, OpKind::Refresh);
    assert!(matches!(
        fallen.fallback,
        Some(FallbackReason::RefreshFailed | FallbackReason::NoScope)
    ));
}

#[tokio::test(start_paused = true)]
async fn an_invalidated_credential_is_replaced_at_once() {
    let scene = Scene::new("{}").await;
    let backend = Backend { can_refresh: true, ..scene.backend() };
    let client = scene.connect(&backend).await;
    // What two requests found out at the same time is one refresh.
    tokio::join!(client.invalidate(), client.invalidate());
    let mut history = client.history();
    simulate(&mut history, 1, |event| matches!(event, HistoryEvent::Reauthenticated)).await;
    assert_eq!(backend.called(), (1, 1));

    // With nothing to refresh it, it counts as expired, and the next connect has another.
    let backend = scene.backend();
    let client = scene.connect(&backend).await;
    client.invalidate().await;
    let mut history = client.history();
    simulate(&mut history, 1, |event| matches!(event, HistoryEvent::Expired)).await;
    assert_eq!(*client.status().borrow(), Status::Online, "the session is left to the space");
    scene.space.sockets(SocketAction::Forget).unwrap();
    scene.space.sockets(SocketAction::Drop).unwrap();
    simulate(&mut history, 1, |event| matches!(event, HistoryEvent::Reconnected)).await;
    assert_eq!(backend.called(), (2, 0));
}

#[tokio::test(start_paused = true)]
async fn a_suspended_client_refuses_and_starts_nothing() {
    let scene = Scene::new("{}").await;
    let backend = Backend { can_refresh: true, ttl: minutes(15), ..scene.backend() };
    let client = scene.connect(&backend).await;
    client.suspend().await;
    client.suspend().await;
    assert_eq!(client.refresh_now().await, Err(RefreshError::Suspended));
    client.invalidate().await;
    pass(hours(2)).await;
    assert_eq!(backend.called(), (1, 0));
    assert_eq!(scene.space.sockets(SocketAction::Ping).unwrap(), 0);
    client.resume().await;
    client.resume().await;
    reaches(&client, Status::Online).await;
    pass(minutes(1)).await;
    assert!(credential(&client).applied && !credential(&client).expired);
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_waits_for_what_is_in_flight_and_no_longer() {
    let scene = Scene::new("{}").await;
    for (patience, finishes) in [(20, true), (2, false), (0, false)] {
        let backend = Backend { can_refresh: true, ..scene.backend() };
        backend.plan([BackendReply::Late(Duration::from_secs(10))]);
        let client = scene.connect(&backend).await;
        let asking = tokio::spawn({
            let client = client.clone();
            async move { client.refresh_now().await }
        });
        while backend.called().1 == 0 {
            pass(Duration::from_millis(10)).await;
        }
        let asked = scene.now();
        client.shutdown(Duration::from_secs(patience)).await;
        let took = scene.now().saturating_since(asked).as_secs();
        assert_eq!(took, patience.min(9), "{patience} s");
        let answer = if finishes { Ok(()) } else { Err(RefreshError::Closed) };
        assert_eq!(asking.await.unwrap(), answer);
        assert_eq!(backend.running.lock().unwrap().0, 0);
        assert_eq!(*client.status().borrow(), Status::Closed);
        // An ended client answers at once.
        assert_eq!(client.refresh_now().await, Err(RefreshError::Closed));
        client.shutdown(hours(1)).await;
        client.logout().await.unwrap();
    }
}
