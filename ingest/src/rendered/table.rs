//! Tables whose cells are glued together.

use credwire_schema::diagnostic::{Diagnostic, Place};

use super::head::Head;
use crate::{
    page::{BlockKind, Span},
    ts,
};

type Row<'a> = (&'a str, Place);

/// Recovers a table from the lines of a paragraph, when they are one.
pub(super) fn read(
    rows: &[Row<'_>],
    head: &Head,
    names: &[String],
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<BlockKind> {
    let (header, body) = rows.split_first()?;
    if body.is_empty() {
        return None;
    }
    let (titles, is_described) = match header.0.strip_suffix("Description") {
        Some(titles) => (titles, true),
        None => (header.0, false),
    };
    let named = |first: &[String]| {
        let cells = |row| named_cells(row, first, names, is_described.then_some(head));
        body.iter().map(cells).collect::<Option<Vec<_>>>()
    };
    let cells = if titles.starts_with("Type ParameterDefault type") {
        with_header(header, &["Type Parameter", "Default type"], named(&title_params(head)))
    } else if titles.starts_with("ParameterType") {
        with_header(header, &["Parameter", "Type"], named(&[]))
    } else if body.iter().all(|row| row.0.starts_with("yes") || row.0.starts_with("no")) {
        decision(header, body, head)
    } else {
        return None;
    };
    if cells.is_none() {
        let message = "a table's cells are glued together and cannot be told apart";
        diagnostics.push(
            Diagnostic::warning("unreadable-table", header.1.clone(), message)
                .help("ingest the page's MDX source, which has the cells"),
        );
    }
    cells.map(BlockKind::Table)
}

type Cells = Vec<Vec<Span>>;

fn span(text: &str, place: &Place) -> Vec<Span> {
    vec![Span { text: text.to_owned(), code: false, link: None, place: place.clone() }]
}

fn with_header(header: &Row<'_>, titles: &[&str], rows: Option<Vec<Cells>>) -> Option<Vec<Cells>> {
    let head: Cells = titles.iter().map(|title| span(title, &header.1)).collect();
    Some(std::iter::once(head).chain(rows?).collect())
}

/// The type parameters of a title: `JSONRPCRequest<TParams>`.
fn title_params(head: &Head) -> Vec<String> {
    let inside = head.title.split_once('<').and_then(|(_, rest)| rest.rsplit_once('>'));
    inside
        .map(|(list, _)| list.split(',').map(|name| name.trim().to_owned()).collect())
        .unwrap_or_default()
}

/// `TParamsunknown`, `target?string | X`: a name that is known from elsewhere, then a type, then
/// perhaps a description.
fn named_cells(
    row: &Row<'_>,
    first: &[String],
    names: &[String],
    described_by: Option<&Head>,
) -> Option<Cells> {
    let (text, place) = row;
    let known = first
        .iter()
        .chain(names)
        .filter(|name| !name.is_empty() && text.starts_with(name.as_str()));
    let conventional = conventional_name(text);
    let name = known.max_by_key(|name| name.len()).map_or(conventional, String::as_str);
    if name.is_empty() {
        return None;
    }
    let optional = usize::from(text.get(name.len()..)?.starts_with('?'));
    let (name, rest) = text.split_at_checked(name.len() + optional)?;
    let rest = rest.trim_start();
    let typed = described_by.map_or_else(|| vec![rest], |head| before_descriptions(rest, head));
    typed.into_iter().find_map(|typed| {
        if let Some(bounds) = typed.strip_prefix("extends ") {
            let (bound, default) = two_types(bounds)?;
            return Some(vec![
                span(&format!("{name} extends {bound}"), place),
                span(default, place),
            ]);
        }
        (typed.is_empty() || ts::parse_type(typed).is_ok())
            .then(|| vec![span(name, place), span(typed, place)])
    })
}

/// What may be before the description in `neverThe lamp.`: up to where a word begins behind a type
/// that is known.
fn before_descriptions<'a>(text: &'a str, head: &Head) -> Vec<&'a str> {
    let is_known = |typed: &str| {
        let mut names = head.known.iter().map(String::as_str).chain(KEYWORDS);
        typed.ends_with(['>', ']', '}']) || names.any(|name| typed.ends_with(name))
    };
    let begins = text.char_indices().filter(|(_, c)| c.is_uppercase());
    begins.filter_map(|(at, _)| text.get(..at)).filter(|typed| is_known(typed)).collect()
}

/// Words of TypeScript that are types.
const KEYWORDS: [&str; 9] =
    ["unknown", "string", "number", "boolean", "never", "object", "any", "void", "undefined"];

/// `T`, `TParams`: what type parameters are called, up to where a type begins.
fn conventional_name(text: &str) -> &str {
    let starts = KEYWORDS.into_iter().chain([" extends "]);
    let end = starts.filter_map(|start| text.find(start)).min().unwrap_or(0);
    text.get(..end).unwrap_or_default()
}

/// Cuts `AA` into `A`, `A`: the one place where both halves are types and a word begins.
fn two_types(text: &str) -> Option<(&str, &str)> {
    let cuts = text.char_indices().skip(1).filter(|(at, c)| {
        c.is_uppercase()
            && text
                .get(..*at)
                .is_some_and(|before| before.ends_with(|c: char| c.is_lowercase() || c == '>'))
    });
    let mut fits = cuts.filter_map(|(at, _)| Some((text.get(..at)?, text.get(at..)?))).filter(
        |(bound, default)| ts::parse_type(bound).is_ok() && ts::parse_type(default).is_ok(),
    );
    let mut found: Vec<_> = fits.by_ref().collect();
    // Equal halves are the usual case and beat every other cut.
    found.sort_by_key(|(bound, default)| bound != default);
    match found.as_slice() {
        [one] => Some(*one),
        [(bound, default), ..] if bound == default => Some((bound, default)),
        _ => None,
    }
}

/// `yesnoOutcome`: as many yes or no as there are powers of two in the rows; the header is cut
/// where a word ends and a capital begins.
fn decision(header: &Row<'_>, body: &[Row<'_>], head: &Head) -> Option<Vec<Cells>> {
    let conditions = body.len().ilog2() as usize;
    if conditions == 0 || 1 << conditions != body.len() {
        return None;
    }
    let titles = glued_titles(header.0, head);
    if titles.len() != conditions + 1 {
        return None;
    }
    let mut rows = vec![titles.into_iter().map(|title| span(title, &header.1)).collect::<Cells>()];
    for (text, place) in body {
        let mut rest = *text;
        let mut cells = Cells::new();
        for _ in 0..conditions {
            let word = ["yes", "no"].into_iter().find(|word| rest.starts_with(word))?;
            cells.push(span(word, place));
            rest = rest.get(word.len()..)?;
        }
        cells.push(span(rest.trim(), place));
        rows.push(cells);
    }
    Some(rows)
}

/// Cuts `refresh providedSAT carries ..` before capitals that follow a small letter, unless the
/// word is a name that the page knows.
fn glued_titles<'a>(text: &'a str, head: &Head) -> Vec<&'a str> {
    let mut titles = Vec::new();
    let mut start = 0;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        if c.is_uppercase() && before.is_lowercase() && !inside_known(text, at, head) {
            titles.push(text.get(start..at).unwrap_or_default().trim());
            start = at;
        }
        before = c;
    }
    titles.push(text.get(start..).unwrap_or_default().trim());
    titles
}

fn inside_known(text: &str, at: usize, head: &Head) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let start =
        text.get(..at).unwrap_or_default().rfind(|c| !is_word(c)).map_or(0, |before| before + 1);
    let rest = text.get(at..).unwrap_or_default();
    let end = at + rest.find(|c| !is_word(c)).unwrap_or(rest.len());
    text.get(start..end).is_some_and(|word| {
        head.known.iter().any(|name| {
            word.contains(name.as_str()) && {
                let offset = word.find(name.as_str()).unwrap_or(0) + start;
                offset < at && at < offset + name.len()
            }
        })
    })
}
