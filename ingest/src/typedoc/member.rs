//! Members of classes, interfaces and objects.

pub(super) mod signature;
pub(super) mod table;

use credwire_schema::type_expr::{IndexSignature, TypeExpr};

use super::{
    comment::Comment,
    fields::{Below, nest},
    head::{Head, bare_name, line_of, split_default},
    outline::{Role, Section},
    text::{Types, member_name},
};
use crate::{
    facts::{AccessorFacts, DocFacts, MemberFacts, SignatureFacts},
    page::{Block, BlockKind, Span},
    ts,
};

/// The marks in front of a member.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Access {
    pub(super) is_static: bool,
    pub(super) readonly: bool,
    pub(super) protected: bool,
    pub(super) private: bool,
}

impl Access {
    pub(super) fn flag(&mut self, word: &str) {
        match word {
            "static" => self.is_static = true,
            "readonly" => self.readonly = true,
            "protected" => self.protected = true,
            "private" => self.private = true,
            _ => {}
        }
    }

    pub(super) fn of(head: &Head) -> Self {
        let mut access = Self::default();
        head.flags.iter().for_each(|flag| access.flag(flag));
        access
    }

    /// As facts have it.
    pub(super) fn word(self) -> Option<String> {
        self.protected.then(|| "protected".to_owned())
    }
}

/// The line of a section that declares `name`, and which of its blocks that is.
pub(super) fn head_of(types: &Types<'_>, section: &Section, name: &str) -> Option<(usize, Head)> {
    section.blocks.iter().enumerate().find_map(|(at, block)| {
        let line = typed_line(types, block)?;
        let last = name.rsplit('.').next().unwrap_or(name);
        let read = |name: &str| Head::read(&line, name).filter(|head| !head.rest.is_empty());
        // The line of what an interface does when it is called has no name.
        let unnamed = || Head::read(&line, "").filter(Head::is_signature);
        Some((at, read(name).or_else(|| read(last)).or_else(unnamed)?))
    })
}

/// The line of a block, links with their namespaces.
fn typed_line(types: &Types<'_>, block: &Block) -> Option<String> {
    match &block.kind {
        BlockKind::Quote(children) => match &children.first()?.kind {
            BlockKind::Prose(spans) => Some(types.text(spans)),
            _ => None,
        },
        kind => line_of(kind),
    }
}

/// The base that a member comes from.
pub(super) fn inherited_from(types: &Types<'_>, section: &Section) -> Option<String> {
    let part = section.part(&["Inherited from"])?;
    part.blocks.iter().find_map(|block| match &block.kind {
        BlockKind::Prose(spans) => Some(base_of(types, spans)),
        _ => None,
    })
}

/// `Base` of `Base.member`.
pub(super) fn base_of(types: &Types<'_>, spans: &[Span]) -> String {
    let text = types.text(spans);
    text.rsplit_once('.').map_or(text.clone(), |(base, _)| base.to_owned())
}

/// Reads a property from its line and what stands below it.
pub(super) fn property(
    types: &mut Types<'_>,
    name: &str,
    at: usize,
    head: &Head,
    section: &Section,
) -> MemberFacts {
    let access = Access::of(head);
    let mut comment = Comment::of(section, Some(at));
    let place = section.place.clone();
    let mut rest = head.rest.as_str();
    let marked = rest.starts_with('?');
    rest = rest.trim_start_matches('?').trim();
    rest = rest.trim_start_matches([':', '=']).trim();
    let (text, default) = split_default(rest);
    // A constant says its value twice: as its type, and as what it is set to.
    if let Some(default) = default.filter(|default| *default != text) {
        let span = Span { text: default.to_owned(), code: true, link: None, place: place.clone() };
        comment = comment.with_default(&[span]);
    }
    let below = below(types, section);
    let ty = types.parse(text, &place);
    let mut facts = MemberFacts::new(member_name(name), below.complete(ty), place);
    facts.fields = below.stated();
    facts.optional =
        marked || head.has("optional") || section.title.trim_matches('~').ends_with('?');
    facts.readonly = Some(access.readonly);
    facts.access = access.word();
    facts.internal = comment.internal;
    facts.doc = comment.facts(facts.ty.as_ref());
    facts.drop_undefined();
    facts
}

/// What stands below a property, a result or an alias whose type has no name.
pub(super) fn below(types: &mut Types<'_>, section: &Section) -> Below {
    let mut below = Below::default();
    let mut flat = Vec::new();
    // Those of an alias may stand in groups.
    let parts = section.children.iter().filter(|part| {
        part.role == Role::Members
            || matches!(part.title.as_str(), "Type Declaration" | "Type declaration")
    });
    for part in std::iter::once(section).chain(parts) {
        for block in &part.blocks {
            for row in table::rows(types, block).into_iter().flatten() {
                flat.push(row.member);
            }
        }
        for child in part.children.iter().filter(|child| child.role == Role::Member) {
            flat.extend(field(types, child));
        }
        below.index.extend(index(types, part));
    }
    // Of a member of a member the whole path is shown.
    if section.role == Role::Member {
        let path = format!("{}.", bare_name(&section.title));
        for field in &mut flat {
            if let Some(rest) = field.name.strip_prefix(&path) {
                field.name = rest.to_owned();
            }
        }
    }
    below.fields = nest(flat);
    let has_parts = section.part(&["Parameters", "Returns"]).is_some();
    if has_parts && section.role != Role::Part {
        let head = Head { flags: Vec::new(), rest: "()".to_owned() };
        let mut signature = signature::read(types, "", &head, section, &Comment::default());
        if let Some(list) = section.part(&["Type Parameters", "Type parameters"]) {
            signature.type_params = signature::type_params(types, list);
        }
        below.signature = Some(signature);
    }
    below
}

/// A member of an object; a method is one of the type of its function.
fn field(types: &mut Types<'_>, section: &Section) -> Option<MemberFacts> {
    let name = bare_name(&section.title);
    if let Some((at, head)) = head_of(types, section, name)
        && !head.is_signature()
    {
        return Some(property(types, name, at, &head, section));
    }
    if let Some(accessor) = accessor(types, name, section) {
        let mut facts = MemberFacts::new(member_name(name), accessor.get, section.place.clone());
        facts.readonly = Some(accessor.set.is_none());
        facts.doc = accessor.doc;
        return Some(facts);
    }
    let Some(first) = signature::all(types, name, section).into_iter().next() else {
        // A method without its line.
        let signature = below(types, section).signature?;
        let function = TypeExpr::Function(Box::new(signature.function_type(TypeExpr::Any)));
        let place = section.place.clone();
        let mut facts = MemberFacts::new(member_name(name), Some(function), place);
        facts.readonly = Some(false);
        facts.optional = section.title.trim_matches('~').ends_with('?');
        return Some(facts);
    };
    let mut facts = MemberFacts::new(member_name(name), None, section.place.clone());
    let function = TypeExpr::Function(Box::new(first.facts.function_type(TypeExpr::Any)));
    facts.optional = first.facts.optional;
    facts.readonly = Some(false);
    facts.internal = first.comment.internal;
    facts.doc = first.comment.facts(Some(&function));
    facts.ty = Some(function);
    Some(facts)
}

/// The index signatures of a symbol or an object.
pub(super) fn index(types: &Types<'_>, section: &Section) -> Vec<IndexSignature> {
    let parts = section.all(&["Indexable", "Index Signature", "Index signature"]);
    let mut found = Vec::new();
    for block in parts.flat_map(|part| &part.blocks) {
        let line = match &block.kind {
            BlockKind::Prose(spans) => Some(types.text(spans)),
            _ => typed_line(types, block),
        };
        let line = line.filter(|line| line.trim_start_matches("readonly ").starts_with('['));
        if let Some(line) = line
            && let Ok(parsed) = ts::parse_member(line.trim_end_matches(';'))
        {
            let member = parsed.value;
            if member.kind == ts::MemberKind::Index {
                found.push(member.into_index());
            }
        }
    }
    found
}

/// Reads an accessor: a getter, a setter or both.
pub(super) fn accessor(
    types: &mut Types<'_>,
    name: &str,
    section: &Section,
) -> Option<AccessorFacts> {
    let mut facts = AccessorFacts {
        name: member_name(name),
        get: None,
        set: None,
        doc: DocFacts::default(),
        access: None,
        inherited_from: inherited_from(types, section),
        unimplemented: false,
        internal: false,
        page: None,
        place: section.place.clone(),
    };
    // A getter and a setter in one section, or a section for each.
    let mut found = false;
    let parts = std::iter::once(section).chain(&section.children);
    for part in parts {
        for (at, block) in part.blocks.iter().enumerate() {
            let Some(head) = typed_line(types, block).and_then(|line| Head::read(&line, name))
            else {
                continue;
            };
            let (get, set) = (head.has("get"), head.has("set"));
            if !(get || set) {
                continue;
            }
            found = true;
            // A setter may stand behind the result of its getter.
            let behind = part.role == Role::Part && part.title == "Returns";
            let own = if behind && part.part(&["Parameters"]).is_none() { section } else { part };
            let comment = Comment::of_blocks(part.blocks.get(at + 1..).unwrap_or_default());
            let access = Access::of(&head);
            facts.access = facts.access.take().or(access.word());
            let read = signature::read(types, name, &head, own, &comment);
            facts.inherited_from = facts.inherited_from.take().or(inherited_from(types, own));
            let tags = Comment::of(own, (own.depth == part.depth).then_some(at));
            facts.internal |= tags.internal;
            if get {
                facts.get = read.returns;
                facts.doc = tags.facts(facts.get.as_ref());
            } else {
                let mut param = read.params.into_iter().next()?;
                param.readonly = None;
                if facts.get.is_none() {
                    facts.doc = tags.facts(param.ty.as_ref());
                }
                facts.set = Some(param);
            }
        }
    }
    found.then_some(facts)
}

/// Whether a member is private, which no declaration shows.
pub(super) fn is_private(name: &str, flags: Access) -> bool {
    flags.private || name.starts_with('#')
}

/// The signature of a function that a type is.
pub(super) fn signature_of(
    name: &str,
    ty: &TypeExpr,
    below: &Below,
    section: &Section,
) -> Option<SignatureFacts> {
    let TypeExpr::Function(function) = ty else { return None };
    let mut facts = SignatureFacts::new(name, section.place.clone());
    facts.type_params.clone_from(&function.type_params);
    facts.returns = Some(function.returns.clone());
    for param in &function.params {
        let described = below
            .signature
            .as_ref()
            .and_then(|signature| signature.params.iter().find(|known| known.name == param.name));
        let mut one = MemberFacts::new(
            param.name.as_str(),
            param.ty.clone(),
            described.map_or(&section.place, |known| &known.place).clone(),
        );
        one.optional = param.optional;
        one.rest = param.rest;
        if let Some(known) = described {
            one.doc = known.doc.clone();
            one.fields.clone_from(&known.fields);
        }
        one.drop_undefined();
        facts.params.push(one);
    }
    Some(facts)
}
