//! The golden files of the generator, compiled and tried: features that the reference's own types
//! may not have.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]
#![allow(dead_code, unreachable_pub, unused_imports, missing_docs, reason = "goldens")]

mod json_schemas;
mod whole_sdk;

#[path = "../../../codegen/tests/golden/src"]
mod golden {
    pub mod aliases;
    pub mod constants;
    pub mod data;
    pub mod decisions;
    pub mod elements;
    pub mod errors;
    pub mod handles;
    pub mod json_schema;
    pub mod objects;
    pub mod platform;
    pub mod providers;
    pub mod sdk;
    pub mod streams;
    pub mod unions;
    pub mod values;
    pub mod wire;
}

// Generated code names its types by their place at the root of the crate.
use self::golden::{
    aliases::*, constants::*, data::*, decisions::*, elements::*, errors::*, handles::*,
    objects::*, platform::*, providers::*, sdk::*, streams::*, unions::*, values::*, wire::*,
};

use std::error::Error;

use credwire_core::{
    CredentialError, EpochMillis, EpochSeconds, Millis, Seconds, Secret, SerializeExposed,
    Validate,
    support::{observable::*, raw::*, rpc::*},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

fn round_trip<T: Serialize + DeserializeOwned>(wire: &Value) {
    let read: T = serde_json::from_value(wire.clone()).unwrap();
    assert_eq!(serde_json::to_value(read).unwrap(), *wire);
}

fn refuse<T: DeserializeOwned>(wire: Value) -> String {
    match serde_json::from_value::<T>(wire.clone()) {
        Ok(_) => panic!("{wire} was read"),
        Err(error) => error.to_string(),
    }
}

fn pointers(value: &impl Validate) -> Vec<(String, &'static str)> {
    let violations = value.validate().err();
    let all = violations.iter().flat_map(|violations| violations.iter());
    all.map(|one| (one.pointer().to_owned(), one.rule())).collect()
}

#[test]
fn presence_is_exact_in_both_directions() {
    for wire in [
        json!({"required": "a", "nullable": null}),
        json!({"required": "a", "nullable": "b", "optional": "c", "both": null}),
        json!({"required": "a", "nullable": "b", "both": "d"}),
    ] {
        round_trip::<Presences>(&wire);
    }
    for wire in [
        json!({"required": "a"}),
        json!({"nullable": null}),
        json!({"required": null, "nullable": null}),
        json!({"required": "a", "nullable": null, "optional": null}),
        json!({"required": "a", "nullable": null, "forbidden": null}),
    ] {
        refuse::<Presences>(wire);
    }
    let value = Presences::new("a").with_both(None).with_nullable("b");
    assert_eq!(
        serde_json::to_value(value).unwrap(),
        json!({"required": "a", "nullable": "b", "both": null})
    );
}

#[test]
fn keywords_and_acronyms_keep_their_spelling_on_the_wire() {
    let value = Keywords::new(true, "a").with_self(false);
    assert_eq!((value.is_http_only, value.self_, value.r#type.as_str()), (true, Some(false), "a"));
    round_trip::<Keywords>(&json!({"isHTTPOnly": true, "self": false, "type": "a"}));
}

#[test]
fn units_are_types_and_ranges_are_rules() {
    let wire = json!({
        "at": 1_700_000_000_000_i64, "atSeconds": 1_700_000_000, "attempt": 2, "lasts": 250,
        "share": 99.5, "volume": 0.5, "waits": 1.5,
    });
    round_trip::<Units>(&wire);
    let mut value: Units = serde_json::from_value(wire).unwrap();
    assert_eq!(value.at, EpochMillis::new(1_700_000_000_000));
    assert_eq!(value.at_seconds, Some(EpochSeconds::new(1_700_000_000)));
    assert_eq!((value.lasts, value.attempt), (Millis::new(250), 2));
    assert_eq!(value.waits, Seconds::new(1.5));
    assert_eq!(pointers(&value), []);
    value.share = 100.5;
    value.volume = Some(f64::NAN);
    value.at = EpochMillis::new(1);
    assert_eq!(
        pointers(&value),
        [
            ("/at".to_owned(), "epoch-millis"),
            ("/share".to_owned(), "range"),
            ("/volume".to_owned(), "range")
        ]
    );
    refuse::<Units>(json!({"at": 1.5, "attempt": 2, "lasts": 250, "share": 1, "waits": null}));
}

#[test]
fn containers_hold_what_the_page_says() {
    round_trip::<Containers>(&json!({
        "any": [null, {"x": 1}], "list": ["a"], "numbers": {"a": 1.5}, "extra": {"y": null},
    }));
    refuse::<Containers>(json!({"any": 1, "list": "a", "numbers": {}}));
}

#[test]
fn secrets_inside_secrets_are_written_only_on_purpose() {
    let vault = json!({"key": "hush", "label": "a", "spareKey": null});
    let other = json!({"key": "hush", "label": "b", "spareKey": "hush"});
    let wire = json!({
        "all": [vault, other], "best": vault, "byName": {"a": other}, "worst": null,
    });
    let vaults: Vaults = serde_json::from_value(wire.clone()).unwrap();
    assert!(!format!("{vaults:?}").contains("hush"));
    assert_eq!(serde_json::to_value(vaults.exposed()).unwrap(), wire);
    let error = refuse::<Vaults>(json!({"all": [{"label": "hush", "key": 1}], "best": null}));
    assert!(!error.contains("hush"), "{error}");
    let error = refuse::<Vault>(json!({"key": "a", "label": ["hush"], "spareKey": null}));
    assert!(!error.contains("hush"), "{error}");
    let wire = json!({"chest": {"key": "hush", "label": "a", "spareKey": null}});
    let cellar: Cellar = serde_json::from_value(wire.clone()).unwrap();
    assert_eq!(serde_json::to_value(cellar.exposed()).unwrap(), wire);
    let built = Vault::new("hush", "a").with_spare_key("hush");
    assert_eq!(built.spare_key, Some(Secret::from("hush")));
}

#[test]
fn a_closed_union_knows_its_values() {
    for direction in Direction::ALL {
        assert_eq!(direction.as_str().parse(), Ok(*direction));
        round_trip::<Direction>(&json!(direction.as_str()));
        assert_eq!(direction.to_string(), direction.as_str());
    }
    assert_eq!(Direction::Self_.as_str(), "self");
    let error = "up".parse::<Direction>().unwrap_err().to_string();
    assert!(error.contains("\"inbound\"") && !error.contains("up\""), "{error}");
    refuse::<Direction>(json!("up"));
}

#[test]
fn inline_types_get_names_of_their_own() {
    let wire = json!({"mode": "slow", "spot": {"x": 1.0}, "state": "on"});
    round_trip::<Inline>(&wire);
    let value: Inline = serde_json::from_value(wire).unwrap();
    assert_eq!(value.mode, Some(InlineMode::Other("slow".to_owned())));
    assert_eq!(value.spot, InlineSpot::new(1.0));
    assert_eq!(value.state, InlineState::On);
    refuse::<Inline>(json!({"spot": {}, "state": "on"}));
}

#[test]
fn tagged_unions_work_for_data_with_and_without_members() {
    for wire in [
        json!({"kind": "circle", "radius": 1.5}),
        json!({"kind": "dot"}),
        json!({"kind": "star", "points": 5}),
    ] {
        round_trip::<Figure>(&wire);
    }
    let figure: Figure = serde_json::from_value(json!({"kind": "dot"})).unwrap();
    assert_eq!(figure, Figure::Dot(Dot::new()));
    refuse::<Dot>(json!({"kind": "circle"}));
}

#[test]
fn members_of_a_base_are_members() {
    let value = Derived::new("a", 3).with_note("n");
    let wire = json!({"id": "a", "level": 3, "note": "n"});
    assert_eq!(serde_json::to_value(value).unwrap(), wire);
    round_trip::<Derived>(&wire);
}

#[test]
fn one_of_counts_empty_lists_and_texts_as_absent() {
    assert!(Either::try_new(Some("a".to_owned()), None, None).is_ok());
    assert!(Either::try_new(None, Some(3), Some(vec![String::new()])).is_ok());
    let error = Either::try_new(Some(String::new()), Some(3), Some(Vec::new())).unwrap_err();
    assert_eq!(error.iter().next().unwrap().rule(), "one-of");
    assert_eq!(pointers(&Either::from_name("a").with_number(1)), []);
}

#[test]
fn type_parameters_take_any_type_and_have_their_defaults() {
    let page: Page<u8> =
        serde_json::from_value(json!({"items": [1, 2], "meta": {"x": 1}})).unwrap();
    assert_eq!((page.items, page.meta), (vec![1, 2], Some(json!({"x": 1}))));
    round_trip::<Page<String, u8>>(&json!({"items": ["a"], "meta": 1}));
}

#[test]
fn an_error_without_message_shows_what_it_knows() {
    let error = Failure::new(FailureKind::Busy).with_detail("later");
    assert_eq!(error.to_string(), "failure: later");
    assert!(error.source().is_none());
    let error = Failure::new(FailureKind::Gone).with_source("cause");
    assert_eq!(error.source().unwrap().to_string(), "cause");
}

struct Empty;

impl Shelf for Empty {
    async fn get(&self, _: &str) -> Result<Option<String>, CredentialError> {
        Ok(None)
    }

    async fn put(&self, _: &str, _: &Value, _: Option<Direction>) -> Result<(), CredentialError> {
        Ok(())
    }

    fn size(&self) -> f64 {
        0.0
    }

    fn refresh(&self) -> Option<impl Future<Output = Result<(), CredentialError>> + Send> {
        Some(async { Ok(()) })
    }
}

#[test]
fn a_trait_is_implemented_with_async_functions() {
    assert!(Empty.refresh().is_some());
    assert!(Empty.find("word", None).is_none());
    assert_eq!(Empty.size(), 0.0);
    assert_eq!(Verdict::select(false, true), Verdict::Drop);
}

#[test]
fn a_template_holds_its_number_and_keeps_what_is_no_whole_number() {
    for (text, slot) in [
        ("auto", Slot::Auto),
        ("off-canvas", Slot::OffCanvas),
        ("reserved-7", Slot::Reserved(7)),
        ("standard-0", Slot::Standard(0)),
        ("standard-1.5", Slot::Other("standard-1.5".to_owned())),
        ("reserved--1", Slot::Other("reserved--1".to_owned())),
        ("reserved-007", Slot::Other("reserved-007".to_owned())),
        ("reserved-1e3", Slot::Other("reserved-1e3".to_owned())),
        ("reserved-99999999999", Slot::Other("reserved-99999999999".to_owned())),
    ] {
        assert_eq!(text.parse::<Slot>().unwrap(), slot);
        assert_eq!(slot.to_string(), text);
        round_trip::<Slot>(&json!(text));
    }
    for text in ["reserved-", "reserved-x", "reserved-inf", "reserved-NaN", "standard", "up", ""] {
        refuse::<Slot>(json!(text));
    }
}

#[test]
fn an_alias_is_another_name() {
    let names: Names = vec!["a".to_owned()];
    assert_eq!(Crew::new(names).names, ["a"]);
    round_trip::<Crew>(&json!({"names": ["a"]}));
}

#[test]
fn unlike_types_of_one_member_are_variants() {
    for wire in [
        json!({"to": "a"}),
        json!({"to": ["a", "b"], "video": true}),
        json!({"to": [], "video": {"kind": "circle", "radius": 2.0}}),
    ] {
        round_trip::<Mixed>(&wire);
    }
    for limit in [json!(3), json!("3"), json!([3, 4])] {
        round_trip::<Mixed>(&json!({"to": "a", "limit": limit}));
    }
    let spelled: Mixed = serde_json::from_str(r#"{"to": "a", "limit": 3.0}"#).unwrap();
    assert_eq!(spelled.limit, Some(MixedLimit::Number(3)));
    let spelled: Mixed = serde_json::from_str(r#"{"to": "a", "limit": [3e0]}"#).unwrap();
    assert_eq!(spelled.limit, Some(MixedLimit::List(vec![3])));
    refuse::<Mixed>(json!({"to": "a", "limit": 3.5}));
    refuse::<Mixed>(json!({"to": 5}));
    refuse::<Mixed>(json!({"to": null}));
    let mixed = Mixed::new(MixedTo::from("a".to_owned())).with_video(MixedVideo::from(true));
    assert_eq!(mixed.to, MixedTo::Text("a".to_owned()));
    assert_eq!(mixed.video, Some(MixedVideo::Flag(true)));
}

/// A platform of plain values, as a test would use it.
#[derive(Clone, Debug, PartialEq)]
struct Plain;

#[derive(Clone, Debug, PartialEq)]
struct Tape;

impl Platform for Plain {
    type Error = std::fmt::Error;
    type MediaDeviceInfo = u8;
    type MediaStream = String;
    type Recorder = Tape;
}

impl Recorder<Plain> for Tape {
    fn log(&self, parts: &[Value]) {
        assert_eq!(parts.len(), 2);
    }

    async fn start(&self, stream: &String) -> Result<(), Box<dyn Error + Send + Sync>> {
        if stream.is_empty() { Err("nothing to record".into()) } else { Ok(()) }
    }
}

#[test]
fn data_with_handles_is_usable_without_a_browser() {
    let options = CaptureOptions::<Plain>::default()
        .with_stream("stream".to_owned())
        .with_spot(CaptureSpot::new().with_device(3))
        .with_source(CaptureSource::Text("camera".to_owned()))
        .with_recorder(Tape)
        .with_level(1.5);
    assert_eq!(options.clone().spot.unwrap().device, Some(3));
    assert_eq!(pointers(&options), [("/level".to_owned(), "range")]);
    Tape.log(&[json!(1), json!(2)]);
    assert!(Recorder::<Plain>::stop(&Tape).is_none());
}

/// A shelf that has every optional method.
struct Full;

impl Shelf for Full {
    fn find(
        &self,
        word: &str,
        direction: Option<Direction>,
    ) -> Option<impl Future<Output = Result<Vec<String>, CredentialError>> + Send> {
        Some(async move { Ok(vec![format!("{word} {direction:?}")]) })
    }

    async fn get(&self, key: &str) -> Result<Option<String>, CredentialError> {
        Ok(Some(key.to_owned()))
    }

    async fn put(&self, key: &str, _: &Value, _: Option<Direction>) -> Result<(), CredentialError> {
        Err(CredentialError::permanent(key.to_owned()))
    }

    fn refresh(&self) -> Option<impl Future<Output = Result<(), CredentialError>> + Send> {
        Some(async { Ok(()) })
    }

    fn size(&self) -> f64 {
        2.0
    }
}

/// What code that is generic over the trait sees of a shelf.
async fn seen(shelf: impl Shelf) -> (f64, Option<Vec<String>>, Option<String>, String, bool) {
    let found = match shelf.find("word", Some(Direction::Inbound)) {
        Some(found) => Some(found.await.unwrap()),
        None => None,
    };
    let got = shelf.get("key").await.unwrap();
    let put = shelf.put("refused", &Value::Null, None).await.map_err(|error| error.to_string());
    let refreshed = match shelf.refresh() {
        Some(refreshed) => refreshed.await.is_ok(),
        None => false,
    };
    (shelf.size(), found, got, put.err().unwrap_or_default(), refreshed)
}

#[test]
fn a_trait_is_kept_behind_a_pointer_and_stays_what_it_is() {
    let expected = ready(seen(Full));
    assert_eq!(
        expected,
        (
            2.0,
            Some(vec!["word Some(Inbound)".to_owned()]),
            Some("key".to_owned()),
            "refused".to_owned(),
            true
        )
    );
    let boxed: Box<dyn DynShelf> = Box::new(Full);
    let shared: std::sync::Arc<dyn DynShelf> = std::sync::Arc::new(Full);
    assert_eq!(ready(seen(boxed)), expected);
    assert_eq!(ready(seen(std::sync::Arc::clone(&shared))), expected);
    // Of a pointer to a pointer, and of one to a type that is known.
    assert_eq!(ready(seen(Box::new(shared))), expected);
    assert_eq!(ready(seen(std::sync::Arc::new(Full))), expected);

    let lacking: Box<dyn DynShelf> = Box::new(Empty);
    assert!(lacking.find("word", None).is_none());
    let recorder: Box<dyn DynRecorder<Plain>> = Box::new(Tape);
    assert!(recorder.stop().is_none());
    let refused = ready(recorder.start(&String::new()));
    assert_eq!(refused.unwrap_err().to_string(), "nothing to record");
}

#[test]
fn futures_of_traits_behind_pointers_can_be_sent() {
    fn sent(_: impl Send) {}
    let boxed: Box<dyn DynShelf> = Box::new(Full);
    sent(seen(boxed));
}

#[test]
fn a_local_member_is_kept_and_never_on_the_wire() {
    let vault = Vault::new("made-up", "front").with_kept_for(std::time::Duration::from_secs(7));
    assert!(format!("{vault:?}").contains("kept_for: Some(7s)"), "{vault:?}");
    assert_eq!(vault.clone(), vault);
    assert_ne!(vault, Vault::new("made-up", "front"));
    let written = serde_json::to_value(vault.exposed()).unwrap();
    assert_eq!(written, json!({"key": "made-up", "label": "front", "spareKey": null}));
    // A member of that name is one that is not known.
    let text = r#"{"key": "k", "label": "l", "spareKey": null, "kept_for": 7}"#;
    let read: Vault = serde_json::from_str(text).unwrap();
    assert_eq!(read.kept_for, None);
}

/// The value of a future that is ready at once.
fn ready<T>(future: impl Future<Output = T>) -> T {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::pin!(future).poll(&mut context) {
        std::task::Poll::Ready(value) => value,
        std::task::Poll::Pending => panic!("nothing to wait for"),
    }
}

struct Printer;

impl Press<Plain> for Printer {
    fn create(&self, label: &str, tags: Option<&PressTags>) -> String {
        match tags {
            None => label.to_owned(),
            Some(PressTags::Text(tag)) => format!("{label} {tag}"),
            Some(PressTags::List(tags)) => format!("{label} {}", tags.join(" ")),
        }
    }
}

impl Runner for Printer {
    async fn call<T: serde::de::DeserializeOwned + Send>(
        &self,
        target: &Value,
        again: Option<bool>,
    ) -> Result<T, Box<dyn Error + Send + Sync>> {
        Ok(serde_json::from_value(json!({ "target": target, "again": again }))?)
    }
}

#[test]
fn signatures_without_a_name_are_methods_and_overloads_are_one() {
    assert_eq!(Printer.create("a", None), "a");
    assert_eq!(Printer.create("a", Some(&PressTags::from("b".to_owned()))), "a b");
    assert_eq!(Printer.create("a", Some(&vec!["b".to_owned(), "c".to_owned()].into())), "a b c");
    // What the caller takes it for is what comes back.
    let answer: Value = ready(Printer.call(&json!({"any": "value"}), None)).unwrap();
    assert_eq!(answer, json!({"target": {"any": "value"}, "again": null}));
    assert!(ready(Printer.call::<u8>(&json!("x"), Some(true))).is_err());
    assert_eq!(LIMIT, 12.0);
}

#[test]
fn details_of_events_are_of_any_kind() {
    let read = |name, detail| XDialEvent::from_json(name, detail);
    assert_eq!(read("change", "\"7\"").unwrap(), Some(XDialEvent::Change("7".to_owned())));
    assert_eq!(read("x-select", "null").unwrap(), Some(XDialEvent::Select(None)));
    let key = XDialKey::new(XDialKeyKey::Hash).with_label("#");
    let detail = r##"{"key": "hash", "label": "#"}"##;
    assert_eq!(read("x-key", detail).unwrap(), Some(XDialEvent::Key(key)));
    // Null is no absence: the label must be there.
    assert!(read("x-key", r#"{"key": "hash"}"#).is_err());
    // A detail is held to the rules of its type.
    let seconds = json!({"at": 1_700_000_000, "atSeconds": 1_700_000_000, "attempt": 1,
        "lasts": 1, "share": 1, "volume": 1, "waits": 1});
    let told = read("x-select", &seconds.to_string()).unwrap_err();
    assert!(told.violations().is_some() && told.to_string().contains("/at"), "{told}");
    let share = XScreenEvent::<Plain>::Share(XScreenShare::new());
    assert_eq!((share.name(), share.clone()), ("x-share", share));
}

#[test]
fn an_error_in_data_is_an_error_of_the_platform() {
    let mishap = Mishap::<Plain>::new(std::fmt::Error, true);
    let shown: &dyn Error = &mishap.error;
    assert!(!shown.to_string().is_empty() && mishap.clone() == mishap);
}
