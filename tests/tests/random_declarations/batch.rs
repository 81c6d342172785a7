//! Many declarations as the modules of one crate, which the compiler checks at once.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Component, Path},
};

use credwire_codegen::{CodeLayout, GeneratedFiles};
use credwire_tests::foreign::{self, Crates};
use serde_json::Value;

use super::secrets;

/// What is wrong with a declaration: the kind of it, which a smaller one must share, and a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) kind: String,
    pub(crate) text: String,
    /// Whether the compiler says so.
    pub(crate) compiled: bool,
}

impl Fault {
    fn new(kind: impl Into<String>, text: impl Into<String>) -> Self {
        Self { kind: kind.into(), text: text.into(), compiled: false }
    }
}

/// What a symbol may be left out for.
const REASONS: &[&str] = &[
    // A symbol of JavaScript is no value that a program of Rust could have.
    "no generator takes such a variable",
];

/// Judges declarations by their names, which are names of modules; the compiler is asked where it
/// `compiles`.
pub(crate) fn judge(
    name: &str,
    texts: &BTreeMap<String, String>,
    compiles: bool,
) -> BTreeMap<String, Fault> {
    let folder = Crates::new(env!("CARGO_TARGET_TMPDIR")).empty(name);
    fs::create_dir(folder.join("declarations")).unwrap();
    let mut faults = BTreeMap::new();
    let mut modules = BTreeMap::new();
    for (module, text) in texts {
        fs::write(folder.join(format!("declarations/{module}.d.ts")), text).unwrap();
        match generate(module, text) {
            Ok(generated) => {
                modules.insert(module.clone(), generated);
            }
            Err(fault) => {
                faults.insert(module.clone(), fault);
            }
        }
    }
    if !compiles || modules.is_empty() {
        return faults;
    }
    faults.extend(compile(name, &folder, &modules));
    faults
}

fn generate(module: &str, text: &str) -> Result<GeneratedFiles, Fault> {
    let generated = || foreign::generated(module, text, CodeLayout::Module(module.to_owned()));
    let twice = catch_unwind(AssertUnwindSafe(|| (generated(), generated())));
    let (generated, again) = twice.map_err(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        Fault::new("panic", text.unwrap_or_default())
    })?;
    if generated != again {
        return Err(Fault::new("order", "two runs make different files"));
    }
    for (item, reasons) in generated.left_out() {
        for reason in reasons {
            if !REASONS.iter().any(|known| reason.message.contains(known)) {
                return Err(Fault::new("left out", format!("{item}: {}", reason.message)));
            }
        }
    }
    let clear = secrets::in_clear(generated.files().iter());
    if !clear.is_empty() {
        return Err(Fault::new("secret in clear", clear.join(", ")));
    }
    Ok(generated)
}

/// The errors of the compiler, the first of each module.
fn compile(
    name: &str,
    folder: &Path,
    modules: &BTreeMap<String, GeneratedFiles>,
) -> BTreeMap<String, Fault> {
    let mut root = String::from("#![forbid(unsafe_code)]\n");
    let mut dependencies = BTreeSet::new();
    for (module, generated) in modules {
        foreign::write(generated, &folder.join("src").join(module));
        root.push_str(&format!("pub mod {module};\n"));
        for it in generated.dependencies() {
            let features = Value::from(it.features);
            dependencies.insert(format!(
                "{} = {{ version = \"{}\", default-features = {}, features = {features} }}\n",
                it.name, it.version, it.default_features
            ));
        }
    }
    fs::write(folder.join("src/lib.rs"), root).unwrap();
    let dependencies: String = dependencies.into_iter().collect();
    let core = Path::new(foreign::ROOT).join("core");
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
         [features]\nschemars = [\"dep:schemars\", \"credwire-core/schemars\"]\n\n\
         [dependencies]\ncredwire-core = {{ path = {:?} }}\n{dependencies}\
         schemars = {{ version = \"1\", default-features = false, features = [\"std\"], optional = true }}\n\n\
         [workspace]\n",
        core.to_str().unwrap()
    );
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    let output = Crates::new(env!("CARGO_TARGET_TMPDIR"))
        .cargo(folder, &["check", "--all-features", "--message-format=json"]);
    let mut faults = BTreeMap::new();
    let mut others = String::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let Ok(message) = serde_json::from_str::<Value>(line) else { continue };
        let message = &message["message"];
        if message["level"] != "error" {
            continue;
        }
        let rendered = message["rendered"].as_str().unwrap_or_default();
        match module_of(message) {
            Some(module) => {
                let kind = message["code"]["code"].as_str().unwrap_or("error");
                let fault = Fault { compiled: true, ..Fault::new(kind, rendered) };
                faults.entry(module).or_insert(fault);
            }
            None => others.push_str(rendered),
        }
    }
    let explained = output.status.success() || !faults.is_empty();
    assert!(explained, "{others}{}", String::from_utf8_lossy(&output.stderr));
    faults
}

/// The module that an error of the compiler is in.
fn module_of(message: &Value) -> Option<String> {
    let spans = message["spans"].as_array()?;
    let file = spans.iter().find(|span| span["is_primary"] == true)?["file_name"].as_str()?;
    let mut parts = Path::new(file).components().filter_map(|part| match part {
        Component::Normal(part) => part.to_str(),
        _ => None,
    });
    (parts.next()? == "src").then(|| parts.next().map(str::to_owned)).flatten()
}
