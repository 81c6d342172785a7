//! What generated code and macros cost the compiler: `cargo check` of a crate whose dependencies
//! are built, beside what one writes instead.

mod plain;
mod providers;
mod workspace;

use std::path::Path;

use crate::{
    many::Many,
    measure::{
        report::{Bound, Report},
        sampling::median,
    },
};
use workspace::Workspace;

/// How often each crate is checked, in turn with the others.
const ROUNDS: usize = 9;

pub(crate) fn fifty(report: &mut Report) {
    generated(50, report);
}

pub(crate) fn five_hundred(report: &mut Report) {
    generated(500, report);
}

/// The generated package beside serde's derives and beside typify's code, for the same types.
fn generated(size: usize, report: &mut Report) {
    let many = Many::new(size);
    let output = many.ours();
    let files = || output.files().iter().filter(|(path, _)| path.ends_with(".rs"));
    let mut workspace = Workspace::new(&format!("generated-{size}"));
    workspace.add("empty", &[("src/lib.rs", "")]);
    workspace.add("ours", &files().collect::<Vec<_>>());
    workspace.add("plain", &[("src/lib.rs", &plain::derives(files()))]);
    workspace.add("typify", &[("src/lib.rs", &many.typify())]);
    let title = |peer: &str| format!("{} interfaces, checked: CPU time, of {peer}", many.count);
    let row = report.row(title("serde's derives for the same types"));
    let samples = match workspace.samples(ROUNDS) {
        Ok(samples) => samples,
        Err(reason) => {
            row.skipped(reason.as_str());
            return report.row(title("typify's code")).skipped(reason);
        }
    };
    // Starting cargo and reading what a crate depends on is no part of checking it.
    let of = |name: &str| samples[name].iter().zip(&samples["empty"]).map(|(all, none)| all - none);
    let ratio = |name: &str| median(of("ours").zip(of(name)).map(|(ours, peer)| ours / peer));
    let detail = |name: &str| format!("{:.2} s, {:.2} s", median(of("ours")), median(of(name)));
    row.detail(detail("plain")).measured(ratio("plain"), "x", Bound::AtMost(1.0));
    let row = report.row(title("typify's code"));
    row.detail(detail("typify")).measured(ratio("typify"), "x", Bound::AtMost(0.6));
}

/// How many fields the struct of `validated` has.
const FIELDS: usize = 600;

/// What `#[derive(Validate)]` costs for a struct of many fields, beside serde's `Deserialize` for it.
pub(crate) fn validated(report: &mut Report) {
    let fields = |rule: &str| {
        let field = |index: usize| {
            let (kind, ty) = [
                ("range(1..=1000)", "u32"),
                ("length(1..=64)", "String"),
                ("email", "Option<String>"),
                ("items(length(1..))", "Vec<String>"),
            ][index % 4];
            let rule = rule.replace("RULE", kind);
            format!("    {rule}\n    pub field_{index}: {ty},\n")
        };
        (0..FIELDS).map(field).collect::<String>()
    };
    let source = |derive: &str, head: &str, rule: &str| {
        format!(
            "#![allow(missing_docs)]\npub mod credwire {{\n    pub use credwire_core::*;\n    pub use \
             credwire_generated::*;\n}}\n#[derive({derive})]\n{head}\npub struct Many {{\n{}}}\n",
            fields(rule)
        )
    };
    let mut workspace = Workspace::new("validated");
    workspace.add("empty", &[("src/lib.rs", &source("Clone", "", ""))]);
    let head = "#[validate(crate = \"crate::credwire\")]";
    let ours = source("Clone, credwire_macros::Validate", head, "#[validate(RULE)]");
    workspace.add("ours", &[("src/lib.rs", &ours)]);
    let peer = source("Clone, serde::Deserialize", "", "");
    workspace.add("deserialize", &[("src/lib.rs", &peer)]);
    let row =
        report.row(format!("`Validate` of {FIELDS} fields, checked: of serde's `Deserialize`"));
    let samples = match workspace.samples(ROUNDS) {
        Ok(samples) => samples,
        Err(reason) => return row.skipped(reason),
    };
    let added = |name: &str| {
        median(samples[name].iter().zip(&samples["empty"]).map(|(with, without)| with - without))
    };
    let (ours, theirs) = (added("ours"), added("deserialize"));
    row.detail(format!("{ours:.2} s, {theirs:.2} s")).measured(
        ours / theirs,
        "x",
        Bound::AtMost(1.2),
    );
}

/// What `#[credential_provider]` adds to impl blocks, beside what async-trait adds to them.
pub(crate) fn macros(report: &mut Report) {
    let mut workspace = Workspace::new("macros");
    workspace.add("plain", &[("src/lib.rs", &providers::plain())]);
    workspace.add("ours", &[("src/lib.rs", &providers::ours())]);
    workspace.add("async_trait", &[("src/lib.rs", &providers::async_trait())]);
    let row = report.row("an annotated provider, checked: what it adds, of async-trait's addition");
    let samples = match workspace.samples(ROUNDS) {
        Ok(samples) => samples,
        Err(reason) => return row.skipped(reason),
    };
    let added = |name: &str| {
        let more =
            samples[name].iter().zip(&samples["plain"]).map(|(with, without)| with - without);
        1e3 * median(more) / providers::COUNT as f64
    };
    let (ours, theirs) = (added("ours"), added("async_trait"));
    row.detail(format!("{ours:.2} ms, {theirs:.2} ms for each of {}", providers::COUNT)).measured(
        ours / theirs,
        "x",
        Bound::AtMost(0.45),
    );
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
