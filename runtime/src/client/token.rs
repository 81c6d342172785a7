//! Tokens that were checked, once, when they came in.

use std::{sync::Arc, time::Duration};

use super::{Error, ErrorKind, ResponseFault};
use credwire_session::{expiry::ExpiryError, jose::Header};

use crate::{
    EpochMillis, SdkCredential, Secret, Validate as _,
    rest::DeviceGrant,
    space::{AllowedDomains, SpaceHosts},
};
use credwire_generated::InvalidCredentialsError;

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

/// Two tokens are the same when their texts are, wherever they are sent.
impl PartialEq for Token {
    fn eq(&self, other: &Self) -> bool {
        self.secret == other.secret
    }
}

/// A credential that an operation returned and that passed the checks.
#[derive(Debug)]
pub(crate) struct Acquired {
    pub(crate) credential: credwire_session::Acquired<Arc<Token>>,
    /// The fault of an expiry that cannot be read.
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
    /// Checks what a provider returned.
    pub(crate) fn credential(
        &self,
        credential: SdkCredential,
        lifetime: Duration,
    ) -> Result<Acquired, Error> {
        credential.validate().map_err(|violations| {
            let in_seconds = violations.iter().any(|broken| broken.rule() == "epoch-millis");
            let what =
                if in_seconds { ResponseFault::ExpiryInSeconds } else { ResponseFault::Empty };
            invalid(what, violations.to_string())
        })?;
        // A duration needs no agreement of clocks.
        let lasts = credential.expires_in;
        let expiry = credential.expiry_at.filter(|_| lasts.is_none());
        let secret =
            credential.token.filter(|token| !token.expose().is_empty()).ok_or_else(|| {
                invalid(ResponseFault::Empty, "an authorization state alone starts no session")
            })?;
        self.acquired(secret, lifetime, expiry, lasts, None, None)
    }

    /// Checks what the device endpoints returned for a lifetime of `asked`.
    pub(crate) fn device(
        &self,
        grant: DeviceGrant,
        asked: Duration,
        server_now: EpochMillis,
    ) -> Result<Acquired, Error> {
        let (expiry, flaw) = match grant.expires_at() {
            Ok(expiry) => (expiry, None),
            Err(unreadable) => (None, Some(unreadable_expiry(ErrorKind::Rest, unreadable))),
        };
        let lasts = match (grant.expires_in, expiry) {
            (Some(seconds), _) => Some(Duration::from(seconds)),
            (None, _) => None,
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
        self.acquired(grant.token, lifetime, expiry, lasts, Some(asked), flaw)
    }

    fn acquired(
        &self,
        secret: Secret<String>,
        next: Duration,
        expiry: Option<EpochMillis>,
        lifetime: Option<Duration>,
        assumed: Option<Duration>,
        flaw: Option<Error>,
    ) -> Result<Acquired, Error> {
        let token = Arc::new(self.token(secret, next)?);
        let credential = credwire_session::Acquired { token, expiry, lifetime, assumed };
        Ok(Acquired { credential, flaw })
    }

    /// Finds out where a token may be sent.
    pub(super) fn token(&self, secret: Secret<String>, lifetime: Duration) -> Result<Token, Error> {
        let header = Header::read(&secret)
            .map_err(|error| invalid(ResponseFault::MalformedToken, error.to_string()))?;
        let foreign =
            |what| Error::new(ErrorKind::HostNotAllowed, what).answered(ResponseFault::ForeignHost);
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
pub(super) fn unreadable_expiry(kind: ErrorKind, why: ExpiryError) -> Error {
    Error::new(kind, "the expiry that the space sent for the credential is not used")
        .answered(ResponseFault::UnreadableExpiry)
        .because(why)
}

/// The error of a credential that is not used.
pub(crate) fn invalid(what: ResponseFault, reason: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidCredentials, "the credential cannot be used")
        .answered(what)
        .because(InvalidCredentialsError::new(reason))
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

    use super::*;
    use crate::client::chain;

    const NOW: EpochMillis = EpochMillis::new(1_760_000_000_000);
    const ASKED: Duration = Duration::from_secs(900);

    fn acceptance() -> Acceptance {
        Acceptance { allowed: AllowedDomains::default(), bound_to: None }
    }

    fn token(ch: &str) -> String {
        format!("{}..a.b.c", URL_SAFE_NO_PAD.encode(format!(r#"{{"ch":"{ch}"}}"#)))
    }

    fn refused(credential: SdkCredential) -> ((ErrorKind, ResponseFault), String) {
        let error = acceptance().credential(credential, ASKED).unwrap_err();
        ((error.kind(), error.response_fault().unwrap()), chain(&error))
    }

    #[test]
    fn bad_credentials_are_refused_with_their_reason_and_without_their_token() {
        let good = || SdkCredential::from_token(token("puc.signalwire.com").as_str());
        assert!(acceptance().credential(good(), ASKED).is_ok());
        const INVALID: ErrorKind = ErrorKind::InvalidCredentials;
        const FOREIGN: ErrorKind = ErrorKind::HostNotAllowed;
        let of = |ch| SdkCredential::from_token(token(ch).as_str());
        let in_seconds = good().with_expiry_at(EpochMillis::new(1_760_000_000));
        let state = SdkCredential::from_authorization_state("made-up");
        for (credential, kind, what, word) in [
            (
                SdkCredential::from_token("made-up"),
                INVALID,
                ResponseFault::MalformedToken,
                "JOSE token",
            ),
            (SdkCredential::from_token(""), INVALID, ResponseFault::Empty, "token"),
            (state, INVALID, ResponseFault::Empty, "authorization state"),
            (in_seconds, INVALID, ResponseFault::ExpiryInSeconds, "seconds"),
            (of("puc.evil.example"), FOREIGN, ResponseFault::ForeignHost, "puc.evil.example"),
            (of("a@b.signalwire.com"), FOREIGN, ResponseFault::ForeignHost, "label.label"),
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
        acceptance.bound_to = Some(offer.credential.token.hosts.clone());
        assert!(acceptance.credential(credential(), ASKED).is_ok());
        let other = SdkCredential::from_token(token("puc.us.signalwire.com").as_str());
        assert_eq!(
            acceptance.credential(other, ASKED).unwrap_err().kind(),
            ErrorKind::HostNotAllowed
        );
    }

    #[test]
    fn a_duration_of_the_provider_holds_rather_than_its_instant() {
        let minute = Duration::from_secs(60);
        let of = || SdkCredential::from_token(token("puc.signalwire.com").as_str());
        let accepted = |credential| {
            let acquired = acceptance().credential(credential, ASKED).unwrap();
            (acquired.credential.expiry, acquired.credential.lifetime)
        };
        assert_eq!(accepted(of().with_expires_in(minute)), (None, Some(minute)));
        assert_eq!(accepted(of().with_expiry_at(NOW)), (Some(NOW), None));
        let both = of().with_expires_in(minute).with_expiry_at(NOW);
        assert_eq!(accepted(both), (None, Some(minute)));
    }

    fn granted(members: &str) -> Acquired {
        let json = format!(r#"{{"token":"{}"{members}}}"#, token("puc.signalwire.com"));
        acceptance().device(serde_json::from_str(&json).unwrap(), ASKED, NOW).unwrap()
    }

    #[test]
    fn the_lifetime_of_a_grant_is_the_stated_or_the_requested_one() {
        let silent = granted("");
        assert_eq!(
            (
                silent.credential.expiry,
                silent.credential.lifetime,
                silent.credential.assumed,
                silent.credential.token.lifetime
            ),
            (None, None, Some(ASKED), ASKED)
        );
        let relative = granted(r#","expires_in":34"#);
        assert_eq!(relative.credential.lifetime, Some(Duration::from_secs(34)));
        assert_eq!(relative.credential.token.lifetime, Duration::from_secs(34));
        let absolute = granted(r#","expires_at":1760000034"#);
        assert_eq!(absolute.credential.expiry, Some(EpochMillis::new(1_760_000_034_000)));
        assert_eq!(
            (absolute.credential.lifetime, absolute.credential.token.lifetime),
            (None, Duration::from_secs(34))
        );
        let spelled = granted(r#","expires_at":"2025-10-09T08:53:54Z""#);
        assert_eq!(
            (spelled.credential.expiry, spelled.flaw.is_none()),
            (absolute.credential.expiry, true)
        );
    }

    #[test]
    fn an_expiry_that_cannot_be_read_is_reported_and_the_rest_holds() {
        for value in [r#""soon""#, "[]", "900", "1760000034000000"] {
            let silent = granted(&format!(r#","expires_at":{value}"#));
            assert_eq!(
                (silent.credential.expiry, silent.credential.assumed),
                (None, Some(ASKED)),
                "{value}"
            );
            let flaw = silent.flaw.unwrap();
            assert_eq!(flaw.response_fault(), Some(ResponseFault::UnreadableExpiry), "{value}");
            assert!(!chain(&flaw).contains(value), "{flaw}");
        }
    }

    #[test]
    fn lifetimes_do_not_shrink_by_rounding_nor_to_nothing() {
        assert_eq!(granted(r#","expires_at":1760000898"#).credential.token.lifetime, ASKED);
        assert_eq!(granted(r#","expires_at":1750000000"#).credential.token.lifetime, ROUNDING);
    }
}
