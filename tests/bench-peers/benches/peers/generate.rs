//! Documents to Rust, beside typify from the JSON Schema of the same types. Each side parses its
//! texts and prints its code as it does for its users.

use std::hint::black_box;

use crate::{
    many::Many,
    measure::{
        memory,
        report::{Bound, Report},
        sampling::{Spent, median, median_ratio, side_by_side},
    },
};

/// The argument that makes this program the process whose memory is measured.
pub(crate) const MEMORY: &str = "--memory-of-generating";

pub(crate) fn measure(report: &mut Report) {
    sized(50, 15, report);
    sized(500, 9, report);
}

pub(crate) fn five_thousand(report: &mut Report) {
    sized(5000, 3, report);
    let (few, many) = (Many::new(50), Many::new(5000));
    let more = many.count as f64 / few.count as f64;
    let row = report.row(format!("{more:.0} times the interfaces to Rust: CPU time"));
    let samples = side_by_side(3, || black_box(many.ours()), || black_box(few.ours()));
    row.measured(median_ratio(&samples, Spent::cpu), "x", Bound::AtMost(1.1 * more));
}

fn sized(size: usize, rounds: usize, report: &mut Report) {
    let many = Many::new(size);
    let row = report.row(format!("{} interfaces to Rust: CPU time, of typify", many.count));
    let ours = || black_box(many.ours());
    let samples = side_by_side(rounds, ours, || black_box(many.typify()));
    let spent = median(samples.iter().map(|(ours, _)| ours.cpu()));
    let theirs = median(samples.iter().map(|(_, typify)| typify.cpu()));
    let bytes: usize = many.ours().files().iter().map(|(_, text)| text.len()).sum();
    row.detail(format!(
        "{spent:.0} ms for {} KiB of Rust and JSON Schema, {theirs:.0} ms for {} KiB",
        bytes / 1024,
        many.typify().len() / 1024,
    ))
    .measured(median_ratio(&samples, Spent::cpu), "x", Bound::AtMost(0.2));
    // Making the texts of fewer takes more memory than generating from them.
    if size >= 500 {
        peak(size, many.count, report);
    }
}

fn peak(size: usize, count: usize, report: &mut Report) {
    let row = report.row(format!("{count} interfaces to Rust: peak memory, of typify"));
    let of = |peer: &str| memory::peak_of_child(&[MEMORY, peer, &size.to_string()]);
    // What the program and the texts take is no part of generating.
    let (Some(base), Some(ours), Some(theirs)) = (of("nothing"), of("ours"), of("typify")) else {
        return row.skipped("the peak is read from /proc, which this system lacks");
    };
    const MIB: f64 = 1024.0 * 1024.0;
    let above = |peak: u64| peak.saturating_sub(base) as f64 / MIB;
    let (ours, theirs) = (above(ours), above(theirs));
    row.detail(format!("{ours:.1} MiB, {theirs:.1} MiB")).measured(
        ours / theirs,
        "x",
        Bound::AtMost(0.2),
    );
}

/// What the process does whose memory is measured.
pub(crate) fn run_child(peer: &str, size: usize) {
    let many = Many::new(size);
    match peer {
        "ours" => drop(black_box(many.ours())),
        "typify" => drop(black_box(many.typify())),
        _ => {}
    }
    memory::tell_peak();
}
