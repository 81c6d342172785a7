//! What credential is presented, and when another is asked for.

use std::time::Duration;

use credwire::{
    client::{ExhaustedPolicy, HistoryEvent, Policy},
    sdk::RefreshMechanism,
};
use credwire_sandbox::{Fault, SocketAction};
use credwire_tests::live::*;
use serde_json::json;

use super::*;

fn is_expired(event: &HistoryEvent) -> bool {
    matches!(event, HistoryEvent::Expired)
}

/// Sessions that end with their credential are followed by others, with credentials of the
/// provider.
#[tokio::test(start_paused = true)]
async fn a_space_that_closes_ended_sessions_and_no_mechanism() {
    for ttl in [8, 12] {
        let scene = Scene::new(CLOSES).await;
        let backend = Backend { ttl: seconds(ttl), ..scene.backend() };
        let client = scene.connect(&backend).await;
        let start = mark(&scene).await;
        pass(seconds(60)).await;
        let (asked, lives) = (u64::from(backend.called().0), 60 / ttl);
        assert!((lives..=lives + 3).contains(&asked), "SATs of {ttl} s: asked {asked} times");
        no_dead_token(&scene.space);
        // A renewal each 8 s is no failure: one attempt for each credential.
        assert!(since(&scene.space, UPGRADE, start) <= 10);
        well(&client).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_bound_session_whose_rotation_is_refused_for_good() {
    for status in [401, 403, 404] {
        let scene = Scene::new(r#"{"closeAtExpiry":true,"deviceTtl":12}"#).await;
        let refused = json!({"on": REFRESH, "status": status, "body": refusal(), "times": -1});
        scene.space.add_fault(fault(refused));
        let backend = Backend { scope: true, ttl: seconds(12), ..scene.backend() };
        let client = scene.connect(&backend).await;
        pass(seconds(120)).await;
        no_dead_token(&scene.space);
        let (sessions, asked) = (count(&scene.space, CONNECT), backend.called().0);
        assert!(sessions <= 14, "{status}: {sessions} sessions in two minutes");
        assert!((8..=14).contains(&asked), "{status}: asked {asked} times");
        // Each credential of the provider begins anew: bound once, refused once.
        let (bound, refused) = (count(&scene.space, TOKEN), count(&scene.space, REFRESH));
        assert!(bound >= 7, "{status}: only {bound} times bound");
        assert!(refused <= bound, "{status}: {refused} rotations of {bound} device tokens");
        well(&client).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_stored_credential_that_has_ended_is_not_presented() {
    for scope in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("session");
        let scene = Scene::new(r#"{"closeAtExpiry":true,"deviceTtl":60}"#).await;
        let backend = Backend { scope, ttl: seconds(60), ..scene.backend() };
        let builder = || scene.client(backend.clone()).persist_session(&path);
        let client = builder().connect().await.unwrap();
        online(&client, PATIENCE).await;
        pass(seconds(1)).await;
        client.disconnect().await;
        pass(minutes(5)).await;
        let start = mark(&scene).await;
        let client = builder().connect().await.unwrap();
        pass(seconds(20)).await;
        well(&client).await;
        no_dead_token(&scene.space);
        assert_eq!((backend.called().0, since(&scene.space, CONNECT, start)), (2, 1), "{scope}");
    }
}

/// The old token with a later expiry is the old token: it ends when it ends.
#[tokio::test(start_paused = true)]
async fn a_refresh_that_gives_the_old_token_with_a_later_expiry() {
    let scene = Scene::new(CLOSES).await;
    let backend = Backend { can_refresh: true, ttl: seconds(20), ..scene.backend() };
    let client = scene.connect(&backend).await;
    backend.plan(std::iter::repeat_n(BackendReply::Prolonged, 200));
    let start = mark(&scene).await;
    pass(seconds(90)).await;
    assert!(is_anything_told(&client));
    no_dead_token(&scene.space);
    assert!(since(&scene.space, CONNECT, start) <= 12);
    assert!(backend.called().1 <= 40, "{:?}", backend.called());
    backend.behave();
    pass(seconds(45)).await;
    well(&client).await;
}

/// `authenticate()` that gives the ended token again is a bad answer, and asked with pauses.
#[tokio::test(start_paused = true)]
async fn a_provider_that_gives_the_ended_token_again() {
    let scene = Scene::new(CLOSES).await;
    let backend = Backend { ttl: seconds(20), ..scene.backend() };
    let client = scene.connect(&backend).await;
    backend.plan_authenticate(std::iter::repeat_n(BackendReply::Again, 200));
    pass(seconds(20)).await;
    let (start, asked) = (mark(&scene).await, backend.called().0);
    pass(seconds(70)).await;
    no_dead_token(&scene.space);
    calm_since(&scene.space, start);
    let asked = backend.called().0 - asked;
    assert!((2..=18).contains(&asked), "asked {asked} times");
    assert!(is_anything_told(&client));
    backend.behave();
    well(&client).await;
}

/// `Retry-After` holds for the endpoint that named it; `refresh()` is another way.
#[tokio::test(start_paused = true)]
async fn a_rotation_that_may_not_be_asked_until_the_token_has_ended() {
    let scene = Scene::new(r#"{"closeAtExpiry":true,"deviceTtl":14}"#).await;
    let busy = Fault::on(REFRESH).status(429).header("retry-after", "600").forever();
    scene.space.add_fault(busy);
    let backend = Backend { scope: true, can_refresh: true, ..scene.backend() };
    let client = scene.connect(&backend).await;
    pass(minutes(3)).await;
    assert!(backend.called().1 >= 1, "{:?}", backend.called());
    assert!(!events(&client).iter().any(is_expired));
    assert_eq!((count(&scene.space, REFRESH), count(&scene.space, CONNECT)), (1, 1));
    well(&client).await;
}

/// Nothing refreshes, and the space keeps the session: told once, and the next session begins with
/// the provider.
#[tokio::test(start_paused = true)]
async fn an_ended_credential_on_a_session_that_the_space_keeps() {
    let scene = Scene::new("{}").await;
    let backend = Backend { ttl: seconds(10), ..scene.backend() };
    let client = scene.connect(&backend).await;
    pass(seconds(60)).await;
    assert_eq!((*client.status().borrow(), backend.called().0), (Status::Online, 1));
    assert_eq!(warned(&client, "credential_expired"), 1);
    scene.space.sockets(SocketAction::Drop).unwrap();
    pass(seconds(5)).await;
    assert_eq!(backend.called().0, 2);
    no_dead_token(&scene.space);
    well(&client).await;

    pass(seconds(20)).await;
    client.refresh_now().await.unwrap();
    assert_eq!(backend.called().0, 3);
    well(&client).await;
    no_dead_token(&scene.space);
}

/// A client that is to disconnect when nothing is left is suspended, says why, and can be resumed.
#[tokio::test(start_paused = true)]
async fn a_client_that_disconnects_when_no_mechanism_is_left() {
    let scene = Scene::new("{}").await;
    let mut policy = Policy::default();
    policy.exhausted = ExhaustedPolicy::Disconnect;
    let backend = Backend { can_refresh: true, ttl: seconds(20), ..scene.backend() };
    backend.plan(std::iter::repeat_n(BackendReply::Refused, 20));
    let client = scene.client(backend.clone()).policy(policy).connect().await.unwrap();
    pass(seconds(60)).await;
    assert_eq!(*client.status().borrow(), Status::Suspended);
    assert!(errors(&client).iter().any(|error| error.contains("made-up refusal")));
    backend.behave();
    client.resume().await;
    well(&client).await;
    no_dead_token(&scene.space);
}

/// A clock that is slow makes nothing live longer: the space's time is known.
#[tokio::test(start_paused = true)]
async fn a_slow_clock_presents_no_dead_token() {
    for ahead in [-600_000, 600_000] {
        let scene = Scene::new(CLOSES).await;
        let backend = Backend { ttl: seconds(20), ..scene.backend() };
        scene.clock.step_wall(ahead);
        let client = scene.connect(&backend).await;
        for _ in 0..6 {
            pass(seconds(15)).await;
            scene.space.sockets(SocketAction::Drop).unwrap();
        }
        no_dead_token(&scene.space);
        let asked = backend.called().0;
        assert!((4..=9).contains(&asked), "{ahead}: asked {asked} times");
        well(&client).await;
    }
}

/// A space that cannot reauthenticate gets the new credential at a connect before the old one ends.
#[tokio::test(start_paused = true)]
async fn a_space_that_does_not_know_reauthenticate() {
    for scope in [false, true] {
        let scene = Scene::new(r#"{"closeAtExpiry":true,"deviceTtl":60}"#).await;
        scene.space.add_fault(Fault::on(REAUTHENTICATE).rpc_error(-32601, "unknown").forever());
        let backend = Backend { scope, can_refresh: !scope, ttl: seconds(60), ..scene.backend() };
        let client = scene.connect(&backend).await;
        let start = mark(&scene).await;
        pass(minutes(5)).await;
        assert!(!events(&client).iter().any(is_expired), "{scope}");
        no_dead_token(&scene.space);
        let told = errors(&client).iter().filter(|error| error.contains("-32601")).count();
        assert_eq!(told, 1, "scope {scope}: {:?}", errors(&client));
        // One for each credential of a minute, none in a storm.
        let connects = since(&scene.space, CONNECT, start);
        assert!((4..=12).contains(&connects), "scope {scope}: {connects} connects");
        assert!(*client.status().borrow() != Status::Suspended);
        well(&client).await;
    }
}

/// A space that fails to reauthenticate for ever costs neither the first session nor the later
/// ones, and is told of.
#[tokio::test(start_paused = true)]
async fn a_space_that_always_fails_to_reauthenticate() {
    for scope in [false, true] {
        let scene = Scene::new(r#"{"closeAtExpiry":true,"deviceTtl":60}"#).await;
        scene.space.add_fault(Fault::on(REAUTHENTICATE).rpc_error(-32603, "broken").forever());
        let backend = Backend { scope, can_refresh: !scope, ttl: seconds(60), ..scene.backend() };
        let start = mark(&scene).await;
        let client = scene.client(backend.clone()).connect().await.unwrap();
        assert!(mark(&scene).await - start <= 31_000, "scope {scope}");
        pass(minutes(5)).await;
        assert!(errors(&client).iter().any(|error| error.contains("-32603")), "scope {scope}");
        no_dead_token(&scene.space);
        calm_since(&scene.space, start);
        scene.space.configure(|config| config.faults.clear());
        well(&client).await;
    }
}

/// A refused device endpoint turns DPoP off for that lineage, over reconnects too; a credential of
/// the provider starts anew.
#[tokio::test(start_paused = true)]
async fn a_refusal_of_a_device_endpoint_lasts_for_its_lineage() {
    let scene = Scene::new("{}").await;
    scene.space.add_fault(fault(json!({"on": REFRESH, "status": 403, "body": refusal()})));
    let backend = Backend { scope: true, ..scene.backend() };
    let client = scene.connect(&backend).await;
    assert!(client.refresh_now().await.is_err());
    pass(seconds(5)).await;
    assert_ne!(credential(&client).mechanism, RefreshMechanism::ClientBoundSat);
    for _ in 0..3 {
        scene.space.sockets(SocketAction::Drop).unwrap();
        pass(seconds(15)).await;
        online(&client, LONGEST_PAUSE).await;
    }
    assert_eq!((count(&scene.space, TOKEN), count(&scene.space, REFRESH)), (1, 1));
    forget(&scene.space);
    pass(Duration::from_secs(5)).await;
    well(&client).await;
    assert_eq!((backend.called().0, count(&scene.space, TOKEN)), (2, 2));
    assert_eq!(credential(&client).mechanism, RefreshMechanism::ClientBoundSat);
}
