//! What the comments of an object's methods say: our own line first, then the member as the
//! reference calls it and the facts about its value.

use credwire_schema::{
    model::{Item, Property, Schema, Shape},
    spelling,
};
use syn::ext::IdentExt as _;

use super::members::Member;
use crate::{
    docs, names,
    summary::{self, Summary},
};

/// The words about one member.
pub(super) struct MemberComments<'a> {
    member: &'a Member<'a>,
    summary: Option<Summary<'a>>,
    /// What it is when it can be called.
    kind: &'static str,
    /// What the getter of the same value is called.
    getter: String,
}

impl<'a> MemberComments<'a> {
    pub(super) fn new(schema: &'a Schema, item: &'a Item, member: &'a Member<'a>) -> Self {
        let own = Some(member.summary).filter(|own| !own.is_empty()).map(Summary::Own);
        let getter =
            names::field(spelling::streamed(member.documented).unwrap_or(member.documented));
        Self {
            member,
            summary: own.or_else(|| summary::of(schema, item, member.documented)),
            kind: match item.shape {
                Shape::Function { .. } => "Function",
                _ => "Method",
            },
            getter: getter.unraw().to_string(),
        }
    }

    /// The value of now.
    pub(super) fn get(&self, property: &Property) -> Vec<String> {
        self.paragraphs("Gives", "Property", "", property)
    }

    /// A stream of values.
    pub(super) fn watch(&self, property: &Property, may_lack: bool) -> Vec<String> {
        let ends = if may_lack { "; ends at once where there is none" } else { "" };
        self.paragraphs("Watches", "Observable", ends, property)
    }

    /// A value that is taken.
    pub(super) fn set(&self, property: &Property) -> Vec<String> {
        let of_value = self.summary.map(|summary| match summary {
            Summary::Own(line) | Summary::OfValue(line) => {
                format!("Sets `{}`: {}", self.getter, summary::in_a_sentence(line))
            }
        });
        self.with_facts(of_value, "Sets", "Setter of", "", property)
    }

    /// Something that is done.
    pub(super) fn call(&self, may_lack: bool) -> Vec<String> {
        let lacks = if may_lack { "; `None` where the object lacks it" } else { "" };
        let line = self.line();
        match line {
            Some(line) => vec![line, self.documented(self.kind, lacks)],
            None => vec![format!("Calls `{}` of the reference{lacks}.", self.member.documented)],
        }
    }

    fn line(&self) -> Option<String> {
        Some(match self.summary? {
            Summary::Own(line) => line.to_owned(),
            Summary::OfValue(line) => {
                format!("Each new value of `{}`: {}", self.getter, summary::in_a_sentence(line))
            }
        })
    }

    fn paragraphs(&self, verb: &str, kind: &str, more: &str, property: &Property) -> Vec<String> {
        self.with_facts(self.line(), verb, kind, more, property)
    }

    fn with_facts(
        &self,
        line: Option<String>,
        verb: &str,
        kind: &str,
        more: &str,
        property: &Property,
    ) -> Vec<String> {
        let facts: String = docs::facts(property).iter().map(|fact| format!("; {fact}")).collect();
        let more = format!("{more}{facts}");
        match line {
            Some(line) => vec![line, self.documented(kind, &more)],
            // A member of a newer reference, which nobody has described yet.
            None => vec![format!("{verb} `{}` of the reference{more}.", self.member.documented)],
        }
    }

    /// The member as the reference calls it; nothing where Rust calls it the same and no more is
    /// known.
    fn documented(&self, kind: &str, more: &str) -> String {
        if more.is_empty() && self.member.rust.unraw() == self.member.documented {
            return String::new();
        }
        format!("{kind} `{}`{more}.", self.member.documented)
    }
}
