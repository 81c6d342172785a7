//! Places of the docs that speak of the same member and contradict each other: a page that repeats
//! its base, a class and the interface that it implements, a getter and its setter, an observable
//! and its snapshot, a description and the type beside it.
//!
//! Silence contradicts nothing.

use std::collections::{BTreeMap, BTreeSet};

use credwire_ingest::facts::{DocFacts, Facts, ItemFacts, ItemKind, Stated};
use credwire_schema::{model::to_name, type_expr::TypeExpr};

use super::{
    Finding,
    class::{Class, Group},
    members::{Form, MAX_BASES, Member, Members, effective, inherited, key, stated},
    side::{Bindings, Side, Sides, find as find_in},
    types::{Position, Types},
};

/// Adds a finding for each contradiction.
pub(crate) fn find(sides: Sides<'_>, findings: &mut Vec<Finding>) {
    let pages = Sides { left: sides.left, right: sides.left };
    let all: BTreeMap<&str, Members> =
        sides.left.items.values().map(|item| (item.name.as_str(), stated(item))).collect();
    // A generator does not contradict the declarations that it reads.
    for item in sides.left.items.values().filter(|item| !item.generated) {
        let Some(own) = all.get(item.name.as_str()) else { continue };
        let mut contradictions =
            Contradictions { item, types: Types::new(pages), found: BTreeMap::new() };
        contradictions.copies(sides.left, own);
        let mut related = relatives(sides, item);
        related.extend(alike(sides.left, item, &all));
        for relative in related {
            let Some(theirs) = all.get(relative.as_str()) else { continue };
            for (at, member) in own {
                if let Some(other) = theirs.get(at) {
                    contradictions.docs(member, &member.doc, other);
                }
            }
        }
        contradictions.within(sides, own);
        findings.extend(contradictions.found.into_values());
    }
}

struct Contradictions<'a> {
    item: &'a ItemFacts,
    types: Types<'a>,
    /// One for each member.
    found: BTreeMap<String, Finding>,
}

impl Contradictions<'_> {
    fn push(&mut self, member: &Member, left: String, right: String) {
        self.found.entry(member.label.clone()).or_insert_with(|| Finding {
            class: Class::PagesContradict,
            group: Group::True,
            item: self.item.name.clone(),
            member: Some(member.label.clone()),
            left: Some(left),
            right: Some(right),
            place: member.place.clone(),
        });
    }

    /// Members that the page repeats from a base with a page of its own.
    fn copies(&mut self, facts: &Facts, own: &Members) {
        let bases = inherited(facts, self.item);
        for (at, member) in own {
            let Some(from) = &member.from else { continue };
            let named = || {
                let item = facts.items.get(from)?;
                effective(facts, item, &Bindings::new()).remove(at)
            };
            let Some(base) = bases.get(at).cloned().or_else(named) else { continue };
            self.docs(member, &member.doc, &base);
            if !self.alike(member, &base) {
                let text = |member: &Member| {
                    let sign = if member.optional { "?" } else { "" };
                    format!("{}{sign}: {}", member.label, member.text())
                };
                self.push(member, text(member), format!("{} at {}", text(&base), base.place));
            }
        }
    }

    fn alike(&mut self, copy: &Member, base: &Member) -> bool {
        let (a, b) = match (&copy.form, &base.form) {
            (Form::Method(a), Form::Method(b)) if a.len() != b.len() => return false,
            (Form::Method(a), Form::Method(b)) if a.len() > 1 => {
                return a.iter().zip(b).all(|(a, b)| {
                    let as_type = |one| super::side::function(one, false);
                    self.types.functions(&as_type(a), &as_type(b)).is_some_and(|n| harmless(&n))
                });
            }
            _ => (copy.ty(), base.ty()),
        };
        let (Some(a), Some(b)) = (a, b) else { return true };
        let (mark, notes) = self.types.slots(
            Position { ty: &a, optional: copy.optional },
            Position { ty: &b, optional: base.optional },
        );
        mark.is_none_or(|mark| mark.group() == Group::Same) && notes.is_some_and(|n| harmless(&n))
    }

    /// What the descriptions of two places state.
    fn docs(&mut self, member: &Member, doc: &DocFacts, other: &Member) {
        for (a, b) in doc_texts(doc).into_iter().zip(doc_texts(&other.doc)) {
            let (Some(a), Some(b)) = (a, b) else { continue };
            if a.value != b.value {
                self.push(member, a.value, format!("{} at {}", b.value, b.place));
            }
        }
    }

    /// What one page says of a member in several places.
    fn within(&mut self, sides: Sides<'_>, own: &Members) {
        for (at, member) in own {
            if at.setter {
                if let Some(getter) = own.get(&key(&at.name)) {
                    self.docs(member, &member.doc, getter);
                }
            } else if let Some(stream) = own.get(&key(&format!("{}$", at.name))) {
                self.docs(member, &member.doc, stream);
            }
            let Form::Value(Some(ty)) = &member.form else { continue };
            let literals = literals(sides, ty);
            let stated = [("always", &member.doc.constant), ("default", &member.doc.default)];
            for (word, value) in stated {
                if let (Some(literals), Some(value)) = (&literals, value)
                    && !literals.contains(&value.value)
                {
                    self.push(member, format!("{word} {}", value.value), ty.to_string());
                }
            }
        }
    }
}

fn harmless(notes: &BTreeSet<Class>) -> bool {
    notes.iter().all(|class| class.group() != Group::True)
}

/// The units, ranges, defaults, constants, forms and bases of counting that a description states.
pub(crate) fn doc_texts(doc: &DocFacts) -> [Option<Stated<String>>; 6] {
    fn text<T>(stated: Option<&Stated<T>>, show: impl Fn(&T) -> String) -> Option<Stated<String>> {
        stated.map(|stated| Stated {
            value: show(&stated.value),
            place: stated.place.clone(),
            words: stated.words.clone(),
        })
    }
    [
        text(doc.unit.as_ref(), |unit| format!("unit {}", to_name(unit))),
        text(doc.range.as_ref(), |(least, greatest)| format!("range {least} to {greatest}")),
        text(doc.default.as_ref(), |value| format!("default {value}")),
        text(doc.constant.as_ref(), |value| format!("always {value}")),
        text(doc.format.as_ref(), |format| format!("format {}", to_name(format))),
        text(doc.base.as_ref(), |base| format!("counted from {base}")),
    ]
}

/// The values of a closed union of literals, as they read without quotes.
fn literals(sides: Sides<'_>, ty: &TypeExpr) -> Option<Vec<String>> {
    match ty {
        TypeExpr::Literal(text) | TypeExpr::NumberLiteral(text) => Some(vec![text.clone()]),
        TypeExpr::BooleanLiteral(value) => Some(vec![value.to_string()]),
        TypeExpr::Union(members) => {
            let all: Option<Vec<Vec<String>>> =
                members.iter().map(|member| literals(sides, member)).collect();
            all.map(|all| all.concat())
        }
        TypeExpr::Ref { name, args } => match sides.expand(Side::Left, name, args)? {
            // One step: an alias of an alias is rare, and cycles are not.
            TypeExpr::Ref { .. } => None,
            TypeExpr::Union(members)
                if members.iter().any(|m| matches!(m, TypeExpr::Ref { .. })) =>
            {
                None
            }
            stands_for => literals(sides, &stands_for),
        },
        _ => None,
    }
}

/// An interface with fewer members than this may be like a class by chance.
const TELLING: usize = 5;

/// The interfaces that a class has every member of: it can stand for them, whether its page says so
/// or not. Members without a page at hand count when the page of the class lists them.
fn alike(facts: &Facts, item: &ItemFacts, all: &BTreeMap<&str, Members>) -> BTreeSet<String> {
    if item.kind != ItemKind::Class {
        return BTreeSet::new();
    }
    let own = all.get(item.name.as_str()).into_iter().flat_map(Members::keys);
    let pages = facts.pages.iter().filter(|page| Some(&page.path) == item.page.as_ref());
    let cards = pages.flat_map(|page| &page.cards).map(|card| card.title.trim_end_matches("()"));
    // The page of an observable `x$` holds its snapshot `x` as well.
    let cards = cards.flat_map(|title| [title, title.trim_end_matches('$')]);
    let names: BTreeSet<&str> = own.map(|at| at.name.as_str()).chain(cards).collect();
    let fits = |other: &&ItemFacts| {
        let theirs = all.get(other.name.as_str());
        other.kind == ItemKind::Interface
            && theirs.is_some_and(|theirs| {
                theirs.len() >= TELLING && theirs.keys().all(|at| names.contains(&*at.name))
            })
    };
    facts.items.values().filter(fits).map(|other| other.name.clone()).collect()
}

/// The symbols that a symbol extends or implements, by what either side says, at any distance
/// up to [`MAX_BASES`] symbols.
fn relatives(sides: Sides<'_>, item: &ItemFacts) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut waiting = vec![item.name.clone()];
    while let Some(name) = waiting.pop().filter(|_| found.len() < MAX_BASES) {
        let sides = [find_in(sides.left, &name), find_in(sides.right, &name)];
        for head in sides.into_iter().flatten().flat_map(|i| i.extends.iter().chain(&i.implements))
        {
            if let TypeExpr::Ref { name, .. } = head
                && *name != item.name
                && found.insert(name.clone())
            {
                waiting.push(name.clone());
            }
        }
    }
    found
}
