//! Sessions through real sockets.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod support;

use credwire_sandbox::{Attempt, Fault, Mint, ServerFrame, SocketAction, Space, Span};
use serde_json::{Value, json};
use support::{Http, Key, Socket, TOKEN, connect_params, now, space};
use tokio_tungstenite::tungstenite::{self, Message};

fn code(answer: &Value) -> i64 {
    answer["error"]["code"].as_i64().unwrap_or_default()
}

fn sat(space: &Space) -> String {
    space.mint(Mint::new("alice")).unwrap().expose().clone()
}

#[tokio::test]
async fn a_bound_session_connects_reauthenticates_and_resumes() {
    let space = space("{}").await;
    let http = Http::new(&space);
    let (key, other) = (Key::new(), Key::new());
    let sat = http.mint_bound(&key).await;
    let mut socket = Socket::open(&space).await;

    let refused = socket.call("subscriber.online", json!({})).await;
    assert_eq!(code(&refused), -32002, "not connected");
    for extra in [
        json!({}),
        json!({"dpop_token": other.rpc("signalwire.connect")}),
        json!({"dpop_token": key.rpc("signalwire.reauthenticate")}),
        json!({"dpop_token": "made-up"}),
    ] {
        let refused = socket.call("signalwire.connect", connect_params(&sat, extra)).await;
        assert_eq!(code(&refused), -32002, "{refused}");
    }
    let proof = json!({"dpop_token": key.rpc("signalwire.connect")});
    let (result, _) = socket.connect(&sat, proof).await;
    let authorization = &result["authorization"];
    assert_eq!(authorization["cnf"]["jkt"], key.jkt());
    assert_eq!(authorization["scope"], json!(["sat:refresh"]));
    assert!(result["identity"].is_string() && authorization["jti"].is_string());
    assert!(authorization["fabric_subscriber"]["expires_at"].as_i64().unwrap() > now());

    let (_, grant) = http.grant(TOKEN, &sat, key.http(TOKEN)).await;
    let reauthenticate = json!({
        "authentication": {"project": authorization["project_id"], "jwt_token": grant["token"]},
        "dpop_token": key.rpc("signalwire.reauthenticate"),
    });
    let answer = socket.call("signalwire.reauthenticate", reauthenticate.clone()).await;
    assert_eq!(answer["result"]["authorization"]["cnf"]["jkt"], key.jkt());
    let event = socket.next().await.unwrap();
    let state = event["params"]["params"]["authorization_state"].clone();
    let replayed = socket.call("signalwire.reauthenticate", reauthenticate).await;
    assert_eq!(code(&replayed), -32002);
    assert_eq!(socket.call("subscriber.online", json!({})).await["result"]["code"], "200");
    drop(socket);

    let mut socket = Socket::open(&space).await;
    let foreign = json!({"authorization_state": "made-up", "protocol": result["protocol"]});
    let refused = socket.call("signalwire.connect", connect_params(&sat, foreign)).await;
    assert_eq!(code(&refused), -32003);
    let resume = json!({"authorization_state": state, "protocol": result["protocol"]});
    let (resumed, _) = socket.connect(&sat, resume.clone()).await;
    assert_eq!(resumed["identity"], result["identity"]);

    space.configure(|config| config.resume_needs_proof = true);
    let refused = socket.call("signalwire.connect", connect_params(&sat, resume.clone())).await;
    assert_eq!(code(&refused), -32002, "a proof is asked for now");
    space.configure(|config| config.resume_needs_proof = false);
    space.sockets(SocketAction::Forget).unwrap();
    let refused = socket.call("signalwire.connect", connect_params(&sat, resume)).await;
    assert_eq!(code(&refused), -32003, "forgotten");
}

#[tokio::test]
async fn an_expired_token_resumes_but_does_not_connect() {
    let space = space("{}").await;
    let sat = sat(&space);
    let mut socket = Socket::open(&space).await;
    let (result, state) = socket.connect(&sat, json!({})).await;
    space.configure(|config| config.clock_offset = Span::from_secs(7300));
    let mut socket = Socket::open(&space).await;
    let refused = socket.call("signalwire.connect", connect_params(&sat, json!({}))).await;
    assert_eq!(refused["error"]["message"], "Authentication failed: expired");
    let resume = json!({"authorization_state": state, "protocol": result["protocol"]});
    socket.connect(&sat, resume).await;
    let last = space.log().checks.back().cloned().unwrap();
    assert_eq!(
        (last.kind, last.token, last.state),
        (Some(Attempt::Resume), Some("expired"), Some("ok"))
    );
}

#[tokio::test]
async fn calls_that_make_no_sense_are_answered_and_the_socket_stays() {
    let space = space("{}").await;
    let mut socket = Socket::open(&space).await;
    for text in ["", "no json", "null", "7", "[]", "{}", r#"{"id":"x"}"#, r#"{"method":7,"id":1}"#]
    {
        use futures_util::SinkExt as _;
        socket.0.send(Message::text(text)).await.unwrap();
        socket.0.send(Message::binary(text.as_bytes().to_vec())).await.unwrap();
    }
    assert_eq!(code(&socket.call("no.such.method", json!({})).await), -32601);
    assert_eq!(code(&socket.call("signalwire.connect", json!([1])).await), -32602);
    let params = json!({"authentication": {"jwt_token": 7}});
    assert_eq!(code(&socket.call("signalwire.connect", params).await), -32602);
    let params = json!({"authentication": "made-up"});
    assert_eq!(code(&socket.call("signalwire.connect", params).await), -32602);
    let answer = socket.call("signalwire.connect", json!({})).await;
    assert_eq!(answer["error"]["message"], "Authentication failed: missing");
    // A notification is carried out without an answer.
    socket.send(&json!({"jsonrpc": "2.0", "method": "no.such.method"})).await;
    socket.connect(&sat(&space), json!({})).await;
    let frames = space.log().checks.iter().filter(|check| check.op == "frame").count();
    assert_eq!(frames, 16);
}

#[tokio::test]
async fn requests_of_the_space_are_sent_and_their_answers_recorded() {
    let space = space(r#"{"pingEvery":0.05,"authState":false}"#).await;
    let mut socket = Socket::open(&space).await;
    let answer = socket.call("signalwire.connect", connect_params(&sat(&space), json!({}))).await;
    assert!(answer["result"].is_object());
    let ping = socket.next().await.unwrap();
    assert_eq!(ping["method"], "signalwire.ping");
    assert!(ping["params"]["timestamp"].is_f64());
    let answer = json!({"jsonrpc": "2.0", "id": ping["id"], "result": {"timestamp": 1.5}});
    socket.send(&answer).await;
    socket.send(&answer).await; // a second answer to the same request is none

    let frame = ServerFrame::new(r#"{"jsonrpc":"2.0","method":"x.y","params":{}}"#).unwrap();
    assert_eq!(space.sockets(SocketAction::Send(frame)).unwrap(), 1);
    let frame = socket.next_but_ping().await.unwrap();
    assert_eq!(frame["method"], "x.y");
    let error = json!({"code": -32601, "message": "Method not found"});
    socket.send(&json!({"jsonrpc": "2.0", "id": frame["id"], "error": error})).await;
    // Frames are taken in order: once a later request is answered, the acknowledgements are in.
    assert_eq!(code(&socket.call("no.such.method", json!({})).await), -32601);
    let acks = serde_json::to_value(&space.log().acks).unwrap();
    assert_eq!(
        acks,
        json!([{"method": "signalwire.ping", "outcome": "result"},
               {"method": "x.y", "outcome": -32601}])
    );
}

#[tokio::test]
async fn faults_of_frames_strike_as_planned() {
    let space = space("{}").await;
    let sat = sat(&space);
    let connect = "rpc signalwire.connect";
    space.add_fault(Fault::on(connect).rpc_error(-32003, "no"));
    let mut socket = Socket::open(&space).await;
    assert_eq!(
        code(&socket.call("signalwire.connect", connect_params(&sat, json!({}))).await),
        -32003
    );

    // A delayed call is overtaken; a silent one is never answered.
    space.add_fault(Fault::on(connect).delay_ms(3_600_000));
    space.add_fault(Fault::on("rpc subscriber.offline").silent());
    socket.send(&json!({"id": 1, "method": "signalwire.connect", "params": connect_params(&sat, json!({}))})).await;
    socket.send(&json!({"id": 2, "method": "subscriber.offline"})).await;
    socket.send(&json!({"id": 3, "method": "subscriber.online"})).await;
    let early = socket.next().await.unwrap();
    assert_eq!((&early["id"], code(&early)), (&json!(3), -32002), "not connected yet");
    space.add_fault(Fault::on(connect).delay_ms(1));
    socket.send(&json!({"id": 4, "method": "signalwire.connect", "params": connect_params(&sat, json!({}))})).await;
    assert_eq!(socket.next().await.unwrap()["id"], 4);
    assert_eq!(socket.next().await.unwrap()["method"], "signalwire.event");

    space.add_fault(Fault::on("rpc subscriber.online").drop_connection());
    socket.send(&json!({"id": 5, "method": "subscriber.online"})).await;
    assert_eq!(socket.next().await, None);
    let log = space.log();
    let faults: Vec<_> = log.checks.iter().filter_map(|check| check.fault.clone()).collect();
    assert_eq!(faults, [json!(-32003), json!("silent"), json!("drop")]);
}

#[tokio::test]
async fn an_upgrade_is_refused_and_sockets_are_disturbed_on_request() {
    let space = space(r#"{"faults":[{"on":"upgrade","status":503}]}"#).await;
    let refused = Socket::try_open(space.ca_pem(), space.domain(), space.address()).await;
    let Err(tungstenite::Error::Http(answer)) = refused.map(|_| ()) else { panic!("no answer") };
    assert_eq!(answer.status(), 503);

    let mut socket = Socket::open(&space).await;
    let close = SocketAction::Close { code: 4001, reason: "bye".to_owned() };
    assert_eq!(space.sockets(close).unwrap(), 1);
    assert_eq!(socket.next().await, Some(json!({"closed": 4001, "reason": "bye"})));
    let mut socket = Socket::open(&space).await;
    while space.sockets(SocketAction::Drop).unwrap() == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(socket.next().await, None);
    let forbidden = SocketAction::Close { code: 1006, reason: String::new() };
    assert!(space.sockets(forbidden).unwrap_err().to_string().contains("3000 to 4999"));
}

#[tokio::test]
async fn shutdown_ends_every_connection_and_frees_the_port() {
    let space = space("{}").await;
    let mut socket = Socket::open(&space).await;
    socket.connect(&sat(&space), json!({})).await;
    let (address, ca) = (space.address(), space.ca_path().to_owned());
    assert!(ca.exists());
    space.shutdown().await;
    assert_eq!(socket.next().await, None);
    assert!(!ca.exists());
    tokio::net::TcpListener::bind(address).await.unwrap();
}
