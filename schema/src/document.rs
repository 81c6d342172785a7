//! Schema documents: one JSON file for each item, `<Name>.json`, in a fixed form.
//!
//! Writing an item always returns the same bytes: keys in the order of the model, members sorted,
//! two spaces of indentation, one newline at the end. Reading is strict: what the format does not
//! have is an error at its line.

mod places;
mod raw;

use std::{borrow::Cow, path::Path};

pub use places::{each_place, each_place_of_element};

use serde::{Deserialize, Serialize};

use crate::{
    diagnostic::{Diagnostic, Place},
    fileset::{self, FileNames, FileSet, MANIFEST},
    link,
    model::{
        FORMAT, Item, Schema,
        element::{ELEMENT_FORMAT, Element},
    },
    overlay::Overlay,
};

/// The JSON Schema of documents, draft 2020-12: those of symbols and those of custom elements.
pub const JSON_SCHEMA: &str = include_str!("../document.schema.json");

/// Returns the document of `item`.
///
/// # Errors
/// A `document-write` diagnostic when the item cannot be written as JSON, as with a range that is
/// not finite, or when its types nest deeper than [`read`] follows.
pub fn write(item: &Item) -> Result<String, Box<Diagnostic>> {
    let mut item = item.clone();
    raw::sort(&mut item);
    text(&item, &item.name, &item.place)
}

/// How deep a document may nest: as deep as the JSON reader follows.
const MAX_DEPTH: usize = 127;

fn text(value: &impl Serialize, name: &str, place: &Place) -> Result<String, Box<Diagnostic>> {
    let refused = |why: &str, help: &str| {
        let message = format!("`{name}` cannot be written: {why}");
        Box::new(Diagnostic::error("document-write", place.clone(), message).help(help))
    };
    let mut text = serde_json::to_string_pretty(value)
        .map_err(|error| refused(&error.to_string(), "give ranges finite ends"))?;
    if depth(&text) > MAX_DEPTH {
        return Err(refused(
            "its types nest too deep to be read again",
            "give parts of its types names and pages of their own",
        ));
    }
    text.push('\n');
    Ok(text)
}

/// The depth of the arrays and objects of a JSON text.
fn depth(json: &str) -> usize {
    let (mut now, mut most, mut in_string) = (0usize, 0usize, false);
    let mut bytes = json.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => in_string = !in_string,
            b'\\' if in_string => {
                bytes.next();
            }
            b'{' | b'[' if !in_string => {
                now += 1;
                most = most.max(now);
            }
            b'}' | b']' if !in_string => now = now.saturating_sub(1),
            _ => {}
        }
    }
    most
}

/// Returns the content of a document, apart from where it was read: equal for two readings of the
/// same facts.
///
/// # Errors
/// As [`write()`].
pub fn content(item: &Item) -> Result<String, Box<Diagnostic>> {
    let mut blank = item.clone();
    places::blank(&mut blank);
    raw::sort(&mut blank);
    text(&blank, &item.name, &item.place)
}

/// Returns the item of a document; `file` is the name that diagnostics show.
///
/// # Errors
/// A `document-read` diagnostic at the line and column of what is wrong.
pub fn read(file: &str, text: &str) -> Result<Item, Box<Diagnostic>> {
    let raw: raw::RawItem = serde_json::from_str(text).map_err(|error| invalid(file, &error))?;
    raw.into_item().map_err(|message| {
        Box::new(Diagnostic::error("document-read", Place::new(file, 1, 1), message))
    })
}

fn invalid(file: &str, error: &serde_json::Error) -> Box<Diagnostic> {
    let (line, column) = (error.line().max(1), error.column().max(1));
    let place = Place::new(file, saturate(line), saturate(column));
    let message = error.to_string();
    // The place is told by the diagnostic itself.
    let message = message.split(" at line ").next().unwrap_or(&message).to_owned();
    Box::new(
        Diagnostic::error("document-read", place, message)
            .help("documents are written by `credwire ingest`; ingest the page again"),
    )
}

/// Returns the custom element of a document; `file` is the name that diagnostics show.
///
/// # Errors
/// A `document-read` diagnostic at the line and column of what is wrong.
pub fn read_element(file: &str, text: &str) -> Result<Element, Box<Diagnostic>> {
    serde_json::from_str(text).map_err(|error| invalid(file, &error))
}

/// Returns whether a text is a document of a symbol or of a custom element, by its `format`.
pub fn is_document(text: &str) -> bool {
    format(text).is_some_and(|format| format == FORMAT || format == ELEMENT_FORMAT)
}

/// Whether a text is the document of a custom element.
fn is_element(text: &str) -> bool {
    format(text).is_some_and(|format| format == ELEMENT_FORMAT)
}

/// What a text in JSON states as its format.
fn format(text: &str) -> Option<Cow<'_, str>> {
    #[derive(Deserialize)]
    struct Head<'a> {
        #[serde(borrow)]
        format: Cow<'a, str>,
    }
    serde_json::from_str::<Head<'_>>(text).ok().map(|head| head.format)
}

/// Reads the custom elements of a directory, sorted by tag; other documents are left alone.
///
/// # Errors
/// Every `document-read` diagnostic at once.
pub fn load_elements(directory: &Path) -> Result<Vec<Element>, Vec<Diagnostic>> {
    let shown = directory.to_string_lossy().replace('\\', "/");
    let unreadable = |file: &str, error: std::io::Error| {
        Diagnostic::error("document-read", Place::new(file, 1, 1), error.to_string())
    };
    let entries = std::fs::read_dir(directory).map_err(|error| vec![unreadable(&shown, error)])?;
    let names = entries.filter_map(Result::ok).map(|entry| entry.file_name());
    let mut names: Vec<String> = names.map(|name| name.to_string_lossy().into_owned()).collect();
    names.retain(|name| name.ends_with(".json"));
    names.sort();
    let (mut elements, mut problems) = (Vec::new(), Vec::new());
    for name in names {
        let file = format!("{shown}/{name}");
        match std::fs::read_to_string(directory.join(&name)) {
            Err(error) => problems.push(unreadable(&file, error)),
            Ok(text) if is_element(&text) => match read_element(&file, &text) {
                Ok(element) => elements.push(element),
                Err(problem) => problems.push(*problem),
            },
            Ok(_) => {}
        }
    }
    if problems.is_empty() { Ok(elements) } else { Err(problems) }
}

/// Returns the documents of custom elements, `<tag>.json`, as files of one directory.
///
/// # Errors
/// `document-write` for each element that cannot be written as JSON, and `document-name` for each
/// tag that is the name of no file.
pub fn element_files(elements: &[Element]) -> Result<FileSet, Vec<Diagnostic>> {
    let texts = elements.iter().map(|element| {
        (&*element.tag, &element.place, text(element, &element.tag, &element.place))
    });
    named(texts)
}

/// Returns the documents of `items` as files of one directory, each by the name of its item.
///
/// A name that is no name of a file on some system is changed for the file alone: `Aux` is in
/// `_Aux.json`, `LEVEL` beside `Level` in `LEVEL~2.json`.
///
/// # Errors
/// Every diagnostic of [`write()`], and `document-name` for what is the name of no file.
pub fn files(items: &[Item]) -> Result<FileSet, Vec<Diagnostic>> {
    named(items.iter().map(|item| (&*item.name, &item.place, write(item))))
}

/// Documents as files, by the names of what they describe.
fn named<'a>(
    documents: impl Iterator<Item = (&'a str, &'a Place, Result<String, Box<Diagnostic>>)>,
) -> Result<FileSet, Vec<Diagnostic>> {
    let mut set = FileSet::default();
    let mut names = FileNames::default();
    let mut problems = Vec::new();
    for (name, place, text) in documents {
        let unnamed = |why| {
            let message = format!("{name:?} cannot be the name of a document: it {why}");
            let problem = Diagnostic::error("document-name", place.clone(), message);
            Box::new(problem.help("correct the name of the symbol, such as the title of its page"))
        };
        match names.next(name).map_err(unnamed).and_then(|file| Ok((file, text?))) {
            Ok((file, text)) => set.insert(file, text),
            Err(problem) => problems.push(*problem),
        }
    }
    if problems.is_empty() { Ok(set) } else { Err(problems) }
}

/// Reads every document of a directory, sorted by name; custom elements are items by their tags.
///
/// # Errors
/// Every diagnostic of every document at once; `document-read` at the directory when it cannot be
/// listed.
pub fn load(directory: &Path) -> Result<Vec<Item>, Vec<Diagnostic>> {
    let shown = directory.to_string_lossy().replace('\\', "/");
    let unreadable = |file: &str, error: std::io::Error| {
        Diagnostic::error("document-read", Place::new(file, 1, 1), error.to_string())
    };
    let mut texts = Vec::new();
    let mut problems = Vec::new();
    let entries = std::fs::read_dir(directory).map_err(|error| vec![unreadable(&shown, error)])?;
    for entry in entries {
        let name = match entry {
            Ok(entry) => entry.file_name().to_string_lossy().into_owned(),
            Err(error) => {
                problems.push(unreadable(&shown, error));
                continue;
            }
        };
        if !name.ends_with(".json") || name == MANIFEST {
            continue;
        }
        match std::fs::read_to_string(directory.join(&name)) {
            Err(error) => problems.push(unreadable(&format!("{shown}/{name}"), error)),
            Ok(text) => texts.push((name, text)),
        }
    }
    match read_files(&shown, texts.iter().map(|(name, text)| (&**name, &**text))) {
        Ok(items) if problems.is_empty() => return Ok(items),
        Ok(_) => {}
        Err(more) => problems.extend(more),
    }
    problems.sort_by(|a, b| a.place.cmp(&b.place));
    Err(problems)
}

/// Reads the documents of a directory that are at hand by the names of their files, sorted by name.
/// Diagnostics show the directory as `shown`.
///
/// # Errors
/// Every diagnostic of every document at once, sorted by place.
pub fn read_files<'a>(
    shown: &str,
    files: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Result<Vec<Item>, Vec<Diagnostic>> {
    let mut items = Vec::new();
    let mut problems = Vec::new();
    for (name, text) in files {
        let stem = name.strip_suffix(".json").unwrap_or(name);
        let file = format!("{shown}/{name}");
        match read_any(&file, text) {
            Ok(mut item) if fileset::is_of(stem, &item.name) => {
                locate(&mut item, &file);
                items.push(item);
            }
            Ok(item) => problems.push(
                Diagnostic::error(
                    "document-name",
                    Place::new(file, 1, 1),
                    format!("the document describes `{}`", item.name),
                )
                .help(format!("name it `{}.json`", fileset::file_stem(&item.name))),
            ),
            Err(problem) => problems.push(*problem),
        }
    }
    items.sort_by(|a, b| a.name.cmp(&b.name));
    problems.sort_by(|a, b| a.place.cmp(&b.place));
    if problems.is_empty() { Ok(items) } else { Err(problems) }
}

/// Returns the item of a document of any kind; `file` is the name that diagnostics show.
///
/// # Errors
/// As [`read()`] and [`read_element`].
pub fn read_any(file: &str, text: &str) -> Result<Item, Box<Diagnostic>> {
    if is_element(text) {
        read_element(file, text).map(Element::into_item)
    } else {
        read(file, text)
    }
}

/// Sets the place of what was read from no page to its document, `file`.
pub fn locate(item: &mut Item, file: &str) {
    let document = Place::new(file, 1, 1);
    each_place(item, &mut |place| {
        if place.is_blank() {
            place.clone_from(&document);
        }
    });
}

/// Reads every document of several directories and links them together: what code is made from.
///
/// # Errors
/// Every diagnostic of [`load`], else every diagnostic of [`link::link`].
pub fn load_schemas(
    directories: &[impl AsRef<Path>],
    overlay: &Overlay,
) -> Result<Schema, Vec<Diagnostic>> {
    let mut items = Vec::new();
    let mut problems = Vec::new();
    for directory in directories {
        match load(directory.as_ref()) {
            Ok(found) => items.extend(found),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() { link::link_all(items, overlay.externals()) } else { Err(problems) }
}

fn saturate(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
