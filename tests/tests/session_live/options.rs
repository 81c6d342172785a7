//! The time of a call, its end by the caller, and the diagnostic record.

use std::time::Duration;

use credwire::{Client, RpcError, RpcMethod, client::HistoryEvent, sdk::DiagnosticEventCategory};
use credwire_sandbox::{Fault, SocketAction};
use serde::Serialize;

use credwire_tests::live::*;

#[derive(Serialize, RpcMethod)]
#[rpc(method = "made.up", result = serde_json::Value)]
struct Silent {}

async fn silent() -> (std::sync::Arc<credwire_sandbox::Space>, Client) {
    let space = space("{}").await;
    let client = connect(&Backend::new(&space)).await;
    space.add_fault(Fault::on("rpc made.up").silent().forever());
    (space, client)
}

#[tokio::test(start_paused = true)]
async fn a_call_takes_the_time_that_it_is_given_and_ends_with_its_caller() {
    let (space, client) = silent().await;
    let start = tokio::time::Instant::now();
    let mut ended = Vec::new();
    let error = client.call_with_timeout(&Silent {}, Duration::from_secs(20)).await.unwrap_err();
    assert_eq!(error, RpcError::Timeout);
    ended.push(start.elapsed().as_secs());
    let error = client.call(&Silent {}).await.unwrap_err();
    assert_eq!(error, RpcError::Timeout);
    ended.push(start.elapsed().as_secs());
    // 5 s are the default of the reference.
    assert_eq!(ended, [20, 25]);

    let sent = || space.log().checks.iter().filter(|check| check.op == "rpc made.up").count();
    let call = tokio::time::timeout(Duration::from_secs(1), client.call(&Silent {}));
    assert!(call.await.is_err());
    assert_eq!((sent(), start.elapsed().as_secs()), (3, 26));
    // What is dropped before it was polled is not sent.
    drop(client.call(&Silent {}));
    pass(Duration::from_secs(1)).await;
    assert_eq!(sent(), 3);
}

#[tokio::test(start_paused = true)]
async fn the_diagnostic_record_tells_what_happened() {
    let (space, client) = silent().await;
    let mut history = client.history();
    space.sockets(SocketAction::Drop).unwrap();
    until(&mut history, 1, |event| *event == HistoryEvent::Resumed).await;
    let record = client.diagnostics();
    assert_eq!(record.sdk_version, env!("CARGO_PKG_VERSION"));
    assert!(record.user_agent.starts_with("credwire/"));
    let json = serde_json::to_value(&record).unwrap();
    assert_eq!(json["sdkVersion"], record.sdk_version);
    assert_eq!(json["events"].as_array().unwrap().len(), record.events.len());
    let told = |category: DiagnosticEventCategory, name: &str| {
        record.events.iter().find(|it| it.category == category && it.event == name).cloned()
    };
    assert!(told(DiagnosticEventCategory::Connection, "connected").is_some());
    let dropped = told(DiagnosticEventCategory::Recovery, "socket dropped").unwrap();
    assert!(dropped.details.unwrap()["reason"].as_str().unwrap().contains("lost"));
    assert!(dropped.timestamp.is_plausible());
}
