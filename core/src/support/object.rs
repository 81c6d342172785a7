//! Reading of JSON objects, and of nothing else for them.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor, value::MapAccessDeserializer},
};

/// What is read from the members of an object.
pub trait FromMembers<'de>: Sized {
    /// Reads the members.
    ///
    /// # Errors
    /// Members that are none of such a value.
    fn from_members<A: MapAccess<'de>>(members: A) -> Result<Self, A::Error>;
}

/// Reads an object. For anything else the error does not repeat the input: a backend that returns
/// the bare token where a credential belongs must not put it into a message.
pub fn read_members<'de, D: Deserializer<'de>, T: FromMembers<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    deserializer.deserialize_any(Object(PhantomData))
}

/// Reads an object whose members `T` can read.
pub fn read<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    struct Known<T>(T);

    impl<'de, T: Deserialize<'de>> FromMembers<'de> for Known<T> {
        fn from_members<A: MapAccess<'de>>(members: A) -> Result<Self, A::Error> {
            T::deserialize(MapAccessDeserializer::new(members)).map(Self)
        }
    }

    read_members(deserializer).map(|Known(value)| value)
}

struct Object<T>(PhantomData<T>);

impl<T> Object<T> {
    fn refuse<E: Error>() -> Result<T, E> {
        Err(E::custom("expected an object"))
    }
}

impl<'de, T: FromMembers<'de>> Visitor<'de> for Object<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<T, A::Error> {
        T::from_members(members)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<T, E> {
        Self::refuse()
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<T, E> {
        Self::refuse()
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<T, E> {
        Self::refuse()
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<T, E> {
        Self::refuse()
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<T, E> {
        Self::refuse()
    }

    fn visit_bytes<E: Error>(self, _: &[u8]) -> Result<T, E> {
        Self::refuse()
    }
}
