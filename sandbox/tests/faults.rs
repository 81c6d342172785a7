//! Faults of each kind, at each step.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod support;

use credwire_sandbox::{Fault, Mint, SocketAction, Space};
use futures_util::StreamExt as _;
use serde_json::{Value, json};
use support::{Http, INFO, Key, REFRESH, Socket, TOKEN, connect_params, space};

fn sat(space: &Space) -> String {
    space.mint(Mint::new("alice")).unwrap().expose().clone()
}

fn faults(space: &Space) -> Vec<Value> {
    space.log().checks.iter().filter_map(|check| check.fault.clone()).collect()
}

#[tokio::test]
async fn an_intermediary_answers_with_a_page_and_headers() {
    let space = space("{}").await;
    let http = Http::new(&space);
    let bearer = format!("Bearer {}", sat(&space));
    let info = format!("GET {INFO}");
    let later = "Wed, 21 Oct 2026 07:28:00 GMT";
    space.add_fault(Fault::on(&info).page(403, "<h1>no</h1>").header("retry-after", later));
    space.add_fault(
        serde_json::from_value(json!({
            "on": info, "status": 302, "text": "moved",
            "headers": {"content-type": "text/plain", "location": "/elsewhere"},
        }))
        .unwrap(),
    );
    let answer = http.send("GET", INFO, Some(&bearer), None).await.unwrap();
    assert_eq!(answer.status(), 403);
    assert_eq!(answer.headers()["content-type"], "text/html; charset=utf-8");
    assert_eq!(answer.headers()["retry-after"], later);
    assert_eq!(answer.text().await.unwrap(), "<h1>no</h1>");
    let answer = http.send("GET", INFO, Some(&bearer), None).await.unwrap();
    // The client follows the redirect, to where there is nothing.
    assert_eq!((answer.status().as_u16(), answer.url().path()), (404, "/elsewhere"));
}

#[tokio::test]
async fn a_request_is_carried_out_and_its_answer_lost() {
    let space = space("{}").await;
    let (http, key) = (Http::new(&space), Key::new());
    let sat = http.mint_bound(&key).await;
    let (_, grant) = http.grant(TOKEN, &sat, key.http(TOKEN)).await;
    let device = grant["token"].as_str().unwrap();
    space.add_fault(Fault::on(format!("POST {REFRESH}")).drop_connection().after());
    let body = json!({"dpop_token": key.http_with_token(REFRESH, device), "expire_in": 900});
    let bearer = format!("Bearer {device}");
    // A request on a reused connection may be sent again by the HTTP client, which the proof shows.
    let lost = http.send("POST", REFRESH, Some(&bearer), Some(body.clone())).await;
    assert!(lost.is_err() || lost.unwrap().status() == 401);
    let again = http.call("POST", REFRESH, Some(&bearer), Some(body)).await;
    assert_eq!(again.0, 401, "the proof was used up: {}", again.1);
    let log = space.log();
    let first = log.checks.iter().find(|check| check.op.ends_with(REFRESH)).unwrap();
    assert_eq!((first.status, &first.fault), (Some(200), &Some(json!("drop"))));
    assert_eq!(first.subscriber.as_deref(), Some("alice@example.test"));
}

#[tokio::test]
async fn an_upgrade_is_accepted_and_closed_cut_or_deaf() {
    let space = space("{}").await;
    let sat = sat(&space);
    space.add_fault(Fault::on("upgrade").close(1008, "no"));
    space.add_fault(Fault::on("upgrade").drop_connection().after());
    space.add_fault(Fault::on("upgrade").silent().after());
    let mut socket = Socket::open(&space).await;
    assert_eq!(socket.next().await, Some(json!({"closed": 1008, "reason": "no"})));
    assert_eq!(Socket::open(&space).await.next().await, None);
    let mut socket = Socket::open(&space).await;
    let call =
        json!({"id": 1, "method": "signalwire.connect", "params": connect_params(&sat, json!({}))});
    socket.send(&call).await;
    let mut good = Socket::open(&space).await;
    good.connect(&sat, json!({})).await;
    let connects = space.log().checks.iter().filter(|it| it.op == "rpc signalwire.connect").count();
    assert_eq!(connects, 1, "the deaf socket has read nothing");
    assert_eq!(faults(&space), [json!("close 1008"), json!("drop"), json!("silent")]);
}

#[tokio::test]
async fn a_frame_is_answered_before_the_socket_closes_is_cut_or_falls_silent() {
    let space = space(r#"{"authState":false}"#).await;
    let sat = sat(&space);
    let on = "rpc signalwire.connect";
    space.add_fault(Fault::on(on).close(4000, "unanswered"));
    space.add_fault(Fault::on(on).close(1011, "answered").after());
    space.add_fault(Fault::on(on).drop_connection().after());
    space.add_fault(Fault::on(on).silent().after());
    let mut socket = Socket::open(&space).await;
    let call =
        json!({"id": 1, "method": "signalwire.connect", "params": connect_params(&sat, json!({}))});
    socket.send(&call).await;
    assert_eq!(socket.next().await, Some(json!({"closed": 4000, "reason": "unanswered"})));
    for end in [Some(json!({"closed": 1011, "reason": "answered"})), None] {
        let mut socket = Socket::open(&space).await;
        let answer = socket.call("signalwire.connect", connect_params(&sat, json!({}))).await;
        assert!(answer["result"].is_object(), "{answer}");
        assert_eq!(socket.next().await, end);
    }
    let mut socket = Socket::open(&space).await;
    let answer = socket.call("signalwire.connect", connect_params(&sat, json!({}))).await;
    assert!(answer["result"].is_object(), "{answer}");
    socket.send(&json!({"id": 9, "method": "subscriber.online"})).await;
    // What the space says by itself still goes out.
    space.sockets(SocketAction::Text("[]".to_owned())).unwrap();
    assert_eq!(socket.next().await, Some(json!([])));
    assert_eq!(faults(&space), ["close 4000", "close 1011", "drop", "silent"].map(Value::from));
}

#[tokio::test]
async fn batches_binary_messages_and_close_frames_are_acknowledged_in_the_log() {
    let space = space("{}").await;
    let mut socket = Socket::open(&space).await;
    let ping =
        |id: &str| json!({"jsonrpc": "2.0", "id": id, "method": "signalwire.ping", "params": {}});
    let batch = json!([ping("a"), ping("b")]).to_string();
    space.sockets(SocketAction::Text(batch)).unwrap();
    space.sockets(SocketAction::Binary(ping("c").to_string().into_bytes())).unwrap();
    assert_eq!(socket.next().await.unwrap()[1]["id"], "b");
    assert!(socket.0.next().await.unwrap().unwrap().is_binary());
    let result = |id: &str| json!({"jsonrpc": "2.0", "id": id, "result": {}});
    let error = json!({"code": -32600, "message": "Invalid Request"});
    socket.send(&json!([result("a"), result("b")])).await;
    socket.send(&json!({"jsonrpc": "2.0", "id": null, "error": error})).await;
    socket.send(&result("c")).await;
    socket.call("no.such.method", json!({})).await;
    socket.0.close(None).await.unwrap();
    while space.log().acks.len() < 5 {
        tokio::task::yield_now().await;
    }
    let acks: Vec<_> =
        space.log().acks.iter().map(|ack| (ack.method.clone(), ack.outcome.clone())).collect();
    let ping = || ("signalwire.ping".to_owned(), json!("result"));
    let frame = ("frame".to_owned(), json!(-32600));
    assert_eq!(acks, [ping(), ping(), frame, ping(), ("close".to_owned(), Value::Null)]);
}

#[tokio::test]
async fn a_token_can_name_a_host_of_its_own() {
    let space = space("{}").await;
    let mut mint = Mint::new("bob");
    mint.host = Some("kiosk-1".to_owned());
    let sat = space.mint(mint).unwrap().expose().clone();
    let header = sat.split('.').next().unwrap();
    let header = base64::Engine::decode(&base64::prelude::BASE64_URL_SAFE_NO_PAD, header).unwrap();
    let header: Value = serde_json::from_slice(&header).unwrap();
    assert_eq!(header["ch"], format!("kiosk-1.{}", space.domain()));

    let mut socket = Socket::open(&space).await;
    socket.connect(&sat, json!({})).await;
    assert_eq!(space.sockets_at("kiosk-1.space.test", SocketAction::Drop).unwrap(), 0);
    assert_eq!(space.sockets_at("puc.space.test", SocketAction::Ping).unwrap(), 1);
    let log = space.log();
    let connect = log.checks.back().unwrap();
    assert_eq!(connect.subscriber.as_deref(), Some("bob"));
    assert!(connect.at.is_some());
}
