//! Documents of the wire: decoded and checked, beside decoding alone and other ways to check.

mod generated;
mod plain;
mod typify;

use std::{hint::black_box, path::Path};

use crate::credwire::{FromJson, SdkCredential, SdkWarning, SignalwireConnectResult};
use generated::SubscriberInfo;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::measure::{
    node,
    report::{Bound, Report},
    sampling::{Spent, median, median_ratio, side_by_side},
};

const ROUNDS: usize = 21;

/// How long one sample of our side takes, in nanoseconds.
const SAMPLE: f64 = 4e6;

/// A document and the ways to read it.
struct Document {
    name: &'static str,
    text: &'static str,
    schema: &'static str,
    ours: fn(&str),
    /// Decodes once and checks many times.
    checks: fn(&str, usize),
    plain: fn(&str),
    typify: fn(&str),
}

macro_rules! document {
    ($name:literal, $title:literal, $ours:ty, $plain:ty, $typify:ty) => {
        Document {
            name: $name,
            text: include_str!(concat!("../../../documents/", $name, ".json")),
            schema: include_str!(concat!(env!("OUT_DIR"), "/", $title, ".json")),
            ours: |text| drop(black_box(<$ours>::from_json(text).expect("a document"))),
            checks: check::<$ours>,
            plain: |text| decode::<$plain>(text),
            typify: |text| decode::<$typify>(text),
        }
    };
}

const DOCUMENTS: [Document; 4] = [
    document!("credential", "SdkCredential", SdkCredential, plain::Credential, typify::Credential),
    document!(
        "subscriber_info",
        "SubscriberInfo",
        SubscriberInfo,
        plain::SubscriberInfo,
        typify::SubscriberInfo
    ),
    document!(
        "connect_result",
        "SignalwireConnectResult",
        SignalwireConnectResult,
        plain::ConnectResult,
        typify::ConnectResult
    ),
    document!("warning", "SdkWarning", SdkWarning, plain::Warning, typify::Warning),
];

fn decode<T: DeserializeOwned>(text: &str) {
    drop(black_box(serde_json::from_slice::<T>(text.as_bytes()).expect("a document")));
}

fn check<T: FromJson>(text: &str, times: usize) {
    let value = T::from_json(text).expect("a document");
    for _ in 0..times {
        black_box(&value).validate().expect("a document");
    }
}

/// Measures each peer against every document.
pub(crate) fn measure(report: &mut Report) {
    for document in &DOCUMENTS {
        let of = |peer: &str| format!("{}, {} B: {peer}", document.name, document.text.len());
        let row = report.row(of("CPU time, of serde_json typed without checks"));
        let (ratio, detail) = beside(document, document.plain);
        row.detail(detail).measured(ratio, "x", Bound::AtMost(0.85));

        let row = report.row(of("speed, of typify's types"));
        let (ratio, detail) = beside(document, document.typify);
        row.detail(detail).measured(1.0 / ratio, "x", Bound::AtLeast(1.6));

        let row = report.row(of("speed, of Value and jsonschema"));
        let schema: Value = serde_json::from_str(document.schema).expect("a JSON Schema");
        let validator = jsonschema::validator_for(&schema).expect("a JSON Schema");
        let (ratio, detail) = beside(document, |text| {
            let value: Value = serde_json::from_slice(text.as_bytes()).expect("a document");
            assert!(validator.is_valid(&value));
            black_box(value);
        });
        row.detail(detail).measured(1.0 / ratio, "x", Bound::AtLeast(3.0));

        validation(document, report);
    }
    zod(report);
}

/// The median ratio of our CPU time to a peer's, and both in words.
fn beside(document: &Document, peer: impl Fn(&str)) -> (f64, String) {
    let times = repetitions(document);
    let repeat = |read: &dyn Fn(&str)| {
        for _ in 0..times {
            read(black_box(document.text));
        }
    };
    let samples = side_by_side(ROUNDS, || repeat(&document.ours), || repeat(&peer));
    let each = 1e6 / times as f64;
    let ours = each * median(samples.iter().map(|(ours, _)| ours.cpu()));
    let theirs = each * median(samples.iter().map(|(_, peer)| peer.cpu()));
    (median_ratio(&samples, Spent::cpu), format!("{ours:.0} ns, {theirs:.0} ns"))
}

/// How often a sample reads the document.
fn repetitions(document: &Document) -> usize {
    let start = std::time::Instant::now();
    for _ in 0..1000 {
        (document.ours)(document.text);
    }
    let each = start.elapsed().as_nanos() as f64 / 1000.0;
    (SAMPLE / each).ceil() as usize
}

/// The checks alone, of reading the document; those of small documents are not judged.
fn validation(document: &Document, report: &mut Report) {
    let row = report.row(format!("{}: the checks alone, of reading it", document.name));
    let times = repetitions(document);
    let samples = side_by_side(
        ROUNDS,
        || (document.checks)(document.text, times),
        || (0..times).for_each(|_| (document.ours)(black_box(document.text))),
    );
    let each = 1e6 / times as f64;
    let checks = each * median(samples.iter().map(|(checks, _)| checks.cpu()));
    let row = row.detail(format!("{checks:.1} ns"));
    let share = 100.0 * median_ratio(&samples, Spent::cpu);
    if document.text.len() > 1000 {
        row.measured(share, "%", Bound::AtMost(5.0));
    } else {
        row.told(share, "%");
    }
}

/// All documents through zod, in a process that is warm.
fn zod(report: &mut Report) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let installed = Path::new(env!("CARGO_TARGET_TMPDIR")).join("zod");
    let answer = node::install(&root.join("node"), &installed, "zod.mjs")
        .and_then(|folder| node::run(&folder, "zod.mjs", &[&root.join("documents")]));
    for document in &DOCUMENTS {
        let row = report.row(format!("{}: speed, of zod in Node", document.name));
        let theirs = match &answer {
            Ok(answer) => answer["times"][document.name].as_f64().expect("a time"),
            Err(reason) => {
                row.skipped(reason.as_str());
                continue;
            }
        };
        let times = repetitions(document);
        let samples = crate::measure::sampling::repeat(ROUNDS, || {
            (0..times).for_each(|_| (document.ours)(black_box(document.text)));
        });
        let ours = 1e6 / times as f64 * median(samples.iter().map(Spent::cpu));
        row.detail(format!("{ours:.0} ns, {theirs:.0} ns")).measured(
            theirs / ours,
            "x",
            Bound::AtLeast(4.0),
        );
    }
}
