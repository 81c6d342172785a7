//! Objects whose kind shows at one member: those before it are kept and read again as that kind's,
//! the others are read only once.

use serde::de::{DeserializeSeed, Error, IntoDeserializer, MapAccess, value::StrDeserializer};
use serde_json::Value;

/// The members of an object from its first one, although some were read already.
#[allow(missing_debug_implementations, reason = "secrets may be among what was read")]
pub struct BufferedMembers<A> {
    kept: std::vec::IntoIter<(String, Value)>,
    /// The member of `kept` whose value is asked for next.
    current: Option<(String, Value)>,
    /// A name that was read from `rest` without its value.
    name: Option<String>,
    rest: A,
}

impl<A> BufferedMembers<A> {
    /// Members that were read, then the value of `name` and all that `rest` still has.
    pub fn new(kept: Vec<(String, Value)>, name: Option<String>, rest: A) -> Self {
        Self { kept: kept.into_iter(), current: None, name, rest }
    }

    /// Returns all members, of an object of no known kind.
    pub fn into_object<'de>(mut self) -> Result<Value, A::Error>
    where
        A: MapAccess<'de>,
    {
        let mut members = serde_json::Map::new();
        while let Some((name, value)) = self.next_entry()? {
            members.insert(name, value);
        }
        Ok(Value::Object(members))
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for BufferedMembers<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        self.current = self.kept.next();
        let taken = self.name.take_if(|_| self.current.is_none());
        let name = self.current.as_ref().map(|(name, _)| name).or(taken.as_ref());
        match name {
            Some(name) => {
                let name: StrDeserializer<'_, A::Error> = name.as_str().into_deserializer();
                seed.deserialize(name).map(Some)
            }
            None => self.rest.next_key_seed(seed),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        match self.current.take() {
            Some((name, value)) => seed.deserialize(value).map_err(|_| {
                // Its own words would repeat the value.
                A::Error::custom(format_args!("`{name}` is not of its documented type"))
            }),
            None => self.rest.next_value_seed(seed),
        }
    }
}
