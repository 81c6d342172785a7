//! What stands below a member's heading: its code, parameters, result and notes.

use super::{
    Reader,
    fields::{prose, says_unimplemented},
    prose_types::{clean, shorten},
    section::{self, Section},
};
use crate::{
    diagnostic::Place,
    facts::{MemberFacts, SignatureFacts},
    page::{Block, BlockKind, Span, text_of},
    ts::{self, Member, MemberKind},
    type_expr::{TypeExpr, TypeParam},
};

/// What kind of statement a fence begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Statement {
    Accessor,
    Alias,
    Signature,
    Constant,
    Other,
}

const MODIFIERS: [&str; 13] = [
    "optional", "static", "abstract", "async", "protected", "private", "public", "override", "declare",
    "export", "default", "function", "readonly",
];

/// A statement of a fence without its modifiers.
#[derive(Debug)]
pub(super) struct Code {
    pub(super) text: String,
    pub(super) modifiers: Vec<String>,
    pub(super) place: Place,
}

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
    pub(super) inherited_from: Option<String>,
    /// First words of list items in code: members of a union, with their meanings.
    pub(super) described: Vec<(String, Place)>,
}

pub(super) fn statement_kind(code: &str) -> Statement {
    let (text, _) = strip_modifiers(clean(code));
    let word = text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).next().unwrap_or_default();
    let named = text.get(word.len()..).is_some_and(|rest| rest.starts_with(' '));
    match word {
        "get" | "set" if named => Statement::Accessor,
        "type" if named => Statement::Alias,
        "const" | "let" | "var" if named => Statement::Constant,
        "import" | "interface" | "class" | "enum" | "await" => Statement::Other,
        _ if text.get(word.len()..).is_some_and(|rest| rest.starts_with(['(', '<'])) && text.contains("): ") => {
            Statement::Signature
        }
        "new" if named => Statement::Signature,
        _ => Statement::Other,
    }
}

/// Takes `optional`, `static`, `protected`, .. off, also behind `get` and `set`, and the class
/// name off `new X(..)`.
fn strip_modifiers(mut text: String) -> (String, Vec<String>) {
    let mut taken = Vec::new();
    let mut prefix = String::new();
    loop {
        let Some((word, rest)) = text.split_once(char::is_whitespace) else { break };
        let rest = rest.trim_start();
        let is_name = rest.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | '$' | '[' | '#'));
        if matches!(word, "get" | "set") && prefix.is_empty() && is_name {
            prefix = format!("{word} ");
        } else if word == "new" && prefix.is_empty() && is_name {
            let name = rest.find(['(', '<']).unwrap_or(0);
            return (format!("new {}", rest.get(name..).unwrap_or_default()), taken);
        } else if MODIFIERS.contains(&word) && is_name {
            taken.push(word.to_owned());
        } else {
            break;
        }
        text = rest.to_owned();
    }
    (format!("{prefix}{text}"), taken)
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
                    self.part(part, blocks.get(start..at).unwrap_or_default(), &mut body);
                    start = at + 1;
                    let is_title = part == Some(Section::Notes) && *depth > noted;
                    if is_title {
                        continue;
                    }
                    part = Some(section::of(text).unwrap_or(Section::Notes));
                    noted = *depth;
                    body.has_returns |= part == Some(Section::Returns);
                    body.throws |= part == Some(Section::Throws);
                    if *bold && section::of(text).is_none() {
                        self.unknown_section(text, &block.place);
                    }
                }
                BlockKind::Element(element) => {
                    self.check_element(&element.name, &block.place);
                    if element.name == "Warning" && says_unimplemented(element) {
                        body.unimplemented = true;
                    }
                }
                _ => {}
            }
        }
        self.part(part, blocks.get(start..).unwrap_or_default(), &mut body);
        body
    }

    pub(super) fn unknown_section(&mut self, text: &str, place: &Place) {
        let message = format!("the section `{}` is not known, so what it states is not read", shorten(text));
        self.warn("unknown-section", place, message, "use the reference's own section names, or a plain heading for prose");
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
            Some(Section::InheritedFrom) => body.inherited_from = inherited_from(blocks).or(body.inherited_from.take()),
            Some(_) => {}
        }
    }

    fn intro(&mut self, blocks: &[Block], body: &mut Body) {
        for block in blocks {
            match &block.kind {
                BlockKind::Fence { lang, code } if section::is_typescript(lang) => {
                    body.code.extend(statements(code, &block.place));
                }
                BlockKind::List(items) => body.described.extend(items.iter().filter_map(|item| described(item))),
                _ => {}
            }
        }
        body.prose.extend(prose(blocks));
        // Parameters without a heading of their own.
        if blocks.iter().any(|block| matches!(&block.kind, BlockKind::Element(e) if e.name == "ParamField")) {
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
                let message = format!("`{}` is no signature: {}", shorten(&code.text), fault.message);
                self.error("invalid-signature", &code.place, message, "write `name(a, b?): Result`");
                None
            }
        }
    }

    /// A signature with what its body states about it.
    pub(super) fn signature(&mut self, member: Member, code: &Code, body: &Body) -> SignatureFacts {
        let name = if member.kind == MemberKind::Constructor { "constructor".to_owned() } else { member.name.clone() };
        let mut facts = SignatureFacts::new(name, code.place.clone());
        facts.optional = member.optional;
        facts.access = access(&code.modifiers);
        facts.throws = body.throws;
        facts.unimplemented = body.unimplemented;
        facts.inherited_from.clone_from(&body.inherited_from);
        facts.type_params = enriched(member.type_params, &body.type_params);
        facts.returns = match (&member.ty, &body.returns) {
            (Some(signature), Some(section)) if signature != section => {
                let message = format!("`{}` returns `{signature}` by its signature and `{section}` by its section", facts.name);
                self.warn("pages-contradict", &code.place, message, "the signature is taken; correct the other");
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
                let message = format!("`{}` is described, but `{}` has no such parameter", entry.name, facts.name);
                self.warn("param-not-in-signature", &entry.place, message, "add it to the signature or drop its description");
            }
        }
        facts
    }

    fn param(
        &mut self,
        owner: &str,
        param: &crate::type_expr::FunctionParam,
        body: &Body,
        place: &Place,
    ) -> MemberFacts {
        let entry = body.params.iter().find(|entry| entry.name == param.name);
        let mut facts = entry.cloned().unwrap_or_else(|| MemberFacts::new(param.name.as_str(), None, place.clone()));
        if facts.ty.is_none() {
            facts.ty.clone_from(&param.ty);
        }
        if let Some(entry) = entry
            && entry.optional != param.optional
            && !param.rest
        {
            let word = |optional| if optional { "optional" } else { "required" };
            let detail = format!("{owner}({}): signature {}, entry {}", param.name, word(param.optional), word(entry.optional));
            self.warn("param-optionality-two-ways", &entry.place, detail.clone(), "the signature is taken; make `required` agree with it");
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

pub(super) fn access(modifiers: &[String]) -> Option<String> {
    modifiers.iter().find(|word| matches!(word.as_str(), "protected" | "private")).cloned()
}

/// Cuts a fence into statements: a line continues while brackets are open, or when the next one
/// starts with an operator.
fn statements(code: &str, fence: &Place) -> Vec<Code> {
    let mut all = Vec::new();
    let mut open = 0i32;
    let mut current = String::new();
    let mut first_line = 0u32;
    let lines: Vec<&str> = code.lines().collect();
    for (index, line) in lines.iter().enumerate() {
        if current.is_empty() {
            first_line = u32::try_from(index).unwrap_or(u32::MAX);
        } else {
            current.push('\n');
        }
        current.push_str(line);
        let mut before = ' ';
        for c in line.chars() {
            open += i32::from(matches!(c, '(' | '[' | '{' | '<'));
            open -= i32::from(matches!(c, ')' | ']' | '}') || (c == '>' && before != '='));
            before = c;
        }
        let next = lines.iter().skip(index + 1).find(|line| !line.trim().is_empty());
        let continues = next.is_some_and(|next| next.trim_start().starts_with(['|', '&', '=', '?', ':', ')']))
            || line.trim_end().ends_with(['=', '|', '&', ',', ':']);
        if open <= 0 && !continues {
            let (text, modifiers) = strip_modifiers(clean(&current).trim_end_matches(';').to_owned());
            if !text.is_empty() && !text.starts_with("//") {
                let line = fence.line.saturating_add(1).saturating_add(first_line);
                all.push(Code { text, modifiers, place: Place::new(fence.file.clone(), line, fence.column) });
            }
            current.clear();
            open = 0;
        }
    }
    if !current.trim().is_empty() {
        let (text, modifiers) = strip_modifiers(clean(&current));
        all.push(Code { text, modifiers, place: fence.clone() });
    }
    all
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
