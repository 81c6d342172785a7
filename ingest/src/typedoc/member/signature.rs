//! Signatures: the line that shows one, and the sections that describe its parts.

use credwire_schema::{
    diagnostic::Place,
    type_expr::{TypeExpr, TypeParam},
};

use super::{
    super::{
        comment::Comment,
        fields::nest,
        head::{Head, bare_name, closing, line_of, split_default},
        outline::{Role, Section},
        text::{Types, plain},
    },
    below, head_of, inherited_from, table,
};
use crate::{
    facts::{MemberFacts, Sentence, SignatureFacts},
    page::{Block, BlockKind, Span, text_of},
    ts,
};

/// Reads a signature: `head` is its line, `section` holds its parts.
pub(in crate::typedoc) fn read(
    types: &mut Types<'_>,
    name: &str,
    head: &Head,
    section: &Section,
    comment: &Comment,
) -> SignatureFacts {
    let place = section.place.clone();
    let mut facts = line(types, name, &head.rest, &place);
    // Those of a class are not of its constructor, nor those of an interface of its calls.
    if let Some(list) = section.part(&["Type Parameters", "Type parameters"])
        && !facts.type_params.is_empty()
    {
        facts.type_params = type_params(types, list);
    }
    if let Some(list) = section.part(&["Parameters"]) {
        params(types, list, &mut facts);
    }
    if let Some(part) = section.part(&["Returns"]) {
        facts.returns = returns(types, part, facts.returns.take());
    }
    for param in &mut facts.params {
        // What is left over may always be nothing.
        param.optional &= !param.rest;
        param.drop_undefined();
    }
    facts.throws = comment.throws;
    facts.deprecated = comment.deprecated;
    facts.internal = comment.internal;
    facts.sentence = Sentence::of(&comment.prose);
    facts
}

/// What the line itself shows: `<T>(a, b?): R`.
fn line(types: &mut Types<'_>, name: &str, rest: &str, place: &Place) -> SignatureFacts {
    let mut facts = SignatureFacts::new(name, place.clone());
    let mut rest = rest.trim();
    if let Some(behind) = rest.strip_prefix('?') {
        facts.optional = true;
        rest = behind;
    }
    // Old versions put the mark of optional parameters behind the code, and defaults as well.
    match ts::parse_member(&format!("_{rest}")) {
        Ok(parsed) => {
            let member = parsed.value;
            facts.type_params = member.type_params;
            facts.returns = member.ty.map(plain);
            facts.params = member
                .params
                .into_iter()
                .map(|param| {
                    let mut one = MemberFacts::new(param.name, param.ty, place.clone());
                    one.optional = param.optional;
                    one.rest = param.rest;
                    one
                })
                .collect();
        }
        Err(_) => {
            let open = rest.find('(').unwrap_or(0);
            if let Some(end) = closing(rest, open) {
                let result = rest.get(end + 1..).unwrap_or_default().trim();
                facts.returns = types.parse(result.trim_start_matches(':'), place);
            }
        }
    }
    facts
}

/// The type parameters of a section.
pub(in crate::typedoc) fn type_params(types: &mut Types<'_>, section: &Section) -> Vec<TypeParam> {
    let mut all: Vec<String> = Vec::new();
    for block in &section.blocks {
        match &block.kind {
            BlockKind::Table(table) => {
                let Some((head, rows)) = table.split_first() else { continue };
                let default = head.iter().position(|cell| text_of(cell).trim() == "Default type");
                for row in rows {
                    let own = row.first().map(|cell| types.text(cell)).unwrap_or_default();
                    let default = default.and_then(|at| row.get(at)).map(|cell| types.text(cell));
                    match default.filter(|text| !text.is_empty() && text != "-") {
                        Some(default) if !own.contains(" = ") => {
                            all.push(format!("{own} = {default}"));
                        }
                        _ => all.push(own),
                    }
                }
            }
            // A bullet in front of each: `• **T** *extends* `X``.
            BlockKind::Prose(spans) => {
                let text = types.text(spans);
                if let Some(own) = text.strip_prefix('\u{2022}') {
                    all.push(own.trim().to_owned());
                }
            }
            _ => {}
        }
    }
    for entry in &section.children {
        let name = bare_name(&entry.title).split(" = ").next().unwrap_or_default();
        let repeats = entry.blocks.iter().find_map(|block| match &block.kind {
            BlockKind::Prose(spans) => {
                let text = types.text(spans);
                text.strip_prefix(name)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
                    .then_some(text)
            }
            _ => None,
        });
        all.push(repeats.unwrap_or_else(|| name.to_owned()));
    }
    types.type_params(&all.join(", "), &section.place)
}

/// Gives parameters what their section says of them.
fn params(types: &mut Types<'_>, section: &Section, facts: &mut SignatureFacts) {
    let mut described = Vec::new();
    for block in &section.blocks {
        if let Some(rows) = table::rows(types, block) {
            described.extend(rows.into_iter().map(|row| row.member));
        }
    }
    described.extend(bullets(types, &section.blocks));
    entries(types, &section.children, facts, &mut described);
    let mut described = nest(described).into_iter();
    if facts.params.is_empty() {
        facts.params = described.collect();
        return;
    }
    // Both are in the order of the parameters.
    let mut rest: Vec<MemberFacts> = described.by_ref().collect();
    for param in &mut facts.params {
        let Some(at) = rest.iter().position(|one| one.name == param.name) else { continue };
        let mut known = rest.remove(at);
        known.optional |= param.optional;
        known.rest |= param.rest;
        if known.ty.is_none() {
            known.ty = param.ty.take();
        }
        known.readonly = None;
        *param = known;
    }
}

/// The parameters under headings; fields of objects stand one level deeper, or beside them where
/// there is no deeper level.
fn entries(
    types: &mut Types<'_>,
    sections: &[Section],
    facts: &SignatureFacts,
    out: &mut Vec<MemberFacts>,
) {
    let mut known: Vec<&str> = facts.params.iter().map(|param| param.name.as_str()).collect();
    let mut last: Option<String> = None;
    for section in sections.iter().filter(|section| section.role != Role::Tag) {
        let mut one = entry(types, section);
        let is_param = known.is_empty() || known.contains(&one.name.as_str());
        match &last {
            Some(param) if !is_param => one.name = format!("{param}.{}", one.name),
            _ => {
                known.retain(|name| *name != one.name);
                last = Some(one.name.clone());
            }
        }
        let name = one.name.clone();
        out.push(one);
        for field in section.children.iter().filter(|child| child.role == Role::Entry) {
            let mut field = entry(types, field);
            field.name = format!("{name}.{}", field.name);
            out.push(field);
        }
    }
}

/// `##### name?`, then its type and perhaps a default, then prose.
fn entry(types: &mut Types<'_>, section: &Section) -> MemberFacts {
    let (title, default) = split_default(&section.title);
    let title = title.trim_matches('~');
    let name = title.trim_end_matches('?').trim_start_matches("...");
    let mut facts = MemberFacts::new(name, None, section.place.clone());
    facts.optional = title.ends_with('?');
    facts.rest = title.starts_with("...");
    let mut described = 0;
    let mut default = default.map(str::to_owned);
    if let Some(Block { kind: BlockKind::Prose(spans), place }) = section.blocks.first()
        && is_type(spans)
    {
        let text = types.text(spans);
        let (text, behind) = split_default(&text);
        default = default.or(behind.map(str::to_owned));
        facts.rest |= text.starts_with("...");
        facts.ty = types.parse(text.trim_start_matches("..."), place);
        described = 1;
    }
    let mut comment = Comment::of_blocks(section.blocks.get(described..).unwrap_or_default());
    if let Some(default) = default {
        let place = section.place.clone();
        comment = comment.with_default(&[Span { text: default, code: true, link: None, place }]);
    }
    facts.doc = comment.facts(facts.ty.as_ref());
    facts
}

/// `• **name?**: `T` = `1``, then prose.
fn bullets(types: &mut Types<'_>, blocks: &[Block]) -> Vec<MemberFacts> {
    let mut found: Vec<MemberFacts> = Vec::new();
    let mut at = 0;
    while let Some(block) = blocks.get(at) {
        at += 1;
        let BlockKind::Prose(spans) = &block.kind else { continue };
        let text = types.text(spans);
        let Some(text) = text.strip_prefix('\u{2022}') else { continue };
        let text = text.trim();
        let (shown, ty) = text.split_once(": ").unwrap_or((text, ""));
        let rest = shown.starts_with("...");
        let shown = shown.trim_start_matches("...").trim();
        let name = shown.trim_end_matches('?');
        let (ty, default) = split_default(ty);
        let is_prose = |block: &&Block| match &block.kind {
            BlockKind::Prose(spans) => !text_of(spans).trim_start().starts_with('\u{2022}'),
            _ => true,
        };
        let end = blocks.get(at..).unwrap_or_default().iter().take_while(is_prose).count();
        let mut comment = Comment::of_blocks(blocks.get(at..at + end).unwrap_or_default());
        if let Some(default) = default {
            let place = block.place.clone();
            let span = Span { text: default.to_owned(), code: true, link: None, place };
            comment = comment.with_default(&[span]);
        }
        let ty = types.parse(ty, &block.place);
        let mut facts = MemberFacts::new(name, ty, block.place.clone());
        facts.optional = shown.ends_with('?');
        facts.rest = rest;
        facts.doc = comment.facts(facts.ty.as_ref());
        found.push(facts);
        at += end;
    }
    found
}

/// The result: the type that stands there, completed by what stands below it.
fn returns(types: &mut Types<'_>, section: &Section, shown: Option<TypeExpr>) -> Option<TypeExpr> {
    let written = section.blocks.first().and_then(|block| match &block.kind {
        BlockKind::Prose(spans) if is_type(spans) => {
            let text = types.text(spans);
            types.parse(&text, &block.place)
        }
        _ => None,
    });
    let collapsed = |ty: &TypeExpr| {
        let mut found = false;
        ty.walk(&mut |part| {
            found |= *part == TypeExpr::Object || *part == TypeExpr::named("Function");
        });
        found
    };
    // The line may show more than the section, or less.
    let ty = match (written, shown) {
        (Some(written), Some(shown)) if collapsed(&written) && !collapsed(&shown) => Some(shown),
        (Some(written), _) => Some(written),
        (None, shown) => shown,
    };
    let mut known = below(types, section);
    for block in &section.blocks {
        let Some(line) = line_of(&block.kind) else { continue };
        // The function that is returned.
        if let Some(head) = Head::read(&line, "").filter(Head::is_signature) {
            let comment = Comment::default();
            known.signature = Some(read(types, "", &head, section, &comment));
            break;
        }
    }
    // Old versions leave its line out.
    if known.signature.is_none() && section.part(&["Parameters", "Returns"]).is_some() {
        let head = Head { flags: Vec::new(), rest: "()".to_owned() };
        known.signature = Some(read(types, "", &head, section, &Comment::default()));
    }
    known.complete(ty)
}

/// Types are code, links and the marks between them.
pub(in crate::typedoc) fn is_type(spans: &[Span]) -> bool {
    const WORDS: [&str; 12] = [
        "keyof", "typeof", "readonly", "unique", "symbol", "extends", "is", "asserts", "infer",
        "in", "as", "new",
    ];
    spans.iter().any(|span| span.code || span.link.is_some())
        && spans.iter().all(|span| {
            let words =
                || span.text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
            span.code || span.link.is_some() || words().all(|word| WORDS.contains(&word))
        })
}

/// Reads the signatures of a member: its own, or those below `Call Signature`.
pub(in crate::typedoc) fn all(
    types: &mut Types<'_>,
    name: &str,
    section: &Section,
) -> Vec<Signature> {
    let own = head_of(types, section, name);
    if let Some((at, head)) = own {
        let comment = Comment::of(section, Some(at));
        return vec![Signature::new(types, name, head, section, comment)];
    }
    let mut found = Vec::new();
    let is_overload = |part: &&Section| {
        matches!(part.title.as_str(), "Call Signature" | "Call signature")
            || (part.role == Role::Member
                && [name, bare_name(&section.title)].contains(&bare_name(&part.title)))
    };
    for part in section.children.iter().filter(is_overload) {
        if let Some((at, head)) = head_of(types, part, name) {
            let mut comment = Comment::of(part, Some(at));
            comment.deprecated |= section.title.starts_with("~~") && comment.prose.is_empty();
            found.push(Signature::new(types, name, head, part, comment));
        }
    }
    found
}

/// A signature with the marks in front of it.
#[derive(Debug)]
pub(in crate::typedoc) struct Signature {
    pub(in crate::typedoc) facts: SignatureFacts,
    pub(in crate::typedoc) head: Head,
    pub(in crate::typedoc) comment: Comment,
}

impl Signature {
    fn new(
        types: &mut Types<'_>,
        name: &str,
        head: Head,
        section: &Section,
        comment: Comment,
    ) -> Self {
        let mut facts = read(types, name, &head, section, &comment);
        facts.access = head.has("protected").then(|| "protected".to_owned());
        facts.is_abstract = head.has("abstract");
        facts.optional |= head.has("optional") || section.title.trim_matches('~').ends_with('?');
        facts.inherited_from = inherited_from(types, section);
        Self { facts, head, comment }
    }
}
