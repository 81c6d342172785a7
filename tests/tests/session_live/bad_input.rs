//! Frames that make no sense, too many of them, and names that lead nowhere.

use std::time::Duration;

use credwire::{Client, ErrorKind, RpcMethod, Status, client::HistoryEvent};
use credwire_sandbox::{ServerFrame, SocketAction, Space, SpaceOptions};
use credwire_tests::live::*;
use serde_json::{Value, json};

#[derive(serde::Serialize, RpcMethod)]
#[rpc(method = "subscriber.online", result = serde_json::Value)]
struct Online {}

fn send(space: &Space, frame: &Value) {
    let frame = ServerFrame::new(&frame.to_string()).unwrap();
    space.sockets(SocketAction::Send(frame)).unwrap();
}

#[tokio::test(start_paused = true)]
async fn frames_that_make_no_sense_cost_nothing() {
    let space = space("{}").await;
    let client = connect(&Backend::new(&space)).await;
    let stranger = "00000000-0000-4000-8000-000000000000";
    for frame in [
        json!({}),
        json!({ "id": null, "result": {} }),
        json!({ "id": stranger, "result": {} }),
        json!({ "id": stranger, "result": {} }),
        json!({ "id": stranger, "error": "made up" }),
        json!({ "id": 7, "error": { "code": "made up", "message": 7 } }),
        json!({ "id": "s", "method": "signalwire.event", "params": "made up" }),
        json!({ "id": "s", "method": "signalwire.event", "params": { "event_type": 7 } }),
        json!({ "id": ["s"], "method": "signalwire.ping", "params": [1, 2] }),
        json!({ "id": { "s": 1 }, "method": "made.up" }),
    ] {
        send(&space, &frame);
    }
    assert!(client.call(&Online {}).await.is_ok());
    assert_eq!(*client.status().borrow(), Status::Online);
    assert!(!events(&client).iter().any(|event| matches!(event, HistoryEvent::Dropped { .. })));
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_events_leaves_room_for_calls() {
    let space = space("{}").await;
    let client = connect(&Backend::new(&space)).await;
    let nobody_reads = client.events();
    for number in 0..5000 {
        let params = json!({ "event_type": "made.up", "params": { "number": number } });
        send(&space, &json!({ "id": "s", "method": "signalwire.event", "params": params }));
    }
    assert!(client.call(&Online {}).await.is_ok());
    assert_eq!(*client.status().borrow(), Status::Online);
    drop(nobody_reads);
}

#[tokio::test(start_paused = true)]
async fn a_name_that_leads_nowhere_is_named() {
    // RFC 6761, section 6.4: no name below `invalid` is ever found.
    let options = SpaceOptions::default().domain("nowhere.invalid");
    let space = std::sync::Arc::new(Space::start(options).await.unwrap());
    let error = Client::builder(Backend::new(&space))
        .add_allowed_domain(space.domain())
        .add_root_certificates(space.ca_pem())
        .connect_deadline(Duration::from_secs(5))
        .connect()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreachable);
    assert!(error.is_transient() && error.to_string().contains("nowhere.invalid"), "{error}");
}
