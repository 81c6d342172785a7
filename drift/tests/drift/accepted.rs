//! Known drift.

use credwire_drift::{Accepted, Finding, compare};

use crate::texts::declarations;

#[test]
fn known_drift_is_accepted_with_a_reason() {
    let findings = compare(
        &declarations("export interface I { a: string }"),
        &declarations("export interface I { a: number; b: string } export interface J {}"),
    );
    let accepted = Accepted::read(
        "drift.toml",
        "[[allow]]\nclass = \"type-changed\"\nitem = \"I\"\nmember = \"a\"\nreason = \"Being fixed.\"\n\n\
         [[allow]]\nclass = \"export-undocumented\"\nitem = \"J\"\nreason = \"Not for the public.\"\n\n\
         [[allow]]\nclass = \"member-missing\"\nitem = \"I\"\nmember = \"c\"\nreason = \"Old.\"\n",
    )
    .unwrap();
    let filtered = accepted.filter(findings);
    let left: Vec<String> = filtered.findings.iter().map(Finding::subject).collect();
    assert_eq!(left, ["I.b"]);
    assert_eq!(filtered.accepted.len(), 2);
    let [stale] = filtered.diagnostics.as_slice() else { panic!("{:?}", filtered.diagnostics) };
    assert_eq!((stale.code, stale.place.line), ("allow-stale", 12));
    assert!(!stale.is_error());
}

#[test]
fn entries_that_accept_nothing_well_are_refused() {
    let read = |text: &str| *Accepted::read("drift.toml", text).unwrap_err();
    let entry = |class: &str, reason: &str| {
        format!("[[allow]]\nclass = \"{class}\"\nitem = \"I\"\nreason = \"{reason}\"\n")
    };
    let slip = read(&entry("type-change", "x"));
    assert_eq!((slip.code, slip.place.line, slip.place.column), ("allow-read", 2, 9));
    assert_eq!(slip.help.as_deref(), Some("did you mean `type-changed`?"));
    assert_eq!(
        read(&entry("readonly-lost", "x")).help.as_deref(),
        Some("only true drift needs accepting")
    );
    assert_eq!(read(&entry("type-changed", " ")).message, "the reason is empty");
    assert_eq!(read("[[allow]]\nitem = \"I\"\n").place.line, 1);
    assert_eq!(read("x = 1\n").code, "allow-read");
}
