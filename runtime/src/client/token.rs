//! Tokens that may be used: checked once, when they come in.

use std::time::Duration;

use super::{BadAnswer, Error, ErrorKind};
use crate::{
    EpochMillis, InvalidCredentialsError, SdkCredential, Secret, Validate as _,
    expiry::Unreadable,
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
    /// What it says of its expiry and cannot be read.
    pub(crate) flaw: Option<Error>,
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
        credential.validate().map_err(|violations| {
            let in_seconds = violations.iter().any(|broken| broken.rule() == "epoch-millis");
            let what = if in_seconds { BadAnswer::ExpiryInSeconds } else { BadAnswer::Empty };
            invalid(what, violations.to_string())
        })?;
        let expiry = credential.expiry_at;
        let secret =
            credential.token.filter(|token| !token.expose().is_empty()).ok_or_else(|| {
                invalid(BadAnswer::Empty, "an authorization state alone starts no session")
            })?;
        Ok(Offer { token: self.token(secret, lifetime)?, expiry, lasts: None, flaw: None })
    }

    /// Checks what the device endpoints gave when they were asked for `asked`.
    pub(crate) fn device(
        &self,
        grant: DeviceGrant,
        asked: Duration,
        server_now: EpochMillis,
    ) -> Result<Offer, Error> {
        let (expiry, flaw) = match grant.expires_at() {
            Ok(expiry) => (expiry, None),
            Err(unreadable) => (None, Some(unreadable_expiry(ErrorKind::Rest, unreadable))),
        };
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
        Ok(Offer { token: self.token(grant.token, lifetime)?, expiry, lasts, flaw })
    }

    /// Finds out where a token may be sent.
    pub(super) fn token(&self, secret: Secret<String>, lifetime: Duration) -> Result<Token, Error> {
        let header = Header::read(&secret)
            .map_err(|error| invalid(BadAnswer::MalformedToken, error.to_string()))?;
        let foreign =
            |what| Error::new(ErrorKind::ForeignSpace, what).answered(BadAnswer::ForeignHost);
        let hosts = SpaceHosts::from_header(&header, &self.allowed).map_err(|error| {
            foreign("the token is not sent where its header points").because(error)
        })?;
        if self.bound_to.as_ref().is_some_and(|space| *space != hosts) {
            return Err(foreign("the new token belongs to another space than the session"));
        }
        Ok(Token { secret, hosts, lifetime })
    }
}

/// The report of an expiry that is left out of account.
pub(super) fn unreadable_expiry(kind: ErrorKind, why: Unreadable) -> Error {
    Error::new(kind, "what the space tells of the credential's expiry is not used")
        .answered(BadAnswer::UnreadableExpiry)
        .because(why)
}

/// The error of a credential that is not used.
pub(crate) fn invalid(what: BadAnswer, reason: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidCredentials, "the credential cannot be used")
        .answered(what)
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

    fn refused(credential: SdkCredential) -> ((ErrorKind, BadAnswer), String) {
        let error = acceptance().credential(credential, ASKED).unwrap_err();
        ((error.kind(), error.bad_answer().unwrap()), chain(&error))
    }

    #[test]
    fn bad_credentials_are_refused_with_their_reason_and_without_their_token() {
        let good = || SdkCredential::from_token(token("puc.signalwire.com").as_str());
        assert!(acceptance().credential(good(), ASKED).is_ok());
        const INVALID: ErrorKind = ErrorKind::InvalidCredentials;
        const FOREIGN: ErrorKind = ErrorKind::ForeignSpace;
        let of = |ch| SdkCredential::from_token(token(ch).as_str());
        let in_seconds = good().with_expiry_at(EpochMillis::new(1_760_000_000));
        let state = SdkCredential::from_authorization_state("made-up");
        for (credential, kind, what, word) in [
            (
                SdkCredential::from_token("made-up"),
                INVALID,
                BadAnswer::MalformedToken,
                "JOSE token",
            ),
            (SdkCredential::from_token(""), INVALID, BadAnswer::Empty, "token"),
            (state, INVALID, BadAnswer::Empty, "authorization state"),
            (in_seconds, INVALID, BadAnswer::ExpiryInSeconds, "seconds"),
            (of("puc.evil.example"), FOREIGN, BadAnswer::ForeignHost, "puc.evil.example"),
            (of("a@b.signalwire.com"), FOREIGN, BadAnswer::ForeignHost, "label.label"),
        ] {
            let (found, text) = refused(credential);
            assert_eq!(found, (kind, what), "{text}");
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
        let spelled = granted(r#","expires_at":"2025-10-09T08:53:54Z""#);
        assert_eq!((spelled.expiry, spelled.flaw.is_none()), (absolute.expiry, true));
    }

    #[test]
    fn an_expiry_that_cannot_be_read_is_reported_and_the_rest_holds() {
        for told in [r#""soon""#, "[]", "900", "1760000034000000"] {
            let silent = granted(&format!(r#","expires_at":{told}"#));
            assert_eq!((silent.expiry, silent.lasts), (None, Some(ASKED)), "{told}");
            let flaw = silent.flaw.unwrap();
            assert_eq!(flaw.bad_answer(), Some(BadAnswer::UnreadableExpiry), "{told}");
            assert!(!chain(&flaw).contains(told), "{flaw}");
        }
    }

    #[test]
    fn lifetimes_do_not_shrink_by_rounding_nor_to_nothing() {
        assert_eq!(granted(r#","expires_at":1760000898"#).token.lifetime, ASKED);
        assert_eq!(granted(r#","expires_at":1750000000"#).token.lifetime, ROUNDING);
    }
}
