//! Pointers of violations are those of the wire: `serde_json` itself writes and reads the values.
//!
//! Every field of these types is a [`Mark`], a number that always breaks a rule. Written, each number
//! stands somewhere in the JSON, and there its violation must point. Read, each number that is put
//! where its violation points must come back in the same field.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod conventions;
mod forms;

use std::collections::BTreeMap;

use credwire::{Validate, Validator};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

/// A number that no other field has.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub(crate) struct Mark(pub(crate) u32);

impl Validate for Mark {
    fn check(&self, validator: &mut Validator) {
        validator.report("mark", self.0.to_string());
    }
}

/// Where each mark is reported.
fn reported(value: &impl Validate) -> BTreeMap<u32, String> {
    let violations = value.validate().unwrap_err();
    let places = violations.iter().map(|violation| {
        // A field that is not on the wire is named in the message.
        let number = violation.message().rsplit(' ').next().unwrap().parse().unwrap();
        (number, violation.pointer().to_owned())
    });
    places.collect()
}

/// Where each mark is in a document.
fn written(value: &Value, at: &str, found: &mut BTreeMap<u32, String>) {
    let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Number(number) => {
            found.insert(u32::try_from(number.as_u64().unwrap()).unwrap(), at.to_owned());
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                written(item, &format!("{at}/{index}"), found);
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                written(member, &format!("{at}/{}", escaped(key)), found);
            }
        }
        _ => {}
    }
}

/// Compares what is reported with what is written.
pub(crate) fn check_written<T: Serialize + Validate>(value: &T) {
    let document = serde_json::to_value(value).unwrap();
    let mut found = BTreeMap::new();
    written(&document, "", &mut found);
    assert_eq!(reported(value), found, "{document:#}");
}

/// Puts each mark where it is reported, into what is otherwise written, and reads it.
pub(crate) fn check_read<T: Serialize + DeserializeOwned + Validate>(value: &T) {
    let places = reported(value);
    let mut document = serde_json::to_value(value).unwrap();
    // Other numbers: only what is put in place by the reports is what was there.
    blank(&mut document);
    for (number, pointer) in &places {
        *place(&mut document, pointer) = Value::from(*number);
    }
    let read: T = serde_json::from_value(document.clone()).unwrap_or_else(|error| {
        panic!("{error}: {document:#}");
    });
    assert_eq!(reported(&read), places, "{document:#}");
}

fn blank(value: &mut Value) {
    match value {
        Value::Number(number) => *number = 0.into(),
        Value::Array(items) => items.iter_mut().for_each(blank),
        Value::Object(members) => members.values_mut().for_each(blank),
        _ => {}
    }
}

/// The value at a pointer, made when it is not there.
fn place<'a>(value: &'a mut Value, pointer: &str) -> &'a mut Value {
    pointer.split('/').skip(1).fold(value, |value, segment| {
        let segment = segment.replace("~1", "/").replace("~0", "~");
        match value {
            Value::Array(items) => &mut items[segment.parse::<usize>().unwrap()],
            Value::Object(members) => members.entry(segment).or_insert(Value::Null),
            other => panic!("{segment} in {other}"),
        }
    })
}

pub(crate) fn check<T: Serialize + DeserializeOwned + Validate>(value: &T) {
    check_written(value);
    check_read(value);
}
