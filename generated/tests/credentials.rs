//! Credentials: validation, wire spelling, secrecy.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::time::Duration;

use credwire_core::{EpochMillis, EpochSeconds, Secret, SerializeExposed, Validate};
use credwire_generated::{AuthenticateContext, SatClaims, SatClaimsCnf, SdkCredential};
use serde_json::{Value, json};

const THUMBPRINT: &str = "made-up-thumbprint_of-43-characters-00000-0";

fn rules(value: &impl Validate) -> Vec<(String, String)> {
    let violations = value.validate().err();
    let pairs = violations.iter().flat_map(|violations| violations.iter());
    pairs.map(|one| (one.pointer().to_owned(), one.rule().to_owned())).collect()
}

#[test]
fn a_credential_keeps_the_spelling_of_the_wire() {
    let wire = json!({"authorizationState": "made-up", "expiry_at": 1_700_000_000_000_i64});
    let credential: SdkCredential = serde_json::from_value(wire.clone()).unwrap();
    assert_eq!(credential.authorization_state, Some(Secret::from("made-up")));
    assert_eq!(credential.expiry_at, Some(EpochMillis::new(1_700_000_000_000)));
    assert_eq!(credential.token, None);
    assert_eq!(serde_json::to_value(credential.exposed()).unwrap(), wire);
}

#[test]
fn one_of_token_and_authorization_state_must_say_something() {
    let one_of = vec![(String::new(), "one-of".to_owned())];
    for wire in [json!({}), json!({"token": ""}), json!({"token": "", "authorizationState": ""})] {
        let credential: SdkCredential = serde_json::from_value(wire.clone()).unwrap();
        assert_eq!(rules(&credential), one_of, "{wire}");
    }
    assert!(SdkCredential::try_new(None, None, None).is_err());
    assert!(SdkCredential::try_new(None, None, Some("".into())).is_err());
    assert!(SdkCredential::try_new(None, None, Some("made-up".into())).is_ok());
    assert!(SdkCredential::from_token("made-up").validate().is_ok());
    assert!(SdkCredential::from_authorization_state("made-up").validate().is_ok());
}

#[test]
fn seconds_where_milliseconds_belong_are_refused_by_place() {
    let credential =
        SdkCredential::from_token("made-up").with_expiry_at(EpochMillis::new(1_700_000_000));
    assert_eq!(rules(&credential), [("/expiry_at".to_owned(), "epoch-millis".to_owned())]);
    let claims = SatClaims::new().with_expires_at(EpochSeconds::new(1_700_000_000_000));
    assert_eq!(rules(&claims), [("/expires_at".to_owned(), "epoch-seconds".to_owned())]);
}

#[test]
fn a_duration_is_kept_beside_the_wire() {
    let minute = Duration::from_secs(60);
    let credential = SdkCredential::from_token("made-up").with_expires_in(minute);
    assert!(credential.validate().is_ok());
    assert_eq!(credential.clone().expires_in, Some(minute));
    assert_ne!(credential, SdkCredential::from_token("made-up"));
    assert!(format!("{credential:?}").contains("expires_in: Some(60s)"), "{credential:?}");
    let wire = serde_json::to_value(credential.exposed()).unwrap();
    assert_eq!(wire, json!({"token": "made-up"}));
    let read: SdkCredential =
        serde_json::from_value(json!({"token": "made-up", "expires_in": 60})).unwrap();
    assert_eq!(read.expires_in, None);
    assert_eq!(SdkCredential::try_new(None, None, Some("made-up".into())).unwrap(), read);
}

#[test]
fn every_violation_is_reported_at_once() {
    let credential = SdkCredential::try_new(None, Some(EpochMillis::new(5)), Some("".into()));
    assert_eq!(credential.unwrap_err().iter().len(), 2);
}

#[test]
fn no_form_of_a_credential_shows_its_secrets() {
    let credential = SdkCredential::from_token("hush-token").with_authorization_state("hush-state");
    let shown = format!("{credential:?} {credential:#?} {:?}", credential.exposed());
    assert!(!shown.contains("hush"), "{shown}");
    let error = SdkCredential::try_new(None, Some(EpochMillis::new(5)), Some("hush-token".into()));
    assert!(!error.unwrap_err().to_string().contains("hush"));
}

#[test]
fn what_cannot_be_read_is_not_repeated() {
    for text in [
        "\"hush-token\"",
        "[\"hush-token\"]",
        "{\"token\": [\"hush-token\"]}",
        "{\"token\": 4242}",
        "{\"expiry_at\": \"hush-token\"}",
        "4242",
        "4.242e3",
        "true",
        "null",
    ] {
        let error = serde_json::from_str::<SdkCredential>(text).unwrap_err().to_string();
        assert!(!error.contains("hush") && !error.contains("4242"), "{error}");
        assert!(error.contains("line 1 column"), "{error}");
    }
}

#[test]
fn an_array_is_no_object() {
    assert!(serde_json::from_str::<SatClaims>("[]").is_err());
    assert!(serde_json::from_str::<SdkCredential>("[\"made-up\", 1, \"made-up\"]").is_err());
}

#[test]
fn a_member_that_comes_twice_is_refused() {
    let error = serde_json::from_str::<SdkCredential>("{\"token\":\"a\",\"token\":\"b\"}");
    assert!(error.unwrap_err().to_string().contains("duplicate field"));
}

#[test]
fn absent_and_null_differ() {
    for wire in [json!({"token": null}), json!({"expiry_at": null, "token": "made-up"})] {
        assert!(serde_json::from_value::<SdkCredential>(wire.clone()).is_err(), "{wire}");
    }
    let text = serde_json::to_string(&AuthenticateContext::new()).unwrap();
    assert_eq!(text, "{}");
}

#[test]
fn members_that_are_not_known_are_ignored() {
    let wire = json!({"fingerprint": THUMBPRINT, "later": {"deep": [1]}});
    let context: AuthenticateContext = serde_json::from_value(wire).unwrap();
    assert_eq!(context, AuthenticateContext::new().with_fingerprint(THUMBPRINT));
}

#[test]
fn a_thumbprint_has_43_characters_of_base64url() {
    assert_eq!(THUMBPRINT.len(), 43);
    assert_eq!(rules(&AuthenticateContext::new().with_fingerprint(THUMBPRINT)), []);
    let padded = format!("{}=", THUMBPRINT.trim_end_matches('0'));
    for wrong in ["", "short", &THUMBPRINT.replace('-', "+"), &format!("{THUMBPRINT}0"), &padded] {
        let context = AuthenticateContext::new().with_fingerprint(wrong);
        let expected = [("/fingerprint".to_owned(), "jwk-thumbprint".to_owned())];
        assert_eq!(rules(&context), expected, "{wrong}");
    }
}

#[test]
fn a_dotted_member_is_a_struct_and_is_checked_at_its_place() {
    let wire = json!({"cnf": {"jkt": "short"}, "expires_at": 1_700_000_000, "scope": ["a", "b"]});
    let claims: SatClaims = serde_json::from_value(wire.clone()).unwrap();
    assert_eq!(claims.cnf, Some(SatClaimsCnf::new().with_jkt("short")));
    assert_eq!(claims.expires_at, Some(EpochSeconds::new(1_700_000_000)));
    assert_eq!(serde_json::to_value(&claims).unwrap(), wire);
}

#[test]
fn numbers_are_read_in_every_spelling_and_written_in_one() {
    for text in ["1700000000000", "1.7e12", "1700000000000.0"] {
        let text = format!("{{\"expiry_at\":{text},\"token\":\"made-up\"}}");
        let credential: SdkCredential = serde_json::from_str(&text).unwrap();
        let value: Value = serde_json::to_value(credential.exposed()).unwrap();
        assert_eq!(value["expiry_at"].to_string(), "1700000000000");
    }
}
