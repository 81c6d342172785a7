//! The soak in real time, on real sockets.
//!
//! `soak [--seeds N] [--first SEED] [--seconds N] [--cycles N]`: N seeds one after the other (5),
//! from SEED on (1), each of N seconds (300) in so many cycles (1), the last minute of each cycle
//! quiet. It ends with 0 when every client was back after every quiet minute and none stormed, with
//! 1 when not, and with 2 for arguments that it does not understand.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a tool, on standard output")]

use std::{process::ExitCode, time::Duration};

use credwire_tests::soak::{Plan, run};

const QUIET: Duration = Duration::from_secs(60);

struct Args {
    seeds: u64,
    first: u64,
    seconds: u64,
    cycles: u32,
}

impl Args {
    fn read(mut args: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut read = Self { seeds: 5, first: 1, seconds: 300, cycles: 1 };
        while let Some(name) = args.next() {
            let value = args.next().and_then(|value| value.parse::<u32>().ok());
            let value = value.ok_or_else(|| format!("`{name}` needs a number"))?;
            match name.as_str() {
                "--seeds" => read.seeds = value.into(),
                "--first" => read.first = value.into(),
                "--seconds" => read.seconds = value.into(),
                "--cycles" => read.cycles = value,
                _ => {
                    return Err(format!(
                        "there is no `{name}`; use --seeds, --first, --seconds, --cycles"
                    ));
                }
            }
        }
        match u64::from(read.cycles) * (QUIET.as_secs() + 1) {
            0 => Err("`--cycles` is 0; use 1 or more".to_owned()),
            least if read.seconds < least => {
                Err(format!("`--seconds` is {}; a cycle has 61 or more", read.seconds))
            }
            _ => Ok(read),
        }
    }

    fn plan(&self, seed: u64) -> Plan {
        let cycle = Duration::from_secs(self.seconds) / self.cycles;
        Plan { seed, cycles: self.cycles, faults: cycle - QUIET, quiet: QUIET }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let args = match Args::read(std::env::args().skip(1)) {
        Ok(args) => args,
        Err(mistake) => {
            eprintln!("soak: {mistake}");
            return ExitCode::from(2);
        }
    };
    let mut good = true;
    for seed in args.first..args.first.saturating_add(args.seeds) {
        println!(
            "seed {seed}: {} s, the last {} s of each cycle quiet",
            args.seconds,
            QUIET.as_secs()
        );
        let outcome = run(&args.plan(seed), |line| println!("{line}")).await;
        println!("seed {seed}: {outcome}");
        for text in outcome.lost.iter().chain(&outcome.storms) {
            println!("{text}");
        }
        good &= outcome.is_good();
    }
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
