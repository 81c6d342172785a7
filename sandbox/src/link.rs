//! One socket's side of the conversation, without IO: messages in, messages and deadlines out.

use std::{collections::HashMap, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use credwire_core::{EpochMillis, RpcMethod, SerializeExposed as _};
use credwire_generated::{
    AuthorizationStateEvent, RpcFrame, SignalwireEvent, SignalwireEventParams, SignalwirePing,
    SignalwirePingParams,
};
use serde::{Deserialize, Serialize};
use serde_json::{
    Value,
    value::{RawValue, to_raw_value},
};
use uuid::Uuid;

use crate::{
    fault::{Effect, Fault},
    log::{Ack, Check, Ticket},
    rpc::{self, Call, Incoming},
    sockets::ServerFrame,
    world::World,
};

/// Requests of the space that a client has not answered; beyond this many they go unrecorded.
const MAX_UNANSWERED: usize = 10_000;

/// The state of one socket.
#[derive(Debug, Default)]
pub(crate) struct Link {
    /// The session that the socket is connected to.
    pub(crate) protocol: Option<String>,
    /// Methods of the space's requests, by id.
    unanswered: HashMap<String, String>,
    /// Whose token the newest connect used.
    subscriber: Option<String>,
}

/// A call that passes through a fault.
#[derive(Debug)]
pub(crate) struct Job {
    call: Call,
    ticket: Ticket,
    effect: Effect,
    /// The call is carried out before the effect.
    after: bool,
    /// Space time to wait before it is carried out.
    pub(crate) delay: Duration,
}

/// What a call comes to.
#[derive(Debug, Default)]
pub(crate) struct Turn {
    /// Texts to send, in order.
    pub(crate) send: Vec<String>,
    /// What becomes of the socket.
    pub(crate) then: Then,
    /// The socket was authenticated with a token that ends then.
    pub(crate) authenticated: Option<EpochMillis>,
}

/// What becomes of a socket after a turn.
#[derive(Debug, Default)]
pub(crate) enum Then {
    /// It goes on.
    #[default]
    Go,
    /// The connection is cut.
    Cut,
    /// It reads nothing more.
    Deaf,
    /// It is closed.
    Close { code: u16, reason: String },
}

impl Link {
    /// Takes in one message; a call comes back as a job.
    pub(crate) fn receive(&mut self, world: &mut World, text: &[u8]) -> Option<Job> {
        match Incoming::read(text) {
            Incoming::Call(call) => {
                if let Some(token) = call.token() {
                    self.subscriber = world.holder(token);
                }
                let check = Check::new(call.op());
                let fault = world.take_fault(&call.op(), Some(call.attempt()));
                let ticket = world.enter(check, self.subscriber.clone());
                let Fault { delay_ms, effect, after, .. } = fault.unwrap_or_else(|| Fault::on(""));
                Some(Job { call, ticket, effect, after, delay: Duration::from_millis(delay_ms) })
            }
            answer => {
                self.take_in(world, answer);
                None
            }
        }
    }

    /// Takes in what is not answered.
    fn take_in(&mut self, world: &mut World, message: Incoming) {
        match message {
            Incoming::Answer { id: Value::Null, outcome } => {
                world.log.ack(Ack { method: "frame".to_owned(), outcome });
            }
            Incoming::Answer { id, outcome } => {
                let id = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
                if let Some(method) = self.unanswered.remove(&id) {
                    world.log.ack(Ack { method, outcome });
                }
            }
            Incoming::Batch(messages) => {
                for message in messages {
                    self.take_in(world, message);
                }
            }
            Incoming::Call(_) | Incoming::Other => {
                world.enter(Check::new("frame"), self.subscriber.clone());
            }
        }
    }

    /// Carries out a job whose delay is over.
    pub(crate) fn carry_out(&mut self, world: &mut World, job: Job) -> Turn {
        let mut check = Check::default();
        let mut authenticated = None;
        let then = match &job.effect {
            Effect::Drop => Then::Cut,
            Effect::Silent if job.after => Then::Deaf,
            Effect::Close { code, reason } => Then::Close { code: *code, reason: reason.clone() },
            _ => Then::Go,
        };
        let answer = match job.effect {
            Effect::Silent | Effect::Drop | Effect::Close { .. } if !job.after => {
                check.fault = Some(job.effect.word());
                None
            }
            Effect::RpcError(ref error) => {
                let code = error_code(error);
                check.fault = Some(code.clone());
                check.outcome = Some(code);
                Some(Outcome::Error(error.clone()))
            }
            Effect::RpcResult(ref result) => {
                check.fault = Some(Value::from("result"));
                check.outcome = Some(Value::from("result"));
                Some(Outcome::Result(result.clone()))
            }
            _ => {
                if job.after {
                    check.fault = Some(job.effect.word());
                }
                match rpc::respond(world, &mut self.protocol, &job.call, &mut check) {
                    Ok(answer) => {
                        authenticated = answer.authenticated;
                        check.outcome = Some(Value::from("result"));
                        Some(Outcome::Result(answer.result))
                    }
                    Err(error) => {
                        check.outcome = Some(Value::from(error.code.get()));
                        to_raw_value(&error).ok().map(Outcome::Error)
                    }
                }
            }
        };
        world.log.amend(job.ticket, |entered| entered.complete(check));
        let mut send: Vec<_> = answer
            .and_then(|outcome| response(job.call.id.as_ref()?, outcome))
            .into_iter()
            .collect();
        if authenticated.is_some() && world.config.auth_state {
            send.extend(self.push_state(world));
        }
        Turn { send, then, authenticated }
    }

    /// The event that sends the session a new authorization state.
    fn push_state(&mut self, world: &mut World) -> Option<String> {
        let protocol = self.protocol.clone()?;
        let mut random = [0; 48];
        aws_lc_rs::rand::fill(&mut random).ok()?;
        let state = STANDARD.encode(random);
        let event = AuthorizationStateEvent::new(state.as_str());
        let params = SignalwireEventParams::new("signalwire.authorization.state")
            .with_params(event.exposed());
        world.states.insert(state, protocol);
        self.request::<SignalwireEvent>(&params)
    }

    /// The text of a `signalwire.ping`.
    pub(crate) fn ping(&mut self, now: EpochMillis) -> Option<String> {
        #[allow(clippy::cast_precision_loss, reason = "dates in milliseconds are below 2^53")]
        let timestamp = now.get() as f64 / 1000.0;
        self.request::<SignalwirePing>(&SignalwirePingParams::new().with_timestamp(timestamp))
    }

    /// The text of a frame that a test sends.
    pub(crate) fn custom(&mut self, frame: &ServerFrame) -> String {
        let (text, id) = frame.with_id(Uuid::new_v4().to_string());
        self.expect_answer(id, &frame.method);
        text
    }

    /// A text that a test sends; each request in it is expected to be answered.
    pub(crate) fn raw(&mut self, text: &str) {
        // Params may be odd in ways that have no value: they are passed over, not read.
        #[derive(Deserialize)]
        struct Request {
            id: String,
            method: String,
        }
        let batch: Vec<&RawValue> = serde_json::from_str(text).unwrap_or_default();
        let texts = batch.iter().map(|request| request.get());
        let texts: Vec<_> = if batch.is_empty() { vec![text] } else { texts.collect() };
        for Request { id, method } in
            texts.into_iter().filter_map(|it| serde_json::from_str(it).ok())
        {
            self.expect_answer(id, &method);
        }
    }

    fn request<M: RpcMethod>(&mut self, params: &impl Serialize) -> Option<String> {
        let id = Uuid::new_v4().to_string();
        let params = serde_json::to_string(params).ok()?;
        let text = RpcFrame::request(&id, M::NAME, &params);
        self.expect_answer(id, M::NAME);
        Some(text.expose().clone())
    }

    fn expect_answer(&mut self, id: String, method: &str) {
        if self.unanswered.len() < MAX_UNANSWERED {
            self.unanswered.insert(id, method.to_owned());
        }
    }
}

enum Outcome {
    Result(Box<RawValue>),
    Error(Box<RawValue>),
}

/// The text of a response.
fn response(id: &Value, outcome: Outcome) -> Option<String> {
    #[derive(Serialize)]
    struct Response<'a> {
        jsonrpc: &'static str,
        id: &'a Value,
        #[serde(skip_serializing_if = "Option::is_none")]
        result: Option<Box<RawValue>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        error: Option<Box<RawValue>>,
    }
    let (result, error) = match outcome {
        Outcome::Result(result) => (Some(result), None),
        Outcome::Error(error) => (None, Some(error)),
    };
    serde_json::to_string(&Response { jsonrpc: "2.0", id, result, error }).ok()
}

/// The `code` of a planned error, for the log.
fn error_code(error: &RawValue) -> Value {
    let error: Value = serde_json::from_str(error.get()).unwrap_or_default();
    error.get("code").cloned().unwrap_or_default()
}
