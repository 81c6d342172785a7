//! What the space says about an authenticated session.

use serde::Deserialize;
use serde_json::Value;

use crate::rest::SAT_REFRESH;

/// The result of `signalwire.connect`.
#[derive(Debug, Deserialize)]
pub(super) struct Established {
    // Not used, but an answer without it is none of a space.
    #[serde(rename = "identity")]
    pub(super) _identity: String,
    pub(super) protocol: String,
    pub(super) authorization: Authorization,
}

impl Established {
    pub(super) fn read(result: Value) -> Option<Self> {
        serde_json::from_value(result).ok()
    }
}

/// The `authorization` member of the answers to connect and reauthenticate.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Authorization {
    /// Sent back as `project` when the session is reauthenticated.
    pub(crate) project_id: String,
    #[serde(default)]
    scope: Option<Vec<String>>,
}

impl Authorization {
    /// Reads the result of `signalwire.reauthenticate`.
    pub(crate) fn from_reauthenticate(mut result: Value) -> Option<Self> {
        serde_json::from_value(result.get_mut("authorization")?.take()).ok()
    }

    /// Whether the credential in force carries `sat:refresh`.
    pub(crate) fn sat_refresh(&self) -> bool {
        self.scope.iter().flatten().any(|scope| scope == SAT_REFRESH)
    }
}
