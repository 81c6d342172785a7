//! The settings of a space.

use std::{collections::BTreeMap, error::Error, fmt};

use credwire_core::Secret;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use crate::{fault::Fault, span::Span};

/// Declares [`Config`] once: field, JSON key, type and default.
macro_rules! config {
    ($($(#[$doc:meta])* $field:ident = $key:literal: $type:ty = $default:expr;)*) => {
        /// The settings of a space. JSON has the same names in camel case and durations in seconds.
        ///
        /// ```
        /// use credwire_sandbox::{Config, Span};
        /// let mut config = Config::default();
        /// config.device_ttl = Some(Span::from_secs(35));
        /// ```
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub struct Config {
            $($(#[$doc])* pub $field: $type,)*
        }

        impl Default for Config {
            fn default() -> Self {
                Self { $($field: $default,)* }
            }
        }

        impl Config {
            const KEYS: &[&str] = &[$($key),*];

            fn set(&mut self, key: &str, value: &RawValue) -> Result<(), ConfigError> {
                match key {
                    $($key => self.$field = read(key, value)?,)*
                    _ => return Err(ConfigError::UnknownKey { key: key.to_owned() }),
                }
                Ok(())
            }
        }
    };
}

config! {
    /// Lifetime of every minted SAT; `None` keeps the one of the mint request.
    sat_ttl = "satTtl": Option<Span> = None;
    /// The longest lifetime of a SAT with `sat:refresh` and no fingerprint; `None` lifts the limit.
    unbound_scope_ttl = "unboundScopeTtl": Option<Span> = Some(Span::from_secs(60));
    /// Lifetime of device tokens; `None` keeps the `expire_in` of the request.
    device_ttl = "deviceTtl": Option<Span> = None;
    /// How the answers of `devices/*` state the expiry.
    device_expiry = "deviceExpiry": DeviceExpiry = DeviceExpiry::ExpiresAt;
    /// Lifetime of a guest SAT made from an embed token.
    embed_ttl = "embedTtl": Span = Span::from_secs(3600);
    /// The embed token that is accepted.
    embed_token = "embedToken": Secret<String> = Secret::from("c2c_mock_embed_token");
    /// `devices/refresh` refuses tokens that `devices/*` did not issue.
    refresh_needs_device_token = "refreshNeedsDeviceToken": bool = true;
    /// Expired bearer tokens are refused over HTTP.
    bearer_expiry = "bearerExpiry": bool = true;
    /// Expired tokens are refused at a fresh `signalwire.connect`.
    connect_expiry = "connectExpiry": bool = true;
    /// A bound token needs a proof at a fresh connect and to reauthenticate.
    require_proof = "requireProof": bool = true;
    /// A bound token needs a proof at a resume.
    resume_needs_proof = "resumeNeedsProof": bool = false;
    /// An authorization state is pushed after each connect and reauthenticate.
    auth_state = "authState": bool = true;
    /// A session's socket is closed (1008) when its token runs out.
    close_at_expiry = "closeAtExpiry": bool = false;
    /// Time between two `signalwire.ping` on a socket; zero or less sends none. Sockets take it
    /// up when they open.
    ping_every = "pingEvery": Span = Span::from_secs(0);
    /// How far a proof's `iat` may lie from the space's time, on both sides.
    leeway = "leeway": Span = Span::from_secs(300);
    /// Added to the space's time wherever a token or a proof is made or judged.
    clock_offset = "clockOffset": Span = Span::from_secs(0);
    /// Proofs over HTTP need a nonce that the space has issued (RFC 9449, section 8).
    nonce = "nonce": bool = false;
    /// The faults that are armed.
    faults = "faults": Vec<Fault> = Vec::new();
}

/// The form in which the answers of `devices/*` state the expiry of the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceExpiry {
    /// The member `expires_at`, in seconds since the Unix epoch.
    ExpiresAt,
    /// The member `expires_in`, in seconds from now.
    ExpiresIn,
    /// Both members.
    Both,
    /// Neither member.
    None,
}

impl DeviceExpiry {
    pub(crate) fn has_instant(self) -> bool {
        matches!(self, Self::ExpiresAt | Self::Both)
    }

    pub(crate) fn has_span(self) -> bool {
        matches!(self, Self::ExpiresIn | Self::Both)
    }
}

impl Config {
    /// Creates the default configuration, changed by a JSON object such as `{"deviceTtl":35}`.
    ///
    /// # Errors
    /// As [`Config::patched`].
    pub fn from_json(json: &str) -> Result<Self, ConfigError> {
        Self::default().patched(json)
    }

    /// Replaces the settings that a JSON object contains.
    ///
    /// # Errors
    /// When it is not a JSON object, has an unknown key, or a value of the wrong kind.
    pub fn patched(mut self, json: &str) -> Result<Self, ConfigError> {
        let patch: BTreeMap<String, Box<RawValue>> =
            serde_json::from_str(json).map_err(ConfigError::NotAnObject)?;
        for (key, value) in &patch {
            self.set(key, value)?;
        }
        Ok(self)
    }
}

fn read<T: DeserializeOwned>(key: &str, value: &RawValue) -> Result<T, ConfigError> {
    serde_json::from_str(value.get())
        .map_err(|source| ConfigError::Value { key: key.to_owned(), source })
}

/// The error of a refused configuration.
#[derive(Debug)]
#[non_exhaustive]
pub enum ConfigError {
    /// The text is not a JSON object.
    NotAnObject(serde_json::Error),
    /// The JSON has an unknown key.
    UnknownKey {
        /// The unknown key.
        key: String,
    },
    /// The value does not fit the setting.
    Value {
        /// The key of the setting.
        key: String,
        /// The error of the value.
        source: serde_json::Error,
    },
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAnObject(_) => f.write_str("a configuration is a JSON object"),
            Self::UnknownKey { key } => {
                write!(f, "unknown setting `{key}`; there are {}", Config::KEYS.join(", "))
            }
            Self::Value { key, .. } => write!(f, "the value of `{key}` does not fit"),
        }
    }
}

impl Error for ConfigError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::NotAnObject(source) | Self::Value { source, .. } => Some(source),
            Self::UnknownKey { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_can_be_set() {
        let all = r#"{"satTtl":5,"unboundScopeTtl":null,"deviceTtl":34,"deviceExpiry":"both",
            "embedTtl":7,"embedToken":"c2c_x","refreshNeedsDeviceToken":false,"bearerExpiry":false,
            "connectExpiry":false,"requireProof":false,"resumeNeedsProof":true,"authState":false,
            "closeAtExpiry":true,"pingEvery":0.5,"leeway":9,"clockOffset":-3600,"nonce":true,
            "faults":[{"on":"upgrade","status":503}]}"#;
        let set: BTreeMap<String, serde_json::Value> = serde_json::from_str(all).unwrap();
        assert!(Config::KEYS.iter().all(|key| set.contains_key(*key)), "the test knows every key");

        let config = Config::from_json(all).unwrap();
        assert_eq!(config.unbound_scope_ttl, None);
        assert_eq!(config.device_ttl, Some(Span::from_secs(34)));
        assert_eq!(config.device_expiry, DeviceExpiry::Both);
        assert_eq!(config.ping_every.as_millis(), 500);
        assert_eq!(config.clock_offset, Span::from_secs(-3600));
        assert_eq!(config.faults.len(), 1);
        assert!(config.nonce && config.close_at_expiry && !config.auth_state);
    }

    #[test]
    fn a_patch_leaves_the_rest_alone() {
        let config = Config::from_json(r#"{"deviceTtl":34}"#).unwrap();
        let config = config.patched(r#"{"leeway":1}"#).unwrap();
        assert_eq!(config.device_ttl, Some(Span::from_secs(34)));
        assert_eq!(config.leeway, Span::from_secs(1));
    }

    #[test]
    fn mistakes_name_the_key_and_what_would_do() {
        let unknown = Config::from_json(r#"{"deviceTTL":3}"#).unwrap_err().to_string();
        assert!(unknown.contains("`deviceTTL`") && unknown.contains("deviceTtl"), "{unknown}");
        let value = Config::from_json(r#"{"deviceExpiry":"never"}"#).unwrap_err();
        let source = value.source().unwrap().to_string();
        assert!(value.to_string().contains("`deviceExpiry`") && source.contains("expires_at"));
        assert!(matches!(Config::from_json("[]"), Err(ConfigError::NotAnObject(_))));
    }

    #[test]
    fn debug_hides_the_embed_token() {
        assert!(!format!("{:?}", Config::default()).contains("c2c_"));
    }
}
