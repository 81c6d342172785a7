//! The `key: value` lines at the top of a page.

use std::collections::BTreeMap;

use credwire_schema::diagnostic::{Diagnostic, Place};

use crate::source::Source;

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) value: String,
    pub(super) place: Place,
}

/// Reads the scalars of a front matter block; nested blocks and lists belong to other tools.
pub(super) fn parse(
    yaml: &str,
    offset: usize,
    source: &Source,
    diagnostics: &mut Vec<Diagnostic>,
) -> BTreeMap<String, Entry> {
    let mut entries = BTreeMap::new();
    let mut at = offset;
    for line in yaml.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let text = line.trim_end();
        if text.is_empty() || text.starts_with([' ', '\t', '-', '#']) {
            continue;
        }
        let Some((key, value)) = text.split_once(':') else {
            diagnostics.push(
                Diagnostic::warning(
                    "invalid-front-matter",
                    source.place(start),
                    format!("`{text}` is no `key: value`"),
                )
                .help("write one `key: value` a line"),
            );
            continue;
        };
        let lead = value.len() - value.trim_start().len();
        let place = source.place(start + key.len() + 1 + lead);
        entries.insert(key.trim().to_owned(), Entry { value: scalar(value.trim()), place });
    }
    entries
}

/// A plain, single-quoted or double-quoted YAML scalar.
fn scalar(text: &str) -> String {
    if let Some(inner) = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        let mut value = String::with_capacity(inner.len());
        let mut chars = inner.chars();
        while let Some(c) = chars.next() {
            match (c, c == '\\') {
                (_, true) => match chars.next() {
                    Some('n') => value.push('\n'),
                    Some('t') => value.push('\t'),
                    Some(escaped) => value.push(escaped),
                    None => value.push('\\'),
                },
                (c, false) => value.push(c),
            }
        }
        return value;
    }
    if let Some(inner) = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        return inner.replace("''", "'");
    }
    text.split(" #").next().unwrap_or(text).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_scalars_with_places() {
        let text =
            "---\ntitle: \"A \\\"b\\\"\"\nslug: /reference/a$ # note\ndescription: 'it''s'\n---\n";
        let source = Source::new("p.mdx", text);
        let mut diagnostics = Vec::new();
        let yaml = text.trim_start_matches("---\n").trim_end_matches("---\n");
        let entries = parse(yaml, 4, &source, &mut diagnostics);
        assert_eq!(entries["title"].value, "A \"b\"");
        assert_eq!(entries["slug"].value, "/reference/a$");
        assert_eq!(entries["description"].value, "it's");
        assert_eq!(entries["title"].place.to_string(), "p.mdx:2:8");
        assert!(diagnostics.is_empty());
    }
}
