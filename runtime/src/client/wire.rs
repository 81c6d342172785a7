//! The params of the two calls that carry a credential.

use serde::Serialize;

use crate::{
    EpochSeconds, Secret,
    dpop::{DpopKey, KeyError},
    session::Stored,
};

pub(super) const CONNECT: &str = "signalwire.connect";
pub(super) const REAUTHENTICATE: &str = "signalwire.reauthenticate";

/// The version of the protocol that a connect announces.
const VERSION: Version = Version { major: 4, minor: 0, revision: 0 };

#[derive(Serialize)]
struct Version {
    major: u32,
    minor: u32,
    revision: u32,
}

/// The params of `signalwire.connect`, in the order of the wire.
#[derive(Serialize)]
pub(super) struct Connect<'a> {
    version: Version,
    event_acks: bool,
    authentication: Authentication<'a>,
    agent: &'a str,
    contexts: [(); 0],
    eventing: [(); 0],
    topics: [(); 0],
    #[serde(skip_serializing_if = "Option::is_none")]
    dpop_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    authorization_state: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    protocol: Option<&'a str>,
}

#[derive(Serialize)]
struct Authentication<'a> {
    jwt_token: &'a str,
}

impl<'a> Connect<'a> {
    pub(super) fn new(
        agent: &'a str,
        token: &'a Secret<String>,
        proof: Option<&'a Secret<String>>,
        resume: Option<&'a Stored>,
    ) -> Self {
        Self {
            version: VERSION,
            event_acks: true,
            authentication: Authentication { jwt_token: token.expose() },
            agent,
            contexts: [],
            eventing: [],
            topics: [],
            dpop_token: proof.map(|proof| proof.expose().as_str()),
            authorization_state: resume.map(|stored| stored.authorization_state.expose().as_str()),
            protocol: resume.map(|stored| stored.protocol.as_str()),
        }
    }
}

/// The params of `signalwire.reauthenticate`.
#[derive(Serialize)]
pub(super) struct Reauthenticate<'a> {
    authentication: Reauthentication<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dpop_token: Option<&'a str>,
}

#[derive(Serialize)]
struct Reauthentication<'a> {
    project: &'a str,
    jwt_token: &'a str,
}

impl<'a> Reauthenticate<'a> {
    pub(super) fn new(
        project: &'a str,
        token: &'a Secret<String>,
        proof: Option<&'a Secret<String>>,
    ) -> Self {
        Self {
            authentication: Reauthentication { project, jwt_token: token.expose() },
            dpop_token: proof.map(|proof| proof.expose().as_str()),
        }
    }
}

/// A proof for `method`, if there is a key.
pub(super) fn proof(
    key: Option<&DpopKey>,
    method: &str,
    now: EpochSeconds,
) -> Result<Option<Secret<String>>, KeyError> {
    key.map(|key| key.prove_rpc(method, now)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connect_has_the_members_of_the_wire_in_its_order() {
        let (token, proof) = (Secret::from("t"), Secret::from("p"));
        let stored =
            Stored { authorization_state: Secret::from("s"), protocol: "proto".to_owned() };
        let text = |resume| {
            serde_json::to_string(&Connect::new("a/1", &token, Some(&proof), resume)).unwrap()
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
        let (token, proof) = (Secret::from("t"), Secret::from("p"));
        let text =
            serde_json::to_string(&Reauthenticate::new("p-1", &token, Some(&proof))).unwrap();
        assert_eq!(
            text,
            r#"{"authentication":{"project":"p-1","jwt_token":"t"},"dpop_token":"p"}"#
        );
    }
}
