//! The members of a symbol as its side has them: its own, those it repeats, those it inherits.

use std::collections::{BTreeMap, BTreeSet};

use credwire_ingest::facts::{
    AccessorFacts, DocFacts, Facts, ItemFacts, ItemKind, MemberFacts, SignatureFacts,
};
use credwire_schema::{diagnostic::Place, type_expr::TypeExpr};

use super::side::{Bindings, bindings, find, function, substitute};

/// What tells members apart: the name, and whether it is written to by a setter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) name: String,
    pub(crate) setter: bool,
}

/// A member of whatever form.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    /// The name, behind `get ` or `set ` when it is an accessor of a class.
    pub(crate) label: String,
    pub(crate) form: Form,
    pub(crate) optional: bool,
    pub(crate) readonly: Option<bool>,
    /// The members of its object, when they are described one by one.
    pub(crate) fields: Vec<MemberFacts>,
    pub(crate) doc: DocFacts,
    pub(crate) place: Place,
    /// Neither protected nor internal.
    pub(crate) public: bool,
    pub(crate) is_abstract: bool,
    /// The base it comes from.
    pub(crate) from: Option<String>,
}

/// What a member is.
#[derive(Clone, Debug)]
pub(crate) enum Form {
    /// A property, or what a getter gives; a type when one is stated.
    Value(Option<TypeExpr>),
    /// What a setter takes.
    Setter(Option<TypeExpr>),
    /// A method, one signature for each overload.
    Method(Vec<SignatureFacts>),
    /// Constructors.
    Constructor(Vec<SignatureFacts>),
}

pub(crate) type Members = BTreeMap<Key, Member>;

/// What a symbol states itself: its own members, and those it repeats from its bases.
pub(crate) fn stated(item: &ItemFacts) -> Members {
    let mut members = own(item, &Bindings::new());
    repeated(item, &mut members);
    members
}

/// Adds what a symbol repeats from its bases and `members` lack.
fn repeated(item: &ItemFacts, members: &mut Members) {
    for base in &item.inherited {
        for property in &base.properties {
            let mut member = value(property, &Bindings::new());
            member.from = Some(base.from.clone());
            members.entry(key(&property.name)).or_insert(member);
        }
    }
}

/// Bases above these are not looked at, so that a chain of thousands costs no more than its length;
/// real ones end after a few.
pub(crate) const MAX_BASES: usize = 32;

/// All members of a symbol: its own, those of its bases, and what it repeats from bases that are
/// not at hand.
pub(crate) fn effective(facts: &Facts, item: &ItemFacts, bound: &Bindings) -> Members {
    let mut members = own(item, bound);
    bases(facts, item, bound, &mut members);
    repeated(item, &mut members);
    members
}

/// What a symbol has from its bases.
pub(crate) fn inherited(facts: &Facts, item: &ItemFacts) -> Members {
    let mut members = Members::new();
    bases(facts, item, &Bindings::new(), &mut members);
    members
}

/// Adds what the bases of a symbol have and `members` lack, nearer and earlier ones first.
fn bases(facts: &Facts, item: &ItemFacts, bound: &Bindings, members: &mut Members) {
    let mut seen = BTreeSet::from([item.name.clone()]);
    let mut waiting = direct_bases(facts, item, bound);
    while let Some(base) = waiting.pop().filter(|_| seen.len() <= MAX_BASES) {
        if !seen.insert(base.item.name.clone()) {
            continue;
        }
        for (key, mut member) in own(base.item, &base.bound) {
            member.from.get_or_insert_with(|| base.name.clone());
            members.entry(key).or_insert(member);
        }
        waiting.extend(direct_bases(facts, base.item, &base.bound));
    }
}

/// A base as a symbol names it.
struct Base<'a> {
    item: &'a ItemFacts,
    name: String,
    bound: Bindings,
}

/// The bases of a symbol, the first one last.
fn direct_bases<'a>(facts: &'a Facts, item: &ItemFacts, bound: &Bindings) -> Vec<Base<'a>> {
    let base = |base: &TypeExpr| {
        let TypeExpr::Ref { name, args } = substitute(base, bound) else { return None };
        let item = find(facts, &name)?;
        let bound = bindings(&item.type_params, &args);
        Some(Base { item, name, bound })
    };
    item.extends.iter().rev().filter_map(base).collect()
}

/// The name of a constructor.
pub(crate) const CONSTRUCTOR: &str = "constructor";
/// The name of what an interface does when it is called.
const CALL: &str = "()";

pub(crate) fn key(name: &str) -> Key {
    Key { name: name.to_owned(), setter: false }
}

fn own(item: &ItemFacts, bound: &Bindings) -> Members {
    let mut members = Members::new();
    for property in &item.properties {
        members.insert(key(&property.name), value(property, bound));
    }
    let is_class = matches!(item.kind, ItemKind::Class | ItemKind::Error);
    for facts in &item.accessors {
        accessor(facts, is_class, bound, &mut members);
    }
    let constructors = item.constructors.iter().map(|facts| (CONSTRUCTOR, facts));
    let calls = item.calls.iter().map(|facts| (CALL, facts));
    let methods = item.methods.iter().map(|facts| (facts.name.as_str(), facts));
    for (name, facts) in methods.chain(constructors).chain(calls) {
        signature(name, facts, bound, &mut members);
    }
    for index in &item.index {
        let mut property = MemberFacts::new(
            format!("[{}]", index.key),
            Some(index.value.clone()),
            item.place.clone(),
        );
        property.readonly = Some(index.readonly);
        members.insert(key(&property.name), value(&property, bound));
    }
    statics(item, bound, &mut members);
    members
}

/// What stands before the name of a static member.
const STATIC: &str = "static ";

/// Adds the static members, which may have the names of others.
fn statics(item: &ItemFacts, bound: &Bindings, members: &mut Members) {
    let mut own = Members::new();
    for property in &item.statics.properties {
        own.insert(key(&property.name), value(property, bound));
    }
    for facts in &item.statics.accessors {
        accessor(facts, true, bound, &mut own);
    }
    for facts in &item.statics.methods {
        signature(&facts.name, facts, bound, &mut own);
    }
    for (at, member) in own {
        let at = Key { name: format!("{STATIC}{}", at.name), ..at };
        members.insert(at, Member { label: format!("{STATIC}{}", member.label), ..member });
    }
}

fn value(facts: &MemberFacts, bound: &Bindings) -> Member {
    Member {
        label: facts.name.clone(),
        form: Form::Value(facts.ty.as_ref().map(|ty| substitute(ty, bound))),
        optional: facts.optional,
        readonly: facts.readonly,
        fields: facts.fields.clone(),
        doc: facts.doc.clone(),
        place: facts.place.clone(),
        public: !facts.internal && facts.access.as_deref().is_none_or(is_public),
        is_abstract: false,
        from: None,
    }
}

fn is_public(access: &str) -> bool {
    access == "public"
}

fn accessor(facts: &AccessorFacts, is_class: bool, bound: &Bindings, members: &mut Members) {
    let member = |form, setter: bool| {
        let word = match (is_class, setter) {
            (false, _) => "",
            (true, false) => "get ",
            (true, true) => "set ",
        };
        Member {
            label: format!("{word}{}", facts.name),
            form,
            optional: false,
            readonly: None,
            fields: Vec::new(),
            doc: facts.doc.clone(),
            place: facts.place.clone(),
            public: !facts.internal && facts.access.as_deref().is_none_or(is_public),
            is_abstract: false,
            from: facts.inherited_from.clone(),
        }
    };
    if let Some(ty) = &facts.get {
        let form = Form::Value(Some(substitute(ty, bound)));
        members.insert(key(&facts.name), member(form, false));
    }
    if let Some(set) = &facts.set {
        let form = Form::Setter(set.ty.as_ref().map(|ty| substitute(ty, bound)));
        let setter = Member { doc: set.doc.clone(), ..member(form, true) };
        members.insert(Key { name: facts.name.clone(), setter: true }, setter);
    }
}

fn signature(name: &str, facts: &SignatureFacts, bound: &Bindings, members: &mut Members) {
    let mut facts = facts.clone();
    for ty in facts.params.iter_mut().filter_map(|param| param.ty.as_mut()) {
        *ty = substitute(ty, bound);
    }
    facts.returns = facts.returns.as_ref().map(|ty| substitute(ty, bound));
    let public = !facts.internal && facts.access.as_deref().is_none_or(is_public);
    match members.get_mut(&key(name)) {
        Some(Member {
            form: Form::Method(all) | Form::Constructor(all), public: known, ..
        }) => {
            *known |= public;
            all.push(facts);
        }
        _ => {
            let member = Member {
                label: name.to_owned(),
                optional: facts.optional,
                readonly: None,
                fields: Vec::new(),
                doc: DocFacts::default(),
                place: facts.place.clone(),
                public,
                is_abstract: facts.is_abstract,
                from: facts.inherited_from.clone(),
                form: if name == CONSTRUCTOR {
                    Form::Constructor(vec![facts])
                } else {
                    Form::Method(vec![facts])
                },
            };
            members.insert(key(name), member);
        }
    }
}

impl Member {
    pub(crate) fn is_static(&self) -> bool {
        self.label.starts_with(STATIC)
    }

    /// The type, of a method with one signature the function's.
    pub(crate) fn ty(&self) -> Option<TypeExpr> {
        match &self.form {
            Form::Value(ty) | Form::Setter(ty) => ty.clone(),
            Form::Method(all) | Form::Constructor(all) => match all.as_slice() {
                [one] => Some(TypeExpr::Function(Box::new(function(one, false)))),
                _ => None,
            },
        }
    }

    /// What it is, as a reader would write it.
    pub(crate) fn text(&self) -> String {
        match &self.form {
            Form::Value(ty) | Form::Setter(ty) => {
                ty.as_ref().map_or_else(String::new, ToString::to_string)
            }
            Form::Method(all) => signatures(all, false),
            Form::Constructor(all) => signatures(all, true),
        }
    }
}

/// Signatures as text, joined by `; `.
pub(crate) fn signatures(all: &[SignatureFacts], construct: bool) -> String {
    let texts: Vec<String> = all
        .iter()
        .map(|one| {
            let shown = function(one, construct).to_string();
            shown.trim_end_matches(" => ").to_owned()
        })
        .collect();
    texts.join("; ")
}
