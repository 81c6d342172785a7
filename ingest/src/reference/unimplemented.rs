//! Warnings that members are not implemented, and the members that they hold for.

use super::{
    Reader,
    fields::prose,
    tokens::{Kind, tokens},
};
use crate::{
    facts::ItemFacts,
    page::{Element, text_of},
};

/// Whether a component says that something is not implemented.
pub(super) fn is_said(element: &Element) -> bool {
    let text = text_of(&prose(&element.children)).to_lowercase();
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
    let not = words.iter().position(|word| *word == "not");
    not.is_some_and(|at| words.iter().skip(at).take(4).any(|word| *word == "implemented"))
        || words.contains(&"unimplemented")
}

/// What a component puts together, as in `` `a`, `b` and `c` throw ``: code, and words too, since the
/// text of a page has lost what is code.
pub(super) fn enumerations(element: &Element) -> Vec<Vec<String>> {
    let spans = prose(&element.children);
    let mut all = Vec::new();
    let mut names: Vec<String> = Vec::new();
    let mut joined = false;
    for token in tokens(&spans) {
        match (token.kind, token.lower.as_ref()) {
            (_, "," | "/" | "&" | "and" | "or") => joined = true,
            (_, "(" | ")") => {}
            (Kind::Code | Kind::Word, _) => {
                if !joined {
                    all.push(std::mem::take(&mut names));
                }
                names.push(token.text.trim_end_matches("()").to_owned());
                joined = false;
            }
            _ => {
                all.push(std::mem::take(&mut names));
                joined = false;
            }
        }
    }
    all.push(names);
    all
}

impl Reader<'_> {
    /// Keeps the members that a warning about the `own` ones holds for as well: those that it names
    /// together with one of them. What it names otherwise is a pointer to something else.
    pub(super) fn share_warning<'a>(
        &mut self,
        enumerations: &[Vec<String>],
        own: impl Iterator<Item = &'a str> + Clone,
    ) {
        let about_own =
            |names: &&Vec<String>| own.clone().any(|own| names.iter().any(|name| name == own));
        self.unimplemented.extend(enumerations.iter().filter(about_own).flatten().cloned());
    }

    /// Marks the members that a warning in another member's section holds for.
    pub(super) fn mark_unimplemented(&self, item: &mut ItemFacts) {
        let is_named = |name: &String| self.unimplemented.contains(name);
        for accessor in &mut item.accessors {
            accessor.unimplemented |= is_named(&accessor.name);
        }
        for method in &mut item.methods {
            method.unimplemented |= is_named(&method.name);
        }
    }
}
