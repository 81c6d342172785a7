//! The REST interface through real connections.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod support;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL};
use credwire_sandbox::{Mint, Span};
use serde_json::{Value, json};
use support::{Http, INFO, Key, MINT, REFRESH, TOKEN, now, space};

fn error<'a>(answer: &'a (u16, Value), member: &str) -> (u16, &'a str) {
    (answer.0, answer.1["errors"][0][member].as_str().unwrap_or_default())
}

#[tokio::test]
async fn a_backend_mints_and_each_bad_parameter_is_reported() {
    let space = space("{}").await;
    let http = Http::new(&space);
    let refused = http.call("POST", MINT, None, Some(json!({"reference": "a"}))).await;
    assert_eq!(error(&refused, "code"), (401, "unauthorized"));
    let forged = http.call("POST", MINT, Some("Basic bW9jazptb2Nr"), None).await;
    assert_eq!(forged.0, 401);

    assert_eq!(
        error(&http.backend(MINT, json!({})).await, "code"),
        (422, "missing_required_parameter")
    );
    let bad = json!({"reference": 7, "expire_at": "soon", "fingerprint": "short",
                     "scope": "everything", "password": []});
    let (status, answer) = http.backend(MINT, bad).await;
    let attributes: Vec<_> =
        answer["errors"].as_array().unwrap().iter().map(|item| &item["attribute"]).collect();
    assert_eq!(status, 422);
    assert_eq!(attributes, ["reference", "expire_at", "fingerprint", "scope", "password"]);

    let (_, minted) = http.backend(MINT, json!({"reference": "a"})).await;
    let (_, again) = http.backend(MINT, json!({"reference": "a"})).await;
    assert_eq!(minted["subscriber_id"], again["subscriber_id"]);
    let token = minted["token"].as_str().unwrap();
    let header = BASE64URL.decode(token.split('.').next().unwrap()).unwrap();
    let header: Value = serde_json::from_slice(&header).unwrap();
    assert_eq!(header["ch"], format!("puc.{}", space.domain()));
    assert_eq!(header["typ"], "SAT");
}

#[tokio::test]
async fn lifetimes_follow_the_request_the_scope_and_the_configuration() {
    let space = space("{}").await;
    let http = Http::new(&space);
    let key = Key::new();
    let expiry = async |extra: Value| {
        let token = http.mint(extra).await;
        let (_, info) = http.get(INFO, &token).await;
        info["sat_claims"]["expires_at"].as_i64().unwrap() - now()
    };
    let bound = json!({"scope": "sat:refresh", "fingerprint": key.jkt()});
    assert!((7198..=7200).contains(&expiry(bound.clone()).await));
    let mut asked = bound.clone();
    asked["expire_at"] = json!(now() + 90);
    assert!((88..=90).contains(&expiry(asked).await));
    assert!((58..=60).contains(&expiry(json!({"scope": "sat:refresh"})).await));

    space.configure(|config| config.unbound_scope_ttl = None);
    assert!((7198..=7200).contains(&expiry(json!({"scope": "sat:refresh"})).await));
    space.configure(|config| config.sat_ttl = Some(Span::from_secs(5)));
    assert!((3..=5).contains(&expiry(bound).await));
}

#[tokio::test]
async fn info_returns_the_scope_and_refuses_expired_tokens() {
    let space = space("{}").await;
    let http = Http::new(&space);
    let key = Key::new();
    let plain = http.mint(json!({"display_name": "Alice Example"})).await;
    let (status, info) = http.get(INFO, &plain).await;
    assert_eq!((status, &info["display_name"]), (200, &json!("Alice Example")));
    assert_eq!(info["email"], "alice@example.test");
    assert!(info.get("sat_claims").is_none() && info["fabric_addresses"].is_array());

    let (_, info) = http.get(INFO, &http.mint_bound(&key).await).await;
    assert_eq!(info["sat_claims"]["scope"], json!(["sat:refresh"]));
    assert_eq!(info["sat_claims"]["cnf"]["jkt"], key.jkt());

    let expired = http.mint(json!({"expire_at": now() - 1})).await;
    assert_eq!(error(&http.get(INFO, &expired).await, "message"), (401, "expired"));
    space.configure(|config| config.bearer_expiry = false);
    assert_eq!(http.get(INFO, &expired).await.0, 200);
    assert_eq!(error(&http.get(INFO, "a.b.c").await, "message"), (401, "unknown token"));
    let by_call = space.mint(Mint::new("alice@example.test")).unwrap();
    assert_eq!(http.get(INFO, by_call.expose()).await.1["id"], info["id"]);
}

#[tokio::test]
async fn a_device_token_needs_scope_proof_and_key() {
    let space = space("{}").await;
    let http = Http::new(&space);
    let (key, other) = (Key::new(), Key::new());
    let sat = http.mint_bound(&key).await;
    let used = key.http(TOKEN);
    assert_eq!(http.grant(TOKEN, &sat, used.clone()).await.0, 200);
    let url = format!("https://fabric.{}{TOKEN}", space.domain());
    assert_eq!(http.grant(TOKEN, &sat, key.http(&url)).await.0, 200);

    for (proof, problem) in [
        (Value::Null, "missing"),
        (used, "jti replayed"),
        (other.http(TOKEN), "thumbprint"),
        (key.http(REFRESH), "htu"),
        (key.http_with_token(TOKEN, &sat), "ath present"),
        (key.sign(json!({"htm": "POST", "htu": TOKEN, "iat": now() - 1000})), "iat off"),
        (key.rpc("signalwire.connect"), "htm"),
    ] {
        let answer = http.grant(TOKEN, &sat, proof).await;
        let (status, message) = error(&answer, "message");
        assert!(status == 401 && message.contains(problem), "{problem}: {message}");
    }
    let plain = http.mint(json!({})).await;
    assert_eq!(http.grant(TOKEN, &plain, key.http(TOKEN)).await.0, 403);
    let bad = json!({"dpop_token": key.http(TOKEN), "expire_in": "long"});
    let bad = http.call("POST", TOKEN, Some(&format!("Bearer {sat}")), Some(bad)).await;
    assert_eq!(error(&bad, "attribute"), (422, "expire_in"));
}

#[tokio::test]
async fn a_device_token_rotates_under_its_own_hash() {
    let space = space(r#"{"deviceTtl":35}"#).await;
    let http = Http::new(&space);
    let key = Key::new();
    let sat = http.mint_bound(&key).await;
    let (_, grant) = http.grant(TOKEN, &sat, key.http(TOKEN)).await;
    assert!((grant["expires_at"].as_i64().unwrap() - now() - 35).abs() <= 1);
    let device = grant["token"].as_str().unwrap();

    let refused = http.grant(REFRESH, device, key.http(REFRESH)).await;
    assert_eq!(error(&refused, "message"), (401, "dpop: ath does not match"));
    let refused = http.grant(REFRESH, device, key.http_with_token(REFRESH, &sat)).await;
    assert_eq!(refused.0, 401);
    let refused = http.grant(REFRESH, &sat, key.http_with_token(REFRESH, &sat)).await;
    assert_eq!(error(&refused, "message"), (401, "not a device token"));
    space.configure(|config| config.device_expiry = credwire_sandbox::DeviceExpiry::ExpiresIn);
    let (status, next) = http.grant(REFRESH, device, key.http_with_token(REFRESH, device)).await;
    assert_eq!((status, &next["expires_in"], next.get("expires_at")), (200, &json!(35), None));

    space.configure(|config| config.clock_offset = Span::from_secs(36));
    let late = http.grant(REFRESH, device, key.http_with_token(REFRESH, device)).await;
    assert_eq!(error(&late, "message"), (401, "expired"));
}

#[tokio::test]
async fn the_first_key_binds_an_unbound_token() {
    let space = space("{}").await;
    let http = Http::new(&space);
    let (key, other) = (Key::new(), Key::new());
    let sat = http.mint(json!({"scope": "sat:refresh"})).await;
    let (status, grant) = http.grant(TOKEN, &sat, key.http(TOKEN)).await;
    assert_eq!(status, 200);
    assert_eq!(http.grant(TOKEN, &sat, other.http(TOKEN)).await.0, 401);
    assert_eq!(http.grant(TOKEN, &sat, key.http(TOKEN)).await.0, 200);
    let (_, info) = http.get(INFO, grant["token"].as_str().unwrap()).await;
    assert_eq!(info["sat_claims"]["cnf"]["jkt"], key.jkt());
}

#[tokio::test]
async fn a_nonce_is_handed_out_and_then_demanded() {
    let space = space(r#"{"nonce":true}"#).await;
    let http = Http::new(&space);
    let key = Key::new();
    let sat = http.mint_bound(&key).await;
    let bearer = format!("Bearer {sat}");
    let body = |proof: Value| Some(json!({"dpop_token": proof}));
    let asked = http.send("POST", TOKEN, Some(&bearer), body(key.http(TOKEN))).await.unwrap();
    assert_eq!(asked.status(), 400);
    let nonce = asked.headers()["dpop-nonce"].to_str().unwrap().to_owned();
    assert_eq!(asked.json::<Value>().await.unwrap()["error"], "use_dpop_nonce");

    let proof = key.sign(json!({"htm": "POST", "htu": TOKEN, "nonce": nonce}));
    let granted = http.send("POST", TOKEN, Some(&bearer), body(proof)).await.unwrap();
    assert_eq!(
        (granted.status().as_u16(), granted.headers().contains_key("dpop-nonce")),
        (200, true)
    );
    let proof = key.sign(json!({"htm": "POST", "htu": TOKEN, "nonce": "made-up"}));
    assert_eq!(http.grant(TOKEN, &sat, proof).await.0, 400);
}

#[tokio::test]
async fn a_refresh_token_is_used_once() {
    let space = space("{}").await;
    let http = Http::new(&space);
    let path = "/api/fabric/subscribers/tokens/refresh";
    let (_, minted) = http.backend(MINT, json!({"reference": "a"})).await;
    let first = json!({"refresh_token": minted["refresh_token"]});
    let (status, rotated) = http.backend(path, first.clone()).await;
    assert_eq!(status, 201);
    assert_eq!(http.get(INFO, rotated["token"].as_str().unwrap()).await.0, 200);
    let again = http.backend(path, first).await;
    assert_eq!(error(&again, "code"), (422, "token_expired"));
    let sat = http.backend(path, json!({"refresh_token": rotated["token"]})).await;
    assert_eq!(error(&sat, "code"), (422, "invalid_parameter"));
    let second = json!({"refresh_token": rotated["refresh_token"]});
    space.configure(|config| config.clock_offset = Span::from_secs(7200 + 290));
    assert_eq!(http.backend(path, second.clone()).await.0, 201, "five minutes more than the SAT");
    assert_eq!(error(&http.backend(path, json!({})).await, "attribute"), (422, "refresh_token"));
}

#[tokio::test]
async fn guests_embeds_and_invites_have_their_rules() {
    let space = space(r#"{"embedToken":"c2c_made_up"}"#).await;
    let http = Http::new(&space);
    let guests = "/api/fabric/guests/tokens";
    let id = "9a8b7c6d-0000-4000-8000-000000000000";
    let (status, guest) = http.backend(guests, json!({"allowed_addresses": [id]})).await;
    assert!(status == 201 && guest["refresh_token"].is_string());
    for bad in [json!([]), json!(["x"]), json!(vec![id; 11]), json!(id), json!(null)] {
        let answer = http.backend(guests, json!({"allowed_addresses": bad})).await;
        assert_eq!(error(&answer, "attribute"), (422, "allowed_addresses"), "{bad}");
    }

    let embeds = "/api/fabric/embeds/tokens";
    let embed = |token: &str| http.call("POST", embeds, None, Some(json!({"token": token})));
    assert_eq!(embed("c2c_other").await.0, 401);
    let (status, answer) = embed("c2c_made_up").await;
    assert_eq!(status, 201);
    assert_eq!(http.get(INFO, answer["token"].as_str().unwrap()).await.0, 200);

    let invites = "/api/fabric/subscriber/invites";
    let invite = async |token: &str, body: Value| {
        http.call("POST", invites, Some(&format!("Bearer {token}")), Some(body)).await
    };
    let sat = http.mint(json!({})).await;
    assert_eq!(invite(&sat, json!({"address_id": id})).await.0, 201);
    assert_eq!(error(&invite(&sat, json!({})).await, "attribute"), (422, "address_id"));
    let guest = guest["token"].as_str().unwrap();
    assert_eq!(invite(guest, json!({"address_id": id})).await.0, 403);
}

#[tokio::test]
async fn other_paths_methods_and_bodies_are_refused() {
    let space = space("{}").await;
    let http = Http::new(&space);
    let sat = http.mint(json!({})).await;
    assert_eq!(error(&http.get("/api/fabric/nothing", &sat).await, "code"), (404, "not_found"));
    let answer = http.send("DELETE", INFO, None, None).await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["allow"]),
        (405, &"GET".parse().unwrap())
    );
    let (status, page) = http.get("/api/fabric/addresses?name=nobody", &sat).await;
    assert_eq!((status, &page["data"]), (200, &json!([])));
    let (_, page) = http.get("/api/fabric/addresses?name=alice", &sat).await;
    assert_eq!(page["data"][0]["display_name"], "alice");
    let huge = json!({"reference": "x".repeat(2_000_000)});
    assert_eq!(http.backend(MINT, huge).await.0, 413);
    assert_eq!(http.backend(MINT, json!([1])).await.0, 422);
}

#[tokio::test]
async fn answers_are_dated_in_space_time_as_far_as_a_date_can_say_it() {
    let space = space("{}").await;
    let http = Http::new(&space);
    for offset in [0, 1_000_000_000_000, -1_000_000_000_000] {
        space.configure(|config| config.clock_offset = Span::from_secs(offset));
        let answer = http.send("GET", INFO, None, None).await.unwrap();
        assert_eq!(answer.status(), 401);
        // Without one of its own the answer gets the date of the computer.
        let year = answer.headers()["date"].to_str().unwrap().contains(" 20");
        assert!(year, "{offset}");
    }
    space.configure(|config| config.clock_offset = Span::from_secs(4_000_000_000));
    let answer = http.send("GET", INFO, None, None).await.unwrap();
    assert!(answer.headers()["date"].to_str().unwrap().contains(" 21"));
}
