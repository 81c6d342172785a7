//! Pages that hold a whole symbol: interfaces, classes, error classes.

use credwire_schema::type_expr::TypeExpr;

use super::{
    Reader,
    describe::one_of,
    fields::prose,
    member_page::Members,
    section::{self, Section},
};
use crate::{
    facts::{ItemFacts, ItemKind, Sentence},
    page::{Block, BlockKind, Span},
};

pub(super) fn read(reader: &mut Reader<'_>, kind: ItemKind) -> ItemFacts {
    let mut item = reader.item(kind);
    let blocks = &reader.page.blocks;
    let mut intro: Vec<Span> = Vec::new();
    let mut start = 0;
    let mut part: Option<Section> = None;
    for (at, block) in blocks.iter().enumerate() {
        let BlockKind::Heading { depth: 1..=2, bold, text } = &block.kind else { continue };
        section_part(
            reader,
            part,
            blocks.get(start..at).unwrap_or_default(),
            &mut item,
            &mut intro,
        );
        start = at + 1;
        part = Some(section::of(text).unwrap_or(Section::Notes));
        if *bold && section::of(text).is_none() {
            reader.unknown_section(text, &block.place);
        }
    }
    section_part(reader, part, blocks.get(start..).unwrap_or_default(), &mut item, &mut intro);
    // A constructor has no type parameters of its own, only those of its class.
    for constructor in &mut item.constructors {
        constructor.type_params.clear();
    }
    tables(reader, &mut item);
    let known: Vec<&str> = item.properties.iter().map(|property| property.name.as_str()).collect();
    item.one_of = one_of(&intro, &known);
    item.sentence = Sentence::of(&intro);
    item
}

fn section_part(
    reader: &mut Reader<'_>,
    part: Option<Section>,
    blocks: &[Block],
    item: &mut ItemFacts,
    intro: &mut Vec<Span>,
) {
    for block in blocks {
        if let BlockKind::Element(element) = &block.kind {
            reader.check_element(&element.name, &block.place);
        }
    }
    match part {
        None => intro.extend(prose(blocks)),
        Some(Section::Properties) => {
            let fields = reader.fields(blocks);
            item.properties.extend(fields.members);
            item.inherited.extend(fields.inherited);
            for block in blocks {
                if let BlockKind::Table(rows) = &block.kind {
                    item.properties.extend(reader.member_table(rows, &block.place));
                }
            }
            members(reader, blocks, item);
        }
        Some(Section::TypeParameters) => item.type_params.extend(reader.type_params(blocks)),
        Some(Section::Extends) => item.extends.extend(types(reader, blocks)),
        Some(Section::ExtendedBy) => item.extended_by.extend(types(reader, blocks)),
        Some(Section::Implements) => item.implements.extend(types(reader, blocks)),
        Some(Section::Accessors) => {
            item.has_accessors = true;
            members(reader, blocks, item);
        }
        Some(Section::Methods | Section::Constructors | Section::Calls | Section::Constructor) => {
            members(reader, blocks, item);
        }
        Some(_) => {}
    }
}

/// Reads the groups below the third-level headings of a section.
fn members(reader: &mut Reader<'_>, blocks: &[Block], item: &mut ItemFacts) {
    let is_member = |block: &Block| match &block.kind {
        // `Parameters` and the like have slipped to the members' own level on some pages.
        BlockKind::Heading { depth: 3, text, .. } => {
            section::of(text).is_none_or(|section| section == Section::Constructor)
        }
        _ => false,
    };
    let mut starts: Vec<usize> =
        (0..blocks.len()).filter(|at| blocks.get(*at).is_some_and(is_member)).collect();
    let has_code =
        |blocks: &[Block]| blocks.iter().any(|block| matches!(block.kind, BlockKind::Fence { .. }));
    let first = starts.first().copied().unwrap_or(blocks.len());
    if blocks.get(..first).is_some_and(has_code) {
        // A single member without a heading of its own.
        starts.insert(0, 0);
    }
    for (index, start) in starts.iter().enumerate() {
        let end = starts.get(index + 1).copied().unwrap_or(blocks.len());
        let from = start + usize::from(blocks.get(*start).is_some_and(is_member));
        let group = blocks.get(from..end).unwrap_or_default();
        let Members { accessors, methods, constructors, calls, properties, statics } =
            reader.members(group);
        let own =
            accessors.len() + methods.len() + constructors.len() + calls.len() + properties.len();
        let read = own + usize::from(!statics.is_empty());
        if let (0, Some(Block { kind: BlockKind::Heading { text, .. }, place })) =
            (read, blocks.get(*start))
        {
            let message = format!("`{text}` has no signature");
            reader.warn(
                "missing-signature",
                place,
                message,
                "put its signature into a `ts` fence below the heading",
            );
        }
        item.accessors.extend(accessors);
        item.methods.extend(methods);
        item.constructors.extend(constructors);
        item.calls.extend(calls);
        item.properties.extend(properties);
        item.statics.accessors.extend(statics.accessors);
        item.statics.methods.extend(statics.methods);
        item.statics.properties.extend(statics.properties);
    }
    for constructor in &mut item.constructors {
        constructor.returns.get_or_insert_with(|| TypeExpr::named(item.name.as_str()));
    }
}

fn types(reader: &mut Reader<'_>, blocks: &[Block]) -> Vec<TypeExpr> {
    let mut types = Vec::new();
    for block in blocks {
        match &block.kind {
            BlockKind::Prose(spans) => types.extend(reader.leading_type(spans)),
            BlockKind::List(items) => {
                types.extend(items.iter().filter_map(|item| match &item.first()?.kind {
                    BlockKind::Prose(spans) => reader.leading_type(spans),
                    _ => None,
                }))
            }
            _ => {}
        }
    }
    types
}

/// Reads the page's decision tables, wherever they stand.
fn tables(reader: &mut Reader<'_>, item: &mut ItemFacts) {
    let mut heading = item.name.as_str().to_owned();
    let page = reader.page;
    for block in &page.blocks {
        match &block.kind {
            BlockKind::Heading { text, .. } => heading.clone_from(text),
            BlockKind::Table(rows) => {
                item.tables.extend(reader.decision_table(&heading, rows, &block.place))
            }
            _ => {}
        }
    }
}
