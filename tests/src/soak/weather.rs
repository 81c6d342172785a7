//! What goes wrong in a soak, and when.

use std::time::{Duration, UNIX_EPOCH};

use credwire::SdkCredential;
use credwire_sandbox::{DeviceExpiry, Fault, ServerFrame, SocketAction, Span};
use fastrand::Rng;
use serde_json::{Value, json};

use super::crew::Crew;
use crate::live::{
    BackendReply, CONNECT, INFO, ONLINE, REAUTHENTICATE, REFRESH, Scene, TOKEN, fault,
};

/// Steps over HTTP that a fault can be planned for.
const REQUESTS: [&str; 3] = [INFO, TOKEN, REFRESH];
/// Calls on the socket that a fault can be planned for.
const CALLS: [&str; 4] = [CONNECT, CONNECT, REAUTHENTICATE, ONLINE];
/// Codes that a space closes sockets with.
const CLOSE_CODES: [u16; 9] = [1000, 1001, 1008, 1011, 1012, 1013, 4000, 4001, 4401];
/// Codes of JSON-RPC errors.
const ERROR_CODES: [i64; 6] = [-32002, -32003, -32602, -32601, -32603, -32000];
/// What a call may be answered with. A registration that the space does not know, or whose params
/// are wrong, is not asked for again in its session.
fn error_codes(op: &str) -> &'static [i64] {
    if op == ONLINE { &[-32002, -32003, -32603, -32000] } else { &ERROR_CODES }
}

/// Statuses that something in between answers with.
const FOREIGN: [u16; 10] = [429, 503, 403, 404, 401, 502, 504, 407, 500, 302];
/// Statuses that the space refuses with.
const REFUSING: [u16; 5] = [401, 403, 404, 409, 422];

/// Draws disturbances.
pub(super) struct Weather {
    rng: Rng,
    /// How many were drawn.
    pub(super) faults: u32,
}

impl Weather {
    pub(super) fn new(rng: Rng) -> Self {
        Self { rng, faults: 0 }
    }

    /// The time to the next disturbance.
    pub(super) fn lull(&mut self) -> Duration {
        Duration::from_millis(self.rng.u64(100..4000))
    }

    /// One disturbance.
    pub(super) fn strike(&mut self, scene: &Scene, crew: &Crew) {
        self.faults += 1;
        match self.rng.u8(..20) {
            0..5 => {
                let fault = self.request(scene);
                scene.space.add_fault(fault);
            }
            5..8 => {
                let fault = self.upgrade(scene);
                scene.space.add_fault(fault);
            }
            8..12 => {
                let fault = self.call();
                scene.space.add_fault(fault);
            }
            12..16 => self.disturb_sockets(scene, crew),
            16..19 => self.disturb_provider(crew),
            _ => self.change_space(scene),
        }
    }

    /// Ends all disturbances.
    pub(super) fn clear(&mut self, scene: &Scene, crew: &Crew) {
        scene.space.configure(|config| {
            config.faults.clear();
            config.nonce = false;
            config.clock_offset = Span::default();
        });
        for member in &crew.members {
            member.backend.behave();
        }
    }

    /// How often a fault strikes: mostly once, sometimes as often as an outage lasts.
    fn often(&mut self, fault: Fault) -> Fault {
        let times = if self.rng.u8(..8) == 0 { self.rng.u64(5..25) } else { self.rng.u64(1..4) };
        fault.times(times)
    }

    fn retry_after(&mut self, scene: &Scene) -> Option<(&'static str, String)> {
        let seconds = self.rng.u64(1..=5);
        let value = match self.rng.u8(..3) {
            0 => return None,
            1 => seconds.to_string(),
            _ => {
                let now = u64::try_from(scene.now().get()).unwrap_or_default();
                let date = Duration::from_millis(now) + Duration::from_secs(seconds);
                httpdate::fmt_http_date(UNIX_EPOCH + date)
            }
        };
        Some(("retry-after", value))
    }

    /// A page of something between client and space.
    fn foreign(&mut self, fault: Fault, scene: &Scene) -> Fault {
        let status = self.pick(&FOREIGN);
        let fault = fault.page(status, "<html><body>not the space</body></html>");
        let fault =
            if status == 302 { fault.header("location", "https://proxy.test/") } else { fault };
        match self.retry_after(scene) {
            Some((name, value)) => fault.header(name, value),
            None => fault,
        }
    }

    fn request(&mut self, scene: &Scene) -> Fault {
        let op = self.pick(&REQUESTS);
        let delay = self.rng.u64(50..6000);
        let plan = Fault::on(op);
        let planned = match self.rng.u8(..12) {
            0..3 => self.foreign(plan, scene),
            3 => {
                let status = self.pick(&[429, 503]);
                let plan = fault(json!({"on": op, "status": status, "body": {"message": "busy"}}));
                match self.retry_after(scene) {
                    Some((name, value)) => plan.header(name, value),
                    None => plan,
                }
            }
            4 => {
                let item = json!({"type": "made_up", "code": "made_up", "message": "refused"});
                let body = json!({"errors": [item]});
                fault(json!({"on": op, "status": self.pick(&REFUSING), "body": body}))
            }
            5 => fault(json!({"on": op, "status": 401, "body": {"error": "invalid_token"}})),
            6 => self.nonce(op),
            7 => self.wrong_shape(op),
            8 => plan.drop_connection(),
            9 => plan.drop_connection().after(),
            10 => plan.silent(),
            _ => plan.delay_ms(delay),
        };
        self.often(planned)
    }

    /// A challenge with a nonce that nobody has seen, in one of its forms.
    fn nonce(&mut self, op: &str) -> Fault {
        let nonce = format!("made-up-{}", self.rng.u32(..));
        let body = match self.rng.u8(..3) {
            0 => json!({"error": "use_dpop_nonce"}),
            1 => json!({"errors": [{"code": "use_dpop_nonce", "message": 5}]}),
            _ => json!(null),
        };
        let status = self.pick(&[400, 401]);
        let headers = json!({"dpop-nonce": nonce,
                             "www-authenticate": "DPoP error=\"use_dpop_nonce\""});
        fault(json!({"on": op, "status": status, "body": body, "headers": headers}))
    }

    fn wrong_shape(&mut self, op: &str) -> Fault {
        let body = match self.rng.u8(..6) {
            0 => json!({}),
            1 => json!([]),
            2 => json!({"token": 5, "expires_at": "soon"}),
            3 => json!({"token": "not-a-token"}),
            4 => json!({"id": [], "sat_claims": {"scope": 7, "expires_at": {}}}),
            _ => return Fault::on(op).page(200, "<html>sign in first</html>"),
        };
        fault(json!({"on": op, "status": 200, "body": body}))
    }

    fn upgrade(&mut self, scene: &Scene) -> Fault {
        let plan = Fault::on("upgrade");
        let delay = self.rng.u64(50..12_000);
        let planned = match self.rng.u8(..9) {
            0..3 => self.foreign(plan, scene),
            3 => plan.drop_connection(),
            4 => plan.silent(),
            5 => plan.close(self.pick(&CLOSE_CODES), "made up"),
            6 => plan.drop_connection().after(),
            7 => plan.silent().after(),
            _ => plan.delay_ms(delay),
        };
        self.often(planned)
    }

    fn call(&mut self) -> Fault {
        let op = self.pick(&CALLS);
        let plan = Fault::on(op);
        let (code, delay) = (self.pick(&CLOSE_CODES), self.rng.u64(50..8000));
        let planned = match self.rng.u8(..10) {
            0..3 => plan.rpc_error(self.pick(error_codes(op)), "made up"),
            3 => self.wrong_result(op),
            4 => plan.drop_connection(),
            5 => plan.silent(),
            6 => plan.close(code, "made up"),
            7 => plan.close(code, "made up").after(),
            8 => {
                if self.rng.bool() {
                    plan.drop_connection().after()
                } else {
                    plan.silent().after()
                }
            }
            _ => plan.delay_ms(delay),
        };
        self.often(planned)
    }

    fn wrong_result(&mut self, op: &str) -> Fault {
        let results = [
            json!(null),
            json!({}),
            json!([1]),
            json!("made up"),
            json!({"identity": 5, "protocol": [], "authorization": "none"}),
            json!({"authorization": {"fabric_subscriber": {"expires_at": "never"}}}),
        ];
        let result = results[self.rng.usize(..results.len())].clone();
        fault(json!({"on": op, "rpcResult": result}))
    }

    fn disturb_sockets(&mut self, scene: &Scene, crew: &Crew) {
        let ping =
            |id: u32| json!({"jsonrpc": "2.0", "id": id.to_string(), "method": "signalwire.ping"});
        let id = self.rng.u32(..);
        let action = match self.rng.u8(..12) {
            0..3 => SocketAction::Drop,
            3..6 => SocketAction::Close { code: self.pick(&CLOSE_CODES), reason: "made up".into() },
            6 => SocketAction::Forget,
            7 => send(json!({"jsonrpc": "2.0", "method": "signalwire.disconnect", "params": {}})),
            8 => SocketAction::Text(json!([ping(id), ping(id ^ 1)]).to_string()),
            9 => SocketAction::Binary(self.bytes()),
            10 => SocketAction::Text(self.odd_text().to_owned()),
            _ => send(self.odd_event()),
        };
        let reached = if self.rng.u8(..4) == 0 {
            scene.space.sockets(action)
        } else {
            let member = &crew.members[self.rng.usize(..crew.len())];
            scene.space.sockets_at(&format!("{}.space.test", member.label), action)
        };
        reached.expect("an action that can be carried out");
    }

    fn bytes(&mut self) -> Vec<u8> {
        (0..self.rng.usize(..64)).map(|_| self.rng.u8(..)).collect()
    }

    fn odd_text(&mut self) -> &'static str {
        self.pick(&[
            "",
            "[]",
            "null",
            "{",
            r#"{"jsonrpc":"2.0","id":"a","method":7}"#,
            r#"{"jsonrpc":"2.0","id":{"a":1},"method":"signalwire.event","params":[]}"#,
            r#"{"jsonrpc":"2.0","id":"nobody","result":{}}"#,
            r#"{"jsonrpc":"2.0","id":"b","method":"signalwire.event","params":{"event_type":"x","params":{"n":1e999}}}"#,
            r#"{"jsonrpc":"2.0","id":"c","method":"signalwire.event","params":{"event_type":"x","params":{"s":"\ud800"}}}"#,
        ])
    }

    fn odd_event(&mut self) -> Value {
        let params = match self.rng.u8(..4) {
            0 => json!({"event_type": 5}),
            1 => json!({"event_type": "signalwire.authorization.state", "params": {}}),
            2 => json!({"event_type": "signalwire.authorization.state",
                        "params": {"authorization_state": 5}}),
            _ => json!({"event_type": "made.up", "event_channel": ["nowhere"], "params": null}),
        };
        json!({"jsonrpc": "2.0", "method": "signalwire.event", "params": params})
    }

    fn disturb_provider(&mut self, crew: &Crew) {
        let member = &crew.members[self.rng.usize(..crew.len())];
        let seconds = Duration::from_secs(self.rng.u64(1..=5));
        let reply = match self.rng.u8(..12) {
            0 => BackendReply::Hang,
            1 => BackendReply::Panic,
            2 => BackendReply::Again,
            3 => BackendReply::Prolonged,
            4 => BackendReply::Ended,
            5 => BackendReply::Refused,
            6 => BackendReply::Given(SdkCredential::from_token("made-up-session-cookie")),
            7 => BackendReply::Late(seconds),
            8 | 9 => BackendReply::Busy(Some(seconds)),
            _ => BackendReply::Busy(None),
        };
        let times = if self.rng.u8(..6) == 0 { self.rng.usize(3..8) } else { 1 };
        let replies = vec![reply; times];
        if member.backend.can_refresh && self.rng.bool() {
            member.backend.plan(replies);
        } else {
            member.backend.plan_authenticate(replies);
        }
    }

    fn change_space(&mut self, scene: &Scene) {
        let rng = &mut self.rng;
        let (nonce, offset) = (rng.bool(), rng.i64(-3..=3));
        let ttl = Span::from_secs(rng.i64(10..=20));
        let form = rng.u8(..4);
        scene.space.configure(|config| {
            config.nonce = nonce;
            config.clock_offset = Span::from_secs(offset);
            config.device_ttl = Some(ttl);
            config.device_expiry = match form {
                0 => DeviceExpiry::ExpiresAt,
                1 => DeviceExpiry::ExpiresIn,
                2 => DeviceExpiry::Both,
                _ => DeviceExpiry::None,
            };
        });
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.rng.usize(..from.len())]
    }
}

fn send(frame: Value) -> SocketAction {
    SocketAction::Send(ServerFrame::new(&frame.to_string()).expect("an object"))
}
