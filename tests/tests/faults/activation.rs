//! Binding the session to the client's key, while other things happen.

use std::time::Duration;

use credwire::{
    CredentialProvider as _, EpochMillis, Status,
    client::{CredentialKind, HistoryEvent, OpKind},
    clock::Now,
    providers::from_fn,
    sdk::RefreshMechanism,
    session::scheduler::{Abilities, CheckedPolicy},
};
use credwire_sandbox::{Fault, SocketAction};
use credwire_session::scheduler::{self, CredentialScheduler, TokenInfo};
use credwire_tests::live::*;

#[tokio::test(start_paused = true)]
async fn late_result_after_timeout() {
    let scene = Scene::new("{}").await;
    scene.space.add_fault(Fault::on(TOKEN).delay_ms(31_000).times(2));
    let backend = Backend { scope: true, can_refresh: true, ..scene.backend() };
    // One try of the request may take longer than the operation.
    let builder = scene.client(backend.clone()).request_timeout(minutes(1));
    let client = builder.connect().await.unwrap();
    pass(minutes(5)).await;
    assert_eq!((count(&scene.space, TOKEN), count(&scene.space, REAUTHENTICATE)), (2, 0));
    assert_eq!(warned(&client, "activation-timeout"), 1);
    let status = credential(&client);
    assert_eq!(status.kind, Some(CredentialKind::Unbound));
    assert_eq!(status.mechanism, RefreshMechanism::DeveloperProvidedRefresh);
    simulate(&mut client.history(), 1, |event| matches!(event, HistoryEvent::Rotated)).await;
    assert_eq!(backend.called(), (1, 1));
}

/// The same for an owner that could not abort what it had started.
#[test]
fn late_result_after_timeout_changes_nothing() {
    let at = |seconds| Now {
        wall: EpochMillis::new(1_700_000_000_000).saturating_add(Duration::from_secs(seconds)),
        boot: Duration::from_secs(seconds),
    };
    let able = Abilities { dpop: true, refresh: true };
    let mut scheduler = CredentialScheduler::new(CheckedPolicy::default(), able, 1);
    let info = TokenInfo { lifetime: Some(hours(1)), ..TokenInfo::default() };
    scheduler.on(scheduler::SchedulerEvent::SetCredential(info), at(0)).for_each(drop);
    let used = scheduler.newest().unwrap();
    let generation = used.generation();
    let known = scheduler::SchedulerEvent::ScopeKnown { generation, sat_refresh: true };
    scheduler.on(known, at(0)).for_each(drop);
    scheduler.on(scheduler::SchedulerEvent::SessionUp { used }, at(0)).for_each(drop);
    let (id, kind) = scheduler.operation().unwrap();
    assert_eq!(kind, OpKind::Activate);
    scheduler.on(scheduler::SchedulerEvent::Tick, at(30)).for_each(drop);
    assert_eq!(scheduler.operation(), None);
    let before = scheduler.clone();
    assert_eq!(scheduler.on(scheduler::SchedulerEvent::OpOk { id, info }, at(30)).count(), 0);
    assert_eq!(scheduler, before);
}

#[tokio::test(start_paused = true)]
async fn developer_refresh_in_flight_vs_activation() {
    let scene = Scene::new("{}").await;
    // The first activation fails, so that the refresh gets its turn.
    scene.space.add_fault(Fault::on(TOKEN).status(503).times(3));
    let scoped = Backend { scope: true, can_refresh: true, ..scene.backend() };
    scoped.plan([BackendReply::Late(Duration::from_secs(20))]);
    let fingerprint = std::sync::Arc::new(std::sync::Mutex::new(None));
    let (first, seen) = (scoped.clone(), std::sync::Arc::clone(&fingerprint));
    let second = scoped.clone();
    let provider = from_fn(move |context| {
        *seen.lock().unwrap() = context.fingerprint.clone();
        let backend = first.clone();
        async move { backend.authenticate(&context).await }
    })
    .with_refresh(move || {
        let (backend, fingerprint) = (second.clone(), fingerprint.lock().unwrap().clone());
        async move {
            backend.refresh().unwrap().await?;
            Ok(backend.mint(fingerprint))
        }
    });
    let connecting = tokio::spawn(scene.client(provider).connect());
    while count(&scene.space, TOKEN) < 3 {
        pass(Duration::from_millis(50)).await;
    }
    let client = connecting.await.unwrap().unwrap();
    let asked = tokio::spawn({
        let client = client.clone();
        async move { client.refresh_now().await }
    });
    while scoped.called().1 == 0 {
        pass(Duration::from_millis(50)).await;
    }
    // A new session wants to be activated at once, but the slot is taken.
    scene.space.sockets(SocketAction::Drop).unwrap();
    let mut history = client.history();
    simulate(&mut history, 1, |event| matches!(event, HistoryEvent::Resumed)).await;
    pass(Duration::from_secs(5)).await;
    assert_eq!(credential(&client).in_flight, Some(OpKind::Refresh));
    assert_eq!(count(&scene.space, TOKEN), 3, "activation waits");
    asked.await.unwrap().unwrap();
    simulate(&mut history, 1, |event| matches!(event, HistoryEvent::Activated)).await;
    pass(minutes(1)).await;
    let status = credential(&client);
    assert_eq!((status.kind, status.applied), (Some(CredentialKind::Bound), true));
    assert_eq!(status.mechanism, RefreshMechanism::ClientBoundSat);
    assert_eq!((count(&scene.space, TOKEN), scoped.called()), (4, (1, 1)));
}

#[tokio::test(start_paused = true)]
async fn reconnect_during_activation() {
    let scene = Scene::new("{}").await;
    scene.space.add_fault(Fault::on(TOKEN).delay_ms(5000));
    let backend = Backend { scope: true, ..scene.backend() };
    let connecting = tokio::spawn(scene.client(backend.clone()).connect());
    while count(&scene.space, TOKEN) == 0 {
        pass(Duration::from_millis(50)).await;
    }
    scene.space.sockets(SocketAction::Drop).unwrap();
    let client = connecting.await.unwrap().unwrap();
    assert_eq!(*client.status().borrow(), Status::Online);
    assert_eq!(
        operations(&scene.space),
        [INFO, "upgrade /", CONNECT, TOKEN, "upgrade /", CONNECT, REAUTHENTICATE, ONLINE],
        "registered once the new session holds the bound token"
    );
    let status = credential(&client);
    assert_eq!((status.kind, status.applied), (Some(CredentialKind::Bound), true));
    pass(minutes(20)).await;
    assert!(count(&scene.space, REFRESH) >= 1 && !credential(&client).expired);
}

/// D2: an activation that is declined after a reconnect leaves the provider's refresh armed.
#[tokio::test(start_paused = true)]
async fn declined_activation_after_a_reconnect_arms_refresh() {
    let scene = Scene::new("{}").await;
    let backend = Backend { scope: true, can_refresh: true, ..scene.backend() };
    let client = scene.connect(&backend).await;
    scene.space.add_fault(Fault::on(TOKEN).status(403).forever());
    scene.space.sockets(SocketAction::Forget).unwrap();
    scene.space.sockets(SocketAction::Drop).unwrap();
    let mut history = client.history();
    simulate(&mut history, 1, |event| matches!(event, HistoryEvent::Reconnected)).await;
    reaches(&client, Status::Online).await;
    let status = credential(&client);
    assert_eq!(status.kind, Some(CredentialKind::Unbound));
    assert_eq!(status.mechanism, RefreshMechanism::DeveloperProvidedRefresh);
    assert!(status.next.is_some());
    simulate(&mut history, 1, |event| matches!(event, HistoryEvent::Rotated)).await;
    assert_eq!(backend.called(), (2, 1));
}

/// D21: a try that gets no answer leaves time for another within one activation.
#[tokio::test(start_paused = true)]
async fn an_activation_has_time_for_a_second_try() {
    let scene = Scene::new("{}").await;
    scene.space.add_fault(Fault::on(TOKEN).silent());
    let client = scene.connect(&Backend { scope: true, ..scene.backend() }).await;
    assert_eq!(count(&scene.space, TOKEN), 2);
    assert_eq!(credential(&client).kind, Some(CredentialKind::Bound));
    assert!(
        !events(&client).iter().any(|event| matches!(event, HistoryEvent::RefreshFailed { .. }))
    );
}

/// D29: what is said about the fallback is said once, and only where there is one.
#[tokio::test(start_paused = true)]
async fn fallback_warnings_are_true_and_not_repeated() {
    let scene = Scene::new("{}").await;
    for can_refresh in [true, false] {
        let backend = Backend { can_refresh, ..scene.backend() };
        let client = scene.connect(&backend).await;
        for _ in 0..3 {
            scene.space.sockets(SocketAction::Drop).unwrap();
            pass(minutes(1)).await;
            reaches(&client, Status::Online).await;
        }
        let expected = if can_refresh { "no-scope" } else { "credential_no_refresh_handler" };
        assert_eq!(warnings(&client), [expected]);
    }
    let backend = Backend { scope: true, can_refresh: true, ..scene.backend() };
    scene.space.configure(|config| config.require_proof = false);
    let client = scene.client(backend).dpop(None).connect().await.unwrap();
    assert_eq!(warnings(&client), ["no-dpop-support"]);
}
