//! The search: every order of moves within a budget, and from each state the way back.

use std::{
    collections::{HashMap, HashSet},
    hash::{BuildHasherDefault, Hasher},
    time::{Duration, Instant},
};

use crate::{
    config::{Config, TICK},
    moves::Move,
    mutant::Mutation,
    rules::{Rule, Violation},
    world::World,
};

/// A world in order brings a client back within so many ticks.
pub(crate) const BOUND: i64 = 24;

/// Moves of a long way at random.
const STRIDE: usize = 400;

/// How far a search goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Moves of the adversary between two quiet stretches.
    pub(crate) budget: u8,
    /// Quiet stretches.
    pub(crate) rounds: usize,
    /// States, after which the search stops.
    pub(crate) states: usize,
    /// Long ways at random beside it, each of so many moves: [`STRIDE`].
    pub(crate) walks: u64,
}

/// What a search found.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) config: Config,
    pub(crate) states: usize,
    pub(crate) transitions: u64,
    /// Ticks of the longest way back.
    pub(crate) longest: i64,
    /// Steps of the longest path that was followed.
    pub(crate) depth: u32,
    /// Whether nothing was left within the limits of budget and rounds.
    pub(crate) complete: bool,
    pub(crate) rulings: u64,
    /// How often each move was made.
    pub(crate) moves: Vec<u64>,
    pub(crate) took: Duration,
    pub(crate) failure: Option<(Violation, String)>,
}

/// How a state was first reached.
#[derive(Clone, Copy, Debug)]
struct Reached {
    used: u8,
    depth: u32,
    parent: u64,
    by: u8,
}

/// A key is a hash already.
#[derive(Clone, Copy, Debug, Default)]
struct AsIs(u64);

impl Hasher for AsIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {
        unreachable!("keys are numbers");
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

type Keyed<V> = HashMap<u64, V, BuildHasherDefault<AsIs>>;

struct Search {
    mutation: Option<Mutation>,
    moves: Vec<Move>,
    seen: Keyed<Reached>,
    /// The ticks that it takes from there to be back.
    back: Keyed<i64>,
    report: Report,
}

/// Searches the worlds of one client.
pub(crate) fn search(config: Config, mutation: Option<Mutation>, limits: Limits) -> Report {
    let started = Instant::now();
    let moves = Move::all();
    let mut search = Search {
        mutation,
        seen: Keyed::default(),
        back: Keyed::default(),
        report: Report {
            config,
            states: 0,
            transitions: 0,
            longest: 0,
            depth: 0,
            complete: false,
            rulings: 0,
            moves: vec![0; moves.len()],
            took: Duration::ZERO,
            failure: None,
        },
        moves,
    };
    let root = World::new(config, mutation);
    search.run(root.clone(), limits);
    for seed in 0..limits.walks {
        if search.report.failure.is_none() {
            search.wander(root.clone(), seed, limits.budget);
        }
    }
    let mut report = search.report;
    report.states = search.seen.len();
    report.took = started.elapsed();
    report
}

impl Search {
    fn run(&mut self, root: World, limits: Limits) {
        let key = root.key();
        self.seen.insert(key, Reached { used: 0, depth: 0, parent: key, by: 0 });
        if let Some(violation) = root.violation.clone() {
            return self.fail(key, Move::Good, 0, violation);
        }
        let mut quiet = vec![(key, root)];
        for round in 0..limits.rounds {
            let mut layers: Vec<Vec<(u64, World)>> =
                vec![Vec::new(); usize::from(limits.budget) + 1];
            for (key, world) in std::mem::take(&mut quiet) {
                let begun = self.seen.get(&key).is_some_and(|reached| reached.used == 0);
                if round == 0 || !begun {
                    self.seen.entry(key).and_modify(|reached| reached.used = 0);
                    layers[0].push((key, world));
                }
            }
            for used in 0..=limits.budget {
                let mut open = std::mem::take(&mut layers[usize::from(used)]);
                while let Some((key, world)) = open.pop() {
                    // It may have been reached with fewer moves since.
                    if self.seen.get(&key).is_some_and(|reached| reached.used < used) {
                        continue;
                    }
                    self.report.rulings |= world.rulings;
                    if !self.comes_back(key, &world) {
                        return;
                    }
                    for at in 0..self.moves.len() {
                        let good = at == 0;
                        if !good && used == limits.budget || !world.allows(self.moves[at]) {
                            continue;
                        }
                        let used = if good { used } else { used + 1 };
                        let Ok(next) = self.follow(key, &world, at, used) else { return };
                        let Some((key, world)) = next else { continue };
                        let calm = used > 0 && !world.is_exempt() && world.missing().is_none();
                        if calm {
                            // It is a beginning of the next round.
                            quiet.push((key, world.clone()));
                        }
                        if good {
                            open.push((key, world));
                        } else {
                            layers[usize::from(used)].push((key, world));
                        }
                    }
                    if self.seen.len() >= limits.states {
                        return;
                    }
                }
            }
            if quiet.is_empty() {
                self.report.complete = true;
                return;
            }
        }
        self.report.complete = true;
    }

    /// A long way at random, with as many moves of the adversary between two quiet stretches.
    fn wander(&mut self, mut world: World, seed: u64, budget: u8) {
        let mut random = fastrand::Rng::with_seed(seed);
        let (mut key, mut used) = (world.key(), 0);
        for _ in 0..STRIDE {
            let calm = !world.is_exempt() && world.missing().is_none();
            used = if calm { 0 } else { used };
            let stuck = world.is_exempt() && !world.is_busy();
            let strikes = stuck || used < budget && random.u8(..) < 50;
            let at = if strikes { random.usize(1..self.moves.len()) } else { 0 };
            if !world.allows(self.moves[at]) {
                continue;
            }
            used += u8::from(strikes);
            world.make(self.moves[at]);
            self.report.transitions += 1;
            self.report.moves[at] += 1;
            self.report.rulings |= world.rulings;
            if let Some(violation) = world.violation.take() {
                return self.fail(key, self.moves[at], 1, violation);
            }
            let (from, by) = (key, u8::try_from(at).expect("few moves"));
            key = world.key();
            let depth = self.seen.get(&from).map_or(0, |reached| reached.depth) + 1;
            self.seen.entry(key).or_insert(Reached { used: u8::MAX, depth, parent: from, by });
            self.report.depth = self.report.depth.max(depth);
            if !self.comes_back(key, &world) {
                return;
            }
        }
    }

    /// Makes a move; the world after it if it is to be followed.
    fn follow(
        &mut self,
        from: u64,
        world: &World,
        at: usize,
        used: u8,
    ) -> Result<Option<(u64, World)>, ()> {
        let mut next = world.clone();
        next.make(self.moves[at]);
        self.report.transitions += 1;
        self.report.moves[at] += 1;
        self.report.rulings |= next.rulings;
        if let Some(violation) = next.violation.take() {
            self.fail(from, self.moves[at], 1, violation);
            return Err(());
        }
        let key = next.key();
        let depth = self.seen.get(&from).map_or(0, |reached| reached.depth) + 1;
        let by = u8::try_from(at).expect("few moves");
        match self.seen.get(&key) {
            Some(reached) if reached.used <= used => return Ok(None),
            _ => self.seen.insert(key, Reached { used, depth, parent: from, by }),
        };
        self.report.depth = self.report.depth.max(depth);
        Ok(Some((key, next)))
    }

    /// W1 as a closure: the adversary is switched off, and the client has to come back.
    fn comes_back(&mut self, from: u64, world: &World) -> bool {
        if world.is_exempt() && world.is_stuck() && !world.waiting.is_empty() {
            let text = format!("{:?}, and nothing more happens", world.waiting);
            self.fail(from, Move::Good, 0, Violation { rule: Rule::Replies, text });
            return false;
        }
        if world.is_exempt() || self.back.contains_key(&from) {
            return true;
        }
        let (mut world, mut key) = (world.clone(), from);
        let (mut way, mut met) = (Vec::new(), HashSet::new());
        let start = world.boot;
        let rest = loop {
            if let Some(rest) = self.back.get(&key) {
                break *rest;
            }
            let Some((rule, missing)) = world.missing().filter(|_| !world.is_exempt()) else {
                self.back.insert(key, 0);
                break 0;
            };
            if !met.insert(key) {
                let (rule, missing) = nearest(&way, key, (rule, missing));
                let text = format!("{missing} never comes: the same state again");
                self.fail(from, Move::Good, way.len(), Violation { rule, text });
                return false;
            }
            let ticks = (world.boot - start) / TICK;
            if ticks > BOUND || way.len() > 2000 {
                let text = format!("{missing} does not come within {ticks} ticks");
                self.fail(from, Move::Good, way.len(), Violation { rule, text });
                return false;
            }
            way.push((key, world.boot, (rule, missing)));
            world.good();
            if let Some(violation) = world.violation.take() {
                self.fail(from, Move::Good, way.len(), violation);
                return false;
            }
            key = world.key();
        };
        self.report.rulings |= world.rulings;
        for (key, boot, _) in way {
            let ticks = rest + (world.boot - boot) / TICK;
            self.report.longest = self.report.longest.max(ticks);
            self.back.insert(key, ticks);
        }
        if self.report.longest > BOUND {
            let text = format!("back after {} ticks only", self.report.longest);
            self.fail(from, Move::Good, 0, Violation { rule: Rule::W1ComesBack, text });
            return false;
        }
        true
    }

    fn fail(&mut self, at: u64, last: Move, times: usize, violation: Violation) {
        let mut story = Vec::new();
        let mut key = at;
        while let Some(reached) = self.seen.get(&key).filter(|reached| reached.parent != key) {
            story.push(self.moves[usize::from(reached.by)]);
            key = reached.parent;
        }
        story.reverse();
        story.extend(std::iter::repeat_n(last, times));
        if std::env::var("CREDWIRE_MODEL_TRACE").is_ok() {
            let mut world = World::new(self.report.config, self.mutation);
            world.traced = true;
            for r#move in &story {
                println!("    {:?}", r#move);
                world.make(*r#move);
            }
        }
        self.report.failure = Some((violation, tell(&story)));
    }
}

/// What is missing where a cycle is nearest to its end.
fn nearest(
    way: &[(u64, i64, (Rule, &'static str))],
    key: u64,
    here: (Rule, &'static str),
) -> (Rule, &'static str) {
    let from = way.iter().position(|(met, ..)| *met == key).unwrap_or(0);
    let round = way[from..].iter().map(|(_, _, missing)| *missing);
    let rank = |missing: &(Rule, &str)| match missing.0 {
        Rule::W1ComesBack => 0,
        Rule::Replies => 1,
        _ => 2,
    };
    round.max_by_key(rank).unwrap_or(here)
}

/// Moves in words, with good ones counted.
fn tell(story: &[Move]) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut good = 0;
    for r#move in story {
        if *r#move == Move::Good {
            good += 1;
            continue;
        }
        if good > 0 {
            words.push(format!("{good} good"));
            good = 0;
        }
        words.push(format!("{:?}", r#move));
    }
    if good > 0 {
        words.push(format!("{good} good"));
    }
    words.join(", ")
}
