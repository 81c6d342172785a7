use serde_json::json;

use super::*;

const STATE: &str = "c3RhdGU/made+up==";

#[test]
fn one_secret_has_one_placeholder_wherever_it_stands() {
    let mut redactor = Redactor::new();
    let encoded = STATE.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    let shown = redactor.json(&json!({
        "again": format!("before {STATE} after"),
        "url": format!("https://h.test/p?state={encoded}&x=1"),
        "authorization_state": STATE,
        "nested": { "tokens": ["first-token", "other-token", "first-token"], "pin": 4711 },
        STATE: json!({ "authorization_state": STATE }).to_string(),
    }));
    let placeholder = shown["authorization_state"].as_str().unwrap();
    assert_eq!(shown["again"], format!("before {placeholder} after"));
    assert_eq!(shown["url"], format!("https://h.test/p?state={placeholder}&x=1"));
    assert_eq!(shown[placeholder], json!({ "authorization_state": placeholder }).to_string());
    let tokens = shown["nested"]["tokens"].as_array().unwrap();
    assert!(tokens[0] == tokens[2] && tokens[0] != tokens[1] && tokens[0] != "first-token");
    assert!(shown["nested"]["pin"].is_u64() && shown["nested"]["pin"] != 4711);
}

#[test]
fn secrets_are_known_by_their_form() {
    let mut redactor = Redactor::new();
    for (text, expected) in [
        ("Authorization: Bearer s3cret-tok!", "Authorization: Bearer made-up-secret-1!"),
        ("basic understanding", "basic understanding"),
        ("/p?a=1&refresh_token=abc%20d&b=2", "/p?a=1&refresh_token=made-up-secret-2&b=2"),
        (r#"{"id":7,"jwt_token" : "abc-def"#, r#"{"id":7,"jwt_token" : "made-up-secret-3"#),
        ("\u{e4}=\u{f6} eyJ eyes", "\u{e4}=\u{f6} eyJ eyes"),
    ] {
        assert_eq!(redactor.text(text), expected);
    }
    let shown = redactor.text("token eyJhbGciOiJkaXIifQ.e30.c2ln.");
    let (before, after) = shown.split_once("eyJ").unwrap();
    assert!(before == "token " && after.ends_with('.') && !after.contains("c2ln"), "{shown}");
}

#[test]
fn objects_of_some_names_hold_more_than_secrets() {
    let shown = Redactor::new().json(&json!({
        "authorization": { "project_id": "p-1", "scope": ["sat:refresh"] },
        "credentials": { "name": "n", "password": "made-up" },
        "session": { "name": "n" },
        "tokens": { "first": "made-up" },
    }));
    assert_eq!(shown["authorization"], json!({ "project_id": "p-1", "scope": ["sat:refresh"] }));
    assert_eq!(
        (&shown["credentials"]["name"], &shown["session"]["name"]),
        (&json!("n"), &json!("n"))
    );
    let text = shown.to_string();
    assert!(!text.contains("made-up\""), "{text}");
}

/// A frame that no JSON reader takes as it is loses its oddity and not its redaction.
#[test]
fn odd_frames_are_redacted_like_others() {
    let mut redactor = Redactor::new();
    let text = r#"{"\ud800":1e999,"tokens":["made-up-a","made-up-b"],"pin":123456}"#;
    let Text::Json(shown) = redactor.content(text) else { panic!("no JSON") };
    let text = shown.to_string();
    assert!(!text.contains("made-up-a") && !text.contains("made-up-b"), "{text}");
    assert!(!text.contains("123456"), "{text}");
    let deep = format!(r#"{}{{"password":"made up"}}{}"#, "[".repeat(300), "]".repeat(300));
    let Text::Plain(shown) = redactor.content(&deep) else { panic!("too deep for JSON") };
    assert!(shown.contains("password") && !shown.contains("made up"), "{shown}");
}

/// A hostile space must not stop its client by what it sends: the work grows with the length of a
/// text and no faster, however many secrets are known and however much they resemble it.
#[test]
fn the_work_grows_with_the_text_and_no_faster() {
    let measured = |secrets: usize, length: usize| {
        let mut redactor = Redactor::new();
        for n in 0..secrets {
            redactor.secret(&format!("eyJhbGciOiJkaXIifQ..aXY.{n}"));
            redactor.secret(&"a".repeat(6 + n % 500));
            redactor.secret(&format!("{}{n}", "a".repeat(20)));
        }
        redactor.known.work.set(0);
        redactor.text(&"a".repeat(19).repeat(length / 20).replace("aaaa", "aaab"));
        redactor.text(&"eyJhbGciOiJkaXIifQ.".repeat(length / 20));
        redactor.known.work.get() / length as u64
    };
    let (few, many, long) = (measured(50, 4_000), measured(2_000, 4_000), measured(50, 40_000));
    assert!(few <= 200 && many <= 200 && long <= 200, "{few} {many} {long} steps a byte");
}

/// What is remembered does not grow with the size of secrets.
#[test]
fn large_secrets_are_remembered_by_their_hashes() {
    let mut redactor = Redactor::new();
    let state = |n: usize| format!("{n:06}{}", "made/up+".repeat(4_000));
    for n in 0..50 {
        redactor.content(&json!({ "authorization_state": state(n) }).to_string());
    }
    assert!(redactor.bytes() < 50 * 1024, "{}", redactor.bytes());
    let placeholder = redactor.secret(&state(49));
    assert_eq!(redactor.text(&format!("it is {}!", state(49))), format!("it is {placeholder}!"));
    // Nor with what a token's header or a proof's claims hold.
    let encode = |json: &str| {
        use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
        URL_SAFE_NO_PAD.encode(json)
    };
    let before = redactor.bytes();
    let large = "x".repeat(500_000);
    let token = format!("{}.e30.c2ln", encode(&json!({ "ch": large, "typ": "SAT" }).to_string()));
    let proof = format!(
        "{}.{}.c2ln",
        encode(r#"{"typ":"dpop+jwt"}"#),
        encode(&json!({ "htu": large, large.as_str(): 1 }).to_string())
    );
    redactor.secret(&token);
    redactor.secret(&proof);
    assert!(redactor.bytes() - before < 4 * 1024, "{}", redactor.bytes() - before);
}

#[test]
fn parts_of_a_token_are_secrets_too() {
    let mut redactor = Redactor::new();
    let body = "bWFkZS11cC1ib2R5LW9mLWEtdG9rZW4";
    let token = format!("eyJhbGciOiJkaXIifQ..aXY.{body}.dGFn");
    let shown = redactor.secret(&token);
    let text = redactor.text(&format!("{body} of {token}"));
    assert!(!text.contains(body) && text.ends_with(&*shown), "{text}");
    assert_eq!(redactor.secret(&token), shown);
}

#[test]
fn messages_lose_long_words_too() {
    let mut redactor = Redactor::new();
    let token = "eyJhbGciOiJkaXIifQ..aXY.Y2lwaGVydGV4dA.dGFn";
    let placeholder = redactor.secret(token);
    let shown = redactor.message(&format!("no {token}, no 4f9a8b7c6d5e4f3a2b1c0d9e"));
    assert_eq!(shown, format!("no {placeholder}, no made-up-secret-2"));
}
