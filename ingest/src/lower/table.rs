//! Decision tables: conditions become identifiers, outcomes become names.

use credwire_schema::{
    diagnostic::Diagnostic,
    model::{DecisionRow, DecisionTable},
};

use super::names::snake_words;
use crate::{facts::TableFacts, page::pascal_case};

pub(super) fn decision_table(
    facts: &TableFacts,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<DecisionTable> {
    let inputs: Vec<String> =
        facts.headers.iter().rev().skip(1).rev().map(|header| snake_words(header)).collect();
    let rows: Vec<DecisionRow> = facts
        .rows
        .iter()
        .map(|(when, outcome)| DecisionRow { when: when.clone(), then: outcome_name(outcome) })
        .collect();
    let mut distinct = inputs.clone();
    distinct.sort();
    distinct.dedup();
    let is_name = |name: &String| name.starts_with(|c: char| c.is_alphabetic());
    let nameless = distinct.len() != inputs.len()
        || !inputs.iter().all(is_name)
        || !rows.iter().all(|row| is_name(&row.then));
    if nameless {
        diagnostics.push(
            Diagnostic::error(
                "unnameable-decision",
                facts.place.clone(),
                "the decision table's heads or outcomes give no names",
            )
            .help("let every column and outcome begin with a word, and no two columns be alike"),
        );
        return None;
    }
    Some(DecisionTable {
        name: pascal_case(&facts.heading),
        summary: String::new(),
        inputs,
        rows,
        place: facts.place.clone(),
    })
}

/// The Rust name of an outcome: without what is in parentheses and what follows a dash.
fn outcome_name(text: &str) -> String {
    let mut depth = 0usize;
    let mut kept = String::new();
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            c if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    let end = [" \u{2014}", " \u{2013}", " - ", "\u{2014}"]
        .iter()
        .filter_map(|dash| kept.find(dash))
        .min();
    pascal_case(kept.get(..end.unwrap_or(kept.len())).unwrap_or(&kept))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_outcomes() {
        assert_eq!(outcome_name("Client Bound SAT (DPoP, internal)"), "ClientBoundSat");
        assert_eq!(outcome_name("Developer-provided refresh()"), "DeveloperProvidedRefresh");
        assert_eq!(outcome_name("None \u{2014} ends at x"), "None");
    }
}
