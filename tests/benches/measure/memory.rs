//! The most memory that a piece of work holds: the peak of a process that does nothing else.

use std::{fs, process::Command};

/// The peak of the resident memory of this program with `args`, in bytes, where the system tells
/// it; the program itself is part of it. With these arguments it has to end with [`tell_peak`].
pub(crate) fn peak_of_child(args: &[&str]) -> Option<u64> {
    peak()?;
    let program = std::env::current_exe().expect("this program has a path");
    let output = Command::new(program).args(args).output().expect("this program can be started");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().parse().ok()
}

/// Answers [`peak_of_child`].
pub(crate) fn tell_peak() {
    println!("{}", peak().expect("the peak can be read"));
}

/// The peak of this process so far, where the system tells it.
fn peak() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}
