//! From pages and declarations to schema documents.

use std::{collections::BTreeSet, path::PathBuf, sync::Arc};

use credwire_ingest::{IngestInput, Ingested, Options, provenance::Provenance};
use credwire_schema::{
    diagnostic::Diagnostic,
    document,
    fileset::FileSet,
    link,
    model::{Item, element::Element},
    overlay::Overlay,
};
use indicatif::{ProgressBar, ProgressStyle};

use crate::{config::Descriptions, report};

/// Reads `inputs`, and of the declarations of `fill` what they lack.
pub(crate) fn ingest(
    inputs: &[IngestInput],
    fill: &[PathBuf],
    descriptions: Descriptions,
) -> Ingested {
    let progress = Progress::new();
    let declarations = fill.iter().cloned().map(IngestInput::Path).collect();
    let descriptions = descriptions.into();
    let options = Options { declarations, descriptions, ..progress.options() };
    let ingested = credwire_ingest::ingest(inputs, &options);
    progress.clear();
    ingested
}

/// What items and elements are linked and corrected with.
#[derive(Default)]
pub(crate) struct Surroundings {
    /// The documents that pages may refer to besides each other.
    pub(crate) known: Vec<Item>,
    /// The tags of the custom elements that have documents already.
    pub(crate) known_tags: BTreeSet<String>,
    pub(crate) overlay: Overlay,
}

/// The documents of symbols, and those of custom elements.
pub(crate) struct Documents {
    pub(crate) symbols: FileSet,
    pub(crate) elements: FileSet,
    /// The names that nothing explains.
    pub(crate) unknown: Vec<Diagnostic>,
}

impl Surroundings {
    /// The documents of `items`, corrected by the overlay and linked with what is known, and those
    /// of `elements`.
    pub(crate) fn documents(
        self,
        items: Vec<Item>,
        mut elements: Vec<Element>,
        mut provenance: Provenance,
    ) -> Result<Documents, Vec<Diagnostic>> {
        let Self { known, known_tags, overlay } = self;
        let link::Assembled { mut items, schema } = link::assemble(items, known.clone(), &overlay)?;
        let mut unknown = schema.simplified;
        let problems = overlay.apply_to_elements(&mut elements, &known_tags);
        if !problems.is_empty() {
            return Err(problems);
        }
        if !elements.is_empty() {
            let read: BTreeSet<&str> = items.iter().map(|item| item.name.as_str()).collect();
            let known = known.into_iter().filter(|item| !read.contains(item.name.as_str()));
            let elements = elements.iter().cloned().map(Element::into_item);
            let all = items.iter().cloned().chain(known).chain(elements).collect();
            unknown = link::link_all(all, overlay.externals())?.simplified;
        }
        unknown.retain(|warning| warning.code == "unknown-type");
        // Only now: diagnostics name files as the user does.
        items.iter_mut().for_each(|item| provenance.of_item(item));
        elements.iter_mut().for_each(|element| provenance.of_element(element));
        let (symbols, elements) = (document::files(&items)?, document::element_files(&elements)?);
        Ok(Documents { symbols, elements, unknown })
    }
}

/// A bar for the files read, on a terminal.
struct Progress(Option<ProgressBar>);

impl Progress {
    fn new() -> Self {
        let style = ProgressStyle::with_template("{bar:32} {pos}/{len} files {elapsed}");
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
        Self(report::is_live().then(|| ProgressBar::new(0).with_style(style)))
    }

    fn options(&self) -> Options {
        let progress = self.0.clone().map(|bar| -> credwire_ingest::Progress {
            Arc::new(move |done, total| {
                bar.set_length(total as u64);
                bar.set_position(done as u64);
            })
        });
        Options { progress, review: Some(credwire_drift::review), ..Options::default() }
    }

    fn clear(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
