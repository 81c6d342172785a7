//! The published form: MDX pages with front matter and components.

mod front_matter;

use credwire_schema::diagnostic::{Diagnostic, Place};

use crate::{
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
pub(crate) fn read(
    source: &Source,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Facts, Box<Diagnostic>> {
    let page = page(source, diagnostics)?;
    Ok(reference::read(&page, Confidence::Stated, diagnostics))
}

/// Takes a page apart into head data and blocks.
fn page(source: &Source, diagnostics: &mut Vec<Diagnostic>) -> Result<Page, Box<Diagnostic>> {
    let document = mdx::parse(source, Flavour::Mdx, diagnostics)?;
    let head = Head::read(document.front_matter, source, diagnostics);
    if head.slug.is_none() && head.title.is_some() {
        diagnostics.push(
            Diagnostic::warning(
                "missing-slug",
                source.place(0),
                "the page has no slug, so Rust names follow the title's capitals",
            )
            .help("add `slug: /reference/interfaces/its-name` to its front matter"),
        );
    }
    let path = path_below_root(source.name(), head.slug.as_deref());
    let mut category: Vec<String> = path.split('/').map(str::to_owned).collect();
    let file = category.pop();
    if file.is_some_and(|file| file.split('.').next() == Some("index")) {
        category.pop();
    }
    // A slug that says nothing below the root is the entry page's.
    let is_root = head.slug.as_deref().is_some_and(|slug| below_root(slug).is_empty());
    Ok(Page {
        path,
        title: head.title.unwrap_or_default(),
        title_place: head.title_place,
        slug: head.slug,
        category: if is_root { Vec::new() } else { category },
        blocks: document.blocks,
    })
}

/// What the front matter says.
pub(crate) struct Head {
    pub(crate) title: Option<String>,
    pub(crate) title_place: Place,
    pub(crate) slug: Option<String>,
}

impl Head {
    /// Reads front matter, when a document has any.
    pub(crate) fn read(
        front_matter: Option<(String, usize)>,
        source: &Source,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Self {
        let (yaml, offset) = front_matter.unwrap_or_default();
        let mut entries = front_matter::parse(&yaml, offset, source, diagnostics);
        let title = entries.remove("title").filter(|title| !title.value.is_empty());
        Self {
            title_place: title
                .as_ref()
                .map_or_else(|| source.place(0), |entry| entry.place.clone()),
            title: title.map(|entry| entry.value),
            slug: entries.remove("slug").map(|entry| entry.value),
        }
    }
}
