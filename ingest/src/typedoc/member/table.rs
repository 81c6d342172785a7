//! Tables of members: a column each for the name, the type and what else there is.

use credwire_schema::{diagnostic::Place, type_expr::TypeExpr};

use super::{
    super::{
        comment::Comment,
        fields::with_unknown_params,
        head::split_default,
        text::{Types, member_name},
    },
    Access, base_of,
};
use crate::{
    facts::MemberFacts,
    page::{Block, BlockKind, Span, text_of},
};

/// A row of a table of properties or parameters.
#[derive(Debug)]
pub(in crate::typedoc) struct Row {
    /// Under its dotted name.
    pub(in crate::typedoc) member: MemberFacts,
    pub(in crate::typedoc) access: Access,
    pub(in crate::typedoc) inherited_from: Option<String>,
}

/// Reads a table whose first column names members.
pub(in crate::typedoc) fn rows(types: &mut Types<'_>, block: &Block) -> Option<Vec<Row>> {
    let BlockKind::Table(table) = &block.kind else { return None };
    let (head, rows) = table.split_first()?;
    let headers: Vec<String> = head.iter().map(|cell| text_of(cell).trim().to_owned()).collect();
    let known = ["Property", "Parameter", "Name", "Event", "Member"];
    if !headers.first().is_some_and(|first| known.contains(&first.as_str())) {
        return None;
    }
    Some(rows.iter().filter_map(|row| self::row(types, &headers, row, &block.place)).collect())
}

fn row(types: &mut Types<'_>, headers: &[String], row: &[Vec<Span>], table: &Place) -> Option<Row> {
    let cell = |wanted: &[&str]| {
        let at = headers.iter().position(|header| wanted.contains(&header.as_str()))?;
        row.get(at).map(Vec::as_slice).filter(|cell| text_of(cell).trim() != "-")
    };
    let first = row.first()?;
    let place = first.iter().find(|span| span.code).map_or(table, |span| &span.place).clone();
    let shown = text_of(first).trim().to_owned();
    let mut name = shown.trim_matches('~').trim().to_owned();
    let rest = name.starts_with("...");
    name = name.trim_start_matches("...").to_owned();
    let optional = name.ends_with('?');
    name = name.trim_end_matches('?').to_owned();
    let is_method = name.ends_with("()");
    name = name.trim_end_matches("()").to_owned();
    let mut access = Access::default();
    for word in cell(&["Modifier"]).map(text_of).unwrap_or_default().split_whitespace() {
        access.flag(word);
    }
    let mut comment = Comment::default();
    if let Some(description) = cell(&["Description"]) {
        comment = Comment::of_cell(description);
    }
    comment.deprecated |= shown.starts_with('~');
    let text = cell(&["Type"]).map(|cell| types.text(cell)).unwrap_or_default();
    let (text, behind) = split_default(&text);
    // Members without a default have that of a variable without a value.
    let has_default = |cell: &&[Span]| text_of(cell).trim() != "undefined";
    if let Some(default) = cell(&["Default value", "Default Value"]).filter(has_default) {
        comment = comment.with_default(default);
    } else if let Some(default) = behind {
        let span = Span { text: default.to_owned(), code: true, link: None, place: place.clone() };
        comment = comment.with_default(&[span]);
    }
    let rest = rest || text.starts_with("...");
    let mut ty = types.parse(text.trim_start_matches("..."), &place);
    if is_method && !matches!(ty, Some(TypeExpr::Function(_))) {
        // Old versions show the result alone: what it takes is not known.
        ty = ty.map(|returns| TypeExpr::Function(Box::new(with_unknown_params(returns))));
    }
    let mut member = MemberFacts::new(member_name(&name), ty, place);
    member.optional = optional;
    member.rest = rest;
    member.readonly = Some(access.readonly);
    member.access = access.word();
    member.internal = comment.internal;
    member.doc = comment.facts(member.ty.as_ref());
    let base =
        cell(&["Inherited from", "Overrides"]).filter(|_| cell(&["Inherited from"]).is_some());
    let inherited_from = base.map(|cell| base_of(types, cell));
    Some(Row { member, access, inherited_from })
}
