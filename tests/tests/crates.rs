//! The crates in `tests/crates` build as those of users do: through a facade, in other editions,
//! without a prelude, with lints forbidden and denied.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::{env, fs, path::Path, process::Command};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/crates");

#[test]
fn crates_of_every_kind_compile_without_a_warning() {
    let (is_built, said) = build(&["--workspace", "--exclude", "without-path"]);
    assert!(is_built, "{said}");
    for member in ["edition-2015", "every-lint", "facade", "facade-user", "no-prelude"] {
        let warned = said.contains(&format!("`{member}` (lib) generated"));
        assert!(!warned, "{said}");
    }
}

/// Every macro of `without-path` says what to write.
#[test]
fn a_crate_without_the_path_of_its_facade_is_told_so_once_for_each_macro() {
    let (is_built, said) = build(&["--package", "without-path"]);
    assert!(!is_built, "{said}");
    let errors: Vec<&str> = said
        .lines()
        .filter(|line| line.starts_with("error") && !line.contains("could not compile"))
        .collect();
    let source = fs::read_to_string(Path::new(FOLDER).join("without-path/src/lib.rs")).unwrap();
    let macros =
        ["#[credential_provider", "#[derive(Validate", "#[derive(RpcMethod", "interface!("];
    let macros = macros.map(|name| source.matches(&format!("\n{name}")).count());
    assert_eq!(macros, [3, 1, 1, 1]);
    let expected = "error: the crate `credwire` is not among the dependencies of this package \
                    [missing-argument]";
    assert_eq!(errors, [expected; 6], "{said}");
    assert_eq!(said.matches("`crate = \"facade::credwire\"`").count(), 6, "{said}");
}

/// Builds crates of the folder; gives whether they compile, and what was said.
fn build(packages: &[&str]) -> (bool, String) {
    let folder = Path::new(FOLDER);
    // With the versions of the workspace nothing has to be fetched, and next to nothing built.
    fs::copy(folder.join("../../Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let built = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .arg("build")
        .args(packages)
        .args(["--offline", "--manifest-path"])
        .arg(folder.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(target)
        .output()
        .unwrap();
    (built.status.success(), String::from_utf8_lossy(&built.stderr).into_owned())
}
