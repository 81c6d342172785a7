//! Facts into items: what a generator needs to know, and none of the pages' sentences.

mod element;
mod literals;
mod member;
mod names;
mod table;

use credwire_schema::{
    diagnostic::Diagnostic,
    model::{FORMAT, Item, Members, Origin, Rule, Shape, element::Element},
    type_expr::TypeExpr,
};

use crate::facts::{Facts, ItemFacts, ItemKind};

/// Makes an item of each symbol, sorted by name.
pub(crate) fn lower(facts: &Facts, diagnostics: &mut Vec<Diagnostic>) -> Vec<Item> {
    let mut items: Vec<Item> =
        facts.items.values().map(|item| lower_item(item, diagnostics)).collect();
    let known = |name: &str| facts.items.contains_key(name);
    for item in &mut items {
        literals::restore(item, &known);
    }
    items
}

/// Makes an element of each custom element, sorted by tag.
pub(crate) fn lower_elements(facts: &Facts, diagnostics: &mut Vec<Diagnostic>) -> Vec<Element> {
    facts.elements.values().map(|element| element::element(element, diagnostics)).collect()
}

fn lower_item(facts: &ItemFacts, diagnostics: &mut Vec<Diagnostic>) -> Item {
    let shape = match facts.kind {
        ItemKind::Interface => Shape::Interface(members(facts, diagnostics)),
        ItemKind::Class => Shape::Class(members(facts, diagnostics)),
        ItemKind::Error => Shape::Error(members(facts, diagnostics)),
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
        properties: facts.properties.iter().map(|p| member::property(p, diagnostics)).collect(),
        accessors: facts.accessors.iter().map(|a| member::accessor(a, diagnostics)).collect(),
        methods: facts.methods.iter().map(|m| member::method(m, diagnostics)).collect(),
        constructors: facts.constructors.iter().map(|m| member::method(m, diagnostics)).collect(),
        calls: facts.calls.iter().map(|m| member::method(m, diagnostics)).collect(),
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
