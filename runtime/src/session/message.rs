//! What the space asks and tells, by the generated types.

use std::{fmt, sync::Arc};

use crate::{RpcFrame, Secret, ServerRequest, SignalwireEventPayload};

/// A request of the space: an event, a ping, or whatever else it calls.
///
/// The types are borrowed from the frame, so [`request`](Self::request) and
/// [`payload`](Self::payload) read it anew each time; cloning is cheap. Methods and events without
/// a type keep their params as they came.
///
/// ```no_run
/// # async fn example(client: credwire::Client) {
/// use credwire::{ServerRequest, SignalwireEventPayload};
/// use futures_util::StreamExt as _;
///
/// let mut events = client.events();
/// while let Some(message) = events.next().await {
///     if let ServerRequest::SignalwireEvent(event) = message.request() {
///         println!("{} by {:?}", event.event_type, event.event_channel);
///     }
///     match message.payload() {
///         Some(SignalwireEventPayload::SignalwireAuthorizationState(_)) => println!("a new state"),
///         Some(SignalwireEventPayload::Unknown(Some(raw))) => println!("{}", raw.get()),
///         _ => {}
///     }
/// }
/// println!("{} came too fast", events.missed());
/// # }
/// ```
#[derive(Clone)]
pub struct ServerMessage {
    /// It may hold an authorization state.
    frame: Arc<Secret<String>>,
}

impl ServerMessage {
    /// `frame` is a request.
    pub(super) fn new(frame: &str) -> Self {
        Self { frame: Arc::new(Secret::from(frame)) }
    }

    /// What is asked. Params that have not the form of their method are kept as they came, in
    /// [`ServerRequest::Unknown`].
    pub fn request(&self) -> ServerRequest<'_> {
        let (method, params) = match RpcFrame::read(self.frame.expose()) {
            Some(RpcFrame::Request { method, params, .. }) => (method, params),
            _ => ("".into(), None),
        };
        ServerRequest::read(method.clone(), params)
            .unwrap_or(ServerRequest::Unknown { method, params })
    }

    /// What an event brings; `None` for other requests, and for an event without the form that its
    /// type gives it.
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
