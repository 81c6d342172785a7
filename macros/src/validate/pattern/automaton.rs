//! The deterministic automaton of a pattern, which looks for a match anywhere in a text.

use std::collections::{BTreeMap, BTreeSet};

use super::syntax::Tree;

/// The state in which a match has been found.
const FOUND: u16 = u16::MAX;
const STATES: usize = 2_000;
const NODES: usize = 20_000;

/// The automaton as tables.
pub(in super::super) struct Automaton {
    /// Where each class of characters begins, and its number; sorted.
    pub(super) classes: Vec<(u32, u16)>,
    /// How many classes there are.
    pub(super) width: usize,
    /// The next state, for each state and class; the first state is 0.
    pub(super) table: Vec<u16>,
    /// Whether a text that ends in a state matches.
    pub(super) ends: Vec<bool>,
}

/// A step of the nondeterministic automaton.
enum Node {
    One(Vec<(u32, u32)>, usize),
    Split(Vec<usize>),
    Start(usize),
    End(usize),
    Match,
}

impl Automaton {
    pub(super) fn of(tree: &Tree) -> Result<Self, String> {
        let mut nodes = Nodes(vec![Node::Match]);
        let first = nodes.add(tree, 0)?;
        let classes = classes(&nodes.0);
        let width = classes.iter().map(|(_, class)| usize::from(*class) + 1).max().unwrap_or(1);
        // One character of each class stands for all of it.
        let mut samples = vec![0; width];
        for (start, class) in &classes {
            samples[usize::from(*class)] = *start;
        }

        let start = nodes.closure([first], true, false);
        let again = nodes.closure([first], false, false);
        let mut states = vec![start.clone()];
        // The first state alone is at the start, so that no other counts as it.
        let mut known: BTreeMap<BTreeSet<usize>, u16> = BTreeMap::new();
        let (mut table, mut ends) = (Vec::new(), Vec::new());
        let mut index = 0;
        while let Some(state) = states.get(index).cloned() {
            let at_start = index == 0;
            let is_found = state.contains(&0);
            ends.push(
                is_found || nodes.closure(state.iter().copied(), at_start, true).contains(&0),
            );
            for sample in &samples {
                let next = if is_found {
                    FOUND
                } else {
                    let stepped = nodes.step(&state, *sample);
                    let mut next = nodes.closure(stepped, false, false);
                    next.extend(&again);
                    if next.contains(&0) {
                        FOUND
                    } else if let Some(known) = known.get(&next) {
                        *known
                    } else {
                        let number = u16::try_from(states.len()).unwrap_or(FOUND);
                        if states.len() >= STATES {
                            return Err("it is too large".to_owned());
                        }
                        known.insert(next.clone(), number);
                        states.push(next);
                        number
                    }
                };
                table.push(next);
            }
            index += 1;
        }
        Ok(Self { classes, width, table, ends })
    }

    /// Whether a text matches.
    #[cfg(test)]
    pub(super) fn is_match(&self, text: &str) -> bool {
        let mut state = 0;
        for letter in text.chars() {
            let at = self.classes.partition_point(|(start, _)| *start <= u32::from(letter)) - 1;
            state = self.table[usize::from(state) * self.width + usize::from(self.classes[at].1)];
            if state == FOUND {
                return true;
            }
        }
        self.ends[usize::from(state)]
    }
}

struct Nodes(Vec<Node>);

impl Nodes {
    fn push(&mut self, node: Node) -> Result<usize, String> {
        if self.0.len() >= NODES {
            return Err("it is too large".to_owned());
        }
        self.0.push(node);
        Ok(self.0.len() - 1)
    }

    /// Adds a tree that goes on at `next`, and returns where it begins.
    fn add(&mut self, tree: &Tree, next: usize) -> Result<usize, String> {
        match tree {
            Tree::One(ranges) => self.push(Node::One(ranges.clone(), next)),
            Tree::Start => self.push(Node::Start(next)),
            Tree::End => self.push(Node::End(next)),
            Tree::Sequence(parts) => {
                parts.iter().rev().try_fold(next, |next, part| self.add(part, next))
            }
            Tree::Choice(parts) => {
                let starts: Result<Vec<usize>, String> =
                    parts.iter().map(|part| self.add(part, next)).collect();
                self.push(Node::Split(starts?))
            }
            Tree::Repeat(part, least, most) => {
                let mut next = next;
                match most {
                    None => {
                        let turn = self.push(Node::Split(Vec::new()))?;
                        let again = self.add(part, turn)?;
                        self.0[turn] = Node::Split(vec![again, next]);
                        next = turn;
                    }
                    Some(most) => {
                        let end = next;
                        for _ in *least..*most {
                            let more = self.add(part, next)?;
                            next = self.push(Node::Split(vec![more, end]))?;
                        }
                    }
                }
                (0..*least).try_fold(next, |next, _| self.add(part, next))
            }
        }
    }

    /// The nodes that are reached without a character. Those that wait for the end of the text are
    /// kept, and passed when it `has_ended`.
    fn closure(
        &self,
        from: impl IntoIterator<Item = usize>,
        at_start: bool,
        has_ended: bool,
    ) -> BTreeSet<usize> {
        let mut reached = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut open: Vec<usize> = from.into_iter().collect();
        while let Some(index) = open.pop() {
            if !seen.insert(index) {
                continue;
            }
            match &self.0[index] {
                Node::One(..) | Node::Match => {
                    reached.insert(index);
                }
                Node::Split(nexts) => open.extend(nexts),
                Node::Start(next) if at_start => open.push(*next),
                Node::Start(_) => {}
                Node::End(next) if has_ended => open.push(*next),
                Node::End(_) => {
                    reached.insert(index);
                }
            }
        }
        reached
    }

    fn step(&self, state: &BTreeSet<usize>, letter: u32) -> Vec<usize> {
        let next = state.iter().filter_map(|&index| match &self.0[index] {
            Node::One(ranges, next) => {
                let is_in = ranges.iter().any(|(start, end)| (*start..=*end).contains(&letter));
                is_in.then_some(*next)
            }
            _ => None,
        });
        next.collect()
    }
}

/// The classes of characters that no node tells apart.
fn classes(nodes: &[Node]) -> Vec<(u32, u16)> {
    let all: BTreeSet<&[(u32, u32)]> = nodes
        .iter()
        .filter_map(|node| match node {
            Node::One(ranges, _) => Some(ranges.as_slice()),
            _ => None,
        })
        .collect();
    let bounds = all.iter().flat_map(|ranges| ranges.iter());
    let starts: BTreeSet<u32> =
        bounds.flat_map(|(start, end)| [*start, end.saturating_add(1)]).chain([0]).collect();
    let mut numbers: BTreeMap<Vec<bool>, u16> = BTreeMap::new();
    let mut classes: Vec<(u32, u16)> = Vec::new();
    for start in starts {
        let is_in =
            |ranges: &&[(u32, u32)]| ranges.iter().any(|(from, to)| (*from..=*to).contains(&start));
        let members: Vec<bool> = all.iter().map(is_in).collect();
        let number = u16::try_from(numbers.len()).unwrap_or(u16::MAX);
        let class = *numbers.entry(members).or_insert(number);
        if classes.last().is_none_or(|(_, last)| *last != class) {
            classes.push((start, class));
        }
    }
    classes
}
