//! JSON-RPC 2.0 over frames: requests of clients, and their answers to requests of the space.

use credwire_core::{EpochMillis, RpcMethod as _};
use credwire_generated::{
    RpcErrorCode, SignalwireConnect, SignalwireReauthenticate, SubscriberOffline, SubscriberOnline,
    SubscriberStatus,
};
use serde::Serialize;
use serde_json::{
    Map, Value,
    value::{RawValue, to_raw_value},
};
use uuid::Uuid;

use crate::{
    dpop::{self, Demand, Target},
    fault::Attempt,
    log::{Check, ProofOutcome},
    rest::Scope,
    sat::SatClaims,
    span::epoch_seconds,
    world::{Reading, World},
};

/// A request frame.
#[derive(Debug)]
pub(crate) struct Call {
    /// As the client wrote it; a notification has none.
    pub(crate) id: Option<Value>,
    pub(crate) method: String,
    pub(crate) params: Option<Value>,
}

/// What a text message is.
#[derive(Debug)]
pub(crate) enum Incoming {
    Call(Call),
    /// An answer to a request of the space: its id, and `result` or the error's code.
    Answer {
        id: Value,
        outcome: Value,
    },
    /// A list of messages.
    Batch(Vec<Self>),
    /// Neither; it is entered in the log and otherwise passed over.
    Other,
}

impl Incoming {
    pub(crate) fn read(text: &[u8]) -> Self {
        match serde_json::from_slice(text) {
            Ok(Value::Array(messages)) if !messages.is_empty() => {
                Self::Batch(messages.into_iter().map(Self::of).collect())
            }
            Ok(message) => Self::of(message),
            Err(_) => Self::Other,
        }
    }

    fn of(message: Value) -> Self {
        let Value::Object(mut frame) = message else { return Self::Other };
        let id = frame.remove("id");
        match (frame.remove("method"), id) {
            (Some(Value::String(method)), id) => {
                Self::Call(Call { id, method, params: frame.remove("params") })
            }
            (None, Some(id)) if frame.contains_key("result") => {
                Self::Answer { id, outcome: Value::from("result") }
            }
            (None, Some(id)) => match frame.remove("error") {
                Some(Value::Object(error)) => {
                    let code = error.get("code").filter(|code| code.is_number());
                    Self::Answer { id, outcome: code.cloned().unwrap_or_default() }
                }
                _ => Self::Other,
            },
            _ => Self::Other,
        }
    }
}

impl Call {
    pub(crate) fn op(&self) -> String {
        format!("rpc {}", self.method)
    }

    /// The token that it contains, if there is one.
    pub(crate) fn token(&self) -> Option<&str> {
        self.params.as_ref()?.get("authentication")?.get("jwt_token")?.as_str()
    }

    /// Whether it contains an authorization state. Any other call counts as fresh.
    pub(crate) fn attempt(&self) -> Attempt {
        let state = self.params.as_ref().and_then(|params| params.get("authorization_state"));
        match state {
            Some(Value::String(state)) if !state.is_empty() => Attempt::Resume,
            _ => Attempt::Fresh,
        }
    }
}

/// A JSON-RPC error.
#[derive(Debug, Serialize)]
pub(crate) struct RpcError {
    pub(crate) code: RpcErrorCode,
    pub(crate) message: String,
}

impl RpcError {
    fn authentication(why: &str) -> Self {
        Self {
            code: RpcErrorCode::AuthenticationFailed,
            message: format!("Authentication failed: {why}"),
        }
    }

    fn requester() -> Self {
        let code = RpcErrorCode::RequesterValidationFailed;
        Self { code, message: "Requester validation failed".to_owned() }
    }

    fn params(which: &str) -> Self {
        Self { code: RpcErrorCode::InvalidParams, message: format!("Invalid params: {which}") }
    }

    fn method() -> Self {
        Self { code: RpcErrorCode::MethodNotFound, message: "Method not found".to_owned() }
    }

    fn internal() -> Self {
        Self { code: RpcErrorCode::InternalError, message: "Internal error".to_owned() }
    }
}

/// A result, and the frames that follow it.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) result: Box<RawValue>,
    pub(crate) authenticated: Option<EpochMillis>,
}

#[derive(Serialize)]
struct ConnectResult<'a> {
    identity: &'a str,
    authorization: Authorization<'a>,
    protocol: &'a str,
    ice_servers: [(); 0],
}

#[derive(Serialize)]
struct ReauthenticateResult<'a> {
    authorization: Authorization<'a>,
}

#[derive(Serialize)]
struct Authorization<'a> {
    jti: Uuid,
    project_id: Uuid,
    fabric_subscriber: FabricSubscriber<'a>,
    #[serde(flatten)]
    scope: Scope<'a>,
}

#[derive(Serialize)]
struct FabricSubscriber<'a> {
    version: u8,
    expires_at: serde_json::Number,
    subscriber_id: Uuid,
    application_id: Option<&'a str>,
    project_id: Uuid,
    space_id: Uuid,
}

/// Answers one call and enters in `check` the results for its credentials. `session` is the
/// protocol of the session that the socket is connected to; a connect sets it.
pub(crate) fn respond(
    world: &mut World,
    session: &mut Option<String>,
    call: &Call,
    check: &mut Check,
) -> Result<Answer, RpcError> {
    let empty = Map::new();
    let params = match &call.params {
        None | Some(Value::Null) => &empty,
        Some(Value::Object(params)) => params,
        Some(_) => return Err(RpcError::params("params is not an object")),
    };
    match call.method.as_str() {
        SignalwireConnect::NAME => connect(world, session, params, check),
        SignalwireReauthenticate::NAME => reauthenticate(world, session.as_deref(), params, check),
        SubscriberOnline::NAME | SubscriberOffline::NAME if session.is_none() => {
            Err(RpcError::authentication("not connected"))
        }
        SubscriberOnline::NAME | SubscriberOffline::NAME => {
            answer(&SubscriberStatus::new().with_code("200").with_message("OK"), None)
        }
        _ => Err(RpcError::method()),
    }
}

fn connect(
    world: &mut World,
    session: &mut Option<String>,
    params: &Map<String, Value>,
    check: &mut Check,
) -> Result<Answer, RpcError> {
    let state = text(params, "authorization_state")?.filter(|state| !state.is_empty());
    let resume = state.is_some();
    check.kind = Some(if resume { Attempt::Resume } else { Attempt::Fresh });
    let reading = world.read_sat(token(params)?, world.config.connect_expiry && !resume);
    let sat = accept(world, reading, check)?;
    let needs_proof =
        if resume { world.config.resume_needs_proof } else { world.config.require_proof };
    prove(world, params, SignalwireConnect::NAME, &sat, needs_proof, check)?;

    let (protocol, identity) = match state {
        Some(state) => {
            let protocol = world.states.get(state).cloned();
            let session = protocol
                .filter(|protocol| params.get("protocol").is_some_and(|it| it == protocol.as_str()))
                .and_then(|protocol| world.sessions.get_key_value(&protocol))
                .map(|(protocol, identity)| (protocol.clone(), identity.clone()));
            check.state = Some(if session.is_some() { "ok" } else { "refused" });
            session.ok_or_else(RpcError::requester)?
        }
        None => {
            let protocol = format!("signalwire_{}_{}", Uuid::new_v4(), Uuid::new_v4());
            let identity = format!("{}@{}", Uuid::new_v4(), world.identity.domain);
            world.sessions.insert(protocol.clone(), identity.clone());
            (protocol, identity)
        }
    };
    let result = ConnectResult {
        identity: &identity,
        authorization: authorization(world, &sat),
        protocol: &protocol,
        ice_servers: [],
    };
    let answer = answer(&result, Some(sat.exp))?;
    *session = Some(protocol);
    Ok(answer)
}

fn reauthenticate(
    world: &mut World,
    session: Option<&str>,
    params: &Map<String, Value>,
    check: &mut Check,
) -> Result<Answer, RpcError> {
    if session.is_none() {
        return Err(RpcError::authentication("not connected"));
    }
    let reading = world.read_sat(token(params)?, true);
    let project = params.get("authentication").and_then(|given| given.get("project"));
    let ours = world.identity.project_id.to_string();
    let known = project.is_some_and(|project| project == ours.as_str());
    check.project = Some(if known { "ok" } else { "other" });
    let sat = accept(world, reading, check)?;
    let needs_proof = world.config.require_proof;
    prove(world, params, SignalwireReauthenticate::NAME, &sat, needs_proof, check)?;
    let result = ReauthenticateResult { authorization: authorization(world, &sat) };
    answer(&result, Some(sat.exp))
}

/// The claims of a token that was read without a problem.
fn accept(world: &World, reading: Reading, check: &mut Check) -> Result<SatClaims, RpcError> {
    let over = reading.claims.as_ref().is_some_and(|sat| world.is_over(sat));
    check.token = Some(reading.problem.unwrap_or(if over { "expired" } else { "ok" }));
    match (reading.claims, reading.problem) {
        (Some(sat), None) => Ok(sat),
        (_, problem) => Err(RpcError::authentication(problem.unwrap_or("unknown token"))),
    }
}

/// Checks the proof of a frame; without one, a bound token is refused where a proof is needed.
fn prove(
    world: &mut World,
    params: &Map<String, Value>,
    method: &str,
    sat: &SatClaims,
    needed: bool,
    check: &mut Check,
) -> Result<(), RpcError> {
    let Some(proof) = params.get("dpop_token") else {
        check.proof = Some(ProofOutcome::Absent("absent"));
        if needed && sat.holder.jkt.is_some() {
            return Err(RpcError::authentication("dpop missing"));
        }
        return Ok(());
    };
    let demand = Demand {
        target: Target::Frame { method },
        bound_to: sat.holder.jkt.as_deref(),
        now: world.now(),
        leeway: world.config.leeway,
        // A frame has no header to hand out a nonce in.
        nonces: None,
    };
    let verdict = dpop::check(proof, &demand, &mut world.proofs);
    let ok = verdict.ok;
    check.proof = Some(ProofOutcome::Checked(verdict));
    if ok { Ok(()) } else { Err(RpcError::authentication("dpop")) }
}

fn authorization<'a>(world: &World, sat: &'a SatClaims) -> Authorization<'a> {
    let project_id = world.identity.project_id;
    Authorization {
        jti: sat.jti,
        project_id,
        fabric_subscriber: FabricSubscriber {
            version: 1,
            expires_at: epoch_seconds(sat.exp),
            subscriber_id: sat.holder.subscriber_id,
            application_id: sat.holder.application_id.as_deref(),
            project_id,
            space_id: world.identity.space_id,
        },
        scope: Scope::of(sat),
    }
}

fn answer(result: &impl Serialize, authenticated: Option<EpochMillis>) -> Result<Answer, RpcError> {
    let result = to_raw_value(result).map_err(|_| RpcError::internal())?;
    Ok(Answer { result, authenticated })
}

/// A member that is text where it is there.
fn text<'a>(params: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>, RpcError> {
    match params.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(RpcError::params(name)),
    }
}

fn token(params: &Map<String, Value>) -> Result<Option<&str>, RpcError> {
    match params.get("authentication") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(authentication)) => text(authentication, "jwt_token"),
        Some(_) => Err(RpcError::params("authentication")),
    }
}
