//! The JSON Schemas are what `schemars` makes of the types, and they accept exactly the documents
//! that the types accept.

use std::{collections::BTreeSet, fs};

use jsonschema::Validator;
use serde_json::Value;

use crate::{
    documents::Documents,
    number,
    subjects::{Subject, directory, subjects},
};

fn validator(schema: &Value) -> Validator {
    jsonschema::draft202012::new(schema).unwrap()
}

#[test]
fn every_document_has_a_type_and_every_type_a_document() {
    let files = fs::read_dir(directory()).unwrap().map(|entry| entry.unwrap().file_name());
    let files: BTreeSet<_> = files.map(|name| name.into_string().unwrap()).collect();
    let expected = subjects().iter().map(|subject| format!("{}.json", subject.name)).collect();
    assert_eq!(files, expected, "the list in subjects.rs");
}

#[test]
fn the_documents_are_what_schemars_makes_of_the_types() {
    for subject in subjects() {
        assert_eq!((subject.schemars)(), subject.document(), "{}", subject.name);
    }
}

#[test]
fn the_documents_are_json_schemas() {
    for subject in subjects() {
        jsonschema::meta::validate(&subject.document()).unwrap();
    }
}

#[test]
fn types_and_schemas_judge_every_document_alike() {
    let (count, seed) = (number("CREDWIRE_DOCUMENTS", 500), number("CREDWIRE_SEED", 1));
    let mut all = (0, 0);
    for (index, subject) in subjects().iter().enumerate() {
        let (accepted, refused) = judge(subject, count, seed.wrapping_add(index as u64));
        println!("{}: {accepted} accepted, {refused} refused", subject.name);
        // A generator that only makes one kind would prove little.
        let enough = count / 100;
        assert!(accepted >= enough, "{}: {accepted} of {count} are valid", subject.name);
        assert!(refused >= enough, "{}: {refused} of {count} are invalid", subject.name);
        all = (all.0 + accepted, all.1 + refused);
    }
    println!("in all: {} accepted, {} refused, no disagreement", all.0, all.1);
}

fn judge(subject: &Subject, count: u64, seed: u64) -> (u64, u64) {
    let schema = subject.document();
    let validator = validator(&schema);
    let mut documents = Documents::new(&schema, seed);
    let (mut accepted, mut refused) = (0, 0);
    for _ in 0..count {
        let text = documents.next_text();
        let read = (subject.read)(&text);
        let value: Result<Value, _> = serde_json::from_str(&text);
        let valid = value.as_ref().is_ok_and(|value| validator.is_valid(value));
        let verdict =
            value.as_ref().map(|value| validator.validate(value).map_err(|e| e.to_string()));
        assert_eq!(
            read.is_ok(),
            valid,
            "{} (seed {seed}) disagrees about {text}\n  type: {:?}\n  schema: {verdict:?}",
            subject.name,
            read.as_ref().map_err(ToString::to_string),
        );
        match read {
            Ok(written) => {
                accepted += 1;
                assert!(validator.is_valid(&written), "{} writes {written}", subject.name);
                let again = (subject.read)(&written.to_string());
                assert_eq!(again.as_ref(), Ok(&written), "{} read {text}", subject.name);
            }
            Err(_) => refused += 1,
        }
    }
    (accepted, refused)
}
