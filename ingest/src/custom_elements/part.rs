//! The parts of a declaration.

use std::collections::BTreeMap;

use credwire_schema::{
    diagnostic::{Diagnostic, Place},
    type_expr::TypeExpr,
};

use super::json::Node;
use crate::{
    facts::{
        AttributeFacts, CssPropertyFacts, EventFacts, MemberFacts, NamedFact, Sentence,
        SignatureFacts, Stated, StaticFacts,
    },
    page::Span,
    reference::describe,
    source::Source,
    ts,
};

/// Whether a member is for users of its class.
pub(super) fn is_visible(member: &Node<'_>) -> bool {
    let is_public = member.text("privacy").is_none_or(|privacy| privacy == "public");
    is_public && member.text("name").is_none_or(|name| !name.starts_with('#'))
}

pub(super) fn is_static(member: &Node<'_>) -> bool {
    member.is_marked("static")
}

/// Reads the parts of declarations.
pub(super) struct Reader<'s> {
    source: &'s Source,
    diagnostics: Vec<Diagnostic>,
    /// The types of events that are described nowhere, with how often they are named.
    unknown: BTreeMap<String, (Diagnostic, usize)>,
}

impl<'s> Reader<'s> {
    pub(super) fn new(source: &'s Source) -> Self {
        Self { source, diagnostics: Vec::new(), unknown: BTreeMap::new() }
    }

    pub(super) fn finish(mut self) -> Vec<Diagnostic> {
        for (mut warning, count) in self.unknown.into_values() {
            if count > 1 {
                warning.message = format!("{}; so do {} other places", warning.message, count - 1);
            }
            self.diagnostics.push(warning);
        }
        self.diagnostics
    }

    /// Notes the type of an event that the manifest does not describe.
    pub(super) fn unknown_event(&mut self, name: &str, path: &str, event: &Node<'_>) {
        let place = event.place(self.source);
        let (_, count) = self.unknown.entry(name.to_owned()).or_insert_with(|| {
            let message = format!(
                "`{path}` is a `{name}`, which the manifest does not describe: its detail may be anything"
            );
            let warning = Diagnostic::warning("unknown-type", place, message)
                .help("write the type as `CustomEvent<..>` with that of the detail");
            (warning, 0)
        });
        *count += 1;
    }

    /// The type that is stated.
    pub(super) fn ty(&mut self, of: &Node<'_>) -> Option<TypeExpr> {
        let text = of.node("type")?.text("text")?;
        match ts::parse_type(&text) {
            Ok(parsed) => {
                for text in &parsed.opaque {
                    self.opaque(text, of);
                }
                Some(parsed.value)
            }
            Err(_) => {
                self.opaque(&text, of);
                Some(TypeExpr::Opaque(text))
            }
        }
    }

    fn opaque(&mut self, text: &str, of: &Node<'_>) {
        self.diagnostics.push(crate::dts::item::opaque(text, &of.place(self.source)));
    }

    /// A field, completed by what the attribute that sets it says.
    pub(super) fn field(&mut self, field: &Node<'_>, class: &Node<'_>) -> MemberFacts {
        let mut facts = self.value(field);
        let attributes = class.nodes("attributes");
        let attribute =
            attributes.iter().find(|one| one.text("fieldName").as_ref() == Some(&facts.name));
        if let Some(attribute) = attribute {
            if facts.ty.is_none() {
                facts.ty = self.ty(attribute);
            }
            if facts.doc.default.is_none() {
                facts.doc.default = self.default(attribute);
            }
        }
        facts.optional |= facts.doc.default.is_some();
        facts
    }

    /// A field or a parameter.
    fn value(&mut self, from: &Node<'_>) -> MemberFacts {
        let place = from.place(self.source);
        let ty = self.ty(from);
        let mut facts = MemberFacts::new(from.text("name").unwrap_or_default(), ty, place.clone());
        facts.optional = from.is_marked("optional");
        facts.rest = from.is_marked("rest");
        facts.readonly = Some(from.is_marked("readonly"));
        facts.doc = describe(facts.ty.as_ref(), &described(from, &place));
        facts.doc.deprecated = from.is_marked("deprecated");
        if let Some(default) = self.default(from) {
            facts.doc.default = Some(default);
        }
        facts
    }

    fn default(&self, from: &Node<'_>) -> Option<Stated<String>> {
        from.text("default").map(|text| {
            let value = text.trim().trim_matches(['"', '\'', '`']).to_owned();
            Stated { value, place: from.place(self.source), words: text }
        })
    }

    pub(super) fn sentence(&self, of: &Node<'_>) -> Sentence {
        Sentence::of(&described(of, &of.place(self.source)))
    }

    /// A method or a function. A parameter with a default may be left out.
    pub(super) fn signature(&mut self, from: &Node<'_>) -> SignatureFacts {
        let place = from.place(self.source);
        let mut facts = SignatureFacts::new(from.text("name").unwrap_or_default(), place);
        for param in from.nodes("parameters") {
            let mut param = self.value(&param);
            param.optional |= param.doc.default.is_some() && !param.rest;
            facts.params.push(param);
        }
        facts.returns = from.node("return").and_then(|returned| self.ty(&returned));
        facts.inherited_from = from.node("inheritedFrom").and_then(|base| base.text("name"));
        facts.deprecated = from.is_marked("deprecated");
        facts.sentence = self.sentence(from);
        facts
    }

    pub(super) fn static_member(&mut self, statics: &mut StaticFacts, member: &Node<'_>) {
        if member.text("kind").as_deref() == Some("method") {
            let method = self.signature(member);
            statics.methods.push(method);
        } else if member.text("name").is_some() {
            let mut property = self.value(member);
            property.optional |= property.doc.default.is_some();
            if !statics.properties.iter().any(|known| known.name == property.name) {
                statics.properties.push(property);
            }
        }
    }

    /// The attributes of a class, those included that only a field mentions, under the names that
    /// are observed: markup knows no capitals.
    pub(super) fn attributes(&self, class: &Node<'_>) -> Vec<AttributeFacts> {
        let members = class.nodes("members");
        let mut setters = members.iter().filter(|member| is_visible(member) && !is_static(member));
        let mut found: Vec<AttributeFacts> = Vec::new();
        for attribute in class.nodes("attributes") {
            // Without a name it is the one of its field.
            let Some(name) = attribute.text("name").or_else(|| attribute.text("fieldName")) else {
                continue;
            };
            let name = name.to_ascii_lowercase();
            let sets = |member: &&&Node<'_>| {
                member.text("attribute").is_some_and(|own| own.eq_ignore_ascii_case(&name))
            };
            let field = attribute
                .text("fieldName")
                .or_else(|| setters.clone().find(|member| sets(&member))?.text("name"));
            let inherited_from = attribute.node("inheritedFrom").and_then(|base| base.text("name"));
            let place = attribute.place(self.source);
            found.push(AttributeFacts { name, field, inherited_from, place });
        }
        for member in setters.by_ref() {
            let Some(name) = member.text("attribute") else { continue };
            let name = name.to_ascii_lowercase();
            if !found.iter().any(|known| known.name == name) {
                let place = member.place(self.source);
                let inherited_from =
                    member.node("inheritedFrom").and_then(|base| base.text("name"));
                found.push(AttributeFacts {
                    name,
                    field: member.text("name"),
                    inherited_from,
                    place,
                });
            }
        }
        found
    }

    pub(super) fn event(
        &self,
        event: &Node<'_>,
        name: String,
        detail: Option<TypeExpr>,
    ) -> EventFacts {
        EventFacts { name, detail, place: event.place(self.source) }
    }

    /// A slot or a part; the default slot has an empty name.
    pub(super) fn named(&self, one: &Node<'_>) -> NamedFact {
        let name = one.any_text("name").unwrap_or_default();
        NamedFact { name, place: one.place(self.source) }
    }

    pub(super) fn css(&self, one: &Node<'_>) -> Option<CssPropertyFacts> {
        let name = one.text("name")?;
        Some(CssPropertyFacts { name, default: self.default(one), place: one.place(self.source) })
    }
}

/// What is said about something, with what stands in backticks as code.
fn described(of: &Node<'_>, place: &Place) -> Vec<Span> {
    let text = of.text("description").or_else(|| of.text("summary")).unwrap_or_default();
    let parts = text.split('`').enumerate().filter(|(_, part)| !part.is_empty());
    let span = |(at, part): (usize, &str)| Span {
        text: part.to_owned(),
        code: at % 2 == 1,
        link: None,
        place: place.clone(),
    };
    parts.map(span).collect()
}
