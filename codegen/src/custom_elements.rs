//! Custom elements as a Custom Elements Manifest, schema 2.1.0
//! (<https://github.com/webcomponents/custom-elements-manifest>).

use std::collections::BTreeMap;

use credwire_schema::{
    model::{
        Item, Method, Property, Shape,
        element::{Attribute, CssProperty, Element, Event, Named},
    },
    type_expr::TypeExpr,
};
use serde_json::{Map, Value, json};

/// The version of the manifest format.
const VERSION: &str = "2.1.0";

/// Writes elements as one manifest, sorted by module and tag.
#[must_use]
pub fn manifest<'a>(elements: impl IntoIterator<Item = &'a Element>) -> Value {
    let mut modules: BTreeMap<String, Vec<&Element>> = BTreeMap::new();
    for element in elements {
        let path = element.module.clone().unwrap_or_else(|| format!("{}.js", element.tag));
        modules.entry(path).or_default().push(element);
    }
    let modules = modules.into_iter().map(|(path, mut elements)| {
        elements.sort_by(|a, b| a.tag.cmp(&b.tag));
        let declarations: Vec<Value> = elements.iter().map(|one| declaration(one)).collect();
        let exports: Vec<Value> = elements.iter().flat_map(|one| exports(one, &path)).collect();
        json!({
            "kind": "javascript-module",
            "path": path,
            "declarations": declarations,
            "exports": exports,
        })
    });
    json!({ "schemaVersion": VERSION, "modules": modules.collect::<Vec<_>>() })
}

/// The element that an item is.
pub(crate) fn of_item(item: &Item) -> Option<&Element> {
    match &item.shape {
        Shape::Element { element } => Some(element),
        _ => None,
    }
}

/// The class, and the element that it is registered as.
fn exports(element: &Element, module: &str) -> [Value; 2] {
    let declaration = json!({ "name": element.class, "module": module });
    [
        json!({ "kind": "js", "name": element.class, "declaration": declaration }),
        json!({
            "kind": "custom-element-definition",
            "name": element.tag,
            "declaration": declaration,
        }),
    ]
}

fn declaration(element: &Element) -> Value {
    let fields = element.fields.iter().map(|own| field(own, &element.attributes));
    let mut out = object([
        ("kind", "class".into()),
        ("customElement", true.into()),
        ("name", element.class.as_str().into()),
        ("tagName", element.tag.as_str().into()),
    ]);
    put_summary(&mut out, &element.summary);
    let parts = [
        ("members", fields.chain(element.methods.iter().map(method)).collect()),
        ("attributes", element.attributes.iter().map(attribute).collect()),
        ("events", element.events.iter().map(event).collect()),
        ("slots", element.slots.iter().map(named).collect()),
        ("cssParts", element.parts.iter().map(named).collect()),
        ("cssProperties", element.css_properties.iter().map(css_property).collect()),
    ];
    out.extend(parts.map(|(name, all): (&str, Vec<Value>)| (name.to_owned(), all.into())));
    Value::Object(out)
}

fn field(field: &Property, attributes: &[Attribute]) -> Value {
    let mut out = object([("kind", "field".into()), ("name", field.name.as_str().into())]);
    put_summary(&mut out, &field.summary);
    let default = field.default.as_ref().map(|default| in_code(default, &field.ty));
    // Fields carry no marks of presence: one without a value may have none.
    let may_be_undefined = match &default {
        Some(default) => default == "undefined",
        None => field.optional,
    };
    let mut ty = field.ty.to_string();
    for (absent, is_there) in [("null", field.nullable), ("undefined", may_be_undefined)] {
        if is_there {
            ty = format!("{ty} | {absent}");
        }
    }
    out.insert("type".to_owned(), json!({ "text": ty }));
    if let Some(default) = default {
        out.insert("default".to_owned(), default.into());
    }
    let sets = |attribute: &&Attribute| attribute.field.as_ref() == Some(&field.name);
    if let Some(attribute) = attributes.iter().find(sets) {
        out.insert("attribute".to_owned(), attribute.name.as_str().into());
    }
    Value::Object(out)
}

/// A default as an expression of JavaScript. Pages write text without quotes where the type says
/// that it is text, or has a name of its own.
fn in_code(default: &Value, ty: &TypeExpr) -> String {
    match (default, ty) {
        (Value::String(text), _) if text == "undefined" || text == "null" => text.clone(),
        (Value::String(text), TypeExpr::String | TypeExpr::Ref { .. }) => {
            format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
        }
        (Value::String(text), _) => text.clone(),
        (other, _) => other.to_string(),
    }
}

fn method(method: &Method) -> Value {
    let params = method.params.iter().map(|param| {
        let mut out = object([("name", param.name.as_str().into())]);
        put_summary(&mut out, &param.summary);
        out.insert("type".to_owned(), json!({ "text": param.ty.to_string() }));
        for (mark, is_there) in [("optional", param.optional), ("rest", param.rest)] {
            if is_there {
                out.insert(mark.to_owned(), true.into());
            }
        }
        Value::Object(out)
    });
    let mut out = object([("kind", "method".into()), ("name", method.name.as_str().into())]);
    put_summary(&mut out, &method.summary);
    out.insert("parameters".to_owned(), params.collect());
    out.insert("return".to_owned(), json!({ "type": { "text": method.returns.to_string() } }));
    put_base(&mut out, method.inherited_from.as_ref());
    Value::Object(out)
}

fn attribute(attribute: &Attribute) -> Value {
    let mut out = object([("name", attribute.name.as_str().into())]);
    if let Some(field) = &attribute.field {
        out.insert("fieldName".to_owned(), field.as_str().into());
    }
    put_base(&mut out, attribute.inherited_from.as_ref());
    Value::Object(out)
}

fn event(event: &Event) -> Value {
    let ty = match &event.detail {
        Some(detail) => format!("CustomEvent<{detail}>"),
        None => "CustomEvent".to_owned(),
    };
    let mut out = object([("name", event.name.as_str().into())]);
    put_summary(&mut out, &event.summary);
    out.insert("type".to_owned(), json!({ "text": ty }));
    Value::Object(out)
}

fn named(named: &Named) -> Value {
    json!({ "name": named.name })
}

fn css_property(property: &CssProperty) -> Value {
    let mut out = object([("name", property.name.as_str().into())]);
    if let Some(default) = &property.default {
        out.insert("default".to_owned(), default.as_str().into());
    }
    Value::Object(out)
}

fn put_summary(out: &mut Map<String, Value>, summary: &str) {
    if !summary.is_empty() {
        out.insert("summary".to_owned(), summary.into());
    }
}

fn put_base(out: &mut Map<String, Value>, base: Option<&String>) {
    if let Some(base) = base {
        out.insert("inheritedFrom".to_owned(), json!({ "name": base }));
    }
}

fn object<const N: usize>(entries: [(&str, Value); N]) -> Map<String, Value> {
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}
