//! Judges the samples in the folder that is named. Prints a row, and exits with 1 where a valid sample
//! is refused. What is not a type, such as a range, typify keeps to in part.

#![allow(dead_code, non_snake_case, reason = "what typify makes is only read into")]

use std::{env, fs, path::Path, process::ExitCode};

use serde::de::DeserializeOwned;
use serde_json::Value;

type Takes = fn(&Value) -> bool;

include!(concat!(env!("OUT_DIR"), "/made.rs"));

fn takes<T: DeserializeOwned>(value: &Value) -> bool {
    T::deserialize(value).is_ok()
}

fn main() -> ExitCode {
    let folder = env::args().nth(1).expect("a folder of samples");
    let (mut valid, mut taken, mut invalid, mut refused) = (0, 0, 0, 0);
    for (name, takes) in READERS {
        let text = fs::read_to_string(Path::new(&folder).join(format!("{name}.json")));
        let samples: Vec<Value> =
            serde_json::from_str(&text.expect("samples of the type")).expect("a list of samples");
        for sample in samples {
            let is_taken = takes(&sample["value"]);
            if sample["valid"] == true {
                valid += 1;
                taken += u32::from(is_taken);
                if !is_taken {
                    eprintln!("typify refuses as {name}: {}", sample["value"]);
                }
            } else {
                invalid += 1;
                refused += u32::from(!is_taken);
            }
        }
    }
    let loaded = READERS.len();
    println!(
        "{:<32} {loaded} of {loaded} loaded; {taken} of {valid} valid samples taken, \
         {refused} of {invalid} others refused",
        "typify"
    );
    ExitCode::from(u8::from(taken < valid))
}
