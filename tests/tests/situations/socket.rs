//! Frames that are odd, large or many, and the ends of sockets.

use std::sync::Arc;

use credwire::{
    Client, EventStream,
    client::{HistoryEvent, ServerEvent, ServerMessage},
};
use credwire_sandbox::{Fault, ServerFrame, SocketAction, Space};
use credwire_tests::live::*;
use futures_util::{FutureExt as _, StreamExt as _};
use serde_json::{Value, json};

use super::*;

/// The lag of one reader, and a little for what is in between.
const LAG: usize = 5 * 1024 * 1024;

fn send(space: &Space, frame: &Value) {
    let frame = ServerFrame::new(&frame.to_string()).unwrap();
    space.sockets(SocketAction::Send(frame)).unwrap();
}

fn event(id: &str, params: &str) -> String {
    format!(
        r#"{{"jsonrpc":"2.0","id":"{id}","method":"signalwire.event","params":{{"event_type":"made.up","params":{params}}}}}"#
    )
}

/// How a request of the space was answered, in order.
fn acks(space: &Space, method: &str) -> Vec<Value> {
    let log = space.log();
    log.acks.iter().filter(|ack| ack.method == method).map(|ack| ack.outcome.clone()).collect()
}

async fn connected(json: &str) -> (Scene, Client) {
    let scene = Scene::new(json).await;
    let client = scene.connect(&scene.backend()).await;
    (scene, client)
}

fn dropped(client: &Client) -> usize {
    events(client).iter().filter(|event| matches!(event, HistoryEvent::Dropped { .. })).count()
}

/// Whether anything is told of a frame that nobody read.
fn is_told(client: &Client, reader: &EventStream<ServerEvent>) -> bool {
    reader.missed() > 0 || is_anything_told(client)
}

/// W10: a reader that never reads costs a bounded number of bytes, and learns how much it missed.
#[tokio::test(start_paused = true)]
async fn a_reader_that_never_reads() {
    let (scene, client) = connected("{}").await;
    let mut raw: EventStream<ServerEvent> = client.events_raw();
    let mut typed: EventStream<ServerMessage> = client.events();
    for number in 0..60 {
        let text = "x".repeat(900_000);
        send(
            &scene.space,
            &json!({"jsonrpc": "2.0", "method": "signalwire.event",
            "params": {"event_type": "made.up", "params": {"number": number, "text": text}}}),
        );
        pass(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(acks(&scene.space, "signalwire.event").len(), 60 + 1, "one is the state's");
    let mut held = 0;
    let mut read = 0;
    while let Some(Some(event)) = raw.next().now_or_never() {
        held += event.params["text"].as_str().unwrap().len();
        read += 1;
    }
    assert!(held <= LAG, "{held} bytes of raw events");
    assert_eq!(raw.missed() + read, 60);
    let mut held = 0;
    while let Some(Some(message)) = typed.next().now_or_never() {
        held += format!("{:?}", message.request()).len().max(900_000);
    }
    assert!(held <= LAG + 900_000, "{held} bytes of events");
    assert!(typed.missed() > 0);
    assert_eq!(*client.status().borrow(), Status::Online);
}

/// W13: an odd event is acknowledged and read, or told of; it costs no session.
#[tokio::test(start_paused = true)]
async fn events_that_are_odd() {
    for (id, params) in [
        ("surrogate", r#"{"text":"\ud800 alone"}"#),
        ("large", r#"{"number":1e999}"#),
        ("long", r#"{"number":123456789012345678901234567890.5}"#),
        ("twice", r#"{"a":1,"a":2}"#),
        ("deep", &format!("{}1{}", "[".repeat(100), "]".repeat(100))),
        ("null", "null"),
    ] {
        let (scene, client) = connected("{}").await;
        let mut reader = client.events_raw();
        scene.space.sockets(SocketAction::Text(event(id, params))).unwrap();
        pass(seconds(2)).await;
        let acknowledged = acks(&scene.space, "signalwire.event").len() == 2;
        let read = reader.next().now_or_never().flatten().is_some();
        let told = is_told(&client, &reader);
        assert!(!acknowledged || read || told, "{id}: acknowledged, not read, not told");
        assert!(acknowledged || told, "{id}: neither acknowledged nor told");
        assert_eq!((*client.status().borrow(), dropped(&client)), (Status::Online, 0), "{id}");
    }
}

/// A binary message with JSON in it is a frame; one with anything else is counted.
#[tokio::test(start_paused = true)]
async fn binary_messages() {
    let (scene, client) = connected("{}").await;
    let mut reader = client.events_raw();
    let bytes = event("binary", "{}").into_bytes();
    scene.space.sockets(SocketAction::Binary(bytes)).unwrap();
    scene.space.sockets(SocketAction::Binary(vec![0, 159, 146, 150])).unwrap();
    pass(seconds(2)).await;
    let acknowledged = acks(&scene.space, "signalwire.event").len() == 2;
    let read = reader.next().now_or_never().flatten().is_some();
    let told = is_told(&client, &reader);
    assert!(acknowledged && read || told, "{acknowledged}, {read}, {told}");
    assert_eq!((*client.status().borrow(), dropped(&client)), (Status::Online, 0));
}

/// A batch is answered as a batch, or refused by -32600.
#[tokio::test(start_paused = true)]
async fn a_batch() {
    let (scene, client) = connected("{}").await;
    let ping =
        |id: &str| json!({"jsonrpc": "2.0", "id": id, "method": "signalwire.ping", "params": {}});
    let batch = json!([ping("one"), ping("two")]).to_string();
    scene.space.sockets(SocketAction::Text(batch)).unwrap();
    pass(seconds(2)).await;
    let answered = acks(&scene.space, "signalwire.ping") == ["result", "result"].map(Value::from);
    let refused = acks(&scene.space, "frame") == [json!(-32600)];
    assert!(answered || refused, "{:?}", scene.space.log().acks);
    assert_eq!((*client.status().borrow(), dropped(&client)), (Status::Online, 0));
}

/// A close frame of the space is answered before the socket goes.
#[tokio::test(start_paused = true)]
async fn a_close_frame_is_answered() {
    for code in [1000, 1001, 1012, 4000] {
        let (scene, client) = connected("{}").await;
        let close = SocketAction::Close { code, reason: "made up".to_owned() };
        scene.space.sockets(close).unwrap();
        pass(seconds(4)).await;
        assert_eq!(acks(&scene.space, "close").len(), 1, "{code}");
        well(&client).await;
    }
}

/// A frame that is too large is refused by 1009, and the session comes back.
#[tokio::test(start_paused = true)]
async fn a_frame_that_is_too_large() {
    let (scene, client) = connected("{}").await;
    let text = format!("{{\"text\":\"{}\"}}", "x".repeat(1024 * 1024));
    scene.space.sockets(SocketAction::Text(text)).unwrap();
    pass(seconds(5)).await;
    assert_eq!(acks(&scene.space, "close"), [json!(1009)]);
    well(&client).await;
}

/// A socket on which nothing is heard any more is replaced.
#[tokio::test(start_paused = true)]
async fn a_socket_that_falls_silent() {
    let (scene, client) = connected("{}").await;
    scene.space.add_fault(Fault::on("rpc made.up").silent().after());
    let _ = client.call_raw("made.up", json!({}), None).await;
    let start = mark(&scene).await;
    pass(seconds(75)).await;
    well(&client).await;
    assert_eq!(since(&scene.space, CONNECT, start), 1);
}

/// Answers that the space does not read are held up to a bound; past it something is dropped and
/// told.
#[tokio::test(start_paused = true)]
async fn answers_that_nobody_reads() {
    let (scene, client) = connected("{}").await;
    scene.space.add_fault(Fault::on("rpc made.up").silent().after());
    let _ = client.call_raw("made.up", json!({}), None).await;
    for number in 0..40 {
        // The answer repeats the id.
        let id = format!("{number}-{}", "x".repeat(900_000));
        send(&scene.space, &json!({"jsonrpc": "2.0", "id": id, "method": "signalwire.ping"}));
        pass(std::time::Duration::from_millis(20)).await;
    }
    // A socket that takes nothing is silent, and replaced.
    pass(minutes(2)).await;
    assert!(!errors(&client).is_empty() || dropped(&client) > 0, "nothing is told");
    well(&client).await;
}

/// Secrets that the space pushes are in no recording.
#[tokio::test(start_paused = true)]
async fn a_pushed_event_with_secrets_while_recording() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("session.jsonl");
    let scene = Scene::new("{}").await;
    let client = scene.client(scene.backend()).record(&path).connect().await.unwrap();
    let names = [
        "passcode",
        "secret_id",
        "session_id",
        "private_key_pem",
        "password",
        "passphrase",
        "pin",
        "api_key",
        "apiKey",
        "client_secret",
        "refresh_token",
        "cookie",
        "credentials",
    ];
    let params: serde_json::Map<_, _> = names
        .iter()
        .enumerate()
        .map(|(number, name)| ((*name).to_owned(), json!(format!("made-up-value-{number}"))))
        .collect();
    send(
        &scene.space,
        &json!({"jsonrpc": "2.0", "method": "signalwire.event",
        "params": {"event_type": "conversation.message", "params": params}}),
    );
    pass(seconds(2)).await;
    client.disconnect().await;
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("conversation.message"), "it was recorded");
    let shown: Vec<_> = names
        .iter()
        .enumerate()
        .filter(|(number, _)| text.contains(&format!("made-up-value-{number}\"")))
        .map(|(_, name)| name)
        .collect();
    assert!(shown.is_empty(), "{shown:?}");
}

/// Large events cost a recording a bounded number of bytes, and the session no time.
#[tokio::test(start_paused = true)]
async fn large_states_while_recording() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("session.jsonl");
    let scene = Scene::new("{}").await;
    let client = scene.client(scene.backend()).record(&path).connect().await.unwrap();
    let state = Arc::new("s".repeat(900_000));
    for number in 0..20 {
        send(
            &scene.space,
            &json!({"jsonrpc": "2.0", "method": "signalwire.event", "params": {
            "event_type": "signalwire.authorization.state",
            "params": {"authorization_state": format!("{number}{state}")}}}),
        );
        pass(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(*client.status().borrow(), Status::Online);
    client.disconnect().await;
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(!text.contains(&state[..100]), "a state is in the recording");
}
