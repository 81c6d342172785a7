//! After the socket is gone.

use std::sync::atomic::Ordering;

use credwire::{Client, Status, client::HistoryEvent};
use credwire_sandbox::{Attempt, Fault, ServerFrame, SocketAction};

use credwire_tests::live::*;

fn resumed(event: &HistoryEvent) -> bool {
    matches!(event, HistoryEvent::Resumed)
}

fn reconnected(event: &HistoryEvent) -> bool {
    matches!(event, HistoryEvent::Reconnected)
}

async fn online(client: &Client) {
    let mut status = client.status();
    tokio::time::timeout(PATIENCE, status.wait_for(|status| *status == Status::Online))
        .await
        .expect("in time")
        .expect("the client lives");
}

/// The kinds and states of all connects.
fn connects(space: &credwire_sandbox::Space) -> Vec<(Option<Attempt>, Option<&'static str>)> {
    let log = space.log();
    let connects = log.checks.iter().filter(|check| check.op == CONNECT);
    connects.map(|check| (check.kind, check.state)).collect()
}

#[tokio::test(start_paused = true)]
async fn a_dropped_unbound_session_is_resumed() {
    let space = space("{}").await;
    let backend = Backend::new(&space);
    let client = connect(&backend).await;
    let mut history = client.history();
    space.sockets(SocketAction::Drop).unwrap();
    until(&mut history, 1, resumed).await;
    online(&client).await;
    assert_eq!(
        connects(&space),
        [(Some(Attempt::Fresh), None), (Some(Attempt::Resume), Some("ok"))]
    );
    assert_eq!(backend.authenticated.load(Ordering::Relaxed), 1);
    assert_eq!((count(&space, INFO), count(&space, "rpc subscriber.online")), (1, 2));
}

#[tokio::test(start_paused = true)]
async fn a_dropped_bound_session_is_resumed_with_a_proof_and_its_device_token() {
    let space = space(r#"{"resumeNeedsProof":true}"#).await;
    let backend = Backend { scope: true, ..Backend::new(&space) };
    let client = connect(&backend).await;
    let mut history = client.history();
    space.sockets(SocketAction::Drop).unwrap();
    until(&mut history, 1, resumed).await;
    online(&client).await;
    assert_eq!(connects(&space)[1], (Some(Attempt::Resume), Some("ok")));
    // The device token is good for a long time yet.
    assert_eq!(count(&space, TOKEN), 1);
}

#[tokio::test(start_paused = true)]
async fn an_unbound_session_that_is_not_resumed_connects_with_the_same_token() {
    for code in [-32002, -32003, -32602] {
        let space = space("{}").await;
        let fault = Fault::on(CONNECT).when(Attempt::Resume).rpc_error(code, "refused");
        space.add_fault(fault);
        let backend = Backend::new(&space);
        let client = connect(&backend).await;
        let mut history = client.history();
        space.sockets(SocketAction::Drop).unwrap();
        until(&mut history, 1, reconnected).await;
        online(&client).await;
        let kinds: Vec<_> = connects(&space).iter().map(|connect| connect.0).collect();
        assert_eq!(kinds, [Some(Attempt::Fresh), None, Some(Attempt::Fresh)]);
        assert_eq!(backend.authenticated.load(Ordering::Relaxed), 1);
        assert_eq!(count(&space, INFO), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_bound_session_that_is_not_resumed_authenticates_again() {
    let space = space("{}").await;
    let backend = Backend { scope: true, ..Backend::new(&space) };
    let client = connect(&backend).await;
    let mut history = client.history();
    space.sockets(SocketAction::Forget).unwrap();
    space.sockets(SocketAction::Drop).unwrap();
    until(&mut history, 2, |event| matches!(event, HistoryEvent::Activated)).await;
    online(&client).await;
    assert_eq!(backend.authenticated.load(Ordering::Relaxed), 2);
    assert_eq!(count(&space, TOKEN), 2);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_is_refused_after_a_session_asks_its_provider_and_goes_on() {
    let space = space(r#"{"authState":false}"#).await;
    let backend = Backend { can_refresh: true, ..Backend::new(&space) };
    let client = connect(&backend).await;
    let mut history = client.history();
    space.add_fault(Fault::on(CONNECT).rpc_error(-32002, "Authentication failed").times(3));
    space.sockets(SocketAction::Drop).unwrap();
    until(&mut history, 1, reconnected).await;
    online(&client).await;
    // Each attempt after the first refused one had a credential of its own.
    assert_eq!(connects(&space).len(), 5);
    let asked =
        backend.authenticated.load(Ordering::Relaxed) + backend.refreshed.load(Ordering::Relaxed);
    assert!((4..=5).contains(&asked), "{asked}");
}

#[tokio::test(start_paused = true)]
async fn a_message_that_is_too_large_costs_the_socket_and_nothing_more() {
    let space = space("{}").await;
    let client = connect(&Backend::new(&space)).await;
    let mut history = client.history();
    let frame = format!(r#"{{"jsonrpc":"2.0","method":"x","params":"{}"}}"#, "x".repeat(1 << 20));
    space.sockets(SocketAction::Send(ServerFrame::new(&frame).unwrap())).unwrap();
    let seen = until(&mut history, 1, resumed).await;
    let reason = |event: &HistoryEvent| match event {
        HistoryEvent::Dropped { reason } => Some(reason.clone()),
        _ => None,
    };
    let reason = seen.iter().find_map(reason).unwrap();
    assert!(reason.contains("too large"), "{reason}");
}

#[tokio::test(start_paused = true)]
async fn a_disconnect_of_the_space_is_acknowledged_and_resumed() {
    let space = space("{}").await;
    let client = connect(&Backend::new(&space)).await;
    let mut history = client.history();
    let frame = r#"{"jsonrpc":"2.0","id":"bye","method":"signalwire.disconnect","params":{}}"#;
    space.sockets(SocketAction::Send(ServerFrame::new(frame).unwrap())).unwrap();
    until(&mut history, 1, resumed).await;
    assert!(
        space.log().acks.iter().any(|ack| ack.method == "signalwire.disconnect"),
        "{:?}",
        space.log().acks
    );
}

#[tokio::test(start_paused = true)]
async fn a_suspended_client_comes_back_with_its_session() {
    let space = space("{}").await;
    let client = connect(&Backend::new(&space)).await;
    let mut history = client.history();
    client.suspend().await;
    assert_eq!(*client.status().borrow(), Status::Suspended);
    client.resume().await;
    until(&mut history, 1, resumed).await;
    online(&client).await;
}
