//! Which names stand for secrets.

/// Ends of names whose values are secrets, without separators and in lower case. The names of the
/// wire are among them: `jwt_token`, `dpop_token`, `refresh_token`, `authorization_state`, `nonce`.
const ENDINGS: [&str; 17] = [
    "accesskey",
    "apikey",
    "authorization",
    "authorizationstate",
    "bearer",
    "cookie",
    "credential",
    "jwe",
    "jwt",
    "nonce",
    "notificationkey",
    "passphrase",
    "password",
    "passwd",
    "privatekey",
    "secret",
    "token",
];

/// Whole names that are too short to be ends of others.
const NAMES: [&str; 6] = ["auth", "key", "otp", "pin", "pwd", "sat"];

/// Names of secrets that are also names of objects which hold other things, such as the
/// `authorization` of a session.
const OBJECTS: [&str; 3] = ["auth", "authorization", "credential"];

/// Whether the value of a member, header or query parameter of this name is a secret.
pub(super) fn names_secret(name: &str) -> bool {
    let name = plain(name);
    let singular = name.strip_suffix('s').unwrap_or(&name);
    [name.as_str(), singular]
        .iter()
        .any(|name| NAMES.contains(name) || ENDINGS.iter().any(|ending| name.ends_with(ending)))
}

/// Whether everything in an object of this name is a secret.
pub(super) fn names_secret_object(name: &str) -> bool {
    let plain = plain(name);
    names_secret(name) && !OBJECTS.contains(&plain.strip_suffix('s').unwrap_or(&plain))
}

/// A name without separators, in lower case.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(|letter| letter.is_ascii_alphanumeric());
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::{names_secret, names_secret_object};

    #[test]
    fn the_names_of_the_wire_are_known_in_any_spelling() {
        for name in [
            "token",
            "jwt_token",
            "dpop_token",
            "refreshToken",
            "refresh_tokens",
            "authorization_state",
            "authorizationState",
            "Authorization",
            "DPoP-Nonce",
            "push_notification_key",
            "X-Api-Key",
            "client_secret",
            "iceCredential",
            "password",
            "Set-Cookie",
        ] {
            assert!(names_secret(name), "{name}");
        }
        for name in [
            "expires_at",
            "id",
            "method",
            "protocol",
            "event_type",
            "scope",
            "token_type",
            "monkey",
        ] {
            assert!(!names_secret(name), "{name}");
        }
    }

    #[test]
    fn some_objects_hold_more_than_secrets() {
        assert!(names_secret_object("tokens") && !names_secret_object("credentials"));
        assert!(!names_secret_object("authorization") && !names_secret_object("claims"));
    }
}
