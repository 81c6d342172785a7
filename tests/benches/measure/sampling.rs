//! Takes samples of work, and what they say together.

use std::{hint::black_box, time::Instant};

use cpu_time::ProcessTime;

/// What a piece of work cost.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spent {
    cpu: f64,
    wall: f64,
}

impl Spent {
    /// CPU time of all threads, in milliseconds.
    pub(crate) fn cpu(&self) -> f64 {
        self.cpu
    }

    /// Wall-clock time, in milliseconds.
    pub(crate) fn wall(&self) -> f64 {
        self.wall
    }
}

fn sample<T>(work: impl FnOnce() -> T) -> Spent {
    let (wall, cpu) = (Instant::now(), ProcessTime::now());
    let result = black_box(work());
    let spent =
        Spent { cpu: cpu.elapsed().as_secs_f64() * 1e3, wall: wall.elapsed().as_secs_f64() * 1e3 };
    drop(result);
    spent
}

/// Samples of one piece of work, after one that only warms up.
pub(crate) fn repeat<T>(times: usize, mut work: impl FnMut() -> T) -> Vec<Spent> {
    sample(&mut work);
    (0..times).map(|_| sample(&mut work)).collect()
}

/// Samples of two pieces of work in turn, so that whatever slows the machine slows both.
pub(crate) fn side_by_side<A, B>(
    times: usize,
    mut left: impl FnMut() -> A,
    mut right: impl FnMut() -> B,
) -> Vec<(Spent, Spent)> {
    sample(&mut left);
    sample(&mut right);
    (0..times).map(|_| (sample(&mut left), sample(&mut right))).collect()
}

/// The middle of some values.
pub(crate) fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The middle of the ratios of neighbouring samples.
pub(crate) fn median_ratio(samples: &[(Spent, Spent)], of: fn(&Spent) -> f64) -> f64 {
    median(samples.iter().map(|(left, right)| of(left) / of(right)))
}
