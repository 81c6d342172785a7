//! Tables: type parameters, members, and decisions.

use credwire_schema::{diagnostic::Place, type_expr::TypeParam};

use super::Reader;
use crate::{
    facts::{MemberFacts, TableFacts},
    page::{Block, BlockKind, Span, text_of},
    reference::describe::describe,
    ts,
};

type Row = Vec<Vec<Span>>;

impl Reader<'_> {
    /// Reads a section of type parameters: a table of two or three columns, or components whose
    /// type is the default.
    pub(super) fn type_params(&mut self, blocks: &[Block]) -> Vec<TypeParam> {
        let mut params = Vec::new();
        for block in blocks {
            match &block.kind {
                BlockKind::Table(rows) => params.extend(self.type_param_table(rows)),
                BlockKind::Prose(spans) if spans.first().is_some_and(|span| span.code) => {
                    params.extend(self.type_param(&text_of(spans), "", &block.place));
                }
                _ => {}
            }
        }
        for member in self.fields(blocks).members {
            params.push(TypeParam { name: member.name, extends: None, default: member.ty });
        }
        params
    }

    fn type_param_table(&mut self, rows: &[Row]) -> Vec<TypeParam> {
        let Some((head, rows)) = rows.split_first() else { return Vec::new() };
        let default = column(head, &["default"]);
        let mut params = Vec::new();
        for row in rows {
            let name = cell(row, Some(0));
            let default = cell(row, default);
            let Some(place) = place_of(row) else { continue };
            params.extend(self.type_param(&name, &default, &place));
        }
        params
    }

    /// `T extends X` and a default, which may be a dash or empty.
    fn type_param(&mut self, name: &str, default: &str, place: &Place) -> Option<TypeParam> {
        let default = default.trim();
        let given = !matches!(default, "" | "-" | "\u{2010}" | "\u{2013}" | "\u{2014}");
        let default = if given { format!(" = {default}") } else { String::new() };
        let code = super::prose_types::clean(&format!("type _<{name}{default}> = 0"));
        match ts::parse_alias(&code) {
            Ok(parsed) => {
                self.report_opaque(&parsed.opaque, place);
                parsed.value.type_params.into_iter().next()
            }
            Err(fault) => {
                let message = format!("`{name}` is no type parameter: {}", fault.message);
                self.error("invalid-type", place, message, "write `T` or `T extends Base`");
                None
            }
        }
    }

    /// Reads members from a table with columns for name, type and description.
    pub(super) fn member_table(&mut self, rows: &[Row], place: &Place) -> Vec<MemberFacts> {
        let Some((head, rows)) = rows.split_first() else { return Vec::new() };
        let name = column(head, &["parameter", "name", "property", "field"]);
        let ty = column(head, &["type"]);
        let description = column(head, &["description"]);
        let default = column(head, &["default"]);
        let (Some(name), Some(_)) = (name, ty) else {
            if decides(rows) {
                return Vec::new();
            }
            self.warn(
                "unknown-table",
                place,
                "the table has no columns for names and types",
                "name them `Parameter` and `Type`",
            );
            return Vec::new();
        };
        let mut members = Vec::new();
        for row in rows {
            let Some(place) = place_of(row) else { continue };
            // What is deprecated may be struck out.
            let written = cell(row, Some(name)).replace("~~", "");
            let rest = written.strip_prefix("...");
            let mark = rest.unwrap_or(&written).strip_suffix('?');
            let bare = mark.unwrap_or(rest.unwrap_or(&written)).trim();
            let type_text = cell(row, ty);
            if bare.is_empty() {
                self.error(
                    "missing-path",
                    &place,
                    "a row names nothing",
                    "give its first column a name",
                );
                continue;
            }
            if type_text.is_empty() {
                self.error(
                    "missing-type",
                    &place,
                    format!("`{bare}` has no type"),
                    "fill the column `Type`",
                );
            }
            let read = if type_text.is_empty() { None } else { self.ty(&type_text, &place) };
            let mut member = MemberFacts::new(bare, read, place);
            member.optional = mark.is_some();
            member.rest = rest.is_some();
            member.confidence = self.confidence;
            let spans =
                description.and_then(|at| row.get(at)).map(Vec::as_slice).unwrap_or_default();
            member.doc = describe(member.ty.as_ref(), spans);
            let default = cell(row, default);
            if !matches!(default.as_str(), "" | "-" | "\u{2013}" | "\u{2014}" | "undefined") {
                let value = default.trim_matches(['"', '\'', '`']).to_owned();
                let place = member.place.clone();
                member.doc.default = Some(crate::facts::Stated { value, place, words: default });
            }
            members.push(member);
        }
        nest(members)
    }

    /// Reads a table that decides something: all columns but the last are yes or no.
    pub(super) fn decision_table(
        &mut self,
        heading: &str,
        rows: &[Row],
        place: &Place,
    ) -> Option<TableFacts> {
        let (head, rows) = rows.split_first()?;
        let conditions = head.len().checked_sub(1).filter(|count| *count > 0)?;
        let mut read = Vec::new();
        for row in rows {
            let when: Option<Vec<bool>> =
                (0..conditions).map(|at| truth(&cell(row, Some(at)))).collect();
            read.push((when?, cell(row, Some(conditions))));
        }
        if read.is_empty() {
            return None;
        }
        let expected = 1usize.checked_shl(u32::try_from(conditions).ok()?)?;
        let mut distinct: Vec<&Vec<bool>> = read.iter().map(|(when, _)| when).collect();
        distinct.sort();
        distinct.dedup();
        if distinct.len() != expected || read.len() != expected {
            let message = format!("the decision table has {} of {expected} rows", distinct.len());
            self.error(
                "incomplete-decision-table",
                place,
                message,
                "give every combination of yes and no one row",
            );
            return None;
        }
        Some(TableFacts {
            heading: heading.to_owned(),
            headers: head.iter().map(|cell| text_of(cell).trim().to_owned()).collect(),
            rows: read,
            place: place.clone(),
            confidence: self.confidence,
        })
    }
}

/// Whether the first columns hold nothing but yes and no.
/// Puts rows such as `bulb.kind` into the member `bulb` above them.
fn nest(members: Vec<MemberFacts>) -> Vec<MemberFacts> {
    let mut nested: Vec<MemberFacts> = Vec::with_capacity(members.len());
    for member in members {
        put(&mut nested, member);
    }
    nested
}

fn put(into: &mut Vec<MemberFacts>, mut member: MemberFacts) {
    if let Some((parent, rest)) = member.name.split_once('.')
        // The parent stands close above, mostly.
        && let Some(parent) = into.iter_mut().rfind(|known| known.name == parent)
    {
        member.name = rest.to_owned();
        put(&mut parent.fields, member);
    } else {
        into.push(member);
    }
}

fn decides(rows: &[Row]) -> bool {
    rows.iter().all(|row| {
        let conditions = row.len().saturating_sub(1);
        conditions > 0 && (0..conditions).all(|at| truth(&cell(row, Some(at))).is_some())
    })
}

fn truth(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "yes" | "true" | "\u{2713}" | "\u{2705}" => Some(true),
        "no" | "false" | "\u{2717}" | "\u{274c}" => Some(false),
        _ => None,
    }
}

/// The first column whose head contains one of the words.
fn column(head: &Row, words: &[&str]) -> Option<usize> {
    words.iter().find_map(|word| {
        head.iter().position(|cell| {
            text_of(cell).to_lowercase().split_whitespace().any(|part| part == *word)
        })
    })
}

fn cell(row: &Row, at: Option<usize>) -> String {
    at.and_then(|at| row.get(at)).map(|spans| text_of(spans).trim().to_owned()).unwrap_or_default()
}

fn place_of(row: &Row) -> Option<Place> {
    row.iter().flatten().next().map(|span| span.place.clone())
}
