use std::path::Path;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;

use crate::process::{command, fed, run};

const COMMANDS: [&str; 11] = [
    "demo", "init", "ingest", "generate", "check", "explain", "session", "replay", "sandbox",
    "mint", "inspect",
];

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn help_names_every_command_that_exists_and_no_other() {
    let help = run(here(), &["--help"]).exits(0).out;
    let (_, commands) = help.split_once("Commands:\n").unwrap();
    let (commands, _) = commands.split_once("\n\n").unwrap();
    let named: Vec<_> =
        commands.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(named, COMMANDS);
}

#[test]
fn every_command_explains_itself_with_examples() {
    for name in COMMANDS {
        let help = run(here(), &[name, "--help"]).exits(0).out;
        assert!(help.contains("Examples:") && help.contains(&format!("credwire {name}")), "{help}");
    }
}

#[test]
fn wrong_usage_exits_with_2_and_prints_nothing() {
    let cases: [&[&str]; 10] = [
        &["replay"],
        &[],
        &["explain"],
        &["ingest"],
        &["ingest", "--emit", "rust", "page.mdx"],
        &["ingest", "--emit", "facts", "--out", "x", "page.mdx"],
        &["session"],
        &["session", "--token-env", "A", "--provider-url", "https://example.test"],
        &["session", "--token-env", "CREDWIRE_TEST_UNSET_VARIABLE"],
        &["session", "--provider-url", "token"],
    ];
    for args in cases {
        let ran = run(here(), args).exits(2);
        assert_eq!(ran.out, "", "{args:?}");
        assert!(!ran.err.is_empty(), "{args:?}");
    }
}

#[test]
fn a_bad_log_filter_is_wrong_usage() {
    let ran = run(here(), &["--log", "credwire=loudest", "inspect"]).exits(2);
    assert!(ran.err.contains("`credwire=loudest` is no log filter"), "{}", ran.err);
}

#[test]
fn inspect_reads_the_header_and_never_shows_the_token() {
    let header =
        json!({ "alg": "dir", "enc": "A256GCM", "typ": "SAT", "ch": "puc.space.test:8443" });
    let header = URL_SAFE_NO_PAD.encode(header.to_string());
    let token = format!("{header}..bWFkZQ.dXA.cGFydHM");
    let ran = fed(command(here(), &["inspect"]), &token).exits(1);
    assert!(ran.out.contains("puc.space.test:8443 is not an allowed space"), "{}", ran.out);
    let allowed = ["inspect", "--json", "--allow-domain", "space.test"];
    let ran = fed(command(here(), &allowed), &token).exits(0);
    let facts: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(facts["form"], "JWE");
    assert_eq!(facts["header"]["enc"], "A256GCM");
    assert_eq!(facts["socket"], "wss://puc.space.test:8443/");
    assert_eq!(facts["rest"], "https://fabric.space.test:8443");
    for text in [&ran.out, &ran.err] {
        assert!(!text.contains(&header) && !text.contains("bWFkZQ"), "{text}");
    }
}

#[test]
fn inspect_refuses_what_is_no_token() {
    let ran = fed(command(here(), &["inspect"]), "hello").exits(1);
    assert_eq!(ran.out, "");
    assert!(ran.err.contains("3 or 5 parts"), "{}", ran.err);
}
