//! Custom elements on both sides.

use std::collections::BTreeMap;

use credwire_ingest::facts::ElementFacts;
use credwire_schema::{diagnostic::Place, type_expr::TypeExpr};

use super::{
    Finding,
    class::Class,
    side::{Sides, UNSTATED, function},
    types::{Notes, Position, Types},
};

/// What is compared of a part of an element.
struct Part {
    /// The type; of a method one for each overload.
    types: Vec<TypeExpr>,
    /// Whether a missing type says that there is nothing.
    says_nothing: bool,
    /// The default, or the field of an attribute.
    value: Option<(&'static str, String)>,
    place: Place,
}

impl Part {
    fn new(place: &Place) -> Self {
        Self { types: Vec::new(), says_nothing: false, value: None, place: place.clone() }
    }

    fn text(&self) -> Option<String> {
        let types: Vec<String> = self.types.iter().map(ToString::to_string).collect();
        (!types.is_empty()).then(|| types.join("; "))
    }
}

/// Adds the differences between elements, when both sides have some.
pub(crate) fn find(sides: Sides<'_>, findings: &mut Vec<Finding>) {
    let (left, right) = (&sides.left.elements, &sides.right.elements);
    if left.is_empty() || right.is_empty() {
        return;
    }
    let mut types = Types::new(sides);
    for (tag, element) in left {
        match right.get(tag) {
            Some(other) => pair(&mut types, element, other, findings),
            None => findings.push(finding(
                Class::PageWithoutExport,
                (tag, None),
                (Some("custom element".to_owned()), None),
                &element.place,
            )),
        }
    }
    for (tag, element) in right.iter().filter(|(tag, _)| !left.contains_key(*tag)) {
        findings.push(finding(
            Class::ExportUndocumented,
            (tag, None),
            (None, Some("custom element".to_owned())),
            &element.place,
        ));
    }
}

fn finding(
    class: Class,
    (item, member): (&str, Option<&str>),
    (left, right): (Option<String>, Option<String>),
    place: &Place,
) -> Finding {
    Finding {
        class,
        group: class.group(),
        item: item.to_owned(),
        member: member.map(str::to_owned),
        left,
        right,
        place: place.clone(),
    }
}

fn pair(
    types: &mut Types<'_>,
    left: &ElementFacts,
    right: &ElementFacts,
    findings: &mut Vec<Finding>,
) {
    let (said, known) = (parts(left), parts(right));
    let mut report = |class, member: &str, texts, place: &Place| {
        findings.push(finding(class, (&left.tag, Some(member)), texts, place));
    };
    for (label, part) in &said {
        let Some(other) = known.get(label) else {
            report(Class::MemberExtra, label, (part.text(), None), &part.place);
            continue;
        };
        let texts = || (part.text(), other.text());
        match alike(types, part, other) {
            Some(notes) => {
                notes.into_iter().for_each(|class| report(class, label, texts(), &part.place));
            }
            None => report(Class::TypeChanged, label, texts(), &part.place),
        }
        if let (Some((what, a)), Some((_, b))) = (&part.value, &other.value)
            && a != b
        {
            let texts = (Some(format!("{what} {a}")), Some(format!("{what} {b}")));
            report(Class::TypeChanged, label, texts, &part.place);
        }
    }
    for (label, other) in known.iter().filter(|(label, _)| !said.contains_key(*label)) {
        report(Class::MemberMissing, label, (None, other.text()), &other.place);
    }
}

fn alike(types: &mut Types<'_>, left: &Part, right: &Part) -> Option<Notes> {
    if left.types.is_empty() || right.types.is_empty() {
        let differ =
            left.says_nothing && right.says_nothing && left.types.len() != right.types.len();
        return (!differ).then(Notes::new);
    }
    if left.types.len() != right.types.len() {
        return None;
    }
    let mut notes = Notes::new();
    for (a, b) in left.types.iter().zip(&right.types) {
        // A field of an element may always be left out: `| undefined` says nothing more.
        let slot = |ty| Position { ty, optional: true };
        let (_, found) = types.slots(slot(a), slot(b));
        notes.extend(found?);
    }
    Some(notes)
}

/// The parts of an element: fields and methods by name, the others behind a word.
fn parts(element: &ElementFacts) -> BTreeMap<String, Part> {
    let mut parts = BTreeMap::new();
    let statics = &element.statics;
    for (word, fields) in [("", &element.fields), ("static ", &statics.properties)] {
        for field in fields {
            let mut part = Part::new(&field.place);
            part.types.extend(field.ty.clone());
            let default = field.doc.default.as_ref();
            part.value = default.map(|default| ("default", default.value.clone()));
            parts.insert(format!("{word}{}", field.name), part);
        }
    }
    for (word, methods) in [("", &element.methods), ("static ", &statics.methods)] {
        for method in methods {
            let part = parts
                .entry(format!("{word}{}", method.name))
                .or_insert_with(|| Part::new(&method.place));
            part.types.push(TypeExpr::Function(Box::new(function(method, false))));
        }
    }
    for attribute in &element.attributes {
        let mut part = Part::new(&attribute.place);
        part.value = attribute.field.clone().map(|field| ("sets", field));
        // Markup knows no capitals: what is documented as `fooBar` is observed as `foobar`.
        parts.insert(format!("attribute {}", attribute.name.to_ascii_lowercase()), part);
    }
    for event in &element.events {
        // What may be anything is not stated.
        let detail = event.detail.clone().filter(|ty| *ty != UNSTATED);
        let says_nothing = detail.is_some() || event.detail.is_none();
        let mut part = Part { says_nothing, ..Part::new(&event.place) };
        part.types.extend(detail);
        parts.insert(format!("event {}", event.name), part);
    }
    for (word, all) in [("slot", &element.slots), ("part", &element.parts)] {
        for one in all {
            parts.insert(
                format!("{word} {}", one.name).trim_end().to_owned(),
                Part::new(&one.place),
            );
        }
    }
    for property in &element.css_properties {
        let mut part = Part::new(&property.place);
        part.value = property.default.as_ref().map(|default| ("default", default.value.clone()));
        parts.insert(format!("css {}", property.name), part);
    }
    parts
}
