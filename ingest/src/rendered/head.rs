//! The frame of a rendered page: navigation, title, headings, and where the content is.

use std::{collections::BTreeSet, ops::Range};

use credwire_schema::diagnostic::Place;

use crate::source::{Line, Source};

/// What stands around the content.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) title: String,
    pub(super) title_place: Place,
    /// The last of the breadcrumbs, as far as they can be told apart.
    pub(super) category: Vec<String>,
    /// The headings of the second and third level in order, where the page lists them.
    pub(super) headings: Vec<String>,
    /// The symbols that the navigation lists, without type parameters.
    pub(super) known: BTreeSet<String>,
    /// The lines of the content.
    pub(super) content: Range<usize>,
}

/// Lines that belong to the site and not to the page.
const CHROME: [&str; 12] = [
    "Was this page helpful?",
    "Edit this page",
    "Previous",
    "Next",
    "Built with",
    "YesNo",
    "Yes",
    "No",
    "Copy page",
    "Ask AI",
    "Open in Claude",
    "View as Markdown",
];

const CATEGORIES: [&str; 6] =
    ["Interfaces", "Type Aliases", "Errors", "Functions", "Classes", "Variables"];

pub(super) fn read(lines: &[Line<'_>], source: &Source) -> Head {
    let at = |index: usize| lines.get(index).map_or("", |line| line.text.trim());
    let bar = lines.iter().position(|line| line.text.contains("View as Markdown"));
    let before = |from: usize| (0..from).rev().find(|index| !at(*index).is_empty());
    let first = (0..lines.len()).find(|index| !at(*index).is_empty()).unwrap_or(0);
    let title = bar.and_then(before).unwrap_or(first);
    let known = known_names(lines.get(..title).unwrap_or_default());
    let listed = (0..title).rev().find(|index| at(*index) == "On this page");
    let mut headings = Vec::new();
    let mut after_list = listed.map_or(0, |index| index + 1);
    while listed.is_some() && after_list < title {
        let Some(heading) = bullet(at(after_list)) else { break };
        headings.push(heading.to_owned());
        after_list += 1;
    }
    let crumbs = (after_list..title).rev().map(at).find(|line| !line.is_empty()).unwrap_or("");
    Head {
        title: at(title).to_owned(),
        title_place: source.place(lines.get(title).map_or(0, |line| line.start)),
        category: category(crumbs, &known),
        headings,
        known,
        content: content(lines, bar.map_or(title + 1, |bar| bar + 1)),
    }
}

/// The content begins after the site's own lines, and ends before those at the bottom.
fn content(lines: &[Line<'_>], from: usize) -> Range<usize> {
    let is =
        |index: usize, text: &str| lines.get(index).is_some_and(|line| line.text.trim() == text);
    let built = (from..lines.len()).find(|index| is(*index, "Built with"));
    // Where the text goes on after the footer, the footer was read before the content.
    let after_footer = built.filter(|built| {
        lines.iter().skip(built + 1).filter(|line| !line.text.trim().is_empty()).count() > 1
    });
    let mut start = after_footer.map_or(from, |built| built + 1);
    while lines
        .get(start)
        .is_some_and(|line| line.text.trim().is_empty() || CHROME.contains(&line.text.trim()))
    {
        start += 1;
    }
    let end = (start..lines.len())
        .find(|index| is(*index, "Was this page helpful?") || is(*index, "Edit this page"));
    start..end.unwrap_or(lines.len()).max(start)
}

/// The symbols of the navigation: bullets that are one identifier, with type parameters or not.
fn known_names(lines: &[Line<'_>]) -> BTreeSet<String> {
    let name = |line: &Line<'_>| {
        let text = bullet(line.text.trim())?;
        let name = text.split('<').next()?.trim();
        super::marks::is_identifier(name).then(|| name.to_owned())
    };
    lines.iter().filter_map(name).collect()
}

/// Breadcrumbs are glued: `EntitiesInterfaces`, `EntitiesWebRTCCall`.
fn category(crumbs: &str, known: &BTreeSet<String>) -> Vec<String> {
    let fixed = CATEGORIES
        .iter()
        .find(|category| crumbs.ends_with(*category))
        .map(|category| (*category).to_owned());
    // The longest name that fits, so that `Call` does not hide `WebRTCCall`.
    let named = || {
        known
            .iter()
            .filter(|name| crumbs.ends_with(name.as_str()))
            .max_by_key(|name| name.len())
            .cloned()
    };
    // Without the navigation, the words before the first capital inside are the group's.
    let inside = || {
        let boundary = crumbs
            .char_indices()
            .zip(crumbs.chars().skip(1))
            .find(|((_, a), b)| a.is_lowercase() && b.is_uppercase());
        let ((at, last), _) = boundary?;
        crumbs
            .get(at + last.len_utf8()..)
            .filter(|name| super::marks::is_identifier(name))
            .map(str::to_owned)
    };
    fixed.or_else(named).or_else(inside).into_iter().collect()
}

/// The text of a list item.
pub(super) fn bullet(text: &str) -> Option<&str> {
    let marks = ["\u{2022}", "- ", "* "];
    marks.iter().find_map(|mark| text.strip_prefix(mark)).map(str::trim)
}
