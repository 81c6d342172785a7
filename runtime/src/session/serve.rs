//! What the server sends: answers to our calls, and requests of its own.

use serde_json::{Value, json};

use super::{
    Action, Protocol, ServerEvent,
    frame::{self, Incoming},
};
use crate::{Now, Secret};

const STATE_EVENT: &str = "signalwire.authorization.state";

impl Protocol {
    pub(super) fn read(&mut self, text: &str, now: Now) {
        match frame::read(text) {
            Some(Incoming::Request { id, method, params }) => {
                self.serve(id.as_ref(), &method, params, now);
            }
            Some(Incoming::Answer { id, outcome }) => {
                // An unknown id is a late answer, or none of ours.
                if let Some(purpose) = self.calls.close(id) {
                    self.conclude(purpose, outcome, now.boot);
                }
            }
            None => {
                tracing::debug!(length = text.len(), "a frame that is not JSON-RPC was dropped")
            }
        }
    }

    /// Answers a request of the server.
    fn serve(&mut self, id: Option<&Value>, method: &str, params: Value, now: Now) {
        let known =
            matches!(method, "signalwire.event" | "signalwire.ping" | "signalwire.disconnect");
        if let Some(id) = id {
            let answer = match method {
                "signalwire.ping" => frame::pong(id, now.wall),
                _ if known => frame::acknowledge(id),
                _ => frame::unknown_method(id),
            };
            self.actions.push(Action::Send(Secret::new(answer)));
        }
        match method {
            "signalwire.event" => self.receive(params),
            "signalwire.disconnect" => {
                self.actions.push(Action::Close);
                self.lost("ended by the space", now.boot);
            }
            _ => {}
        }
    }

    fn receive(&mut self, mut params: Value) {
        let Some(event_type) = params["event_type"].as_str().map(str::to_owned) else { return };
        let event_channel = params["event_channel"].as_str().map(str::to_owned);
        let params = params.get_mut("params").map_or_else(|| json!({}), Value::take);
        if let (Some(channel), Some(protocol)) = (&event_channel, &self.protocol)
            && !channel.contains(protocol.as_str())
            && !event_type.starts_with("conversation.")
        {
            tracing::debug!(event_type, "an event of an earlier session was dropped");
            return;
        }
        if event_type == STATE_EVENT {
            if let Some(state) = params["authorization_state"].as_str() {
                self.authorization_state = Some(Secret::from(state));
            }
            return;
        }
        self.actions.push(Action::Server(ServerEvent { event_type, event_channel, params }));
    }
}
