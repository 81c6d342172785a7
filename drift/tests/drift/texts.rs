//! Sides from short texts, and what differs between them.

use credwire_drift::{Group, compare};
use credwire_ingest::{IngestInput, Options, facts::Facts, ingest};

pub(crate) fn facts(files: &[(&str, &str)]) -> Facts {
    let inputs: Vec<IngestInput> = files
        .iter()
        .map(|(name, text)| IngestInput::Text {
            name: (*name).to_owned(),
            text: (*text).to_owned(),
        })
        .collect();
    let ingested =
        ingest(&inputs, &Options { review: Some(credwire_drift::review), ..Options::default() });
    assert!(!ingested.has_errors(), "{:?}", ingested.diagnostics);
    ingested.facts
}

/// Declarations of which only those marked `export` are exported: an empty list says so.
pub(crate) fn declarations(text: &str) -> Facts {
    facts(&[("index.d.ts", &format!("{text}\nexport {{}};\n"))])
}

pub(crate) fn page(title: &str, folder: &str, body: &str) -> (String, String) {
    let slug = title.to_lowercase();
    let text = format!(
        "---\ntitle: \"{title}\"\nslug: /reference/{folder}/{slug}\ndescription: \"About it.\"\nmax-toc-depth: 3\n---\nAbout it.\n\n{body}"
    );
    (format!("{folder}/{title}.mdx"), text)
}

pub(crate) fn pages(pages: &[(String, String)]) -> Facts {
    let files: Vec<(&str, &str)> =
        pages.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    facts(&files)
}

pub(crate) fn interface(title: &str, properties: &str) -> Facts {
    pages(&[page(title, "interfaces", &format!("## **Properties**\n\n{properties}"))])
}

/// What differs, `class subject`, without the group of the same.
pub(crate) fn told(left: &Facts, right: &Facts) -> Vec<String> {
    rows(left, right, |group| group != Group::Same)
}

/// What is the same in other words, and what differs.
pub(crate) fn all(left: &Facts, right: &Facts) -> Vec<String> {
    rows(left, right, |_| true)
}

pub(crate) fn rows(left: &Facts, right: &Facts, keep: impl Fn(Group) -> bool) -> Vec<String> {
    compare(left, right)
        .iter()
        .filter(|finding| keep(finding.group))
        .map(|finding| format!("{} {}", finding.class.as_str(), finding.subject()))
        .collect()
}

/// The differences of two texts of declarations.
pub(crate) fn drift(left: &str, right: &str) -> Vec<String> {
    all(&declarations(left), &declarations(right))
}

/// The differences of `interface I { .. }` with these members.
pub(crate) fn members(left: &str, right: &str) -> Vec<String> {
    drift(&format!("export interface I {{ {left} }}"), &format!("export interface I {{ {right} }}"))
}

pub(crate) const NONE: [&str; 0] = [];

pub(crate) fn field(path: &str, ty: &str, required: bool, text: &str) -> String {
    let required = if required { " required" } else { "" };
    format!(
        "<ParamField path=\"{path}\" type=\"{ty}\"{required} toc={{true}}>\n  {text}\n</ParamField>\n\n"
    )
}
