//! Facts in the exchange form `credwire-truth/1`: names, types, flags and units, no places.

use credwire_schema::{
    model::{Format, Unit},
    type_expr::{TypeExpr, TypeParam},
};
use serde_json::{Map, Value, json};

use super::{
    AccessorFacts, DocFacts, ElementFacts, Facts, ItemFacts, ItemKind, MemberFacts, NamedFact,
    SignatureFacts, StaticFacts,
};

/// The name of the form.
pub const FACTS_FORMAT: &str = "credwire-truth/1";

/// Writes facts as `credwire-truth/1`.
pub fn facts_json(facts: &Facts) -> Value {
    let items: Map<String, Value> =
        facts.items.iter().map(|(name, item)| (name.clone(), item_json(item))).collect();
    let pages: Vec<Value> = facts
        .pages
        .iter()
        .map(|page| json!({ "path": page.path, "role": page.role.as_str(), "title": page.title }))
        .collect();
    let anomalies: Vec<Value> = facts
        .anomalies
        .iter()
        .map(|odd| json!({ "page": odd.page, "kind": odd.kind, "detail": odd.detail }))
        .collect();
    let mut out = json!({
        "schema": FACTS_FORMAT,
        "origin": { "kind": if facts.pages.is_empty() { "declarations" } else { "docs" } },
        "items": items,
        "pages": pages,
        "anomalies": anomalies,
    });
    if !facts.internal.is_empty() {
        let internal = facts.internal.iter().map(|(name, item)| (name.clone(), item_json(item)));
        out["internal"] = Value::Object(internal.collect());
    }
    if !facts.elements.is_empty() {
        let elements =
            facts.elements.iter().map(|(tag, element)| (tag.clone(), element_json(element)));
        out["elements"] = Value::Object(elements.collect());
    }
    out
}

fn element_json(element: &ElementFacts) -> Value {
    let attributes = element.attributes.iter().map(|attribute| {
        let mut out = Map::new();
        put_text(&mut out, "name", Some(&attribute.name));
        put_text(&mut out, "field", attribute.field.as_deref());
        put_text(&mut out, "inheritedFrom", attribute.inherited_from.as_deref());
        Value::Object(out)
    });
    let events = element
        .events
        .iter()
        .map(|event| json!({ "name": event.name, "detail": text(event.detail.as_ref()) }));
    let css = element.css_properties.iter().map(|property| {
        let mut out = Map::new();
        put_text(&mut out, "name", Some(&property.name));
        put_text(
            &mut out,
            "default",
            property.default.as_ref().map(|default| default.value.as_str()),
        );
        Value::Object(out)
    });
    let names = |all: &[NamedFact]| {
        all.iter().map(|one| Value::from(one.name.as_str())).collect::<Vec<_>>()
    };
    let mut out = json!({
        "class": element.class,
        "module": element.module,
        "page": element.page,
        "fields": element.fields.iter().map(property_json).collect::<Vec<_>>(),
        "attributes": attributes.collect::<Vec<_>>(),
        "events": events.collect::<Vec<_>>(),
        "slots": names(&element.slots),
        "parts": names(&element.parts),
        "cssProperties": css.collect::<Vec<_>>(),
        "methods": element.methods.iter().map(|method| signature_json(method, WithName::Yes)).collect::<Vec<_>>(),
    });
    if !element.statics.is_empty() {
        out["statics"] = statics_json(&element.statics);
    }
    out
}

fn item_json(item: &ItemFacts) -> Value {
    let mut out = Map::new();
    let mut set = |key: &str, value: Value| {
        out.insert(key.to_owned(), value);
    };
    set("kind", item.kind.as_str().into());
    if let Some(declared) = &item.declared {
        set("declared", declared.as_str().into());
    }
    if let Some(page) = &item.page {
        set("page", page.as_str().into());
    }
    if !item.type_params.is_empty() {
        set("typeParams", type_params_json(&item.type_params));
    }
    for (key, types) in [
        ("extends", &item.extends),
        ("implements", &item.implements),
        ("extendedBy", &item.extended_by),
    ] {
        if !types.is_empty() {
            set(key, types.iter().map(ToString::to_string).collect());
        }
    }
    if !item.constructors.is_empty() {
        set(
            "constructors",
            item.constructors.iter().map(|c| signature_json(c, WithName::No)).collect(),
        );
    }
    match item.kind {
        ItemKind::Alias => {
            let ty = item.ty.as_ref();
            set("type", text(ty));
            if let Some(union) = ty.and_then(union_json) {
                set("union", union);
            }
            if !item.members.is_empty() {
                let members = item.members.iter();
                let members =
                    members.map(|one| json!({ "name": one.name, "value": one.value.to_string() }));
                set("members", members.collect());
            }
            if !item.properties.is_empty() {
                set("properties", item.properties.iter().map(property_json).collect());
            }
            if let (Some(TypeExpr::Function(function)), Some(call)) = (ty, item.calls.first()) {
                let mut signature = signature_json(call, WithName::No);
                if function.construct {
                    signature["construct"] = true.into();
                }
                set("signature", signature);
            }
        }
        ItemKind::Variable => set("type", text(item.ty.as_ref())),
        ItemKind::Function => {
            set(
                "signatures",
                item.calls.iter().map(|call| signature_json(call, WithName::Yes)).collect(),
            );
        }
        ItemKind::Interface | ItemKind::Class | ItemKind::Error => {
            // Of a class that is known by its member pages alone, the properties are not known.
            if !item.is_partial() {
                set("properties", item.properties.iter().map(property_json).collect());
            }
            set("methods", item.methods.iter().map(|m| signature_json(m, WithName::Yes)).collect());
            if item.has_accessors
                || !item.accessors.is_empty()
                || (item.page.is_none() && item.kind == ItemKind::Class)
            {
                set("accessors", item.accessors.iter().map(accessor_json).collect());
            }
            if !item.index.is_empty() {
                let index = item.index.iter();
                set(
                    "index",
                    index
                        .map(|one| json!({ "key": one.key.to_string(), "type": one.value.to_string() }))
                        .collect(),
                );
            }
            if !item.statics.is_empty() {
                set("statics", statics_json(&item.statics));
            }
            if !item.calls.is_empty() {
                set(
                    "calls",
                    item.calls.iter().map(|call| signature_json(call, WithName::No)).collect(),
                );
            }
        }
    }
    if !item.inherited.is_empty() {
        let inherited = item.inherited.iter().map(|base| {
            let properties: Vec<Value> = base.properties.iter().map(property_json).collect();
            json!({ "from": base.from, "properties": properties })
        });
        set("inherited", inherited.collect());
    }
    if let Some(one_of) = &item.one_of {
        set("doc", json!({ "oneOf": one_of.value }));
    }
    Value::Object(out)
}

fn statics_json(statics: &StaticFacts) -> Value {
    let StaticFacts { properties, accessors, methods } = statics;
    let methods = methods.iter().map(|method| signature_json(method, WithName::Yes));
    json!({
        "properties": properties.iter().map(property_json).collect::<Vec<_>>(),
        "accessors": accessors.iter().map(accessor_json).collect::<Vec<_>>(),
        "methods": methods.collect::<Vec<_>>(),
    })
}

fn text(ty: Option<&TypeExpr>) -> Value {
    ty.map_or(Value::Null, |ty| ty.to_string().into())
}

fn type_params_json(params: &[TypeParam]) -> Value {
    let write = |param: &TypeParam| {
        let mut out = Map::new();
        out.insert("name".to_owned(), param.name.as_str().into());
        for (key, ty) in [("extends", &param.extends), ("default", &param.default)] {
            if let Some(ty) = ty {
                out.insert(key.to_owned(), ty.to_string().into());
            }
        }
        Value::Object(out)
    };
    params.iter().map(write).collect()
}

fn property_json(property: &MemberFacts) -> Value {
    let mut out = Map::new();
    out.insert("name".to_owned(), property.name.as_str().into());
    out.insert("type".to_owned(), text(property.ty.as_ref()));
    out.insert("optional".to_owned(), property.optional.into());
    out.insert("readonly".to_owned(), property.readonly.into());
    if !property.fields.is_empty() {
        out.insert("fields".to_owned(), property.fields.iter().map(property_json).collect());
    }
    put_doc(&mut out, &property.doc);
    put_text(&mut out, "access", property.access.as_deref());
    put_internal(&mut out, property.internal);
    Value::Object(out)
}

fn put_internal(out: &mut Map<String, Value>, internal: bool) {
    if internal {
        out.insert("internal".to_owned(), true.into());
    }
}

fn param_json(param: &MemberFacts) -> Value {
    let mut out = Map::new();
    out.insert("name".to_owned(), param.name.as_str().into());
    out.insert("type".to_owned(), text(param.ty.as_ref()));
    out.insert("optional".to_owned(), param.optional.into());
    if param.rest {
        out.insert("rest".to_owned(), true.into());
    }
    if !param.fields.is_empty() {
        out.insert("fields".to_owned(), param.fields.iter().map(property_json).collect());
    }
    put_doc(&mut out, &param.doc);
    Value::Object(out)
}

fn accessor_json(accessor: &AccessorFacts) -> Value {
    let mut out = Map::new();
    out.insert("name".to_owned(), accessor.name.as_str().into());
    if let Some(get) = &accessor.get {
        out.insert("get".to_owned(), get.to_string().into());
    }
    if let Some(set) = &accessor.set {
        let mut setter = Map::new();
        setter.insert("param".to_owned(), set.name.as_str().into());
        setter.insert("type".to_owned(), text(set.ty.as_ref()));
        put_doc(&mut setter, &set.doc);
        out.insert("set".to_owned(), Value::Object(setter));
    }
    put_doc(&mut out, &accessor.doc);
    put_text(&mut out, "access", accessor.access.as_deref());
    put_text(&mut out, "inheritedFrom", accessor.inherited_from.as_deref());
    put_internal(&mut out, accessor.internal);
    if accessor.unimplemented {
        out.insert("unimplemented".to_owned(), true.into());
    }
    put_text(&mut out, "page", accessor.page.as_deref());
    Value::Object(out)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum WithName {
    Yes,
    No,
}

fn signature_json(signature: &SignatureFacts, named: WithName) -> Value {
    let mut out = Map::new();
    if named == WithName::Yes {
        out.insert("name".to_owned(), signature.name.as_str().into());
    }
    if signature.optional {
        out.insert("optional".to_owned(), true.into());
    }
    if !signature.type_params.is_empty() {
        out.insert("typeParams".to_owned(), type_params_json(&signature.type_params));
    }
    out.insert("params".to_owned(), signature.params.iter().map(param_json).collect());
    out.insert("returns".to_owned(), text(signature.returns.as_ref()));
    put_text(&mut out, "access", signature.access.as_deref());
    put_text(&mut out, "inheritedFrom", signature.inherited_from.as_deref());
    for (key, flag) in [("throws", signature.throws), ("unimplemented", signature.unimplemented)] {
        if flag {
            out.insert(key.to_owned(), true.into());
        }
    }
    put_internal(&mut out, signature.internal);
    put_text(&mut out, "page", signature.page.as_deref());
    Value::Object(out)
}

fn union_json(ty: &TypeExpr) -> Option<Value> {
    let TypeExpr::Union(members) = ty else { return None };
    let (mut literals, mut templates, mut refs, mut other) = (vec![], vec![], vec![], vec![]);
    let mut open = false;
    for member in members {
        match member {
            TypeExpr::Literal(literal) => literals.push(literal.clone()),
            TypeExpr::Template(_) => templates.push(member.to_string()),
            TypeExpr::Ref { .. } => refs.push(member.to_string()),
            member if is_open_string(member) => open = true,
            member => other.push(member.to_string()),
        }
    }
    let mut out = Map::new();
    out.insert("literals".to_owned(), literals.into());
    out.insert("templates".to_owned(), templates.into());
    out.insert("refs".to_owned(), refs.into());
    out.insert("open".to_owned(), open.into());
    if !other.is_empty() {
        out.insert("other".to_owned(), other.into());
    }
    Some(Value::Object(out))
}

/// `string & {}`: any string, written so that editors still offer the literals.
fn is_open_string(ty: &TypeExpr) -> bool {
    let TypeExpr::Intersection(parts) = ty else { return false };
    let is_empty = |part: &TypeExpr| {
        matches!(part, TypeExpr::Inline(fields) if fields.is_empty())
            || matches!(part, TypeExpr::Ref { name, args } if name == "Record" && matches!(args.as_slice(), [TypeExpr::Never, TypeExpr::Never]))
    };
    parts.contains(&TypeExpr::String) && parts.iter().any(is_empty)
}

fn put_text(out: &mut Map<String, Value>, key: &str, value: Option<&str>) {
    if let Some(value) = value {
        out.insert(key.to_owned(), value.into());
    }
}

fn put_doc(out: &mut Map<String, Value>, doc: &DocFacts) {
    let mut facts = Map::new();
    if let Some(unit) = &doc.unit
        && let Some((symbol, epoch)) = unit_symbol(unit.value)
    {
        facts.insert("unit".to_owned(), symbol.into());
        if epoch {
            facts.insert("epoch".to_owned(), true.into());
        }
    }
    if let Some(range) = &doc.range {
        facts.insert("range".to_owned(), json!([number(range.value.0), number(range.value.1)]));
    }
    if let Some(default) = &doc.default {
        facts.insert("default".to_owned(), default.value.as_str().into());
    }
    if let Some(constant) = &doc.constant {
        facts.insert("constant".to_owned(), constant.value.as_str().into());
    }
    if let Some(format) = &doc.format {
        let name = match format.value {
            Format::Jwt => "jwt",
            Format::JwkThumbprint => "jwk-thumbprint",
            Format::Iso8601 => "iso8601",
            Format::Sdp => "sdp",
        };
        facts.insert("format".to_owned(), name.into());
    }
    if let Some(rfc) = &doc.rfc {
        facts.insert("rfc".to_owned(), rfc.value.as_str().into());
    }
    if let Some(base) = &doc.base {
        facts.insert("base".to_owned(), base.value.into());
    }
    if !facts.is_empty() {
        out.insert("doc".to_owned(), Value::Object(facts));
    }
}

/// Whole numbers without a fraction, as the exchange form writes them.
fn number(value: f64) -> Value {
    let whole = value.fract() == 0.0 && value.abs() < 9_007_199_254_740_992.0;
    if whole { json!(value as i64) } else { json!(value) }
}

fn unit_symbol(unit: Unit) -> Option<(&'static str, bool)> {
    Some(match unit {
        Unit::EpochMillis => ("ms", true),
        Unit::EpochSeconds => ("s", true),
        Unit::Millis => ("ms", false),
        Unit::Seconds => ("s", false),
        Unit::BitsPerSecond => ("bit/s", false),
        Unit::KilobitsPerSecond => ("kbit/s", false),
        Unit::Percent => ("%", false),
        Unit::Count => return None,
    })
}
