//! A process that is killed while it writes.
//!
//! The test binary starts itself as the writer. `CREDWIRE_KILL_ROUNDS` sets how often it is killed.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use credwire::storage::{LOCAL, RedbStorage, Storage as _};

/// The file to write to; set in the writer alone.
const FILE: &str = "CREDWIRE_KILL_FILE";
const KEY: &str = "record";

fn rounds() -> u64 {
    match std::env::var("CREDWIRE_KILL_ROUNDS") {
        Ok(rounds) => rounds.parse().expect("CREDWIRE_KILL_ROUNDS is a number"),
        Err(_) => 10,
    }
}

/// A record of a few pages that shows when a part of it is of another.
fn record(number: u64) -> String {
    format!("{number}:").repeat(1 + usize::try_from(number % 2000).unwrap())
}

fn number(record: &str) -> u64 {
    let number = record.split(':').next().unwrap().parse().unwrap();
    assert_eq!(record, self::record(number), "a record of one piece");
    number
}

/// Writes records with rising numbers until it is killed, and says which are committed.
#[tokio::test]
async fn writer() {
    let Some(path) = std::env::var_os(FILE) else { return };
    let mut out = std::io::stdout();
    let mut say = |line: String| {
        writeln!(out, "{line}").unwrap();
        out.flush().unwrap();
    };
    say("\nbegins".to_owned());
    let storage = RedbStorage::open(path).await.unwrap();
    let last = storage.get_item(KEY, LOCAL).await.unwrap().map_or(0, |last| number(&last));
    for next in last + 1.. {
        storage.set_item(KEY, Some(&record(next)), LOCAL).await.unwrap();
        say(format!("committed {next}"));
    }
}

/// Starts the writer, kills it after so many commits and a moment more, and gives the last number
/// that it called committed.
fn kill_one(path: &Path, commits: u64, moment: Duration) -> Option<u64> {
    let mut writer = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kill::writer", "--nocapture"])
        .env(FILE, path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(writer.stdout.take().unwrap()).lines();
    let committed = |line: &str| line.strip_prefix("committed ").map(|n| n.parse().unwrap());
    assert!(lines.by_ref().any(|line| line.unwrap() == "begins"), "the writer runs");
    let mut last = None;
    for _ in 0..commits {
        last = committed(&lines.next().expect("the writer goes on").unwrap());
        assert!(last.is_some());
    }
    // The process is real, and so is the time that it has for the next commit.
    std::thread::sleep(moment);
    writer.kill().unwrap();
    writer.wait().unwrap();
    // A line that was cut off stands for nothing.
    let rest = lines.map_while(Result::ok).filter_map(|line| {
        let whole: Option<Result<u64, _>> = line.strip_prefix("committed ").map(str::parse);
        whole?.ok()
    });
    rest.last().or(last)
}

#[tokio::test]
async fn what_was_committed_survives_a_kill_and_the_file_always_opens() {
    let directory = tempfile::tempdir().unwrap();
    let mut path = directory.path().join("0");
    let mut survived = 0;
    for round in 0..rounds() {
        // Now and then a new file, which may be killed while it is made.
        if round % 5 == 0 {
            path = directory.path().join(round.to_string());
        }
        let commits = if round % 5 == 0 { 0 } else { fastrand::u64(0..20) };
        let moment = Duration::from_micros(fastrand::u64(0..8_000));
        let committed = kill_one(&path, commits, moment);

        let storage = RedbStorage::open(&path).await.unwrap();
        let found = storage.get_item(KEY, LOCAL).await.unwrap().map_or(0, |found| number(&found));
        if let Some(committed) = committed {
            assert!(
                found >= committed,
                "round {round}: {committed} was committed, {found} is there"
            );
            survived += 1;
        }
    }
    assert!(survived > 0 || rounds() < 5, "some rounds got as far as a commit");
}
