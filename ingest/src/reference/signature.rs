//! What stands below a member's heading: its code, parameters, result and notes.

use credwire_schema::{
    diagnostic::Place,
    type_expr::{TypeExpr, TypeParam},
};

use super::{
    Reader,
    code::{Code, access, statements},
    fields::prose,
    prose_types::shorten,
    section::{self, Section},
    unimplemented,
};
use crate::{
    facts::{MemberFacts, Sentence, SignatureFacts},
    page::{Block, BlockKind, Span, text_of},
    ts::{self, Member, MemberKind},
};

/// The parts below a member's heading.
#[derive(Debug, Default)]
pub(super) struct Body {
    pub(super) code: Vec<Code>,
    pub(super) prose: Vec<Span>,
    pub(super) params: Vec<MemberFacts>,
    pub(super) type_params: Vec<TypeParam>,
    pub(super) returns: Option<TypeExpr>,
    pub(super) has_returns: bool,
    pub(super) throws: bool,
    pub(super) unimplemented: bool,
    /// Names that the warning of it puts together.
    pub(super) warned: Vec<Vec<String>>,
    pub(super) inherited_from: Option<String>,
    /// First words of list items in code: members of a union, with their meanings.
    pub(super) described: Vec<(String, Place)>,
}

impl Reader<'_> {
    /// Reads what stands below a member's heading. Headings inside may be at any depth: generators
    /// and hands have moved them.
    pub(super) fn body(&mut self, blocks: &[Block]) -> Body {
        let mut body = Body::default();
        let mut part: Option<Section> = None;
        let mut noted = 0;
        let mut start = 0;
        for (at, block) in blocks.iter().enumerate() {
            match &block.kind {
                BlockKind::Heading { depth, bold, text } => {
                    if blocks.get(at + 1).is_some_and(|next| declares(next, text)) {
                        let detail = format!("{}: {text}", self.page.title);
                        self.odd("typedoc-residue", &block.place, detail);
                    }
                    self.part(part, blocks.get(start..at).unwrap_or_default(), &mut body);
                    start = at + 1;
                    let is_title = part == Some(Section::Notes) && *depth > noted;
                    if is_title {
                        continue;
                    }
                    part = Some(section::of(text).unwrap_or(Section::Notes));
                    if part == Some(Section::Calls) {
                        // `Get Signature`, `Call Signature`: code and description follow.
                        part = None;
                    }
                    noted = *depth;
                    body.has_returns |= part == Some(Section::Returns);
                    body.throws |= part == Some(Section::Throws);
                    if *bold && section::of(text).is_none() {
                        self.unknown_section(text, &block.place);
                    }
                }
                BlockKind::Element(element) => {
                    self.check_element(&element.name, &block.place);
                    if element.name == "Warning" && unimplemented::is_said(element) {
                        body.unimplemented = true;
                        body.warned.extend(unimplemented::enumerations(element));
                    }
                }
                _ => {}
            }
        }
        self.part(part, blocks.get(start..).unwrap_or_default(), &mut body);
        body
    }

    pub(super) fn unknown_section(&mut self, text: &str, place: &Place) {
        let message =
            format!("the section `{}` is not known, so what it states is not read", shorten(text));
        self.warn(
            "unknown-section",
            place,
            message,
            "use the reference's own section names, or a plain heading for prose",
        );
    }

    fn part(&mut self, part: Option<Section>, blocks: &[Block], body: &mut Body) {
        match part {
            None => self.intro(blocks, body),
            Some(Section::Parameters) => body.params.extend(self.params(blocks)),
            Some(Section::TypeParameters) => body.type_params.extend(self.type_params(blocks)),
            Some(Section::Returns) => {
                if let Some(BlockKind::Prose(spans)) = blocks.first().map(|block| &block.kind) {
                    body.returns = self.leading_type(spans);
                }
            }
            Some(Section::InheritedFrom) => {
                body.inherited_from = inherited_from(blocks).or(body.inherited_from.take())
            }
            Some(_) => {}
        }
    }

    fn intro(&mut self, blocks: &[Block], body: &mut Body) {
        for block in blocks {
            match &block.kind {
                BlockKind::Fence { lang, code } if section::is_typescript(lang) => {
                    body.code.extend(statements(code, &block.place));
                }
                BlockKind::List(items) => {
                    body.described.extend(items.iter().filter_map(|item| described(item)))
                }
                _ => {}
            }
        }
        body.prose.extend(prose(blocks));
        // Parameters without a heading of their own.
        if blocks
            .iter()
            .any(|block| matches!(&block.kind, BlockKind::Element(e) if e.name == "ParamField"))
        {
            body.params.extend(self.params(blocks));
        }
    }

    fn params(&mut self, blocks: &[Block]) -> Vec<MemberFacts> {
        let mut params = self.fields(blocks).members;
        for block in blocks {
            if let BlockKind::Table(rows) = &block.kind {
                params.extend(self.member_table(rows, &block.place));
            }
        }
        params
    }

    /// Parses one statement as a member of a body.
    pub(super) fn member(&mut self, code: &Code) -> Option<Member> {
        match ts::parse_member(&code.text) {
            Ok(parsed) => {
                self.report_opaque(&parsed.opaque, &code.place);
                let mut member = parsed.value;
                member.optional |= code.modifiers.iter().any(|word| word == "optional");
                member.readonly |= code.modifiers.iter().any(|word| word == "readonly");
                Some(member)
            }
            Err(fault) => {
                let message =
                    format!("`{}` is no signature: {}", shorten(&code.text), fault.message);
                self.error(
                    "invalid-signature",
                    &code.place,
                    message,
                    "write `name(a, b?): Result`",
                );
                None
            }
        }
    }

    /// A signature with what its body states about it.
    pub(super) fn signature(&mut self, member: Member, code: &Code, body: &Body) -> SignatureFacts {
        let name = if member.kind == MemberKind::Constructor {
            "constructor".to_owned()
        } else {
            member.name.clone()
        };
        let mut facts = SignatureFacts::new(name, code.place.clone());
        facts.optional = member.optional;
        facts.access = access(&code.modifiers);
        facts.throws = body.throws;
        facts.unimplemented = body.unimplemented;
        facts.sentence = Sentence::of(&body.prose);
        facts.inherited_from.clone_from(&body.inherited_from);
        facts.type_params = enriched(member.type_params, &body.type_params);
        if body.has_returns && body.returns.is_none() {
            self.odd("returns-prose", &code.place, facts.name.clone());
        }
        facts.returns = match (&member.ty, &body.returns) {
            (Some(signature), Some(section)) if signature != section => {
                let message = format!(
                    "`{}` returns `{signature}` by its signature and `{section}` by its section",
                    facts.name
                );
                self.warn(
                    "pages-contradict",
                    &code.place,
                    message,
                    "the signature is taken; correct the other",
                );
                member.ty
            }
            (Some(_), _) => member.ty,
            (None, section) => section.clone(),
        };
        for param in &member.params {
            facts.params.push(self.param(&facts.name, param, body, &code.place));
        }
        for entry in &body.params {
            if !member.params.iter().any(|param| param.name == entry.name) {
                let message = format!(
                    "`{}` is described, but `{}` has no such parameter",
                    entry.name, facts.name
                );
                self.warn(
                    "param-not-in-signature",
                    &entry.place,
                    message,
                    "add it to the signature or drop its description",
                );
            }
        }
        facts
    }

    fn param(
        &mut self,
        owner: &str,
        param: &credwire_schema::type_expr::FunctionParam,
        body: &Body,
        place: &Place,
    ) -> MemberFacts {
        let entry = body.params.iter().find(|entry| entry.name == param.name);
        let mut facts = entry
            .cloned()
            .unwrap_or_else(|| MemberFacts::new(param.name.as_str(), None, place.clone()));
        if facts.ty.is_none() {
            facts.ty.clone_from(&param.ty);
        }
        if let Some(entry) = entry
            && entry.optional != param.optional
            && !param.rest
        {
            let word = |optional| if optional { "optional" } else { "required" };
            let detail = format!(
                "{owner}({}): signature {}, entry {}",
                param.name,
                word(param.optional),
                word(entry.optional)
            );
            self.warn(
                "param-optionality-two-ways",
                &entry.place,
                detail.clone(),
                "the signature is taken; make `required` agree with it",
            );
            self.odd("param-optionality-two-ways", &entry.place, detail);
        }
        facts.optional = param.optional;
        facts.rest = param.rest;
        facts.confidence = self.confidence;
        facts
    }
}

/// Type parameters of a signature, completed by the section that describes them.
pub(super) fn enriched(signature: Vec<TypeParam>, section: &[TypeParam]) -> Vec<TypeParam> {
    if signature.is_empty() {
        return section.to_vec();
    }
    signature
        .into_iter()
        .map(|param| {
            let known = section.iter().find(|known| known.name == param.name);
            TypeParam {
                extends: param.extends.or_else(|| known?.extends.clone()),
                default: param.default.or_else(|| known?.default.clone()),
                name: param.name,
            }
        })
        .collect()
}

/// Whether a block is a quote that declares `name`, as TypeDoc's generator writes it below a heading:
/// `` > `optional` **name?**: `T` ``.
fn declares(block: &Block, name: &str) -> bool {
    let BlockKind::Quote(quoted) = &block.kind else { return false };
    let text = text_of(&prose(quoted));
    text.split_once(':').is_some_and(|(declared, _)| {
        declared.split_whitespace().next_back().is_some_and(|last| last == name.trim())
    })
}

/// The base in `Base.member`, as code or as two links.
fn inherited_from(blocks: &[Block]) -> Option<String> {
    let spans = prose(blocks);
    let text = text_of(&spans);
    let text = text.trim();
    let base = text.rsplit_once('.').map_or(text, |(base, _)| base);
    let base = base.split('<').next().unwrap_or(base).trim();
    (!base.is_empty()).then(|| base.to_owned())
}

/// The literal or name that a list item explains: `` - `'x'` – .. ``.
fn described(item: &[Block]) -> Option<(String, Place)> {
    let BlockKind::Prose(spans) = &item.first()?.kind else { return None };
    let (first, second) = (spans.first()?, spans.get(1)?);
    let dash = second.text.trim_start().chars().next();
    if !first.code || !matches!(dash, Some('-' | '\u{2013}' | '\u{2014}' | ':')) {
        return None;
    }
    let name = first.text.trim().trim_matches(['\'', '"', '`']);
    Some((name.to_owned(), first.place.clone()))
}
