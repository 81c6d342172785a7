//! Custom elements: from facts to documents.

use credwire_schema::model::element::{
    Attribute, CssProperty, ELEMENT_FORMAT, Element, Event, Named,
};

use super::{Lowering, member};
use crate::facts::{self, ElementFacts};

pub(super) fn element(facts: &ElementFacts, cx: &mut Lowering<'_>) -> Element {
    let mut element = Element {
        format: ELEMENT_FORMAT.to_owned(),
        tag: facts.tag.clone(),
        class: facts.class.clone(),
        module: facts.module.clone(),
        summary: String::new(),
        reference: facts.slug.clone().unwrap_or_default(),
        place: facts.place.clone(),
        fields: facts.fields.iter().map(|field| member::property(field, cx)).collect(),
        attributes: facts
            .attributes
            .iter()
            .map(|attribute| Attribute {
                name: attribute.name.clone(),
                field: attribute.field.clone(),
                inherited_from: attribute.inherited_from.clone(),
                place: attribute.place.clone(),
            })
            .collect(),
        events: facts
            .events
            .iter()
            .map(|event| Event {
                name: event.name.clone(),
                summary: String::new(),
                detail: event.detail.clone(),
                place: event.place.clone(),
            })
            .collect(),
        slots: named(&facts.slots),
        parts: named(&facts.parts),
        css_properties: facts
            .css_properties
            .iter()
            .map(|property| CssProperty {
                name: property.name.clone(),
                default: property.default.as_ref().map(|default| default.value.clone()),
                place: property.place.clone(),
            })
            .collect(),
        methods: facts.methods.iter().map(|method| member::method(method, cx)).collect(),
        statics: super::statics(&facts.statics, cx),
    };
    element.fields.sort_by(|a, b| a.name.cmp(&b.name));
    element.attributes.sort_by(|a, b| a.name.cmp(&b.name));
    element.events.sort_by(|a, b| a.name.cmp(&b.name));
    element.css_properties.sort_by(|a, b| a.name.cmp(&b.name));
    // Stable: overloads keep the order of the page.
    element.methods.sort_by(|a, b| a.name.cmp(&b.name));
    element.statics.properties.sort_by(|a, b| a.name.cmp(&b.name));
    element.statics.methods.sort_by(|a, b| a.name.cmp(&b.name));
    element
}

fn named(all: &[facts::NamedFact]) -> Vec<Named> {
    let mut all: Vec<Named> =
        all.iter().map(|one| Named { name: one.name.clone(), place: one.place.clone() }).collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}
