//! Inline Markdown as TypeScript: types are code, links and escaped marks between them.

use std::collections::BTreeMap;

use credwire_schema::{
    diagnostic::{Diagnostic, Place},
    type_expr::{TypeExpr, TypeParam},
};

use super::head::top_level;
use crate::{facts::without_default_args, page::Span, ts};

/// Reads the types of one page.
pub(super) struct Types<'a> {
    /// The path of the page, which links start from.
    pub(super) file: &'a str,
    /// The members of enumerations on this page, by the anchors that links name.
    pub(super) variants: BTreeMap<String, String>,
    pub(super) diagnostics: &'a mut Vec<Diagnostic>,
}

impl Types<'_> {
    /// The text of a type: names behind links have their namespaces in front.
    pub(super) fn text(&self, spans: &[Span]) -> String {
        let mut text = String::new();
        for span in spans {
            let is_name = span.text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '$'));
            if let Some(link) = span.link.as_deref()
                && is_name
                && !text.ends_with('.')
            {
                if let Some(space) = linked_namespace(self.file, link) {
                    text.push_str(&space);
                    text.push('.');
                }
                if let Some(owner) = self.enumeration(link, &span.text) {
                    text.push_str(&owner);
                    text.push('.');
                }
            }
            text.push_str(&span.text);
        }
        text.replace('\n', " ").trim().to_owned()
    }

    /// The enumeration whose member a link leads to.
    fn enumeration(&self, link: &str, name: &str) -> Option<String> {
        let (file, anchor) = link.split_once('#')?;
        let own = file.is_empty() || self.file.rsplit('/').next() == file.rsplit('/').next();
        if own && let Some(variant) = self.variants.get(anchor) {
            let (owner, member) = variant.rsplit_once('.')?;
            return (member == name).then(|| owner.to_owned());
        }
        let mut parts = file.rsplit('/');
        let owner = parts.next()?.strip_suffix(".md")?;
        let in_folder = parts.next() == Some("enumerations")
            || (parts.next().is_none() && self.file.rsplit('/').nth(1) == Some("enumerations"));
        (in_folder && owner != name).then(|| owner.to_owned())
    }

    /// Parses a type; what is no TypeScript is kept as text.
    pub(super) fn parse(&mut self, text: &str, place: &Place) -> Option<TypeExpr> {
        let text = text.trim();
        if text.is_empty() || text == "-" {
            return None;
        }
        match ts::parse_type(text) {
            Ok(parsed) => {
                parsed.opaque.iter().for_each(|text| self.opaque(text, place));
                Some(plain(parsed.value))
            }
            Err(_) => {
                // Old versions write functions among alternatives without brackets.
                let framed = with_brackets(text);
                if framed != text
                    && let Ok(parsed) = ts::parse_type(&framed)
                {
                    return Some(parsed.value);
                }
                self.opaque(text, place);
                Some(TypeExpr::Opaque(text.to_owned()))
            }
        }
    }

    fn opaque(&mut self, text: &str, place: &Place) {
        let message = format!("`{text}` is a type that is kept as text only");
        self.diagnostics.push(
            Diagnostic::warning("opaque-type", place.clone(), message)
                .help("give it a name with a page of its own, or map it in the overlay"),
        );
    }

    /// Type parameters as written between angle brackets, without these.
    pub(super) fn type_params(&mut self, list: &str, place: &Place) -> Vec<TypeParam> {
        if list.trim().is_empty() {
            return Vec::new();
        }
        match ts::parse_alias(&format!("type _<{list}> = never")) {
            Ok(parsed) => {
                parsed.opaque.iter().for_each(|text| self.opaque(text, place));
                let mut params = parsed.value.type_params;
                for param in &mut params {
                    param
                        .extends
                        .iter_mut()
                        .chain(&mut param.default)
                        .for_each(without_default_args);
                }
                params
            }
            Err(_) => {
                self.opaque(list, place);
                let names = list.split(',').filter_map(|one| one.split_whitespace().next());
                names
                    .map(|name| TypeParam { name: name.to_owned(), extends: None, default: None })
                    .collect()
            }
        }
    }
}

/// A type in the words of declarations.
pub(super) fn plain(mut ty: TypeExpr) -> TypeExpr {
    without_default_args(&mut ty);
    // What stands for an object that is written out.
    if let TypeExpr::Predicate { ty, .. } = &mut ty
        && **ty == TypeExpr::named("Object")
    {
        **ty = TypeExpr::Object;
    }
    ty
}

/// Brackets around the functions among the alternatives of a union.
fn with_brackets(text: &str) -> String {
    let mut arms = Vec::new();
    let mut start = 0;
    for at in top_level(text, " | ") {
        arms.push(text.get(start..at).unwrap_or_default());
        start = at + 3;
    }
    arms.push(text.get(start..).unwrap_or_default());
    if arms.len() < 2 {
        return text.to_owned();
    }
    let framed = |arm: &&str| {
        let is_function = top_level(arm, "=>").next().is_some();
        if is_function { format!("({arm})") } else { (*arm).to_owned() }
    };
    arms.iter().map(framed).collect::<Vec<_>>().join(" | ")
}

/// The namespaces that the path of a page names: `errors` of `namespaces/errors/classes/X.md`.
pub(super) fn namespaces(path: &str) -> Vec<String> {
    let parts: Vec<&str> = path.split('/').collect();
    let mut found = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        if *part == "namespaces"
            && let Some(name) = parts.get(at + 1)
        {
            found.push(name.strip_suffix(".md").or(name.strip_suffix(".mdx")).unwrap_or(name));
        }
    }
    found.into_iter().map(str::to_owned).collect()
}

/// The namespaces of what a link leads to; none for those of no namespace and for other sites.
fn linked_namespace(file: &str, link: &str) -> Option<String> {
    if link.contains("://") || link.starts_with('/') {
        return None;
    }
    let target = link.split('#').next().unwrap_or(link);
    if target.is_empty() {
        return Some(namespaces(file).join(".")).filter(|space| !space.is_empty());
    }
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            other => parts.push(other),
        }
    }
    Some(namespaces(&parts.join("/")).join(".")).filter(|space| !space.is_empty())
}

/// The types of a list of bases: one an item, or several joined by dots that stand in no type.
pub(super) fn bases(text: &str, spans: &[Span]) -> Vec<String> {
    // A dot between two pieces of code joins bases; one in a piece is part of a name.
    let joined = spans
        .iter()
        .any(|span| !span.code && span.text.trim_start_matches(['>', ']', ')']).starts_with('.'));
    if !joined {
        return vec![text.to_owned()];
    }
    let mut found = Vec::new();
    let mut start = 0;
    for at in top_level(text, ".").collect::<Vec<_>>() {
        let before = text.get(start..at).unwrap_or_default();
        if before.ends_with(['>', ')', ']']) {
            found.push(before.to_owned());
            start = at + 1;
        }
    }
    found.push(text.get(start..).unwrap_or_default().to_owned());
    found
}

/// A name as declarations have it: members of well-known symbols are those of `Symbol`.
pub(super) fn member_name(name: &str) -> String {
    // `observable` is that of a proposal which libraries declare.
    const WELL_KNOWN: [&str; 16] = [
        "asyncDispose",
        "asyncIterator",
        "dispose",
        "hasInstance",
        "isConcatSpreadable",
        "iterator",
        "match",
        "matchAll",
        "observable",
        "replace",
        "search",
        "species",
        "split",
        "toPrimitive",
        "toStringTag",
        "unscopables",
    ];
    let inner = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    if let Some(inner) = inner
        && WELL_KNOWN.contains(&inner)
    {
        return format!("[Symbol.{inner}]");
    }
    let quoted = name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    quoted.unwrap_or(name).to_owned()
}
