//! Custom elements as a Custom Elements Manifest, schema 2.1.0
//! (<https://github.com/webcomponents/custom-elements-manifest>).

use std::collections::{BTreeMap, BTreeSet};

use credwire_schema::{
    link,
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
    let members = fields.chain(element.methods.iter().map(method));
    let statics = &element.statics;
    let own = statics.properties.iter().map(|own| field(own, &[]));
    let own = own.chain(statics.methods.iter().map(method)).map(|mut member| {
        member["static"] = true.into();
        member
    });
    let mut out = object([
        ("kind", "class".into()),
        ("customElement", true.into()),
        ("name", element.class.as_str().into()),
        ("tagName", element.tag.as_str().into()),
    ]);
    describe(&mut out, &element.summary);
    let parts = [
        ("members", members.chain(own).collect()),
        (
            "attributes",
            element.attributes.iter().map(|own| attribute(own, &element.fields)).collect(),
        ),
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
    describe(&mut out, &field.summary);
    let default = field.default.as_ref().map(|default| in_code(default, &field.ty));
    // Fields carry no marks of presence: one without a value may have none.
    let may_be_undefined = match &default {
        Some(default) => default == "undefined",
        None => field.optional,
    };
    let absences = [(TypeExpr::Null, field.nullable), (TypeExpr::Undefined, may_be_undefined)];
    put_type(&mut out, &or_absent(&field.ty, absences));
    if let Some(default) = default {
        out.insert("default".to_owned(), default.into());
    }
    put_flags(&mut out, [("readonly", field.readonly), ("deprecated", field.deprecated)]);
    let sets = |attribute: &&Attribute| attribute.field.as_ref() == Some(&field.name);
    if let Some(attribute) = attributes.iter().find(sets) {
        out.insert("attribute".to_owned(), attribute.name.as_str().into());
    }
    Value::Object(out)
}

/// A type with those of the absences that there are.
fn or_absent<const N: usize>(ty: &TypeExpr, absences: [(TypeExpr, bool); N]) -> TypeExpr {
    let mut alternatives = match ty {
        TypeExpr::Union(alternatives) => alternatives.clone(),
        ty => vec![ty.clone()],
    };
    let there = absences.into_iter().filter(|(_, is_there)| *is_there);
    alternatives.extend(there.map(|(absence, _)| absence));
    <[TypeExpr; 1]>::try_from(alternatives).map_or_else(TypeExpr::Union, |[only]| only)
}

/// A default as an expression of JavaScript.
fn in_code(default: &Value, ty: &TypeExpr) -> String {
    match default {
        Value::String(text) if is_text(text, ty) => {
            format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
        }
        Value::String(code) => code.clone(),
        other => other.to_string(),
    }
}

/// Whether a default is a text and no code. Pages write text without quotes where the type says
/// that it is text, or has a name of its own.
fn is_text(default: &str, ty: &TypeExpr) -> bool {
    match ty {
        _ if default == "undefined" || default == "null" => false,
        TypeExpr::String | TypeExpr::Ref { .. } => true,
        TypeExpr::Literal(text) => text == default,
        TypeExpr::Union(alternatives) => alternatives.iter().any(|ty| is_text(default, ty)),
        _ => false,
    }
}

fn method(method: &Method) -> Value {
    let params = method.params.iter().map(|param| {
        let mut out = object([("name", param.name.as_str().into())]);
        describe(&mut out, &param.summary);
        put_type(&mut out, &param.ty);
        put_flags(&mut out, [("optional", param.optional), ("rest", param.rest)]);
        Value::Object(out)
    });
    let mut out = object([("kind", "method".into()), ("name", method.name.as_str().into())]);
    describe(&mut out, &method.summary);
    out.insert("parameters".to_owned(), params.collect());
    out.insert("return".to_owned(), json!({ "type": type_of(&method.returns) }));
    put_flags(&mut out, [("deprecated", method.deprecated)]);
    put_base(&mut out, method.inherited_from.as_ref());
    Value::Object(out)
}

/// An attribute with what is known of the field that it sets. Without one it is a text, as every
/// attribute is in markup.
fn attribute(attribute: &Attribute, fields: &[Property]) -> Value {
    let mut out = object([("name", attribute.name.as_str().into())]);
    if let Some(field) = &attribute.field {
        out.insert("fieldName".to_owned(), field.as_str().into());
    }
    let field = fields.iter().find(|field| attribute.field.as_ref() == Some(&field.name));
    describe(&mut out, field.map_or("", |field| &field.summary));
    // To leave an attribute out is no value of it.
    put_type(&mut out, field.map_or(&TypeExpr::String, |field| &field.ty));
    if let Some(default) = field.and_then(in_markup) {
        out.insert("default".to_owned(), default.into());
    }
    put_flags(&mut out, [("deprecated", field.is_some_and(|field| field.deprecated))]);
    put_base(&mut out, attribute.inherited_from.as_ref());
    Value::Object(out)
}

/// The default of a field as its attribute would be written.
fn in_markup(field: &Property) -> Option<String> {
    match field.default.as_ref()? {
        Value::String(code) if code == "undefined" || code == "null" => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

fn event(event: &Event) -> Value {
    // Without an argument, readers take the detail for `any`.
    let args = vec![event.detail.clone().unwrap_or(TypeExpr::Void)];
    let mut out = object([("name", event.name.as_str().into())]);
    describe(&mut out, &event.summary);
    put_type(&mut out, &TypeExpr::Ref { name: "CustomEvent".to_owned(), args });
    Value::Object(out)
}

fn named(named: &Named) -> Value {
    let mut out = object([("name", named.name.as_str().into())]);
    describe(&mut out, "");
    Value::Object(out)
}

fn css_property(property: &CssProperty) -> Value {
    let mut out = object([("name", property.name.as_str().into())]);
    describe(&mut out, "");
    if let Some(default) = &property.default {
        out.insert("default".to_owned(), default.as_str().into());
    }
    Value::Object(out)
}

/// Adds our own line. Lists show the summary, everything else shows the description, and tools
/// print "undefined" for one that is not there.
fn describe(out: &mut Map<String, Value>, summary: &str) {
    out.insert("description".to_owned(), summary.into());
    if !summary.is_empty() {
        out.insert("summary".to_owned(), summary.into());
    }
}

fn put_type(out: &mut Map<String, Value>, ty: &TypeExpr) {
    out.insert("type".to_owned(), type_of(ty));
}

fn put_flags<const N: usize>(out: &mut Map<String, Value>, flags: [(&str, bool); N]) {
    let raised = flags.into_iter().filter(|(_, is_raised)| *is_raised);
    out.extend(raised.map(|(flag, _)| (flag.to_owned(), true.into())));
}

/// A type with the places of the names in its text.
fn type_of(ty: &TypeExpr) -> Value {
    let text = ty.to_string();
    let mut names = BTreeSet::new();
    ty.walk(&mut |part| {
        if let TypeExpr::Ref { name, .. } = part {
            names.insert(name.as_str());
        }
    });
    let references: Vec<Value> =
        words(&text).filter(|(_, word)| names.contains(word)).map(reference).collect();
    if references.is_empty() {
        json!({ "text": text })
    } else {
        json!({ "text": text, "references": references })
    }
}

/// The name at a place of a text. Readers count as JavaScript does, in units of UTF-16.
fn reference((before, name): (&str, &str)) -> Value {
    let units = |text: &str| text.encode_utf16().count();
    let start = units(before);
    let mut out = object([
        ("name", name.into()),
        ("start", start.into()),
        ("end", (start + units(name)).into()),
    ]);
    if link::is_global(name) {
        out.insert("package".to_owned(), "global:".into());
    }
    Value::Object(out)
}

/// The words of a type's text, each with the text before it: no texts in quotes, and no names of
/// members and parameters.
fn words(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let is_of_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.');
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let start = rest.find(|c: char| is_of_word(c) || c == '"')?;
            let begin = rest.get(start..)?;
            if begin.starts_with('"') {
                rest = after_quoted(begin)?;
                continue;
            }
            let end = begin.find(|c| !is_of_word(c)).unwrap_or(begin.len());
            let (word, behind) = begin.split_at_checked(end)?;
            let before = text.get(..text.len() - begin.len())?;
            rest = behind;
            let is_member = behind.trim_start_matches('?').starts_with(':');
            if !is_member {
                return Some((before, word));
            }
        }
    })
}

/// What follows the text in quotes that `text` begins with.
fn after_quoted(text: &str) -> Option<&str> {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|(_, c)| {
        let ends = *c == '"' && !escaped;
        escaped = *c == '\\' && !escaped;
        ends
    });
    text.get(end?.0 + 1..)
}

fn put_base(out: &mut Map<String, Value>, base: Option<&String>) {
    if let Some(base) = base {
        out.insert("inheritedFrom".to_owned(), json!({ "name": base }));
    }
}

fn object<const N: usize>(entries: [(&str, Value); N]) -> Map<String, Value> {
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}
