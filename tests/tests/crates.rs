//! The crates in `tests/crates` build as those of users do: through a facade, in other editions,
//! without a prelude, with lints forbidden and denied.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::{env, fs, path::Path, process::Command};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/crates");

#[test]
fn crates_of_every_kind_compile_without_a_warning() {
    let folder = Path::new(FOLDER);
    // With the versions of the workspace nothing has to be fetched, and next to nothing built.
    fs::copy(folder.join("../../Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let built = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--workspace", "--offline", "--manifest-path"])
        .arg(folder.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(target)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&built.stderr);
    assert!(built.status.success(), "{said}");
    for member in ["edition-2015", "every-lint", "facade", "facade-user", "no-prelude"] {
        let warned = said.contains(&format!("`{member}` (lib) generated"));
        assert!(!warned, "{said}");
    }
}
