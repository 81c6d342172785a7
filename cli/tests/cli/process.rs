//! Runs the binary.

use std::{
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

/// How a run ended and what it wrote.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// Fails unless the exit status is `status`; returns the run.
    #[track_caller]
    pub(crate) fn exits(self, status: i32) -> Self {
        assert_eq!(self.status, Some(status), "{self:?}");
        self
    }
}

/// A run of `credwire` in `folder` that inherits nothing that could change its output.
pub(crate) fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_credwire"));
    command.current_dir(folder).args(args);
    for name in ["CREDWIRE_LOG", "SIGNALWIRE_PROJECT", "SIGNALWIRE_API_TOKEN", "CLICOLOR_FORCE"] {
        command.env_remove(name);
    }
    command
}

/// Runs `credwire` with nothing on standard input.
pub(crate) fn run(folder: &Path, args: &[&str]) -> Ran {
    fed(command(folder, args), "")
}

/// Runs a command with `input` on standard input.
pub(crate) fn fed(mut command: Command, input: &str) -> Ran {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    Ran {
        status: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}
