//! Samples of each type, written for the readers of JSON Schemas in other languages.

use std::{fs, path::Path};

use serde_json::{Value, json};

use crate::{documents::Documents, number, subjects::subjects};

/// Writes whole numbers without a point, which not every reader takes for whole ones.
fn without_points(value: &mut Value) {
    match value {
        Value::Number(number) => {
            let float = number.as_f64().unwrap();
            if number.is_f64() && float.fract() == 0.0 && float.abs() < 9e18 {
                *value = json!(float as i64);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(without_points),
        Value::Object(members) => members.values_mut().for_each(without_points),
        _ => {}
    }
}

/// How many samples a type gets.
const SAMPLES: usize = 40;

#[test]
fn every_type_has_samples_that_are_read_and_samples_that_are_refused() {
    let folder = std::env::var_os("CREDWIRE_SAMPLES");
    for subject in subjects() {
        let schema = subject.document();
        let mut documents = Documents::new(&schema, number("CREDWIRE_SEED", 1));
        let mut samples: Vec<Value> = Vec::new();
        while samples.len() < SAMPLES {
            let text = documents.next_text();
            // Every reader in another language is given a value; texts that are no JSON have none.
            let Ok(mut value) = serde_json::from_str::<Value>(&text) else { continue };
            without_points(&mut value);
            let valid = (subject.read)(&value.to_string()).is_ok();
            samples.push(json!({"value": value, "valid": valid}));
        }
        let valid = samples.iter().filter(|sample| sample["valid"] == true).count();
        assert!(valid > 0 && valid < SAMPLES, "{}: {valid} of {SAMPLES} are valid", subject.name);
        if let Some(folder) = &folder {
            let path = Path::new(folder).join(format!("{}.json", subject.name));
            fs::write(path, Value::Array(samples).to_string()).unwrap();
        }
    }
}
