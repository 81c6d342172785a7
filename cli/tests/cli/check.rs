use std::{fs, path::Path};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::process::run;

const PAGE: &str = "---\ntitle: \"Options\"\nslug: /reference/interfaces/options\ndescription: \"Options.\"\nmax-toc-depth: 3\n---\nOptions.\n\n## **Properties**\n\n\
<ParamField path=\"level\" type=\"low | high\" required toc={true}>\n  How much.\n</ParamField>\n\n\
<ParamField path=\"name\" type=\"string\" toc={true}>\n  Who.\n</ParamField>\n";

const SOURCE: &str = "export interface Options { level: 'low' | 'high'; name: string; }\nexport type Extra = 'x' | 'y';\n";

fn folder(source: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("reference/interfaces")).unwrap();
    fs::write(folder.path().join("reference/interfaces/Options.mdx"), PAGE).unwrap();
    fs::write(folder.path().join("index.d.ts"), source).unwrap();
    folder
}

const CHECK: [&str; 4] = ["check", "reference", "--against", "index.d.ts"];

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    CHECK.iter().chain(more).copied().collect()
}

#[test]
fn true_drift_is_shown_with_its_place_and_fails() {
    let folder = folder(SOURCE);
    let ran = run(folder.path(), &CHECK).exits(1);
    assert!(ran.out.contains("optional-in-docs-only (1)"), "{}", ran.out);
    assert!(ran.out.contains("reference/interfaces/Options.mdx:15:1: Options.name"), "{}", ran.out);
    assert!(ran.out.contains("index.d.ts:2:1: Extra"), "{}", ran.out);
    assert!(!ran.out.contains("literals-unquoted"), "{}", ran.out);
    assert!(ran.err.contains("2 true differences, 0 accepted"), "{}", ran.err);
    let ran = run(folder.path(), &with(&["--lossy"])).exits(1);
    assert!(ran.out.contains("literals-unquoted (1)"), "{}", ran.out);
}

#[test]
fn what_is_lossy_or_the_same_does_not_fail() {
    let same = SOURCE.replace("name: string", "name: string | undefined");
    let folder = folder(same.split_inclusive('\n').next().unwrap());
    let ran = run(folder.path(), &CHECK).exits(0);
    assert_eq!(ran.out, "");
    let ran = run(folder.path(), &with(&["--lossy", "--json"])).exits(0);
    let found: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(found["counts"], json!({ "literals-unquoted": 1 }));
}

#[test]
fn json_has_counts_and_findings() {
    let ran = run(folder(SOURCE).path(), &with(&["--json"])).exits(1);
    let found: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(
        found,
        json!({
            "counts": { "export-undocumented": 1, "optional-in-docs-only": 1 },
            "errors": [],
            "exitStatus": 1,
            "findings": [
                {
                    "class": "export-undocumented", "group": "true", "item": "Extra", "member": null,
                    "left": null, "right": "alias", "place": "index.d.ts:2:1",
                },
                {
                    "class": "optional-in-docs-only", "group": "true", "item": "Options",
                    "member": "name", "left": "name?: string", "right": "name: string",
                    "place": "reference/interfaces/Options.mdx:15:1",
                },
            ],
        })
    );
}

#[test]
fn markdown_and_annotations() {
    let folder = folder(SOURCE);
    let ran = run(folder.path(), &with(&["--markdown", "--lossy"])).exits(1);
    assert!(ran.out.contains("### `literals-unquoted` (1)"), "{}", ran.out);
    let row = "| `Options.level` | `low \\| high` | `\"low\" \\| \"high\"` | reference/interfaces/Options.mdx:11:1 |";
    assert!(ran.out.contains(row), "{}", ran.out);
    let ran = run(folder.path(), &with(&["--github", "--lossy"])).exits(1);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(lines.len(), 3, "{}", ran.out);
    let annotation = "::error file=reference/interfaces/Options.mdx,line=15,col=1,title=optional-in-docs-only::Options.name: ";
    assert!(lines[1].starts_with(annotation), "{}", ran.out);
    assert!(lines[2].starts_with("::notice file="), "{}", ran.out);
}

#[test]
fn accepted_drift_passes_and_stale_entries_are_reported() {
    let folder = folder(SOURCE);
    let allow = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    let entries = "[[allow]]\nclass = \"optional-in-docs-only\"\nitem = \"Options\"\nmember = \"name\"\nreason = \"Mended soon.\"\n\n\
                   [[allow]]\nclass = \"export-undocumented\"\nitem = \"Extra\"\nreason = \"Internal.\"\n";
    allow("drift.toml", entries);
    let ran = run(folder.path(), &with(&["--allow", "drift.toml"])).exits(0);
    assert_eq!(ran.out, "");
    assert!(ran.err.contains("0 true differences, 2 accepted"), "{}", ran.err);
    allow("drift.toml", &entries.replace("\"Extra\"", "\"Gone\""));
    let ran = run(folder.path(), &with(&["--allow", "drift.toml"])).exits(1);
    assert!(ran.err.contains("drift.toml:7:1: warning[allow-stale]"), "{}", ran.err);
    allow("drift.toml", "[[allow]]\nclass = \"type-chnged\"\nitem = \"X\"\nreason = \"x\"\n");
    let ran = run(folder.path(), &with(&["--allow", "drift.toml"])).exits(1);
    assert!(ran.err.contains("did you mean `type-changed`?"), "{}", ran.err);
}

#[test]
fn committed_schemas_stand_on_either_side() {
    let folder = folder(SOURCE);
    run(folder.path(), &["ingest", "--out", "schemas", "index.d.ts"]).exits(0);
    run(folder.path(), &["check", "schemas", "--against", "index.d.ts"]).exits(0);
    run(folder.path(), &["check", "index.d.ts", "--against", "schemas"]).exits(0);
    let ran = run(folder.path(), &["check", "reference", "--against", "schemas"]).exits(1);
    assert!(ran.out.contains("optional-in-docs-only (1)"), "{}", ran.out);
    let one = "schemas/Options.json";
    assert!(Path::new(&folder.path().join(one)).is_file());
    run(folder.path(), &["check", one, "--against", "index.d.ts"]).exits(1);
}

#[test]
fn wrong_usage_and_unreadable_sides() {
    let folder = folder(SOURCE);
    run(folder.path(), &["check", "reference"]).exits(2);
    run(folder.path(), &with(&["--json", "--markdown"])).exits(2);
    run(folder.path(), &["check", "reference", "--against", "gone.d.ts"]).exits(1);
    fs::write(folder.path().join("empty.d.ts"), "export {};\n").unwrap();
    let ran = run(folder.path(), &["check", "reference", "--against", "empty.d.ts"]).exits(1);
    assert!(ran.err.contains("there is no symbol in empty.d.ts"), "{}", ran.err);
}

#[test]
fn elements_are_held_against_documents_and_manifests() {
    let folder = tempfile::tempdir().unwrap();
    let elements = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema/elements");
    let shown = elements.to_str().unwrap();
    run(folder.path(), &["check", shown, "--against", shown]).exits(0);
    let manifest = "{\"schemaVersion\":\"2.1.0\",\"modules\":[{\"declarations\":[{\"name\":\"SwUiModal\",\"tagName\":\"sw-ui-modal\",\
                    \"members\":[{\"kind\":\"field\",\"name\":\"open\",\"type\":{\"text\":\"string\"}}]}]}]}";
    fs::write(folder.path().join("custom-elements.json"), manifest).unwrap();
    let modal = format!("{shown}/sw-ui-modal.json");
    let against = ["check", &modal, "--against", "custom-elements.json", "--json"];
    let ran = run(folder.path(), &against).exits(1);
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(told["counts"]["type-changed"], 1);
    assert_eq!(told["findings"][0]["item"], "sw-ui-modal");
}

#[test]
fn what_cannot_be_read_is_told_in_every_form() {
    let folder = folder(SOURCE);
    fs::write(folder.path().join("broken.json"), "{").unwrap();
    for (against, code) in [("missing.d.ts", "unreadable-file"), ("broken.json", "document-")] {
        let args = |form| ["check", "reference", "--against", against, form];
        let ran = run(folder.path(), &args("--json")).exits(1);
        let found: Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!((&found["counts"], &found["findings"]), (&json!({}), &json!([])), "{found}");
        assert_eq!(found["exitStatus"], 1, "{found}");
        assert_eq!(found["errors"].as_array().unwrap().len(), 1, "{found}");
        let error = &found["errors"][0];
        assert!(error["code"].as_str().unwrap().starts_with(code), "{error}");
        assert!(error["place"].as_str().unwrap().starts_with(&format!("{against}:1:1")), "{error}");
        assert_ne!(error["message"], "", "{error}");

        let ran = run(folder.path(), &args("--github")).exits(1);
        let begins = format!("::error file={against},line=1,col=1,title={code}");
        assert!(ran.out.starts_with(&begins) && ran.out.lines().count() == 1, "{}", ran.out);
        let ran = run(folder.path(), &args("--markdown")).exits(1);
        assert!(ran.out.contains(&format!("| `{code}")), "{}", ran.out);
    }
    fs::write(folder.path().join("empty.d.ts"), "export {};\n").unwrap();
    let ran = run(folder.path(), &["check", "reference", "--against", "empty.d.ts", "--json"]);
    let ran = ran.exits(1);
    let found: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(found["errors"][0]["code"], "no-symbol", "{found}");
}
