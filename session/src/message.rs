//! Requests and events of the space, in the generated types.

use std::{fmt, sync::Arc};

use credwire_core::Secret;
use credwire_generated::{RpcFrame, ServerRequest, SignalwireEventPayload};
use serde_json::Value;

/// A request of the space: an event, a ping, or any other call.
///
/// The types are borrowed from the frame, so [`request`](Self::request) and
/// [`payload`](Self::payload) read it anew each time; cloning is cheap. Methods and events without
/// a type keep their params as received.
#[derive(Clone)]
pub struct ServerMessage {
    /// It may hold an authorization state.
    frame: Arc<Secret<String>>,
}

impl ServerMessage {
    /// `frame` is a request.
    pub(crate) fn new(frame: &str) -> Self {
        Self { frame: Arc::new(Secret::from(frame)) }
    }

    /// Returns the length of the frame in bytes.
    #[must_use]
    pub fn frame_length(&self) -> usize {
        self.frame.expose().len()
    }

    /// Returns the request. Params that do not have the form of their method are kept as received,
    /// in [`ServerRequest::Unknown`].
    pub fn request(&self) -> ServerRequest<'_> {
        let (method, params) = match RpcFrame::read(self.frame.expose()) {
            Ok(RpcFrame::Request { method, params, .. }) => (method, params),
            _ => ("".into(), None),
        };
        ServerRequest::read(method.clone(), params)
            .unwrap_or(ServerRequest::Unknown { method, params })
    }

    /// Returns the payload of an event; `None` for other requests, and for an event that does not
    /// have the form of its type.
    pub fn payload(&self) -> Option<SignalwireEventPayload<'_>> {
        match self.request() {
            ServerRequest::SignalwireEvent(event) => event.payload().ok(),
            _ => None,
        }
    }
}

/// The method alone: params may hold secrets.
impl fmt::Debug for ServerMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerMessage")
            .field("method", &self.request().method())
            .finish_non_exhaustive()
    }
}

/// An event that the space sent in `signalwire.event`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ServerEvent {
    /// The type of the event, such as `call.joined`.
    pub event_type: String,
    /// The channel of the event, if the space sent one.
    pub event_channel: Option<String>,
    /// The params of the event.
    pub params: Value,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_type_is_typed_and_the_rest_is_raw() {
        let event = |event_type: &str, params: &str| {
            ServerMessage::new(&format!(
                r#"{{"id":1,"method":"signalwire.event","params":{{"event_type":"{event_type}","params":{params}}}}}"#
            ))
        };
        let state = event("signalwire.authorization.state", r#"{"authorization_state":"made-up"}"#);
        assert!(matches!(
            state.payload(),
            Some(SignalwireEventPayload::SignalwireAuthorizationState(_))
        ));
        assert!(!format!("{state:?}").contains("made-up"));
        assert_eq!(event("signalwire.authorization.state", "7").payload(), None);

        let other = event("made.up", r#"{"a":1}"#);
        match (other.request(), other.payload()) {
            (
                ServerRequest::SignalwireEvent(event),
                Some(SignalwireEventPayload::Unknown(Some(raw))),
            ) => assert_eq!((event.event_type.as_str(), raw.get()), ("made.up", r#"{"a":1}"#)),
            other => panic!("{other:?}"),
        }

        let unknown = ServerMessage::new(r#"{"id":1,"method":"made.up","params":[1]}"#);
        assert!(matches!(
            unknown.request(),
            ServerRequest::Unknown { method, params: Some(params) }
                if method == "made.up" && params.get() == "[1]"
        ));
        assert_eq!(unknown.payload(), None);
    }
}
