//! Committed documents as a side of a comparison.

use std::collections::BTreeMap;

use credwire_ingest::facts::{
    self, AccessorFacts, AttributeFacts, CssPropertyFacts, DocFacts, ElementFacts, EventFacts,
    Facts, ItemFacts, ItemKind, MemberFacts, NamedFact, SignatureFacts, Stated, StaticFacts,
};
use credwire_schema::{
    model::{
        Accessor, EnumMember, EnumValue, Item, Members, Method, Property, Rule, Shape, Statics,
        element::{self, Element},
    },
    type_expr::TypeExpr,
};

/// Returns what documents state, corrections of the overlay included.
#[must_use]
pub fn committed(items: &[Item]) -> Facts {
    let items = items.iter().filter_map(|item| Some((item.name.clone(), of_item(item)?)));
    Facts { items: items.collect(), ..Facts::default() }
}

/// Returns the facts of an item; no page describes what is said over the socket. What documents of
/// custom elements state, by tag.
#[must_use]
pub fn committed_elements(elements: &[Element]) -> BTreeMap<String, ElementFacts> {
    elements.iter().map(|element| (element.tag.clone(), of_element(element))).collect()
}

fn of_element(element: &Element) -> ElementFacts {
    let mut facts =
        ElementFacts::new(element.tag.as_str(), element.class.as_str(), element.place.clone());
    let named = |all: &[element::Named]| {
        all.iter()
            .map(|one| NamedFact { name: one.name.clone(), place: one.place.clone() })
            .collect()
    };
    facts.module.clone_from(&element.module);
    facts.fields = element.fields.iter().map(property).collect();
    facts.methods = element.methods.iter().map(method).collect();
    facts.statics = statics(&element.statics);
    facts.slots = named(&element.slots);
    facts.parts = named(&element.parts);
    facts.attributes = element
        .attributes
        .iter()
        .map(|attribute| AttributeFacts {
            name: attribute.name.clone(),
            field: attribute.field.clone(),
            inherited_from: attribute.inherited_from.clone(),
            place: attribute.place.clone(),
        })
        .collect();
    facts.events = element
        .events
        .iter()
        .map(|event| EventFacts {
            name: event.name.clone(),
            detail: event.detail.clone(),
            place: event.place.clone(),
        })
        .collect();
    facts.css_properties = element
        .css_properties
        .iter()
        .map(|css| CssPropertyFacts {
            name: css.name.clone(),
            default: css.default.clone().map(|value| of(value, (css.place.clone(), String::new()))),
            place: css.place.clone(),
        })
        .collect();
    facts
}

fn statics(members: &Statics) -> StaticFacts {
    StaticFacts {
        properties: members.properties.iter().map(property).collect(),
        accessors: members.accessors.iter().map(accessor).collect(),
        methods: members.methods.iter().map(method).collect(),
    }
}

fn of_item(item: &Item) -> Option<ItemFacts> {
    let kind = match &item.shape {
        Shape::Interface(_) => ItemKind::Interface,
        Shape::Class(_) => ItemKind::Class,
        Shape::Error(_) => ItemKind::Error,
        // What pages show of an enumeration is an alias of its values.
        Shape::Alias { .. } | Shape::Enum { .. } => ItemKind::Alias,
        Shape::Function { .. } => ItemKind::Function,
        Shape::Variable { .. } => ItemKind::Variable,
        Shape::Rpc(_) | Shape::Element { .. } => return None,
    };
    let mut facts = ItemFacts::new(item.name.as_str(), kind, item.place.clone());
    facts.page = Some(item.place.file.to_string());
    facts.type_params.clone_from(&item.type_params);
    facts.extends.clone_from(&item.extends);
    facts.implements.clone_from(&item.implements);
    match &item.shape {
        Shape::Interface(members) | Shape::Class(members) | Shape::Error(members) => {
            of_members(members, &mut facts);
        }
        Shape::Alias { ty, .. } => facts.ty = Some(ty.clone()),
        Shape::Enum { members } => {
            facts.members = members.iter().map(enum_member).collect();
            let values = facts.members.iter().map(|member| member.value.clone());
            facts.ty = Some(TypeExpr::Union(values.collect()));
        }
        Shape::Function { signatures } => facts.calls = signatures.iter().map(method).collect(),
        Shape::Variable { ty, value } => {
            facts.ty = Some(ty.clone());
            facts.value.clone_from(value);
        }
        Shape::Rpc(_) | Shape::Element { .. } => {}
    }
    facts.one_of = item.rules.first().map(|Rule::AtLeastOneOf(names)| Stated {
        value: names.clone(),
        place: item.place.clone(),
        words: String::new(),
    });
    Some(facts)
}

fn enum_member(member: &EnumMember) -> facts::EnumMemberFacts {
    let value = match &member.value {
        Some(EnumValue::Text(text)) => TypeExpr::Literal(text.clone()),
        Some(EnumValue::Number(number)) => TypeExpr::NumberLiteral(number.to_string()),
        None => TypeExpr::Number,
    };
    facts::EnumMemberFacts {
        name: member.name.clone(),
        value,
        deprecated: member.deprecated,
        sentence: facts::Sentence::default(),
    }
}

fn of_members(members: &Members, facts: &mut ItemFacts) {
    facts.properties = members.properties.iter().map(property).collect();
    facts.accessors = members.accessors.iter().map(accessor).collect();
    facts.methods = members.methods.iter().map(method).collect();
    facts.constructors = members.constructors.iter().map(method).collect();
    facts.calls = members.calls.iter().map(method).collect();
    facts.index.clone_from(&members.index);
    facts.statics = statics(&members.statics);
}

fn property(property: &Property) -> MemberFacts {
    let mut ty = property.ty.clone();
    if property.nullable {
        ty = either(ty, TypeExpr::Null);
    }
    let stated =
        |value: String| Stated { value, place: property.place.clone(), words: String::new() };
    let at = |words: &str| (property.place.clone(), words.to_owned());
    let mut facts = MemberFacts::new(property.name.as_str(), Some(ty), property.place.clone());
    facts.optional = property.optional;
    facts.rest = property.rest;
    facts.fields = property.fields.iter().map(self::property).collect();
    facts.doc = DocFacts {
        unit: property.unit.map(|value| of(value, at(""))),
        range: property.range.map(|value| of(value, at(""))),
        default: property
            .default
            .as_ref()
            .map(|value| stated(value.as_str().map_or_else(|| value.to_string(), str::to_owned))),
        format: property.format.map(|value| of(value, at(""))),
        ..DocFacts::default()
    };
    facts
}

/// A setter is never left out: what is marked so may be undefined.
fn setter(set: &Property) -> MemberFacts {
    let mut facts = property(set);
    if std::mem::take(&mut facts.optional)
        && let Some(ty) = facts.ty.take()
    {
        facts.ty = Some(either(ty, TypeExpr::Undefined));
    }
    facts
}

fn either(ty: TypeExpr, other: TypeExpr) -> TypeExpr {
    let mut members = match ty {
        TypeExpr::Union(members) => members,
        one => vec![one],
    };
    members.push(other);
    TypeExpr::Union(members)
}

fn of<T>(value: T, (place, words): (credwire_schema::diagnostic::Place, String)) -> Stated<T> {
    Stated { value, place, words }
}

fn accessor(accessor: &Accessor) -> AccessorFacts {
    let at = || (accessor.place.clone(), String::new());
    AccessorFacts {
        name: accessor.name.clone(),
        get: accessor.get.clone(),
        set: accessor.set.as_ref().map(setter),
        doc: DocFacts {
            unit: accessor.unit.map(|value| of(value, at())),
            range: accessor.range.map(|value| of(value, at())),
            ..DocFacts::default()
        },
        access: None,
        inherited_from: accessor.inherited_from.clone(),
        unimplemented: accessor.unimplemented,
        internal: false,
        page: None,
        place: accessor.place.clone(),
    }
}

fn method(method: &Method) -> SignatureFacts {
    let mut facts = SignatureFacts::new(method.name.as_str(), method.place.clone());
    facts.optional = method.optional;
    facts.type_params.clone_from(&method.type_params);
    facts.params = method.params.iter().map(property).collect();
    facts.returns = Some(method.returns.clone());
    facts.inherited_from.clone_from(&method.inherited_from);
    facts.unimplemented = method.unimplemented;
    facts
}
