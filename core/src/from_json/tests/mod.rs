use std::collections::BTreeMap;

use serde::{Deserialize, de::IgnoredAny};
use serde_json::Value;

use super::*;
use crate::{EpochMillis, Secret, Validator};

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "only read")]
struct Document {
    #[serde(default)]
    token: Option<Secret<String>>,
    #[serde(default)]
    flags: Vec<bool>,
    #[serde(default)]
    by_number: BTreeMap<u32, Choice>,
    #[serde(default)]
    object: serde_json::Map<String, Value>,
    #[serde(default)]
    at: Option<EpochMillis>,
    #[serde(default)]
    next: Option<Box<Document>>,
    #[serde(default)]
    any: Option<IgnoredAny>,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "only read")]
enum Choice {
    Unit,
    One(bool),
    Two(bool, u8),
    Named { flag: bool },
}

impl Validate for Document {
    fn check(&self, validator: &mut Validator) {
        if self.flags.len() > 1 {
            validator.at("flags", |validator| validator.report("length", "expected one at most"));
        }
        if let Some(next) = &self.next {
            validator.at("next", |validator| next.check(validator));
        }
    }
}

fn refused(text: &str) -> DecodeError {
    Document::from_json(text).unwrap_err().decode().unwrap().clone()
}

#[test]
fn every_form_of_value_is_read() {
    let text = r#"{"token": "made-up", "flags": [true], "by_number": {"1": "Unit",
        "2": {"One": true}, "3": {"Two": [false, 7]}, "4": {"Named": {"flag": true}}},
        "object": {"\u0061": [null, 1.5, "x"]}, "at": 1.7e12, "next": {}, "any": [[{}]]}"#;
    let document = Document::from_json(text).unwrap();
    assert_eq!(document.token, Some(Secret::from("made-up")));
    assert_eq!(document.by_number.len(), 4);
    assert_eq!(document.object["a"][2], "x");
    assert_eq!(document.at, Some(EpochMillis::new(1_700_000_000_000)));
    assert!(Document::from_json_slice(text.as_bytes()).is_ok());
}

#[test]
fn a_wrong_type_is_reported_with_its_place_and_without_its_value() {
    for (text, pointer, message) in [
        (r#"{"flags": ["eyJhbGciOi"]}"#, "/flags/0", "expected a boolean, found a string"),
        (r#"{"token": ["eyJhbGciOi"]}"#, "/token", "expected a string, found an array"),
        (r#"{"flags": "eyJhbGciOi"}"#, "/flags", "expected a sequence, found a string"),
        (r#"{"object": null}"#, "/object", "expected a map, found null"),
        (r#""eyJhbGciOi""#, "", "expected struct Document, found a string"),
        (r#"{"next": {"next": {"at": "eyJhbGciOi"}}}"#, "/next/next/at", "a whole number"),
        (r#"{"next": {"at": 1700000000000.5}}"#, "/next/at", "found another value"),
        (r#"{"by_number": {"eyJ/~": "Unit"}}"#, "/by_number/eyJ~1~0", "expected u32"),
        (r#"{"by_number": {"1": "eyJhbGciOi"}}"#, "/by_number/1", "expected one of `Unit`, `One`"),
        (r#"{"by_number": {"1": {"One": "eyJ"}}}"#, "/by_number/1", "expected a boolean"),
        (r#"{"by_number": {"1": {"Two": [true]}}}"#, "/by_number/1", "expected tuple variant"),
        (r#"{"by_number": {"1": {"Named": {}}}}"#, "/by_number/1", "`flag` is missing"),
        (r#"{"token": "a", "token": "b"}"#, "", "the member `token` is there twice"),
    ] {
        let error = refused(text);
        assert_eq!(error.kind(), DecodeErrorKind::Type, "{text}: {error}");
        assert_eq!(error.pointer(), pointer, "{text}: {error}");
        assert!(error.message().contains(message), "{text}: {error}");
        assert!(!format!("{error} {error:?}").contains("eyJh"), "{text}: {error}");
        assert_eq!(error.line(), 1, "{text}: {error}");
        assert!((1..=text.len()).contains(&error.column()), "{text}: {error}");
    }
}

#[test]
fn text_that_is_no_json_is_reported_with_its_place() {
    for (text, pointer, line, message) in [
        ("{\n \"flags\": [true,\n tru]}", "/flags/1", 3, "expected ident"),
        ("{\"token\": \"eyJhbGciOi", "/token", 1, "EOF while parsing a string"),
        ("{\"token\": \"\\ud800\"}", "/token", 1, "unexpected end of hex escape"),
        ("{\"object\": {\"a\": 1e999}}", "/object/a", 1, "number out of range"),
        ("{} {}", "", 1, "trailing characters"),
        ("", "", 1, "EOF while parsing a value"),
        ("{\"at\": NaN}", "/at", 1, "expected value"),
    ] {
        let error = refused(text);
        assert_eq!(error.kind(), DecodeErrorKind::Syntax, "{text}: {error}");
        assert_eq!((error.pointer(), error.line()), (pointer, line), "{text}: {error}");
        assert!(error.message().starts_with(message), "{text}: {error}");
        assert!(!error.to_string().contains("eyJh"), "{text}: {error}");
    }
}

#[test]
fn depth_is_bounded() {
    let error = refused(&format!("{}{}", "{\"next\":".repeat(200), "}".repeat(200)));
    assert_eq!(error.message(), "recursion limit exceeded");
    assert_eq!(error.pointer(), "/next".repeat(127));
}

#[test]
fn bytes_that_are_no_utf8_are_refused() {
    let error = Document::from_json_slice(b"{\"token\": \"\xff\"}").unwrap_err();
    assert_eq!(error.decode().unwrap().kind(), DecodeErrorKind::Syntax);
}

#[test]
fn every_broken_rule_is_reported_at_once() {
    let text = r#"{"flags": [true, true], "next": {"flags": [true, true]}}"#;
    let error = Document::from_json(text).unwrap_err();
    let pointers: Vec<_> = error.violations().unwrap().iter().map(|v| v.pointer()).collect();
    assert_eq!(pointers, ["/flags", "/next/flags"]);
}
