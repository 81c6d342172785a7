//! One symbol on both sides.

mod member;
mod presence;

use std::collections::{BTreeMap, BTreeSet};

use credwire_ingest::facts::{Facts, ItemFacts, ItemKind, SignatureFacts};
use credwire_schema::{
    diagnostic::Place,
    type_expr::{TypeExpr, TypeParam},
};

use super::{
    Finding,
    class::Class,
    members::signatures,
    side::{Bindings, Sides, alias_type, find, function},
    types::{Notes, Types},
};

/// The differences found so far.
pub(crate) struct Comparison<'a> {
    sides: Sides<'a>,
    types: Types<'a>,
    findings: Vec<Finding>,
    /// The classes reported of each symbol and member.
    reported: BTreeSet<(Class, String, Option<String>)>,
    /// Members that pages repeat: symbol, label, and the base with a page of its own.
    copies: Vec<(String, String, String)>,
}

/// What a difference is about, and what each side says.
struct Subject<'s> {
    item: &'s str,
    member: Option<&'s str>,
    left: Option<String>,
    right: Option<String>,
    place: &'s Place,
}

impl<'a> Comparison<'a> {
    pub(crate) fn new(sides: Sides<'a>) -> Self {
        Self {
            sides,
            types: Types::new(sides),
            findings: Vec::new(),
            reported: BTreeSet::new(),
            copies: Vec::new(),
        }
    }

    /// The differences, without those of copies that their bases have as well.
    pub(crate) fn finish(self) -> Vec<Finding> {
        let Self { mut findings, reported, copies, .. } = self;
        for (item, label, base) in copies {
            findings.retain(|finding| {
                finding.item != item
                    || finding.member.as_ref() != Some(&label)
                    || !reported.contains(&(finding.class, base.clone(), Some(label.clone())))
            });
        }
        findings
    }

    fn push(&mut self, class: Class, subject: &Subject<'_>) {
        // A member may lose its `readonly` and that of its parts: it is one loss.
        if !self.reported.insert((
            class,
            subject.item.to_owned(),
            subject.member.map(str::to_owned),
        )) {
            return;
        }
        self.findings.push(Finding {
            class,
            group: class.group(),
            item: subject.item.to_owned(),
            member: subject.member.map(str::to_owned),
            left: subject.left.clone().filter(|text| !text.is_empty()),
            right: subject.right.clone().filter(|text| !text.is_empty()),
            place: subject.place.clone(),
        });
    }

    /// Notes of types; types that nothing makes alike have changed.
    fn push_notes(&mut self, notes: Option<Notes>, subject: &Subject<'_>) {
        match notes {
            Some(notes) => notes.into_iter().for_each(|class| self.push(class, subject)),
            None => self.push(Class::TypeChanged, subject),
        }
    }

    pub(crate) fn renamed(&mut self, left: &ItemFacts, right: &ItemFacts) {
        let subject = Subject {
            item: &right.name,
            member: None,
            left: Some(left.name.clone()),
            right: Some(right.name.clone()),
            place: &left.place,
        };
        self.push(Class::RenamedExport, &subject);
    }

    pub(crate) fn without_export(&mut self, item: &ItemFacts) {
        let internal = self.sides.right.internal.get(&item.name);
        let subject = Subject {
            item: &item.name,
            member: None,
            left: Some(item.kind.as_str().to_owned()),
            right: internal.map(|found| format!("{}, not exported", found.kind.as_str())),
            place: &item.place,
        };
        self.push(Class::PageWithoutExport, &subject);
    }

    pub(crate) fn undocumented(&mut self, item: &ItemFacts) {
        let subject = Subject {
            item: &item.name,
            member: None,
            left: None,
            right: Some(item.kind.as_str().to_owned()),
            place: &item.place,
        };
        self.push(Class::ExportUndocumented, &subject);
    }

    pub(crate) fn pair(&mut self, left: &ItemFacts, right: &ItemFacts) {
        let has_members = |item: &ItemFacts| {
            matches!(item.kind, ItemKind::Interface | ItemKind::Class | ItemKind::Error)
        };
        self.types.generated = left.generated;
        let both = [left.kind, right.kind];
        let subject = |left_text, right_text| Subject {
            item: &left.name,
            member: None,
            left: Some(left_text),
            right: Some(right_text),
            place: &left.place,
        };
        let kinds = subject(left.kind.as_str().to_owned(), right.kind.as_str().to_owned());
        if left.generated
            && both.contains(&ItemKind::Interface)
            && (both.contains(&ItemKind::Class) || both.contains(&ItemKind::Error))
        {
            self.push(Class::ClassAsInterface, &kinds);
        } else if left.generated
            && both.contains(&ItemKind::Function)
            && both.contains(&ItemKind::Variable)
        {
            // The type of another function is written out, or named.
            self.push(Class::TypeResolved, &kinds);
            return;
        } else if left.kind != right.kind {
            self.push(Class::KindChanged, &kinds);
            if !(has_members(left) && has_members(right)) {
                return;
            }
        }
        let names = self.type_params(left, right);
        if left.is_declared() && right.is_declared() && left.kind == right.kind {
            self.heads(left, right, &names);
        }
        match left.kind {
            ItemKind::Alias => {
                if let (Some(a), Some(b)) = (alias_type(left), alias_type(right)) {
                    let b = super::side::substitute(&b, &names);
                    let notes = self.types.compare(&a, &b);
                    self.push_notes(notes, &subject(a.to_string(), b.to_string()));
                }
                self.values_of_enum(left, right);
            }
            ItemKind::Variable => {
                if let (Some(a), Some(b)) = (&left.value, &right.value)
                    && unquoted(a) != unquoted(b)
                {
                    self.push(Class::ValueChanged, &subject(a.clone(), b.clone()));
                }
                // A constant without a type has that of its value, which is not read.
                if let (Some(a), Some(b)) = (&left.ty, &right.ty) {
                    let notes = self.types.compare(a, b);
                    self.push_notes(notes, &subject(a.to_string(), b.to_string()));
                }
            }
            ItemKind::Function => {
                let (a, b) = (&left.calls, &right.calls);
                let notes = self.overloads(a, b, Returns::Compared);
                self.push_notes(notes, &subject(signatures(a, false), signatures(b, false)));
            }
            ItemKind::Interface | ItemKind::Class | ItemKind::Error => {
                self.members(left, right, &names);
            }
        }
    }

    /// Compares what two declarations say of a symbol besides its members.
    fn heads(&mut self, left: &ItemFacts, right: &ItemFacts, names: &Bindings) {
        let subject = |left_text, right_text| Subject {
            item: &left.name,
            member: None,
            left: Some(left_text),
            right: Some(right_text),
            place: &left.place,
        };
        // What bases at hand bring is compared member by member.
        let elsewhere = |facts: &Facts, ty: &&TypeExpr| match ty {
            TypeExpr::Ref { name, .. } => find(facts, name).is_none(),
            _ => true,
        };
        for (word, a, b) in [
            ("extends", &left.extends, &right.extends),
            ("implements", &left.implements, &right.implements),
        ] {
            let a: Vec<TypeExpr> =
                a.iter().filter(|ty| elsewhere(self.sides.left, ty)).cloned().collect();
            let b = b.iter().filter(|ty| elsewhere(self.sides.right, ty));
            let b: Vec<TypeExpr> = b.map(|ty| super::side::substitute(ty, names)).collect();
            if self.types.all_of(&a, &b).is_none() {
                let text = |types: &[TypeExpr]| {
                    let types: Vec<String> = types.iter().map(ToString::to_string).collect();
                    format!("{word} {}", types.join(", "))
                };
                self.push(Class::HeadsChanged, &subject(text(&a), text(&b)));
            }
        }
        if left.is_abstract != right.is_abstract {
            let text = |is_abstract| if is_abstract { "abstract" } else { "not abstract" };
            let (a, b) = (text(left.is_abstract), text(right.is_abstract));
            self.push(Class::ModifierChanged, &subject(a.to_owned(), b.to_owned()));
        }
    }

    /// Compares the members of an enumeration by name.
    fn values_of_enum<'i>(&mut self, left: &'i ItemFacts, right: &'i ItemFacts) {
        if left.members.is_empty() || right.members.is_empty() {
            return;
        }
        let named = |item: &'i ItemFacts| -> BTreeMap<&'i str, &'i TypeExpr> {
            item.members.iter().map(|one| (one.name.as_str(), &one.value)).collect()
        };
        let (a, b) = (named(left), named(right));
        for name in a.keys().chain(b.keys().filter(|name| !a.contains_key(*name))) {
            let (a, b) = (a.get(name), b.get(name));
            let class = match (a, b) {
                (Some(a), Some(b)) if a == b => continue,
                (Some(_), Some(_)) => Class::ValueChanged,
                (Some(_), None) => Class::MemberExtra,
                (None, _) => Class::MemberMissing,
            };
            let subject = Subject {
                item: &left.name,
                member: Some(name),
                left: a.map(ToString::to_string),
                right: b.map(ToString::to_string),
                place: &left.place,
            };
            self.push(class, &subject);
        }
    }

    /// Compares type parameters; gives the left names for the right ones.
    fn type_params(&mut self, left: &ItemFacts, right: &ItemFacts) -> Bindings {
        let mut names = Bindings::new();
        let (a, b) = (&left.type_params, &right.type_params);
        for (a, b) in a.iter().zip(b).filter(|(a, b)| a.name != b.name) {
            names.insert(b.name.clone(), TypeExpr::named(a.name.as_str()));
        }
        let subject = Subject {
            item: &left.name,
            member: None,
            left: Some(params_text(a)),
            right: Some(params_text(b)),
            place: &left.place,
        };
        // The head of a class is on its own page; without it nothing is stated.
        if a.len() != b.len() && !left.is_partial() {
            self.push(Class::TypeChanged, &subject);
            return names;
        }
        for (a, b) in a.iter().zip(b) {
            for (a, b) in [(&a.extends, &b.extends), (&a.default, &b.default)] {
                match (a, b) {
                    (Some(a), Some(b)) => {
                        let b = super::side::substitute(b, &names);
                        let notes = self.types.compare(a, &b);
                        self.push_notes(notes, &subject);
                    }
                    (None, None) => {}
                    _ if left.is_declared() && right.is_declared() => {
                        self.push(Class::TypeChanged, &subject);
                    }
                    // Pages may leave either out.
                    _ => {}
                }
            }
        }
        names
    }

    /// Compares all signatures of one name: each has its own on the other side.
    fn overloads(
        &mut self,
        left: &[SignatureFacts],
        right: &[SignatureFacts],
        returns: Returns,
    ) -> Option<Notes> {
        let public: Vec<&SignatureFacts> = right.iter().filter(|one| !one.internal).collect();
        let mut rest = if public.is_empty() { right.iter().collect() } else { public };
        if left.len() != rest.len() {
            return None;
        }
        let as_type = |one: &SignatureFacts| {
            let mut made = function(one, false);
            if returns == Returns::Ignored {
                made.returns = super::side::UNSTATED;
                made.type_params.clear();
            }
            made
        };
        let mut notes = Notes::new();
        // Generators keep the order of the source.
        if self.types.generated {
            let pairs = left.iter().zip(&rest);
            let found: Option<Vec<Notes>> =
                pairs.map(|(a, b)| self.types.functions(&as_type(a), &as_type(b))).collect();
            if let Some(found) = found {
                return Some(found.into_iter().flatten().collect());
            }
        }
        for a in left {
            let a = as_type(a);
            let mut likes: Vec<(usize, Notes)> = rest
                .iter()
                .enumerate()
                .filter_map(|(at, b)| Some((at, self.types.functions(&a, &as_type(b))?)))
                .collect();
            likes.sort_by_key(|(_, notes)| notes.len());
            let (at, found) = likes.into_iter().next()?;
            rest.remove(at);
            notes.extend(found);
        }
        Some(notes)
    }
}

/// Whether results count; a constructor always makes its class.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Returns {
    Compared,
    Ignored,
}

/// A value without its quotes, which are one spelling of it or another.
fn unquoted(value: &str) -> &str {
    value.trim().trim_matches(['"', '\'', '`'])
}

fn params_text(params: &[TypeParam]) -> String {
    let texts: Vec<String> = params.iter().map(ToString::to_string).collect();
    format!("<{}>", texts.join(", "))
}
