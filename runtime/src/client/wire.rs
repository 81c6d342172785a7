//! The params of the two calls that carry a credential.

use crate::{
    EpochSeconds, RpcMethod, Secret, SignalwireConnectParams,
    SignalwireConnectParamsAuthentication, SignalwireConnectParamsVersion,
    SignalwireReauthenticateParams, SignalwireReauthenticateParamsAuthentication,
    dpop::{DpopKey, KeyError},
    session::Stored,
};

/// The params of `signalwire.connect`: fresh, or to resume.
pub(super) fn connect(
    agent: &str,
    token: &Secret<String>,
    proof: Option<Secret<String>>,
    resume: Option<&Stored>,
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
    params.authorization_state = resume.map(|stored| stored.authorization_state.clone());
    params.protocol = resume.map(|stored| stored.protocol.clone());
    params
}

/// The params of `signalwire.reauthenticate`.
pub(super) fn reauthenticate(
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
pub(super) fn proof<M: RpcMethod>(
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
        let stored =
            Stored { authorization_state: Secret::from("s"), protocol: "proto".to_owned() };
        let text = |resume| {
            let params = connect("a/1", &token, Some(Secret::from("p")), resume);
            serde_json::to_string(&params.exposed()).unwrap()
        };
        let fresh = r#"{"version":{"major":4,"minor":0,"revision":0},"event_acks":true,"authentication":{"jwt_token":"t"},"agent":"a/1","contexts":[],"eventing":[],"topics":[],"dpop_token":"p""#;
        assert_eq!(text(None), format!("{fresh}}}"));
        assert_eq!(
            text(Some(&stored)),
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
