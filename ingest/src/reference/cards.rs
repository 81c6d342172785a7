//! Cards: the pages that a page lists.

use crate::{
    facts::CardFacts,
    page::{Block, BlockKind, Page},
};

/// The address of a page below the root of the reference.
pub(super) fn address(page: &Page) -> Option<String> {
    let slug = page.slug.as_deref()?;
    below(slug, root(slug)?)
}

/// The cards that lead to pages of the same reference, at any depth.
pub(super) fn read(page: &Page) -> Vec<CardFacts> {
    let Some(slug) = page.slug.as_deref() else { return Vec::new() };
    let Some(root) = root(slug) else { return Vec::new() };
    let mut found = Vec::new();
    let mut waiting: Vec<&Block> = page.blocks.iter().rev().collect();
    while let Some(block) = waiting.pop() {
        let BlockKind::Element(element) = &block.kind else { continue };
        waiting.extend(element.children.iter().rev());
        let target = element.text("href").filter(|_| element.name == "Card");
        let address = target.and_then(|href| below(href, root)).filter(|to| !to.is_empty());
        if let (Some(address), Some(title)) = (address, element.text("title")) {
            let title = title.to_owned();
            found.push(CardFacts { title, address, place: block.place.clone() });
        }
    }
    found
}

/// The part of an address that the reference begins with.
fn root(slug: &str) -> Option<&str> {
    let parts = || slug.split('/').filter(|part| !part.is_empty());
    parts().find(|part| *part == "reference").or_else(|| parts().next())
}

/// What follows the root in an address; `None` when it leads elsewhere.
fn below(href: &str, root: &str) -> Option<String> {
    let path = href.split(['#', '?']).next().unwrap_or(href);
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    parts.find(|part| *part == root)?;
    let below = parts.collect::<Vec<_>>().join("/").to_lowercase();
    // A dollar sign may be written by its code.
    Some(below.replace("%24", "$"))
}
