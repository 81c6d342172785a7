//! The live session: each new credential reaches it, and it comes back after a drop.

use std::time::Duration;

use credwire::{
    Client, RpcError, Status,
    client::{HistoryEvent, OpKind, RefreshError},
};
use credwire_sandbox::{Attempt, Fault, SocketAction};
use credwire_tests::live::*;

fn reauthenticated(event: &HistoryEvent) -> bool {
    matches!(event, HistoryEvent::Reauthenticated)
}

fn resumed(event: &HistoryEvent) -> bool {
    matches!(event, HistoryEvent::Resumed)
}

#[tokio::test(start_paused = true)]
async fn apply_developer_refresh() {
    let scene = Scene::new("{}").await;
    let backend = Backend { can_refresh: true, ttl: minutes(15), ..scene.backend() };
    let client = scene.connect(&backend).await;
    let first = credential(&client).expiry.unwrap();
    let mut history = client.history();
    simulate(&mut history, 1, reauthenticated).await;
    assert_eq!((count(&scene.space, REAUTHENTICATE), backend.called()), (1, (1, 1)));
    assert_eq!(tokens(&scene.space, REAUTHENTICATE), ["ok"]);
    assert!(credential(&client).applied);
    // Once the first token has run out, a resume shows which one goes with the state.
    pass(first.saturating_since(scene.now()) + minutes(1)).await;
    scene.space.sockets(SocketAction::Drop).unwrap();
    simulate(&mut history, 1, resumed).await;
    assert_eq!(tokens(&scene.space, CONNECT), ["ok", "ok"]);
    assert_eq!(backend.called().0, 1);
}

#[tokio::test(start_paused = true)]
async fn late_result_after_destroy() {
    let tasks = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
    let scene = Scene::new("{}").await;
    for politely in [true, false] {
        let idle = tasks();
        let backend = Backend { can_refresh: true, ..scene.backend() };
        backend.plan([BackendReply::Late(Duration::from_secs(20))]);
        let client = scene.connect(&backend).await;
        let asking = tokio::spawn({
            let client = client.clone();
            async move { client.refresh_now().await }
        });
        while backend.called().1 == 0 {
            pass(Duration::from_millis(10)).await;
        }
        let before = count(&scene.space, REAUTHENTICATE);
        if politely {
            client.disconnect().await;
            assert_eq!(asking.await.unwrap(), Err(RefreshError::Closed));
        } else {
            asking.abort();
            let _ = asking.await;
            drop(client);
        }
        pass(minutes(2)).await;
        assert_eq!(backend.running.lock().unwrap().0, 0, "the call is dropped");
        assert_eq!((backend.called(), count(&scene.space, REAUTHENTICATE)), ((1, 1), before));
        assert_eq!(scene.space.sockets(SocketAction::Ping).unwrap(), 0);
        assert_eq!(tasks(), idle, "no task is left");
    }
}

#[tokio::test(start_paused = true)]
async fn disconnect_connect_rearms() {
    let scene = Scene::new("{}").await;
    let backend = Backend { can_refresh: true, ..scene.backend() };
    let client = scene.connect(&backend).await;
    let expiry = credential(&client).expiry.unwrap();
    client.suspend().await;
    assert_eq!(credential(&client).next, None);
    pass(minutes(10)).await;
    client.resume().await;
    reaches(&client, Status::Online).await;
    assert_eq!(credential(&client).next.unwrap().kind, Some(OpKind::Refresh));
    let seen = simulate(&mut client.history(), 1, reauthenticated).await;
    assert!(seen.last().unwrap().at < expiry);
    assert_eq!(backend.called(), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn reauth_rejected() {
    let scene = Scene::new("{}").await;
    let backend = Backend { can_refresh: true, ..scene.backend() };
    let client = scene.connect(&backend).await;
    scene.space.add_fault(Fault::on(REAUTHENTICATE).rpc_error(-32002, "refused").times(2));
    client.refresh_now().await.unwrap();
    let mut history = client.history();
    let seen = simulate(&mut history, 1, reauthenticated).await;
    let is_failure = |event: &HistoryEvent| matches!(event, HistoryEvent::RefreshFailed { .. });
    assert_eq!(seen.iter().filter(|entry| is_failure(&entry.event)).count(), 2, "{seen:?}");
    assert!(
        !seen.iter().any(|entry| matches!(entry.event, HistoryEvent::Dropped { .. })),
        "{seen:?}"
    );
    let pauses = backend.pauses();
    assert_eq!(pauses.len(), 2);
    assert!(pauses.iter().all(|pause| *pause >= Duration::from_secs(1)), "{pauses:?}");
    assert_eq!(count(&scene.space, CONNECT), 1);
}

#[tokio::test(start_paused = true)]
async fn socket_bounce_in_connect() {
    let scene = Scene::new("{}").await;
    scene.space.add_fault(Fault::on(CONNECT).drop_connection());
    let backend = scene.backend();
    let client = scene.client(backend.clone()).queue(2).connect().await.unwrap();
    assert_eq!(count(&scene.space, CONNECT), 2);

    // A call that is on its way when the socket goes fails at once; those made meanwhile wait, but
    // not without a limit, and are sent after the session is authenticated.
    scene.space.add_fault(Fault::on("rpc on.its.way").drop_connection());
    scene.space.add_fault(Fault::on(CONNECT).delay_ms(1000));
    let asked = scene.now();
    let error = client.call_raw("on.its.way", serde_json::json!({}), None).await.unwrap_err();
    assert_eq!(error, RpcError::ConnectionLost);
    assert!(scene.now().saturating_since(asked) < Duration::from_secs(1));
    let call = |client: &Client| {
        let client = client.clone();
        async move { client.call_raw("made.up", serde_json::json!({}), None).await.unwrap_err() }
    };
    let mut results = [call(&client), call(&client), call(&client)].map(tokio::spawn);
    let mut errors = Vec::new();
    for result in &mut results {
        errors.push(result.await.unwrap());
    }
    let full = errors.iter().filter(|error| **error == RpcError::QueueFull).count();
    assert_eq!((full, errors.iter().filter(|error| error.code().is_some()).count()), (1, 2));
    let then = operations(&scene.space);
    let connected = then.iter().rposition(|op| op == CONNECT).unwrap();
    let sent: Vec<_> = (0..then.len()).filter(|at| then[*at] == "rpc made.up").collect();
    assert!(sent.len() == 2 && sent.iter().all(|at| *at > connected), "{then:?}");
}

/// D12: a plain SAT that ran out is replaced before a fresh connect.
#[tokio::test(start_paused = true)]
async fn an_expired_plain_sat_is_replaced_before_a_fresh_connect() {
    let scene = Scene::new(r#"{"authState":false}"#).await;
    let backend = Backend { ttl: minutes(5), ..scene.backend() };
    let client = scene.connect(&backend).await;
    let mut history = client.history();
    simulate(&mut history, 1, |event| matches!(event, HistoryEvent::Expired)).await;
    scene.space.sockets(SocketAction::Drop).unwrap();
    simulate(&mut history, 1, |event| matches!(event, HistoryEvent::Reconnected)).await;
    assert_eq!(backend.called().0, 2);
    assert_eq!(tokens(&scene.space, CONNECT), ["ok", "ok"]);
}

/// D13: who disconnects while the socket is being opened stays disconnected.
#[tokio::test(start_paused = true)]
async fn disconnect_while_connecting_is_the_end() {
    let scene = Scene::new("{}").await;
    let client = scene.connect(&scene.backend()).await;
    for fault in [Fault::on("upgrade").delay_ms(2000), Fault::on(CONNECT).delay_ms(2000)] {
        scene.space.add_fault(fault);
        let seen = count(&scene.space, "upgrade /");
        scene.space.sockets(SocketAction::Drop).unwrap();
        while count(&scene.space, "upgrade /") == seen {
            pass(Duration::from_millis(50)).await;
        }
        client.suspend().await;
        let attempts = count(&scene.space, "upgrade /");
        pass(hours(1)).await;
        assert_eq!(*client.status().borrow(), Status::Suspended);
        assert_eq!(count(&scene.space, "upgrade /"), attempts);
        assert_eq!(scene.space.sockets(SocketAction::Ping).unwrap(), 0);
        client.resume().await;
        reaches(&client, Status::Online).await;
    }
}

/// D14: sockets that open and close again do not reset the pause between attempts.
#[tokio::test(start_paused = true)]
async fn a_space_that_accepts_and_closes_is_not_flooded() {
    let scene = Scene::new("{}").await;
    let client = scene.connect(&scene.backend()).await;
    scene.space.add_fault(Fault::on(CONNECT).drop_connection().forever());
    scene.space.sockets(SocketAction::Drop).unwrap();
    pass(minutes(1)).await;
    // 100 ms doubling to 30 s, of which chance takes up to a half.
    let attempts = count(&scene.space, CONNECT) - 1;
    assert!((8..=17).contains(&attempts), "{attempts} attempts in a minute");
    assert_eq!(*client.status().borrow(), Status::Reconnecting);
}

/// D28: a registration that fails says nothing about the credential.
#[tokio::test(start_paused = true)]
async fn a_failed_registration_does_not_reauthenticate() {
    let scene = Scene::new("{}").await;
    scene.space.add_fault(Fault::on(ONLINE).silent());
    let client = scene.connect(&scene.backend()).await;
    assert_eq!(*client.status().borrow(), Status::Connected);
    scene.space.add_fault(Fault::on(ONLINE).rpc_error(-32603, "made up"));
    scene.space.sockets(SocketAction::Drop).unwrap();
    let asked = count(&scene.space, ONLINE);
    while count(&scene.space, ONLINE) == asked {
        pass(Duration::from_millis(50)).await;
    }
    assert_ne!(*client.status().borrow(), Status::Online);
    // It is asked for again until it is done.
    reaches(&client, Status::Online).await;
    assert_eq!(count(&scene.space, ONLINE), asked + 2);
    assert_eq!(count(&scene.space, REAUTHENTICATE), 0);
}

/// D32: what becomes due while the client is away is done when it is back.
#[tokio::test(start_paused = true)]
async fn a_refresh_that_was_due_meanwhile_is_made() {
    let scene = Scene::new("{}").await;
    let backend = Backend { can_refresh: true, ..scene.backend() };
    let client = scene.connect(&backend).await;
    client.suspend().await;
    pass(minutes(59)).await;
    assert_eq!(backend.called(), (1, 0));
    client.resume().await;
    reaches(&client, Status::Online).await;
    pass(Duration::from_secs(2)).await;
    assert_eq!(backend.called(), (1, 1));
    assert!(credential(&client).applied);

    // Likewise without a socket: the refresh does not wait for one.
    let refused = Fault::on("upgrade").status(503).forever();
    scene.space.add_fault(refused);
    scene.space.sockets(SocketAction::Drop).unwrap();
    pass(hours(1)).await;
    assert!(backend.called().1 >= 2);
    scene.space.configure(|config| config.faults.clear());
    reaches(&client, Status::Online).await;
    assert!(credential(&client).applied);
    // What was in force on the lost session has ended by now, and is shown to nobody.
    let log = scene.space.log();
    let connect = log.checks.iter().rfind(|check| check.op == CONNECT).unwrap();
    assert_eq!((connect.kind, connect.token), (Some(Attempt::Fresh), Some("ok")));
}
