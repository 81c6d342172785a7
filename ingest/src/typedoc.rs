//! Markdown as `typedoc-plugin-markdown` writes it: titles such as `Interface: X`, signatures as
//! quotes (`> **name**(`a?`): `T``) or as code, members under headings or in tables, a page for
//! each symbol or for each module.

mod anchors;
mod comment;
mod fields;
mod head;
mod member;
mod outline;
mod symbol;
mod text;

use std::collections::{BTreeMap, btree_map::Entry};

use credwire_schema::{diagnostic::Diagnostic, type_expr::TypeExpr};

use self::{
    anchors::variants,
    outline::{Role, Section, outline},
    symbol::Kind,
    text::{Types, namespaces},
};
use crate::{
    facts::{Facts, ItemFacts, ItemKind, PageFacts, PageRole},
    fern,
    mdx::{self, Flavour},
    page::Block,
    source::Source,
};

/// Whether a Markdown text is of this dialect.
pub(crate) fn is_typedoc(source: &Source) -> bool {
    let text = source.text();
    let titled = |line: &str| {
        let title = line.strip_prefix("# ").map(|title| title.trim_start_matches('~'));
        title
            .and_then(|title| title.split_once(": "))
            .is_some_and(|(word, _)| Kind::of_title(word).is_some())
    };
    let components = text.contains("<ParamField") || text.contains("<Accordion");
    !components
        && source.lines().iter().any(|line| {
            let line = line.text;
            let is_signature = line.starts_with("> ") && line.contains("**");
            let is_table = line.starts_with("| Property")
                || line.starts_with("| Parameter")
                || line.starts_with("| Type Parameter")
                || line.starts_with("| Enumeration Member");
            titled(line) || is_signature || is_table || line.starts_with("Defined in:")
        })
        || is_index(source)
}

/// Whether a page lists or describes the symbols of a module: such pages are called `README.md`.
pub(crate) fn is_module_page(source: &Source) -> bool {
    let lines = source.lines();
    let has = |wanted: &dyn Fn(&str) -> bool| lines.iter().any(|line| wanted(line.text));
    has(&|line| line.strip_prefix("## ").is_some_and(|group| Kind::of_group(group).is_some()))
        && has(&|line| line.starts_with("### "))
        && has(&|line| {
            (line.starts_with("> ") && line.contains("**")) || line.starts_with("Defined in")
        })
}

/// Whether a page only lists other pages of this dialect.
fn is_index(source: &Source) -> bool {
    let mut group = false;
    source.lines().iter().filter(|line| !line.text.is_empty()).any(|line| {
        let listed = line.text.starts_with("- [") && line.text.contains(".md");
        let found = group && listed;
        group = line.text.strip_prefix("## ").is_some_and(|name| {
            Kind::of_group(name).is_some() || matches!(name, "Namespaces" | "Modules")
        });
        found
    })
}

/// Reads the facts of one page.
///
/// # Errors
/// None: what is wrong with a part of the page goes to `diagnostics`, and takes nothing else with
/// it.
pub(crate) fn read(
    source: &Source,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Facts, Box<Diagnostic>> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut front_matter = None;
    let parts = parts(source);
    let single = parts.len() == 1;
    for part in parts {
        match mdx::parse(&part, Flavour::Markdown, diagnostics) {
            Ok(document) => {
                front_matter = front_matter.or(document.front_matter);
                blocks.extend(document.blocks);
            }
            Err(fault) if single => return Err(fault),
            Err(fault) => diagnostics.push(*fault),
        }
    }
    let head = fern::Head::read(front_matter, source, diagnostics);
    let path = match source.name().rsplit('/').nth(1) {
        Some(folder) if Kind::of_group(folder).is_some() && head.slug.is_none() => {
            format!("{folder}/{}", source.name().rsplit('/').next().unwrap_or_default())
        }
        _ => crate::page::path_below_root(source.name(), head.slug.as_deref()),
    };
    let root = outline(blocks, head.title_place.clone());
    let mut page = Page {
        types: Types { file: source.name(), variants: variants(source), diagnostics },
        path,
        slug: head.slug,
        facts: Facts::default(),
    };
    page.read(&root, head.title.as_deref());
    Ok(page.facts)
}

/// The text cut in front of its headings, so that what a parser needs grows with the length alone.
fn parts(source: &Source) -> Vec<Source> {
    let mut cuts = vec![0];
    let mut fence: Option<&str> = None;
    for line in source.lines() {
        let open = ["```", "~~~"].into_iter().find(|mark| line.text.starts_with(mark));
        match (fence, open) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(known), Some(mark)) if known == mark => fence = None,
            (None, None) if line.start > 0 && is_heading(line.text) => cuts.push(line.start),
            _ => {}
        }
    }
    let ends = cuts.iter().skip(1).copied().chain([source.text().len()]);
    cuts.iter().copied().zip(ends).map(|(start, end)| source.part(start..end)).collect()
}

fn is_heading(line: &str) -> bool {
    let depth = line.bytes().take_while(|byte| *byte == b'#').count();
    (1..=6).contains(&depth) && line.as_bytes().get(depth) == Some(&b' ')
}

/// A page and what was read of it.
struct Page<'a> {
    types: Types<'a>,
    path: String,
    slug: Option<String>,
    facts: Facts,
}

impl Page<'_> {
    fn read(&mut self, root: &Section, title: Option<&str>) {
        let top = root.children.iter().find(|child| child.depth == 1).unwrap_or(root);
        let own = if top.title.is_empty() { title.unwrap_or_default() } else { &top.title };
        let own = own.trim_matches('~');
        let (kind, name) = match own.split_once(": ") {
            Some((word, name)) if Kind::of_title(word).is_some() => (Kind::of_title(word), name),
            _ => (self.folder_kind(), own),
        };
        if let Some(kind) = kind.filter(|_| !name.is_empty()) {
            self.symbol(kind, name, top);
            return;
        }
        for group in top.children.iter().filter(|child| child.role == Role::Symbols) {
            self.group(group, Kind::of_group(&group.title));
        }
    }

    /// The symbols of a group, and of the categories in it.
    fn group(&mut self, group: &Section, kind: Option<Kind>) {
        for section in &group.children {
            match section.role {
                Role::Symbol => {
                    if let Some(kind) = kind {
                        self.symbol(kind, &section.title, section);
                    }
                }
                _ => self.group(section, kind),
            }
        }
    }

    fn folder_kind(&self) -> Option<Kind> {
        Kind::of_group(self.types.file.rsplit('/').nth(1)?)
    }

    fn symbol(&mut self, kind: Kind, title: &str, section: &Section) {
        let name = head::bare_name(title);
        let mut public = namespaces(self.types.file);
        public.push(name.to_owned());
        let public = public.join(".");
        let mut item = symbol::read(&mut self.types, kind, name, &public, section);
        item.page = Some(self.path.clone());
        item.slug.clone_from(&self.slug);
        item.generated = true;
        let role = role(&item);
        self.facts.pages.push(PageFacts {
            path: self.path.clone(),
            role,
            title: public.clone(),
            address: None,
            cards: Vec::new(),
            place: section.place.clone(),
        });
        match self.facts.items.entry(public) {
            Entry::Vacant(vacant) => drop(vacant.insert(item)),
            Entry::Occupied(mut known) => join(known.get_mut(), item),
        }
    }
}

/// Of a type and a value under one name the type is kept, as of declarations.
fn join(known: &mut ItemFacts, other: ItemFacts) {
    let rank = |item: &ItemFacts| match item.kind {
        ItemKind::Class | ItemKind::Error => 0,
        ItemKind::Interface => 1,
        ItemKind::Alias => 2,
        ItemKind::Function => 3,
        ItemKind::Variable => 4,
    };
    let (mut first, second) =
        if rank(&other) < rank(known) { (other, known.clone()) } else { (known.clone(), other) };
    if first.kind == ItemKind::Interface && second.kind == ItemKind::Function {
        first.calls.extend(second.calls);
    }
    *known = first;
}

fn role(item: &ItemFacts) -> PageRole {
    match item.kind {
        ItemKind::Interface => PageRole::Interface,
        ItemKind::Class => PageRole::Class,
        ItemKind::Error => PageRole::Error,
        ItemKind::Alias => PageRole::Alias,
        ItemKind::Function => PageRole::Function,
        ItemKind::Variable => PageRole::Root,
    }
}

/// Puts the values of members of enumerations where pages name the members, as declarations do.
pub(crate) fn resolve(facts: &mut Facts) {
    let mut values = BTreeMap::new();
    for item in facts.items.values().filter(|item| item.generated) {
        for member in &item.members {
            let value = match &member.value {
                value @ (TypeExpr::Literal(_) | TypeExpr::NumberLiteral(_)) => value.clone(),
                _ => TypeExpr::named(item.name.as_str()),
            };
            values.insert(format!("{}.{}", item.name, member.name), value);
        }
    }
    if values.is_empty() {
        return;
    }
    for item in facts.items.values_mut().filter(|item| item.generated) {
        item.each_type_mut(&mut |ty| put_values(ty, &values));
    }
}

fn put_values(ty: &mut TypeExpr, values: &BTreeMap<String, TypeExpr>) {
    if let TypeExpr::Ref { name, args } = ty
        && args.is_empty()
        && let Some(value) = values.get(name)
    {
        ty.clone_from(value);
        return;
    }
    ty.each_child_mut(&mut |child| put_values(child, values));
}
