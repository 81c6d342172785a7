//! The published form: MDX pages with front matter and components.

mod front_matter;

use crate::{
    diagnostic::Diagnostic,
    facts::{Confidence, Facts},
    mdx::{self, Flavour},
    page::{Page, below_root, path_below_root},
    reference,
    source::Source,
};

/// Reads the facts of one MDX page.
///
/// # Errors
/// What makes the whole page unreadable: `invalid-mdx`, `document-too-large`, `too-deeply-nested`.
/// Everything else goes to `diagnostics`.
pub fn read(source: &Source, diagnostics: &mut Vec<Diagnostic>) -> Result<Facts, Box<Diagnostic>> {
    let page = page(source, diagnostics)?;
    Ok(reference::read(&page, Confidence::Stated, diagnostics))
}

/// Takes a page apart into head data and blocks.
fn page(source: &Source, diagnostics: &mut Vec<Diagnostic>) -> Result<Page, Box<Diagnostic>> {
    let document = mdx::parse(source, Flavour::Mdx, diagnostics)?;
    let (yaml, offset) = document.front_matter.unwrap_or_default();
    let head = front_matter::parse(&yaml, offset, source, diagnostics);
    let slug = head.get("slug").map(|entry| entry.value.clone());
    let path = path_below_root(source.name(), slug.as_deref());
    let mut category: Vec<String> = path.split('/').map(str::to_owned).collect();
    let file = category.pop();
    if file.is_some_and(|file| file.split('.').next() == Some("index")) {
        category.pop();
    }
    let title = head.get("title");
    if slug.is_none() && title.is_some() {
        let place = source.place(0);
        diagnostics.push(
            Diagnostic::warning(
                "missing-slug",
                place,
                "the page has no slug, so Rust names follow the title's capitals",
            )
            .help("add `slug: /reference/interfaces/its-name` to its front matter"),
        );
    }
    // A slug that says nothing below the root is the entry page's.
    let is_root = slug.as_deref().is_some_and(|slug| below_root(slug).is_empty());
    Ok(Page {
        path,
        title: title.map(|entry| entry.value.clone()).unwrap_or_default(),
        title_place: title.map_or_else(|| source.place(0), |entry| entry.place.clone()),
        slug,
        category: if is_root { Vec::new() } else { category },
        blocks: document.blocks,
    })
}
