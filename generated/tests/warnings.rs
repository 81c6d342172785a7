//! Warnings: constants, open values and tagged unions.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use credwire_core::{EpochMillis, Validate};
use credwire_generated::{
    CredentialNoRefreshHandlerWarning, CredentialRefreshFallbackReason as Reason,
    CredentialRefreshFallbackWarning, SdkWarning,
};
use serde_json::{Value, json};

fn fallback() -> Value {
    json!({
        "code": "credential_refresh_fallback",
        "message": "made-up",
        "reason": "no-scope",
        "source": "CredentialProvider",
    })
}

#[test]
fn constants_are_written_once_and_checked() {
    let warning = CredentialRefreshFallbackWarning::new("made-up", Reason::NoScope);
    assert_eq!(serde_json::to_value(&warning).unwrap(), fallback());
    assert_eq!(
        serde_json::to_string(&SdkWarning::from(warning)).unwrap().matches("\"code\"").count(),
        1
    );
    for (member, value) in [("code", json!("other")), ("source", json!(1)), ("source", json!(null))]
    {
        let mut wrong = fallback();
        wrong[member] = value;
        let error = serde_json::from_value::<CredentialRefreshFallbackWarning>(wrong.clone());
        assert!(error.is_err(), "{wrong}");
    }
    let mut missing = fallback();
    missing.as_object_mut().unwrap().remove("source");
    let error = serde_json::from_value::<CredentialRefreshFallbackWarning>(missing).unwrap_err();
    assert!(error.to_string().contains("source"), "{error}");
}

#[test]
fn a_warning_is_told_by_its_code() {
    let read: SdkWarning = serde_json::from_value(fallback()).unwrap();
    let SdkWarning::CredentialRefreshFallback(warning) = &read else { panic!("{read:?}") };
    assert_eq!(warning.reason, Reason::NoScope);
    assert_eq!(read.code(), "credential_refresh_fallback");
    let expires_at = EpochMillis::new(1_700_000_000_000);
    let other = SdkWarning::from(CredentialNoRefreshHandlerWarning::new(expires_at, "made-up"));
    let wire = serde_json::to_value(&other).unwrap();
    assert_eq!(wire["code"], "credential_no_refresh_handler");
    assert_eq!(wire["expiresAt"], 1_700_000_000_000_i64);
    assert_eq!(serde_json::from_value::<SdkWarning>(wire).unwrap(), other);
}

#[test]
fn a_warning_of_a_later_version_loses_nothing() {
    let wire = json!({"code": "something_new", "extra": {"deep": [1, null]}});
    let read: SdkWarning = serde_json::from_value(wire.clone()).unwrap();
    assert_eq!(read.code(), "something_new");
    assert_eq!(read, SdkWarning::Unknown(wire.clone()));
    assert_eq!(serde_json::to_value(&read).unwrap(), wire);
}

#[test]
fn a_warning_without_a_code_is_refused() {
    let error = serde_json::from_value::<SdkWarning>(json!({"codes": "x"})).unwrap_err();
    assert!(error.to_string().contains("`code`"), "{error}");
    for wire in [json!({"code": 5}), json!({"code": null}), json!([]), json!("code"), json!(null)] {
        assert!(serde_json::from_value::<SdkWarning>(wire.clone()).is_err(), "{wire}");
    }
}

#[test]
fn a_known_code_with_wrong_members_is_an_error_and_not_unknown() {
    let wire = json!({"code": "credential_refresh_fallback"});
    assert!(serde_json::from_value::<SdkWarning>(wire).is_err());
}

#[test]
fn rules_reach_through_the_union() {
    let seconds = EpochMillis::new(1_700_000_000);
    let warning = SdkWarning::from(CredentialNoRefreshHandlerWarning::new(seconds, "made-up"));
    let violations = warning.validate().unwrap_err();
    assert_eq!(violations.iter().next().unwrap().pointer(), "/expiresAt");
    assert!(SdkWarning::Unknown(json!({"code": "x"})).validate().is_ok());
}

#[test]
fn values_that_are_not_listed_round_trip() {
    for (text, reason) in [
        ("no-scope", Reason::NoScope),
        ("no-dpop-support", Reason::NoDpopSupport),
        ("endpoint-failed", Reason::EndpointFailed),
        ("activation-timeout", Reason::ActivationTimeout),
        ("later", Reason::Other("later".to_owned())),
        ("", Reason::Other(String::new())),
    ] {
        assert_eq!(Reason::from(text), reason);
        assert_eq!(Reason::from(text.to_owned()), reason);
        assert_eq!(reason.as_str(), text);
        assert_eq!(serde_json::to_value(&reason).unwrap(), json!(text));
        assert_eq!(serde_json::from_value::<Reason>(json!(text)).unwrap(), reason);
    }
    assert!(serde_json::from_value::<Reason>(json!(5)).is_err());
}
