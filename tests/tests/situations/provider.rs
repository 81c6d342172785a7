//! Providers that fail, hang and lie, behind a live session.

use std::future::pending;

use credwire::{
    CredentialError, ErrorKind, SdkCredential, Secret,
    client::HistoryEvent,
    credential_provider,
    providers::{CachingCredentialProvider, ChainCredentialProvider, from_fn},
};
use credwire_tests::live::*;
use serde_json::json;

use super::*;

/// The backend on the space's control port, asked over HTTP.
#[credential_provider(
    endpoint,
    refresh,
    fingerprint = false,
    expiry_at = "/expires_at",
    expiry_unit = "seconds"
)]
struct Hosted {
    #[endpoint]
    url: String,
    #[header("authorization")]
    session: Secret<String>,
    #[json]
    reference: &'static str,
    #[json]
    expire_in: u32,
}

#[tokio::test(start_paused = true)]
async fn a_token_endpoint_that_answers_oddly_once() {
    for answer in [
        json!({"status": 404, "text": "<html>not found</html>"}),
        json!({"status": 404, "body": {"error": "not_found"}}),
        json!({"status": 403, "text": "<html>denied</html>"}),
        json!({"status": 302, "text": "", "headers": {"location": "https://proxy.test/"}}),
        json!({"status": 401, "body": {}}),
        json!({"status": 200, "text": "<html>sign in</html>"}),
    ] {
        let scene = Scene::new(CLOSES).await;
        let provider = Hosted {
            url: scene.space.backend_url(),
            session: format!("Bearer {}", scene.space.api_token().expose()).into(),
            reference: "alice@example.test",
            expire_in: 60,
        };
        let client = scene.client(provider).dpop(None).connect().await.unwrap();
        let mut planned = answer.clone();
        planned["on"] = json!("POST /backend/token");
        scene.space.add_fault(fault(planned));
        pass(minutes(3)).await;
        assert!(
            !events(&client).iter().any(|event| matches!(event, HistoryEvent::Expired)),
            "{answer}"
        );
        assert_eq!(count(&scene.space, CONNECT), 1, "{answer}");
        assert!(count(&scene.space, REAUTHENTICATE) >= 3, "{answer}");
        well(&client).await;
    }
}

/// One call that hangs costs those who wait for it a while, and the later ones nothing.
#[tokio::test(start_paused = true)]
async fn a_shared_provider_whose_first_call_hangs() {
    let scene = Scene::new("{}").await;
    let backend = scene.backend();
    backend.plan_authenticate([BackendReply::Hang]);
    let shared = CachingCredentialProvider::new(backend.clone());
    let connect = |shared: &CachingCredentialProvider<Backend>| {
        let builder = scene.client(shared.clone()).dpop(None);
        tokio::spawn(builder.connect_deadline(minutes(2)).connect())
    };
    let first = connect(&shared);
    pass(seconds(5)).await;
    let second = connect(&shared);
    pass(minutes(1)).await;
    let third = connect(&shared);
    for (name, client) in [("first", first), ("second", second), ("third", third)] {
        let client = tokio::time::timeout(minutes(3), client).await;
        let Ok(Ok(Ok(client))) = client else { panic!("the {name} did not connect") };
        well(&client).await;
    }
}

/// Nobody waits for it any more: the call ends.
#[tokio::test(start_paused = true)]
async fn a_shared_call_that_nobody_waits_for() {
    let scene = Scene::new("{}").await;
    let backend = scene.backend();
    backend.plan_authenticate([BackendReply::Hang]);
    let shared = CachingCredentialProvider::new(backend.clone());
    let connecting = scene.client(shared.clone()).dpop(None).connect();
    let _ = tokio::time::timeout(seconds(2), connecting).await;
    pass(seconds(1)).await;
    assert_eq!(backend.running.lock().unwrap().0, 0);
    let client = scene.client(shared).dpop(None).connect().await.unwrap();
    well(&client).await;
}

#[tokio::test(start_paused = true)]
async fn a_chain_whose_first_link_hangs() {
    let scene = Scene::new("{}").await;
    let backend = scene.backend();
    let hanging = from_fn(|_| pending::<Result<SdkCredential, CredentialError>>());
    let chain = ChainCredentialProvider::new("hanging", hanging).or("backend", backend.clone());
    let client = scene.client(chain).connect().await.unwrap();
    well(&client).await;
    assert_eq!(backend.called().0, 1);
}

/// What a provider says of its failure is shown, and no key that it quotes.
#[tokio::test(start_paused = true)]
async fn an_error_that_quotes_its_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("session.jsonl");
    let scene = Scene::new("{}").await;
    let backend = Backend { can_refresh: true, ttl: minutes(2), ..scene.backend() };
    let client = scene.client(backend.clone()).record(&path).connect().await.unwrap();
    let quoted = [
        "api_key=PT0123456789abcdef0123456789abcdef0123456789",
        "Authorization: Basic bWFkZS11cDptYWRlLXVwLXBhc3N3b3Jk",
        "https://user:made-up-password@app.test/token",
        "{\"client_secret\":\"made-up-client-secret\"}",
    ];
    backend.plan(quoted.map(|quoted| BackendReply::Failing(format!("backend outage: {quoted}"))));
    let mut text = String::new();
    for _ in quoted {
        if let Err(error) = client.refresh_now().await {
            text += &format!("{error:?} {error} ");
        }
        pass(seconds(20)).await;
    }
    text += &format!("{:?} {:?} ", events(&client), errors(&client));
    client.disconnect().await;
    text += &std::fs::read_to_string(&path).unwrap();
    for secret in [
        "PT0123456789abcdef",
        "bWFkZS11cDptYWRlLXVwLXBhc3N3b3Jk",
        "made-up-password",
        "made-up-client-secret",
    ] {
        assert!(!text.contains(secret), "{secret}");
    }
    assert!(text.contains("backend outage"));
}

/// W9: a refresh that hangs is given up while there is still time for another.
#[tokio::test(start_paused = true)]
async fn a_refresh_that_hangs_until_the_credential_ends() {
    let scene = Scene::new(CLOSES).await;
    for ttl in [20, 60] {
        let backend = Backend { can_refresh: true, ttl: seconds(ttl), ..scene.backend() };
        backend.plan([BackendReply::Hang]);
        let client = scene.connect(&backend).await;
        pass(seconds(ttl + 5)).await;
        assert!(
            !events(&client).iter().any(|event| matches!(event, HistoryEvent::Expired)),
            "{ttl}"
        );
        assert!(backend.called().1 >= 2, "{ttl}: {:?}", backend.called());
        well(&client).await;
    }
}

/// A bound session whose rotation hangs has `refresh()` to fall back on, in time.
#[tokio::test(start_paused = true)]
async fn a_rotation_that_hangs_and_a_refresh_that_does_not() {
    let scene = Scene::new(r#"{"closeAtExpiry":true,"deviceTtl":40}"#).await;
    scene.space.add_fault(fault(json!({"on": REFRESH, "silent": true, "times": -1})));
    let backend = Backend { scope: true, can_refresh: true, ..scene.backend() };
    let client = scene.connect(&backend).await;
    pass(minutes(1)).await;
    assert!(!events(&client).iter().any(|event| matches!(event, HistoryEvent::Expired)));
    assert_eq!((backend.called().1 >= 1, count(&scene.space, CONNECT)), (true, 1));
    well(&client).await;
}

/// A provider that refuses for good after a first session is asked again, with pauses; before it, it
/// ends the start.
#[tokio::test(start_paused = true)]
async fn a_provider_that_refuses_for_good() {
    let scene = Scene::new(CLOSES).await;
    let backend = Backend { ttl: seconds(20), ..scene.backend() };
    let client = scene.connect(&backend).await;
    backend.plan_authenticate(std::iter::repeat_n(BackendReply::Refused, 200));
    pass(seconds(20)).await;
    let (start, asked) = (mark(&scene).await, backend.called().0);
    pass(seconds(130)).await;
    let asked = backend.called().0 - asked;
    assert!((3..=24).contains(&asked), "asked {asked} times in two minutes");
    calm_since(&scene.space, start);
    assert_ne!(*client.status().borrow(), Status::Suspended);
    assert!(errors(&client).iter().any(|error| error.contains("made-up refusal")));
    backend.behave();
    well(&client).await;

    let backend = scene.backend();
    backend.plan_authenticate([BackendReply::Refused]);
    let error = scene.client(backend.clone()).connect().await.unwrap_err();
    assert_eq!((error.kind(), backend.called().0), (ErrorKind::Provider, 1));
}

/// W5: while a refresh is in flight, who waits for a fresh connect gets an answer of its own.
#[tokio::test(start_paused = true)]
async fn a_refresh_in_flight_does_not_answer_for_authenticate() {
    let scene = Scene::new(CLOSES).await;
    let backend = Backend { can_refresh: true, ttl: seconds(20), ..scene.backend() };
    let client = scene.connect(&backend).await;
    backend.plan(std::iter::repeat_n(BackendReply::Hang, 10));
    pass(seconds(22)).await;
    well(&client).await;
    assert_eq!(backend.called().0, 2);
    no_dead_token(&scene.space);
    let kinds = kinds(&scene.space);
    assert!(kinds.len() <= 3, "{kinds:?}");
}
