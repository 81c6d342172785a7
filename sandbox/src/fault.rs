//! Faults that a space is configured to make.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{
    Value,
    value::{RawValue, to_raw_value},
};

use crate::sockets::{ActionError, MAX_REASON, is_close_code};

/// A planned fault of one operation.
///
/// The first armed fault that matches an operation decides before the request is looked at, so a
/// faulty answer uses up neither a proof's `jti` nor a refresh token. With [`Fault::after`] the
/// operation is carried out first.
///
/// JSON has more effects than the methods here: `{on, when?, skip?, times?, delayMs?}` with one of
/// `status` (with `body` or `text`, `headers`, `stall`), `rpcError`, `rpcResult`, `close` (a code,
/// with `reason`), `drop: true`, `silent: true`, or none of them. `times` is 1 by default and -1
/// for ever. `after: true` belongs to `close`, `drop` and `silent`.
///
/// | effect | of a request | of an upgrade | of a frame |
/// |---|---|---|---|
/// | `status` | the answer | the answer | |
/// | `rpcError`, `rpcResult` | | | the answer |
/// | `drop` | the connection is cut | the connection is cut | the connection is cut |
/// | `silent` | no answer | no answer | no answer; later frames get theirs |
/// | `close` | | accepted, then closed at once | closed without an answer |
/// | `drop` after | carried out, the answer is lost | accepted, then cut at once | answered, then cut |
/// | `silent` after | carried out, no answer | accepted, then deaf | answered, then deaf |
/// | `close` after | | accepted, then closed at once | answered, then closed |
///
/// A deaf socket stays open and reads nothing more, not even pings.
///
/// ```
/// use credwire_sandbox::Fault;
/// let twice = Fault::on("POST /api/fabric/subscriber/devices/refresh").status(500).times(2);
/// let late = Fault::on("rpc signalwire.connect").delay_ms(1500);
/// let json = r#"{"on": "rpc subscriber.online", "rpcResult": {"code": "200"}, "skip": 1}"#;
/// let second: Fault = serde_json::from_str(json)?;
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "FaultJson")]
pub struct Fault {
    on: String,
    when: Option<Attempt>,
    skip: u64,
    /// `None` is for ever.
    times: Option<u64>,
    pub(crate) delay_ms: u64,
    /// The operation is carried out before the effect.
    pub(crate) after: bool,
    pub(crate) effect: Effect,
}

/// The kind of `signalwire.connect` that a fault applies to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Attempt {
    /// A connect without an authorization state.
    Fresh,
    /// A connect with an authorization state.
    Resume,
}

#[derive(Clone, Debug)]
pub(crate) enum Effect {
    /// Nothing but the delay.
    Pass,
    Status {
        status: u16,
        body: Option<Content>,
        headers: BTreeMap<String, String>,
        /// Half of the body is sent, and nothing after that.
        stall: bool,
    },
    RpcError(Box<RawValue>),
    RpcResult(Box<RawValue>),
    Close {
        code: u16,
        reason: String,
    },
    Drop,
    Silent,
}

impl Effect {
    /// The value in the log for an effect that is no answer.
    pub(crate) fn word(&self) -> Value {
        match self {
            Self::Silent => Value::from("silent"),
            Self::Drop => Value::from("drop"),
            Self::Close { code, .. } => Value::from(format!("close {code}")),
            _ => Value::Null,
        }
    }
}

/// What a faulty HTTP answer holds.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    /// Sent as `application/json`.
    Json(Box<RawValue>),
    /// Sent as `text/html`, as an intermediary's page; `headers` can name another type.
    Text(String),
}

impl Fault {
    /// Creates a fault of `operation`: `"<METHOD> <path>"`, `"rpc <method>"` or `"upgrade"`. It
    /// applies once; without an effect it only delays.
    pub fn on(operation: impl Into<String>) -> Self {
        let on = operation.into();
        Self {
            on,
            when: None,
            skip: 0,
            times: Some(1),
            delay_ms: 0,
            after: false,
            effect: Effect::Pass,
        }
    }

    /// Applies the fault only to this kind of `signalwire.connect`.
    #[must_use]
    pub fn when(self, attempt: Attempt) -> Self {
        Self { when: Some(attempt), ..self }
    }

    /// Skips the first `count` matching operations.
    #[must_use]
    pub fn skip(self, count: u64) -> Self {
        Self { skip: count, ..self }
    }

    /// Applies the fault `count` times.
    #[must_use]
    pub fn times(self, count: u64) -> Self {
        Self { times: Some(count), ..self }
    }

    /// Applies the fault every time.
    #[must_use]
    pub fn forever(self) -> Self {
        Self { times: None, ..self }
    }

    /// Waits this many milliseconds of space time first.
    #[must_use]
    pub fn delay_ms(self, delay: u64) -> Self {
        Self { delay_ms: delay, ..self }
    }

    /// Answers an HTTP request or an upgrade with this status and a general error body.
    #[must_use]
    pub fn status(self, status: u16) -> Self {
        let effect = Effect::Status { status, body: None, headers: BTreeMap::new(), stall: false };
        Self { effect, ..self }
    }

    /// Begins the answer of [`Fault::status`] and never ends it: half of the body is sent. Without
    /// a status it does nothing.
    #[must_use]
    pub fn stalled(mut self) -> Self {
        if let Effect::Status { stall, .. } = &mut self.effect {
            *stall = true;
        }
        self
    }

    /// Answers a frame with a JSON-RPC error.
    #[must_use]
    pub fn rpc_error(self, code: i64, message: &str) -> Self {
        let error = to_raw_value(&RpcErrorJson { code, message });
        // Serializing a number and a string cannot fail; without them the fault only delays.
        Self { effect: error.map_or(Effect::Pass, Effect::RpcError), ..self }
    }

    /// Answers an HTTP request or an upgrade with this status and a page of HTML, as an
    /// intermediate proxy does.
    #[must_use]
    pub fn page(self, status: u16, html: impl Into<String>) -> Self {
        let body = Some(Content::Text(html.into()));
        let effect = Effect::Status { status, body, headers: BTreeMap::new(), stall: false };
        Self { effect, ..self }
    }

    /// Adds a header to the answer of [`Fault::status`] or [`Fault::page`]; one that cannot be sent
    /// is left out. Without a status it does nothing.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        if let Effect::Status { headers, .. } = &mut self.effect {
            headers.insert(name.into(), value.into());
        }
        self
    }

    /// Closes the socket with this code: of an upgrade once it is accepted, of a frame without an
    /// answer. A request over HTTP is answered as usual. A code that may not be sent cuts the
    /// connection instead.
    #[must_use]
    pub fn close(self, code: u16, reason: impl Into<String>) -> Self {
        let reason = reason.into();
        let fits = is_close_code(code) && reason.len() <= MAX_REASON;
        let effect = if fits { Effect::Close { code, reason } } else { Effect::Drop };
        Self { effect, ..self }
    }

    /// Carries the operation out before the connection is dropped or closed or falls silent. It has
    /// no meaning for an effect that is an answer.
    #[must_use]
    pub fn after(self) -> Self {
        Self { after: true, ..self }
    }

    /// Closes the connection without an answer.
    #[must_use]
    pub fn drop_connection(self) -> Self {
        Self { effect: Effect::Drop, ..self }
    }

    /// Sends no answer and keeps the connection open.
    #[must_use]
    pub fn silent(self) -> Self {
        Self { effect: Effect::Silent, ..self }
    }
}

#[derive(Serialize)]
struct RpcErrorJson<'a> {
    code: i64,
    message: &'a str,
}

/// Takes the first armed fault for `operation`, counting skips and uses.
pub(crate) fn take(
    faults: &mut [Fault],
    operation: &str,
    attempt: Option<Attempt>,
) -> Option<Fault> {
    for fault in faults {
        let meant = fault.on == operation && (fault.when.is_none() || fault.when == attempt);
        if !meant || fault.times == Some(0) {
            continue;
        }
        if fault.skip > 0 {
            fault.skip -= 1;
            continue;
        }
        fault.times = fault.times.map(|left| left - 1);
        return Some(fault.clone());
    }
    None
}

/// One fault or a list of faults, as the control protocol takes them.
pub(crate) fn one_or_many(json: &RawValue) -> serde_json::Result<Vec<Fault>> {
    fn read<T: DeserializeOwned>(json: &RawValue) -> serde_json::Result<T> {
        serde_json::from_str(json.get())
    }
    if json.get().starts_with('[') { read(json) } else { read(json).map(|fault| vec![fault]) }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct FaultJson {
    on: String,
    when: Option<Attempt>,
    #[serde(default)]
    skip: u64,
    #[serde(default = "once")]
    times: i64,
    #[serde(default)]
    delay_ms: u64,
    status: Option<u16>,
    body: Option<Box<RawValue>>,
    text: Option<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    stall: bool,
    rpc_error: Option<Box<RawValue>>,
    rpc_result: Option<Box<RawValue>>,
    close: Option<u16>,
    reason: Option<String>,
    #[serde(default)]
    drop: bool,
    #[serde(default)]
    silent: bool,
    #[serde(default)]
    after: bool,
}

const fn once() -> i64 {
    1
}

impl TryFrom<FaultJson> for Fault {
    type Error = String;

    fn try_from(json: FaultJson) -> Result<Self, String> {
        let rpc = json.on.starts_with("rpc ");
        if !rpc && json.on != "upgrade" && !json.on.contains(" /") {
            return Err(format!(
                "`on` is \"{}\"; write \"<METHOD> <path>\", \"rpc <method>\" or \"upgrade\"",
                json.on
            ));
        }
        let about_answer =
            json.body.is_some() || json.text.is_some() || !json.headers.is_empty() || json.stall;
        if json.status.is_none() && about_answer {
            return Err("`body`, `text`, `headers` and `stall` belong to `status`; add a `status`"
                .to_owned());
        }
        if json.body.is_some() && json.text.is_some() {
            return Err("`body` is JSON and `text` is none; give one of them".to_owned());
        }
        if json.close.is_none() && json.reason.is_some() {
            return Err("`reason` belongs to `close`; add a `close`".to_owned());
        }
        if let Some(code) = json.close.filter(|code| !is_close_code(*code)) {
            return Err(format!("`close` is {code}; {}", ActionError::Code));
        }
        if json.reason.as_ref().is_some_and(|reason| reason.len() > MAX_REASON) {
            return Err(ActionError::Reason.to_string());
        }
        if json.after && !(json.drop || json.silent || json.close.is_some()) {
            return Err("`after` belongs to `close`, `drop` and `silent`".to_owned());
        }
        if let Some(status @ (..200 | 600..)) = json.status {
            return Err(format!("`status` is {status}; use 200 to 599"));
        }
        for (name, value) in &json.headers {
            if http::HeaderName::try_from(name).is_err()
                || http::HeaderValue::try_from(value).is_err()
            {
                return Err(format!("`headers` has \"{name}\", which cannot be sent as a header"));
            }
        }
        let (status, headers, stall) = (json.status, json.headers, json.stall);
        let body = json.body.map(Content::Json).or_else(|| json.text.map(Content::Text));
        let reason = json.reason.unwrap_or_default();
        let mut effects = [
            status.map(|status| Effect::Status { status, body, headers, stall }),
            json.rpc_error.map(Effect::RpcError),
            json.rpc_result.map(Effect::RpcResult),
            json.close.map(|code| Effect::Close { code, reason }),
            json.drop.then_some(Effect::Drop),
            json.silent.then_some(Effect::Silent),
        ]
        .into_iter()
        .flatten();
        let effect = effects.next().unwrap_or(Effect::Pass);
        if effects.next().is_some() {
            return Err("give one of `status`, `rpcError`, `rpcResult`, `close`, `drop`, `silent`"
                .to_owned());
        }
        match effect {
            Effect::Status { .. } if rpc => {
                return Err("a frame has no `status`; use `rpcError` or `rpcResult`".to_owned());
            }
            Effect::RpcError(_) | Effect::RpcResult(_) if !rpc => {
                return Err("only a frame has `rpcError` and `rpcResult`; use `status`".to_owned());
            }
            Effect::Close { .. } if json.on.contains(" /") => {
                return Err("only a socket is closed with a code; use `drop`".to_owned());
            }
            _ => {}
        }
        let times = match json.times {
            -1 => None,
            count => Some(
                u64::try_from(count)
                    .map_err(|_| format!("`times` is {count}; use a count, or -1 for ever"))?,
            ),
        };
        Ok(Self {
            on: json.on,
            when: json.when,
            skip: json.skip,
            times,
            delay_ms: json.delay_ms,
            after: json.after,
            effect,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INFO: &str = "GET /api/fabric/subscriber/info";

    fn statuses(faults: &mut [Fault], tries: usize) -> Vec<Option<u16>> {
        (0..tries)
            .map(|_| match take(faults, INFO, None)?.effect {
                Effect::Status { status, .. } => Some(status),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn skips_and_uses_are_counted_and_the_first_armed_fault_wins() {
        let mut faults =
            [Fault::on(INFO).status(500).skip(1).times(2), Fault::on(INFO).status(503)];
        // While the first lets one pass, the second strikes.
        assert_eq!(statuses(&mut faults, 4), [Some(503), Some(500), Some(500), None]);
    }

    #[test]
    fn for_ever_does_not_run_out() {
        let mut faults: [Fault; 1] =
            [serde_json::from_str(&format!(r#"{{"on":"{INFO}","status":500,"times":-1}}"#))
                .unwrap()];
        assert_eq!(statuses(&mut faults, 50), [Some(500); 50]);
    }

    #[test]
    fn a_fault_for_a_resume_spares_a_fresh_connect() {
        let on = "rpc signalwire.connect";
        let mut faults = [Fault::on(on).when(Attempt::Resume).rpc_error(-32003, "refused")];
        assert!(take(&mut faults, on, Some(Attempt::Fresh)).is_none());
        assert!(
            take(&mut faults, "rpc signalwire.reauthenticate", Some(Attempt::Resume)).is_none()
        );
        assert!(take(&mut faults, on, Some(Attempt::Resume)).is_some());
        assert!(take(&mut faults, on, Some(Attempt::Resume)).is_none(), "once");
    }

    #[test]
    fn bodies_and_errors_keep_their_bytes() {
        let json = r#"[{"on":"rpc x.y","rpcError":{"message":"m","code":"-32003"}}]"#;
        let raw: Box<RawValue> = serde_json::from_str(json).unwrap();
        let faults = one_or_many(&raw).unwrap();
        let Effect::RpcError(error) = &faults[0].effect else { panic!("{faults:?}") };
        assert_eq!(error.get(), r#"{"message":"m","code":"-32003"}"#);
    }

    #[test]
    fn a_mistaken_fault_is_refused_with_the_fix() {
        for (json, fix) in [
            (r#"{"on":"signalwire.connect"}"#, "rpc <method>"),
            (r#"{"on":"upgrade","satus":503}"#, "unknown field `satus`"),
            (r#"{"on":"upgrade","status":503,"silent":true}"#, "give one of"),
            (r#"{"on":"rpc a.b","status":503}"#, "rpcError"),
            (r#"{"on":"GET /x","rpcResult":{}}"#, "use `status`"),
            (r#"{"on":"GET /x","body":{}}"#, "add a `status`"),
            (r#"{"on":"GET /x","status":99}"#, "200 to 599"),
            (r#"{"on":"GET /x","stall":true}"#, "add a `status`"),
            (r#"{"on":"GET /x","status":500,"headers":{"a b":"c"}}"#, "cannot be sent"),
            (r#"{"on":"GET /x","times":-2}"#, "-1 for ever"),
            (r#"{"on":"GET /x","text":"<p>"}"#, "add a `status`"),
            (r#"{"on":"GET /x","status":403,"text":"<p>","body":{}}"#, "give one of"),
            (r#"{"on":"upgrade","close":1006}"#, "4999"),
            (r#"{"on":"upgrade","reason":"bye"}"#, "add a `close`"),
            (r#"{"on":"GET /x","close":1000}"#, "use `drop`"),
            (r#"{"on":"upgrade","status":503,"after":true}"#, "`after` belongs"),
        ] {
            let error = serde_json::from_str::<Fault>(json).unwrap_err().to_string();
            assert!(error.contains(fix), "{json}: {error}");
        }
    }
}
