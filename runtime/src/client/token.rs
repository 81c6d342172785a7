//! Tokens that may be used: checked once, when they come in.

use std::time::Duration;

use super::{Error, ErrorKind};
use crate::{
    EpochMillis, InvalidCredentialsError, SdkCredential, Secret, Validate as _,
    jose::Header,
    rest::DeviceGrant,
    space::{AllowedDomains, SpaceHosts},
};

/// A grant that differs from what was asked by no more than this is what was asked.
const ROUNDING: Duration = Duration::from_secs(5);

/// A token, and where it may be sent.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) secret: Secret<String>,
    pub(crate) hosts: SpaceHosts,
    /// How long the next one like it should last.
    pub(crate) lifetime: Duration,
}

/// What an operation brought.
#[derive(Debug)]
pub(crate) struct Offer {
    pub(crate) token: Token,
    pub(crate) expiry: Option<EpochMillis>,
    /// From the receipt; needs no agreement between clocks.
    pub(crate) lasts: Option<Duration>,
}

/// Which tokens are acceptable.
#[derive(Clone, Debug)]
pub(crate) struct Acceptance {
    pub(crate) allowed: AllowedDomains,
    /// The space of the live session, which a new credential cannot leave.
    pub(crate) bound_to: Option<SpaceHosts>,
}

impl Acceptance {
    /// Checks what a provider gave.
    pub(crate) fn credential(
        &self,
        credential: SdkCredential,
        lifetime: Duration,
    ) -> Result<Offer, Error> {
        credential.validate().map_err(|violations| invalid(violations.to_string()))?;
        let expiry = credential.expiry_at;
        let secret = credential
            .token
            .filter(|token| !token.expose().is_empty())
            .ok_or_else(|| invalid("an authorization state alone starts no session"))?;
        Ok(Offer { token: self.token(secret, lifetime)?, expiry, lasts: None })
    }

    /// Checks what the device endpoints gave when they were asked for `asked`.
    pub(crate) fn device(
        &self,
        grant: DeviceGrant,
        asked: Duration,
        server_now: EpochMillis,
    ) -> Result<Offer, Error> {
        let expiry = grant.expires_at();
        let lasts = match (grant.expires_in, expiry) {
            (Some(seconds), _) => Some(Duration::from(seconds)),
            (None, None) => Some(asked),
            (None, Some(_)) => None,
        };
        let granted = lasts.or(expiry.map(|expiry| expiry.saturating_since(server_now)));
        let granted = granted.unwrap_or(asked);
        // Rounding and the way of the answer must not shorten the lifetime at each rotation.
        let lifetime = if granted.abs_diff(asked) <= ROUNDING {
            asked
        } else {
            Duration::from_secs(granted.as_secs() + u64::from(granted.subsec_nanos() > 0))
                .max(ROUNDING)
        };
        Ok(Offer { token: self.token(grant.token, lifetime)?, expiry, lasts })
    }

    /// Finds out where a token may be sent.
    pub(super) fn token(&self, secret: Secret<String>, lifetime: Duration) -> Result<Token, Error> {
        let header = Header::read(&secret).map_err(|error| invalid(error.to_string()))?;
        let hosts = SpaceHosts::from_header(&header, &self.allowed).map_err(|error| {
            Error::new(ErrorKind::ForeignSpace, "the token is not sent where its header points")
                .because(error)
        })?;
        if self.bound_to.as_ref().is_some_and(|space| *space != hosts) {
            return Err(Error::new(
                ErrorKind::ForeignSpace,
                "the new token belongs to another space than the session",
            ));
        }
        Ok(Token { secret, hosts, lifetime })
    }
}

/// The error of a credential that is not used.
pub(crate) fn invalid(reason: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidCredentials, "the credential cannot be used")
        .because(InvalidCredentialsError::new(reason))
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

    use super::*;
    use crate::client::error::chain;

    const NOW: EpochMillis = EpochMillis::new(1_760_000_000_000);
    const ASKED: Duration = Duration::from_secs(900);

    fn acceptance() -> Acceptance {
        Acceptance { allowed: AllowedDomains::default(), bound_to: None }
    }

    fn token(ch: &str) -> String {
        format!("{}..a.b.c", URL_SAFE_NO_PAD.encode(format!(r#"{{"ch":"{ch}"}}"#)))
    }

    fn refused(credential: SdkCredential) -> (ErrorKind, String) {
        let error = acceptance().credential(credential, ASKED).unwrap_err();
        (error.kind(), chain(&error))
    }

    #[test]
    fn bad_credentials_are_refused_with_their_reason_and_without_their_token() {
        let good = || SdkCredential::from_token(token("puc.signalwire.com").as_str());
        assert!(acceptance().credential(good(), ASKED).is_ok());
        for (credential, kind, word) in [
            (
                SdkCredential::from_token("made-up-token"),
                ErrorKind::InvalidCredentials,
                "JOSE token",
            ),
            (SdkCredential::from_token(""), ErrorKind::InvalidCredentials, "token"),
            (
                SdkCredential::from_authorization_state("made-up"),
                ErrorKind::InvalidCredentials,
                "authorization state",
            ),
            (
                good().with_expiry_at(EpochMillis::new(1_760_000_000)),
                ErrorKind::InvalidCredentials,
                "seconds",
            ),
            (
                SdkCredential::from_token(token("puc.evil.example").as_str()),
                ErrorKind::ForeignSpace,
                "puc.evil.example",
            ),
            (
                SdkCredential::from_token(token("a@b.signalwire.com").as_str()),
                ErrorKind::ForeignSpace,
                "label.label",
            ),
        ] {
            let (found, text) = refused(credential);
            assert_eq!(found, kind, "{text}");
            assert!(text.contains(word), "{text}");
            assert!(!text.contains("made-up"), "{text}");
        }
    }

    #[test]
    fn a_session_does_not_move_to_another_space() {
        let mut acceptance = acceptance();
        let credential = || SdkCredential::from_token(token("puc.eu.signalwire.com").as_str());
        let offer = acceptance.credential(credential(), ASKED).unwrap();
        acceptance.bound_to = Some(offer.token.hosts);
        assert!(acceptance.credential(credential(), ASKED).is_ok());
        let other = SdkCredential::from_token(token("puc.us.signalwire.com").as_str());
        assert_eq!(
            acceptance.credential(other, ASKED).unwrap_err().kind(),
            ErrorKind::ForeignSpace
        );
    }

    fn granted(members: &str) -> Offer {
        let json = format!(r#"{{"token":"{}"{members}}}"#, token("puc.signalwire.com"));
        acceptance().device(serde_json::from_str(&json).unwrap(), ASKED, NOW).unwrap()
    }

    #[test]
    fn the_lifetime_of_a_grant_is_what_it_says_or_what_was_asked() {
        let silent = granted("");
        assert_eq!(
            (silent.expiry, silent.lasts, silent.token.lifetime),
            (None, Some(ASKED), ASKED)
        );
        let relative = granted(r#","expires_in":34"#);
        assert_eq!(relative.lasts, Some(Duration::from_secs(34)));
        assert_eq!(relative.token.lifetime, Duration::from_secs(34));
        let absolute = granted(r#","expires_at":1760000034"#);
        assert_eq!(absolute.expiry, Some(EpochMillis::new(1_760_000_034_000)));
        assert_eq!((absolute.lasts, absolute.token.lifetime), (None, Duration::from_secs(34)));
    }

    #[test]
    fn lifetimes_do_not_shrink_by_rounding_nor_to_nothing() {
        assert_eq!(granted(r#","expires_at":1760000898"#).token.lifetime, ASKED);
        assert_eq!(granted(r#","expires_at":1750000000"#).token.lifetime, ROUNDING);
    }
}
