//! Judges what three generators made of the same declarations by samples: whether what is right is read and written again
//! as it was, whether what is wrong is refused, and whether secrets stay out of `Debug`.

#![allow(dead_code, clippy::all, reason = "most of what generators make is not used here")]

use std::{fmt::Debug, fs, process::ExitCode};

use credwire_core::{SerializeExposed as _, Validate as _};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

mod discord;
mod google;
mod oidc;

mod quicktype {
    pub mod granted;
    pub mod metadata;
    pub mod user;
}

mod typify {
    pub mod granted {
        include!(concat!(env!("OUT_DIR"), "/granted.rs"));
    }
    pub mod metadata {
        include!(concat!(env!("OUT_DIR"), "/metadata.rs"));
    }
    pub mod user {
        include!(concat!(env!("OUT_DIR"), "/user.rs"));
    }
}

#[derive(Deserialize)]
struct Sample {
    is: Is,
    what: String,
    #[serde(default)]
    secrets: Vec<String>,
    value: Value,
}

#[derive(Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Is {
    Right,
    Wrong,
}

/// What a reader makes of a value: what it writes again and how it shows it, or why it refuses it.
type Read = fn(&Value) -> Result<(Value, String), String>;

fn plain<T: DeserializeOwned + Serialize + Debug>(
    value: &Value,
) -> Result<(Value, String), String> {
    let read: T = serde_json::from_value(value.clone()).map_err(|error| error.to_string())?;
    let written = serde_json::to_value(&read).map_err(|error| error.to_string())?;
    Ok((written, format!("{read:?}")))
}

fn checked<T: DeserializeOwned + Serialize + Debug + credwire_core::Validate>(
    value: &Value,
) -> Result<(Value, String), String> {
    let read: T = serde_json::from_value(value.clone()).map_err(|error| error.to_string())?;
    read.validate().map_err(|violations| violations.to_string())?;
    plain::<T>(value)
}

/// What holds secrets is written with them only where somebody asks for it.
fn sealed(value: &Value) -> Result<(Value, String), String> {
    let read: google::Credentials =
        serde_json::from_value(value.clone()).map_err(|error| error.to_string())?;
    read.validate().map_err(|violations| violations.to_string())?;
    let written = serde_json::to_value(read.exposed()).map_err(|error| error.to_string())?;
    Ok((written, format!("{read:?}")))
}

/// What is amiss with a sample, if anything.
fn fault(read: Read, sample: &Sample) -> Option<String> {
    match (read(&sample.value), sample.is) {
        (Err(error), Is::Right) => Some(format!("refuses what is right: {error}")),
        (Ok(_), Is::Wrong) => Some("takes what is wrong".to_owned()),
        (Err(_), Is::Wrong) => None,
        (Ok((written, _)), Is::Right) if written != sample.value => {
            Some("writes something else than it read".to_owned())
        }
        (Ok((_, shown)), Is::Right) => {
            let is_shown = sample.secrets.iter().any(|secret| shown.contains(secret));
            is_shown.then(|| "shows a secret".to_owned())
        }
    }
}

fn main() -> ExitCode {
    let folder = std::env::args().nth(1).expect("the folder of the samples");
    let declarations: [(&str, [(&str, Read); 3]); 3] = [
        (
            "metadata",
            [
                ("credwire", checked::<oidc::OidcMetadata>),
                ("quicktype", plain::<quicktype::metadata::Metadata>),
                ("typify", plain::<typify::metadata::Metadata>),
            ],
        ),
        (
            "user",
            [
                ("credwire", checked::<discord::ApiUser>),
                ("quicktype", plain::<quicktype::user::User>),
                ("typify", plain::<typify::user::User>),
            ],
        ),
        (
            "granted",
            [
                ("credwire", sealed),
                ("quicktype", plain::<quicktype::granted::Granted>),
                ("typify", plain::<typify::granted::Granted>),
            ],
        ),
    ];
    let mut result = ExitCode::SUCCESS;
    let mut told = Vec::new();
    println!("{:<10} {:<10} {:>8} {:>6}", "", "", "samples", "right");
    for (name, readers) in declarations {
        let text = fs::read_to_string(format!("{folder}/{name}.json")).expect("the samples");
        let samples: Vec<Sample> = serde_json::from_str(&text).expect("samples");
        for (tool, read) in readers {
            let faults: Vec<_> = samples
                .iter()
                .filter_map(|sample| Some((&sample.what, fault(read, sample)?)))
                .collect();
            println!(
                "{name:<10} {tool:<10} {:>8} {:>6}",
                samples.len(),
                samples.len() - faults.len()
            );
            told.extend(
                faults.iter().map(|(what, fault)| format!("{tool}, {name}, {what}: {fault}")),
            );
            if tool == "credwire" && !faults.is_empty() {
                result = ExitCode::FAILURE;
            }
        }
    }
    println!("\n{}", told.join("\n"));
    result
}
