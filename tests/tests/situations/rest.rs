//! Answers to requests: who refuses, and what a challenge is.

use std::time::Duration;

use credwire::{
    client::{HistoryEvent, OpKind},
    sdk::RefreshMechanism,
};
use credwire_sandbox::{Fault, SocketAction};
use credwire_tests::live::*;
use serde_json::{Value, json};

use super::*;

fn page(status: u16) -> Value {
    json!({"status": status, "text": "<html>not the space</html>",
           "headers": {"location": "https://proxy.test/"}})
}

/// Answers that are no refusal: they came from something in between, or mean nothing.
fn foreign() -> Vec<Value> {
    let mut answers: Vec<_> = [403, 404, 302, 407, 401, 502, 451].map(page).into();
    answers.extend([
        json!({"status": 404, "body": {}}),
        json!({"status": 403, "body": {"errors": []}}),
        json!({"status": 403, "body": {"errors": "none"}}),
        json!({"status": 401, "body": {"message": "who are you"}}),
        json!({"status": 200, "text": "<html>sign in</html>"}),
        json!({"status": 200, "body": []}),
    ]);
    answers
}

fn on(op: &str, mut answer: Value) -> Fault {
    answer["on"] = json!(op);
    fault(answer)
}

#[tokio::test(start_paused = true)]
async fn one_odd_answer_to_info_during_a_reconnect() {
    for answer in foreign() {
        let scene = Scene::new("{}").await;
        let backend = Backend { scope: true, ..scene.backend() };
        let client = scene.connect(&backend).await;
        scene.space.add_fault(on(INFO, answer.clone()));
        forget(&scene.space);
        pass(seconds(5)).await;
        well(&client).await;
        assert_eq!(credential(&client).mechanism, RefreshMechanism::ClientBoundSat, "{answer}");
    }
}

/// `subscriber/info` that refuses in form leads to the provider, and not to the end.
#[tokio::test(start_paused = true)]
async fn info_that_is_refused_in_form_during_a_reconnect() {
    for status in [401, 403, 404] {
        let scene = Scene::new("{}").await;
        let backend = Backend { scope: true, ..scene.backend() };
        let client = scene.connect(&backend).await;
        let answer = json!({"on": INFO, "status": status, "body": refusal(), "times": 4});
        scene.space.add_fault(fault(answer));
        forget(&scene.space);
        pass(seconds(5)).await;
        well(&client).await;
        assert!(backend.called().0 >= 2, "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn one_odd_answer_to_a_rotation() {
    for answer in foreign() {
        let scene = Scene::new("{}").await;
        let backend = Backend { scope: true, ..scene.backend() };
        let client = scene.connect(&backend).await;
        scene.space.add_fault(on(REFRESH, answer.clone()));
        let mut history = client.history();
        // It may succeed with a second try of its own; it may not end DPoP.
        let _ = client.refresh_now().await;
        let rotated = |event: &HistoryEvent| matches!(event, HistoryEvent::Rotated);
        simulate(&mut history, 1, rotated).await;
        assert_eq!(credential(&client).mechanism, RefreshMechanism::ClientBoundSat, "{answer}");
        assert_eq!(backend.called(), (1, 0), "{answer}");
    }
}

#[tokio::test(start_paused = true)]
async fn one_odd_answer_to_the_activation() {
    for answer in foreign() {
        let scene = Scene::new("{}").await;
        scene.space.add_fault(on(TOKEN, answer.clone()));
        let backend = Backend { scope: true, ..scene.backend() };
        let client = scene.connect(&backend).await;
        simulate(&mut client.history(), 1, |event| matches!(event, HistoryEvent::Activated)).await;
        assert_eq!(credential(&client).mechanism, RefreshMechanism::ClientBoundSat, "{answer}");
    }
}

/// Nonces in their forms: by the header alone, by `WWW-Authenticate`, in the body of OAuth and in
/// that of the space, with whatever else is there.
fn challenge(op: &str, number: usize) -> Fault {
    let (body, authenticate) = match number % 4 {
        0 => (json!("odd"), None),
        1 => (json!({"errors": 5}), Some("DPoP error=\"use_dpop_nonce\"")),
        2 => (json!({"error": "use_dpop_nonce"}), None),
        _ => (json!({"errors": [{"code": "use_dpop_nonce", "message": {}}]}), None),
    };
    let mut headers = json!({"dpop-nonce": format!("made-up-{number}")});
    if let Some(authenticate) = authenticate {
        headers["www-authenticate"] = json!(authenticate);
    }
    let status = if number.is_multiple_of(2) { 400 } else { 401 };
    fault(json!({"on": op, "status": status, "body": body, "headers": headers}))
}

#[tokio::test(start_paused = true)]
async fn each_new_nonce_earns_one_more_try() {
    for op in [TOKEN, REFRESH] {
        for challenges in 1..=5 {
            let scene = Scene::new("{}").await;
            let backend = Backend { scope: true, ..scene.backend() };
            let plan = || (0..challenges).for_each(|it| scene.space.add_fault(challenge(op, it)));
            if op == TOKEN {
                plan();
            }
            let client = scene.connect(&backend).await;
            if op == REFRESH {
                plan();
                client.refresh_now().await.unwrap();
            }
            pass(seconds(1)).await;
            assert_eq!(count(&scene.space, op), challenges + 1, "{op}");
            let asked = times(&scene.space, op);
            assert!(asked[challenges] - asked[0] < 500, "{op}: at once");
            assert_eq!(credential(&client).mechanism, RefreshMechanism::ClientBoundSat, "{op}");
            assert!(errors(&client).is_empty(), "{op}: {:?}", errors(&client));
        }
    }
}

/// Beyond five nonces the operation has failed for now, and DPoP stays.
#[tokio::test(start_paused = true)]
async fn a_space_that_never_stops_asking_for_nonces() {
    let scene = Scene::new("{}").await;
    let backend = Backend { scope: true, ..scene.backend() };
    let client = scene.connect(&backend).await;
    (0..6).for_each(|it| scene.space.add_fault(challenge(REFRESH, it)));
    assert!(client.refresh_now().await.is_err());
    let status = credential(&client);
    assert_eq!(status.mechanism, RefreshMechanism::ClientBoundSat);
    simulate(&mut client.history(), 1, |event| matches!(event, HistoryEvent::Rotated)).await;
    assert_eq!(credential(&client).last_outcome.unwrap().kind, OpKind::Rotate);
    assert_eq!(backend.called(), (1, 0));
}

/// `Retry-After` holds on every exchange, in seconds and as a date.
#[tokio::test(start_paused = true)]
async fn a_request_that_names_a_time_to_wait_is_not_asked_before() {
    for status in [429, 503] {
        for op in [INFO, TOKEN, REFRESH] {
            let scene = Scene::new("{}").await;
            let backend = Backend { scope: true, ..scene.backend() };
            let client = scene.connect(&backend).await;
            scene.space.add_fault(Fault::on(op).status(status).header("retry-after", "60"));
            let start = mark(&scene).await;
            if op == REFRESH {
                let _ = tokio::time::timeout(seconds(1), client.refresh_now()).await;
            } else {
                forget(&scene.space);
            }
            pass(seconds(55)).await;
            assert_eq!(since(&scene.space, op, start), 1, "{status} {op}");
            // The time to wait, and a pause of the client's own at most.
            pass(seconds(40)).await;
            assert!(since(&scene.space, op, start) >= 2, "{status} {op}");
            well(&client).await;
        }
    }
}

/// An answer that was lost after the request was carried out costs nothing but time.
#[tokio::test(start_paused = true)]
async fn an_answer_that_is_lost() {
    for op in [INFO, TOKEN, REFRESH] {
        let scene = Scene::new("{}").await;
        let backend = Backend { scope: true, ..scene.backend() };
        let client = scene.connect(&backend).await;
        scene.space.add_fault(Fault::on(op).drop_connection().after());
        if op == REFRESH {
            let _ = client.refresh_now().await;
        } else {
            forget(&scene.space);
        }
        pass(seconds(30)).await;
        well(&client).await;
        assert_eq!(credential(&client).mechanism, RefreshMechanism::ClientBoundSat, "{op}");
    }
}

/// Statuses of an upgrade refuse nobody: they came from something in between.
#[tokio::test(start_paused = true)]
async fn an_upgrade_that_is_refused_in_any_way() {
    for status in [401, 403, 404, 407, 302, 500] {
        let scene = Scene::new("{}").await;
        let client = scene.connect(&scene.backend()).await;
        scene.space.add_fault(Fault::on("upgrade").page(status, "<p>no").times(3));
        scene.space.sockets(SocketAction::Drop).unwrap();
        pass(Duration::from_secs(5)).await;
        well(&client).await;
    }
}
