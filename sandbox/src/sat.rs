//! What is sealed inside the tokens of a space.

use credwire_core::EpochMillis;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The scope that lets a token be refreshed by its holder's key.
pub(crate) const REFRESH_SCOPE: &str = "sat:refresh";

/// How a SAT came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Origin {
    Minted,
    Device,
    Guest,
    Embed,
}

/// The claims of a subscriber access token.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SatClaims {
    pub(crate) jti: Uuid,
    pub(crate) origin: Origin,
    pub(crate) holder: Holder,
    /// Milliseconds since the epoch.
    pub(crate) exp: EpochMillis,
}

/// Whom tokens are for, and to what they are bound; kept from one token to the next.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Holder {
    pub(crate) subscriber_id: Uuid,
    pub(crate) reference: String,
    pub(crate) application_id: Option<String>,
    pub(crate) scope: Vec<String>,
    /// Thumbprint of the key that proofs have to be made with.
    pub(crate) jkt: Option<String>,
    /// The addresses that a guest may call; `None` is all.
    pub(crate) allowed_addresses: Option<Vec<String>>,
    /// The label of the host for its sockets; `None` is the usual one.
    pub(crate) host: Option<String>,
}

impl Holder {
    pub(crate) fn may_refresh(&self) -> bool {
        self.scope.iter().any(|scope| scope == REFRESH_SCOPE)
    }
}

/// The claims of a refresh token.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct RefreshClaims {
    pub(crate) jti: Uuid,
    pub(crate) origin: Origin,
    pub(crate) holder: Holder,
    pub(crate) exp: EpochMillis,
}

/// The claims of an invitation to call an address.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct InviteClaims {
    pub(crate) jti: Uuid,
    pub(crate) inviter: Uuid,
    pub(crate) address_id: String,
    pub(crate) exp: EpochMillis,
}
