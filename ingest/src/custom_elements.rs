//! Elements out of a Custom Elements Manifest.

use std::collections::BTreeMap;

use credwire_schema::{
    diagnostic::{Diagnostic, Place},
    type_expr::TypeExpr,
};
use serde_json::Value;

use crate::{
    facts::{
        AttributeFacts, CssPropertyFacts, ElementFacts, EventFacts, MemberFacts, NamedFact,
        SignatureFacts, Stated,
    },
    ts,
};

/// Returns the custom elements of a manifest, by tag; private and protected members left out. All
/// places are the beginning of the file.
///
/// # Errors
/// `invalid-manifest` for what is no JSON or has no modules.
pub fn read(file: &str, text: &str) -> Result<BTreeMap<String, ElementFacts>, Box<Diagnostic>> {
    let place = Place::new(file, 1, 1);
    let invalid = |place: Place, message: String| {
        Box::new(
            Diagnostic::error("invalid-manifest", place, message)
                .help("name a Custom Elements Manifest, `custom-elements.json`"),
        )
    };
    let manifest: Value = serde_json::from_str(text).map_err(|error| {
        let line = u32::try_from(error.line().max(1)).unwrap_or(u32::MAX);
        invalid(Place::new(file, line, 1), "is no JSON".to_owned())
    })?;
    let Some(modules) = manifest.get("modules").and_then(Value::as_array) else {
        return Err(invalid(place, "has no `modules`".to_owned()));
    };
    let mut found = BTreeMap::new();
    for module in modules {
        for declaration in list(module, "declarations") {
            if let (Some(tag), Some(class)) =
                (name(declaration, "tagName"), name(declaration, "name"))
            {
                let mut element = ElementFacts::new(tag, class, place.clone());
                element.module = name(module, "path").map(str::to_owned);
                fill(&mut element, declaration, &place);
                found.insert(tag.to_owned(), element);
            }
        }
    }
    Ok(found)
}

fn fill(element: &mut ElementFacts, declaration: &Value, place: &Place) {
    for member in list(declaration, "members") {
        let hidden = name(member, "privacy").is_some_and(|privacy| privacy != "public");
        let Some(own) = name(member, "name").filter(|_| !hidden) else { continue };
        if name(member, "kind") == Some("method") {
            let mut method = SignatureFacts::new(own, place.clone());
            method.params = list(member, "parameters").map(|one| param(one, place)).collect();
            method.returns = member.get("return").and_then(ty);
            element.methods.push(method);
        } else {
            element.fields.push(value(member, place));
        }
    }
    let named = |key| {
        let all = list(declaration, key).filter_map(|one| one.get("name").and_then(Value::as_str));
        all.map(|name| NamedFact { name: name.to_owned(), place: place.clone() }).collect()
    };
    element.slots = named("slots");
    element.parts = named("cssParts");
    let attributes = list(declaration, "attributes").filter_map(|one| {
        Some(AttributeFacts {
            name: name(one, "name")?.to_owned(),
            field: name(one, "fieldName").map(str::to_owned),
            inherited_from: None,
            place: place.clone(),
        })
    });
    element.attributes = attributes.collect();
    let events = list(declaration, "events").filter_map(|one| {
        let detail = match ty(one) {
            Some(TypeExpr::Ref { name, mut args }) if name == "CustomEvent" => args.pop(),
            _ => None,
        };
        Some(EventFacts { name: name(one, "name")?.to_owned(), detail, place: place.clone() })
    });
    element.events = events.collect();
    let properties = list(declaration, "cssProperties").filter_map(|one| {
        let default = name(one, "default").map(|text| stated(text, place));
        Some(CssPropertyFacts {
            name: name(one, "name")?.to_owned(),
            default,
            place: place.clone(),
        })
    });
    element.css_properties = properties.collect();
}

/// A parameter: one with a default may be left out.
fn param(from: &Value, place: &Place) -> MemberFacts {
    let mut facts = value(from, place);
    facts.optional |= facts.doc.default.is_some() && !facts.rest;
    facts
}

/// A field or a parameter.
fn value(from: &Value, place: &Place) -> MemberFacts {
    let mut facts =
        MemberFacts::new(name(from, "name").unwrap_or_default(), ty(from), place.clone());
    facts.optional = flag(from, "optional");
    facts.rest = flag(from, "rest");
    facts.readonly = Some(flag(from, "readonly"));
    facts.doc.default = name(from, "default").map(|text| stated(text, place));
    facts
}

fn stated(text: &str, place: &Place) -> Stated<String> {
    let value = text.trim().trim_matches(['"', '\'', '`']).to_owned();
    Stated { value, place: place.clone(), words: text.to_owned() }
}

fn ty(from: &Value) -> Option<TypeExpr> {
    let text = from.get("type")?.get("text")?.as_str()?;
    let parsed = ts::parse_type(text).map(|parsed| parsed.value);
    Some(parsed.unwrap_or_else(|_| TypeExpr::Opaque(text.to_owned())))
}

fn list<'v>(from: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    from.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn name<'v>(from: &'v Value, key: &str) -> Option<&'v str> {
    from.get(key).and_then(Value::as_str).filter(|text| !text.is_empty())
}

fn flag(from: &Value, key: &str) -> bool {
    from.get(key).and_then(Value::as_bool) == Some(true)
}
