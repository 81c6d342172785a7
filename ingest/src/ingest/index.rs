//! Indexes of a site on disk: `llms.txt`, a list of links in Markdown.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use credwire_schema::diagnostic::Diagnostic;

use super::folder::{is_page, walk};
use crate::source::Source;

/// Whether a file is an index by its name.
pub(super) fn is_index(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.eq_ignore_ascii_case("llms.txt"))
}

/// The pages that an index names, and those of the indexes it names. A link is a path beside the
/// index or an address on the site; of an address, the longest end that a file matches counts.
pub(super) fn pages(index: &Path, diagnostics: &mut Vec<Diagnostic>) -> Vec<PathBuf> {
    let mut seen = BTreeSet::new();
    let mut found = BTreeSet::new();
    let mut waiting = vec![index.to_owned()];
    while let Some(index) = waiting.pop() {
        // An index may name itself, or one that names it.
        if !seen.insert(index.clone()) {
            continue;
        }
        match Source::read(&index) {
            Ok(source) => {
                for page in read(&source, &index, diagnostics) {
                    if is_index(&page) {
                        waiting.push(page);
                    } else {
                        found.insert(page);
                    }
                }
            }
            Err(fault) => diagnostics.push(*fault),
        }
    }
    found.into_iter().collect()
}

fn read(source: &Source, index: &Path, diagnostics: &mut Vec<Diagnostic>) -> Vec<PathBuf> {
    let folder =
        index.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let below: Vec<(String, PathBuf)> = walk(folder, is_page)
        .into_iter()
        .map(|path| (address(&path.strip_prefix(folder).unwrap_or(&path).to_string_lossy()), path))
        .collect();
    let mut found = Vec::new();
    for line in source.lines() {
        for (offset, target) in links(line.text) {
            let beside = folder.join(target);
            if beside.is_file() {
                found.push(beside);
                continue;
            }
            match by_address(target, &below) {
                Some(path) => found.push(path.to_owned()),
                None => diagnostics.push(
                    Diagnostic::warning(
                        "index-entry-missing",
                        source.place(line.start + offset),
                        format!("`{target}` names no page below the index"),
                    )
                    .help("keep the index beside the pages it names, or drop the entry"),
                ),
            }
        }
    }
    found
}

/// The targets of the Markdown links of a line, with their offsets.
fn links(line: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = line.get(at..).and_then(|rest| rest.find("](")).map(|open| at + open + 2)
    {
        let end =
            line.get(open..).and_then(|rest| rest.find(')')).map_or(line.len(), |end| open + end);
        let target = line.get(open..end).unwrap_or_default();
        found.push((open, target.split(['#', '?', ' ']).next().unwrap_or(target)));
        at = end;
    }
    found
}

/// The page whose own address ends the target's, the longest first.
fn by_address<'a>(target: &str, pages: &'a [(String, PathBuf)]) -> Option<&'a Path> {
    let path = target
        .split_once("://")
        .map_or(target, |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
    let wanted = address(path);
    let ends =
        |own: &str| !own.is_empty() && (wanted == own || wanted.ends_with(&format!("/{own}")));
    let fitting = pages.iter().filter(|(own, _)| ends(own));
    fitting.max_by_key(|(own, _)| own.len()).map(|(_, path)| path.as_path())
}

/// A path as an address spells it: no extension, no `index`, letters and digits in lower case, so
/// that `SDKCredential.mdx` and `sdk-credential` meet.
fn address(path: &str) -> String {
    let path = path.replace('\\', "/").to_lowercase();
    let bare = [".d.ts", ".mdx", ".md", ".txt", ".html"]
        .iter()
        .find_map(|end| path.strip_suffix(end))
        .unwrap_or(&path);
    let bare = bare.strip_suffix("/index").unwrap_or(bare);
    let keep = |c: char| c.is_alphanumeric() || matches!(c, '/' | '$');
    bare.trim_matches('/').chars().filter(|c| keep(*c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_pages_by_address() {
        let pages = vec![
            (address("interfaces/SDKCredential.mdx"), PathBuf::from("a")),
            (address("SignalWire/connect.mdx"), PathBuf::from("b")),
            (address("connect.mdx"), PathBuf::from("c")),
        ];
        let found = |target| by_address(target, &pages).and_then(Path::to_str);
        assert_eq!(
            found("https://x.test/docs/v4/reference/interfaces/sdk-credential.md"),
            Some("a")
        );
        assert_eq!(found("/docs/reference/signalwire/connect"), Some("b"));
        assert_eq!(found("https://x.test/other"), None);
    }

    #[test]
    fn reads_the_links_of_a_line() {
        assert_eq!(links("- [A](a.mdx#x): text ([B](/b))"), [(6, "a.mdx"), (26, "/b")]);
    }
}
