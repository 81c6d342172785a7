//! No secret is in a cassette, wherever it stood.

use std::{collections::BTreeSet, fs, sync::Arc};

use credwire::{
    CredentialError, SdkCredential,
    client::HistoryEvent,
    providers::from_fn,
    storage::{MemoryStorage, Storage as _},
};
use credwire_sandbox::{Fault, ServerFrame, SocketAction};
use serde_json::{Value, json};

use super::scenes::Shared;
use credwire_tests::live::*;

/// What is stored of a session and is sent to the space: its token and its state. The key is not.
async fn stored(storage: &MemoryStorage) -> Vec<String> {
    let text = storage.get_item("credwire.session.session", "local").await.unwrap().unwrap();
    let record: Value = serde_json::from_str(&text).unwrap();
    let sent = [&record["token"], &record["authorization_state"]];
    sent.iter().filter_map(|value| value.as_str().map(str::to_owned)).collect()
}

/// A frame of the space with secrets in all places.
fn chatter(secrets: &BTreeSet<String>) -> String {
    let mut params = serde_json::Map::new();
    for (index, secret) in secrets.iter().enumerate() {
        let half = secret.len() / 2;
        params.insert(format!("text{index}"), json!(format!("it is {secret}, they say")));
        params.insert(format!("url{index}"), json!(format!("https://h.test/p?q={secret}&r=1#x")));
        params.insert(secret.clone(), json!([{ "deep": [secret] }]));
        params.insert(format!("json{index}"), json!(json!({ "a": secret }).to_string()));
        // A part of a JOSE token is one, too.
        if let Some(part) = secret.split('.').find(|part| part.len() > half) {
            params.insert(format!("part{index}"), json!(part));
        }
    }
    params.insert("refresh_token".to_owned(), json!("made-up-refresh-by-name"));
    params.insert("headers".to_owned(), json!({ "Authorization": "Basic bWFkZS11cDpieS1uYW1l" }));
    params.insert("note".to_owned(), json!("Authorization: Bearer made-up-bearer-by-form-7"));
    json!({
        "jsonrpc": "2.0", "id": "e-1", "method": "signalwire.event",
        "params": { "event_type": "conversation.message", "params": params }
    })
    .to_string()
}

#[tokio::test(start_paused = true)]
async fn tokens_everywhere_and_none_remains() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("session.jsonl");
    let scene = Scene::new(r#"{"nonce":true}"#).await;
    let storage = Arc::new(MemoryStorage::new());
    let backend = Backend { scope: true, ..scene.backend() };
    let given = Arc::new(std::sync::Mutex::new(BTreeSet::new()));
    let remembered = Arc::clone(&given);
    let provider = from_fn(move |context| {
        let credential = backend.mint(context.fingerprint);
        let token = credential.token.as_ref().unwrap().expose().clone();
        remembered.lock().unwrap().insert(token);
        async move { Ok::<SdkCredential, CredentialError>(credential) }
    });
    let builder = scene.client(provider).storage(Shared(Arc::clone(&storage))).record(&path);
    let client = builder.connect().await.unwrap();
    let mut history = client.history();
    let mut secrets = BTreeSet::new();
    for _ in 0..2 {
        simulate(&mut history, 1, |event| matches!(event, HistoryEvent::Reauthenticated)).await;
        pass(std::time::Duration::from_secs(1)).await;
        secrets.extend(stored(&storage).await);
    }
    secrets.extend(given.lock().unwrap().iter().cloned());
    assert!(secrets.len() >= 4, "a SAT, two device tokens, a state: {}", secrets.len());

    let frame = ServerFrame::new(&chatter(&secrets)).unwrap();
    scene.space.sockets(SocketAction::Send(frame)).unwrap();
    let first = secrets.iter().next().unwrap().clone();
    scene.space.add_fault(Fault::on("rpc made.up").rpc_error(-1, &format!("no {first}")));
    let params = json!({ "password": "made-up-password-by-name", "note": first, "list": [first] });
    client.call_raw("made.up", params, None).await.unwrap_err();
    scene.space.add_fault(Fault::on(REFRESH).status(401));
    let failed = |event: &HistoryEvent| matches!(event, HistoryEvent::RefreshFailed { .. });
    simulate(&mut history, 1, failed).await;
    client.disconnect().await;

    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains("they say") && text.contains("dpop_token") && text.contains("nonce"));
    for by_name in ["by-name", "bWFkZS11cDpieS1uYW1l", "by-form-7"] {
        assert!(!text.contains(by_name), "{by_name}");
    }
    for secret in &secrets {
        for part in secret.split('.').filter(|part| part.len() >= 16) {
            let is_header = part.starts_with("eyJ");
            let length = if is_header { part.len() } else { 16 };
            assert!(!text.contains(&part[..length]), "{length} letters of a secret");
        }
    }
    // Every proof and token that stands there has made-up parts.
    for token in text.split(|letter: char| !(letter.is_alphanumeric() || "-_.".contains(letter))) {
        if token.starts_with("eyJ") {
            let last = token.rsplit('.').next().unwrap();
            assert!(last.starts_with("bWFkZS11cC"), "{token}");
        }
    }
    let replayed = super::replay(&path);
    assert_eq!(replayed.mismatch, None);
}

/// A provider's error quotes its key: it is in no error, no history and no recording.
#[tokio::test(start_paused = true)]
async fn an_error_of_the_provider_does_not_show_its_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("session.jsonl");
    let scene = Scene::new("{}").await;
    let backend = scene.backend();
    let tries = std::sync::atomic::AtomicUsize::new(0);
    let provider = from_fn(move |context| {
        let is_first = tries.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == 0;
        let credential = backend.mint(context.fingerprint);
        async move {
            if is_first {
                let text = "refused: api_key=in-the-clear, sk_live_4eC39HqLyjWDarjtT1zdp7dc";
                return Err(CredentialError::transient(text));
            }
            Ok(credential)
        }
    });
    let client = scene.client(provider).record(&path).connect().await.unwrap();
    let errors = format!("{:?} {:?}", so_far(&mut client.errors()), so_far(&mut client.history()));
    client.disconnect().await;
    let recording = fs::read_to_string(&path).unwrap();
    assert!(recording.contains("refused: api_key="), "{recording}");
    for text in [&errors, &recording] {
        assert!(!text.contains("in-the-clear") && !text.contains("4eC39"), "{text}");
    }

    let refused = from_fn(|_| async {
        Err::<SdkCredential, _>(CredentialError::permanent("no account for key=in-the-clear"))
    });
    let error = scene.client(refused).connect().await.unwrap_err();
    let text = format!("{error:?} {}", credwire::secrecy::error_chain(&error));
    assert!(text.contains("no account") && !text.contains("in-the-clear"), "{text}");
}

#[cfg(unix)]
#[tokio::test(start_paused = true)]
async fn the_file_is_for_its_owner_alone_and_not_larger_than_allowed() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("session.jsonl");
    fs::write(&path, "an earlier file that all can read").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let scene = Scene::new("{}").await;
    let builder = scene.client(scene.backend()).record(&path).record_limit(4096);
    let client = builder.connect().await.unwrap();
    for _ in 0..50 {
        let _ = client.call_raw("made.up", json!({}), None).await;
    }
    client.disconnect().await;
    let metadata = fs::metadata(&path).unwrap();
    assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
    assert!(metadata.len() <= 4096, "{}", metadata.len());
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.trim_end().lines().last().unwrap().contains(r#""kind":"full""#));
    // What there is can be replayed.
    assert_eq!(super::replay(&path).mismatch, None);
}

#[tokio::test(start_paused = true)]
async fn a_recording_that_cannot_begin_is_an_error_of_connect() {
    let scene = Scene::new("{}").await;
    let builder = scene.client(scene.backend()).record("/nowhere/at/all/session.jsonl");
    let error = builder.connect().await.unwrap_err();
    assert_eq!(error.kind(), credwire::ErrorKind::Configuration);
    assert_eq!(error.to_string(), "the session cannot be recorded");
    assert_eq!(count(&scene.space, INFO), 0);
}
