//! `session --provider-url` against a backend that speaks plain HTTP on loopback.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    process::Stdio,
    sync::mpsc,
    thread,
    time::{Duration, SystemTime},
};

use serde_json::{Value, json};

use crate::{
    process::{command, fed},
    space::Space,
};

/// Gives the answer to one request when it comes.
type Answer = Box<dyn Fn() -> String + Send>;

/// Answers one request after the other with `answers`, and passes on what was asked.
fn backend(answers: Vec<Answer>) -> (String, mpsc::Receiver<Value>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/token", listener.local_addr().unwrap());
    let (asked, questions) = mpsc::channel();
    thread::spawn(move || {
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            if asked.send(question(&mut stream)).is_err() {
                break;
            }
            let answer = answer();
            let length = answer.len();
            let head =
                format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
            stream.write_all((head + &answer).as_bytes()).unwrap();
        }
    });
    (url, questions)
}

/// The JSON of a request; null without any.
fn question(stream: &mut TcpStream) -> Value {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    if body.is_empty() { Value::Null } else { serde_json::from_slice(&body).unwrap() }
}

fn in_millis(seconds: u64) -> u64 {
    #[allow(clippy::disallowed_methods, reason = "the binary under test goes by the wall clock")]
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    u64::try_from((now + Duration::from_secs(seconds)).as_millis()).unwrap()
}

#[test]
fn the_url_returns_the_first_credential_and_the_ones_after_it() {
    let space = Space::start();
    let credential = |seconds: u64| -> Answer {
        let token = fed(space.mint(&[]), "").exits(0).out;
        let token = token.trim().to_owned();
        Box::new(move || json!({ "token": token, "expiry_at": in_millis(seconds) }).to_string())
    };
    let (url, questions) = backend(vec![credential(9), credential(600)]);
    let args = ["session", "--provider-url", &url, "--allow-domain", "space.test", "--json"];
    let args = [&args[..], &["--for", "60"]].concat();
    let mut session = space.command(&args);
    let mut child = session.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    for event in ["connected", "rotated", "reauthenticated"] {
        let wanted = format!("\"event\":\"{event}\"");
        assert!(lines.any(|line| line.unwrap().contains(&wanted)), "{event}");
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let fingerprint = questions.recv().unwrap()["fingerprint"].as_str().map(str::len);
    assert_eq!(fingerprint, Some(43));
    assert_eq!(questions.recv().unwrap(), Value::Null);
}

#[test]
fn an_answer_that_is_no_credential_is_refused_without_being_shown() {
    let folder = tempfile::tempdir().unwrap();
    for answer in [r#"{"made-up":1}"#, r#""made-up""#, r#"{"token":"made-up","expiry_at":"soon"}"#]
    {
        let (url, _questions) = backend(vec![Box::new(|| answer.to_owned())]);
        let args = ["session", "--provider-url", &url, "--connect-timeout", "1"];
        let ran = fed(command(folder.path(), &args), "").exits(1);
        assert_eq!(ran.out, "");
        assert!(!ran.err.contains("made-up"), "{answer}: {}", ran.err);
    }
}

#[test]
fn seconds_in_place_of_milliseconds_are_reported() {
    let folder = tempfile::tempdir().unwrap();
    let answer = json!({ "token": "bWFkZQ.dXA.dG9rZW4", "expiry_at": in_millis(600) / 1000 });
    // It is asked again until the time to connect is over.
    let again = || -> Answer {
        Box::new({
            let answer = answer.to_string();
            move || answer.clone()
        })
    };
    let (url, _questions) = backend((0..20).map(|_| again()).collect());
    let args = ["session", "--provider-url", &url, "--connect-timeout", "1"];
    let ran = fed(command(folder.path(), &args), "").exits(1);
    assert!(ran.err.contains("milliseconds"), "{}", ran.err);
}

#[test]
fn credentials_do_not_travel_in_the_clear() {
    let folder = tempfile::tempdir().unwrap();
    let args = ["session", "--provider-url", "http://example.test/token"];
    let ran = fed(command(folder.path(), &args), "").exits(1);
    assert!(ran.err.contains("must be an https URL"), "{}", ran.err);
}
