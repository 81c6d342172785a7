//! A decision table must decide every combination of its inputs, once.

use std::collections::BTreeMap;

use crate::{
    diagnostic::Diagnostic,
    model::{DecisionTable, Item},
};

/// More inputs than this make a table of thousands of rows, which no page has.
const MAX_INPUTS: usize = 12;

pub(super) fn check(item: &Item, problems: &mut Vec<Diagnostic>) {
    for table in &item.tables {
        check_table(item, table, problems);
    }
}

fn check_table(item: &Item, table: &DecisionTable, problems: &mut Vec<Diagnostic>) {
    let mut report = |code, message: String, help: &str| {
        let message = format!("table `{}` of `{}` {message}", table.name, item.name);
        problems.push(Diagnostic::error(code, table.place.clone(), message).help(help));
    };
    if table.inputs.is_empty() || table.inputs.len() > MAX_INPUTS {
        report(
            "table-inputs",
            format!("has {} inputs", table.inputs.len()),
            "a decision table has between 1 and 12 yes/no conditions",
        );
        return;
    }
    let mut decided = BTreeMap::new();
    for row in &table.rows {
        if row.when.len() != table.inputs.len() {
            report(
                "table-row",
                format!("has {} inputs and a row with {}", table.inputs.len(), row.when.len()),
                "give each row one yes or no for each input",
            );
            return;
        }
        if let Some(before) = decided.insert(&row.when, &row.then) {
            let verdict = if *before == row.then { "twice" } else { "in two ways" };
            report(
                "table-ambiguous",
                format!("decides {} {verdict}", describe(&table.inputs, &row.when)),
                "keep one row for each combination",
            );
        }
    }
    for bits in 0..1_usize << table.inputs.len() {
        let when: Vec<bool> = (0..table.inputs.len()).map(|index| bits >> index & 1 == 1).collect();
        if !decided.contains_key(&when) {
            report(
                "table-incomplete",
                format!("does not decide {}", describe(&table.inputs, &when)),
                "add the missing row",
            );
        }
    }
}

fn describe(inputs: &[String], when: &[bool]) -> String {
    let pairs: Vec<String> =
        inputs.iter().zip(when).map(|(input, value)| format!("{input}={value}")).collect();
    pairs.join(", ")
}
