//! `JsonSchema` (2020-12) for the types of this package: what their `Deserialize` and their
//! [`Validate`](crate::Validate) together accept.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use zeroize::Zeroize;

use crate::{
    BigInt, Bytes, EpochMillis, EpochSeconds, Millis, Seconds, Secret, Timestamp, Url, time,
};

macro_rules! plain {
    ($name:ident, $($schema:tt)*) => {
        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($($schema)*)
            }
        }
    };
}

plain!(BigInt, {"oneOf": [{"type": "string", "pattern": "^-?[0-9]+$"}, {"type": "integer"}]});
plain!(Bytes, {"type": "string", "contentEncoding": "base64"});
plain!(Timestamp, {"type": "string", "format": "date-time"});
plain!(Url, {"type": "string", "format": "uri"});
plain!(EpochMillis, {
    "type": "integer",
    "minimum": time::MIN_MILLIS,
    "maximum": time::MAX_WHOLE,
});
plain!(EpochSeconds, {
    "type": "integer",
    "minimum": -(time::MAX_WHOLE as i64),
    "maximum": time::MIN_MILLIS - 1,
});
plain!(Millis, {"type": "integer", "minimum": 0, "maximum": time::MAX_WHOLE});
plain!(Seconds, {"type": "number", "minimum": 0});

/// The schema of the value itself.
impl<T: Zeroize + JsonSchema> JsonSchema for Secret<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}
