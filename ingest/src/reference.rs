//! Reads symbols off pages: whatever the form a page came in, its blocks mean the same.

mod alias;
mod cards;
mod code;
mod describe;
mod element;
mod fields;
mod member_page;
mod prose_types;
mod section;
mod signature;
mod symbol;
mod table;
mod tokens;
mod unimplemented;

use std::collections::BTreeMap;

use credwire_schema::diagnostic::{Diagnostic, Place};

use crate::{
    facts::{Anomaly, Confidence, Facts, ItemFacts, ItemKind, MemberFacts, PageFacts, PageRole},
    page::{Block, BlockKind, Page, below_root, pascal_case},
};

pub(crate) use describe::{default_value, describe, one_of};

/// Reads the symbol a page is about.
///
/// # Diagnostics
/// `missing-title`, `missing-type`, `missing-path`, `invalid-type`, `invalid-signature` are errors;
/// what is not understood (`unknown-element`, `unknown-section`, ..) is warned about.
pub(crate) fn read(
    page: &Page,
    confidence: Confidence,
    diagnostics: &mut Vec<Diagnostic>,
) -> Facts {
    let mut reader =
        Reader { page, confidence, diagnostics, anomalies: Vec::new(), unimplemented: Vec::new() };
    if page.title.is_empty() {
        reader.error(
            "missing-title",
            &page.title_place,
            "the page has no title",
            "add `title: \"Name\"` to its front matter",
        );
        return Facts::default();
    }
    let Some(role) = role_of(page) else {
        let fields = reader.fields(&page.blocks).members;
        if !fields.is_empty() {
            return of_fields(reader, fields);
        }
        reader.warn(
            "no-symbol",
            &page.title_place,
            "the page states no symbol",
            "leave guides out of what is ingested",
        );
        return Facts::default();
    };
    let mut elements = BTreeMap::new();
    let mut items = match role {
        PageRole::Interface => vec![symbol::read(&mut reader, ItemKind::Interface)],
        PageRole::Class => vec![symbol::read(&mut reader, ItemKind::Class)],
        PageRole::Error => vec![symbol::read(&mut reader, ItemKind::Error)],
        PageRole::Alias => alias::read_alias(&mut reader).into_iter().collect(),
        PageRole::Function => alias::read_function(&mut reader).into_iter().collect(),
        PageRole::Accessor | PageRole::Method => {
            member_page::read(&mut reader).into_iter().collect()
        }
        PageRole::Root => alias::read_variables(&mut reader),
        PageRole::Element => {
            let (element, functions) = element::read(&mut reader);
            elements = element.into_iter().map(|element| (element.tag.clone(), element)).collect();
            functions
        }
    };
    items.iter_mut().for_each(|item| reader.mark_unimplemented(item));
    let anomalies = std::mem::take(&mut reader.anomalies);
    Facts {
        items: items.into_iter().map(|item| (item.name.clone(), item)).collect(),
        elements,
        pages: vec![page_facts(page, role)],
        anomalies,
        ..Facts::default()
    }
}

/// A page of any site whose fields belong to no symbol: an interface that its title names, or its
/// address where the title is no name.
fn of_fields(reader: Reader<'_>, fields: Vec<MemberFacts>) -> Facts {
    let page = reader.page;
    let slug = page.slug.as_deref().and_then(|slug| slug.trim_end_matches('/').rsplit('/').next());
    let from_title = pascal_case(&page.title);
    let named = from_title.starts_with(|c: char| c.is_ascii_alphabetic()).then_some(from_title);
    let name = named.or_else(|| slug.map(pascal_case)).unwrap_or_else(|| page.title.clone());
    let mut item = reader.item(ItemKind::Interface);
    item.name.clone_from(&name);
    // The words of the address are not those of the name.
    item.slug = None;
    item.properties = fields;
    Facts {
        items: BTreeMap::from([(name, item)]),
        pages: vec![page_facts(page, PageRole::Interface)],
        anomalies: reader.anomalies,
        ..Facts::default()
    }
}

fn page_facts(page: &Page, role: PageRole) -> PageFacts {
    PageFacts {
        path: page.path.clone(),
        role,
        title: page.title.clone(),
        address: cards::address(page),
        cards: cards::read(page),
        place: page.title_place.clone(),
    }
}

/// Whether a line of code declares something: a signature, an accessor, an alias, a constant.
pub(crate) fn is_declaration(code: &str) -> bool {
    code::statement_kind(code) != code::Statement::Other
}

/// Whether a line of code declares an accessor.
pub(crate) fn is_accessor(code: &str) -> bool {
    code::statement_kind(code) == code::Statement::Accessor
}

/// What the readers of the parts share.
struct Reader<'a> {
    page: &'a Page,
    confidence: Confidence,
    diagnostics: &'a mut Vec<Diagnostic>,
    anomalies: Vec<Anomaly>,
    /// Members that a warning about another member of the page holds for.
    unimplemented: Vec<String>,
}

impl Reader<'_> {
    fn error(&mut self, code: &'static str, place: &Place, message: impl Into<String>, help: &str) {
        self.diagnostics.push(Diagnostic::error(code, place.clone(), message).help(help));
    }

    fn warn(&mut self, code: &'static str, place: &Place, message: impl Into<String>, help: &str) {
        self.diagnostics.push(Diagnostic::warning(code, place.clone(), message).help(help));
    }

    fn odd(&mut self, kind: &'static str, place: &Place, detail: impl Into<String>) {
        let page = self.page.path.clone();
        self.anomalies.push(Anomaly { kind, page, detail: detail.into(), place: place.clone() });
    }

    /// An item named by the page's title, which may carry type parameters.
    fn item(&self, kind: ItemKind) -> ItemFacts {
        let title = &self.page.title;
        let name = title.split('<').next().unwrap_or(title).trim();
        let mut item = ItemFacts::new(name, kind, self.page.title_place.clone());
        item.page = Some(self.page.path.clone());
        item.slug.clone_from(&self.page.slug);
        item.confidence = self.confidence;
        item
    }
}

/// What a page is about: by its category when that says it, else by what it holds.
fn role_of(page: &Page) -> Option<PageRole> {
    let is_element = |block: &Block| match &block.kind {
        BlockKind::Heading { text, .. } => element::heading(text).is_some(),
        _ => false,
    };
    if page.blocks.iter().any(is_element) {
        return Some(PageRole::Element);
    }
    let below = page.slug.as_deref().map(below_root);
    let from_slug = below.as_ref().and_then(|parts| match parts.as_slice() {
        [category, _] => role_of_category(category),
        _ => None,
    });
    let from_folder = || page.category.iter().rev().find_map(|part| role_of_category(part));
    if let Some(role) = from_slug.or_else(from_folder) {
        return Some(role);
    }
    let is_member = below.as_ref().is_none_or(|parts| parts.len() > 1);
    let first = page.blocks.iter().take_while(|block| !is_section(block)).find_map(|block| {
        match &block.kind {
            BlockKind::Fence { lang, code } if section::is_typescript(lang) => {
                Some(code::statement_kind(code))
            }
            _ => None,
        }
    });
    match first {
        Some(code::Statement::Accessor) => return Some(PageRole::Accessor),
        Some(code::Statement::Alias) => return Some(PageRole::Alias),
        Some(code::Statement::Signature) if is_member => return Some(PageRole::Method),
        Some(code::Statement::Signature) => return Some(PageRole::Function),
        Some(code::Statement::Constant | code::Statement::Other) | None => {}
    }
    let has = |wanted: section::Section| {
        page.blocks.iter().any(|block| match &block.kind {
            BlockKind::Heading { text, .. } => section::of(text) == Some(wanted),
            _ => false,
        })
    };
    if has(section::Section::Constructors) || has(section::Section::Accessors) {
        let extends_error = section::list_after(&page.blocks, section::Section::Extends)
            .iter()
            .any(|text| text == "Error");
        return Some(if extends_error { PageRole::Error } else { PageRole::Class });
    }
    if has(section::Section::Variables) {
        return Some(PageRole::Root);
    }
    (has(section::Section::Properties) || has(section::Section::Methods))
        .then_some(PageRole::Interface)
}

fn role_of_category(category: &str) -> Option<PageRole> {
    match category.to_ascii_lowercase().replace([' ', '_'], "-").as_str() {
        "interfaces" | "interface" => Some(PageRole::Interface),
        "type-aliases" | "types" | "type-alias" => Some(PageRole::Alias),
        "errors" | "exceptions" => Some(PageRole::Error),
        "functions" | "function" => Some(PageRole::Function),
        "classes" => Some(PageRole::Class),
        "variables" => Some(PageRole::Root),
        _ => None,
    }
}

fn is_section(block: &Block) -> bool {
    matches!(&block.kind, BlockKind::Heading { depth: 1..=2, .. })
}
