//! A space in a process of its own.

use std::{
    io::{Read as _, Write as _},
    process::{Child, ChildStdout, Command, Stdio},
};

use credwire_sandbox::Mint;
use serde_json::Value;

/// The argument that makes this program the space.
pub(crate) const MODE: &str = "--space-with-tokens";

/// The space as its clients see it. It ends with this value.
pub(crate) struct Space {
    child: Child,
    pub(crate) domain: String,
    pub(crate) ca: String,
    pub(crate) tokens: Vec<String>,
    control: String,
}

impl Space {
    pub(crate) async fn start(tokens: usize) -> Self {
        let program = std::env::current_exe().expect("this program has a path");
        let mut child = Command::new(program)
            .args([MODE, &tokens.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("this program can be started");
        let output = child.stdout.take().expect("it is piped");
        let ready = tokio::task::spawn_blocking(|| first_line(output)).await.expect("no panic");
        let text = |name: &str| ready[name].as_str().expect("it is told").to_owned();
        let tokens = ready["tokens"].as_array().expect("they are told");
        Self {
            child,
            domain: text("domain"),
            ca: text("ca"),
            control: text("control"),
            tokens: tokens.iter().filter_map(|it| it.as_str().map(str::to_owned)).collect(),
        }
    }

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

fn first_line(mut output: ChildStdout) -> Value {
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
    let line = serde_json::json!({
        "domain": space.domain(),
        "ca": space.ca_pem(),
        "control": space.control_url(),
        "tokens": (0..tokens).map(mint).collect::<Vec<_>>(),
    });
    println!("{line}");
    std::io::stdout().flush().expect("it can be written");
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
}
