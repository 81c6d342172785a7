//! The text of frames: params of the calls that carry a credential, with proofs of possession.

use std::sync::Arc;

use uuid::Uuid;

use super::token::Token;
use crate::{
    EpochSeconds, RpcMethod, Secret,
    dpop::{DpopKey, KeyError},
};
use credwire_generated::{
    SignalwireConnect, SignalwireConnectParams, SignalwireConnectParamsAuthentication,
    SignalwireConnectParamsVersion, SignalwireReauthenticate, SignalwireReauthenticateParams,
    SignalwireReauthenticateParamsAuthentication, SubscriberOffline, SubscriberOfflineParams,
    SubscriberOnline, SubscriberOnlineParams,
};
use credwire_session::{Frame, RequestId, ResumeState, frame};

/// A frame as text; `None` for params that are no JSON, which those of the session are not.
///
/// # Errors
/// When the key cannot sign.
pub(super) fn text(
    frame: Frame<Arc<Token>>,
    id: impl Fn(RequestId) -> Uuid,
    agent: &str,
    key: Option<&DpopKey>,
    now: EpochSeconds,
) -> Result<Option<Secret<String>>, KeyError> {
    Ok(match frame {
        Frame::Connect { id: request, token, proof, resume } => {
            let proof = self::proof::<SignalwireConnect>(key.filter(|_| proof), now)?;
            let params = connect(agent, &token.secret, proof, resume.as_deref());
            frame::request::<SignalwireConnect>(id(request), &params)
        }
        Frame::Reauthenticate { id: request, token, project } => {
            // A SAT can be bound to the key without being a device token, so the proof always goes.
            let proof = self::proof::<SignalwireReauthenticate>(key, now)?;
            let params = reauthenticate(&project, &token.secret, proof);
            frame::request::<SignalwireReauthenticate>(id(request), &params)
        }
        Frame::Online(request) => {
            frame::request::<SubscriberOnline>(id(request), &SubscriberOnlineParams::new())
        }
        Frame::Offline(request) => {
            frame::request::<SubscriberOffline>(id(request), &SubscriberOfflineParams::new())
        }
        Frame::Text(text) => Some(text),
    })
}

/// The params of `signalwire.connect`: fresh, or to resume.
fn connect(
    agent: &str,
    token: &Secret<String>,
    proof: Option<Secret<String>>,
    resume: Option<&ResumeState>,
) -> SignalwireConnectParams {
    let mut params = SignalwireConnectParams::new(
        SignalwireConnectParamsVersion::new(4, 0, 0),
        true,
        SignalwireConnectParamsAuthentication::new(token.clone()),
        agent,
        Vec::new(),
        Vec::new(),
        Vec::new(),
    );
    params.dpop_token = proof;
    params.authorization_state = resume.map(|state| state.authorization_state.clone());
    params.protocol = resume.map(|state| state.protocol.clone());
    params
}

/// The params of `signalwire.reauthenticate`.
fn reauthenticate(
    project: &str,
    token: &Secret<String>,
    proof: Option<Secret<String>>,
) -> SignalwireReauthenticateParams {
    let authentication = SignalwireReauthenticateParamsAuthentication::new(project, token.clone());
    let mut params = SignalwireReauthenticateParams::new(authentication);
    params.dpop_token = proof;
    params
}

/// A proof for a method, if there is a key.
fn proof<M: RpcMethod>(
    key: Option<&DpopKey>,
    now: EpochSeconds,
) -> Result<Option<Secret<String>>, KeyError> {
    key.map(|key| key.prove_rpc(M::NAME, now)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SerializeExposed as _;

    #[test]
    fn connect_has_the_members_of_the_wire_in_its_order() {
        let token = Secret::from("t");
        let state =
            ResumeState { authorization_state: Secret::from("s"), protocol: "proto".to_owned() };
        let text = |resume| {
            let params = connect("a/1", &token, Some(Secret::from("p")), resume);
            serde_json::to_string(&params.exposed()).unwrap()
        };
        let fresh = r#"{"version":{"major":4,"minor":0,"revision":0},"event_acks":true,"authentication":{"jwt_token":"t"},"agent":"a/1","contexts":[],"eventing":[],"topics":[],"dpop_token":"p""#;
        assert_eq!(text(None), format!("{fresh}}}"));
        assert_eq!(
            text(Some(&state)),
            format!(r#"{fresh},"authorization_state":"s","protocol":"proto"}}"#)
        );
    }

    #[test]
    fn reauthenticate_names_the_project() {
        let params = reauthenticate("p-1", &Secret::from("t"), Some(Secret::from("p")));
        assert_eq!(
            serde_json::to_string(&params.exposed()).unwrap(),
            r#"{"authentication":{"project":"p-1","jwt_token":"t"},"dpop_token":"p"}"#
        );
    }
}
