//! The control protocol, the log and the clock, through real connections.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod support;

use std::time::Duration;

use credwire_sandbox::{Config, Space, SpaceClock, SpaceOptions, Span};
use serde_json::{Value, json};
use support::{Http, INFO, Key, MINT, Socket, TOKEN, space};

async fn control(space: &Space, method: &str, path: &str, body: &str) -> (u16, Value) {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}{path}", space.control_url());
    let request = client.request(method.parse().unwrap(), url).body(body.to_owned());
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

#[tokio::test]
async fn a_reset_goes_back_to_the_start_and_changes_it() {
    let space = space(r#"{"deviceTtl":35}"#).await;
    let http = Http::new(&space);
    let key = Key::new();
    let sat = http.mint_bound(&key).await;
    let mut socket = Socket::open(&space).await;
    assert_eq!(control(&space, "PUT", "/reset", r#"{"deviceExpiry":"both"}"#).await.0, 200);
    assert_eq!(socket.next().await, None, "sockets are cut");
    assert!(space.log().checks.is_empty());
    let (_, grant) = http.grant(TOKEN, &sat, key.http(TOKEN)).await;
    assert_eq!(grant["expires_in"], 35, "the first configuration, changed");

    assert_eq!(control(&space, "PATCH", "/config", r#"{"deviceTtl":null}"#).await.0, 200);
    let (_, grant) = http.grant(TOKEN, &sat, key.http(TOKEN)).await;
    assert_eq!(grant["expires_in"], 900);
    assert_eq!(control(&space, "PUT", "/reset", "").await, (200, json!({})));
    let (_, grant) = http.grant(TOKEN, &sat, key.http(TOKEN)).await;
    assert_eq!(grant.get("expires_in"), None);
}

#[tokio::test]
async fn a_faulty_answer_uses_no_proof_up() {
    let space = space("{}").await;
    let http = Http::new(&space);
    let key = Key::new();
    let sat = http.mint_bound(&key).await;
    let faults = json!([
        {"on": format!("POST {TOKEN}"), "status": 500},
        {"on": format!("POST {TOKEN}"), "status": 429, "body": {"b": 1, "a": 2}, "headers": {"retry-after": "7"}},
    ]);
    assert_eq!(control(&space, "POST", "/faults", &faults.to_string()).await.0, 200);
    let proof = key.http(TOKEN);
    let first = http.grant(TOKEN, &sat, proof.clone()).await;
    assert_eq!(first, (500, json!({"errors": [{"code": "fault"}]})));
    let bearer = format!("Bearer {sat}");
    let second = http.send("POST", TOKEN, Some(&bearer), None).await.unwrap();
    assert_eq!(
        (second.status().as_u16(), &second.headers()["retry-after"]),
        (429, &"7".parse().unwrap())
    );
    assert_eq!(http.grant(TOKEN, &sat, proof).await.0, 200);

    let one = json!({"on": format!("GET {INFO}"), "drop": true});
    assert_eq!(control(&space, "POST", "/faults", &one.to_string()).await.0, 200);
    assert!(http.send("GET", INFO, Some(&bearer), None).await.is_err());
    let silent = json!({"faults": [{"on": format!("GET {INFO}"), "silent": true}]});
    assert_eq!(control(&space, "PATCH", "/config", &silent.to_string()).await.0, 200);
    let answer = http.send("GET", INFO, Some(&bearer), None);
    assert!(tokio::time::timeout(Duration::from_millis(200), answer).await.is_err());
    assert_eq!(http.get(INFO, &sat).await.0, 200, "once");
}

#[tokio::test]
async fn mistakes_are_refused_with_the_fix_and_change_nothing() {
    let space = space("{}").await;
    for (method, path, body, fix) in [
        ("PATCH", "/config", r#"{"leeway":1,"devicettl":3}"#, "deviceTtl"),
        ("PATCH", "/config", r#"{"deviceTtl":"soon"}"#, "`deviceTtl`"),
        ("PUT", "/reset", "[]", "JSON object"),
        ("PUT", "/reset", r#"{"faults":[{"on":"x"}]}"#, "rpc <method>"),
        ("POST", "/faults", r#"{"on":"upgrade","whn":"fresh"}"#, "`when`"),
        ("POST", "/sockets", r#"{"do":"explode"}"#, "forget"),
        ("POST", "/sockets", r#"{"do":"send","frame":[]}"#, "JSON object"),
        ("POST", "/sockets", r#"{"do":"close","code":999}"#, "1000 to 1003"),
    ] {
        let (status, answer) = control(&space, method, path, body).await;
        let error = answer["error"].as_str().unwrap();
        assert!(status == 400 && error.contains(fix), "{body}: {status} {error}");
    }
    let (status, answer) = control(&space, "POST", "/reset", "").await;
    assert!(status == 404 && answer["error"].as_str().unwrap().contains("PUT /reset"));
    space.configure(|config| assert_eq!(config.leeway, Span::from_secs(300)));
}

#[tokio::test]
async fn the_log_has_outcomes_and_no_secret() {
    let space = space("{}").await;
    let http = Http::new(&space);
    let key = Key::new();
    let (_, minted) = http
        .backend(
            MINT,
            json!({"reference": "alice", "scope": "sat:refresh",
                                                "fingerprint": key.jkt()}),
        )
        .await;
    let sat = minted["token"].as_str().unwrap();
    let proof = key.http(TOKEN);
    let (_, grant) = http.grant(TOKEN, sat, proof.clone()).await;
    http.grant(TOKEN, sat, proof.clone()).await;
    let mut socket = Socket::open(&space).await;
    let rpc = key.rpc("signalwire.connect");
    let (_, state) = socket.connect(sat, json!({"dpop_token": rpc})).await;

    let (_, log) = control(&space, "GET", "/log", "").await;
    let host = format!("fabric.{}", space.domain());
    let checked = |ok: bool, problems: &[&str], htu: Option<&str>| {
        let mut proof =
            json!({"ok": ok, "problems": problems, "jkt": key.jkt(), "jti_is_uuid4": true});
        if let Some(htu) = htu {
            proof["htu"] = json!(htu);
        }
        proof
    };
    let op = format!("POST {TOKEN}");
    assert_eq!(
        log["checks"],
        json!([
            {"op": format!("POST {MINT}"), "host": host, "basic": "ok", "status": 201},
            {"op": op, "host": host, "bearer": "ok", "proof": checked(true, &[], Some("path")), "status": 200},
            {"op": op, "host": host, "bearer": "ok",
             "proof": checked(false, &["jti replayed"], Some("path")), "status": 401},
            {"op": "upgrade /", "host": format!("puc.{}", space.domain())},
            {"op": "rpc signalwire.connect", "kind": "fresh", "token": "ok",
             "proof": checked(true, &[], None), "outcome": "result"},
        ])
    );
    let text = log.to_string();
    let refresh_token = minted["refresh_token"].as_str().unwrap();
    let device = grant["token"].as_str().unwrap();
    for secret in [
        sat,
        device,
        refresh_token,
        &state,
        proof.as_str().unwrap(),
        rpc.as_str().unwrap(),
        space.api_token().expose(),
    ] {
        assert!(!text.contains(secret));
    }
}

#[tokio::test]
async fn a_scaled_clock_makes_tokens_age_faster() {
    let config = Config::from_json(r#"{"satTtl":1800,"closeAtExpiry":true}"#).unwrap();
    let clock = SpaceClock::scaled(3600.0).unwrap();
    let space = Space::start(SpaceOptions::default().config(config).clock(clock)).await.unwrap();
    let sat = space.mint(credwire_sandbox::Mint::new("alice")).unwrap();
    let mut socket = Socket::open(&space).await;
    let start = clock.now();
    socket.connect(sat.expose(), json!({})).await;
    let closed = json!({"closed": 1008, "reason": "token expired"});
    assert_eq!(socket.next().await, Some(closed), "after about half a second");
    assert!(clock.now().saturating_since(start) >= Duration::from_secs(600));
    assert_eq!(Http::new(&space).get(INFO, sat.expose()).await.0, 401);
}

#[tokio::test]
async fn a_space_that_cannot_start_reports_why() {
    let refused = async |options: SpaceOptions| {
        let error = Space::start(options).await.unwrap_err();
        error.to_string()
    };
    assert!(refused(SpaceOptions::default().domain("a:1")).await.contains("without a port"));
    let everywhere = std::net::Ipv4Addr::UNSPECIFIED.into();
    assert!(refused(SpaceOptions::default().address(everywhere)).await.contains("127.0.0.1"));
    let taken = space("{}").await;
    assert!(refused(SpaceOptions::default().port(taken.port())).await.contains("port 0"));
    let file = tempfile::NamedTempFile::new().unwrap();
    assert!(refused(SpaceOptions::default().dir(file.path())).await.contains("another directory"));
}

#[tokio::test]
async fn the_ready_line_has_what_a_client_needs() {
    let space = space("{}").await;
    let line = space.ready_line();
    assert!(line.starts_with(r#"{"ready":true,"domain":"space.test:"#) && !line.contains('\n'));
    let line: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(line["port"], space.port());
    assert_eq!(line["keyHash"], space.key_hash());
    assert_eq!(line["control"], space.control_url());
    assert_eq!(line["backend"], space.backend_url());
    assert_eq!(line["project"], space.project());
    assert_eq!(line["apiToken"], *space.api_token().expose());
    let ca = std::fs::read_to_string(line["ca"].as_str().unwrap()).unwrap();
    assert_eq!(ca, space.ca_pem());
}

#[tokio::test]
async fn the_backend_mints_for_its_session_alone() {
    let space = space("{}").await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let ask = async |session: &str, body: Value| {
        let request = http.post(space.backend_url()).bearer_auth(session).json(&body);
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
    };
    let session = space.api_token().expose();
    let wanted = json!({"reference": "alice@example.test", "expire_in": 60});

    assert_eq!(ask("made-up", wanted.clone()).await.0, 401);
    let (status, given) = ask(session, wanted.clone()).await;
    assert_eq!(status, 200, "{given}");
    assert!((0..=60).contains(&(given["expires_at"].as_i64().unwrap() - support::now())));
    let token = given["token"].as_str().unwrap();
    assert_eq!(Http::new(&space).get(INFO, token).await.0, 200, "a token like any other");

    let (status, refusal) = ask(session, json!({"scope": "other", "fingerprint": "x"})).await;
    assert_eq!(status, 422);
    let named: Vec<_> = refusal["errors"].as_array().unwrap().iter().collect();
    let named: Vec<_> = named.iter().map(|error| error["attribute"].as_str().unwrap()).collect();
    assert_eq!(named, ["reference", "fingerprint", "scope"]);

    let key = Key::new();
    let bound = json!({
        "reference": "alice@example.test",
        "scope": "sat:refresh",
        "fingerprint": key.jkt(),
    });
    let (_, given) = ask(session, bound).await;
    let token = given["token"].as_str().unwrap();
    assert_eq!(Http::new(&space).grant(TOKEN, token, key.http(TOKEN)).await.0, 200);

    let fault = json!({"on": "POST /backend/token", "status": 503}).to_string();
    assert_eq!(control(&space, "POST", "/faults", &fault).await.0, 200);
    assert_eq!(ask(session, wanted).await.0, 503);
    assert_eq!(control(&space, "GET", "/backend/token", "").await.0, 405);
    let entered = space.log().checks.iter().filter(|c| c.op.ends_with(" /backend/token")).count();
    assert_eq!(entered, 6);
}
