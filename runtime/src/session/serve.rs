//! What the server sends: answers to our calls, and requests of its own.

use std::borrow::Cow;

use uuid::Uuid;

use super::{Action, Protocol, ServerEvent, ServerMessage, frame};
use crate::{Now, RawJson, RpcFrame, ServerRequest, SignalwireEventParams, SignalwireEventPayload};

impl Protocol {
    pub(super) fn read(&mut self, text: &str, now: Now) {
        match RpcFrame::read(text) {
            Some(RpcFrame::Request { id, method, params }) => {
                self.serve(text, id, method, params, now);
            }
            Some(RpcFrame::Answer { id, outcome }) => {
                // An unknown id is a late answer, or none of ours.
                let purpose = id.read::<Uuid>().ok().and_then(|id| self.calls.close(id));
                if let Some(purpose) = purpose {
                    self.conclude(purpose, frame::outcome(outcome), now.boot);
                }
            }
            _ => tracing::debug!(length = text.len(), "a frame that is not JSON-RPC was dropped"),
        }
    }

    /// Answers a request of the server.
    fn serve<'a>(
        &mut self,
        text: &str,
        id: Option<RawJson<'a>>,
        method: Cow<'a, str>,
        params: Option<RawJson<'a>>,
        now: Now,
    ) {
        // Params that nothing depends on may be odd.
        let request = ServerRequest::read(method.clone(), params)
            .or_else(|_| ServerRequest::read(method, None));
        if let Ok(ServerRequest::SignalwireEvent(event)) = &request
            && self.is_stale(event)
        {
            // Not acknowledged either: this session has not taken it.
            tracing::debug!(event.event_type, "an event of an earlier session was dropped");
            return;
        }
        let answer = id.and_then(|id| match &request {
            Ok(ServerRequest::SignalwirePing(_)) => frame::pong(id, now.wall),
            Ok(ServerRequest::Unknown { .. }) => frame::unknown_method(id),
            // An event that cannot be read would be no better when it is sent again.
            Ok(_) | Err(_) => frame::acknowledge(id),
        });
        self.actions.extend(answer.map(Action::Send));
        if request.is_ok() {
            self.actions.push(Action::Message(ServerMessage::new(text)));
        }
        match request {
            Ok(ServerRequest::SignalwireEvent(event)) => self.receive(event),
            Ok(ServerRequest::SignalwireDisconnect(_)) => {
                self.actions.push(Action::Close);
                self.lost("ended by the space", now.boot);
            }
            Ok(_) => {}
            Err(_) => tracing::debug!("an event that is none was dropped"),
        }
    }

    /// Whether an event is meant for an earlier session.
    fn is_stale(&self, event: &SignalwireEventParams<RawJson<'_>>) -> bool {
        let (Some(Some(channel)), Some(protocol)) = (&event.event_channel, &self.protocol) else {
            return false;
        };
        !event.event_type.starts_with("conversation.") && !names(channel, protocol)
    }

    fn receive(&mut self, event: SignalwireEventParams<RawJson<'_>>) {
        let event_type = event.event_type.as_str();
        match event.payload() {
            Ok(SignalwireEventPayload::SignalwireAuthorizationState(state)) => {
                self.authorization_state = Some(state.authorization_state);
                self.actions.push(Action::StateChanged);
            }
            Ok(SignalwireEventPayload::Unknown(payload)) => {
                let Some(params) = frame::value(payload) else {
                    tracing::debug!(event_type, "an event that is nested too deeply was dropped");
                    return;
                };
                let event_channel = event.event_channel.flatten();
                let event = ServerEvent { event_type: event.event_type, event_channel, params };
                self.actions.push(Action::Server(event));
            }
            Ok(_) | Err(_) => tracing::debug!(event_type, "an event without its payload"),
        }
    }
}

/// Whether `protocol` stands in `channel` as a whole, and not as a part of another name.
fn names(channel: &str, protocol: &str) -> bool {
    let ends = |rest: Option<char>| rest.is_none_or(|next| !next.is_ascii_alphanumeric());
    !protocol.is_empty()
        && channel.match_indices(protocol).any(|(at, _)| {
            let after = at + protocol.len();
            ends(channel[..at].chars().next_back()) && ends(channel[after..].chars().next())
        })
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn a_protocol_is_named_as_a_whole() {
        for channel in ["p_1", "signalwire_p_1", "p_1.events", "p_12 p_1", "a/p_1/b"] {
            assert!(names(channel, "p_1"), "{channel}");
        }
        for channel in ["p_12", "xp_1", "p_2", "", "\u{e4}p_"] {
            assert!(!names(channel, "p_1"), "{channel}");
        }
    }
}
