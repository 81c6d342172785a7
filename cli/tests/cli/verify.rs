//! `generate --verify`: the compiler judges what was written.

use std::{fs, path::Path};

use crate::{
    init::{project, read, root, target, write},
    process::{Ran, command, fed, run},
};

/// Generates and verifies with what the workspace was built with, and without a network.
fn verified(folder: &Path) -> Ran {
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    let mut command = command(folder, &["generate", "--verify"]);
    command.env("CARGO_NET_OFFLINE", "true").env("CARGO_TARGET_DIR", target());
    fed(command, "")
}

#[test]
fn code_that_compiles_is_verified() {
    let (_folder, app) = project();
    let ran = verified(&app).exits(0);
    assert!(ran.err.ends_with("the code compiles\n"), "{}", ran.err);
}

#[test]
fn an_error_of_the_compiler_names_the_symbol_and_where_it_was_read() {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        ("shop.d.ts", "export type Tone = 'warm';\n\nexport interface Lamp { watts: number }\n"),
        (
            "credwire.toml",
            "[source]\nfrom = [\"shop.d.ts\"]\n[output]\nmod = \"src/shop\"\n\
             crate = \"nowhere\"\n",
        ),
        (
            "Cargo.toml",
            "[package]\nname = \"shop-user\"\nversion = \"0.1.0\"\nedition = \"2024\"\n",
        ),
        ("src/main.rs", "mod shop;\nfn main() { own() }\n"),
    ];
    write(folder.path(), &files);
    let ran = verified(folder.path()).exits(1);
    let is_of_the_lamp = |line: &&str| {
        line.starts_with("src/shop/data.rs:") && line.contains(": error[not-compiled]: E0433: ")
    };
    let of_the_lamp = ran.err.lines().skip_while(|line| !is_of_the_lamp(line));
    let of_the_lamp: Vec<&str> = of_the_lamp.take(2).collect();
    assert_eq!(
        of_the_lamp[1], "  help: it is the code of `Lamp`, which was read at shop.d.ts:3:1",
        "{}",
        ran.err
    );
    assert!(ran.err.contains("src/main.rs:2:13: error[not-compiled]: E0425: "), "{}", ran.err);
    assert!(ran.err.contains("this is not generated code"), "{}", ran.err);
    assert!(read(folder.path().join("src/shop/data.rs")).contains("pub struct Lamp"));
}

#[test]
fn what_keeps_cargo_from_checking_is_named() {
    let (_folder, app) = project();
    let text = read(app.join("credwire.toml")) + "runtime = { path = \"gone\" }\n";
    write(&app, &[("credwire.toml", &text)]);
    let ran = verified(&app).exits(1);
    assert!(ran.err.contains("`cargo check` fails in .: "), "{}", ran.err);
    assert!(ran.err.contains("gone/Cargo.toml"), "{}", ran.err);

    let nothing = tempfile::tempdir().unwrap();
    let mut command = command(&app, &["generate", "--verify"]);
    command.env("PATH", nothing.path()).env_remove("CARGO");
    let ran = fed(command, "").exits(1);
    assert!(ran.err.contains("the code is written and not verified: there is no cargo"), "{ran:?}");
    assert!(ran.err.contains("leave out --verify"), "{}", ran.err);

    fs::remove_file(app.join("Cargo.toml")).unwrap();
    let args = ["generate", "--schemas", "schemas", "--out", "code", "--verify"];
    let ran = run(&app, &args).exits(1);
    assert!(ran.err.contains("no package has code in it"), "{}", ran.err);
}

#[test]
fn a_run_that_writes_nothing_verifies_nothing() {
    let (_folder, app) = project();
    run(&app, &["generate", "--verify", "--check"]).exits(2);
    run(&app, &["generate", "--verify", "--report"]).exits(2);
}
