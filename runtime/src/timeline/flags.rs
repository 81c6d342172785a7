//! Where the labels of marks go, so that none covers another and no line crosses one.

use std::borrow::Cow;

use super::text;

/// How many rows of labels there are at most; a mark that finds none has no label.
const MOST_ROWS: usize = 8;
const GAP: f64 = 8.0;
/// The widest label.
const WIDEST: f64 = 280.0;

/// A label beside the line that rises from its mark.
#[derive(Debug)]
pub(super) struct Flag<'a> {
    /// Rows above the marks, from 0.
    pub(super) row: usize,
    pub(super) text: Cow<'a, str>,
    /// Where the text begins.
    pub(super) left: f64,
}

/// Places a flag for each mark, given as its place from left to right and its text, on a page
/// that ends at `edge`.
///
/// Texts run to the right of their lines, so a line can only cross labels of earlier marks. The
/// marks are walked from the right, and each flag flies above all flags that begin beneath it.
pub(super) fn place<'a>(marks: &[(f64, &'a str)], size: f64, edge: f64) -> Vec<Option<Flag<'a>>> {
    let mut flags: Vec<Option<Flag<'a>>> = Vec::with_capacity(marks.len());
    for &(x, label) in marks.iter().rev() {
        let left = x + 4.0;
        let text = text::fit(label, size, WIDEST.min(edge - left));
        let right = left + text::width(&text, size);
        let beneath =
            flags.iter().rev().flatten().take_while(|flag| flag.left - 4.0 <= right + GAP);
        let row = beneath.map(|flag| flag.row + 1).max().unwrap_or(0);
        let placed = row < MOST_ROWS && !text.is_empty();
        flags.push(placed.then_some(Flag { row, text, left }));
    }
    flags.reverse();
    flags
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn flags_of_one_instant_fly_above_each_other_the_first_on_top() {
        let flags = place(&[(10.0, "first"), (10.0, "second"), (10.0, "third")], 11.0, 500.0);
        let rows: Vec<_> = flags.iter().flatten().map(|flag| flag.row).collect();
        assert_eq!(rows, [2, 1, 0]);
    }

    #[test]
    fn flags_apart_share_a_row() {
        let flags = place(&[(10.0, "first"), (200.0, "second")], 11.0, 500.0);
        assert!(flags.iter().flatten().all(|flag| flag.row == 0) && flags.len() == 2);
    }

    proptest! {
        #[test]
        fn no_label_covers_another_and_no_line_crosses_one(
            mut marks in proptest::collection::vec((0.0..1000.0_f64, "[a-z ]{1,40}"), 0..120),
        ) {
            marks.sort_by(|a, b| a.0.total_cmp(&b.0));
            let marks: Vec<_> = marks.iter().map(|(x, label)| (*x, label.as_str())).collect();
            let flags = place(&marks, 11.0, 1150.0);
            prop_assert_eq!(flags.len(), marks.len());
            let flags: Vec<_> = flags.iter().flatten().collect();
            let right = |flag: &Flag<'_>| flag.left + text::width(&flag.text, 11.0);
            for (index, one) in flags.iter().enumerate() {
                prop_assert!(right(one) <= 1150.0);
                for other in &flags[index + 1..] {
                    let apart = right(one) < other.left || right(other) < one.left;
                    prop_assert!(one.row != other.row || apart, "{:?} covers {:?}", one, other);
                    let line = other.left - 4.0;
                    let crossed = one.row < other.row && (one.left..=right(one)).contains(&line);
                    prop_assert!(!crossed, "the line of {:?} crosses {:?}", other, one);
                }
            }
        }
    }
}
