//! Each row of `tests/cases.md` has tests that are there.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::{fs, path::Path};

/// The rows: their numbers, and the cells that name what holds them.
fn rows(text: &str) -> Vec<(&str, &str)> {
    let is_row = |row: &&str| {
        let number = row.strip_prefix("| ").and_then(|row| row.split(' ').next());
        number.is_some_and(|number| {
            number.starts_with(['D', 'P', 'M', 'A'])
                && number.get(1..).is_some_and(|digits| digits.parse::<u32>().is_ok())
        })
    };
    text.lines()
        .filter(is_row)
        .map(|row| {
            let cells: Vec<&str> = row.trim_matches(['|', ' ']).split(" | ").collect();
            assert_eq!(cells.len(), 4, "{row}");
            (cells[0], cells[3])
        })
        .collect()
}

#[test]
fn every_row_names_tests_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let text = fs::read_to_string(root.join("tests/cases.md")).unwrap();
    let rows = rows(&text);
    let count = |letter: char| rows.iter().filter(|(row, _)| row.starts_with(letter)).count();
    assert_eq!(['D', 'P', 'M', 'A'].map(count), [23, 12, 17, 9]);
    for (row, held) in rows {
        let named: Vec<&str> = held.split('`').skip(1).step_by(2).collect();
        assert!(!named.is_empty() || held == "no test", "{row} names no test: {held}");
        for name in named {
            let (file, test) = name.split_once("::").map_or((name, None), |(f, t)| (f, Some(t)));
            let source = fs::read_to_string(root.join(file));
            let source = source.unwrap_or_else(|error| panic!("{row}: {file}: {error}"));
            if let Some(test) = test {
                assert!(source.contains(&format!("fn {test}(")), "{row}: {file} has no {test}");
            }
        }
    }
}
