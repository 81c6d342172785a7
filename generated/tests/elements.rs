//! Events of custom elements, read from their names and details.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use credwire_core::FromJson as _;
use credwire_generated::{
    SwCallControlsDeviceChange, SwCallControlsDeviceChangeKind, SwCallControlsEvent,
    SwUiDialpadEvent,
};

#[test]
fn a_detail_is_read_into_the_type_of_its_event() {
    let detail = r#"{"kind": "camera", "deviceId": "cam-1", "label": "Front"}"#;
    let read = SwCallControlsEvent::from_json("sw-device-change", detail).unwrap().unwrap();
    let expected =
        SwCallControlsDeviceChange::new("cam-1", SwCallControlsDeviceChangeKind::Camera, "Front");
    assert_eq!(read.name(), "sw-device-change");
    let SwCallControlsEvent::DeviceChange(change) = read else { panic!("{read:?}") };
    assert_eq!(change, expected);
    let written = serde_json::to_string(&change).unwrap();
    assert_eq!(SwCallControlsDeviceChange::from_json(&written).unwrap(), expected);
}

#[test]
fn an_event_without_a_detail_takes_whatever_is_there() {
    for detail in ["null", "", "{\"a\": 1}"] {
        let read = SwUiDialpadEvent::from_json("sw-dial", detail).unwrap();
        assert_eq!(read, Some(SwUiDialpadEvent::Dial));
    }
}

#[test]
fn every_name_is_known_and_no_other() {
    for name in SwCallControlsEvent::NAMES {
        match SwCallControlsEvent::from_json(name, "null") {
            Ok(read) => assert_eq!(read.unwrap().name(), *name),
            // A detail is wanted, and there is none.
            Err(error) => assert!(error.decode().is_some(), "{name}: {error}"),
        }
    }
    assert_eq!(SwCallControlsEvent::from_json("click", "{}").unwrap(), None);
}

#[test]
fn a_wrong_detail_is_refused_with_its_place() {
    let told = |detail| {
        SwCallControlsEvent::from_json("sw-device-change", detail).unwrap_err().to_string()
    };
    let kind = told(r#"{"kind": "lamp", "deviceId": "1", "label": "x"}"#);
    assert!(kind.contains("/kind") && !kind.contains("lamp"), "{kind}");
    assert!(told(r#"{"kind": "mic", "label": "x"}"#).contains("deviceId"));
}
