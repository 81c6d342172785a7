//! Types from schema documents that refer to each other.

use credwire::{EpochMillis, SerializeExposed as _, Validate as _};

credwire::interface!("ui/documents/Order.json", "ui/documents/Customer.json");

pub(crate) fn main() {
    let order = Order::new(Customer::new("made-up").with_key("k-1"), OrderMode::Fast, Vec::new());
    let text = serde_json::to_string(&order.exposed()).unwrap();
    assert_eq!(text, r#"{"customer":{"key":"k-1","name":"made-up"},"mode":"fast","parts":[]}"#);
    assert_eq!(serde_json::from_str::<Order>(&text).unwrap(), order);
    assert!(!format!("{order:?}").contains("k-1"));

    let late = order.with_due(EpochMillis::new(1_760_000_000)).with_note(None);
    let violations = late.validate().unwrap_err();
    assert_eq!(violations.iter().next().unwrap().pointer(), "/due");
    let text = serde_json::to_string(&late.exposed()).unwrap();
    assert_eq!(serde_json::from_str::<Order>(&text).unwrap().note, Some(None));
    assert!(serde_json::from_str::<Order>(&text.replace("\"fast\"", "\"odd\"")).is_err());
}
