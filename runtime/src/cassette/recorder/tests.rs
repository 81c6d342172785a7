use std::{fs, time::Duration};

use serde_json::{Value, json};

use credwire_session::{Settings, scheduler::Policy};

use super::*;
use crate::{
    EpochMillis, cassette::entry::ReceivedFrame, clock::SimulatedClock, dpop::HtuForm,
    resume_policy::ResumePolicy,
};

type Ends = Arc<Mutex<Vec<String>>>;

fn setup() -> Setup {
    Setup {
        label: "made-up".to_owned(),
        agent: "made-up/1".to_owned(),
        seed: 7,
        can_refresh: false,
        key: None,
        domains: Vec::new(),
        htu: HtuForm::default(),
        request_timeout: Duration::from_secs(9),
        device_lifetime: Duration::from_secs(900),
        settings: Settings::default(),
        policy: Policy::default(),
        resume: ResumePolicy::default(),
        stored: None,
    }
}

fn begin(path: &Path, limits: Limits) -> (io::Result<Recorder>, Ends) {
    let clock = Arc::new(SimulatedClock::new(EpochMillis::new(1_760_000_000_000)));
    let ends = Ends::default();
    let told = Arc::clone(&ends);
    let on_end = move |end: RecordingEnd| told.lock().unwrap().push(end.to_string());
    (Recorder::begin(path, limits, None, clock, |_| setup(), on_end), ends)
}

const LIMITS: Limits = Limits { size: 64 * 1024 * 1024, memory: 64 * 1024 };

fn receive(recorder: &Recorder, frame: &Value) {
    recorder.note(|redactor| Kind::Received {
        socket: 1,
        frame: ReceivedFrame::Text { frame: redactor.content(&frame.to_string()) },
    });
}

fn lines(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test(start_paused = true)]
async fn what_is_noted_is_in_the_file_when_the_end_has_come() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("session.jsonl");
    let (recorder, ends) = begin(&path, LIMITS);
    let recorder = recorder.unwrap();
    for n in 0..100 {
        receive(&recorder, &json!({ "n": n }));
    }
    recorder.end().await;
    receive(&recorder, &json!({ "n": "too late" }));
    let lines = lines(&path);
    assert_eq!((lines.len(), &lines[0]["format"]), (102, &json!(FORMAT)));
    assert!((0..100).all(|n| lines[n + 1]["frame"]["n"] == n));
    assert_eq!((&lines[1]["kind"], &lines[1]["type"]), (&json!("received"), &json!("text")));
    assert_eq!(lines[101]["kind"], "end");
    assert!(ends.lock().unwrap().is_empty());
}

/// Members of a pushed event that hold secrets, in every spelling and at every depth.
#[tokio::test(start_paused = true)]
async fn secrets_of_pushed_events_are_not_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("session.jsonl");
    let recorder = begin(&path, LIMITS).0.unwrap();
    let names = [
        "passcode",
        "secret_id",
        "session_id",
        "private_key_pem",
        "sessionId",
        "privateKeyPem",
        "Pass-Code",
        "client_secret",
        "refreshToken",
        "api_key",
        "X-Api-Key",
        "passphrase",
        "pin",
        "otp",
        "verification_code",
        "cookie",
        "assertion",
        "credential",
        "jwt",
        "signature",
    ];
    let mut params = serde_json::Map::new();
    for (n, name) in names.into_iter().enumerate() {
        let secret = format!("in the clear {n}");
        let value = match n % 4 {
            0 => json!(secret),
            1 => json!([secret]),
            2 => json!({ "deep": { name: secret } }),
            _ => json!(json!({ name: secret }).to_string()),
        };
        let holder = if n % 4 < 2 { name.to_owned() } else { format!("holder{n}") };
        params.insert(holder, value);
    }
    let event = json!({ "event_type": "made.up", "params": params });
    receive(&recorder, &json!({ "id": "e-1", "method": "signalwire.event", "params": event }));
    recorder.end().await;
    let text = fs::read_to_string(&path).unwrap();
    assert!(!text.contains("in the clear"), "{text}");
    assert!(names.iter().all(|name| text.contains(name)));
}

/// States of 0.9 MB, each another one: what is remembered of them does not grow with their size.
#[tokio::test(start_paused = true)]
async fn large_states_cost_no_memory() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("session.jsonl");
    let (recorder, ends) = begin(&path, LIMITS);
    let recorder = recorder.unwrap();
    for n in 0..12 {
        let state = format!("{n}{}", "x".repeat(900_000));
        receive(&recorder, &json!({ "authorization_state": state }));
        assert!(recorder.lock().redactor.bytes() < 16 * 1024);
    }
    recorder.end().await;
    assert!(ends.lock().unwrap().is_empty());
    assert!(fs::metadata(&path).unwrap().len() < 16 * 1024);
}

#[tokio::test(start_paused = true)]
async fn a_recording_that_reaches_a_bound_ends_and_reports_it_once() {
    for (limits, bound, words) in [
        (Limits { size: 4096, ..LIMITS }, "size", "largest size of 4096 bytes"),
        (Limits { memory: 2048, ..LIMITS }, "memory", "more than 2048 bytes"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("session.jsonl");
        let (recorder, ends) = begin(&path, limits);
        let recorder = recorder.unwrap();
        for n in 0..100 {
            receive(&recorder, &json!({ "token": format!("made-up-{n}") }));
            // The writer keeps up.
            let written = recorder.lock().writer.as_ref().map(Writer::written);
            if let Some(written) = written {
                written.wait().await;
            }
        }
        recorder.end().await;
        tokio::time::sleep(Duration::from_secs(1)).await;
        let lines = lines(&path);
        let last = lines.last().unwrap();
        assert_eq!((&last["kind"], &last["bound"]), (&json!("full"), &json!(bound)));
        assert!(fs::metadata(&path).unwrap().len() <= limits.size);
        let ends = ends.lock().unwrap();
        assert!(matches!(&ends[..], [end] if end.contains(words)), "{ends:?}");
    }
}

#[cfg(target_os = "linux")]
#[tokio::test(start_paused = true)]
async fn what_is_no_regular_file_is_not_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("target");
    fs::write(&target, "somebody else's").unwrap();
    let link = folder.path().join("link");
    std::os::unix::fs::symlink(&target, &link).unwrap();
    for path in [Path::new("/dev/full"), folder.path(), &link] {
        let error = begin(path, LIMITS).0.err().unwrap();
        assert!(error.to_string().contains("no regular file"), "{error}");
    }
    assert_eq!(fs::read_to_string(&target).unwrap(), "somebody else's");
}

/// A disk that is full: one error, and the client goes on.
#[cfg(target_os = "linux")]
#[tokio::test(start_paused = true)]
async fn a_file_that_takes_nothing_more_ends_the_recording_once() {
    let file = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let failures = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&failures);
    let on_failure = move |error: io::Error| told.lock().unwrap().push(error.kind());
    let writer = Writer::begin(file, b"", on_failure).unwrap();
    for _ in 0..3 {
        writer.write(b"a line\n".to_vec());
        writer.written().wait().await;
    }
    assert!(writer.has_failed());
    assert_eq!(*failures.lock().unwrap(), [io::ErrorKind::StorageFull]);
}
