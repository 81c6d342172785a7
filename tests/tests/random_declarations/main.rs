//! Random declarations become Rust that compiles, whole, the same each time, with secrets sealed.
//!
//! Declarations come of a grammar and a seed. The gate has a fixed set of seeds; `CREDWIRE_SEEDS=n`
//! is for more of them, `CREDWIRE_SEED=n` for another first one. Of what fails, the test prints the
//! seed and the smallest declaration that fails alike.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod batch;
mod draw;
mod items;
mod members;
mod names;
mod secrets;
mod shrink;
mod types;

use std::collections::{BTreeMap, BTreeSet};

/// How many declarations the compiler gets at once.
const BATCH: u64 = 200;

/// How many of the declarations that fail are made smaller, unless `CREDWIRE_SHRUNK` says so.
const SHRUNK: u64 = 6;

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).map_or(default, |text| text.parse().unwrap())
}

#[test]
fn random_declarations_become_rust_that_compiles() {
    let (count, first) = (number("CREDWIRE_SEEDS", BATCH), number("CREDWIRE_SEED", 1));
    let seeds: Vec<u64> = (first..first + count).collect();
    for seeds in seeds.chunks(BATCH as usize) {
        let declarations: BTreeMap<u64, Vec<items::Declared>> =
            seeds.iter().map(|seed| (*seed, items::declaration(*seed))).collect();
        let texts =
            declarations.iter().map(|(seed, all)| (module(*seed), items::text(all))).collect();
        let faults = batch::judge("random-declarations", &texts, true);
        let mut told = String::new();
        let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
        for fault in faults.values() {
            *kinds.entry(&fault.kind).or_default() += 1;
        }
        // One of each kind says more than many of one.
        let mut shown = BTreeSet::new();
        let failed = declarations
            .iter()
            .filter_map(|(seed, all)| Some((*seed, all, faults.get(&module(*seed))?)));
        for (seed, all, fault) in failed {
            if shown.len() as u64 == number("CREDWIRE_SHRUNK", SHRUNK) || !shown.insert(&fault.kind)
            {
                told += &format!("\nseed {seed}, {}: {}\n", fault.kind, fault.text);
                continue;
            }
            let (least, fault) = shrink::shrink(seed, all.clone(), fault);
            let rules: BTreeSet<&str> = least
                .iter()
                .flat_map(|it| it.rules.iter().chain(it.parts.iter().flat_map(|part| &part.rules)))
                .copied()
                .collect();
            told += &format!(
                "\nseed {seed}, rules {rules:?}:\n{}{}: {}\n",
                items::text(&least),
                fault.kind,
                fault.text
            );
        }
        assert!(faults.is_empty(), "{} of {} fail, {kinds:?}\n{told}", faults.len(), seeds.len());
    }
}

fn module(seed: u64) -> String {
    format!("seed_{seed}")
}

#[test]
fn every_rule_of_the_grammar_is_used() {
    let mut used = BTreeSet::new();
    for seed in 1..=BATCH {
        for declared in items::declaration(seed) {
            used.extend(declared.rules);
            declared.parts.into_iter().for_each(|part| used.extend(part.rules));
        }
    }
    let rules = types::LEAVES.iter().chain(types::NODES).map(|(name, _)| *name);
    let members =
        members::OF_INTERFACES.iter().chain(members::OF_CLASSES).chain([&members::PROPERTY]);
    let rules = rules
        .chain(members.map(|(name, _)| *name))
        .chain(items::ITEMS.iter().map(|rule| rule.name));
    let rules: BTreeSet<&str> = rules.collect();
    assert!(rules.len() >= 40, "{} rules", rules.len());
    let unused: Vec<&&str> = rules.difference(&used).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn a_seed_gives_one_declaration() {
    for seed in 1..=BATCH {
        let text = || items::text(&items::declaration(seed));
        assert_eq!(text(), text());
    }
    assert_ne!(items::text(&items::declaration(1)), items::text(&items::declaration(2)));
}
