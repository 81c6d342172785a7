//! The one list of names that stand for secrets, for macros, schemas, recordings and redaction.

/// How certainly the name of a member, field, header or parameter stands for a secret.
///
/// Code that hides values treats everything above [`Open`](Self::Open) as a secret; code that
/// chooses a type treats [`Secret`](Self::Secret) alone as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameSecrecy {
    /// The name stands for no secret, or for something about one: `scope`, `token_type`, `key_id`.
    Open,
    /// The name mentions a secret and ends in another word: `password_again`, `TokenSource`.
    Mentions,
    /// The name stands for a secret in some places and for none in others: `key`, `session_id`,
    /// `pin`, `nonce`.
    Ambiguous,
    /// The name stands for a secret in every place: `refresh_token`, `apiKey`, `secret_id`.
    Secret,
}

/// Returns whether a value of this name is to be hidden: everything above [`NameSecrecy::Open`].
///
/// ```
/// use credwire_core::secrecy::names_secret;
/// assert!(names_secret("X-Api-Key") && names_secret("refreshToken") && names_secret("session_id"));
/// assert!(!names_secret("token_type") && !names_secret("expires_in") && !names_secret("secretary"));
/// ```
pub fn names_secret(name: &str) -> bool {
    name_secrecy(name) > NameSecrecy::Open
}

/// Returns how certainly a name stands for a secret. Words are separated by separators, digits and
/// capitals, so `api_key`, `apiKey`, `API-Key` and `APIKey2` are one name.
pub fn name_secrecy(name: &str) -> NameSecrecy {
    let spaced = spaced(name);
    let mut words: Vec<&str> = spaced.split(' ').filter(|word| !word.is_empty()).collect();
    while let [_, .., last] = words.as_slice()
        && FORMS.contains(last)
    {
        words.pop();
    }
    let Some((&last, before)) = words.split_last() else { return NameSecrecy::Open };
    if before.first().is_some_and(|first| QUESTIONS.contains(first)) || is_quantity(last, before) {
        return NameSecrecy::Open;
    }
    let own = ending(last, before);
    if own > NameSecrecy::Open || ABOUT.contains(&last) || is_identifier(last) {
        return own;
    }
    let mentions = (0..before.len()).any(|at| {
        let (&word, before) = (&before[at], &before[..at]);
        ending(word, before) > NameSecrecy::Open
    });
    if mentions { NameSecrecy::Mentions } else { NameSecrecy::Open }
}

/// Words of [`AMBIGUOUS`] that name a secret where the value is text: a pin on a map is none.
const SECRET_TEXT: &[&str] = &["pin", "pins"];

/// Returns whether text of this name is a secret, which decides its type: not `key`, which stands
/// for other things too.
///
/// ```
/// use credwire_core::secrecy::names_secret_text;
/// assert!(names_secret_text("tokenMap") && names_secret_text("codeVerifier") && names_secret_text("simPin"));
/// assert!(!names_secret_text("tokenUrl") && !names_secret_text("secretName") && !names_secret_text("keyboard"));
/// ```
pub fn names_secret_text(name: &str) -> bool {
    let spaced = spaced(name);
    let last = spaced.split_whitespace().next_back().unwrap_or_default();
    match name_secrecy(name) {
        NameSecrecy::Secret => true,
        NameSecrecy::Ambiguous => SECRET_TEXT.contains(&last),
        NameSecrecy::Mentions | NameSecrecy::Open => false,
    }
}

/// Words whose value is a secret wherever they stand. A plural is one too.
const SECRET: &[&str] = &[
    "apikey",
    "assertion",
    "authorization",
    "bearer",
    "cookie",
    "cred",
    "credential",
    "cvc",
    "cvv",
    "jwe",
    "jwt",
    "otp",
    "passcode",
    "passkey",
    "passphrase",
    "passwd",
    "password",
    "psk",
    "pwd",
    "secret",
    "token",
    "totp",
];

/// Words that have other meanings too: a weekday, a key of a map, a pin on a map.
const AMBIGUOUS: &[&str] =
    &["auth", "key", "mnemonic", "nonce", "pem", "pin", "sat", "session", "sid", "signature"];

/// Words that are often glued to another one: `authtoken`, `clientsecret`, `JSESSIONID`.
const GLUED: &[(&str, NameSecrecy)] = &[
    ("accesskey", NameSecrecy::Secret),
    ("apikey", NameSecrecy::Secret),
    ("authcode", NameSecrecy::Secret),
    ("authorizationstate", NameSecrecy::Secret),
    ("cookie", NameSecrecy::Secret),
    ("credential", NameSecrecy::Secret),
    ("notificationkey", NameSecrecy::Ambiguous),
    ("passcode", NameSecrecy::Secret),
    ("passphrase", NameSecrecy::Secret),
    ("password", NameSecrecy::Secret),
    ("privatekey", NameSecrecy::Secret),
    ("secret", NameSecrecy::Secret),
    ("secretid", NameSecrecy::Secret),
    ("secretkey", NameSecrecy::Secret),
    ("sessid", NameSecrecy::Ambiguous),
    ("sessionid", NameSecrecy::Ambiguous),
    ("token", NameSecrecy::Secret),
];

/// Words before `key` that make it a secret.
const SECRET_KEYS: &[&str] = &[
    "access",
    "account",
    "api",
    "decryption",
    "encryption",
    "hmac",
    "master",
    "private",
    "secret",
    "service",
    "session",
    "shared",
    "signing",
    "ssh",
    "symmetric",
];

/// Words before `key` that make it the name of something.
const OPEN_KEYS: &[&str] = &[
    "cache",
    "foreign",
    "group",
    "idempotency",
    "index",
    "map",
    "object",
    "partition",
    "primary",
    "public",
    "routing",
    "row",
    "sort",
    "translation",
    "unique",
];

/// Words before `code` that make it a secret.
const SECRET_CODES: &[&str] = &[
    "access",
    "activation",
    "auth",
    "authorization",
    "backup",
    "confirmation",
    "device",
    "factor",
    "invite",
    "login",
    "mfa",
    "otp",
    "pass",
    "pin",
    "recovery",
    "reset",
    "security",
    "sms",
    "time",
    "totp",
    "user",
    "verification",
];

/// Last words that state in which form a value is written, and nothing of what it is.
const FORMS: &[&str] = &[
    "array",
    "base",
    "bytes",
    "content",
    "data",
    "der",
    "dict",
    "encoded",
    "field",
    "header",
    "hex",
    "json",
    "jwk",
    "list",
    "map",
    "param",
    "pem",
    "plain",
    "plaintext",
    "raw",
    "record",
    "string",
    "text",
    "value",
];

/// Last words that turn the name of a secret into the name of something about it: `token_url`.
const ABOUT: &[&str] = &[
    "age",
    "algorithm",
    "at",
    "audience",
    "backend",
    "class",
    "count",
    "dir",
    "directory",
    "enabled",
    "endpoint",
    "error",
    "event",
    "expired",
    "expires",
    "expiry",
    "file",
    "filename",
    "fingerprint",
    "folder",
    "format",
    "host",
    "in",
    "index",
    "issuer",
    "kind",
    "label",
    "len",
    "length",
    "lifetime",
    "limit",
    "method",
    "mode",
    "name",
    "names",
    "number",
    "ops",
    "path",
    "policy",
    "prefix",
    "provider",
    "reason",
    "required",
    "scheme",
    "scope",
    "scopes",
    "server",
    "service",
    "size",
    "source",
    "state",
    "status",
    "store",
    "thumbprint",
    "timeout",
    "ttl",
    "type",
    "types",
    "until",
    "uri",
    "url",
    "usage",
    "use",
    "used",
    "valid",
    "version",
];

/// First words of a yes or no: `has_password`.
const QUESTIONS: &[&str] = &["can", "has", "is", "requires", "should", "supports"];

/// What is counted, where the last word is the plural `tokens`.
const QUANTITIES: &[&str] = &[
    "cached",
    "completion",
    "input",
    "max",
    "min",
    "num",
    "output",
    "prompt",
    "remaining",
    "total",
    "used",
];

/// Classifies `last`, with the words `before` it.
fn ending(last: &str, before: &[&str]) -> NameSecrecy {
    let previous = before.last().copied().unwrap_or_default();
    let singular = last.strip_suffix('s').unwrap_or(last);
    let is = |words: &[&str]| words.contains(&last) || words.contains(&singular);
    match singular {
        "key" if OPEN_KEYS.contains(&previous) => NameSecrecy::Open,
        "key" if SECRET_KEYS.contains(&previous) => NameSecrecy::Secret,
        "code" if SECRET_CODES.contains(&previous) => NameSecrecy::Secret,
        "verifier" if previous == "code" => NameSecrecy::Secret,
        "phrase" if ["pass", "recovery", "secret", "seed"].contains(&previous) => {
            NameSecrecy::Secret
        }
        "response" if previous == "saml" => NameSecrecy::Secret,
        "id" if previous == "secret" => NameSecrecy::Secret,
        "id" if previous == "session" => NameSecrecy::Ambiguous,
        // What restores an authorization is as good as the authorization.
        "state" if ["auth", "authorization", "oauth"].contains(&previous) => NameSecrecy::Secret,
        _ if is(SECRET) => NameSecrecy::Secret,
        _ if is(AMBIGUOUS) => NameSecrecy::Ambiguous,
        _ => GLUED
            .iter()
            .find(|(glued, _)| last.ends_with(glued) || singular.ends_with(glued))
            .map_or(NameSecrecy::Open, |(_, secrecy)| *secrecy),
    }
}

fn is_identifier(word: &str) -> bool {
    ["id", "ids", "uuid", "arn"].contains(&word)
}

fn is_quantity(last: &str, before: &[&str]) -> bool {
    last == "tokens" && before.last().is_some_and(|word| QUANTITIES.contains(word))
}

/// The words of a name in lower case, with a space between two.
fn spaced(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 8);
    let mut letters = name.strip_prefix("r#").unwrap_or(name).chars().peekable();
    let mut before: Option<char> = None;
    while let Some(letter) = letters.next() {
        let after_lower = before.is_some_and(char::is_lowercase);
        let after_upper = before.is_some_and(char::is_uppercase);
        let before_lower = letters.peek().is_some_and(|next| next.is_lowercase());
        if letter.is_uppercase() && (after_lower || (after_upper && before_lower)) {
            words.push(' ');
        }
        if letter.is_alphabetic() {
            words.extend(letter.to_lowercase());
        } else {
            words.push(' ');
        }
        before = Some(letter);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::{
        NameSecrecy::{Ambiguous, Mentions, Open, Secret},
        *,
    };

    #[test]
    fn words_split_at_separators_digits_and_humps() {
        for (name, expected) in [
            ("api_key", "api key"),
            ("apiKey", "api key"),
            ("APIKey", "api key"),
            ("X-Api-Key", "x api key"),
            ("token2", "token"),
            ("_jwt", "jwt"),
            ("keyboard", "keyboard"),
            ("r#type", "type"),
            ("JWTTokens", "jwt tokens"),
            ("\u{c4}lteSchl\u{fc}ssel", "\u{e4}lte schl\u{fc}ssel"),
            ("", ""),
        ] {
            let spaced = spaced(name);
            let words: Vec<&str> = spaced.split_whitespace().collect();
            assert_eq!(words.join(" "), expected, "{name}");
        }
    }

    #[test]
    fn names_say_what_they_stand_for() {
        let cases: &[(NameSecrecy, &[&str])] = &[
            (
                Secret,
                &[
                    "token",
                    "Token",
                    "tokens",
                    "jwt_token",
                    "dpop_token",
                    "refreshToken",
                    "refresh_tokens",
                    "id-token",
                    "accesstoken",
                    "authtoken",
                    "embedToken",
                    "token2",
                    "secret",
                    "client_secret",
                    "clientSecret",
                    "CLIENT_SECRET",
                    "secret_id",
                    "secretId",
                    "secret_value",
                    "password",
                    "newPassword",
                    "passwd",
                    "db_pwd",
                    "passcode",
                    "Passcode",
                    "passphrase",
                    "pass_phrase",
                    "seed_phrase",
                    "api_key",
                    "apiKey",
                    "APIKey",
                    "apikey",
                    "X-Api-Key",
                    "private_key",
                    "privateKey",
                    "private_key_pem",
                    "privateKeyPem",
                    "privateKeyBase64",
                    "accessKey",
                    "secret_access_key",
                    "signing-key",
                    "session_key",
                    "credential",
                    "credentials",
                    "iceCredential",
                    "creds",
                    "cookie",
                    "Set-Cookie",
                    "authorization",
                    "Proxy-Authorization",
                    "authorization_header",
                    "authorization_state",
                    "authorizationState",
                    "authorization_code",
                    "verificationCode",
                    "one_time_code",
                    "device_code",
                    "code_verifier",
                    "bearer",
                    "jwt",
                    "JWT",
                    "jwe",
                    "client_assertion",
                    "SAMLResponse",
                    "otp",
                    "totp",
                    "cvv",
                    "tokenMap",
                    "token_list",
                    "tokenString",
                    "refresh_token_value",
                    "codeVerifier",
                ],
            ),
            (
                Ambiguous,
                &[
                    "key",
                    "keys",
                    "push_notification_key",
                    "pushNotificationKey",
                    "session_id",
                    "sessionId",
                    "session",
                    "JSESSIONID",
                    "PHPSESSID",
                    "pin",
                    "pem",
                    "sat",
                    "auth",
                    "nonce",
                    "DPoP-Nonce",
                    "signature",
                    "X-Amz-Signature",
                ],
            ),
            (
                Mentions,
                &["TokenSupply", "password_again", "passwordHash", "secret_santa", "key_material"],
            ),
            (
                Open,
                &[
                    "",
                    "_",
                    "7",
                    "id",
                    "url",
                    "user",
                    "method",
                    "protocol",
                    "scope",
                    "state",
                    "code",
                    "error_code",
                    "event_type",
                    "token_type",
                    "tokenType",
                    "token_url",
                    "token_endpoint",
                    "token_expires_at",
                    "tokens_used",
                    "max_tokens",
                    "totalTokens",
                    "expires_in",
                    "expires_at",
                    "key_id",
                    "keyIds",
                    "access_key_id",
                    "credential_id",
                    "client_id",
                    "key_path",
                    "password_file",
                    "has_password",
                    "isAuthorized",
                    "session_timeout",
                    "session_state",
                    "public_key",
                    "primaryKey",
                    "publicKeyPem",
                    "certificate_pem",
                    "key_ops",
                    "keyboard",
                    "monkey",
                    "tokenizer",
                    "secretary",
                    "author",
                    "authority",
                    "satellite",
                    "opinion",
                    "spinner",
                    "passenger",
                    "fingerprint",
                    "header",
                    "value",
                ],
            ),
        ];
        for (expected, names) in cases {
            for name in *names {
                assert_eq!(name_secrecy(name), *expected, "{name}");
                assert_eq!(names_secret(name), *expected > Open, "{name}");
            }
        }
    }

    #[test]
    fn a_name_has_the_same_secrecy_in_every_spelling() {
        for words in [
            &["client", "secret"][..],
            &["private", "key"],
            &["session", "id"],
            &["secret", "id"],
            &["refresh", "token"],
            &["key", "id"],
            &["token", "type"],
            &["authorization", "state"],
        ] {
            let expected = name_secrecy(&words.join("_"));
            let capital = |word: &&str| word[..1].to_uppercase() + &word[1..];
            let pascal: String = words.iter().map(capital).collect();
            let camel = pascal[..1].to_lowercase() + &pascal[1..];
            for spelling in [words.join("-"), words.join("_").to_uppercase(), pascal, camel] {
                assert_eq!(name_secrecy(&spelling), expected, "{spelling}");
            }
        }
    }
}
