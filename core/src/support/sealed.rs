//! The functions of `presence` for structs with secrets: their errors do not repeat what was read.

use serde::{Deserialize, Deserializer, de::Error};

use super::presence;

fn seal<T, E: Error>(read: Result<T, E>) -> Result<T, E> {
    read.map_err(|_| E::custom("a member is not of its documented type"))
}

/// Reads a member that must be there.
pub fn required<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    seal(T::deserialize(deserializer))
}

/// Reads a member as [`presence::optional`].
pub fn optional<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    seal(presence::optional(deserializer))
}

/// Reads a member as [`presence::nullable`].
pub fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    seal(presence::nullable(deserializer))
}

/// Reads a member as [`presence::optional_nullable`].
pub fn optional_nullable<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    seal(presence::optional_nullable(deserializer))
}
