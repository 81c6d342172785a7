use std::{
    fs,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use crate::process::run;

/// A copy of the schemas and the generated package, in their places.
fn workspace() -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for path in [
        "schema/interfaces",
        "schema/wire",
        "schema/elements",
        "generated/src",
        "generated/json-schema",
    ] {
        copy_folder(&root.join(path), &copy.path().join(path));
    }
    for path in ["schema/overlay.toml", "generated/MANIFEST.json", "generated/custom-elements.json"]
    {
        fs::copy(root.join(path), copy.path().join(path)).unwrap();
    }
    copy
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Some generated file of Rust, relative to the package.
fn some_file(workspace: &TempDir) -> PathBuf {
    let manifest = fs::read_to_string(workspace.path().join("generated/MANIFEST.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    let mut files = manifest["files"].as_array().unwrap().iter().map(|file| file.as_str().unwrap());
    PathBuf::from(files.find(|file| file.ends_with(".rs")).unwrap())
}

#[test]
fn the_generated_package_is_up_to_date_from_anywhere_in_the_workspace() {
    let workspace = workspace();
    for folder in ["", "schema/interfaces", "generated/src"] {
        let ran = run(&workspace.path().join(folder), &["generate", "--check"]).exits(0);
        assert_eq!(ran.out, "");
        assert!(ran.err.contains("up to date"), "{}", ran.err);
    }
}

#[test]
fn a_hand_edit_is_shown_and_undone() {
    let workspace = workspace();
    let file = some_file(&workspace);
    let path = workspace.path().join("generated").join(&file);
    let before = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{before}// by hand\n")).unwrap();

    let ran = run(workspace.path(), &["generate", "--check"]).exits(1);
    let name = file.to_string_lossy();
    assert!(
        ran.out.contains(&format!("--- a/{name}")) && ran.out.contains("-// by hand"),
        "{}",
        ran.out
    );
    assert!(ran.err.contains(&format!("generated/{name}: differs")), "{}", ran.err);
    assert!(fs::read_to_string(&path).unwrap().ends_with("// by hand\n"), "--check must not write");

    let ran = run(workspace.path(), &["generate", "--check", "--json"]).exits(1);
    let summary: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(summary["written"], false);
    assert_eq!(summary["differences"][0]["kind"], "changed");
    assert_eq!(summary["differences"][0]["path"], *name);

    let ran = run(workspace.path(), &["generate"]).exits(0);
    assert!(ran.err.contains(&format!("generated/{name}: updated")), "{}", ran.err);
    assert_eq!(fs::read_to_string(&path).unwrap(), before);
    run(workspace.path(), &["generate", "--check"]).exits(0);
}

#[test]
fn missing_and_stale_files_are_distinguished() {
    let workspace = workspace();
    let generated = workspace.path().join("generated");
    let file = some_file(&workspace);
    let stale = generated.join("src/forgotten.rs");
    fs::copy(generated.join(&file), &stale).unwrap();
    fs::remove_file(generated.join(&file)).unwrap();
    // An earlier run made it.
    let manifest = generated.join("MANIFEST.json");
    let text = fs::read_to_string(&manifest).unwrap();
    let listed = text.replacen("\"files\": [", "\"files\": [\n    \"src/forgotten.rs\",", 1);
    fs::write(manifest, listed).unwrap();

    let ran = run(workspace.path(), &["generate", "--check"]).exits(1);
    assert!(ran.err.contains(&format!("{}: is missing", file.display())), "{}", ran.err);
    assert!(ran.err.contains("src/forgotten.rs: should not be there"), "{}", ran.err);
    run(workspace.path(), &["generate"]).exits(0);
    assert!(generated.join(&file).exists() && !stale.exists());
}

#[test]
fn a_broken_schema_writes_nothing() {
    let workspace = workspace();
    let schema = workspace.path().join("schema/interfaces/SDKCredential.json");
    let text = fs::read_to_string(&schema).unwrap();
    fs::write(&schema, text.replacen("\"format\"", "\"farmat\"", 1)).unwrap();
    let file = workspace.path().join("generated").join(some_file(&workspace));
    fs::remove_file(&file).unwrap();

    let ran = run(workspace.path(), &["generate"]).exits(1);
    assert!(ran.err.contains("schema/interfaces/SDKCredential.json:"), "{}", ran.err);
    assert!(ran.err.contains("error[document-read]"), "{}", ran.err);
    assert!(!file.exists());
}

#[test]
fn outside_a_workspace_the_folders_must_be_named() {
    let elsewhere = tempfile::tempdir().unwrap();
    let ran = run(elsewhere.path(), &["generate"]).exits(2);
    assert!(ran.err.contains("--schemas"), "{}", ran.err);

    let workspace = workspace();
    let (schemas, overlay) =
        (workspace.path().join("schema/interfaces"), workspace.path().join("schema/overlay.toml"));
    let (schemas, overlay) = (schemas.to_str().unwrap(), overlay.to_str().unwrap());
    let args = ["generate", "--schemas", schemas, "--overlay", overlay, "--out", "made"];
    run(elsewhere.path(), &args).exits(0);
    assert!(elsewhere.path().join("made").join(some_file(&workspace)).exists());
}

#[test]
fn the_report_lists_what_becomes_of_each_symbol() {
    let workspace = workspace();
    let ran = run(workspace.path(), &["generate", "--report"]).exits(0);
    assert!(
        ran.out.contains("\nSATClaims: struct SatClaims, struct SatClaimsCnf\n"),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("\nsw-ui-modal: enum SwUiModalEvent\n"), "{}", ran.out);
    assert!(ran.out.contains("\nsw-call-provider: no events\n"), "{}", ran.out);
    assert!(ran.out.contains("\nversion: const Sdk::VERSION\n"), "{}", ran.out);
    assert!(!ran.out.contains(" item "), "a kind is not known: {}", ran.out);
    let documents = |folder| fs::read_dir(workspace.path().join(folder)).unwrap().count();
    let counted = format!(
        "{} symbols and {} custom elements",
        documents("schema/interfaces"),
        documents("schema/elements")
    );
    assert!(ran.err.contains(&counted), "{}", ran.err);
    assert!(ran.err.contains("\n0 members without a summary"), "{}", ran.err);
    let ran = run(workspace.path(), &["generate", "--report", "--json"]).exits(0);
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let manifest = fs::read_to_string(workspace.path().join("generated/MANIFEST.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    for item in report["items"].as_array().unwrap() {
        let left_out = &manifest["leftOut"][item["name"].as_str().unwrap()];
        let reasons = item["reasons"].as_array().unwrap();
        assert_eq!(left_out.is_null(), reasons.is_empty(), "{item}");
        assert!(left_out.is_null() || *left_out == item["reasons"], "{item}");
    }
}
