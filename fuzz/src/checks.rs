//! What must hold for any input, from its bytes to the generated Rust.

use std::collections::BTreeMap;

use credwire_codegen::custom_elements::manifest;
use credwire_drift::explain;
use credwire_ingest::{
    IngestInput, Ingested, Options, Review, facts::facts_json, ingest, source::Source,
};
use credwire_schema::{
    diagnostic::{Diagnostic, Place},
    document, link,
    model::{External, Item},
    overlay::Overlay,
};
use serde_json::Value;

/// The forms that are fuzzed, each by its own target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// MDX pages of symbols.
    Fern,
    /// MDX pages of custom elements.
    Elements,
    /// Pages as plain text.
    Rendered,
    /// TypeDoc's Markdown.
    TypeDoc,
    /// Declarations; a line `//# b` begins the module `b.d.ts`.
    Declarations,
}

/// Bytes of output that each byte of input may cause, a fixed amount aside. Far above what pages
/// need, and far below what output that grows with the square of the input comes to.
const GROWTH: usize = 2_000;

/// Types that inputs may mention without declaring them.
const EXTERNALS: [(&str, External); 4] = [
    ("Error", External::Error),
    ("ErrorOptions", External::Error),
    ("TError", External::Data),
    ("URL", External::Platform),
];

/// Reads `bytes` as a file of this form and takes what comes of them through every later stage.
/// Printing the generated code takes far longer than all the rest, so it can be left out.
///
/// # Panics
/// When something does not hold: a place outside the input, a problem without help, two results
/// for one input, output out of proportion, a document that cannot be read back, generated code
/// that is no Rust. Panics of the code under test are handed on.
pub fn check(form: Form, bytes: &[u8], print: bool) {
    let source = match Source::from_bytes("bytes", bytes.to_vec()) {
        Ok(source) => source,
        Err(fault) => {
            let text = String::from_utf8_lossy(bytes);
            let limits = Limits::new([("bytes", text.as_ref())]);
            return limits.diagnostics(&[*fault]);
        }
    };
    let modules = modules(form, source.text());
    let limits = Limits::new(modules.iter().map(|(name, text)| (*name, *text)));
    let first = Outcome::of(&modules, &limits, print);
    let second = Outcome::of(&modules, &limits, print);
    assert!(first == second, "two results for one input");
}

/// The input as named files.
fn modules(form: Form, text: &str) -> Vec<(&'static str, &str)> {
    match form {
        Form::Fern => vec![("Sample.mdx", text)],
        Form::Elements => vec![("web-component/x-sample.mdx", text)],
        Form::Rendered => vec![("Sample.txt", text)],
        Form::TypeDoc => vec![("reference/Sample.md", text)],
        Form::Declarations => {
            let (first, rest) = text.split_once("//# b\n").unwrap_or((text, ""));
            let (second, third) = rest.split_once("//# c\n").unwrap_or((rest, ""));
            let all = [("a.d.ts", first), ("b.d.ts", second), ("c.d.ts", third)];
            all.into_iter().filter(|(name, text)| *name == "a.d.ts" || !text.is_empty()).collect()
        }
    }
}

/// Everything that comes of an input, as bytes that must not change.
#[derive(PartialEq)]
struct Outcome {
    diagnostics: Vec<Diagnostic>,
    facts: String,
    documents: Vec<String>,
    report: Vec<credwire_codegen::Entry>,
    code: Vec<(String, String)>,
}

impl Outcome {
    fn of(modules: &[(&str, &str)], limits: &Limits, print: bool) -> Self {
        let inputs: Vec<IngestInput> = modules
            .iter()
            .map(|(name, text)| IngestInput::Text {
                name: (*name).to_owned(),
                text: (*text).to_owned(),
            })
            .collect();
        let review = Some(credwire_drift::review as Review);
        let options = Options { threads: Some(1), review, ..Options::default() };
        let ingested = ingest(&inputs, &options);
        limits.diagnostics(&ingested.diagnostics);
        assert!(ingested.has_errors() || ingested.summary.files == inputs.len());
        let facts = facts_json(&ingested.facts).to_string();
        limits.size("facts", facts.len());
        limits.size("manifest", manifest(&ingested.elements).to_string().len());
        // A page can contradict itself, but not out of proportion.
        limits.size("drift", credwire_drift::compare(&ingested.facts, &ingested.facts).len());
        let documents = documents(&ingested, limits);
        let (report, code) = code(ingested.items, limits, print);
        Self { diagnostics: ingested.diagnostics, facts, documents, report, code }
    }
}

/// The documents, which must be readable and say where in the input each fact stands.
fn documents(ingested: &Ingested, limits: &Limits) -> Vec<String> {
    let mut documents = Vec::new();
    for item in &ingested.items {
        let text = match document::write(item) {
            Ok(text) => text,
            Err(problem) => {
                limits.diagnostics(&[*problem]);
                continue;
            }
        };
        let again = document::read("document", &text).expect("documents can be read");
        assert_eq!(document::write(&again).as_deref(), Ok(text.as_str()), "a document changed");
        documents.push(text);
    }
    match document::element_files(&ingested.elements) {
        Ok(elements) => documents.extend(elements.iter().map(|(_, text)| text.to_owned())),
        Err(problems) => limits.diagnostics(&problems),
    }
    for text in &documents {
        limits.places(&serde_json::from_str(text).expect("documents are JSON"));
    }
    limits.size("documents", documents.iter().map(String::len).sum());
    documents
}

/// What becomes of each item, and the code when it is to be printed, where the items link.
fn code(
    items: Vec<Item>,
    limits: &Limits,
    print: bool,
) -> (Vec<credwire_codegen::Entry>, Vec<(String, String)>) {
    let externals: BTreeMap<String, External> =
        EXTERNALS.into_iter().map(|(name, external)| (name.to_owned(), external)).collect();
    let schema = match link::link(items, &externals) {
        Ok(schema) => schema,
        Err(problems) => {
            limits.diagnostics(&problems);
            return (Vec::new(), Vec::new());
        }
    };
    for name in schema.items.keys().filter(|name| !name.contains('.')).take(4) {
        explain::explain(&schema, &Overlay::default(), name).expect("items can be explained");
    }
    let report = credwire_codegen::report(&schema);
    if !print || schema.items.is_empty() {
        return (report, Vec::new());
    }
    let output = match credwire_codegen::render(&schema) {
        Ok(output) => output,
        Err(problems) => {
            assert!(problems.iter().all(|problem| problem.code != "generator"), "{problems:?}");
            limits.diagnostics(&problems);
            return (report, Vec::new());
        }
    };
    let code: Vec<(String, String)> =
        output.files().iter().map(|(path, text)| (path.to_owned(), text.to_owned())).collect();
    limits.size("code", code.iter().map(|(_, text)| text.len()).sum());
    (report, code)
}

/// What an input allows: the places in it, and how much may come of it.
struct Limits {
    /// The characters of each line of each file.
    files: BTreeMap<String, Vec<usize>>,
    bytes: usize,
}

impl Limits {
    fn new<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut limits = Self { files: BTreeMap::new(), bytes: 0 };
        for (name, text) in files {
            let lines = text.split('\n').map(|line| line.chars().count()).collect();
            limits.files.insert(name.to_owned(), lines);
            limits.bytes += text.len();
        }
        limits
    }

    fn diagnostics(&self, diagnostics: &[Diagnostic]) {
        for fault in diagnostics {
            self.place(&fault.place, &fault.message);
            assert!(!fault.message.is_empty() && fault.help.is_some(), "without help: {fault}");
        }
        let text: usize = diagnostics.iter().map(|fault| fault.to_string().len()).sum();
        self.size("diagnostics", text);
    }

    fn place(&self, place: &Place, of: &str) {
        let lines = self.files.get(place.file.as_ref());
        let line = (place.line as usize).checked_sub(1);
        let width = lines.zip(line).and_then(|(lines, line)| lines.get(line));
        let inside = width.is_some_and(|width| (1..=width + 1).contains(&(place.column as usize)));
        assert!(inside, "{place} is not in the input: {of}");
    }

    /// Every object of a document that is a place.
    fn places(&self, value: &Value) {
        match value {
            Value::Object(fields) => {
                if let Some((file, line)) = fields.get("file").zip(fields.get("line")) {
                    let number = |value: &Value| value.as_u64().and_then(|n| n.try_into().ok());
                    let column = fields.get("column").and_then(number);
                    let place = file.as_str().zip(number(line)).zip(column);
                    let ((file, line), column) = place.expect("places are complete");
                    self.place(&Place::new(file, line, column), "a document");
                }
                fields.values().for_each(|value| self.places(value));
            }
            Value::Array(values) => values.iter().for_each(|value| self.places(value)),
            _ => {}
        }
    }

    fn size(&self, what: &str, bytes: usize) {
        // The frame of a generated crate is there for the smallest input.
        let limit = GROWTH * self.bytes + (256 << 10);
        assert!(bytes <= limit, "{bytes} bytes of {what} from {} bytes", self.bytes);
    }
}
