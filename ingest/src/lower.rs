//! Facts into items: what a generator needs to know. The pages' sentences are somebody's work, and
//! are taken along on request alone.

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

use self::secrets::Known;
use crate::{
    facts::{self, Facts, ItemFacts, ItemKind, Sentence, StaticFacts},
    source::is_code,
};

/// Whose sentences documents hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Descriptions {
    /// None but those of the overlay.
    #[default]
    Own,
    /// The first sentence of each description of the source too, where the overlay has none. What
    /// its licence says of copies holds for them.
    Source,
}

/// What lowering needs besides facts.
pub(crate) struct Lowering<'a> {
    pub(crate) diagnostics: &'a mut Vec<Diagnostic>,
    pub(crate) descriptions: Descriptions,
}

impl Lowering<'_> {
    /// The summary of something that the source says this about.
    fn summary(&self, sentence: &Sentence) -> String {
        match self.descriptions {
            Descriptions::Own => String::new(),
            Descriptions::Source => sentence.as_str().to_owned(),
        }
    }
}

/// Makes an item of each symbol, sorted by name. Of declarations alone, what exported symbols
/// mention without its being exported becomes an item as well: else nothing could be made of them.
pub(crate) fn lower(facts: &Facts, cx: &mut Lowering<'_>) -> Vec<Item> {
    let mentioned = facts.internal.values().filter(|_| facts.pages.is_empty());
    let mut items: Vec<Item> =
        facts.items.values().chain(mentioned).map(|item| lower_item(item, cx)).collect();
    items.sort_by(|a, b| a.name.cmp(&b.name));
    let known = |name: &str| facts.items.contains_key(name);
    let known_items = Known::of(&items);
    items.iter_mut().for_each(|item| known_items.mark(item));
    // Declarations and manifests write their quotes.
    for item in items.iter_mut().filter(|item| !is_code(&item.place.file)) {
        literals::restore(item, &known);
    }
    items
}

/// Makes an element of each custom element, sorted by tag.
pub(crate) fn lower_elements(facts: &Facts, cx: &mut Lowering<'_>) -> Vec<Element> {
    let no_items = Known::of(&[]);
    let lowered = facts.elements.values().map(|facts| {
        let mut element = element::element(facts, cx);
        no_items.mark_element(&mut element);
        element
    });
    lowered.collect()
}

fn lower_item(facts: &ItemFacts, cx: &mut Lowering<'_>) -> Item {
    let shape = match facts.kind {
        ItemKind::Interface => Shape::Interface(members(facts, cx)),
        ItemKind::Class => Shape::Class(members(facts, cx)),
        ItemKind::Error => Shape::Error(members(facts, cx)),
        ItemKind::Alias if !facts.members.is_empty() => {
            let members = facts.members.iter().map(|member| enum_member(member, cx));
            Shape::Enum { members: members.collect() }
        }
        ItemKind::Alias => {
            Shape::Alias { ty: alias_type(facts), meanings: std::collections::BTreeMap::new() }
        }
        ItemKind::Function => Shape::Function {
            signatures: facts.calls.iter().map(|call| member::method(call, cx)).collect(),
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
        summary: cx.summary(&facts.sentence),
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
            .filter_map(|table| table::decision_table(table, cx.diagnostics))
            .collect(),
    }
}

fn sorted(names: &[String]) -> Vec<String> {
    let mut names = names.to_vec();
    names.sort();
    names
}

/// The members of an item. Of declarations, and of the pages that a generator made of them, those that users can reach:
/// what is protected is for who derives a class of it. What a reference describes by hand is meant for its readers.
fn members(facts: &ItemFacts, cx: &mut Lowering<'_>) -> Members {
    let shows_all = !facts.is_declared() && !facts.generated;
    let is_open = |access: &Option<String>| shows_all || access.is_none();
    let ItemFacts { properties, accessors, methods, constructors, .. } = facts;
    let properties = properties.iter().filter(|one| is_open(&one.access));
    let accessors = accessors.iter().filter(|one| is_open(&one.access));
    let methods = methods.iter().filter(|one| is_open(&one.access));
    let constructors = constructors.iter().filter(|one| is_open(&one.access));
    Members {
        properties: properties.map(|one| member::property(one, cx)).collect(),
        accessors: accessors.map(|one| member::accessor(one, cx)).collect(),
        methods: methods.map(|one| member::method(one, cx)).collect(),
        constructors: constructors.map(|one| member::method(one, cx)).collect(),
        calls: all(&facts.calls, member::method, cx),
        index: facts.index.clone(),
        statics: statics(&facts.statics, cx),
    }
}

fn statics(facts: &StaticFacts, cx: &mut Lowering<'_>) -> Statics {
    Statics {
        properties: all(&facts.properties, member::property, cx),
        accessors: all(&facts.accessors, member::accessor, cx),
        methods: all(&facts.methods, member::method, cx),
    }
}

fn all<F, T>(facts: &[F], lower: fn(&F, &mut Lowering<'_>) -> T, cx: &mut Lowering<'_>) -> Vec<T> {
    facts.iter().map(|one| lower(one, cx)).collect()
}

fn enum_member(facts: &facts::EnumMemberFacts, cx: &Lowering<'_>) -> EnumMember {
    let value = match &facts.value {
        TypeExpr::Literal(text) => Some(EnumValue::Text(text.clone())),
        TypeExpr::NumberLiteral(text) => serde_json::from_str(text).ok().map(EnumValue::Number),
        _ => None,
    };
    EnumMember {
        name: facts.name.clone(),
        summary: cx.summary(&facts.sentence),
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
