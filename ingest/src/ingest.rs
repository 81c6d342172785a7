//! From files to facts and items: whatever form the files are in.

mod folder;
mod form;
mod index;
mod inputs;

use std::{fmt, path::PathBuf, sync::Arc};

use credwire_schema::{
    diagnostic::Diagnostic,
    model::{Item, element::Element},
};
use rayon::prelude::*;

use crate::{
    custom_elements, dts,
    facts::{Facts, add, check_listing, fill, mark_errors, merge},
    fern,
    lower::{Descriptions, Lowering, lower, lower_elements},
    rendered,
    source::{Source, is_declarations, is_json},
    typedoc,
};

pub use form::Form;
pub use inputs::paths_from_list;

/// Something to ingest.
#[derive(Clone, Debug)]
pub enum IngestInput {
    /// A file, a directory (its pages, at any depth; of a package of scripts the declarations that
    /// its `package.json` names), a glob, or an index such as `llms.txt`.
    Path(PathBuf),
    /// A text at hand, under the name that diagnostics and facts will show.
    Text {
        /// The name; its extension says the form.
        name: String,
        /// The text.
        text: String,
    },
}

impl From<&str> for IngestInput {
    fn from(path: &str) -> Self {
        Self::Path(path.into())
    }
}

impl From<PathBuf> for IngestInput {
    fn from(path: PathBuf) -> Self {
        Self::Path(path)
    }
}

/// Called after each file with the number done and the number in all; from any thread.
pub type Progress = Arc<dyn Fn(usize, usize) + Send + Sync>;

/// Holds pages against each other.
pub type Review = fn(&Facts) -> Vec<Diagnostic>;

/// How to ingest. `Default` uses all cores and reports no progress.
#[derive(Clone, Default)]
pub struct Options {
    /// Threads to use; all cores when `None`. The result does not depend on it.
    pub threads: Option<usize>,
    /// Called after each file.
    pub progress: Option<Progress>,
    /// Declarations (`.d.ts`) and Custom Elements Manifests that state what the inputs lack: symbols without a page, and the
    /// members of classes whose pages are not among the inputs.
    pub declarations: Vec<IngestInput>,
    /// What holds pages against each other, `credwire_drift::review` for one; its diagnostics are
    /// reported with all others. It sees the facts before [`Self::declarations`] complete them,
    /// and is not called where there is no page.
    pub review: Option<Review>,
    /// Whose sentences items and elements hold.
    pub descriptions: Descriptions,
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("threads", &self.threads)
            .field("progress", &self.progress.is_some())
            .field("declarations", &self.declarations)
            .field("review", &self.review.is_some())
            .field("descriptions", &self.descriptions)
            .finish()
    }
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Ingested {
    /// The items, sorted by name: not linked, not corrected.
    pub items: Vec<Item>,
    /// The custom elements, sorted by tag.
    pub elements: Vec<Element>,
    /// What the sources state.
    pub facts: Facts,
    /// Everything wrong or doubtful, sorted by place.
    pub diagnostics: Vec<Diagnostic>,
    /// How much was read.
    pub summary: Summary,
}

/// How much was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files that were read.
    pub files: usize,
    /// Symbols found.
    pub symbols: usize,
    /// Properties, accessors, methods and constructors found.
    pub members: usize,
}

impl Ingested {
    /// Returns whether any diagnostic forbids output.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

/// The stack of the threads that parse: the depth of what they parse is bounded, and this is
/// enough for that depth in a build without optimisation.
const STACK_BYTES: usize = 16 << 20;

/// Reads inputs into facts and items. Files are read in parallel; the result depends neither on
/// the number of threads nor on the order of the inputs.
///
/// # Diagnostics
/// Every problem of every input at once; `Ingested::has_errors` says whether to go on.
#[must_use = "problems are in the diagnostics alone"]
pub fn ingest(inputs: &[IngestInput], options: &Options) -> Ingested {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(options.threads.unwrap_or(0))
        .stack_size(STACK_BYTES)
        .build();
    match pool {
        Ok(pool) => pool.install(|| ingest_all(inputs, options)),
        Err(_) => ingest_all(inputs, options),
    }
}

fn ingest_all(inputs: &[IngestInput], options: &Options) -> Ingested {
    let (jobs, mut diagnostics) = inputs::resolve(inputs);
    let (declarations, jobs): (Vec<_>, Vec<_>) =
        jobs.into_iter().partition(|job| is_declarations(&job.name()));
    let (manifests, jobs): (Vec<_>, Vec<_>) =
        jobs.into_iter().partition(|job| is_json(&job.name()));
    let (done, count) = (std::sync::atomic::AtomicUsize::new(0), jobs.len());
    let read: Vec<(Option<Facts>, Vec<Diagnostic>)> = jobs
        .into_par_iter()
        .map(|job| {
            let result = read_one(job);
            if let Some(progress) = &options.progress {
                let finished = done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
                progress(finished, count);
            }
            result
        })
        .collect();
    let mut files = read.iter().filter(|(facts, _)| facts.is_some()).count();
    let mut parts = Vec::new();
    if !declarations.is_empty() {
        let (facts, count) = read_declarations(declarations, &mut diagnostics);
        files += count;
        parts.push(facts);
    }
    for (facts, found) in read {
        parts.extend(facts);
        diagnostics.extend(found);
    }
    let mut facts = merge(parts, &mut diagnostics);
    let (known, count) = read_manifests(manifests, &mut diagnostics);
    files += count;
    add(&mut facts, known);
    mark_errors(&mut facts);
    typedoc::resolve(&mut facts);
    if inputs::is_tree(inputs) {
        check_listing(&facts, &mut diagnostics);
    }
    if let Some(review) = options.review
        && !facts.pages.is_empty()
    {
        diagnostics.extend(review(&facts));
    }
    if !options.declarations.is_empty() {
        let (jobs, problems) = inputs::resolve(&options.declarations);
        diagnostics.extend(problems);
        let (manifests, jobs): (Vec<_>, Vec<_>) =
            jobs.into_iter().partition(|job| is_json(&job.name()));
        let (declared, count) = read_declarations(jobs, &mut diagnostics);
        files += count;
        let mut declared = merge(vec![declared], &mut diagnostics);
        let (known, count) = read_manifests(manifests, &mut diagnostics);
        files += count;
        add(&mut declared, known);
        fill(&mut facts, declared);
    }
    let mut cx = Lowering { diagnostics: &mut diagnostics, descriptions: options.descriptions };
    let elements = lower_elements(&facts, &mut cx);
    let items = lower(&facts, &mut cx);
    diagnostics.sort_by(|a, b| (&a.place, a.code, &a.message).cmp(&(&b.place, b.code, &b.message)));
    diagnostics.dedup();
    let members = facts
        .items
        .values()
        .map(|item| {
            item.properties.len()
                + item.accessors.len()
                + item.methods.len()
                + item.constructors.len()
        })
        .sum();
    let summary = Summary { files, symbols: facts.items.len(), members };
    Ingested { items, elements, facts, diagnostics, summary }
}

/// The facts of declarations, and how many files could be read.
fn read_declarations(jobs: Vec<inputs::Job>, diagnostics: &mut Vec<Diagnostic>) -> (Facts, usize) {
    let mut entries = Vec::new();
    for job in jobs {
        let module = job.module();
        match job.source() {
            Ok(source) => entries.push(dts::Entry { source, module }),
            Err(fault) => diagnostics.push(*fault),
        }
    }
    (dts::read(&entries, diagnostics), entries.len())
}

/// The facts of Custom Elements Manifests, and how many could be read.
fn read_manifests(jobs: Vec<inputs::Job>, diagnostics: &mut Vec<Diagnostic>) -> (Facts, usize) {
    let mut parts = Vec::new();
    for job in jobs {
        match job.source().and_then(|source| custom_elements::read_source(&source, diagnostics)) {
            Ok(facts) => parts.push(facts),
            Err(fault) => diagnostics.push(*fault),
        }
    }
    let count = parts.len();
    (merge(parts, diagnostics), count)
}

fn read_one(job: inputs::Job) -> (Option<Facts>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let facts = job.source().and_then(|source| read_source(&source, &mut diagnostics));
    match facts {
        Ok(facts) => (Some(facts), diagnostics),
        Err(fault) => {
            diagnostics.push(*fault);
            (None, diagnostics)
        }
    }
}

/// Reads one source in whatever form it is.
fn read_source(
    source: &Source,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Facts, Box<Diagnostic>> {
    match form::detect(source)? {
        Form::Fern => fern::read(source, diagnostics),
        Form::TypeDoc => typedoc::read(source, diagnostics),
        Form::Rendered => Ok(rendered::read(source, diagnostics)),
    }
}
