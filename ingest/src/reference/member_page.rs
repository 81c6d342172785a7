//! Pages of one accessor or method of a class; an observable and its snapshot share one.

use super::{
    Reader,
    code::{Statement, access, statement_kind},
    describe::describe,
    section,
    signature::Body,
};
use crate::{
    facts::{
        AccessorFacts, DocFacts, ItemFacts, ItemKind, MemberFacts, SignatureFacts, StaticFacts,
    },
    page::{Block, BlockKind, below_root, pascal_case},
    ts::{Member, MemberKind},
};

/// What the code below one heading declares.
#[derive(Debug, Default)]
pub(super) struct Members {
    pub(super) accessors: Vec<AccessorFacts>,
    pub(super) methods: Vec<SignatureFacts>,
    pub(super) constructors: Vec<SignatureFacts>,
    pub(super) calls: Vec<SignatureFacts>,
    pub(super) properties: Vec<MemberFacts>,
    pub(super) statics: StaticFacts,
}

/// Reads a member page into its class, which it knows by address only.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<ItemFacts> {
    let page = reader.page;
    let parent = page.slug.as_deref().and_then(|slug| slug.trim_end_matches('/').rsplit_once('/'));
    let parts = page.slug.as_deref().map(below_root).unwrap_or_default();
    let folder = page.category.last().cloned();
    let by_slug =
        || parts.len().checked_sub(2).and_then(|at| parts.get(at)).map(|part| pascal_case(part));
    let class = folder.or_else(by_slug).unwrap_or_default();
    if class.is_empty() {
        reader.error(
            "unknown-class",
            &page.title_place,
            "the page is of a member, and nothing says of which class",
            "keep the line of breadcrumbs above the title, or ingest the page's MDX source",
        );
        return None;
    }
    let mut item = ItemFacts::new(class, ItemKind::Class, page.title_place.clone());
    item.slug = parent.map(|(slug, _)| slug.to_owned());
    item.confidence = reader.confidence;
    for group in groups(&page.blocks) {
        let before = reader.anomalies.len();
        let members = reader.members(group);
        item.accessors.extend(members.accessors);
        let has_returns = group.iter().any(|block| match &block.kind {
            BlockKind::Heading { text, .. } => section::of(text) == Some(section::Section::Returns),
            _ => false,
        });
        for method in &members.methods {
            if !has_returns && reader.anomalies.len() == before {
                reader.odd("returns-section-missing", &method.place, method.name.clone());
            }
        }
        item.methods.extend(members.methods);
    }
    for accessor in &mut item.accessors {
        accessor.page = Some(page.path.clone());
    }
    for method in &mut item.methods {
        method.page = Some(page.path.clone());
    }
    if item.accessors.is_empty() && item.methods.is_empty() {
        reader.warn(
            "no-symbol",
            &page.title_place,
            "the page states no member",
            "put its signature into a `ts` fence at the top",
        );
    }
    Some(item)
}

/// Cuts a page at the second-level headings that a `get` or `set` fence follows.
fn groups(blocks: &[Block]) -> Vec<&[Block]> {
    let starts_member = |at: usize| {
        let Some(BlockKind::Heading { depth: 2, text, .. }) =
            blocks.get(at).map(|block| &block.kind)
        else {
            return false;
        };
        if section::of(text).is_some() {
            return false;
        }
        let fence = blocks
            .iter()
            .skip(at + 1)
            .take_while(|block| !matches!(block.kind, BlockKind::Heading { .. }))
            .find_map(|block| match &block.kind {
                BlockKind::Fence { code, .. } => Some(statement_kind(code)),
                _ => None,
            });
        fence == Some(Statement::Accessor)
    };
    let mut groups = Vec::new();
    let mut start = 0;
    for at in 0..blocks.len() {
        if starts_member(at) {
            groups.push(blocks.get(start..at).unwrap_or_default());
            start = at + 1;
        }
    }
    groups.push(blocks.get(start..).unwrap_or_default());
    groups
}

impl Reader<'_> {
    /// Reads the members that the code of a group declares, with what is said below it.
    pub(super) fn members(&mut self, blocks: &[Block]) -> Members {
        let body = self.body(blocks);
        let mut members = Members::default();
        for code in &body.code {
            if statement_kind(&code.text) == Statement::Other && !code.text.contains(':') {
                continue;
            }
            let Some(member) = self.member(code) else { continue };
            if code.linked {
                self.odd("markdown-link-in-signature", &code.place, self.page.title.clone());
            }
            let is_static = code.modifiers.iter().any(|word| word == "static");
            let (properties, accessors, methods) = if is_static {
                let own = &mut members.statics;
                (&mut own.properties, &mut own.accessors, &mut own.methods)
            } else {
                (&mut members.properties, &mut members.accessors, &mut members.methods)
            };
            match member.kind {
                MemberKind::Getter | MemberKind::Setter => {
                    let known = accessors.iter().position(|accessor| accessor.name == member.name);
                    let at = known.unwrap_or_else(|| {
                        accessors.push(accessor(
                            &member,
                            &body,
                            access(&code.modifiers),
                            &code.place,
                        ));
                        accessors.len() - 1
                    });
                    if let Some(accessor) = accessors.get_mut(at) {
                        self.complete(accessor, member, &body);
                    }
                }
                MemberKind::Method => {
                    let signature = self.signature(member, code, &body);
                    methods.push(signature);
                }
                MemberKind::Constructor => {
                    let signature = self.signature(member, code, &body);
                    members.constructors.push(signature);
                }
                MemberKind::Call => {
                    let signature = self.signature(member, code, &body);
                    members.calls.push(signature);
                }
                MemberKind::Property => {
                    let mut property = MemberFacts::new(member.name, member.ty, code.place.clone());
                    property.optional = member.optional;
                    property.readonly = member.readonly.then_some(true);
                    property.doc = describe(property.ty.as_ref(), &body.prose);
                    property.confidence = self.confidence;
                    properties.push(property);
                }
                MemberKind::Index => {}
            }
        }
        for accessor in members.accessors.iter_mut().chain(&mut members.statics.accessors) {
            accessor.doc = describe(
                accessor.get.as_ref().or_else(|| accessor.set.as_ref()?.ty.as_ref()),
                &body.prose,
            );
        }
        let accessors = members.accessors.iter().map(|accessor| accessor.name.as_str());
        let methods = members.methods.iter().map(|method| method.name.as_str());
        self.share_warning(&body.warned, accessors.chain(methods));
        members
    }

    fn complete(&mut self, accessor: &mut AccessorFacts, member: Member, body: &Body) {
        if accessor.access.is_some() {
            self.odd("protected-documented", &accessor.place, accessor.name.clone());
        }
        if member.kind == MemberKind::Getter {
            accessor.get = member.ty;
            return;
        }
        let Some(param) = member.params.into_iter().next() else { return };
        let entry = body.params.iter().find(|entry| entry.name == param.name);
        let place = accessor.place.clone();
        let mut set =
            entry.cloned().unwrap_or_else(|| MemberFacts::new(param.name.as_str(), None, place));
        if let Some(entry) = entry.filter(|entry| entry.optional) {
            let detail = format!("{}({})", accessor.name, param.name);
            self.odd("setter-entry-not-required", &entry.place, detail);
        }
        set.ty = param.ty.or(set.ty);
        set.optional = false;
        accessor.set = Some(set);
    }
}

fn accessor(
    member: &Member,
    body: &Body,
    access: Option<String>,
    place: &credwire_schema::diagnostic::Place,
) -> AccessorFacts {
    AccessorFacts {
        name: member.name.clone(),
        get: None,
        set: None,
        doc: DocFacts::default(),
        access,
        inherited_from: body.inherited_from.clone(),
        unimplemented: body.unimplemented,
        internal: false,
        page: None,
        place: place.clone(),
    }
}
