//! What is known of a custom element.

use credwire_schema::{
    diagnostic::Place,
    model::{Method, element::Element},
    suggest,
};

use super::{Fact, UnknownName};

/// The facts about an element, or about the parts of it that are called `part`: by the name alone, or
/// with the word for its kind in front.
///
/// # Errors
/// [`UnknownName`] when the element has no such part.
pub(super) fn of_element(element: &Element, part: Option<&str>) -> Result<Vec<Fact>, UnknownName> {
    let all = parts(element);
    let Some(asked) = part else { return Ok([heads(element), all].concat()) };
    let label = |fact: &Fact| fact.member.clone().unwrap_or_default();
    let own = |fact: &&Fact| label(fact) == asked;
    let mut found: Vec<Fact> = all.iter().filter(own).cloned().collect();
    if found.is_empty() {
        let behind =
            |fact: &&Fact| label(fact).split_once(' ').is_some_and(|(_, name)| name == asked);
        found = all.iter().filter(behind).cloned().collect();
    }
    if found.is_empty() {
        let known: Vec<String> = all.iter().map(label).collect();
        return Err(UnknownName {
            name: asked.to_owned(),
            within: format!("`{}`", element.tag),
            nearest: suggest::nearest(asked, known.iter().map(String::as_str)).map(str::to_owned),
        });
    }
    Ok(found)
}

fn heads(element: &Element) -> Vec<Fact> {
    let heads = [
        ("kind", "custom element"),
        ("class", element.class.as_str()),
        ("summary", element.summary.as_str()),
        ("module", element.module.as_deref().unwrap_or_default()),
        ("reference", element.reference.as_str()),
    ];
    let stated = heads.into_iter().filter(|(_, value)| !value.is_empty());
    stated
        .map(|(what, value)| Fact {
            member: None,
            what,
            value: value.to_owned(),
            place: element.place.clone(),
        })
        .collect()
}

fn parts(element: &Element) -> Vec<Fact> {
    let mut found = Vec::new();
    let mut add = |label: String, what: &'static str, value: String, place: &Place| {
        found.push(Fact { member: Some(label), what, value, place: place.clone() });
    };
    for field in &element.fields {
        let default = field.default.as_ref().map(|value| format!(" = {value}")).unwrap_or_default();
        add(field.name.clone(), "field", format!("{}{default}", field.ty), &field.place);
    }
    for method in &element.methods {
        add(method.name.clone(), "method", signature(method), &method.place);
    }
    for attribute in &element.attributes {
        let sets = attribute.field.as_ref().map_or("attribute".to_owned(), |f| format!("sets {f}"));
        add(format!("attribute {}", attribute.name), "attribute", sets, &attribute.place);
    }
    for event in &element.events {
        let detail = event.detail.as_ref().map_or("no detail".to_owned(), ToString::to_string);
        add(format!("event {}", event.name), "event", detail, &event.place);
    }
    for (word, all) in [("slot", &element.slots), ("part", &element.parts)] {
        for one in all {
            let name = if one.name.is_empty() { "default" } else { &one.name };
            add(format!("{word} {name}"), word, word.to_owned(), &one.place);
        }
    }
    for css in &element.css_properties {
        let default = css.default.as_ref().map_or("no default".to_owned(), |v| format!("= {v}"));
        add(format!("css {}", css.name), "css property", default, &css.place);
    }
    found
}

fn signature(method: &Method) -> String {
    let params = method.params.iter().map(|param| {
        let mark = if param.optional { "?" } else { "" };
        format!("{}{mark}: {}", param.name, param.ty)
    });
    format!("({}) => {}", params.collect::<Vec<_>>().join(", "), method.returns)
}
