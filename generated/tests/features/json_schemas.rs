//! The schemas of the goldens: what the types say through `schemars` is what is written as text.

use std::{fs, path::Path};

use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::Value;

use super::*;

type Said = fn() -> Value;

fn said<T: JsonSchema>() -> Value {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>().to_value()
}

#[test]
fn types_say_what_is_written() {
    let said: &[(&str, Said)] = &[
        ("Alarm", said::<Alarm>),
        ("Base", said::<Base>),
        ("Circle", said::<Circle>),
        ("Containers", said::<Containers>),
        ("Crew", said::<Crew>),
        ("Direction", said::<Direction>),
        ("Either", said::<Either>),
        ("Figure", said::<Figure>),
        ("Keywords", said::<Keywords>),
        ("Mixed", said::<Mixed>),
        ("Presences", said::<Presences>),
        ("Slot", said::<Slot>),
        ("Units", said::<Units>),
        ("Vault", said::<Vault>),
    ];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../codegen/tests/golden/json-schema");
    for (name, said) in said {
        let text = fs::read_to_string(folder.join(format!("{name}.json"))).unwrap();
        let written: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(said(), written, "{name}");
    }
}
