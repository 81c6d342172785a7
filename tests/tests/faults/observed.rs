//! The faults that the official SDK showed when it was run, one test each.

use std::time::Duration;

use credwire::{
    CredentialProvider as _, EpochMillis, ErrorKind, RpcError, SdkCredential, Status,
    client::{CredentialKind, HistoryEvent},
    dpop::HtuForm,
    providers::from_fn,
    sdk::RefreshMechanism,
};
use credwire_sandbox::{Fault, Mint, ProofOutcome, SocketAction};
use credwire_tests::live::*;

fn rotated(event: &HistoryEvent) -> bool {
    matches!(event, HistoryEvent::Rotated)
}

/// An expiry too far away for a timer made the SDK refresh in a loop, device tokens too.
#[tokio::test(start_paused = true)]
async fn fault_01_a_far_expiry_is_no_loop() {
    let scene = Scene::new(r#"{"deviceTtl":2592000}"#).await;
    let month = hours(24 * 30);
    let backend = Backend { scope: true, can_refresh: true, ttl: month, ..scene.backend() };
    let client = scene.connect(&backend).await;
    pass(hours(1)).await;
    assert_eq!((backend.called(), count(&scene.space, REFRESH)), ((1, 0), 0));
    assert!(credential(&client).next.is_some());
}

/// What `refresh()` gave never reached the live session.
#[tokio::test(start_paused = true)]
async fn fault_02_a_developer_refresh_reaches_the_session() {
    let scene = Scene::new(r#"{"closeAtExpiry":true}"#).await;
    let backend = Backend { can_refresh: true, ttl: minutes(15), ..scene.backend() };
    let client = scene.connect(&backend).await;
    pass(hours(6)).await;
    assert!(!events(&client).iter().any(|event| matches!(event, HistoryEvent::Dropped { .. })));
    let refreshed = usize::try_from(backend.called().1).unwrap();
    assert!((24..=36).contains(&refreshed), "{refreshed}");
    assert_eq!(count(&scene.space, REAUTHENTICATE), refreshed);
}

/// Once rotation was lost nothing was armed any more, not even after a reconnect.
#[tokio::test(start_paused = true)]
async fn fault_03_lost_rotation_leaves_something_armed() {
    let scene = Scene::new("{}").await;
    scene.space.add_fault(Fault::on(REFRESH).status(403).forever());
    let backend = Backend { scope: true, can_refresh: true, ..scene.backend() };
    let client = scene.connect(&backend).await;
    let mut history = client.history();
    simulate(&mut history, 1, rotated).await;
    for _ in 0..3 {
        scene.space.sockets(SocketAction::Drop).unwrap();
        pass(Duration::from_secs(10)).await;
        reaches(&client, Status::Online).await;
        let status = credential(&client);
        assert_ne!(status.mechanism, RefreshMechanism::None);
        assert!(status.next.is_some(), "{status:?}");
    }
    let before = backend.called().1;
    pass(hours(3)).await;
    assert!(backend.called().1 >= before + 2 && !credential(&client).expired);
}

/// The device endpoints went to the default host whatever the token's header said.
#[tokio::test(start_paused = true)]
async fn fault_04_device_endpoints_are_those_of_the_tokens_space() {
    let scene = Scene::new("{}").await;
    let client = scene.connect(&Backend { scope: true, ..scene.backend() }).await;
    client.refresh_now().await.unwrap();
    let log = scene.space.log();
    let rest: Vec<_> = log.checks.iter().filter(|check| check.op.contains(" /api/")).collect();
    assert_eq!(rest.len(), 3);
    let fabric = format!("fabric.{}", scene.space.domain());
    assert!(rest.iter().all(|check| check.host.as_deref() == Some(&fabric)), "{rest:?}");
}

/// A retry repeated its proof.
#[tokio::test(start_paused = true)]
async fn fault_05_each_try_has_a_proof_of_its_own() {
    let scene = Scene::new(r#"{"nonce":true}"#).await;
    scene.space.add_fault(Fault::on(TOKEN).status(503));
    let client = scene.connect(&Backend { scope: true, ..scene.backend() }).await;
    assert_eq!(credential(&client).kind, Some(CredentialKind::Bound));
    let log = scene.space.log();
    let tries: Vec<_> = log.checks.iter().filter(|check| check.op == TOKEN).collect();
    assert_eq!(tries.iter().filter_map(|check| check.status).collect::<Vec<_>>(), [503, 400, 200]);
    // The challenged proof was looked at in full, so its id would have been refused again.
    for check in &tries[1..] {
        let Some(ProofOutcome::Checked(proof)) = &check.proof else { panic!("{check:?}") };
        assert_eq!(proof.jti_is_uuid4, Some(true));
        assert!(!proof.problems.iter().any(|problem| problem.contains("jti")), "{proof:?}");
    }
}

/// A `refresh()` in flight overwrote the device token that an activation brought meanwhile.
#[tokio::test(start_paused = true)]
async fn fault_06_a_forced_refresh_waits_for_the_activation() {
    let scene = Scene::new("{}").await;
    scene.space.add_fault(Fault::on(TOKEN).delay_ms(5000));
    let backend = Backend { scope: true, can_refresh: true, ..scene.backend() };
    let client = scene.client(backend.clone()).register(false);
    let connecting = tokio::spawn(client.connect());
    let client = connecting.await.unwrap().unwrap();
    client.refresh_now().await.unwrap();
    pass(minutes(1)).await;
    let status = credential(&client);
    assert_eq!((status.kind, status.applied), (Some(CredentialKind::Bound), true));
    assert_eq!(status.mechanism, RefreshMechanism::ClientBoundSat);
    assert_eq!(backend.called(), (1, 0));
}

/// An activation that outlasted its timeout bound the session and left rotation paused.
#[tokio::test(start_paused = true)]
async fn fault_07_a_late_activation_leaves_rotation_armed() {
    let scene = Scene::new("{}").await;
    scene.space.add_fault(Fault::on(TOKEN).delay_ms(31_000));
    let backend = Backend { scope: true, can_refresh: true, ..scene.backend() };
    let builder = scene.client(backend.clone()).request_timeout(minutes(1));
    let client = builder.connect().await.unwrap();
    simulate(&mut client.history(), 1, |event| matches!(event, HistoryEvent::Activated)).await;
    let status = credential(&client);
    assert_eq!(status.mechanism, RefreshMechanism::ClientBoundSat);
    assert!(status.next.is_some());
    pass(hours(2)).await;
    assert!(count(&scene.space, REFRESH) >= 8);
    assert_eq!(backend.called(), (1, 0));
}

/// A clock ahead of the space's made the SDK refresh every second.
#[tokio::test(start_paused = true)]
async fn fault_08_a_clock_that_is_ahead_neither_loops_nor_is_refused() {
    // Ten minutes: more than the space's leeway, and more than the token's life.
    let scene = Scene::new(r#"{"leeway":30,"deviceTtl":60}"#).await;
    scene.clock.step_wall(600_000);
    let client = scene.connect(&Backend { scope: true, ..scene.backend() }).await;
    let status = credential(&client);
    assert_eq!((status.kind, status.expired), (Some(CredentialKind::Bound), false));
    assert_eq!((count(&scene.space, TOKEN), count(&scene.space, REFRESH)), (1, 0));
    pass(hours(1)).await;
    // A minute less a lead of 12 to 18 s.
    let rotations = count(&scene.space, REFRESH);
    assert!((72..=90).contains(&rotations), "{rotations} rotations");
    assert!(!credential(&client).expired);
}

/// The schedule went on after the start had failed.
#[tokio::test(start_paused = true)]
async fn fault_09_nothing_goes_on_after_a_failed_start() {
    let tasks = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
    let scene = Scene::new("{}").await;
    scene.space.add_fault(Fault::on(CONNECT).rpc_error(-32002, "refused").forever());
    let idle = tasks();
    let backend = Backend { can_refresh: true, ttl: minutes(5), ..scene.backend() };
    let error = scene.client(backend.clone()).connect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
    let called = backend.called();
    pass(hours(2)).await;
    assert_eq!(backend.called(), called);
    assert_eq!(tasks(), idle);
}

/// A refreshed credential without an expiry ended the schedule in silence; seconds in place of
/// milliseconds caused a refresh every second.
#[tokio::test(start_paused = true)]
async fn fault_10_what_refresh_gives_is_looked_at() {
    let scene = Scene::new("{}").await;
    let backend = Backend { can_refresh: true, ..scene.backend() };
    let token = || scene.space.mint(Mint::new("alice@example.test")).unwrap();
    let seconds = scene.now().to_seconds().get();
    backend.plan([
        BackendReply::Given(
            SdkCredential::from_token(token()).with_expiry_at(EpochMillis::new(seconds)),
        ),
        BackendReply::Given(SdkCredential::from_token("")),
        BackendReply::Given(SdkCredential::from_token("made-up")),
        BackendReply::Given(SdkCredential::from_token(token())),
    ]);
    let client = scene.connect(&backend).await;
    let mut history = client.history();
    let seen = simulate(&mut history, 1, rotated).await;
    let failures = seen.iter().filter_map(|entry| match &entry.event {
        HistoryEvent::RefreshFailed { message } => Some(message.clone()),
        _ => None,
    });
    let failures: Vec<_> = failures.collect();
    assert_eq!(failures.len(), 3, "{failures:?}");
    for (failure, word) in failures.iter().zip(["seconds", "token", "JOSE"]) {
        assert!(failure.contains(word) && !failure.contains("made-up"), "{failure}");
    }
    assert!(backend.pauses().iter().all(|pause| *pause >= Duration::from_secs(1)));
    // The space tells what the credential does not, so the schedule goes on.
    pass(Duration::from_secs(1)).await;
    assert_eq!(warned(&client, "credential_expiry_unknown"), 0);
    assert!(credential(&client).next.is_some());
    pass(hours(5)).await;
    assert!(backend.called().1 > 5 && !credential(&client).expired);
}

/// A refused fresh connect left the socket open and idle.
#[tokio::test(start_paused = true)]
async fn fault_11_a_refused_connect_closes_the_socket_at_once() {
    let scene = Scene::new("{}").await;
    scene.space.add_fault(Fault::on(CONNECT).rpc_error(-32002, "refused").forever());
    let started = scene.now();
    let error = scene.client(scene.backend()).connect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert!(chain(&error).contains("-32002"), "{}", chain(&error));
    assert_eq!(count(&scene.space, CONNECT), 1);
    assert!(scene.now().saturating_since(started) < Duration::from_secs(2));
    pass(Duration::from_secs(2)).await;
    assert_eq!(scene.space.sockets(SocketAction::Ping).unwrap(), 0);
}

/// The scope was looked up once, so that a SAT with another one was never activated.
#[tokio::test(start_paused = true)]
async fn fault_12_a_scope_that_a_refresh_brings_is_seen() {
    let scene = Scene::new("{}").await;
    let backend = scene.backend();
    let fingerprint = std::sync::Arc::new(std::sync::Mutex::new(None));
    let (plain, seen) = (backend.clone(), std::sync::Arc::clone(&fingerprint));
    let provider = from_fn(move |context| {
        *seen.lock().unwrap() = context.fingerprint.clone();
        let backend = plain.clone();
        async move { backend.authenticate(&context).await }
    })
    .with_refresh(move || {
        let scoped = Backend { scope: true, ..backend.clone() };
        let credential = scoped.mint(fingerprint.lock().unwrap().clone());
        async move { Ok(credential) }
    });
    let client = scene.client(provider).connect().await.unwrap();
    simulate(&mut client.history(), 1, |event| matches!(event, HistoryEvent::Activated)).await;
    assert_eq!((count(&scene.space, TOKEN), count(&scene.space, INFO)), (1, 1));
    assert_eq!(credential(&client).mechanism, RefreshMechanism::ClientBoundSat);
}

/// What a resume needs did not survive as long as the credential.
#[tokio::test(start_paused = true)]
async fn fault_13_a_session_is_resumed_as_long_as_its_credential_lasts() {
    let scene = Scene::new(r#"{"resumeNeedsProof":true}"#).await;
    for scope in [false, true] {
        let backend = Backend { scope, can_refresh: !scope, ..scene.backend() };
        let client = scene.connect(&backend).await;
        pass(hours(3)).await;
        client.suspend().await;
        pass(minutes(1)).await;
        client.resume().await;
        let mut history = client.history();
        simulate(&mut history, 1, |event| matches!(event, HistoryEvent::Resumed)).await;
        reaches(&client, Status::Online).await;
        assert_eq!(backend.called().0, 1);
    }
}

/// A fleet refreshed in step, the queue had no limit, and calls outlived their socket.
#[tokio::test(start_paused = true)]
async fn fault_14_jitter_a_bounded_queue_and_no_orphaned_calls() {
    let scene = Scene::new("{}").await;
    let mut due = std::collections::BTreeSet::new();
    let mut clients = Vec::new();
    for seed in 0..5 {
        let backend = Backend { can_refresh: true, ..scene.backend() };
        let client = scene.client(backend).seed(seed).connect().await.unwrap();
        due.insert(credential(&client).next.unwrap().at.get() / 1000);
        clients.push(client);
    }
    assert_eq!(due.len(), 5, "no two in the same second");

    let client = &clients[0];
    scene.space.add_fault(Fault::on("rpc made.up").silent().forever());
    let call = || {
        let client = client.clone();
        async move { client.call_raw("made.up", serde_json::json!({}), Some(hours(1))).await }
    };
    let sent: Vec<_> = (0..3).map(|_| tokio::spawn(call())).collect();
    while count(&scene.space, "rpc made.up") < 3 {
        pass(Duration::from_millis(10)).await;
    }
    scene.space.add_fault(Fault::on("upgrade").status(503).forever());
    let dropped = scene.now();
    scene.space.sockets(SocketAction::Drop).unwrap();
    for call in sent {
        assert_eq!(call.await.unwrap(), Err(RpcError::ConnectionLost));
    }
    assert!(scene.now().saturating_since(dropped) < Duration::from_secs(1));
    let waiting: Vec<_> = (0..100).map(|_| tokio::spawn(call())).collect();
    pass(Duration::from_secs(1)).await;
    let refused = waiting.iter().filter(|call| call.is_finished()).count();
    assert_eq!(refused, 100 - 64);
}

/// The proof names its target by the path, as the services read it, or by the whole URL.
#[tokio::test(start_paused = true)]
async fn proofs_name_their_target_in_either_form() {
    for (form, word) in [(HtuForm::Path, "path"), (HtuForm::Absolute, "absolute")] {
        let scene = Scene::new("{}").await;
        let backend = Backend { scope: true, ..scene.backend() };
        let client = scene.client(backend).htu_form(form).connect().await.unwrap();
        client.refresh_now().await.unwrap();
        let log = scene.space.log();
        for op in [TOKEN, REFRESH] {
            let check = log.checks.iter().find(|check| check.op == op).unwrap();
            let Some(ProofOutcome::Checked(proof)) = &check.proof else { panic!("{check:?}") };
            assert_eq!((proof.ok, proof.htu), (true, Some(word)), "{proof:?}");
        }
    }
}
