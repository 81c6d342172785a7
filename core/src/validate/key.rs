//! What the keys of a map are called in a JSON pointer.

use serde::{Serialize, Serializer as _, ser::SerializeMap as _};

/// A key of a map whose entries rules look into: anything that serde writes as the name of a
/// member, such as text, a number, or an enum without fields.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no text that a JSON pointer can name",
    label = "keys are named as serde writes them",
    note = "derive `Serialize` for the key, or implement `credwire::rules::PointerKey`"
)]
pub trait PointerKey {
    /// Returns the name of the member, without escapes.
    fn segment(&self) -> String;
}

#[diagnostic::do_not_recommend]
impl<K: Serialize + ?Sized> PointerKey for K {
    fn segment(&self) -> String {
        name(self).unwrap_or_else(|| "?".to_owned())
    }
}

/// The name that `serde_json` writes: it alone decides what a key becomes.
fn name<K: Serialize + ?Sized>(key: &K) -> Option<String> {
    let mut text = Vec::new();
    let mut serializer = serde_json::Serializer::new(&mut text);
    let mut map = serializer.serialize_map(Some(1)).ok()?;
    map.serialize_entry(key, &()).ok()?;
    map.end().ok()?;
    let name = text.strip_prefix(b"{")?.strip_suffix(b":null}")?;
    serde_json::from_slice(name).ok()
}
