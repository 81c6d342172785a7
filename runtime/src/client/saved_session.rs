//! The saved form of a session: one item, which is stored and found as a whole.

use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use credwire_core::SerializeExposed;
use serde::{Deserialize, Deserializer, Serializer, ser::SerializeMap};

use crate::{EpochMillis, Secret};

/// The version that is written; all versions up to it are read. Version 1 has no `identity`.
const VERSION: u32 = 2;

/// A session as it is saved, in the one form of it: what a storage holds is its serialization.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct SavedSession {
    /// Whose session it is, as [`identity_of`] makes it of `ClientBuilder::identity`; `None` when
    /// the client had no identity.
    #[serde(default)]
    pub(crate) identity: Option<String>,
    /// The credential that resumes the session.
    #[serde(flatten)]
    pub(crate) credential: SavedCredential,
    /// Without it the credential can only start another session.
    #[serde(flatten)]
    pub(crate) resume: Option<SavedResume>,
    /// A newer credential, which was not sent to the session that can be resumed.
    #[serde(default)]
    pub(crate) newer: Option<SavedCredential>,
    /// The key that the credential may be bound to.
    #[serde(default)]
    pub(crate) key: Option<SavedKey>,
}

/// A saved credential.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct SavedCredential {
    pub(crate) token: Secret<String>,
    /// Whether it is a device token, which is of use with its session and its key alone.
    pub(crate) bound: bool,
    #[serde(default)]
    pub(crate) expiry_at: Option<EpochMillis>,
    /// How long the next device token should last; whole seconds.
    #[serde(deserialize_with = "seconds")]
    pub(crate) lifetime: Duration,
}

/// What a space needs to resume a session.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct SavedResume {
    pub(crate) authorization_state: Secret<String>,
    pub(crate) protocol: String,
}

/// A saved key.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct SavedKey {
    pub(crate) thumbprint: String,
    /// The key itself, base64url; absent when a key store has it.
    #[serde(default)]
    pub(crate) pkcs8: Option<Secret<String>>,
}

/// Why a text is not used as a saved session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unusable {
    /// It is of this later version, and stays where it is.
    Newer(u32),
    /// It is no saved session.
    Unreadable,
}

impl SavedSession {
    /// The session as text, secrets in the clear.
    pub(super) fn to_text(&self) -> Option<Secret<String>> {
        serde_json::to_string(&self.exposed()).ok().map(Secret::new)
    }

    /// Reads what [`to_text`](Self::to_text) wrote.
    pub(super) fn from_text(text: &Secret<String>) -> Result<Self, Unusable> {
        #[derive(Deserialize)]
        struct Versioned {
            version: u32,
        }
        let text = text.expose();
        // The rest of a later version may have any form.
        let Versioned { version } = serde_json::from_str(text).map_err(|_| Unusable::Unreadable)?;
        if version > VERSION {
            return Err(Unusable::Newer(version));
        }
        serde_json::from_str(text).map_err(|_| Unusable::Unreadable)
    }

    /// Whether a client with this identity may go on with the session. One that was saved without
    /// an identity belongs to clients without one.
    pub(crate) fn belongs_to(&self, identity: Option<&str>) -> bool {
        self.identity == identity.map(identity_of)
    }
}

/// An identity as it is saved: the base64url SHA-256 of its text, so that no name is in the file.
pub(crate) fn identity_of(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, text.as_bytes()))
}

fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    u64::deserialize(deserializer).map(Duration::from_secs)
}

impl SerializeExposed for SavedSession {
    fn serialize_exposed<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("version", &VERSION)?;
        map.serialize_entry("identity", &self.identity)?;
        self.credential.entries(&mut map)?;
        if let Some(resume) = &self.resume {
            map.serialize_entry("authorization_state", &resume.authorization_state.exposed())?;
            map.serialize_entry("protocol", &resume.protocol)?;
        }
        map.serialize_entry("newer", &self.newer.as_ref().map(SerializeExposed::exposed))?;
        map.serialize_entry("key", &self.key.as_ref().map(SerializeExposed::exposed))?;
        map.end()
    }
}

impl SavedCredential {
    fn entries<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry("token", &self.token.exposed())?;
        map.serialize_entry("bound", &self.bound)?;
        map.serialize_entry("expiry_at", &self.expiry_at)?;
        map.serialize_entry("lifetime", &self.lifetime.as_secs())
    }
}

impl SerializeExposed for SavedCredential {
    fn serialize_exposed<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.entries(&mut map)?;
        map.end()
    }
}

impl SerializeExposed for SavedKey {
    fn serialize_exposed<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("thumbprint", &self.thumbprint)?;
        map.serialize_entry("pkcs8", &self.pkcs8.as_ref().map(SerializeExposed::exposed))?;
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn saved() -> SavedSession {
        SavedSession {
            identity: Some(identity_of("made-up-user")),
            credential: SavedCredential {
                token: Secret::from("made-up-\"token\""),
                bound: true,
                expiry_at: Some(EpochMillis::new(1_760_000_000_000)),
                lifetime: Duration::from_secs(900),
            },
            resume: Some(SavedResume {
                authorization_state: Secret::from("made-up-state"),
                protocol: "made-up-protocol".to_owned(),
            }),
            newer: Some(SavedCredential {
                token: Secret::from("made-up-newer"),
                bound: true,
                expiry_at: None,
                lifetime: Duration::from_secs(60),
            }),
            key: Some(SavedKey {
                thumbprint: "made-up-thumbprint".to_owned(),
                pkcs8: Some(Secret::from("made-up-key")),
            }),
        }
    }

    #[test]
    fn a_session_reads_as_it_was_written() {
        let least =
            SavedSession { identity: None, resume: None, newer: None, key: None, ..saved() };
        let keyless = SavedSession {
            key: Some(SavedKey { thumbprint: "made-up".to_owned(), pkcs8: None }),
            ..saved()
        };
        for session in [saved(), least, keyless] {
            let written = session.to_text().unwrap();
            let read = SavedSession::from_text(&written).unwrap();
            assert_eq!(read.to_text().unwrap(), written);
            assert_eq!(read.resume.is_some(), session.resume.is_some());
        }
        let (written, shown) = (saved().to_text().unwrap(), format!("{:?}", saved()));
        for secret in ["made-up-\\\"token", "made-up-newer", "made-up-state", "made-up-key"] {
            assert!(written.expose().contains(secret), "{secret}");
        }
        for secret in ["token\\\"", "made-up-newer", "made-up-state", "made-up-key"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }

    #[test]
    fn version_1_is_read() {
        let text = r#"{"version":1,"token":"made-up-token","bound":true,"expiry_at":1760000000000,
            "lifetime":900,"authorization_state":"made-up-state","protocol":"made-up-protocol",
            "newer":{"token":"made-up-newer","bound":true,"expiry_at":null,"lifetime":60},
            "key":{"thumbprint":"made-up-thumbprint","pkcs8":"made-up-key"}}"#;
        let read = SavedSession::from_text(&Secret::from(text)).unwrap();
        let mut expected = saved();
        expected.identity = None;
        expected.credential.token = Secret::from("made-up-token");
        assert_eq!(read.to_text(), expected.to_text());

        let text = r#"{"version":1,"token":"made-up","bound":false,"expiry_at":null,"lifetime":900,
            "authorization_state":null,"protocol":null,"key":null}"#;
        let read = SavedSession::from_text(&Secret::from(text)).unwrap();
        assert!(read.resume.is_none() && read.key.is_none() && read.belongs_to(None));
    }

    #[test]
    fn a_session_belongs_to_one_identity() {
        let session = saved();
        assert!(session.belongs_to(Some("made-up-user")));
        assert!(!session.belongs_to(Some("another")) && !session.belongs_to(None));
        assert!(!session.to_text().unwrap().expose().contains("made-up-user"));
        let nobodys = SavedSession { identity: None, ..session };
        assert!(nobodys.belongs_to(None) && !nobodys.belongs_to(Some("made-up-user")));
    }

    #[test]
    fn a_later_version_is_distinguished_from_what_is_no_session() {
        let read = |text: &str| SavedSession::from_text(&Secret::from(text)).unwrap_err();
        assert_eq!(read(r#"{"version":3,"token":7}"#), Unusable::Newer(3));
        for text in [
            "",
            "{}",
            "[1]",
            r#"{"version":1}"#,
            r#"{"version":"1"}"#,
            r#"{"version":2,"token":"made-up","bound":true}"#,
            r#"{"version":2,"token":"made-up","bound":true,"lifetime":-1}"#,
        ] {
            assert_eq!(read(text), Unusable::Unreadable, "{text}");
        }
    }
}
