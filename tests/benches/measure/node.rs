//! Peers that run in Node, at the versions of their lock file.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::Value;

/// Copies a peer below `installed` and installs its packages; gives its folder, or why there is none.
pub(crate) fn install(source: &Path, installed: &Path, program: &str) -> Result<PathBuf, String> {
    fs::create_dir_all(installed).map_err(|error| format!("no folder for the peer: {error}"))?;
    for file in ["package.json", "package-lock.json", program] {
        fs::copy(source.join(file), installed.join(file))
            .map_err(|error| format!("{file} cannot be copied: {error}"))?;
    }
    let npm = Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"])
        .current_dir(installed)
        .output();
    finished("npm", npm)?;
    Ok(installed.to_owned())
}

/// Runs a program of an installed peer, which answers in JSON.
pub(crate) fn run(folder: &Path, program: &str, args: &[&Path]) -> Result<Value, String> {
    let node = Command::new("node").arg(program).args(args).current_dir(folder).output();
    let output = finished("node", node)?;
    serde_json::from_slice(&output.stdout).map_err(|error| format!("node's answer: {error}"))
}

fn finished(program: &str, output: std::io::Result<Output>) -> Result<Output, String> {
    let output = output.map_err(|error| format!("{program} cannot be started: {error}"))?;
    if output.status.success() {
        return Ok(output);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("{program} failed: {}", said.lines().last().unwrap_or("without a word")))
}
