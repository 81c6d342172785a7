//! A sandbox in a process of its own.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::Value;

use crate::process::command;

pub(crate) struct Space {
    child: Child,
    ready: Value,
    folder: tempfile::TempDir,
}

impl Space {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut sandbox = command(folder.path(), &["sandbox", "--dir", "."]);
        let mut child = sandbox.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { child, ready: serde_json::from_str(&line).unwrap(), folder }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn text(&self, key: &str) -> &str {
        self.ready[key].as_str().unwrap()
    }

    /// A command with the options that lead to the space, and its credentials.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = command(self.folder(), args);
        command.args(["--ca", "ca.pem", "--resolve", "space.test=127.0.0.1"]);
        command.env("SIGNALWIRE_PROJECT", self.text("project"));
        command.env("SIGNALWIRE_API_TOKEN", self.text("apiToken"));
        command
    }

    /// A `mint` for the space.
    pub(crate) fn mint(&self, args: &[&str]) -> Command {
        let origin = format!("https://fabric.{}", self.text("domain"));
        let mut mint = self.command(&["mint", "--space", &origin, "--reference", "kiosk"]);
        mint.args(args);
        mint
    }
}

impl Drop for Space {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
