//! Calls and events.

use std::time::Duration;

use credwire::{Client, RpcError, RpcMethod, Status, sdk::SignalwireEventPayload};
use credwire_sandbox::{Fault, ServerFrame, SocketAction};
use futures_util::StreamExt as _;
use serde_json::json;

use credwire_tests::live::*;

#[derive(serde::Serialize, RpcMethod)]
#[rpc(method = "subscriber.online", result = serde_json::Value)]
struct Online {}

#[tokio::test(start_paused = true)]
async fn a_call_gives_its_result_or_the_error_of_the_space() {
    let space = space("{}").await;
    let client = connect(&Backend::new(&space)).await;
    let result = client.call(&Online {}).await.unwrap();
    assert_eq!(result["message"], "OK");
    let error = client.call_raw("made.up", json!({}), None).await.unwrap_err();
    assert_eq!(error.code(), Some(-32601));
}

#[tokio::test(start_paused = true)]
async fn calls_without_an_answer_time_out_and_lost_ones_fail_at_once() {
    let space = space("{}").await;
    let client = connect(&Backend::new(&space)).await;
    space.add_fault(Fault::on("rpc made.up").silent().forever());
    let timeout = Some(Duration::from_millis(50));
    let error = client.call_raw("made.up", json!({}), timeout).await.unwrap_err();
    assert_eq!(error, RpcError::Timeout);
    space.add_fault(Fault::on("rpc other.made.up").drop_connection());
    let error = client.call_raw("other.made.up", json!({}), Some(PATIENCE)).await.unwrap_err();
    assert_eq!(error, RpcError::ConnectionLost);
    // The next call waits for the next session.
    assert!(client.call(&Online {}).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_disconnected_client_says_so() {
    let space = space("{}").await;
    let client = connect(&Backend::new(&space)).await;
    client.disconnect().await;
    let error = client.call_raw("made.up", json!({}), None).await.unwrap_err();
    assert_eq!(error, RpcError::Disconnected);
}

#[tokio::test(start_paused = true)]
async fn events_of_the_space_come_through() {
    let space = space("{}").await;
    let client = connect(&Backend::new(&space)).await;
    let mut events = client.events_raw();
    let frame = json!({ "jsonrpc": "2.0", "method": "signalwire.event", "params": {
        "event_type": "made.up", "params": { "a": 1 } } });
    let frame = ServerFrame::new(&frame.to_string()).unwrap();
    space.sockets(SocketAction::Send(frame)).unwrap();
    let event = tokio::time::timeout(PATIENCE, events.next()).await.unwrap().unwrap();
    assert_eq!((event.event_type.as_str(), &event.params), ("made.up", &json!({ "a": 1 })));
}

#[tokio::test(start_paused = true)]
async fn requests_of_the_space_have_their_types_and_slow_readers_miss_some() {
    let space = space("{}").await;
    let client = connect(&Backend::new(&space)).await;
    let mut events = client.events();
    let send = |method: &str, params: serde_json::Value| {
        let frame = json!({ "jsonrpc": "2.0", "id": "s", "method": method, "params": params });
        let frame = ServerFrame::new(&frame.to_string()).unwrap();
        space.sockets(SocketAction::Send(frame)).unwrap();
    };
    send("signalwire.ping", json!({}));
    send("signalwire.event", json!({ "event_type": "made.up", "params": { "a": 1 } }));
    send("signalwire.event", json!({ "event_channel": "earlier", "event_type": "stale" }));
    send("made.up", json!([1]));
    let mut read = Vec::new();
    while read.len() < 3 {
        let message = tokio::time::timeout(PATIENCE, events.next()).await.unwrap().unwrap();
        // The space tells its state when it likes.
        match message.payload() {
            Some(SignalwireEventPayload::SignalwireAuthorizationState(_)) => continue,
            Some(SignalwireEventPayload::Unknown(params)) => {
                assert_eq!(params.unwrap().get(), r#"{"a":1}"#);
            }
            _ => {}
        }
        read.push(message.request().method().to_owned());
    }
    assert_eq!(read, ["signalwire.ping", "signalwire.event", "made.up"]);
    for _ in 0..400 {
        send("made.up", json!({}));
    }
    pass(Duration::from_secs(1)).await;
    client.disconnect().await;
    let left = events.by_ref().count().await as u64;
    assert!(left <= 256 && events.missed() + left == 400, "{left} and {}", events.missed());
}

#[tokio::test(start_paused = true)]
async fn a_subscriber_registers_and_unregisters_by_wish() {
    let space = space("{}").await;
    let backend = Backend::new(&space);
    let client = reach(Client::builder(backend), &space).register(false).connect().await.unwrap();
    assert_eq!(*client.status().borrow(), Status::Connected);
    client.register().await.unwrap();
    assert_eq!(*client.status().borrow(), Status::Online);
    client.unregister().await.unwrap();
    assert_eq!(*client.status().borrow(), Status::Connected);
    space.add_fault(Fault::on(ONLINE).rpc_error(-32000, "made up"));
    assert_eq!(client.register().await.unwrap_err().code(), Some(-32000));
    client.register().await.unwrap();
    client.notify(&Online {}).await.unwrap();
    client.disconnect().await;
    assert_eq!(client.register().await, Err(RpcError::Disconnected));
    assert_eq!(client.notify(&Online {}).await, Err(RpcError::Disconnected));
}

#[tokio::test(start_paused = true)]
async fn many_calls_at_once_find_their_answers() {
    let space = space("{}").await;
    let client = connect(&Backend::new(&space)).await;
    let calls = (0..200).map(|_| {
        let client: Client = client.clone();
        async move { client.call(&Online {}).await }
    });
    let results = futures_util::future::join_all(calls).await;
    assert!(results.iter().all(Result::is_ok));
}
