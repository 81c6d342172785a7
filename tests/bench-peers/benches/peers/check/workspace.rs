//! Crates that are made to be checked.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::root;

/// A workspace with the peers' versions of its own below the target folder.
pub(super) struct Workspace {
    folder: PathBuf,
    members: Vec<String>,
}

impl Workspace {
    pub(super) fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        // What an earlier run left is of no use.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder can be made");
        fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).expect("there is a lock");
        Self { folder, members: Vec::new() }
    }

    /// Adds a crate with these files.
    pub(super) fn add(&mut self, name: &str, files: &[(&str, &str)]) {
        self.members.push(name.to_owned());
        let package = format!(
            concat!(
                "[package]\nname = \"{}\"\nedition = \"2024\"\n[features]\nschemars = []\n",
                "[dependencies]\nasync-trait.workspace = true\ncredwire-core.workspace = true\n",
                "credwire-generated.workspace = true\ncredwire-macros.workspace = true\n",
                "futures-core.workspace = true\nregress.workspace = true\n",
                "serde.workspace = true\nserde_json.workspace = true\n",
            ),
            name
        );
        for (path, text) in files.iter().copied().chain([("Cargo.toml", package.as_str())]) {
            let path = self.folder.join(name).join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
            fs::write(path, text).expect("a file can be written");
        }
    }

    /// CPU seconds of checking each crate, its dependencies built; in turn, so that whatever slows
    /// the machine slows all of them.
    pub(super) fn samples(&self, rounds: usize) -> Result<BTreeMap<String, Vec<f64>>, String> {
        self.finish();
        for name in &self.members {
            self.check(name)?;
        }
        let mut samples: BTreeMap<String, Vec<f64>> = BTreeMap::new();
        for _ in 0..rounds {
            for name in &self.members {
                let before = children().ok_or("CPU time is read from /proc, which is not there")?;
                self.check(name)?;
                let spent = children().unwrap_or(before) - before;
                samples.entry(name.clone()).or_default().push(spent);
            }
        }
        Ok(samples)
    }

    fn finish(&self) {
        let path = |name: &str| root().join("../..").join(name).display().to_string();
        let text = format!(
            concat!(
                "[workspace]\nresolver = \"3\"\nmembers = {:?}\n[workspace.dependencies]\n",
                "async-trait = \"0.1\"\ncredwire-core = {{ path = {:?} }}\n",
                "credwire-generated = {{ path = {:?} }}\ncredwire-macros = {{ path = {:?} }}\n",
                "futures-core = \"0.3\"\nregress = \"0.12\"\n",
                "serde = {{ version = \"1\", features = [\"derive\"] }}\n",
                "serde_json = {{ version = \"1\", features = [\"raw_value\"] }}\n",
            ),
            self.members,
            path("core"),
            path("generated"),
            path("macros"),
        );
        fs::write(self.folder.join("Cargo.toml"), text).expect("a file can be written");
    }

    /// Checks one crate anew.
    fn check(&self, name: &str) -> Result<(), String> {
        let source = self.folder.join(name).join("src/lib.rs");
        let text = fs::read(&source).expect("the crate is there");
        fs::write(source, text).expect("a file can be written");
        let output = Command::new(env!("CARGO"))
            .args(["check", "--offline", "--quiet", "--package", name])
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", self.folder.join("target"))
            .env("CARGO_INCREMENTAL", "0")
            .env("RUSTFLAGS", "--cap-lints=allow")
            .output()
            .map_err(|error| format!("cargo cannot be started: {error}"))?;
        if output.status.success() {
            return Ok(());
        }
        Err(format!("`{name}`: {}", String::from_utf8_lossy(&output.stderr)))
    }
}

/// CPU seconds of all processes that were started and have ended, where the system tells them; in
/// hundredths (`USER_HZ` in proc(5)).
fn children() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit_once(") ")?.1.split(' ').collect();
    let ticks = |field: usize| fields.get(field)?.parse::<f64>().ok();
    Some((ticks(13)? + ticks(14)?) / 100.0)
}
