//! A Client Bound SAT in force: rotation, its faults, and what stands in for it.

use std::time::Duration;

use credwire::{
    Status,
    client::{CredentialKind, HistoryEvent, OutcomeResult},
    sdk::RefreshMechanism,
};
use credwire_sandbox::{Fault, SocketAction};
use credwire_tests::live::*;
use serde_json::json;

fn rotated(event: &HistoryEvent) -> bool {
    matches!(event, HistoryEvent::Rotated)
}

#[tokio::test(start_paused = true)]
async fn dpop_exhaustion_falls_back() {
    let scene = Scene::new("{}").await;
    scene.space.add_fault(Fault::on(REFRESH).status(401).forever());
    let backend = Backend { scope: true, can_refresh: true, ..scene.backend() };
    let client = scene.connect(&backend).await;
    simulate(&mut client.history(), 1, rotated).await;
    assert_eq!(backend.called(), (1, 1));
    assert_eq!(count(&scene.space, REFRESH), 1, "a refusal is not asked again");
    assert_eq!(warned(&client, "refresh-failed"), 1);
    let errors = so_far(&mut client.errors());
    assert_eq!(errors.len(), 1);
    assert!(chain(&errors[0]).contains("devices/refresh: status 401"), "{}", chain(&errors[0]));
    // From here on the provider keeps the session fresh.
    pass(hours(6)).await;
    let status = credential(&client);
    assert_eq!(status.mechanism, RefreshMechanism::DeveloperProvidedRefresh);
    assert!(status.next.is_some() && !status.expired && status.applied);
    assert!((6..10).contains(&backend.called().1), "{:?}", backend.called());
    assert_eq!(warned(&client, "refresh-failed"), 1);
    assert_eq!(count(&scene.space, CONNECT), 1);
}

#[tokio::test(start_paused = true)]
async fn dpop_exhaustion_no_fallback() {
    let scene = Scene::new("{}").await;
    scene.space.add_fault(Fault::on(REFRESH).status(503).forever());
    let client = scene.connect(&Backend { scope: true, ..scene.backend() }).await;
    let mut history = client.history();
    let seen = simulate(&mut history, 1, |event| matches!(event, HistoryEvent::Expired)).await;
    let failures: Vec<_> = seen
        .iter()
        .filter(|entry| matches!(entry.event, HistoryEvent::RefreshFailed { .. }))
        .map(|entry| entry.at)
        .collect();
    assert!(failures.len() >= 5, "{seen:?}");
    let pauses = failures.windows(2).map(|pair| pair[1].saturating_since(pair[0]));
    let pauses: Vec<_> = pauses.collect();
    let early = (1..).zip(&pauses).filter(|(n, pause)| {
        let least = Duration::from_secs(1 << n.min(&5)) / 4;
        **pause < least
    });
    // The last try, in the reserve before the end, waits for no pause.
    assert!(early.count() <= 2, "{pauses:?}");
    assert!(pauses.iter().all(|pause| *pause < Duration::from_secs(65)), "{pauses:?}");
    pass(hours(2)).await;
    assert_eq!(warned(&client, "credential_refresh_stopped"), 1);
    assert_eq!(warned(&client, "credential_expired"), 1);
    assert_eq!(credential(&client).next, None);
    assert_eq!(*client.status().borrow(), Status::Online);
    assert!(!events(&client).iter().any(|event| matches!(event, HistoryEvent::Dropped { .. })));
}

#[tokio::test(start_paused = true)]
async fn expiry_fields_missing() {
    let scene = Scene::new(r#"{"deviceExpiry":"none"}"#).await;
    let backend = Backend { scope: true, ttl: hours(2), ..scene.backend() };
    let client = scene.connect(&backend).await;
    let mut history = client.history();
    let seen = simulate(&mut history, 4, rotated).await;
    let times: Vec<_> =
        seen.iter().filter(|entry| rotated(&entry.event)).map(|entry| entry.at).collect();
    for pair in times.windows(2) {
        // 15 min less a lead of 180 to 270 s.
        let apart = pair[1].saturating_since(pair[0]);
        assert!((minutes(10)..minutes(13)).contains(&apart), "{apart:?}");
    }
    assert!(tokens(&scene.space, REAUTHENTICATE).iter().all(|token| *token == "ok"));

    // While the space is away no refresh gets through; the token that ran out is not used again.
    let away = Fault::on(REFRESH).status(503).forever();
    scene.space.add_fault(away);
    scene.space.add_fault(Fault::on(TOKEN).status(503).times(9));
    pass(hours(1)).await;
    assert!(credential(&client).expired);
    scene.space.configure(|config| config.faults.clear());
    scene.space.sockets(SocketAction::Forget).unwrap();
    scene.space.sockets(SocketAction::Drop).unwrap();
    simulate(&mut history, 1, |event| matches!(event, HistoryEvent::Reconnected)).await;
    assert_eq!(backend.called().0, 2);
    let connects = tokens(&scene.space, CONNECT);
    assert_eq!(connects.last(), Some(&"ok"), "{connects:?}");
}

#[tokio::test(start_paused = true)]
async fn a_page_of_something_in_between_is_no_refusal() {
    for status in [403, 302, 407, 404] {
        let scene = Scene::new("{}").await;
        let page = json!({ "on": REFRESH, "status": status, "body": "<html>made up</html>" });
        scene.space.add_fault(serde_json::from_value(page).unwrap());
        let client = scene.connect(&Backend { scope: true, ..scene.backend() }).await;
        simulate(&mut client.history(), 2, rotated).await;
        let mechanism = credential(&client).mechanism;
        assert_eq!(mechanism, RefreshMechanism::ClientBoundSat, "{status}");
        assert_eq!(count(&scene.space, REFRESH), 3, "{status}: one page and two rotations");
    }
}

#[tokio::test(start_paused = true)]
async fn dpop_nonce_and_skew() {
    // The space is ten minutes behind, and does not take a proof from the future.
    let scene = Scene::new(r#"{"nonce":true,"clockOffset":-600,"leeway":30}"#).await;
    let client = scene.connect(&Backend { scope: true, ..scene.backend() }).await;
    let statuses = |op: &str| -> Vec<_> {
        let log = scene.space.log();
        log.checks.iter().filter(|check| check.op == op).filter_map(|check| check.status).collect()
    };
    assert_eq!(statuses(TOKEN), [400, 200], "one try for the nonce");
    // The answer brought the next nonce; it has run out when the token is due, so there is
    // exactly one more challenge for each rotation.
    simulate(&mut client.history(), 2, rotated).await;
    assert_eq!(statuses(REFRESH), [400, 200, 400, 200]);
    let log = scene.space.log();
    let refused: Vec<_> = log
        .checks
        .iter()
        .filter_map(|check| match &check.proof {
            Some(credwire_sandbox::ProofOutcome::Checked(proof)) if !proof.ok => {
                Some((check.op.clone(), proof.problems.clone()))
            }
            _ => None,
        })
        .filter(|(_, problems)| problems.iter().any(|problem| !problem.contains("nonce")))
        .collect();
    assert!(refused.is_empty(), "{refused:?}");
}

#[tokio::test(start_paused = true)]
async fn refresh_during_disconnect() {
    let scene = Scene::new("{}").await;
    let client = scene.connect(&Backend { scope: true, ..scene.backend() }).await;
    let first = credential(&client).generation;
    scene.space.add_fault(Fault::on(REFRESH).delay_ms(5000));
    let asked = tokio::spawn({
        let client = client.clone();
        async move { client.refresh_now().await }
    });
    while count(&scene.space, REFRESH) == 0 {
        pass(Duration::from_millis(100)).await;
    }
    client.suspend().await;
    assert_eq!(*client.status().borrow(), Status::Suspended);
    asked.await.unwrap().unwrap();
    let status = credential(&client);
    assert!(status.generation > first && !status.applied, "{status:?}");
    assert_eq!((status.in_flight, status.next), (None, None));
    assert_eq!(status.last_outcome.unwrap().result, OutcomeResult::Committed);

    let before = count(&scene.space, REAUTHENTICATE);
    client.resume().await;
    reaches(&client, Status::Online).await;
    assert!(credential(&client).applied);
    assert_eq!(count(&scene.space, REAUTHENTICATE), before + 1);
    assert_eq!(tokens(&scene.space, REAUTHENTICATE).last(), Some(&"ok"));
    pass(hours(1)).await;
    assert!(!credential(&client).expired);
}

#[tokio::test(start_paused = true)]
async fn reauth_timeout_after_rotation() {
    let scene = Scene::new("{}").await;
    let client = scene.connect(&Backend { scope: true, ..scene.backend() }).await;
    let mut history = client.history();
    simulate(&mut history, 1, |event| matches!(event, HistoryEvent::Activated)).await;
    let before = operations(&scene.space).len();
    scene.space.add_fault(Fault::on(REAUTHENTICATE).silent().times(2));
    client.refresh_now().await.unwrap();
    simulate(&mut history, 1, |event| matches!(event, HistoryEvent::Reauthenticated)).await;
    reaches(&client, Status::Online).await;
    let then = operations(&scene.space).split_off(before);
    assert_eq!(
        then,
        [REFRESH, REAUTHENTICATE, REAUTHENTICATE, "upgrade /", CONNECT, REAUTHENTICATE, ONLINE],
        "the socket is replaced, the token is kept"
    );
    let log = scene.space.log();
    let resume = log.checks.iter().rfind(|check| check.op == CONNECT).unwrap();
    assert_eq!(resume.state, Some("ok"));
    assert_eq!(credential(&client).kind, Some(CredentialKind::Bound));
}
