//! Patterns that were compiled with the program.

/// A deterministic automaton that looks for a match anywhere in a text, as tables.
#[derive(Debug)]
pub struct Automaton {
    starts: &'static [u32],
    classes: &'static [u16],
    width: usize,
    table: &'static [u16],
    ends: &'static [bool],
}

/// The state in which a match has been found.
const FOUND: u16 = u16::MAX;

impl Automaton {
    /// Creates one of its tables: where classes of characters begin, their numbers, how many there
    /// are, the next state for each state and class, and whether a text may end in a state.
    pub const fn new(
        starts: &'static [u32],
        classes: &'static [u16],
        width: usize,
        table: &'static [u16],
        ends: &'static [bool],
    ) -> Self {
        Self { starts, classes, width, table, ends }
    }

    /// Returns whether `text` matches.
    pub fn is_match(&self, text: &str) -> bool {
        let mut state = 0;
        for letter in text.chars() {
            let after = self.starts.partition_point(|start| *start <= u32::from(letter));
            let class = self.classes.get(after.wrapping_sub(1)).copied().unwrap_or(0);
            let at = usize::from(state) * self.width + usize::from(class);
            state = self.table.get(at).copied().unwrap_or(0);
            if state == FOUND {
                return true;
            }
        }
        self.ends.get(usize::from(state)).copied().unwrap_or(false)
    }
}
