//! The protocol against a scripted space.

mod registration;

use std::time::Duration;

use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::{EpochMillis, Now};

const STATE: &str = "made-up-state";

struct Script {
    protocol: Protocol,
    now: Now,
}

impl Script {
    fn new() -> Self {
        Self::with(Settings::default())
    }

    fn with(settings: Settings) -> Self {
        let now = Now { wall: EpochMillis::new(1_760_000_000_000), boot: Duration::from_secs(100) };
        Self { protocol: Protocol::new(settings, fastrand::Rng::with_seed(1)), now }
    }

    fn on(&mut self, event: Event<'_>) -> Vec<Action> {
        self.protocol.on(event, self.now)
    }

    fn frame(&mut self, frame: &Value) -> Vec<Action> {
        self.on(Event::Frame(&frame.to_string()))
    }

    /// Lets time pass until the deadline.
    fn wait(&mut self) -> Vec<Action> {
        let deadline = self.protocol.deadline().expect("a deadline");
        self.now.boot = self.now.boot.max(deadline);
        self.on(Event::Tick)
    }

    /// Reports a credential and an open socket; gives the id of the connect and what it resumes.
    fn open(&mut self) -> (Uuid, Option<Stored>) {
        assert!(matches!(self.on(Event::Prepared)[..], [Action::Open]));
        match self.on(Event::Opened).pop() {
            Some(Action::Authenticate { id, resume }) => (id, resume),
            other => panic!("{other:?}"),
        }
    }

    fn accept(&mut self, id: Uuid, protocol: &str) -> Vec<Action> {
        let authorization = json!({ "project_id": "p", "scope": ["sat:refresh"] });
        self.frame(&json!({ "jsonrpc": "2.0", "id": id, "result": {
            "identity": "i", "protocol": protocol, "authorization": authorization } }))
    }

    fn refuse(&mut self, id: Uuid, code: Value) -> Vec<Action> {
        self.frame(&json!({ "id": id, "error": { "code": code, "message": "no" } }))
    }

    /// A live session with a stored state.
    fn live(settings: Settings) -> Self {
        let mut script = Self::with(settings);
        assert!(matches!(
            script.on(Event::Connect)[..],
            [Action::Prepare { resume: false, renew: false }]
        ));
        let (id, resume) = script.open();
        assert!(resume.is_none());
        assert!(matches!(script.accept(id, "proto-1")[..], [Action::Up { resumed: false, .. }]));
        script.event("signalwire.authorization.state", None, json!({"authorization_state": STATE}));
        script
    }

    fn event(&mut self, event_type: &str, channel: Option<&str>, params: Value) -> Vec<Action> {
        let mut frame = json!({ "id": "e", "method": "signalwire.event",
            "params": { "event_type": event_type, "params": params } });
        if let Some(channel) = channel {
            frame["params"]["event_channel"] = json!(channel);
        }
        self.frame(&frame)
    }

    fn call(&mut self, call: u64, queue: bool) -> Vec<Action> {
        self.on(Event::Call {
            call: CallId(call),
            method: "m",
            params: &crate::Secret::from("{}"),
            timeout: None,
            queue,
        })
    }
}

fn sent(actions: &[Action]) -> Vec<Value> {
    let texts = actions.iter().filter_map(|action| match action {
        Action::Send(text) => Some(serde_json::from_str(text.expose()).unwrap()),
        _ => None,
    });
    texts.collect()
}

fn answers(actions: Vec<Action>) -> Vec<(u64, Result<crate::Secret<String>, RpcError>)> {
    let answers = actions.into_iter().filter_map(|action| match action {
        Action::Answer { call, result } => Some((call.0, result)),
        _ => None,
    });
    answers.collect()
}

#[test]
fn a_drop_leads_to_a_resume_with_the_stored_state() {
    let mut script = Script::live(Settings::default());
    let actions = script.on(Event::Closed);
    assert!(
        matches!(actions[..], [Action::Down(_), Action::Paused(pause)] if pause.as_millis() <= 100)
    );
    assert!(matches!(script.wait()[..], [Action::Prepare { resume: true, renew: false }]));
    let (id, resume) = script.open();
    let resume = resume.expect("a resume");
    assert_eq!(
        (resume.authorization_state.expose().as_str(), &*resume.protocol),
        (STATE, "proto-1")
    );
    assert!(matches!(script.accept(id, "proto-1")[..], [Action::Up { resumed: true, .. }]));
}

#[test]
fn a_refused_resume_drops_the_state_and_connects_fresh() {
    for code in [json!(-32002), json!(-32003), json!(-32602), json!("-32003")] {
        let mut script = Script::live(Settings::default());
        script.on(Event::Closed);
        script.wait();
        let (id, _) = script.open();
        let actions = script.refuse(id, code);
        assert!(matches!(
            actions[..],
            [Action::Close, Action::ResumeRefused(_), Action::Paused(_)]
        ));
        assert!(matches!(script.wait()[..], [Action::Prepare { resume: false, renew: false }]));
        assert!(script.open().1.is_none());
    }
}

#[test]
fn a_refused_first_connect_is_final() {
    let mut script = Script::new();
    script.on(Event::Connect);
    let (id, _) = script.open();
    let actions = script.refuse(id, json!(-32002));
    assert!(matches!(
        actions[..],
        [
            Action::Close,
            Action::ConnectRefused(RpcError::Remote { code: -32002, .. }),
            Action::GaveUp
        ]
    ));
    assert_eq!(script.protocol.deadline(), None);
}

#[test]
fn a_refused_later_connect_gets_one_more_credential() {
    let mut script = Script::live(Settings::default());
    script.on(Event::Closed);
    script.wait();
    let (id, _) = script.open();
    script.refuse(id, json!(-32003));
    script.wait();
    let (id, _) = script.open();
    assert!(matches!(
        script.refuse(id, json!(-32002))[..],
        [Action::Close, Action::ConnectRefused(_), Action::Paused(_)]
    ));
    assert!(matches!(script.wait()[..], [Action::Prepare { resume: false, renew: true }]));
    let (id, _) = script.open();
    assert!(matches!(script.refuse(id, json!(-32002)).last(), Some(Action::GaveUp)));
}

#[test]
fn another_error_or_silence_to_connect_is_tried_again() {
    let mut script = Script::new();
    script.on(Event::Connect);
    let (id, _) = script.open();
    assert!(matches!(
        script.refuse(id, json!(-32000))[..],
        [Action::Close, Action::ConnectFailed(_), Action::Paused(_)]
    ));
    script.wait();
    script.open();
    let before = script.now.boot;
    assert!(matches!(
        script.wait()[..],
        [Action::Close, Action::ConnectFailed(RpcError::Timeout), Action::Paused(_)]
    ));
    assert_eq!(script.now.boot - before, Duration::from_secs(15));
}

#[test]
fn an_answer_without_its_members_is_an_error() {
    let mut script = Script::new();
    script.on(Event::Connect);
    let (id, _) = script.open();
    let actions = script.frame(&json!({ "id": id, "result": { "identity": "i" } }));
    assert!(matches!(
        actions[..],
        [Action::Close, Action::ConnectFailed(RpcError::Malformed), Action::GaveUp]
    ));
}

#[test]
fn an_unreachable_space_is_given_up_at_the_deadline() {
    let mut script = Script::new();
    let start = script.now.boot;
    script.on(Event::Connect);
    let mut attempts = 0;
    loop {
        script.on(Event::Prepared);
        script.on(Event::Closed);
        attempts += 1;
        if matches!(script.wait()[..], [Action::GaveUp]) {
            break;
        }
    }
    assert_eq!(script.now.boot - start, Duration::from_secs(30));
    assert!((10..40).contains(&attempts), "{attempts}");
}

#[test]
fn the_backoff_goes_on_while_sockets_open_and_are_never_authenticated() {
    let mut script = Script::live(Settings::default());
    let mut longest = Duration::ZERO;
    for _ in 0..8 {
        match script.on(Event::Closed).pop() {
            Some(Action::Paused(pause)) => longest = longest.max(pause),
            other => panic!("{other:?}"),
        }
        script.wait();
        script.open();
    }
    assert!(longest > Duration::from_secs(1));
}

#[test]
fn requests_of_the_server_are_answered() {
    let mut script = Script::live(Settings::default());
    let pong = sent(&script.frame(&json!({"id": "x", "method": "signalwire.ping"})));
    assert_eq!(pong[0]["result"]["timestamp"], json!(1_760_000_000.0));
    let unknown = sent(&script.frame(&json!({"id": 7, "method": "made.up"})));
    assert_eq!((&unknown[0]["id"], &unknown[0]["error"]["code"]), (&json!(7), &json!(-32601)));
    let unasked = script.frame(&json!({"method": "made.up"}));
    assert!(matches!(unasked[..], [Action::Message(_)]));
    let actions = script.frame(&json!({"id": "y", "method": "signalwire.disconnect"}));
    assert!(matches!(
        actions[..],
        [Action::Send(_), Action::Message(_), Action::Close, Action::Down(_), Action::Paused(_)]
    ));
    assert_eq!(sent(&actions)[0]["result"], json!({}));
}

#[test]
fn events_of_an_earlier_session_are_dropped() {
    let mut script = Script::live(Settings::default());
    for (event_type, channel, kept) in [
        ("call.joined", Some("x.proto-1.y"), true),
        ("call.joined", None, true),
        ("call.joined", Some("x.proto-0.y"), false),
        ("call.joined", Some("x.proto-11.y"), false),
        ("conversation.message", Some("x.proto-0.y"), true),
    ] {
        let actions = script.event(event_type, channel, json!({"a": 1}));
        let delivered = actions.iter().any(|action| matches!(action, Action::Server(_)));
        assert_eq!(delivered, kept, "{event_type} {channel:?}");
        // What was not taken is not acknowledged.
        let acknowledged = sent(&actions).iter().any(|answer| answer["result"] == json!({}));
        assert_eq!(acknowledged, kept, "{event_type} {channel:?}");
    }
}

#[test]
fn pending_calls_fail_at_once_when_the_socket_is_lost() {
    let mut script = Script::live(Settings::default());
    script.call(1, true);
    let lost = answers(script.on(Event::Closed));
    assert_eq!(lost, [(1, Err(RpcError::ConnectionLost))]);
    assert!(RpcError::ConnectionLost.is_transient());
}

#[test]
fn calls_wait_for_a_session_in_a_bounded_queue() {
    let mut script = Script::live(Settings { queue: 2, ..Settings::default() });
    script.on(Event::Closed);
    assert!(script.call(1, true).is_empty());
    assert!(script.call(2, true).is_empty());
    assert_eq!(answers(script.call(3, true)), [(3, Err(RpcError::QueueFull))]);
    assert_eq!(answers(script.call(4, false)), [(4, Err(RpcError::ConnectionLost))]);
    script.on(Event::Cancel(CallId(1)));
    script.wait();
    let (id, _) = script.open();
    assert_eq!(sent(&script.accept(id, "proto-1")).len(), 1);
}

#[test]
fn calls_time_out_and_a_late_answer_is_ignored() {
    let mut script = Script::live(Settings::default());
    let id = sent(&script.call(1, true))[0]["id"].clone();
    assert_eq!(answers(script.wait()), [(1, Err(RpcError::Timeout))]);
    assert!(script.frame(&json!({"id": id, "result": {}})).is_empty());
}

#[test]
fn results_find_their_call_in_any_order() {
    let mut script = Script::live(Settings::default());
    let first = sent(&script.call(1, true))[0]["id"].clone();
    let second = sent(&script.call(2, true))[0]["id"].clone();
    assert_eq!(answers(script.frame(&json!({"id": second, "result": 2}))), [(2, Ok("2".into()))]);
    assert_eq!(answers(script.frame(&json!({"id": first, "result": 1}))), [(1, Ok("1".into()))]);
}

#[test]
fn the_subscriber_registers_once_the_credential_is_settled() {
    let mut script = Script::live(Settings::default());
    let online = sent(&script.on(Event::Settled));
    assert_eq!(online[0]["method"], json!("subscriber.online"));
    assert!(script.on(Event::Settled).is_empty());
    let actions = script.frame(&json!({"id": online[0]["id"], "result": {}}));
    assert!(matches!(actions[..], [Action::Registered(Ok(()))]));
    let actions = script.on(Event::Disconnect);
    assert!(matches!(actions[..], [Action::Down(_), Action::Close, Action::Left]));
    assert_eq!(answers(script.call(1, true)), [(1, Err(RpcError::Disconnected))]);
    // The state is kept: the next connect resumes.
    assert!(matches!(script.on(Event::Connect)[..], [Action::Prepare { resume: true, .. }]));
}

#[test]
fn a_silent_socket_is_pinged_and_then_given_up() {
    let mut script = Script::live(Settings::default());
    assert!(matches!(script.wait()[..], [Action::Ping]));
    assert!(script.on(Event::Heard).is_empty());
    assert!(matches!(script.wait()[..], [Action::Ping]));
    assert!(matches!(script.wait()[..], [Action::Close, Action::Down(_), Action::Paused(_)]));
}

#[test]
fn noise_changes_nothing() {
    let mut script = Script::live(Settings::default());
    for noise in ["", "{", "[]", "\u{0}", r#"{"id":null}"#, r#"{"method":"signalwire.event"}"#] {
        assert!(script.on(Event::Frame(noise)).is_empty(), "{noise:?}");
    }
    for event in [Event::Prepared, Event::Opened, Event::NotResumable, Event::CredentialRefused] {
        assert!(script.on(event).is_empty());
    }
}
