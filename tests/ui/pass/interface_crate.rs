//! `interface!` with `crate = ".."`, beside names of the user's own that generated code knows.

mod renamed {
    pub(crate) use credwire::*;
}

#[allow(dead_code, reason = "only their names matter")]
mod serde {}

#[allow(dead_code, reason = "only their names matter")]
mod credwire_core {}

mod credwire_interface {
    use super::renamed;

    renamed::interface!("ui/documents/Customer.json", crate = "crate::interface_crate::renamed");
}

pub(crate) fn main() {
    let read: credwire_interface::Customer = serde_json::from_str(r#"{"name":"made-up"}"#).unwrap();
    assert_eq!((read.name.as_str(), read.key), ("made-up", None));
}
