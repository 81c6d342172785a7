//! The known defects of the official SDK, and the tests that keep them out.

use std::time::Duration;

use credwire::{
    ErrorKind, Status,
    client::{CredentialKind, HistoryEvent},
    sdk::RefreshMechanism,
};
use credwire_sandbox::{Fault, ServerFrame, SocketAction};
use credwire_tests::live::*;
use futures_util::{FutureExt as _, StreamExt as _};

/// Each defect with the tests that exercise it.
const COVERED: &[(&str, &[&str])] = &[
    ("C1 timer overflow", &["schedule::far_expiry", "observed::fault_01_a_far_expiry_is_no_loop"]),
    ("C2 refresh() is not applied", &["session::apply_developer_refresh"]),
    ("C3 no fallback after exhaustion", &["rotation::dpop_exhaustion_falls_back"]),
    ("C4 unbounded queue, sent too early", &["session::socket_bounce_in_connect"]),
    (
        "C5 calls outlive their socket",
        &["observed::fault_14_jitter_a_bounded_queue_and_no_orphaned_calls"],
    ),
    ("C6 Retry-After", &["schedule::retry_after", "schedule::retry_after_of_the_space"]),
    (
        "C7 two at a time",
        &[
            "activation::developer_refresh_in_flight_vs_activation",
            "activation::reconnect_during_activation",
        ],
    ),
    ("C8 form of htu", &["observed::proofs_name_their_target_in_either_form"]),
    ("C9 no nonce", &["rotation::dpop_nonce_and_skew"]),
    ("C10 tokens in logs", &["secrecy::persistence_faults_and_secrets"]),
    (
        "C11 late activation",
        &[
            "activation::late_result_after_timeout",
            "activation::late_result_after_timeout_changes_nothing",
        ],
    ),
    ("D1 nothing armed after a connect", &["session::disconnect_connect_rearms"]),
    (
        "D2 nothing armed after a declined activation",
        &["activation::declined_activation_after_a_reconnect_arms_refresh"],
    ),
    ("D3 lifetime counted from now", &["rotation::expiry_fields_missing"]),
    ("D4 expire_in 1", &["rotation::expiry_fields_missing"]),
    ("D5 rotation by the SAT's expiry", &["rotation::expiry_fields_missing"]),
    (
        "D6 a refresh that outlives its turn",
        &[
            "session::late_result_after_destroy",
            "activation::developer_refresh_in_flight_vs_activation",
        ],
    ),
    (
        "D7 retries that outlive the client",
        &["rotation::refresh_during_disconnect", "defects::retries_end_with_the_client"],
    ),
    ("D8 a new token thrown away", &["rotation::reauth_timeout_after_rotation"]),
    ("D9 activation dropped", &["activation::reconnect_during_activation"]),
    ("D10 reconnect swallowed", &["activation::reconnect_during_activation"]),
    ("D11 bounce during connect", &["session::socket_bounce_in_connect"]),
    (
        "D12 fresh connect with an expired token",
        &["session::an_expired_plain_sat_is_replaced_before_a_fresh_connect"],
    ),
    ("D13 disconnect while connecting", &["session::disconnect_while_connecting_is_the_end"]),
    ("D14 backoff reset too early", &["session::a_space_that_accepts_and_closes_is_not_flooded"]),
    (
        "D15 once a second for ever",
        &[
            "clocks::clock_ahead_storm",
            "defects::a_session_that_refuses_every_token_is_no_storm",
            "defects::short_lifetimes_have_short_leads",
        ],
    ),
    ("D16 retries after expiry", &["defects::retries_come_before_expiry"]),
    ("D17 a hang is for ever", &["schedule::provider_hang"]),
    ("D18 armed flag", &["schedule::permanent_rejection_contract", "defects::armed_means_armed"]),
    ("D19 default host", &["observed::fault_04_device_endpoints_are_those_of_the_tokens_space"]),
    ("D20 a stalled body", &["defects::a_stalled_body_is_timed_out"]),
    ("D21 no time for a retry", &["activation::an_activation_has_time_for_a_second_try"]),
    ("D22 the first failure is replayed", &["defects::a_failed_lookup_is_made_again"]),
    ("D23 an error deletes what is stored", &["storage::an_unreachable_space_deletes_no_key"]),
    ("D24 the rotated token is not kept", &["defects::the_rotated_token_is_the_one_resumed"]),
    ("D25 the key is deleted alone", &["storage::the_key_lasts_until_logout"]),
    ("D26 storage faults", &["storage::a_store_that_fails_costs_no_session"]),
    ("D27 results not validated", &["observed::fault_10_what_refresh_gives_is_looked_at"]),
    (
        "D28 registration reauthenticates",
        &["session::a_failed_registration_does_not_reauthenticate"],
    ),
    ("D29 warnings", &["activation::fallback_warnings_are_true_and_not_repeated"]),
    ("D30 the server's expiry is not used", &["defects::the_expiry_of_the_space_is_used"]),
    ("D31 stale events", &["defects::events_of_an_earlier_session_are_dropped"]),
    ("D32 a refresh dropped", &["session::a_refresh_that_was_due_meanwhile_is_made"]),
];

/// Every defect is named, and every test that is said to exercise one exists.
#[test]
fn every_defect_has_a_test() {
    let codes: Vec<_> =
        (1..=11).map(|n| format!("C{n}")).chain((1..=32).map(|n| format!("D{n}"))).collect();
    let named: Vec<_> =
        COVERED.iter().filter_map(|(defect, _)| defect.split_whitespace().next()).collect();
    assert_eq!(named, codes);
    let tests = crate::tests();
    for (defect, covering) in COVERED {
        for test in *covering {
            assert!(tests.iter().any(|it| it == test), "{defect}: there is no test {test}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn retries_end_with_the_client() {
    let scene = Scene::new("{}").await;
    let client = scene.connect(&Backend { scope: true, ..scene.backend() }).await;
    scene.space.add_fault(Fault::on(REFRESH).status(503).forever());
    let mut history = client.history();
    simulate(&mut history, 1, |event| matches!(event, HistoryEvent::RefreshFailed { .. })).await;
    client.disconnect().await;
    let before = count(&scene.space, REFRESH);
    pass(hours(1)).await;
    assert_eq!(count(&scene.space, REFRESH), before);
}

#[tokio::test(start_paused = true)]
async fn a_session_that_refuses_every_token_is_no_storm() {
    let scene = Scene::new("{}").await;
    let backend = Backend { can_refresh: true, ..scene.backend() };
    scene.space.add_fault(Fault::on(REAUTHENTICATE).rpc_error(-32002, "refused").forever());
    let client = scene.connect(&backend).await;
    pass(hours(6)).await;
    // The pauses double up to a minute, and a few tries after expiry are the last.
    let pauses = backend.pauses();
    assert!((5..30).contains(&pauses.len()), "{pauses:?}");
    assert!(pauses.last().unwrap() >= &Duration::from_secs(8), "{pauses:?}");
    assert_eq!(warned(&client, "credential_refresh_stopped"), 1);
    assert_eq!(*client.status().borrow(), Status::Online);
}

#[tokio::test(start_paused = true)]
async fn short_lifetimes_have_short_leads() {
    let scene = Scene::new("{}").await;
    for seconds in [10, 40, 120] {
        let ttl = Duration::from_secs(seconds);
        let backend = Backend { can_refresh: true, ttl, ..scene.backend() };
        let client = scene.connect(&backend).await;
        pass(ttl * 20).await;
        let calls = backend.called().1;
        assert!((20..=60).contains(&calls), "{seconds} s: {calls} calls in 20 lifetimes");
        assert!(!credential(&client).expired);
        client.disconnect().await;
    }
}

#[tokio::test(start_paused = true)]
async fn retries_come_before_expiry() {
    let scene = Scene::new("{}").await;
    let backend = Backend { can_refresh: true, ttl: minutes(15), ..scene.backend() };
    backend.plan(vec![BackendReply::Busy(None); 5]);
    let client = scene.connect(&backend).await;
    let expiry = credential(&client).expiry.unwrap();
    let mut history = client.history();
    let seen = simulate(&mut history, 1, |event| matches!(event, HistoryEvent::Rotated)).await;
    assert_eq!(backend.called().1, 6);
    assert!(seen.iter().all(|entry| entry.at < expiry), "{seen:?}");
}

#[tokio::test(start_paused = true)]
async fn armed_means_armed() {
    let scene = Scene::new("{}").await;
    let backend = Backend { can_refresh: true, ..scene.backend() };
    let endless = backend.space.mint(credwire_sandbox::Mint::new("alice@example.test")).unwrap();
    backend.plan([
        BackendReply::Given(credwire::SdkCredential::from_token(endless)),
        BackendReply::Refused,
    ]);
    let client = scene.connect(&backend).await;
    client.refresh_now().await.unwrap();
    pass(Duration::from_secs(40)).await;
    assert!(client.refresh_now().await.is_err());
    let status = credential(&client);
    assert_eq!((status.mechanism, status.attempts), (RefreshMechanism::None, 0));
    // Asked again, it gets another chance.
    client.refresh_now().await.unwrap();
    let status = credential(&client);
    assert_eq!(status.mechanism, RefreshMechanism::DeveloperProvidedRefresh);
    assert!(status.next.is_some());
}

#[tokio::test(start_paused = true)]
async fn a_stalled_body_is_timed_out() {
    let scene = Scene::new("{}").await;
    let client = scene.connect(&Backend { scope: true, ..scene.backend() }).await;
    scene.space.add_fault(Fault::on(REFRESH).status(200).stalled());
    let asked = scene.now();
    client.refresh_now().await.unwrap();
    // One request's time, and a pause of up to a second.
    let took = scene.now().saturating_since(asked);
    assert!((9..=11).contains(&took.as_secs()), "{took:?}");
    assert_eq!(count(&scene.space, REFRESH), 2);
}

#[tokio::test(start_paused = true)]
async fn a_failed_lookup_is_made_again() {
    let scene = Scene::new("{}").await;
    scene.space.add_fault(Fault::on(INFO).status(500).times(2));
    let client = scene.connect(&Backend { scope: true, ..scene.backend() }).await;
    assert_eq!(count(&scene.space, INFO), 3);
    assert_eq!(credential(&client).kind, Some(CredentialKind::Bound));
}

#[tokio::test(start_paused = true)]
async fn the_rotated_token_is_the_one_resumed() {
    let scene = Scene::new("{}").await;
    let client = scene.connect(&Backend { scope: true, ..scene.backend() }).await;
    let first = credential(&client).expiry.unwrap();
    pass(first.saturating_since(scene.now()) + minutes(1)).await;
    assert!(credential(&client).expiry.unwrap() > first);
    scene.space.sockets(SocketAction::Drop).unwrap();
    let mut history = client.history();
    simulate(&mut history, 1, |event| matches!(event, HistoryEvent::Resumed)).await;
    assert_eq!(tokens(&scene.space, CONNECT), ["ok", "ok"]);
}

#[tokio::test(start_paused = true)]
async fn the_expiry_of_the_space_is_used() {
    let scene = Scene::new("{}").await;
    let backend = Backend { can_refresh: true, ttl: minutes(15), ..scene.backend() };
    let (plain, again) = (backend.clone(), backend.clone());
    let silent = |credential: credwire::SdkCredential| {
        credwire::SdkCredential::from_token(credential.token.unwrap())
    };
    let provider = credwire::providers::from_fn(move |_| {
        let credential = silent(plain.plain());
        async move { Ok(credential) }
    })
    .with_refresh(move || {
        let again = again.clone();
        async move { credwire::CredentialProvider::refresh(&again).unwrap().await.map(silent) }
    });
    let client = scene.client(provider).connect().await.unwrap();
    let told = credential(&client).expiry.unwrap();
    assert!(told.saturating_since(scene.now()) > minutes(14));
    pass(hours(2)).await;
    let calls = backend.called().1;
    assert!((8..=12).contains(&calls), "{calls} calls in two hours");
    assert!(!credential(&client).expired);
}

#[tokio::test(start_paused = true)]
async fn events_of_an_earlier_session_are_dropped() {
    let scene = Scene::new("{}").await;
    let client = scene.connect(&scene.backend()).await;
    let mut events = client.events_raw();
    for (channel, name) in [("signalwire_earlier", "stale.one"), ("", "fresh.one")] {
        let channel = match channel {
            "" => String::new(),
            channel => format!(r#""event_channel":"{channel}","#),
        };
        let frame = format!(
            r#"{{"jsonrpc":"2.0","method":"signalwire.event",
                "params":{{{channel}"event_type":"{name}","params":{{}}}}}}"#
        );
        scene.space.sockets(SocketAction::Send(ServerFrame::new(&frame).unwrap())).unwrap();
    }
    assert_eq!(events.next().await.unwrap().event_type, "fresh.one");
    assert!(events.next().now_or_never().is_none());
}

/// A start that failed says which kind of failure it was, and leaves nothing behind.
#[tokio::test(start_paused = true)]
async fn a_failed_start_says_why() {
    let scene = Scene::new("{}").await;
    scene.space.add_fault(Fault::on("upgrade").status(503).forever());
    let error = scene.client(scene.backend()).connect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreachable);
    assert_eq!(scene.space.sockets(SocketAction::Ping).unwrap(), 0);
}
