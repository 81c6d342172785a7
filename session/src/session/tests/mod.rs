//! A session against a space that is played by hand: frames in, frames out.

mod application;
mod calls;
mod connecting;
mod frames;
mod registration;
mod storing;

use std::time::Duration;

use credwire_core::{EpochMillis, Now, Secret};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Session;
use crate::{
    Acquired, Answer, Discarded, Frame, Input, Output, Problem, Profile, ReplyId, ResumeState,
    RpcError, SavedCredential, SavedSession, SessionEvent, Settings, Status, StoreId,
    scheduler::{
        Abilities, CheckedPolicy, CredentialKind, Failure, OpId, OpKind, OutcomeResult,
        RefreshError, Warning,
    },
};

type Token = &'static str;
type In<'a> = Input<'a, Token, &'static str>;
type Out = Output<Token, &'static str>;

const STATE: &str = "made-up-state";
const HOUR: Duration = Duration::from_secs(3600);
const WALL: i64 = 1_760_000_000_000;
/// Who called `start`.
const STARTED: ReplyId = ReplyId(u64::MAX);

/// Neither a key nor `refresh()`.
const PLAIN: Abilities = Abilities { dpop: false, refresh: false };

fn quiet() -> Settings {
    Settings { register: false, ..Settings::default() }
}

struct Script {
    session: Session<Token, &'static str>,
    now: Now,
    /// Whether writes are answered by hand.
    holds_writes: bool,
}

impl Script {
    fn new() -> Self {
        Self::with(quiet(), PLAIN, None)
    }

    fn with(settings: Settings, able: Abilities, saved: Option<SavedSession<Token>>) -> Self {
        let now = Now { wall: EpochMillis::new(WALL), boot: Duration::from_secs(100) };
        let session = Session::new(settings, CheckedPolicy::default(), able, 1, saved, now);
        Self { session, now, holds_writes: false }
    }

    fn on(&mut self, input: In<'_>) -> Vec<Out> {
        self.session.handle(input, self.now);
        let mut outputs = Vec::new();
        while let Some(output) = self.session.poll() {
            if let (Output::Store { id, .. }, false) = (&output, self.holds_writes) {
                self.session.handle(Input::Stored { id: *id, result: Ok(()) }, self.now);
            } else {
                outputs.push(output);
            }
        }
        outputs
    }

    /// The same on a socket that is not silent.
    fn keep(&mut self, time: Duration) -> Vec<Out> {
        let end = self.now.boot + time;
        let mut outputs = Vec::new();
        while self.now.boot < end {
            outputs.extend(self.pass((end - self.now.boot).min(Duration::from_secs(20))));
            self.on(Input::Control);
        }
        outputs
    }

    fn frame(&mut self, frame: &Value) -> Vec<Out> {
        self.on(Input::Frame(&frame.to_string()))
    }

    fn step(&mut self, time: Duration) {
        self.now.boot += time;
        self.now.wall = self.now.wall.saturating_add(time);
    }

    /// Lets time pass until the deadline.
    fn wait(&mut self) -> Vec<Out> {
        let deadline = self.session.deadline().expect("a deadline");
        self.step(deadline.saturating_sub(self.now.boot));
        self.on(Input::Tick)
    }

    /// Lets time pass, with every tick that falls due.
    fn pass(&mut self, time: Duration) -> Vec<Out> {
        let end = self.now.boot + time;
        let mut outputs = Vec::new();
        while self.session.deadline().is_some_and(|deadline| deadline <= end) {
            outputs.extend(self.wait());
        }
        self.step(end - self.now.boot);
        outputs
    }

    fn start(&mut self) -> Vec<Out> {
        self.on(Input::Start(STARTED))
    }

    /// The operation that runs.
    fn op(&self) -> (OpId, OpKind) {
        self.session.scheduler.operation().expect("an operation")
    }

    /// The operation that runs returns a credential.
    fn give(&mut self, token: Token, lifetime: Duration) -> Vec<Out> {
        let expiry = Some(self.now.wall.saturating_add(lifetime));
        let credential = Acquired { token, expiry, lifetime: None, assumed: None };
        self.on(Input::Acquired { id: self.op().0, credential })
    }

    /// It fails.
    fn fail(&mut self, failure: Failure, reason: &'static str) -> Vec<Out> {
        let id = self.op().0;
        self.on(Input::NotAcquired { id, failure, is_final: false, reason })
    }

    fn identify(&mut self) -> Vec<Out> {
        self.on(Input::Identified(Profile { sat_refresh: Some(false), expiry: Ok(None) }))
    }

    /// The socket opens: the id of the connect, its token and what it resumes.
    fn open(&mut self) -> Connect {
        let outputs = self.on(Input::Opened);
        self.connect_in(&outputs)
    }

    fn connect_in(&self, outputs: &[Out]) -> Connect {
        let connect = outputs.iter().find_map(|output| match output {
            Output::SendFrame(Frame::Connect { id, token, resume, .. }) => {
                let id = self.session.wire_id(*id);
                Some(Connect { id, token, resumes: resume.is_some() })
            }
            _ => None,
        });
        connect.unwrap_or_else(|| panic!("a connect in {outputs:?}"))
    }

    fn accept(&mut self, id: Uuid, protocol: &str) -> Vec<Out> {
        let authorization = json!({ "project_id": "p", "scope": [] });
        self.frame(&json!({ "jsonrpc": "2.0", "id": id, "result": {
            "identity": "i", "protocol": protocol, "authorization": authorization } }))
    }

    fn refuse(&mut self, id: Uuid, code: &Value) -> Vec<Out> {
        self.frame(&json!({ "id": id, "error": { "code": code, "message": "no" } }))
    }

    /// Up to the answer to the first connect.
    fn connecting(settings: Settings) -> (Self, Connect) {
        let mut script = Self::with(settings, PLAIN, None);
        script.start();
        script.give("first", HOUR);
        script.identify();
        let connect = script.open();
        (script, connect)
    }

    /// A live session with a stored state.
    fn live(settings: Settings) -> Self {
        let (mut script, connect) = Self::connecting(settings);
        assert!(!connect.resumes);
        script.accept(connect.id, "proto-1");
        script.event(
            "signalwire.authorization.state",
            None,
            &json!({"authorization_state": STATE}),
        );
        script
    }

    fn event(&mut self, event_type: &str, channel: Option<&str>, params: &Value) -> Vec<Out> {
        let mut frame = json!({ "id": "e", "method": "signalwire.event",
            "params": { "event_type": event_type, "params": params } });
        if let Some(channel) = channel {
            frame["params"]["event_channel"] = json!(channel);
        }
        self.frame(&frame)
    }

    fn close(&mut self, code: Option<u16>) -> Vec<Out> {
        self.on(Input::Closed { code, reason: "closed".to_owned() })
    }

    fn call(&mut self, call: u64) -> Vec<Out> {
        let params = Secret::from("{}");
        self.on(Input::Call { reply: ReplyId(call), method: "m", params: &params, timeout: None })
    }

    /// The id on the wire of the request of ours in `outputs`.
    fn request_id(&self, outputs: &[Out]) -> Uuid {
        let id = outputs.iter().find_map(|output| match output {
            Output::SendFrame(Frame::Online(id) | Frame::Offline(id)) => Some(*id),
            Output::SendFrame(Frame::Reauthenticate { id, .. }) => Some(*id),
            _ => None,
        });
        self.session.wire_id(id.expect("a request"))
    }

    fn status(&self) -> Status {
        self.session.status()
    }
}

/// A `signalwire.connect` on its way.
#[derive(Clone, Copy, Debug)]
struct Connect {
    id: Uuid,
    token: Token,
    resumes: bool,
}

/// A saved session whose credential lasts so many seconds more.
fn saved(kind: CredentialKind, seconds: i64, resumable: bool) -> SavedSession<Token> {
    let expiry = Some(EpochMillis::new(WALL + seconds * 1000));
    let state =
        ResumeState { authorization_state: Secret::from(STATE), protocol: "proto-0".to_owned() };
    SavedSession {
        credential: SavedCredential { token: "saved", kind, expiry },
        resume: resumable.then(|| state.into()),
        newer: None,
    }
}

/// The texts that go out, as JSON.
fn sent(outputs: &[Out]) -> Vec<Value> {
    let texts = outputs.iter().filter_map(|output| match output {
        Output::SendFrame(Frame::Text(text)) => Some(serde_json::from_str(text.expose()).unwrap()),
        _ => None,
    });
    texts.collect()
}

/// The answers to calls.
fn called(outputs: &[Out]) -> Vec<(u64, Result<String, RpcError>)> {
    let answers = outputs.iter().filter_map(|output| match output {
        Output::Answer(reply, Answer::Called(result)) => {
            Some((reply.0, result.clone().map(|text| text.expose().clone())))
        }
        _ => None,
    });
    answers.collect()
}

/// The answers to notifications and registrations.
fn done(outputs: &[Out]) -> Vec<(u64, Result<(), RpcError>)> {
    let answers = outputs.iter().filter_map(|output| match output {
        Output::Answer(reply, Answer::Done(result)) => Some((reply.0, result.clone())),
        _ => None,
    });
    answers.collect()
}

/// The answers to refreshes and credentials of the application.
fn refreshed(outputs: &[Out]) -> Vec<(u64, Result<(), RefreshError>)> {
    let answers = outputs.iter().filter_map(|output| match output {
        Output::Answer(reply, Answer::Refreshed(result)) => Some((reply.0, *result)),
        _ => None,
    });
    answers.collect()
}

/// The answer to `start`.
fn started(outputs: &[Out]) -> Option<Result<(), Problem<&'static str>>> {
    outputs.iter().find_map(|output| match output {
        Output::Answer(STARTED, Answer::Started(result)) => Some(result.clone()),
        _ => None,
    })
}

fn discarded(outputs: &[Out]) -> Vec<Discarded> {
    let reasons = outputs.iter().filter_map(|output| match output {
        Output::Event(SessionEvent::Discarded(why)) => Some(*why),
        _ => None,
    });
    reasons.collect()
}

/// What failed, in the order of its report.
fn problems(outputs: &[Out]) -> Vec<Problem<&'static str>> {
    let problems = outputs.iter().filter_map(|output| match output {
        Output::Event(
            SessionEvent::Failed(problem) | SessionEvent::NotRefreshed { problem, .. },
        ) => Some(problem.clone()),
        _ => None,
    });
    problems.collect()
}

fn paused(outputs: &[Out]) -> Option<Duration> {
    outputs.iter().find_map(|output| match output {
        Output::Event(SessionEvent::Waiting(pause)) => Some(*pause),
        _ => None,
    })
}

fn opens(outputs: &[Out]) -> bool {
    outputs.iter().any(|output| matches!(output, Output::Open(_)))
}

fn closes(outputs: &[Out]) -> bool {
    outputs.iter().any(|output| matches!(output, Output::Close))
}
