//! Custom elements as a Custom Elements Manifest, schema 2.1.0
//! (<https://github.com/webcomponents/custom-elements-manifest>).

mod read;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::{
    facts::{ElementFacts, Facts, MemberFacts, SignatureFacts},
    type_expr::TypeExpr,
};

pub use read::read;

/// Writes the elements of some facts as one manifest, sorted by module and tag.
pub fn manifest(facts: &Facts) -> Value {
    let mut modules: BTreeMap<String, Vec<&ElementFacts>> = BTreeMap::new();
    for element in facts.elements.values() {
        let path = element.module.clone().unwrap_or_else(|| format!("{}.js", element.tag));
        modules.entry(path).or_default().push(element);
    }
    let modules: Vec<Value> = modules
        .into_iter()
        .map(|(path, elements)| {
            let exports = elements.iter().map(|element| {
                json!({
                    "kind": "custom-element-definition",
                    "name": element.tag,
                    "declaration": { "name": element.class, "module": path },
                })
            });
            json!({
                "kind": "javascript-module",
                "path": path,
                "declarations": elements.iter().map(|element| declaration(element)).collect::<Vec<_>>(),
                "exports": exports.collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({ "schemaVersion": "2.1.0", "modules": modules })
}

fn declaration(element: &ElementFacts) -> Value {
    let members = element.fields.iter().map(field).chain(element.methods.iter().map(method));
    let attributes = element.attributes.iter().map(|attribute| {
        let mut out = object([("name", attribute.name.as_str().into())]);
        if let Some(field) = &attribute.field {
            out.insert("fieldName".to_owned(), field.as_str().into());
        }
        if let Some(base) = &attribute.inherited_from {
            out.insert("inheritedFrom".to_owned(), json!({ "name": base }));
        }
        Value::Object(out)
    });
    let events = element.events.iter().map(|event| {
        let ty = event
            .detail
            .as_ref()
            .map_or_else(|| "CustomEvent".to_owned(), |detail| format!("CustomEvent<{detail}>"));
        json!({ "name": event.name, "type": { "text": ty } })
    });
    let properties = element.css_properties.iter().map(|property| {
        let mut out = object([("name", property.name.as_str().into())]);
        if let Some(default) = &property.default {
            out.insert("default".to_owned(), default.value.as_str().into());
        }
        Value::Object(out)
    });
    let named = |all: &[crate::facts::Named]| {
        all.iter().map(|one| json!({ "name": one.name })).collect::<Vec<_>>()
    };
    json!({
        "kind": "class",
        "customElement": true,
        "name": element.class,
        "tagName": element.tag,
        "members": members.collect::<Vec<_>>(),
        "attributes": attributes.collect::<Vec<_>>(),
        "events": events.collect::<Vec<_>>(),
        "slots": named(&element.slots),
        "cssParts": named(&element.parts),
        "cssProperties": properties.collect::<Vec<_>>(),
    })
}

fn field(field: &MemberFacts) -> Value {
    let mut out = object([("kind", "field".into()), ("name", field.name.as_str().into())]);
    put_type(&mut out, field.ty.as_ref());
    if let Some(default) = &field.doc.default {
        let is_text =
            field.ty == Some(TypeExpr::String) || matches!(field.ty, Some(TypeExpr::Ref { .. }));
        let text = if is_text { format!("'{}'", default.value) } else { default.value.clone() };
        out.insert("default".to_owned(), text.into());
    }
    if field.readonly == Some(true) {
        out.insert("readonly".to_owned(), true.into());
    }
    Value::Object(out)
}

fn method(method: &SignatureFacts) -> Value {
    let params = method.params.iter().map(|param| {
        let mut out = object([("name", param.name.as_str().into())]);
        put_type(&mut out, param.ty.as_ref());
        if param.optional {
            out.insert("optional".to_owned(), true.into());
        }
        Value::Object(out)
    });
    let mut out = object([("kind", "method".into()), ("name", method.name.as_str().into())]);
    out.insert("parameters".to_owned(), params.collect());
    if let Some(returns) = &method.returns {
        out.insert("return".to_owned(), json!({ "type": { "text": returns.to_string() } }));
    }
    Value::Object(out)
}

fn put_type(out: &mut Map<String, Value>, ty: Option<&TypeExpr>) {
    if let Some(ty) = ty {
        out.insert("type".to_owned(), json!({ "text": ty.to_string() }));
    }
}

fn object<const N: usize>(entries: [(&str, Value); N]) -> Map<String, Value> {
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}
