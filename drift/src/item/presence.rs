//! Which members each side has.

use std::collections::{BTreeMap, BTreeSet};

use credwire_ingest::facts::{Facts, ItemFacts, ItemKind};
use credwire_schema::type_expr::TypeExpr;

use super::{Comparison, Subject};
use crate::{
    class::Class,
    contradictions::doc_texts,
    members::{CONSTRUCTOR, Form, Key, Member, Members, effective, key, stated},
    side::{Bindings, find},
};

/// What the types of Node give to `Error` itself; a table that does not show what is static shows them as members of each
/// error.
const STATICS_OF_ERRORS: [&str; 3] = ["captureStackTrace", "prepareStackTrace", "stackTraceLimit"];

impl<'a> Comparison<'a> {
    pub(super) fn members(&mut self, left: &ItemFacts, right: &ItemFacts, names: &Bindings) {
        let said = stated(left);
        let known = effective(self.sides.right, right, names);
        let mut pages: BTreeMap<String, Members> = BTreeMap::new();
        // What a page describes is meant for the public, whatever word stands before it.
        let has_pages = !self.sides.left.pages.is_empty() && !left.generated;
        let both_declared = left.is_declared() && right.is_declared();
        for (at, member) in
            said.iter().filter(|(_, member)| member.public || has_pages || left.generated)
        {
            let page = member.from.as_ref().map(|base| {
                let described = || self.described(base);
                (base, pages.entry(base.clone()).or_insert_with(described))
            });
            if let Some((base, page)) = page
                && page.contains_key(at)
            {
                self.copies.push((left.name.clone(), member.label.clone(), base.clone()));
            }
            let subject = |other: Option<&Member>| Subject {
                item: &left.name,
                member: Some(&member.label),
                left: Some(member.text()),
                right: other.map(Member::text),
                place: &member.place,
            };
            match known.get(at) {
                Some(other) if other.public => {
                    self.member(&left.name, &member.label, member, other);
                    if both_declared {
                        self.declared(&subject(Some(other)), member, other);
                    }
                }
                // Generators show what is protected, and say so.
                Some(other) if !member.public && left.generated => {
                    self.member(&left.name, &member.label, member, other);
                }
                Some(other) if left.generated => {
                    self.push(Class::ModifierLost, &subject(Some(other)));
                    self.member(&left.name, &member.label, member, other);
                }
                Some(other) => self.push(Class::MemberNotPublic, &subject(Some(other))),
                None if left.generated
                    && !member.is_static()
                    && known.contains_key(&key(&format!("static {}", at.name))) =>
                {
                    self.push(Class::ModifierLost, &subject(None));
                }
                // Declarations give what is private no type, and tables do not say that it is.
                None if left.generated
                    && right.kind == ItemKind::Class
                    && member.ty() == Some(TypeExpr::Any) =>
                {
                    self.push(Class::ModifierLost, &subject(None));
                }
                None if left.generated
                    && !member.is_static()
                    && STATICS_OF_ERRORS.contains(&at.name.as_str())
                    && open_bases(self.sides.right, right).contains("Error") =>
                {
                    self.push(Class::ModifierLost, &subject(None));
                }
                None if is_implied(self.sides.right, right, &known, at, member) => {}
                None => self.push(Class::MemberExtra, &subject(None)),
            }
        }
        let bases = documented_bases(self.sides.left, left, right);
        // What was protected is new to the public.
        let is_said = |at: &Key| said.get(at).is_some_and(|member| member.public || !both_declared);
        for (at, other) in known.iter().filter(|(at, other)| other.public && !is_said(at)) {
            // Pages of members do not say what is static, and generators leave to the page of a base
            // what is its own.
            let is_silent = left.statics.is_empty() || (left.generated && other.from.is_some());
            if other.is_static() && !both_declared && is_silent {
                continue;
            }
            let is_constructor = matches!(other.form, Form::Constructor(_));
            let is_accessor = other.label != at.name;
            if (is_constructor && (other.from.is_some() || left.kind == ItemKind::Interface))
                || (left.is_partial() && !is_accessor && !matches!(other.form, Form::Method(_)))
                || (at.setter && is_property(&said, at))
            {
                continue;
            }
            let among_instances = || {
                let name = at.name.strip_prefix("static ").unwrap_or(&at.name);
                said.keys().any(|said| said.name == name)
            };
            let class = match &other.from {
                _ if left.generated && other.is_static() && among_instances() => {
                    Class::ModifierLost
                }
                None => Class::MemberMissing,
                Some(_) if bases.iter().any(|base| base.contains_key(at)) => continue,
                Some(_) => Class::MemberMissingInherited,
            };
            let subject = Subject {
                item: &left.name,
                member: Some(&other.label),
                left: None,
                right: Some(other.text()),
                place: &other.place,
            };
            self.push(class, &subject);
        }
    }

    /// Compares what only declarations say of a member for certain.
    fn declared(&mut self, subject: &Subject<'_>, left: &Member, right: &Member) {
        let readonly_changed = matches!(
            (left.readonly, right.readonly), (Some(a), Some(b)) if a != b
        );
        if left.is_abstract != right.is_abstract || readonly_changed {
            self.push(Class::ModifierChanged, subject);
        }
        let stated = doc_texts(&left.doc).into_iter().zip(doc_texts(&right.doc));
        for (a, b) in stated.filter_map(|(a, b)| Some((a?.value, b?.value))) {
            if a != b {
                let said = Subject { left: Some(a), right: Some(b), ..*subject };
                self.push(Class::StatementChanged, &said);
            }
        }
    }

    /// What the docs describe of a symbol; nothing when it has no page.
    fn described(&self, name: &str) -> Members {
        let item = self.sides.left.items.get(name);
        item.map(|item| effective(self.sides.left, item, &Bindings::new())).unwrap_or_default()
    }
}

/// Whether the source has a member without writing it down.
fn is_implied(facts: &Facts, item: &ItemFacts, known: &Members, at: &Key, member: &Member) -> bool {
    // A property can be written to, unless it is read-only.
    if at.setter {
        return known.get(&key(&at.name)).is_some_and(|value| {
            value.label == at.name && value.readonly != Some(true) && value.public
        });
    }
    let opened = open_bases(facts, item);
    // Every class has a constructor; which one its base has is not known here.
    if at.name == CONSTRUCTOR {
        let takes_nothing = match &member.form {
            Form::Constructor(all) => all.iter().all(|one| one.params.is_empty()),
            _ => false,
        };
        return takes_nothing || !opened.is_empty();
    }
    opened.iter().any(|base| match base.as_str() {
        "Error" => {
            member.is_static() || ["name", "message", "stack", "cause"].contains(&at.name.as_str())
        }
        _ => true,
    })
}

fn is_property(said: &Members, at: &Key) -> bool {
    said.get(&key(&at.name)).is_some_and(|value| value.label == at.name)
}

/// The bases that are declared elsewhere: what they bring is not known.
fn open_bases(facts: &Facts, item: &ItemFacts) -> BTreeSet<String> {
    let mut open = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut waiting = vec![item];
    while let Some(item) = waiting.pop() {
        if !seen.insert(item.name.as_str()) {
            continue;
        }
        for base in &item.extends {
            let TypeExpr::Ref { name, .. } = base else { continue };
            match find(facts, name) {
                // What an alias stands for as a base is not worked out.
                Some(base) if base.kind == ItemKind::Alias => drop(open.insert(name.clone())),
                Some(base) => waiting.push(base),
                None => drop(open.insert(name.clone())),
            }
        }
    }
    open
}

/// What the pages of the bases describe. The heads of a class without a page of its own are those
/// of the source.
fn documented_bases(facts: &Facts, left: &ItemFacts, right: &ItemFacts) -> Vec<Members> {
    let heads = if left.is_partial() { &right.extends } else { &left.extends };
    heads
        .iter()
        .filter_map(|base| match base {
            TypeExpr::Ref { name, .. } => find(facts, name),
            _ => None,
        })
        .map(|base| {
            let mut members = effective(facts, base, &Bindings::new());
            members.extend(stated(base));
            members
        })
        .collect()
}
