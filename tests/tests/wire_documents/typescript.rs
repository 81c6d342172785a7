//! What the types write is what the official declarations describe, and what those refuse is not
//! read.
//!
//! `CREDWIRE_TYPESCRIPT` names a directory with `node_modules` that hold `@signalwire/js`, at the
//! version of the reference, and `typescript`; without it the test is skipped.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

use crate::{
    documents::Documents,
    number,
    subjects::{Subject, subjects},
};

/// Members for which the declarations are narrower than the reference: documented name of the type,
/// pointer, a value that the declarations take, and the reason.
const NARROWER: &[(&str, &str, &str, &str)] = &[
    (
        "JSONRPCErrorResponse",
        "/error",
        r#"{"code": "1", "message": "made-up"}"#,
        "`TError` has no page, so it is any JSON value",
    ),
    (
        "JSONRPCResponse",
        "/error",
        r#"{"code": "1", "message": "made-up"}"#,
        "`TError` has no page, so it is any JSON value",
    ),
    (
        "MediaDirections",
        "/audio",
        r#""sendrecv""#,
        "the values of a platform's string are not ours",
    ),
    (
        "MediaDirections",
        "/video",
        r#""sendrecv""#,
        "the values of a platform's string are not ours",
    ),
    (
        "SATClaims",
        "/cnf",
        r#"{"jkt": "0123456789012345678901234567890123456789012"}"#,
        "the page does not mark `jkt` as required",
    ),
    (
        "StoredDevicePreference",
        "/kind",
        r#""audioinput""#,
        "the values of a platform's string are not ours",
    ),
];

/// Types that the package does not declare, and why.
const NOT_DECLARED: &[(&str, &[&str])] = &[
    (
        "the reference is ahead of this version",
        &[
            "CredentialNoRefreshHandlerWarning",
            "CredentialRefreshFallbackReason",
            "CredentialRefreshFallbackWarning",
            "SDKWarning",
        ],
    ),
    (
        "the package does not export the protocol of its socket",
        &[
            "Acknowledgement",
            "AuthorizationStateEvent",
            "SessionAuthorization",
            "SignalwireConnectParams",
            "SignalwireConnectResult",
            "SignalwireDisconnectParams",
            "SignalwireEventParams",
            "SignalwirePingParams",
            "SignalwirePingResult",
            "SignalwireReauthenticateParams",
            "SignalwireReauthenticateResult",
            "SubscriberOfflineParams",
            "SubscriberOnlineParams",
            "SubscriberStatus",
        ],
    ),
];

/// A document as it is shown to TypeScript.
struct Case {
    name: String,
    text: String,
    /// Whether our type reads it.
    read: bool,
    /// Whether it was written by our type.
    written: bool,
}

#[test]
fn what_is_written_is_what_the_declarations_describe() {
    let Some(directory) = std::env::var_os("CREDWIRE_TYPESCRIPT") else {
        println!(
            "skipped: CREDWIRE_TYPESCRIPT names no directory with @signalwire/js and typescript"
        );
        return;
    };
    let cases = cases(number("CREDWIRE_SEED", 1));
    let complaints = compile(Path::new(&directory), &cases);
    let mut counts: BTreeMap<&str, Counts> = BTreeMap::new();
    let mut not_declared = BTreeSet::new();
    let mut disagreements = Vec::new();
    for (index, case) in cases.iter().enumerate() {
        let complaint = complaints.get(&index);
        if complaint.is_some_and(|text| text.contains("has no exported member")) {
            not_declared.insert(case.name.as_str());
            continue;
        }
        let count = counts.entry(&case.name).or_default();
        // The declarations' rule for literals in code; on the wire unknown members are ignored.
        let excess = complaint.is_some_and(|text| text.contains("may only specify known"));
        match complaint {
            Some(complaint) if case.read && (case.written || !excess) => {
                disagreements.push(format!("{}: {}\n  {complaint}", case.name, case.text));
            }
            Some(_) if !case.read => count.refused += 1,
            _ if case.written => count.written += 1,
            _ => count.others += 1,
        }
    }
    for (name, Counts { written, others, refused }) in &counts {
        println!("{name}: {written} written, {refused} refused by both, {others} others");
    }
    for (name, member, _, reason) in NARROWER {
        println!("only one value: {name}{member}: {reason}");
    }
    for (reason, names) in NOT_DECLARED {
        println!("not declared: {}: {reason}", names.join(", "));
    }
    let shown = disagreements.iter().take(20).cloned().collect::<Vec<_>>().join("\n");
    assert!(disagreements.is_empty(), "{} disagreements:\n{shown}", disagreements.len());
    let expected = NOT_DECLARED.iter().flat_map(|(_, names)| *names).copied().collect();
    assert_eq!(not_declared, expected, "NOT_DECLARED");
    for (name, Counts { written, refused, .. }) in counts {
        assert!(written > 0 && refused > 0, "{name} was not tried in both directions");
    }
}

#[derive(Default)]
struct Counts {
    /// Written by our type and described by the declarations.
    written: u64,
    /// Refused by both sides.
    refused: u64,
    /// Taken by TypeScript, which knows no rules beyond types, or with unknown members.
    others: u64,
}

fn cases(seed: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for subject in subjects() {
        let schema = subject.document();
        let name = schema["title"].as_str().unwrap().to_owned();
        let mut documents = Documents::new(&schema, seed);
        for _ in 0..60 {
            let text = documents.next_text();
            let mut document: Value = serde_json::from_str(&text).unwrap();
            let mut narrowed = false;
            for (_, member, value, _) in NARROWER.iter().filter(|(of, ..)| *of == name) {
                if let Some(part) = document.pointer_mut(member) {
                    *part = serde_json::from_str(value).unwrap();
                    narrowed = true;
                }
            }
            let text = if narrowed { document.to_string() } else { text };
            add(&subject, &name, text, &mut cases);
        }
    }
    cases
}

fn add(subject: &Subject, name: &str, text: String, cases: &mut Vec<Case>) {
    let read = (subject.read)(&text);
    if let Ok(value) = &read {
        let text = value.to_string();
        cases.push(Case { name: name.to_owned(), text, read: true, written: true });
    }
    cases.push(Case { name: name.to_owned(), text, read: read.is_ok(), written: false });
}

/// The complaints of the compiler, by case.
fn compile(directory: &Path, cases: &[Case]) -> BTreeMap<usize, String> {
    let work = tempfile::tempdir().unwrap();
    let modules = directory.canonicalize().unwrap().join("node_modules");
    std::os::unix::fs::symlink(&modules, work.path().join("node_modules")).unwrap();
    let mut source = String::from("import type * as sdk from '@signalwire/js';\n");
    for (index, case) in cases.iter().enumerate() {
        // For TypeScript these end lines, and lines are what complaints are counted by.
        let text = case.text.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029");
        writeln!(source, "export const case{index}: sdk.{} = {text};", case.name).unwrap();
    }
    std::fs::write(work.path().join("cases.mts"), source).unwrap();
    let tsc: PathBuf = modules.join("typescript").join("bin").join("tsc");
    let output = Command::new("node")
        .arg(tsc)
        .args(["--noEmit", "--strict", "--skipLibCheck", "--pretty", "false"])
        .args(["--target", "es2022", "--lib", "es2022,dom", "--module", "nodenext"])
        .args(["--types", "", "cases.mts"])
        .current_dir(work.path())
        .output()
        .expect("node");
    let text = String::from_utf8_lossy(&output.stdout);
    let mut complaints: BTreeMap<usize, String> = BTreeMap::new();
    let mut current = None;
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("cases.mts(") {
            let number: usize = rest.split(',').next().unwrap().parse().unwrap();
            // The first line is the import.
            let index = number.checked_sub(2).expect("the package is found");
            current = Some(index);
        } else if !line.starts_with(' ') {
            panic!("{line}");
        }
        complaints.entry(current.unwrap()).or_default().push_str(line);
    }
    assert!(output.status.success() || !complaints.is_empty(), "tsc: {output:?}");
    complaints
}
