//! The JSON Schema of a struct: what decoding and validation together accept.

use serde_json::{Value, json};

use super::plan::{Check, Field, Presence, Record};
use crate::{
    json_schema::{self, Definition, Members, Node},
    ty::Ty,
};

pub(super) fn definition(record: &Record) -> Definition {
    let mut properties = Members::default();
    let mut required: Vec<&str> = Vec::new();
    for constant in &record.constants {
        required.push(&constant.wire);
        // More readers keep to `enum` than to `const`.
        let schema = json!({"type": "string", "enum": [constant.value]});
        properties.insert(&constant.wire, schema.into());
    }
    for wire in &record.absent {
        properties.insert(wire, Node::never());
    }
    for field in &record.fields {
        if matches!(field.presence, Presence::Required | Presence::Nullable) {
            required.push(&field.wire);
        }
        properties.insert(&field.wire, member(field));
    }
    required.sort_unstable();
    let mut all = Members::default();
    all.insert("type", json!("object").into());
    // Members of a later version are ignored.
    let rest = record.rest.as_ref().map_or_else(|| json!(true).into(), |(_, ty)| Node::of(ty));
    all.insert("additionalProperties", rest);
    all.insert("properties", Node::Object(properties));
    if !required.is_empty() {
        all.insert("required", json!(required).into());
    }
    let one_of: Vec<Node> = record.one_of.iter().map(|names| at_least_one(record, names)).collect();
    if !one_of.is_empty() {
        all.insert("allOf", Node::List(one_of));
    }
    Definition {
        ident: record.ident.clone(),
        params: record.generics.defaults(),
        node: Node::Object(all),
    }
}

fn member(field: &Field) -> Node {
    let mut node = Node::of(&field.ty);
    for check in &field.checks {
        match check {
            Check::Range(least, greatest) => {
                node = node.with("minimum", number(*least)).with("maximum", number(*greatest));
            }
            // The form of the text says it below, and the member's own type the rest.
            Check::JwkThumbprint | Check::Nested => {}
        }
    }
    if let (Some(format), Ty::Text | Ty::Secret) = (field.format, &field.ty) {
        for (keyword, value) in json_schema::format(format) {
            node = node.with(keyword, json!(value));
        }
    }
    if matches!(field.presence, Presence::Nullable | Presence::OptionalNullable) {
        node = node.or_null();
    }
    let docs: Vec<&str> =
        field.docs.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
    node = node.with("description", json!(docs.join(" ")));
    match &field.default {
        // A keyword beside the schema of another type is a text.
        Some(default) if !matches!(node, Node::Type(..)) => node.with("default", default.clone()),
        _ => node,
    }
}

/// A whole number without a point, as it would be written by hand.
fn number(value: f64) -> Value {
    #[allow(clippy::cast_possible_truncation, reason = "compared with what it was")]
    let whole = value as i64;
    #[allow(clippy::cast_precision_loss, reason = "compared with what it was")]
    if whole as f64 == value { json!(whole) } else { json!(value) }
}

/// An empty text or collection counts as absent.
fn at_least_one(record: &Record, names: &[String]) -> Node {
    let fields = record.fields.iter().filter(|field| names.contains(&field.wire));
    let present = fields.map(|field| {
        let wire = &field.wire;
        let not_empty = match field.ty {
            Ty::Text | Ty::Secret => json!({"type": "string", "minLength": 1}),
            Ty::List(_) | Ty::Set(_) => json!({"type": "array", "minItems": 1}),
            Ty::Dict(_) | Ty::JsonObject => json!({"type": "object", "minProperties": 1}),
            _ => json!({"not": {"type": "null"}}),
        };
        Node::having(wire, not_empty.into())
    });
    Node::one_of(present.collect(), false)
}
