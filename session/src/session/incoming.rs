//! Frames of the space: answers to our requests, and requests of its own.

use std::{borrow::Cow, sync::Arc};

use credwire_core::{Now, Secret};
use credwire_generated::{
    RawJson, RpcFrame, RpcFrameError, ServerRequest, SignalwireConnectResult,
    SignalwireEventParams, SignalwireEventPayload, SignalwireReauthenticateResult,
};
use uuid::Uuid;

use super::Session;
use crate::{
    RpcError, ServerEvent, ServerMessage,
    calls::Purpose,
    frame,
    input::SpaceReply,
    output::{Discarded, Frame, Output, ResumeState, SessionEvent},
};

impl<T: Clone + PartialEq, R: Clone + PartialEq> Session<T, R> {
    pub(super) fn read(&mut self, text: &str, now: Now) {
        let mut announced = false;
        let answer = match RpcFrame::read(text) {
            Err(RpcFrameError::Batch) => self.read_batch(text, &mut announced, now),
            frame => self.take_frame(text, frame, &mut announced, now),
        };
        if let Some(answer) = answer {
            self.emit(Output::SendFrame(Frame::Text(answer)));
        }
        // After the answer, for which the socket is still there.
        if announced {
            self.announced(now);
        }
    }

    /// Takes each part of a batch, and answers with a batch (JSON-RPC 2.0, section 6).
    fn read_batch(&mut self, text: &str, announced: &mut bool, now: Now) -> Option<Secret<String>> {
        let Ok(parts) = RpcFrame::read_batch(text) else {
            self.discard(Discarded::NotJsonRpc);
            return Some(RpcFrame::invalid_request());
        };
        let mut answers = Vec::new();
        for part in parts {
            let frame = RpcFrame::read(part.get());
            if frame.is_err() {
                answers.push(RpcFrame::invalid_request());
            }
            answers.extend(self.take_frame(part.get(), frame, announced, now));
        }
        RpcFrame::batch(&answers)
    }

    /// Takes one frame, and returns the answer to send.
    fn take_frame(
        &mut self,
        text: &str,
        frame: Result<RpcFrame<'_>, RpcFrameError>,
        announced: &mut bool,
        now: Now,
    ) -> Option<Secret<String>> {
        match frame {
            Ok(RpcFrame::Request { id, method, params }) => {
                self.serve(text, (id, method, params), announced, now)
            }
            Ok(RpcFrame::Answer { id, outcome }) => {
                // An unknown id is a late answer, or none of ours.
                let number = id.read::<Uuid>().ok().and_then(|id| self.ids.number(id));
                match number.and_then(|number| self.requests.close(number)) {
                    Some(purpose) => {
                        let reply = reply(purpose, frame::outcome(outcome));
                        self.replied(purpose, reply, now);
                    }
                    None => self.discard(Discarded::Unexpected),
                }
                None
            }
            _ => {
                self.discard(Discarded::NotJsonRpc);
                None
            }
        }
    }

    fn discard(&mut self, why: Discarded) {
        self.report(SessionEvent::Discarded(why));
    }

    /// Takes a request of the space.
    fn serve<'a>(
        &mut self,
        text: &str,
        (id, method, params): (Option<RawJson<'a>>, Cow<'a, str>, Option<RawJson<'a>>),
        announced: &mut bool,
        now: Now,
    ) -> Option<Secret<String>> {
        // Params that nothing depends on may be odd.
        let request = ServerRequest::read(method.clone(), params)
            .or_else(|_| ServerRequest::read(method, None));
        if let Ok(ServerRequest::SignalwireEvent(event)) = &request
            && self.is_stale(event)
        {
            // Not acknowledged either: this session has not taken it.
            self.discard(Discarded::Stale);
            return None;
        }
        let answer = id.and_then(|id| match &request {
            Ok(ServerRequest::SignalwirePing(_)) => frame::pong(id, now.wall),
            Ok(ServerRequest::Unknown { .. }) => frame::unknown_method(id),
            // An event that cannot be read would be no better when it is sent again.
            Ok(_) | Err(_) => frame::acknowledge(id),
        });
        match request {
            Err(_) => self.discard(Discarded::Malformed),
            Ok(request) => {
                self.report(SessionEvent::Message(ServerMessage::new(text)));
                match request {
                    ServerRequest::SignalwireEvent(event) => self.receive(event),
                    ServerRequest::SignalwireDisconnect(_) => *announced = true,
                    _ => {}
                }
            }
        }
        answer
    }

    /// Whether an event is meant for an earlier session.
    fn is_stale(&self, event: &SignalwireEventParams<RawJson<'_>>) -> bool {
        let (Some(Some(channel)), Some(protocol)) = (&event.event_channel, &self.protocol) else {
            return false;
        };
        !event.event_type.starts_with("conversation.") && !names(channel, protocol)
    }

    fn receive(&mut self, event: SignalwireEventParams<RawJson<'_>>) {
        match event.payload() {
            Ok(SignalwireEventPayload::SignalwireAuthorizationState(state)) => {
                self.new_state(state.authorization_state);
            }
            Ok(SignalwireEventPayload::Unknown(payload)) => {
                let Some(params) = frame::value(payload) else {
                    // Nested too deeply to be a tree; `Message` has it as text.
                    return self.discard(Discarded::Malformed);
                };
                let event_channel = event.event_channel.flatten();
                let event = ServerEvent { event_type: event.event_type, event_channel, params };
                self.report(SessionEvent::Server(event));
            }
            Ok(_) | Err(_) => self.discard(Discarded::Malformed),
        }
    }

    /// The space sent the state that a resume sends.
    pub(super) fn new_state(&mut self, authorization_state: Secret<String>) {
        if let Some(protocol) = self.protocol.as_deref().filter(|_| self.is_live()) {
            let protocol = protocol.to_owned();
            self.resume = Some(Arc::new(ResumeState { authorization_state, protocol }));
            self.storing.changed();
        }
    }
}

/// Reads an answer by the purpose of its request.
fn reply(purpose: Purpose, outcome: Result<RawJson<'_>, RpcError>) -> SpaceReply {
    let result = match outcome {
        Ok(result) => result,
        Err(error) => return SpaceReply::Failed(error),
    };
    match purpose {
        Purpose::Connect => match result.read::<SignalwireConnectResult>() {
            Ok(result) => SpaceReply::Connected {
                protocol: result.protocol,
                authorization: frame::authorization(result.authorization),
            },
            Err(_) => SpaceReply::Failed(RpcError::Malformed),
        },
        Purpose::Reauthenticate { .. } => {
            let result = result.read::<SignalwireReauthenticateResult>().ok();
            SpaceReply::Reauthenticated(result.map(|it| frame::authorization(it.authorization)))
        }
        Purpose::Online | Purpose::Offline | Purpose::Call(_) => {
            SpaceReply::Done(Secret::from(result.get()))
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
