use std::path::Path;

use serde_json::Value;

use crate::process::run;

fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

#[test]
fn a_member_is_explained_in_and_outside_of_a_workspace() {
    let elsewhere = tempfile::tempdir().unwrap();
    for folder in [workspace(), elsewhere.path()] {
        let ran = run(folder, &["explain", "SatClaims.expires_at"]).exits(0);
        assert!(ran.out.starts_with("SATClaims.expires_at\n"), "{}", ran.out);
        assert!(ran.out.contains("unit: epoch-seconds  "), "{}", ran.out);
        assert!(ran.out.contains("schema/overlay.toml:"), "{}", ran.out);
        assert!(
            ran.out.contains("pub expires_at: Option<credwire_core::EpochSeconds>,"),
            "{}",
            ran.out
        );
    }
}

#[test]
fn json_has_facts_changes_and_rust() {
    let ran = run(workspace(), &["explain", "SATClaims.cnf.jkt", "--json"]).exits(0);
    let explained: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(explained["member"], "cnf.jkt");
    let format = |fact: &&Value| fact["what"] == "format";
    let change = explained["changes"].as_array().unwrap().iter().find(format).unwrap();
    assert_eq!(change["new"], "jwk-thumbprint");
    assert!(change["reason"].is_string());
    assert!(explained["rust"][0]["code"].as_str().unwrap().contains("pub jkt: Option<String>"));
}

#[test]
fn elements_are_explained_by_tag_and_class() {
    let elsewhere = tempfile::tempdir().unwrap();
    for folder in [workspace(), elsewhere.path()] {
        let ran = run(folder, &["explain", "SwUiModal"]).exits(0);
        assert!(ran.out.starts_with("sw-ui-modal\n"), "{}", ran.out);
        assert!(ran.out.contains("event sw-modal-close: no detail  "), "{}", ran.out);
        assert!(ran.out.contains("pub enum SwUiModalEvent"), "{}", ran.out);
        let ran = run(folder, &["explain", "sw-ui-modal.open"]).exits(0);
        assert!(ran.out.contains("open: boolean = false  "), "{}", ran.out);
        let ran = run(folder, &["explain", "sw-ui-modal.opn"]).exits(1);
        assert!(ran.err.contains("did you mean `open`?"), "{}", ran.err);
    }
}

#[test]
fn unknown_names_fail_with_the_nearest() {
    let ran = run(workspace(), &["explain", "SDKCredentail"]).exits(1);
    assert!(ran.err.contains("did you mean `SDKCredential`?"), "{}", ran.err);
    let ran = run(workspace(), &["explain", "SDKCredential.tokn"]).exits(1);
    assert!(ran.err.contains("did you mean `token`?"), "{}", ran.err);
    run(workspace(), &["explain"]).exits(2);
    let empty = tempfile::tempdir().unwrap();
    let ran = run(empty.path(), &["explain", "X", "--schemas", "gone"]).exits(1);
    assert!(ran.err.contains("document-read"), "{}", ran.err);
}

#[test]
fn the_schema_of_documents_is_printed_anywhere() {
    let empty = tempfile::tempdir().unwrap();
    let ran = run(empty.path(), &["explain", "--document-schema"]).exits(0);
    let committed = std::fs::read_to_string(workspace().join("schema/document.schema.json"));
    assert_eq!(ran.out, committed.unwrap());
    run(empty.path(), &["explain", "--document-schema", "SDKCredential"]).exits(2);
}
