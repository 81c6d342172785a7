//! A space in a process of its own.

use std::{
    io::{Read as _, Write as _},
    process::{Child, ChildStdout, Command, Stdio},
};

use credwire_sandbox::Mint;
use serde::{Deserialize, Serialize};

/// The argument that makes this program the space.
pub(crate) const MODE: &str = "--space-with-tokens";

/// The process of a space. It ends with this value.
pub(crate) struct Space {
    child: Child,
    pub(crate) place: Place,
}

/// The space as its clients see it.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Place {
    pub(crate) domain: String,
    pub(crate) ca: String,
    pub(crate) tokens: Vec<String>,
    control: String,
}

impl Space {
    pub(crate) fn start(tokens: usize) -> Self {
        let program = std::env::current_exe().expect("this program has a path");
        let mut child = Command::new(program)
            .args([MODE, &tokens.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("this program can be started");
        let place = first_line(child.stdout.take().expect("it is piped"));
        Self { child, place }
    }
}

impl Place {
    /// Cuts all sockets.
    pub(crate) async fn drop_all(&self) {
        let request = reqwest::Client::new()
            .post(format!("{}/sockets", self.control))
            .body(r#"{"do":"drop"}"#);
        request.send().await.and_then(reqwest::Response::error_for_status).expect("it obeys");
    }
}

impl Drop for Space {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn first_line(mut output: ChildStdout) -> Place {
    let mut line = Vec::new();
    let mut byte = [0];
    while output.read(&mut byte).expect("it can be read") == 1 && byte[0] != b'\n' {
        line.push(byte[0]);
    }
    serde_json::from_slice(&line).expect("the first line is JSON")
}

/// Is the space until standard input ends.
pub(crate) fn serve(tokens: usize) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let space = runtime.block_on(credwire_sandbox::Space::builder().start()).expect("a space");
    let mint = |number| {
        let token = space.mint(Mint::new(format!("subscriber-{number}@example.test")));
        token.expect("a token").expose().clone()
    };
    let place = Place {
        domain: space.domain().to_owned(),
        ca: space.ca_pem().to_owned(),
        tokens: (0..tokens).map(mint).collect(),
        control: space.control_url().to_owned(),
    };
    println!("{}", serde_json::to_string(&place).expect("it is plain data"));
    std::io::stdout().flush().expect("it can be written");
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
}
