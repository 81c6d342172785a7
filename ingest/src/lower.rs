//! Facts into items: what a generator needs to know, and none of the pages' sentences.

mod element;
mod literals;
mod member;
mod names;
mod secrets;
mod table;

use credwire_schema::{
    diagnostic::Diagnostic,
    model::{
        EnumMember, EnumValue, FORMAT, Item, Members, Origin, Rule, Shape, Statics,
        element::Element,
    },
    type_expr::TypeExpr,
};

use self::secrets::Aliases;
use crate::{
    facts::{self, Facts, ItemFacts, ItemKind},
    source::is_declarations,
};

/// Makes an item of each symbol, sorted by name. Of declarations alone, what exported symbols
/// mention without its being exported becomes an item as well: else nothing could be made of them.
pub(crate) fn lower(facts: &Facts, diagnostics: &mut Vec<Diagnostic>) -> Vec<Item> {
    let mentioned = facts.internal.values().filter(|_| facts.pages.is_empty());
    let mut items: Vec<Item> =
        facts.items.values().chain(mentioned).map(|item| lower_item(item, diagnostics)).collect();
    items.sort_by(|a, b| a.name.cmp(&b.name));
    let known = |name: &str| facts.items.contains_key(name);
    let aliases = Aliases::of(&items);
    items.iter_mut().for_each(|item| aliases.mark(item));
    // Declarations write their quotes.
    for item in items.iter_mut().filter(|item| !is_declarations(&item.place.file)) {
        literals::restore(item, &known);
    }
    items
}

/// Makes an element of each custom element, sorted by tag.
pub(crate) fn lower_elements(facts: &Facts, diagnostics: &mut Vec<Diagnostic>) -> Vec<Element> {
    let aliases = Aliases::of(&[]);
    let lowered = facts.elements.values().map(|facts| {
        let mut element = element::element(facts, diagnostics);
        aliases.mark_element(&mut element);
        element
    });
    lowered.collect()
}

fn lower_item(facts: &ItemFacts, diagnostics: &mut Vec<Diagnostic>) -> Item {
    let shape = match facts.kind {
        ItemKind::Interface => Shape::Interface(members(facts, diagnostics)),
        ItemKind::Class => Shape::Class(members(facts, diagnostics)),
        ItemKind::Error => Shape::Error(members(facts, diagnostics)),
        ItemKind::Alias if !facts.members.is_empty() => {
            Shape::Enum { members: facts.members.iter().map(enum_member).collect() }
        }
        ItemKind::Alias => {
            Shape::Alias { ty: alias_type(facts), meanings: std::collections::BTreeMap::new() }
        }
        ItemKind::Function => Shape::Function {
            signatures: facts.calls.iter().map(|call| member::method(call, diagnostics)).collect(),
        },
        ItemKind::Variable => Shape::Variable {
            ty: facts.ty.clone().unwrap_or(TypeExpr::Unknown),
            value: facts.value.clone(),
        },
    };
    // Variables share the entry page, whose slug names none of them.
    let slug = facts.slug.as_deref().filter(|_| facts.kind != ItemKind::Variable);
    Item {
        format: FORMAT.to_owned(),
        name: facts.name.clone(),
        rust: names::rust_name(&facts.name, slug, facts.kind),
        summary: String::new(),
        reference: facts.slug.clone().unwrap_or_default(),
        place: facts.place.clone(),
        origin: Origin::Reference,
        type_params: facts.type_params.clone(),
        extends: facts.extends.clone(),
        implements: facts.implements.clone(),
        local: Vec::new(),
        error: None,
        attribute: None,
        shape,
        deprecated: facts.deprecated,
        since: facts.since.clone(),
        rules: facts
            .one_of
            .iter()
            .map(|one_of| Rule::AtLeastOneOf(sorted(&one_of.value)))
            .collect(),
        tables: facts
            .tables
            .iter()
            .filter_map(|table| table::decision_table(table, diagnostics))
            .collect(),
    }
}

fn sorted(names: &[String]) -> Vec<String> {
    let mut names = names.to_vec();
    names.sort();
    names
}

fn members(facts: &ItemFacts, diagnostics: &mut Vec<Diagnostic>) -> Members {
    Members {
        properties: all(&facts.properties, member::property, diagnostics),
        accessors: all(&facts.accessors, member::accessor, diagnostics),
        methods: all(&facts.methods, member::method, diagnostics),
        constructors: all(&facts.constructors, member::method, diagnostics),
        calls: all(&facts.calls, member::method, diagnostics),
        index: facts.index.clone(),
        statics: Statics {
            properties: all(&facts.statics.properties, member::property, diagnostics),
            accessors: all(&facts.statics.accessors, member::accessor, diagnostics),
            methods: all(&facts.statics.methods, member::method, diagnostics),
        },
    }
}

fn all<F, T>(
    facts: &[F],
    lower: fn(&F, &mut Vec<Diagnostic>) -> T,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<T> {
    facts.iter().map(|one| lower(one, diagnostics)).collect()
}

fn enum_member(facts: &facts::EnumMemberFacts) -> EnumMember {
    let value = match &facts.value {
        TypeExpr::Literal(text) => Some(EnumValue::Text(text.clone())),
        TypeExpr::NumberLiteral(text) => serde_json::from_str(text).ok().map(EnumValue::Number),
        _ => None,
    };
    EnumMember {
        name: facts.name.clone(),
        summary: String::new(),
        value,
        deprecated: facts.deprecated,
    }
}

/// An alias's type; a function's parameters get the types that the page describes.
fn alias_type(facts: &ItemFacts) -> TypeExpr {
    let mut ty = facts.ty.clone().unwrap_or(TypeExpr::Unknown);
    if let (TypeExpr::Function(function), Some(call)) = (&mut ty, facts.calls.first()) {
        function.type_params.clone_from(&call.type_params);
        for (param, described) in function.params.iter_mut().zip(&call.params) {
            param.ty = param.ty.take().or_else(|| described.ty.clone());
        }
    }
    ty
}
