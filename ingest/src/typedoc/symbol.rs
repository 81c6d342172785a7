//! Symbols: what stands below their titles, as facts.

use credwire_schema::type_expr::TypeExpr;

use super::{
    comment::Comment,
    head::{bare_name, split_default},
    member::{self, Access, is_private, signature, table},
    outline::{Role, Section},
    text::{Types, bases, member_name},
};
use crate::{
    facts::{
        EnumMemberFacts, InheritedFacts, ItemFacts, ItemKind, MemberFacts, Sentence, SignatureFacts,
    },
    page::{Block, BlockKind, text_of},
    reference::one_of,
};

/// What a symbol is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Interface,
    Class,
    Alias,
    Function,
    Variable,
    Enumeration,
}

impl Kind {
    /// The kind that a group of symbols has, by its heading or by its folder.
    pub(super) fn of_group(group: &str) -> Option<Self> {
        match group.to_ascii_lowercase().replace(' ', "-").as_str() {
            "interfaces" => Some(Self::Interface),
            "classes" => Some(Self::Class),
            "type-aliases" => Some(Self::Alias),
            "functions" => Some(Self::Function),
            "variables" => Some(Self::Variable),
            "enumerations" => Some(Self::Enumeration),
            _ => None,
        }
    }

    /// The kind that the title of a page names: `Abstract Class: X`.
    pub(super) fn of_title(word: &str) -> Option<Self> {
        match word.to_ascii_lowercase().as_str() {
            "interface" => Some(Self::Interface),
            "class" | "abstract class" => Some(Self::Class),
            "type alias" => Some(Self::Alias),
            "function" => Some(Self::Function),
            "variable" => Some(Self::Variable),
            "enumeration" | "enum" => Some(Self::Enumeration),
            _ => None,
        }
    }
}

/// Reads a symbol.
pub(super) fn read(
    types: &mut Types<'_>,
    kind: Kind,
    name: &str,
    public: &str,
    section: &Section,
) -> ItemFacts {
    let item_kind = match kind {
        Kind::Interface => ItemKind::Interface,
        Kind::Class => ItemKind::Class,
        Kind::Alias | Kind::Enumeration => ItemKind::Alias,
        Kind::Function => ItemKind::Function,
        Kind::Variable => ItemKind::Variable,
    };
    let mut item = ItemFacts::new(public, item_kind, section.place.clone());
    let head = member::head_of(types, section, name);
    let comment = Comment::of(section, head.as_ref().map(|(at, _)| *at));
    item.deprecated = comment.deprecated;
    item.since.clone_from(&comment.since);
    item.sentence = Sentence::of(&comment.prose);
    match kind {
        Kind::Interface | Kind::Class => object(types, name, section, &mut item),
        Kind::Function => {
            let all = signature::all(types, name, section);
            item.calls = all.into_iter().map(|one| called(one.facts, public)).collect();
        }
        Kind::Enumeration => enumeration(types, section, &mut item),
        Kind::Alias | Kind::Variable => {
            let Some((_, head)) = head else {
                callable(types, name, public, section, &mut item);
                return item;
            };
            value(types, kind, public, &head.rest, section, &mut item);
        }
    }
    if item.one_of.is_none() && !comment.prose.is_empty() {
        let known: Vec<&str> = item.properties.iter().map(|one| one.name.as_str()).collect();
        if !known.is_empty() && matches!(kind, Kind::Interface | Kind::Class) {
            item.one_of = one_of(&comment.prose, &known);
        }
    }
    item
}

/// The call signatures of a symbol without a line of its own.
fn callable(
    types: &mut Types<'_>,
    name: &str,
    public: &str,
    section: &Section,
    item: &mut ItemFacts,
) {
    let all = signature::all(types, name, section);
    if !all.is_empty() {
        item.kind = ItemKind::Function;
        item.calls = all.into_iter().map(|one| called(one.facts, public)).collect();
    }
}

fn called(mut facts: SignatureFacts, public: &str) -> SignatureFacts {
    public.clone_into(&mut facts.name);
    facts
}

/// `= T` of an alias, `: T = value` of a variable.
fn value(
    types: &mut Types<'_>,
    kind: Kind,
    public: &str,
    rest: &str,
    section: &Section,
    item: &mut ItemFacts,
) {
    let mut rest = rest.trim();
    // The names of type parameters; their section says the rest.
    let mut own = None;
    if rest.starts_with('<')
        && let Some(end) = super::head::closing(rest, 0)
    {
        own = section.part(&["Type Parameters", "Type parameters"]);
        item.type_params = match own {
            Some(list) => signature::type_params(types, list),
            None => types.type_params(rest.get(1..end).unwrap_or_default(), &section.place),
        };
        rest = rest.get(end + 1..).unwrap_or_default().trim();
    }
    let rest = rest.trim_start_matches([':', '=']).trim();
    let (text, written) = if kind == Kind::Variable { split_default(rest) } else { (rest, None) };
    let mut section_below = member::below(types, section);
    if own.is_some()
        && let Some(signature) = &mut section_below.signature
    {
        // They are those of the alias, not of the function that it is.
        signature.type_params.clear();
    }
    let ty = types.parse(text, &section.place);
    let ty = section_below.complete(ty);
    if let Some(ty) = &ty
        && let Some(mut call) = member::signature_of(public, ty, &section_below, section)
        && (kind == Kind::Alias || !is_constructor(ty))
    {
        let comment = Comment::of(section, None);
        call.deprecated = comment.deprecated;
        call.throws = comment.throws;
        call.internal = comment.internal;
        item.calls.push(call);
        if kind == Kind::Variable {
            item.kind = ItemKind::Function;
            return;
        }
    }
    item.value = written.map(str::to_owned);
    item.ty = ty;
    if kind == Kind::Alias {
        item.properties = section_below.stated();
    }
}

fn is_constructor(ty: &TypeExpr) -> bool {
    matches!(ty, TypeExpr::Function(function) if function.construct)
}

/// An interface or a class.
fn object(types: &mut Types<'_>, name: &str, section: &Section, item: &mut ItemFacts) {
    if let Some(list) = section.part(&["Type Parameters", "Type parameters"]) {
        item.type_params = signature::type_params(types, list);
    }
    item.is_abstract = section.title.contains("abstract ") || section.title.contains("Abstract ");
    item.extends = heads(types, section, "Extends");
    item.implements = heads(types, section, "Implements");
    item.extended_by = heads(types, section, "Extended by");
    item.index = member::index(types, section);
    for call in signature::all(types, name, section) {
        if call.head.is_signature() {
            item.calls.push(call.facts);
        }
    }
    members(types, section, item);
}

/// The types of a list below a heading.
fn heads(types: &mut Types<'_>, section: &Section, title: &str) -> Vec<TypeExpr> {
    let mut found = Vec::new();
    for part in section.all(&[title, "Hierarchy"]).filter(|part| part.title == title) {
        for block in &part.blocks {
            let BlockKind::List(items) = &block.kind else { continue };
            for Block { kind, place } in items.iter().flatten() {
                let BlockKind::Prose(spans) = kind else { continue };
                let text = types.text(spans);
                for base in bases(&text, spans) {
                    found.extend(types.parse(&base, place));
                }
            }
        }
    }
    found
}

/// The members below a symbol, in whatever groups they stand.
fn members(types: &mut Types<'_>, section: &Section, item: &mut ItemFacts) {
    for child in &section.children {
        match child.role {
            Role::Member => one(types, child, item),
            Role::Members | Role::Tag => {
                let mut flat = Vec::new();
                for block in &child.blocks {
                    flat.extend(table::rows(types, block).into_iter().flatten());
                }
                rows(flat, item);
                members(types, child, item);
            }
            _ => {}
        }
    }
}

/// Adds the rows of a table; those of members of members follow the row of the outer one.
fn rows(flat: Vec<table::Row>, item: &mut ItemFacts) {
    let mut outer: Vec<(MemberFacts, Access, Option<String>, Vec<MemberFacts>)> = Vec::new();
    for row in flat {
        let inner = outer.last_mut().filter(|(member, ..)| {
            let rest = row.member.name.strip_prefix(member.name.as_str());
            rest.is_some_and(|rest| rest.starts_with('.'))
        });
        match inner {
            Some((.., below)) => below.push(row.member),
            None => outer.push((row.member, row.access, row.inherited_from, Vec::new())),
        }
    }
    for (member, access, from, below) in outer {
        if is_private(&member.name, access) {
            continue;
        }
        let all = std::iter::once(member).chain(below).collect();
        for mut member in super::fields::nest(all) {
            member.drop_undefined();
            put(item, member, access.is_static, from.clone());
        }
    }
}

/// Adds a property where it belongs: to the symbol, to its base, or to the class itself.
fn put(item: &mut ItemFacts, member: MemberFacts, is_static: bool, from: Option<String>) {
    match (from, is_static) {
        (None, true) => item.statics.properties.push(member),
        (None, false) => item.properties.push(member),
        // Those of another class are that one's.
        (Some(_), true) => {}
        (Some(from), false) => match item.inherited.iter_mut().find(|base| base.from == from) {
            Some(base) => base.properties.push(member),
            None => item.inherited.push(InheritedFacts { from, properties: vec![member] }),
        },
    }
}

/// Adds one member.
fn one(types: &mut Types<'_>, section: &Section, item: &mut ItemFacts) {
    let name = bare_name(&section.title);
    if name == "Constructor" || name.starts_with("new ") {
        for made in signature::all(types, "constructor", section) {
            let mut facts = made.facts;
            if facts.inherited_from.is_none() && !made.head.has("private") {
                "constructor".clone_into(&mut facts.name);
                facts.is_abstract = false;
                facts.type_params.clear();
                item.constructors.push(facts);
            }
        }
        return;
    }
    if let Some(mut accessor) = member::accessor(types, name, section) {
        let flags = accessor_flags(types, name, section);
        if is_private(name, flags) {
            return;
        }
        match (flags.is_static, accessor.inherited_from.is_some()) {
            (true, true) => {}
            (true, false) => item.statics.accessors.push(accessor),
            (false, _) => {
                item.has_accessors = true;
                accessor.page = None;
                item.accessors.push(accessor);
            }
        }
        return;
    }
    if let Some((at, head)) = member::head_of(types, section, name)
        && !head.is_signature()
    {
        let access = Access::of(&head);
        if !is_private(name, access) {
            let member = member::property(types, name, at, &head, section);
            let from = member::inherited_from(types, section);
            put(item, member, access.is_static, from);
        }
        return;
    }
    for method in signature::all(types, name, section) {
        let access = Access::of(&method.head);
        if is_private(name, access) {
            continue;
        }
        let mut facts = method.facts;
        facts.name = member_name(name);
        if access.is_static {
            item.statics.methods.push(facts);
        } else {
            item.methods.push(facts);
        }
    }
}

fn accessor_flags(types: &Types<'_>, name: &str, section: &Section) -> Access {
    std::iter::once(section)
        .chain(&section.children)
        .find_map(|part| member::head_of(types, part, name))
        .map(|(_, head)| Access::of(&head))
        .unwrap_or_default()
}

/// The members of an enumeration: under headings, or in a table.
fn enumeration(types: &mut Types<'_>, section: &Section, item: &mut ItemFacts) {
    for group in section.children.iter().filter(|child| child.role == Role::Members) {
        for block in &group.blocks {
            let BlockKind::Table(table) = &block.kind else { continue };
            let Some((head, rows)) = table.split_first() else { continue };
            let value = head.iter().position(|cell| text_of(cell).trim() == "Value");
            for row in rows {
                let Some(name) = row.first().map(|cell| text_of(cell)) else { continue };
                let text = value.and_then(|at| row.get(at)).map(|cell| types.text(cell));
                let ty = types.parse(&text.unwrap_or_default(), &block.place);
                variant(item, name.trim(), ty);
            }
        }
        for member in group.children.iter().filter(|child| child.role == Role::Member) {
            let name = bare_name(&member.title);
            if let Some((_, head)) = member::head_of(types, member, name) {
                let text = head.rest.trim_start_matches([':', '=']).trim();
                let ty = types.parse(text, &member.place);
                let comment = Comment::of(member, None);
                variant(item, &member.title, ty);
                if let Some(last) = item.members.last_mut() {
                    last.deprecated |= comment.deprecated;
                    last.sentence = Sentence::of(&comment.prose);
                }
            }
        }
    }
    let values = item.members.iter().map(|member| member.value.clone());
    item.ty = Some(TypeExpr::Union(values.collect()));
}

fn variant(item: &mut ItemFacts, shown: &str, value: Option<TypeExpr>) {
    let name = bare_name(shown).to_owned();
    let value = value.unwrap_or_else(|| TypeExpr::named(format!("{}.{name}", item.name)));
    let deprecated = shown.starts_with("~~");
    item.members.push(EnumMemberFacts { name, value, deprecated, sentence: Sentence::default() });
}
