//! Pages as a browser shows them, copied as plain text: marks and markup are gone, and what can
//! be recovered is marked as recovered.

mod blocks;
mod head;
mod marks;
mod table;

use credwire_schema::diagnostic::Diagnostic;

use crate::{
    facts::{Confidence, Facts},
    page::Page,
    reference,
    source::{Line, Source},
};

/// Whether a text is a page in a form that kept its names and types.
pub(crate) fn is_readable(source: &Source) -> bool {
    let lines = source.lines();
    let head = head::read(&lines, source);
    let content = lines.get(head.content.clone()).unwrap_or_default();
    marks::has_signatures(content)
}

/// Whether a text has the headings of a reference page, in whatever state the rest is.
pub(crate) fn has_sections(source: &Source) -> bool {
    source.lines().iter().any(|line| marks::fixed_heading(line.text).is_some())
}

/// Reads the facts of one page in rendered form.
///
/// # Diagnostics
/// What could not be recovered is warned about (`unreadable-table`).
pub(crate) fn read(source: &Source, diagnostics: &mut Vec<Diagnostic>) -> Facts {
    let page = page(source, diagnostics);
    reference::read(&page, Confidence::Recovered, diagnostics)
}

fn page(source: &Source, diagnostics: &mut Vec<Diagnostic>) -> Page {
    let lines: Vec<Line<'_>> = source.lines();
    let head = head::read(&lines, source);
    let content = lines.get(head.content.clone()).unwrap_or_default();
    let blocks = blocks::read(content, &head, source, diagnostics);
    Page {
        path: crate::page::path_below_root(source.name(), None),
        title: head.title,
        title_place: head.title_place,
        slug: None,
        category: head.category,
        blocks,
    }
}
