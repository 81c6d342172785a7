//! `MANIFEST.json`: what was made from what.

use std::collections::{BTreeMap, BTreeSet};

use credwire_schema::{diagnostic::Diagnostic, document, model::Schema};
use serde::Serialize;

use crate::{
    custom_elements,
    generator::Outcomes,
    layout::{ELEMENTS, SDK_FILE},
    options::CrateOptions,
};

/// The manifest of a generated tree.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Manifest {
    /// The generator and its version.
    generator: String,
    reference: Reference,
    /// Every generated file but the manifest.
    pub(crate) files: BTreeSet<String>,
    /// By documented name.
    items: BTreeMap<String, Entry>,
    /// Why items have no Rust form, by documented name.
    left_out: BTreeMap<String, Vec<String>>,
}

/// What the code was made of.
#[derive(Serialize)]
struct Reference {
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
}

#[derive(Serialize)]
struct Entry {
    /// FNV-1a (64 bits) of what the schema document says, apart from places.
    document: String,
    files: BTreeSet<String>,
    rust: BTreeSet<String>,
}

impl Manifest {
    /// The manifest of `files`, made of the `documents`, without what is `left_out`.
    ///
    /// # Errors
    /// Documents that cannot be written.
    pub(crate) fn new(
        outcomes: &Outcomes<'_>,
        documents: &Schema,
        left_out: &BTreeMap<String, Vec<Diagnostic>>,
        options: &CrateOptions,
        files: impl IntoIterator<Item = String>,
    ) -> Result<Self, Vec<Diagnostic>> {
        let mut items: BTreeMap<String, Entry> = BTreeMap::new();
        let mut problems = Vec::new();
        for (item, outcome) in outcomes.iter().filter(|(_, outcome)| !outcome.parts.is_empty()) {
            // Addresses of pages are no part of a document.
            let text = match document::content(documents.items.get(&item.name).unwrap_or(item)) {
                Ok(text) => text,
                Err(problem) => {
                    problems.push(*problem);
                    continue;
                }
            };
            let mut files = BTreeSet::new();
            let mut rust = BTreeSet::new();
            if custom_elements::of_item(item).is_some() {
                files.insert(ELEMENTS.to_owned());
            }
            for part in &outcome.parts {
                if part.has_code() {
                    files.insert(options.path(&part.path()).into_owned());
                }
                if !part.sdk.is_empty() {
                    files.insert(options.path(SDK_FILE).into_owned());
                }
                rust.extend(part.rust());
            }
            let document = format!("fnv1a64:{:016x}", fnv1a64(text.as_bytes()));
            items.insert(item.name.clone(), Entry { document, files, rust });
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let generator = format!("credwire-codegen {}", env!("CARGO_PKG_VERSION"));
        let left_out = left_out.iter().map(|(name, problems)| {
            let reasons = problems.iter().map(|problem| problem.message.clone());
            (name.clone(), reasons.collect())
        });
        let (files, left_out) = (files.into_iter().collect(), left_out.collect());
        let reference = Reference { title: options.title(), link: options.link.clone() };
        Ok(Self { generator, reference, files, items, left_out })
    }

    /// The text of the file.
    pub(crate) fn text(&self) -> Result<String, serde_json::Error> {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        Ok(text)
    }
}

/// FNV-1a: stable everywhere; tells versions of a document apart, not forgeries.
fn fnv1a64(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::fnv1a64;

    #[test]
    fn the_hash_agrees_with_the_published_test_vectors() {
        assert_eq!(fnv1a64(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a64(b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv1a64(b"foobar"), 0x85944171f73967e8);
    }
}
