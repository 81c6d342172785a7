//! Members written as components: `<ParamField path="a.b" type="T" required>description</ParamField>`.

use credwire_schema::{
    diagnostic::Place,
    type_expr::{Field, TypeExpr},
};

use super::{Reader, describe::describe};
use crate::{
    facts::{Confidence, InheritedFacts, MemberFacts, Stated},
    page::{Block, BlockKind, Element, Span},
};

/// Components that only arrange what they hold.
const WRAPPERS: [&str; 16] = [
    "",
    "Indent",
    "Accordion",
    "AccordionGroup",
    "Tabs",
    "Tab",
    "Steps",
    "Step",
    "Frame",
    "Expandable",
    "CardGroup",
    "CodeBlocks",
    "CodeGroup",
    "div",
    "Columns",
    "Column",
];

/// Components that hold prose and no facts, but for a warning's "not implemented".
const PROSE: [&str; 20] = [
    "Card", "Info", "Note", "Tip", "Callout", "Success", "Error", "Check", "Warning", "Danger",
    "Badge", "Tooltip", "Icon", "Anchor", "Markdown", "Launch", "a", "br", "img", "span",
];

const ATTRIBUTES: [&str; 16] = [
    "path",
    "query",
    "body",
    "header",
    "name",
    "type",
    "required",
    "default",
    "deprecated",
    "toc",
    "id",
    "className",
    "initialValue",
    "placeholder",
    "hidden",
    "experimental",
];

/// What a run of blocks holds besides prose.
#[derive(Debug, Default)]
pub(super) struct Fields {
    /// Members in the order of the page, nested ones in their parents.
    pub(super) members: Vec<MemberFacts>,
    /// Groups below `Inherited from X`.
    pub(super) inherited: Vec<InheritedFacts>,
}

impl Reader<'_> {
    /// Reads the members of a section.
    pub(super) fn fields(&mut self, blocks: &[Block]) -> Fields {
        let mut flat = Vec::new();
        let mut inherited = Vec::new();
        self.collect_fields(blocks, &mut flat, &mut inherited);
        Fields { members: self.nest(flat), inherited }
    }

    fn collect_fields(
        &mut self,
        blocks: &[Block],
        flat: &mut Vec<(Vec<String>, MemberFacts)>,
        inherited: &mut Vec<InheritedFacts>,
    ) {
        for block in blocks {
            let BlockKind::Element(element) = &block.kind else { continue };
            match element.name.as_str() {
                "ParamField" | "ResponseField" | "Property" => {
                    if let Some((path, member)) = self.field(element, &block.place) {
                        flat.push((path, member));
                    }
                    self.collect_fields(&element.children, flat, inherited);
                }
                "Accordion" | "Expandable" => {
                    let title = element.text("title").unwrap_or_default().trim();
                    match title.strip_prefix("Inherited from ") {
                        Some(base) => {
                            let from =
                                base.split('<').next().unwrap_or(base).trim_matches([' ', '`']);
                            let properties = self.fields(&element.children).members;
                            inherited.push(InheritedFacts { from: from.to_owned(), properties });
                        }
                        None => self.collect_fields(&element.children, flat, inherited),
                    }
                }
                name if WRAPPERS.contains(&name) => {
                    self.collect_fields(&element.children, flat, inherited)
                }
                name => self.check_element(name, &block.place),
            }
        }
    }

    /// Warns about a component that nobody reads.
    pub(super) fn check_element(&mut self, name: &str, place: &Place) {
        let known = WRAPPERS.contains(&name) || PROSE.contains(&name) || name == "ParamField";
        if !known {
            let message =
                format!("the component `{name}` is not known, so what it states is not read");
            self.warn(
                "unknown-element",
                place,
                message,
                "use `ParamField`, `Accordion` or plain Markdown",
            );
        }
    }

    fn field(&mut self, element: &Element, place: &Place) -> Option<(Vec<String>, MemberFacts)> {
        let path =
            ["path", "query", "body", "header", "name"].iter().find_map(|key| element.text(key));
        let Some(path) = path.map(str::trim).filter(|path| !path.is_empty()) else {
            let message = format!("a `{}` has no `path`", element.name);
            self.error("missing-path", place, message, "name the member: `path=\"name\"`");
            return None;
        };
        for key in element.attributes.keys() {
            if !ATTRIBUTES.contains(&key.as_str()) {
                let message = format!("the attribute `{key}` of `{path}` is not known");
                self.warn(
                    "unknown-attribute",
                    place,
                    message,
                    "known: path, type, required, default, deprecated, toc",
                );
            }
        }
        let ty = match element.text("type").map(str::trim).filter(|ty| !ty.is_empty()) {
            Some(text) => self.ty(text, place),
            None => {
                let message = format!("`{path}` has no type");
                self.error(
                    "missing-type",
                    place,
                    message,
                    "add `type=\"..\"` with its TypeScript type",
                );
                None
            }
        };
        let spread = path.strip_prefix("...");
        let marked = spread.unwrap_or(path).strip_suffix('?');
        let name = marked.unwrap_or(spread.unwrap_or(path));
        let mut parts: Vec<String> = name.split('.').map(str::to_owned).collect();
        let last = parts.pop()?;
        let mut member = MemberFacts::new(last, ty, place.clone());
        member.confidence = self.confidence;
        member.rest = spread.is_some();
        member.optional = marked.is_some() || !element.flag("required");
        member.doc = describe(member.ty.as_ref(), &prose(&element.children));
        member.doc.deprecated = element.flag("deprecated");
        if let Some(default) = element.text("default") {
            let words = format!("default=\"{default}\"");
            let value = default.trim_matches(['"', '\'', '`']).to_owned();
            member.doc.default = Some(Stated { value, place: place.clone(), words });
        }
        Some((parts, member))
    }

    /// Puts `a.b` into the fields of `a`.
    fn nest(&mut self, flat: Vec<(Vec<String>, MemberFacts)>) -> Vec<MemberFacts> {
        let mut roots: Vec<MemberFacts> = Vec::new();
        for (parents, member) in flat {
            self.insert(&mut roots, &parents, "", member);
        }
        for root in &mut roots {
            spell_out(root);
        }
        roots
    }
}

impl Reader<'_> {
    fn insert(
        &mut self,
        siblings: &mut Vec<MemberFacts>,
        parents: &[String],
        above: &str,
        member: MemberFacts,
    ) {
        let Some((parent, below)) = parents.split_first() else {
            siblings.push(member);
            return;
        };
        let path = if above.is_empty() { parent.clone() } else { format!("{above}.{parent}") };
        if !siblings.iter().any(|known| &known.name == parent) {
            let message = format!("`{path}.{}` is described, but not `{path}`", member.name);
            self.warn(
                "missing-parent",
                &member.place,
                message,
                "describe the object itself before its members",
            );
            let mut made =
                MemberFacts::new(parent.as_str(), Some(TypeExpr::Object), member.place.clone());
            made.confidence = Confidence::Recovered;
            siblings.push(made);
        }
        if let Some(known) = siblings.iter_mut().find(|known| &known.name == parent) {
            self.insert(&mut known.fields, below, &path, member);
        }
    }
}

/// Replaces `object` by the members that are described one by one.
fn spell_out(member: &mut MemberFacts) {
    for field in &mut member.fields {
        spell_out(field);
    }
    if member.fields.is_empty() {
        return;
    }
    let fields = member
        .fields
        .iter()
        .map(|field| Field {
            name: field.name.clone(),
            ty: field.ty.clone().unwrap_or(TypeExpr::Unknown),
            optional: field.optional,
            readonly: false,
        })
        .collect();
    if let Some(ty) = &mut member.ty {
        replace_object(ty, &TypeExpr::Inline(fields));
    }
}

fn replace_object(ty: &mut TypeExpr, inline: &TypeExpr) {
    match ty {
        TypeExpr::Object => *ty = inline.clone(),
        TypeExpr::Union(members) => {
            members.iter_mut().for_each(|member| replace_object(member, inline))
        }
        TypeExpr::Array(item) | TypeExpr::ReadonlyArray(item) => replace_object(item, inline),
        _ => {}
    }
}

/// The prose below some blocks, components and code left out.
pub(super) fn prose(blocks: &[Block]) -> Vec<Span> {
    let mut spans = Vec::new();
    collect_prose(blocks, &mut spans);
    spans
}

fn collect_prose(blocks: &[Block], spans: &mut Vec<Span>) {
    for block in blocks {
        match &block.kind {
            BlockKind::Prose(prose) => {
                if let Some(first) = prose.first() {
                    // A paragraph ends what came before it.
                    spans.push(Span {
                        text: "\n".to_owned(),
                        code: false,
                        link: None,
                        place: first.place.clone(),
                    });
                }
                spans.extend(prose.iter().cloned());
            }
            BlockKind::List(items) => items.iter().for_each(|item| collect_prose(item, spans)),
            _ => {}
        }
    }
}
