//! What is stored of a session, in one piece: whoever finds it finds all of it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{EpochMillis, Secret, lifecycle::CredentialKind, session::Stored};

/// The newest version that is understood, and the one that is written.
const VERSION: u32 = 1;

/// A session at rest.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) token: Secret<String>,
    pub(super) kind: CredentialKind,
    pub(super) expiry: Option<EpochMillis>,
    /// How long the next device token should last.
    pub(super) lifetime: Duration,
    /// Without it the credential can only start another session.
    pub(super) resume: Option<Stored>,
    /// A newer credential, which the session that can be resumed has not been given yet.
    pub(super) newer: Option<Newer>,
    /// The key that the credential may be bound to.
    pub(super) key: Option<StoredKey>,
}

/// A credential at rest beside the one that resumes the session.
#[derive(Debug)]
pub(super) struct Newer {
    pub(super) token: Secret<String>,
    pub(super) kind: CredentialKind,
    pub(super) expiry: Option<EpochMillis>,
    /// As in [`Record`].
    pub(super) lifetime: Duration,
}

/// A key at rest.
#[derive(Debug, Deserialize)]
pub(super) struct StoredKey {
    pub(super) thumbprint: String,
    /// The key itself, base64url; absent when a key store has it.
    pub(super) pkcs8: Option<Secret<String>>,
}

/// Why a record is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unusable {
    /// It is of this later version, and stays where it is.
    Newer(u32),
    /// It is none.
    Unreadable,
}

impl Record {
    /// The record as text, secrets in the clear.
    pub(super) fn write(&self) -> Option<Secret<String>> {
        let written = Written {
            version: VERSION,
            token: self.token.expose(),
            bound: self.kind == CredentialKind::Bound,
            expiry_at: self.expiry.map(EpochMillis::get),
            lifetime: self.lifetime.as_secs(),
            authorization_state: self.resume.as_ref().map(|it| it.authorization_state.expose()),
            protocol: self.resume.as_ref().map(|it| &it.protocol),
            newer: self.newer.as_ref().map(|newer| WrittenNewer {
                token: newer.token.expose(),
                bound: newer.kind == CredentialKind::Bound,
                expiry_at: newer.expiry.map(EpochMillis::get),
                lifetime: newer.lifetime.as_secs(),
            }),
            key: self.key.as_ref().map(|key| WrittenKey {
                thumbprint: &key.thumbprint,
                pkcs8: key.pkcs8.as_ref().map(Secret::expose),
            }),
        };
        serde_json::to_string(&written).ok().map(Secret::new)
    }

    /// Reads what [`write`](Self::write) wrote.
    pub(super) fn read(text: &Secret<String>) -> Result<Self, Unusable> {
        let text = text.expose();
        // The rest of a later version may have any form.
        let Version { version } = serde_json::from_str(text).map_err(|_| Unusable::Unreadable)?;
        if version > VERSION {
            return Err(Unusable::Newer(version));
        }
        let read: Read = serde_json::from_str(text).map_err(|_| Unusable::Unreadable)?;
        let resume = read.authorization_state.zip(read.protocol);
        let kind = |bound| if bound { CredentialKind::Bound } else { CredentialKind::Unbound };
        Ok(Self {
            token: read.token,
            kind: kind(read.bound),
            expiry: read.expiry_at.map(EpochMillis::new),
            lifetime: Duration::from_secs(read.lifetime),
            resume: resume
                .map(|(authorization_state, protocol)| Stored { authorization_state, protocol }),
            newer: read.newer.map(|newer| Newer {
                token: newer.token,
                kind: kind(newer.bound),
                expiry: newer.expiry_at.map(EpochMillis::new),
                lifetime: Duration::from_secs(newer.lifetime),
            }),
            key: read.key,
        })
    }
}

#[derive(Serialize)]
struct Written<'a> {
    version: u32,
    token: &'a str,
    bound: bool,
    expiry_at: Option<i64>,
    lifetime: u64,
    authorization_state: Option<&'a String>,
    protocol: Option<&'a String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    newer: Option<WrittenNewer<'a>>,
    key: Option<WrittenKey<'a>>,
}

#[derive(Serialize)]
struct WrittenNewer<'a> {
    token: &'a str,
    bound: bool,
    expiry_at: Option<i64>,
    lifetime: u64,
}

#[derive(Serialize)]
struct WrittenKey<'a> {
    thumbprint: &'a str,
    pkcs8: Option<&'a String>,
}

#[derive(Deserialize)]
struct Version {
    version: u32,
}

#[derive(Deserialize)]
struct Read {
    token: Secret<String>,
    bound: bool,
    expiry_at: Option<i64>,
    lifetime: u64,
    authorization_state: Option<Secret<String>>,
    protocol: Option<String>,
    newer: Option<ReadNewer>,
    key: Option<StoredKey>,
}

#[derive(Deserialize)]
struct ReadNewer {
    token: Secret<String>,
    bound: bool,
    expiry_at: Option<i64>,
    lifetime: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_reads_as_it_was_written() {
        let record = Record {
            token: Secret::from("made-up-token"),
            kind: CredentialKind::Bound,
            expiry: Some(EpochMillis::new(1_760_000_000_000)),
            lifetime: Duration::from_secs(900),
            resume: Some(Stored {
                authorization_state: Secret::from("made-up-state"),
                protocol: "made-up-protocol".to_owned(),
            }),
            newer: Some(Newer {
                token: Secret::from("made-up-newer"),
                kind: CredentialKind::Bound,
                expiry: None,
                lifetime: Duration::from_secs(60),
            }),
            key: Some(StoredKey {
                thumbprint: "made-up-thumbprint".to_owned(),
                pkcs8: Some(Secret::from("made-up-key")),
            }),
        };
        let written = record.write().unwrap();
        let read = Record::read(&written).unwrap();
        assert_eq!(read.write().unwrap(), written);
        let shown = format!("{read:?}");
        for secret in ["made-up-token", "made-up-newer", "made-up-state", "made-up-key"] {
            assert!(written.expose().contains(secret) && !shown.contains(secret));
        }
    }

    #[test]
    fn a_later_version_is_told_from_what_is_no_record() {
        let read = |text: &str| Record::read(&Secret::from(text)).unwrap_err();
        assert_eq!(read(r#"{"version":2,"token":7}"#), Unusable::Newer(2));
        for text in ["", "{}", r#"{"version":1}"#, r#"{"version":"1"}"#, "[1]"] {
            assert_eq!(read(text), Unusable::Unreadable, "{text}");
        }
    }
}
