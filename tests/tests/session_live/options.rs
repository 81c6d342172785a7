//! The options of calls, and the diagnostic record, in the forms of the reference.

use std::time::Duration;

use credwire::{
    Client, DiagnosticEventCategory, Millis, PendingRpcOptions, RpcMethod, client::AbortController,
    session::RpcError,
};
use credwire_sandbox::{Fault, SocketAction};
use serde_json::json;

use crate::headless::Headless;
use credwire_tests::live::*;

struct Silent;

impl RpcMethod for Silent {
    const NAME: &'static str = "made.up";
    type Params = serde_json::Value;
    type Result = serde_json::Value;
}

async fn silent() -> (std::sync::Arc<credwire_sandbox::Space>, Client) {
    let space = space("{}").await;
    let client = connect(&Backend::new(&space)).await;
    space.add_fault(Fault::on("rpc made.up").silent().forever());
    (space, client)
}

#[tokio::test(start_paused = true)]
async fn a_call_takes_its_time_and_its_signal_from_its_options() {
    let (_space, client) = silent().await;
    let options = PendingRpcOptions::<Headless>::new();
    let start = tokio::time::Instant::now();
    let mut ended = Vec::new();
    for timeout in [Some(20_000), None] {
        let mut options = options.clone();
        options.timeout_ms = timeout.map(Millis::new);
        let error = client.call_with::<Silent, _>(&json!({}), &options).await.unwrap_err();
        assert_eq!(error, RpcError::Timeout);
        ended.push(start.elapsed().as_secs());
    }
    // 5 s are the default of the reference.
    assert_eq!(ended, [20, 25]);

    let controller = AbortController::new();
    let options = options.with_signal(controller.signal());
    let params = json!({});
    let aborted = client.call_with::<Silent, _>(&params, &options);
    let aborting = async {
        pass(Duration::from_secs(1)).await;
        controller.abort();
    };
    let error = futures_util::future::join(aborted, aborting).await.0.unwrap_err();
    assert_eq!((error, start.elapsed().as_secs()), (RpcError::Aborted, 26));
    // What is aborted already is not sent.
    let error = client.call_with::<Silent, _>(&params, &options).await.unwrap_err();
    assert_eq!((error, start.elapsed().as_secs()), (RpcError::Aborted, 26));
}

#[tokio::test(start_paused = true)]
async fn the_diagnostic_record_tells_what_happened_without_media() {
    let (space, client) = silent().await;
    let mut history = client.history();
    space.sockets(SocketAction::Drop).unwrap();
    until(&mut history, 1, |event| *event == credwire::timeline::Event::Resumed).await;
    let record = client.diagnostics::<Headless>();
    assert_eq!(record.sdk_version, env!("CARGO_PKG_VERSION"));
    assert!(record.user_agent.starts_with("credwire/"));
    assert!(record.calls.is_empty() && record.devices.audio_input.is_empty());
    assert!(!record.capabilities.webrtc);
    let told = |category: DiagnosticEventCategory, name: &str| {
        record.events.iter().find(|it| it.category == category && it.event == name).cloned()
    };
    assert!(told(DiagnosticEventCategory::Connection, "connected").is_some());
    let dropped = told(DiagnosticEventCategory::Recovery, "socket dropped").unwrap();
    assert!(dropped.details.unwrap()["reason"].as_str().unwrap().contains("lost"));
    assert!(dropped.timestamp.is_plausible());
}
