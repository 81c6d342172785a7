//! The most memory that an ingest holds: the peak of a process that does nothing else.

use std::{fs, process::Command};

use super::corpus::Corpus;

/// The argument that makes this program the process that is measured.
pub(crate) const MODE: &str = "--memory-of-copies";

/// The peak of the resident memory of a process that ingests the corpus, in bytes; the program and
/// the pages are part of it.
pub(crate) fn peak_of_child(copies: usize) -> Option<u64> {
    peak()?;
    let program = std::env::current_exe().expect("this program has a path");
    let output = Command::new(program)
        .args([MODE, &copies.to_string()])
        .output()
        .expect("this program can be started");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().parse().ok()
}

pub(crate) fn run_child(copies: usize) {
    let corpus = Corpus::load(copies);
    corpus.link(1);
    println!("{}", peak().expect("the peak can be read"));
}

/// The peak of this process so far, where the system tells it.
fn peak() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}
