//! The smallest declaration that is wrong as a larger one is.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    batch::{Fault, judge},
    items::{Declared, text},
};

/// Takes items and members away as long as the fault stays. Every round asks the compiler once.
pub(crate) fn shrink(seed: u64, mut all: Vec<Declared>, fault: &Fault) -> (Vec<Declared>, Fault) {
    let mut last = fault.clone();
    for round in 0.. {
        let candidates = smaller(&all);
        let texts: BTreeMap<String, String> = candidates
            .iter()
            .enumerate()
            .map(|(at, candidate)| (format!("less_{at}"), text(candidate)))
            .collect();
        let mut faults = judge(&format!("shrink-{seed}"), &texts, fault.compiled);
        faults.retain(|_, found| found.kind == fault.kind);
        let still: Vec<usize> =
            (0..candidates.len()).filter(|at| faults.contains_key(&format!("less_{at}"))).collect();
        // What can each be missing can often be missing together.
        let together = without(&all, &still.iter().copied().collect());
        if still.len() > 1 && !together.is_empty() {
            let texts = BTreeMap::from([("both".to_owned(), text(&together))]);
            let found = judge(&format!("shrink-{seed}"), &texts, fault.compiled).remove("both");
            if let Some(found) = found.filter(|found| found.kind == fault.kind) {
                (all, last) = (together, found);
                continue;
            }
        }
        let Some(first) = still.first() else { return (all, last) };
        last = faults.remove(&format!("less_{first}")).unwrap();
        all = candidates[*first].clone();
        assert!(round < 1000, "it gets no smaller");
    }
    (all, last)
}

/// How many parts can be taken away: items, then members.
fn pieces(all: &[Declared]) -> usize {
    all.len() + all.iter().map(|declared| declared.parts.len()).sum::<usize>()
}

fn smaller(all: &[Declared]) -> Vec<Vec<Declared>> {
    (0..pieces(all)).map(|at| without(all, &BTreeSet::from([at]))).collect()
}

fn without(all: &[Declared], taken: &BTreeSet<usize>) -> Vec<Declared> {
    let mut number = all.len();
    let mut kept = Vec::new();
    for (at, declared) in all.iter().enumerate() {
        let mut declared = declared.clone();
        declared.parts.retain(|_| {
            number += 1;
            !taken.contains(&(number - 1))
        });
        if !taken.contains(&at) {
            kept.push(declared);
        }
    }
    kept
}
