//! A client that does something else than it did.

use std::fs;

use credwire::recording::{Cassette, Mismatch, Replay};
use serde_json::{Value, json};

use super::committed;

fn lines(name: &str) -> Vec<Value> {
    let text = fs::read_to_string(committed(name)).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn replayed(lines: &[Value]) -> Option<Mismatch> {
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    Replay::new(Cassette::parse(text.as_bytes()).unwrap()).run().unwrap().mismatch
}

/// The index of the first line that `wanted` accepts.
fn find(lines: &[Value], wanted: impl Fn(&Value) -> bool) -> usize {
    lines.iter().position(wanted).expect("there is such a line")
}

#[test]
fn another_member_is_found_with_its_place() {
    let mut lines = lines("static-token");
    let at = find(&lines, |line| line["frame"]["method"] == "signalwire.connect");
    lines[at]["frame"]["params"]["agent"] = json!("other/1");
    let difference = replayed(&lines).unwrap();
    assert_eq!(difference.line, at + 1);
    let text = difference.to_string();
    assert!(text.contains("the request signalwire.connect"), "{text}");
    assert!(text.contains(r#"/params/agent = "other/1""#) && text.contains("credwire/"), "{text}");
}

#[test]
fn another_token_is_found() {
    let mut lines = lines("client-bound");
    let wanted = |line: &Value| line["url"].as_str().is_some_and(|url| url.ends_with("/refresh"));
    let at = find(&lines, wanted);
    lines[at]["bearer"] = json!("eyJhbGciOiJkaXIifQ..bWFkZS11cC0w.bWFkZS11cC0w.bWFkZS11cC0w");
    let difference = replayed(&lines).unwrap();
    assert_eq!(difference.line, at + 1);
    assert!(difference.expected.contains("the bearer token"), "{difference}");
}

#[test]
fn a_proof_for_something_else_is_found() {
    let mut lines = lines("client-bound");
    let proof = |line: &Value| line["body"]["dpop_token"].is_string();
    let (first, later) = (find(&lines, proof), lines.iter().rposition(proof).unwrap());
    // That of the activation stands where that of a rotation was.
    lines[later]["body"]["dpop_token"] = lines[first]["body"]["dpop_token"].clone();
    let difference = replayed(&lines).unwrap();
    assert_eq!(difference.line, later + 1);
    assert!(difference.expected.contains("(proof)/claims/"), "{difference}");
}

#[test]
fn what_is_missing_and_what_is_too_much_is_found() {
    let mut missing = lines("static-token");
    let at = find(&missing, |line| line["frame"]["method"] == "subscriber.online");
    let mut more = missing[at].clone();
    more["frame"]["method"] = json!("subscriber.status");
    missing.insert(at, more);
    let difference = replayed(&missing).unwrap();
    assert_eq!((difference.line, &*difference.expected), (at + 1, "the request subscriber.status"));

    let mut less = lines("static-token");
    less.remove(at);
    let difference = replayed(&less).unwrap();
    assert_eq!(difference.found, "the request subscriber.online");

    let mut silent = lines("static-token");
    let at = find(&silent, |line| line["kind"] == "close");
    let mut ping = silent[at].clone();
    ping["kind"] = json!("ping");
    let ahead = find(&silent, |line| line["command"] == "disconnect");
    silent.insert(ahead, ping);
    let difference = replayed(&silent).unwrap();
    assert_eq!((difference.line, &*difference.expected), (ahead + 1, "a WebSocket ping"));
    assert!(difference.found.starts_with("nothing for "), "{difference}");
}

/// Another policy is another client: it rotates earlier, or later.
#[test]
fn what_comes_at_another_time_is_found() {
    let lines = lines("client-bound");
    let rotation = |line: &Value| line["url"].as_str().is_some_and(|url| url.ends_with("/refresh"));
    let at = find(&lines, rotation);
    for percent in [60, 2] {
        let mut lines = lines.clone();
        lines[0]["setup"]["policy"]["bound_lead"] = json!({
            "percent": percent, "min": { "secs": 1, "nanos": 0 }, "max": { "secs": 600, "nanos": 0 },
            "jitter_percent": 0
        });
        let difference = replayed(&lines).unwrap();
        // At the rotation, or at what the socket says next.
        assert!(difference.line <= at + 4, "{difference}");
        // A client that rotates late pings its idle socket meanwhile.
        let late = ["nothing for", "a WebSocket ping"];
        let words: &[&str] = if percent == 60 { &["earlier"] } else { &late };
        assert!(words.iter().any(|words| difference.found.contains(words)), "{difference}");
    }
}
