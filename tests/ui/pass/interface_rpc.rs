//! JSON-RPC methods from schema documents.

use credwire::{EpochSeconds, RpcMethod};

credwire::interface!("ui/documents/clock.set.json", "ui/documents/Moment.json");

fn written<M: RpcMethod<Params = Moment>>(params: &Moment) -> (&'static str, String) {
    (M::NAME, serde_json::to_string(params).unwrap())
}

pub(crate) fn main() {
    let moment = Moment::new(EpochSeconds::new(1_760_000_000)).with_zone("utc");
    let expected = r#"{"zone":"utc","at":1760000000}"#.to_owned();
    assert_eq!(written::<ClockSet>(&moment), ("clock.set", expected));
}
