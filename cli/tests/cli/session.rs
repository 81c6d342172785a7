use std::{fs, process::Stdio};

use serde_json::Value;

use crate::{
    process::{Ran, fed},
    space::Space,
};

fn events(ran: &Ran) -> Vec<String> {
    let lines = ran.out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.map(|entry| entry["event"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_minted_token_connects_until_the_time_is_over() {
    let space = Space::start();
    let token = fed(space.mint(&["--refreshable", "--expire-in", "600"]), "").exits(0).out;
    let args = [
        "session",
        "--token-env",
        "TOKEN",
        "--json",
        "--for",
        "1.5",
        "--allow-domain",
        "space.test",
    ];
    let mut session = space.command(&args);
    session.args(["--timeline", "seen/timeline.svg"]).env("TOKEN", token.trim());
    let ran = fed(session, "").exits(0);
    let events = events(&ran);
    for event in ["authenticated", "credential", "connected", "activated", "disconnected"] {
        assert!(events.iter().any(|seen| seen == event), "{event}: {events:?}");
    }
    let svg = fs::read_to_string(space.folder().join("seen/timeline.svg")).unwrap();
    assert!(svg.contains("activated"));
    for text in [&ran.out, &ran.err, &svg] {
        assert!(!text.contains(&token[..20]), "{text}");
    }
}

#[test]
fn mint_prints_the_token_alone_or_a_json_object() {
    let space = Space::start();
    let minted = fed(space.mint(&["--json"]), "").exits(0);
    let minted: Value = serde_json::from_str(&minted.out).unwrap();
    for key in ["token", "refreshToken", "subscriberId"] {
        assert!(minted[key].as_str().is_some_and(|text| !text.is_empty()), "{minted}");
    }
    let refused = {
        let mut mint = space.mint(&[]);
        mint.env("SIGNALWIRE_API_TOKEN", "made-up");
        fed(mint, "").exits(1)
    };
    assert_eq!(refused.out, "");
    assert!(
        refused.err.contains("status 401") && !refused.err.contains("made-up"),
        "{}",
        refused.err
    );
}

#[test]
fn a_token_for_another_space_is_sent_nowhere() {
    let space = Space::start();
    let token = fed(space.mint(&[]), "").exits(0).out;
    let mut session = space.command(&["session", "--token-env", "TOKEN"]);
    let ran = fed(
        {
            session.env("TOKEN", token.trim());
            session
        },
        "",
    )
    .exits(1);
    assert!(ran.err.contains("is not an allowed space"), "{}", ran.err);
    assert_eq!(ran.out, "");
}

#[test]
fn what_is_no_token_is_refused_before_anything_is_sent() {
    let space = Space::start();
    let mut session = space.command(&["session", "--token-env", "TOKEN"]);
    let ran = fed(
        {
            session.env("TOKEN", "made-up");
            session
        },
        "",
    )
    .exits(1);
    assert!(ran.err.contains("3 or 5 parts") && !ran.err.contains("made-up"), "{}", ran.err);
}

#[test]
fn an_unreachable_provider_is_named() {
    let space = Space::start();
    let args = ["session", "--provider-url", "http://127.0.0.1:9/token", "--connect-timeout", "1"];
    let ran = fed(space.command(&args), "").exits(1);
    assert!(ran.err.starts_with("error: there is no session"), "{}", ran.err);
}

/// Sends the signal of Ctrl-C and returns the exit status.
#[cfg(unix)]
fn interrupted(child: &mut std::process::Child) -> Option<i32> {
    let pid = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    child.wait().unwrap().code()
}

#[cfg(unix)]
#[test]
fn an_interrupted_session_leaves_the_space_and_exits_with_130() {
    use std::io::{BufRead as _, BufReader};
    let space = Space::start();
    let token = fed(space.mint(&[]), "").exits(0).out;
    let args = ["session", "--token-env", "TOKEN", "--allow-domain", "space.test", "--for", "60"];
    let mut session = space.command(&args);
    session.env("TOKEN", token.trim()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = session.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("connected")));
    assert_eq!(interrupted(&mut child), Some(130));
    assert!(lines.any(|line| line.unwrap().contains("disconnected")));
}
