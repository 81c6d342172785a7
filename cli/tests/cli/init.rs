//! The way of a user: `init`, `generate` again, and `credwire.toml` in between.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use credwire_codegen::{CodeLayout, CrateOptions, render_with};
use credwire_schema::document;
use serde_json::Value;
use tempfile::TempDir;

use crate::process::{Ran, command, fed, run};

/// A made-up package with data, secrets, values, an object and what only a platform has.
const DECLARATIONS: &str = r#"
/** How a line sounds. */
export type Tone = "clear" | "noisy";
export interface Line {
  speaker: string;
  authToken?: string;
  tone: Tone;
  notes: Record<string, unknown>;
}
export interface Talk {
  id: string;
  lines: Line[];
}
export declare class Phone {
  constructor(options: { ring: boolean });
  call(to: string): Promise<Line>;
  lines(): Observable<Line>;
  readonly tone: Tone;
}
"#;

/// A folder with the package `@acme/talk` in `node_modules`, and an empty folder `app` beside it.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        ("package.json", r#"{"name": "@acme/talk", "version": "1.2.3", "types": "index.d.ts"}"#),
        ("index.d.ts", DECLARATIONS),
    ];
    write(&folder.path().join("node_modules/@acme/talk"), &files);
    fs::create_dir(folder.path().join("app")).unwrap();
    folder
}

pub(crate) fn write(folder: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

pub(crate) fn read(path: impl AsRef<Path>) -> String {
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.as_ref().display()))
}

/// Every file below a folder with its text, by path.
fn tree(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        for entry in fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
                found.insert(name, read(path));
            }
        }
    }
    found
}

const INIT: [&str; 3] = ["init", "--from", "../node_modules/@acme/talk"];

/// A project in `app`.
pub(crate) fn project() -> (TempDir, PathBuf) {
    let folder = folder();
    let app = folder.path().join("app");
    run(&app, &INIT).exits(0);
    (folder, app)
}

/// The root of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The folder in which cargo has what the workspace was built with.
pub(crate) fn target() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap()
}

/// Has the compiler check a package with what the workspace was built with.
#[track_caller]
fn compiles(package: &Path, args: &[&str]) {
    let output = cargo(package, &[&["check"], args].concat());
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(!text.contains("warning"), "{text}");
}

/// Runs a command of cargo that needs nothing but what the workspace was built with.
#[track_caller]
fn cargo(package: &Path, args: &[&str]) -> Output {
    // With the versions of the workspace nothing has to be fetched.
    fs::copy(root().join("Cargo.lock"), package.join("Cargo.lock")).unwrap();
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(args)
        .args(["--offline", "--quiet", "--target-dir"])
        .arg(target())
        .current_dir(package)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}");
    output
}

#[test]
fn an_empty_folder_becomes_a_crate_that_compiles() {
    let (_folder, app) = project();
    let files = tree(&app);
    for path in [
        "credwire.toml",
        "Cargo.toml",
        "MANIFEST.json",
        "src/lib.rs",
        "src/data.rs",
        "json-schema/Talk.json",
        "schemas/Phone.json",
        "vendor/credwire-core/Cargo.toml",
        "vendor/credwire-core/src/lib.rs",
    ] {
        assert!(files.contains_key(path), "{path}");
    }
    assert!(files["src/data.rs"].contains("Option<credwire_core::Secret<String>>"));
    for (path, text) in files.iter().filter(|(path, _)| !path.starts_with("vendor/")) {
        assert!(!text.to_lowercase().contains("signalwire"), "{path} names another vendor: {text}");
    }
    assert!(
        files["src/lib.rs"].contains("@acme/talk") && files["MANIFEST.json"].contains("@acme/talk")
    );
    // The manifest of cargo itself is without what only the test adds.
    compiles(&app, &[]);
    compiles(&app, &["--all-features"]);
}

#[test]
fn modules_and_included_files_compile_where_they_are() {
    let folder = folder();
    let app = folder.path().join("app");
    let core = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("core");
    let manifest = format!(
        "[package]\nname = \"module-user\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
         [dependencies]\ncredwire-core = {{ path = {:?} }}\nserde = {{ version = \"1\", features = \
         [\"derive\"] }}\nserde_json = \"1\"\nfutures-core = \"0.3\"\n",
        core.to_str().unwrap()
    );
    let root = "mod client { pub(crate) mod api; }\n\
        #[allow(dead_code, unused_imports)]\nmod made {\n    include!(\"../made/mod.rs\");\n}\n\
        #[allow(dead_code, unused_imports)]\nmod own {\n    include!(\"../own/mod.rs\");\n}\n\
        /// As `credwire` re-exports what code stands on.\nmod facade {\n    \
        pub use credwire_core::*;\n    pub mod __private {\n        \
        pub use credwire_core::support::*;\n    }\n}\n\
        fn main() {\n    use {client::api, made, own};\n    \
        let tones = (api::Tone::Clear, made::Tone::Clear, own::Tone::Clear);\n    \
        println!(\"{tones:?}\");\n}\n";
    write(&app, &[("Cargo.toml", &manifest), ("src/main.rs", root)]);
    let args = [&INIT[..], &["--mod", "src/client/api"]].concat();
    let ran = run(&app, &args).exits(0);
    for step in [
        "declare `mod api;` in `client`",
        "run `cargo add --path vendor/credwire-core`",
        "run `cargo add serde@1.0.229 --features derive`",
    ] {
        assert!(ran.err.contains(step), "{}", ran.err);
    }
    assert_eq!(read(app.join("Cargo.toml")), manifest, "the package is the user's");
    let data = read(app.join("src/client/api/data.rs"));
    assert!(data.contains("crate::client::api::Tone"), "{data}");
    run(&app, &["generate", "--check"]).exits(0);

    let mut options = CrateOptions::new("Acme Talk");
    options.layout = CodeLayout::Included;
    options.schemars = false;
    let schema = document::load_schemas(&[app.join("schemas")], &Default::default()).unwrap();
    render_with(&schema, &options).unwrap().write(&app.join("made")).unwrap();
    options.support = Some("crate::facade".to_owned());
    render_with(&schema, &options).unwrap().write(&app.join("own")).unwrap();
    compiles(&app, &[]);
}

#[test]
fn sources_without_a_symbol_make_no_project() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &[("api.d.ts", "export {};\n")]);
    let ran = run(folder.path(), &["init", "--from", "api.d.ts"]).exits(1);
    assert!(ran.err.contains("there is no symbol in"), "{}", ran.err);
    assert_eq!(tree(folder.path()).len(), 1);
}

#[test]
fn a_crate_below_a_workspace_is_to_be_one_of_its_members() {
    let folder = folder();
    write(folder.path(), &[("Cargo.toml", "[workspace]\nmembers = []\n")]);
    let ran = run(&folder.path().join("app"), &INIT).exits(0);
    let next = "next: see that `members` of ../Cargo.toml has the crate in it";
    assert!(ran.err.contains(next), "{}", ran.err);
}

#[test]
fn an_existing_project_and_files_of_the_user_are_left_alone() {
    for (path, text) in [
        ("credwire.toml", "# mine\n"),
        ("Cargo.toml", "[package]\nname = \"mine\"\n"),
        ("src/lib.rs", "// mine\n"),
        ("json-schema/Talk.json", "{}\n"),
        ("schemas/Talk.json", "{\"mine\": true}\n"),
        ("vendor/credwire-core/src/lib.rs", "// mine\n"),
        ("MANIFEST.json", "{\"files\": []}\n"),
    ] {
        let folder = folder();
        let app = folder.path().join("app");
        write(&app, &[(path, text), ("src/own.rs", "// @generated by another tool\n")]);
        let before = tree(&app);
        let ran = run(&app, &INIT).exits(1);
        let name = path.rsplit('/').next().unwrap();
        assert!(ran.err.contains(name), "{path}: {}", ran.err);
        assert_eq!(tree(&app), before, "{path}");
    }
}

#[test]
fn generate_reads_the_sources_again_from_any_folder_below() {
    let (folder, app) = project();
    let below = app.join("src");
    let before = tree(&app);
    for at in [&app, &below] {
        run(at, &["generate", "--check"]).exits(0);
        run(at, &["generate"]).exits(0);
        run(at, &["ingest"]).exits(0);
        assert_eq!(tree(&app), before, "{}", at.display());
    }
    write(&app, &[("src/own.rs", "// mine\n"), ("json-schema/own.json", "{}\n")]);
    let source = folder.path().join("node_modules/@acme/talk/index.d.ts");
    let (_, rest) = DECLARATIONS.split_once("export interface Line").unwrap();
    let (_, phone) = rest.split_once("export declare class Phone").unwrap();
    let renamed =
        format!("export interface Room {{ size: number }}\nexport declare class Phone{phone}")
            .replace("<Line>", "<Room>")
            .replace("  readonly tone: Tone;\n", "");
    fs::write(source, renamed).unwrap();

    let ran = run(&below, &["generate", "--check"]).exits(1);
    assert!(ran.out.contains("+pub struct Room"), "{}", ran.out);
    assert!(ran.err.contains("schemas/Room.json: is missing"), "{}", ran.err);
    assert!(ran.err.contains("schemas/Talk.json: should not be there"), "{}", ran.err);
    assert!(app.join("schemas/Talk.json").exists(), "--check must not write");

    run(&below, &["generate"]).exits(0);
    let after = tree(&app);
    for gone in ["schemas/Talk.json", "schemas/Tone.json", "json-schema/Talk.json", "src/values.rs"]
    {
        assert!(!after.contains_key(gone), "{gone}");
    }
    assert!(after["src/data.rs"].contains("pub struct Room"));
    assert_eq!((&*after["src/own.rs"], &*after["json-schema/own.json"]), ("// mine\n", "{}\n"));
    run(&app, &["generate", "--check"]).exits(0);
}

#[test]
fn documents_that_are_read_besides_remove_nothing() {
    let (_folder, app) = project();
    write(&app, &[("extra.d.ts", "export interface Extra { a: string }\n")]);
    run(&app, &["ingest", "extra.d.ts", "--out", "schemas"]).exits(0);
    assert!(app.join("schemas/Talk.json").exists() && app.join("schemas/Extra.json").exists());
}

#[test]
fn the_runtime_can_be_elsewhere() {
    let folder = folder();
    let app = folder.path().join("app");
    for (runtime, expected) in [
        ("\"1.0\"", "credwire-core = \"1.0\""),
        ("{ path = \"../core\" }", "credwire-core = { path = \"../../core\" }"),
        (
            "{ git = \"https://x.test/w\", tag = \"v1\" }",
            "credwire-core = { git = \"https://x.test/w\", tag = \"v1\" }",
        ),
    ] {
        let text = format!(
            "[source]\nfrom = [\"../node_modules/@acme/talk\"]\n[output]\nout = \"api\"\n\
             name = \"talk\"\nfeatures = []\nruntime = {runtime}\n"
        );
        write(&app, &[("credwire.toml", &text)]);
        run(&app, &["generate"]).exits(0);
        let manifest = read(app.join("api/Cargo.toml"));
        assert!(manifest.contains(expected), "{manifest}");
        assert!(
            manifest.contains("name = \"talk\"") && !manifest.contains("schemars"),
            "{manifest}"
        );
        assert!(!app.join("api/vendor").exists());
    }
}

#[test]
fn an_overlay_of_the_user_says_what_the_sources_do_not() {
    let folder = tempfile::tempdir().unwrap();
    let declarations = "export interface Clip { cue: CueSheet; code: string }\n";
    let overlay = "[externals]\ndata = [\"CueSheet\"]\n\n[items.Clip]\nsummary = \"A piece of \
        sound.\"\nsecret = [\"code\"]\n";
    write(folder.path(), &[("api.d.ts", declarations), ("own.toml", overlay)]);
    run(folder.path(), &["init", "--from", "api.d.ts", "--overlay", "own.toml"]).exits(0);
    let data = read(folder.path().join("src/data.rs"));
    for expected in ["/// A piece of sound.", "pub cue: serde_json::Value", "Secret<String>"] {
        assert!(data.contains(expected), "{expected}: {data}");
    }
    write(folder.path(), &[("other.toml", &overlay.replace("piece", "bit"))]);
    let mut command = command(folder.path(), &["generate", "--check"]);
    command.env("CREDWIRE_OVERLAY", "other.toml");
    let ran = fed(command, "").exits(1);
    assert!(ran.out.contains("+/// A bit of sound."), "{}", ran.out);
}

#[test]
fn sentences_of_the_source_are_taken_along_on_request_alone() {
    let folder = tempfile::tempdir().unwrap();
    let declarations = "/** A [clip] of <b>sound</b>. More. */\nexport interface Clip {\n  \
        /** The */ code: string;\n  /** Its\n   * length. */ length: number }\n";
    let overlay = "[items.Clip]\nmembers.length = \"How long it lasts.\"\n";
    write(folder.path(), &[("api.d.ts", declarations), ("own.toml", overlay)]);
    let code = || read(folder.path().join("src/data.rs"));
    let documents = || read(folder.path().join("schemas/Clip.json"));
    let args = ["init", "--from", "api.d.ts", "--overlay", "own.toml", "--name", "clips"];
    run(folder.path(), &args).exits(0);
    assert!(code().contains("/// How long it lasts.") && !code().contains("sound"), "{}", code());
    assert!(!documents().contains("sound"), "{}", documents());

    let config = read(folder.path().join("credwire.toml"));
    let asked = config.replace("# descriptions = \"source\"", "descriptions = \"source\"");
    assert_ne!(config, asked);
    write(folder.path(), &[("credwire.toml", &asked)]);
    run(folder.path(), &["generate"]).exits(0);
    for expected in
        ["/// A \\[clip\\] of \\<b\\>sound\\</b\\>.\n", "/// The\n", "/// How long it lasts.\n"]
    {
        assert!(code().contains(expected), "{expected}: {}", code());
    }
    assert!(!code().contains("More") && documents().contains("A \\\\[clip"), "{}", documents());
    run(folder.path(), &["generate", "--check"]).exits(0);
    run(folder.path(), &["generate", "--check", "--descriptions", "own"]).exits(1);
    let mut command = command(folder.path(), &["ingest"]);
    command.env("CREDWIRE_DESCRIPTIONS", "own");
    fed(command, "").exits(0);
    assert!(!documents().contains("sound"), "{}", documents());

    fs::remove_file(folder.path().join("credwire.toml")).unwrap();
    let args = [&args[..], &["--descriptions", "source", "--out", "other"]].concat();
    run(folder.path(), &args).exits(0);
    assert!(read(folder.path().join("other/src/data.rs")).contains("/// A \\[clip"));
}

#[test]
fn what_the_command_line_says_goes_before_the_file() {
    let (_folder, app) = project();
    let elsewhere = tempfile::tempdir().unwrap();
    let (flag, variable) = (elsewhere.path().join("flag"), elsewhere.path().join("variable"));
    let in_environment = |args: &[&str]| -> Ran {
        let mut command = command(&app, args);
        command.env("CREDWIRE_OUT", &variable);
        fed(command, "")
    };
    in_environment(&["generate"]).exits(0);
    assert!(variable.join("src/lib.rs").exists());
    fs::remove_dir_all(&variable).unwrap();
    let args = ["generate", "--title", "Acme", "--out", flag.to_str().unwrap()];
    in_environment(&args).exits(0);
    assert!(read(flag.join("src/lib.rs")).contains("from Acme;") && !variable.exists());
}

#[test]
fn a_wrong_setting_is_named_with_its_place_and_the_nearest_right_one() {
    let folder = tempfile::tempdir().unwrap();
    for (text, place, message) in [
        ("[source]\nfrom = []\ntitel = \"x\"\n", "3:1", "did you mean `title`?"),
        ("[souce]\n", "1:2", "did you mean `source`?"),
        ("[output]\nzebra = 1\n", "2:1", "there are schemas, out, mod,"),
        ("[source]\nfrom = [1]\n", "2:9", "invalid type"),
        ("[source]\nfrom = \n", "2:8", "error"),
        ("[output]\nmod = \"src/a\"\nout = \"b\"\n", "3:1", "`mod` asks for a module"),
        ("[output]\ncrate = \"credwire\"\n", "2:1", "`crate` is for a module"),
        ("[output]\nruntime = 7\n", "2:11", "expected a version"),
        ("[output]\nfeatures = [\"schemas\"]\n", "2:13", "`schemars`"),
    ] {
        write(folder.path(), &[("credwire.toml", text)]);
        let ran = run(folder.path(), &["generate"]).exits(1);
        assert!(ran.err.contains(&format!("credwire.toml:{place}: ")), "{text}: {}", ran.err);
        assert!(ran.err.contains(message), "{text}: {}", ran.err);
    }
    write(folder.path(), &[("credwire.toml", "[output]\n")]);
    let ran = run(folder.path(), &["generate"]).exits(1);
    assert!(ran.err.contains("credwire.toml names no source"), "{}", ran.err);
    write(folder.path(), &[("x.d.ts", "export interface X { a: string }\n")]);
    for shared in [".", "json-schema"] {
        let text = format!("[source]\nfrom = [\"x.d.ts\"]\n[output]\nschemas = \"{shared}\"\n");
        write(folder.path(), &[("credwire.toml", &text)]);
        let ran = run(folder.path(), &["generate"]).exits(1);
        assert!(ran.err.contains("another folder for `schemas`"), "{}", ran.err);
        assert!(!folder.path().join("MANIFEST.json").exists());
    }
    for (key, wrong) in [("mod", "api"), ("name", "a b")] {
        let text = format!("[source]\nfrom = [\"x.d.ts\"]\n[output]\n{key} = \"{wrong}\"\n");
        write(folder.path(), &[("credwire.toml", &text)]);
        let ran = run(folder.path(), &["generate"]).exits(1);
        assert!(ran.err.contains(wrong) && ran.err.contains("help: "), "{}", ran.err);
    }
}

#[test]
fn explain_knows_the_symbols_of_the_project() {
    let (_folder, app) = project();
    let ran = run(&app.join("src"), &["explain", "Line.tone"]).exits(0);
    assert!(ran.out.contains("pub tone: crate::Tone"), "{}", ran.out);
    let ran = run(&app, &["explain", "SDKCredential"]).exits(1);
    assert!(ran.err.contains("`SDKCredential` is not in"), "{}", ran.err);
}

#[test]
fn check_takes_both_sides_from_the_file() {
    let (folder, app) = project();
    let ran = run(&app, &["check"]).exits(2);
    assert!(ran.err.contains("`against` of `[check]`"), "{}", ran.err);
    let other = DECLARATIONS.replace("  id: string;\n", "  id: string;\n  length: number;\n");
    write(folder.path(), &[("next/index.d.ts", &other)]);
    let text = read(app.join("credwire.toml")) + "[check]\nagainst = [\"../next/index.d.ts\"]\n";
    write(&app, &[("credwire.toml", &text)]);
    let ran = run(&app.join("src"), &["check"]).exits(1);
    assert!(ran.out.contains("length"), "{}", ran.out);
    let allow = "[[allow]]\nclass = \"member-missing\"\nitem = \"Talk\"\nmember = \"length\"\nreason = \"next\"\n";
    write(&app, &[("drift.toml", allow), ("credwire.toml", &(text + "allow = \"drift.toml\"\n"))]);
    run(&app.join("src"), &["check"]).exits(0);
}

#[test]
fn warnings_are_findings_only_to_the_strict() {
    let folder = folder();
    let package = folder.path().join("node_modules/@acme/talk");
    let manifest = r#"{"name": "@acme/talk", "version": "1.2.3",
        "exports": {".": "./index.d.ts", "./more": "./more.d.ts"}}"#;
    write(
        &package,
        &[("package.json", manifest), ("more.d.ts", "export interface More { a: Glow }\n")],
    );
    let app = folder.path().join("app");
    let ran = run(&app, &INIT).exits(0);
    assert!(ran.err.contains("warning[unknown-type]"), "{}", ran.err);
    for args in [&["generate"][..], &["generate", "--check"], &["ingest"]] {
        run(&app, args).exits(0);
        run(&app, &[args, &["--strict"]].concat()).exits(1);
    }
    let strict = folder.path().join("strict");
    fs::create_dir(&strict).unwrap();
    run(&strict, &[&INIT[..], &["--strict"]].concat()).exits(1);
    assert!(strict.join("Cargo.toml").exists(), "what is whole is written");
}

#[test]
fn pages_are_a_source_too() {
    let folder = tempfile::tempdir().unwrap();
    let page = "---\ntitle: Kiosk\nslug: /reference/interfaces/kiosk\n---\n\n## Properties\n\n\
        <ParamField path=\"name\" type=\"string\" required>\n</ParamField>\n";
    write(folder.path(), &[("docs/interfaces/kiosk.mdx", page)]);
    let args =
        ["init", "--from", "docs", "--title", "Acme Stalls", "--link", "https://stalls.test"];
    run(folder.path(), &args).exits(0);
    let data = read(folder.path().join("src/data.rs"));
    assert!(data.contains("(https://stalls.test/reference/interfaces/kiosk)"), "{data}");
    assert!(read(folder.path().join("Cargo.toml")).contains("name = \"acme-stalls\""));
}

#[test]
fn a_name_on_a_page_never_becomes_a_path() {
    for (title, named) in [("../../evil", "../../evil"), ("a/b", "a/b"), (".hidden", ".hidden")] {
        let folder = tempfile::tempdir().unwrap();
        let page = format!(
            "---\ntitle: {title}\nslug: /reference/interfaces/evil\n---\n\n## Properties\n\n\
             <ParamField path=\"name\" type=\"string\" required>\n</ParamField>\n"
        );
        write(folder.path(), &[("in/evil.mdx", &page), ("evil.json", "mine\n")]);
        let before = tree(folder.path());
        let ran = run(folder.path(), &["ingest", "--out", "a/b", "in/evil.mdx"]).exits(1);
        assert!(ran.err.contains(named), "{}", ran.err);
        assert_eq!(tree(folder.path()), before, "{title}");
    }
}

#[test]
fn names_that_are_no_files_everywhere_get_other_files() {
    let folder = tempfile::tempdir().unwrap();
    let declarations = "export interface Aux { a: string }\nexport interface WebRtc { b: string }\n\
        export interface Webrtc { c: WebRtc }\nexport interface Manifest { d: Aux }\n";
    write(folder.path(), &[("api.d.ts", declarations)]);
    run(folder.path(), &["init", "--from", "api.d.ts"]).exits(0);
    for below in ["schemas", "json-schema"] {
        let files: Vec<String> = tree(&folder.path().join(below))
            .into_keys()
            .filter(|name| name != "MANIFEST.json")
            .collect();
        let expected = ["WebRtc.json", "Webrtc~2.json", "_Aux.json", "_Manifest.json"];
        assert_eq!(files, expected, "{below}");
    }
    // They are read under these names too.
    let args = ["generate", "--schemas", "schemas", "--out", "made"];
    run(folder.path(), &args).exits(0);
}

#[test]
fn a_schema_folder_keeps_what_is_not_ours() {
    let (_folder, app) = project();
    let out = app.join("docs");
    write(&out, &[("Talk.json", "{\"mine\": true}\n")]);
    let args = ["ingest", "../node_modules/@acme/talk", "--out", "docs"];
    let ran = run(&app, &args).exits(1);
    assert!(ran.err.contains("Talk.json"), "{}", ran.err);
    assert_eq!(tree(&out).len(), 1, "nothing is written");
    fs::remove_file(out.join("Talk.json")).unwrap();
    run(&app, &args).exits(0);
    let talk: Value = serde_json::from_str(&read(out.join("Talk.json"))).unwrap();
    assert_eq!(talk["name"], "Talk");
}

#[test]
fn generated_code_never_replaces_what_it_did_not_make() {
    let (_folder, app) = project();
    let out = app.join("other");
    let own = [
        ("src/lib.rs", "// mine\n"),
        ("src/tool.rs", "// @generated by another tool\n"),
        ("json-schema/own.json", "{}\n"),
    ];
    write(&out, &own);
    let before = tree(&out);
    let args = ["generate", "--schemas", "schemas", "--out", "other"];
    let ran = run(&app, &args).exits(1);
    assert!(ran.err.contains("src/lib.rs") && !ran.err.contains("tool.rs"), "{}", ran.err);
    assert_eq!(tree(&out), before);
    fs::remove_file(out.join("src/lib.rs")).unwrap();
    run(&app, &args).exits(0);
    run(&app, &args).exits(0);
    let after = tree(&out);
    assert!(after["src/data.rs"].starts_with("// @generated by credwire from schemas;"));
    assert_eq!(after["src/tool.rs"], own[1].1);
    assert_eq!(after["json-schema/own.json"], own[2].1);
}

/// A block of code of a page.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) language: String,
    pub(crate) code: String,
}

/// The blocks of code of a page of `docs`. A block may hold shorter fences than its own.
pub(crate) fn blocks(page: &str) -> Vec<Block> {
    let text = read(root().join("docs").join(page));
    let mut blocks = Vec::new();
    let mut lines = text.split_inclusive('\n');
    while let Some(line) = lines.next() {
        let fence: String = line.chars().take_while(|c| *c == '`').collect();
        if fence.len() < 3 {
            continue;
        }
        let language = line.trim_matches(['`', '\n']).to_owned();
        let code = lines.by_ref().take_while(|line| line.trim_end() != fence).collect();
        blocks.push(Block { language, code });
    }
    blocks
}

#[test]
fn the_walk_of_the_docs_ends_with_a_program() {
    let blocks = blocks("walk.md");
    let of = |language: &str| -> Vec<&str> {
        let of = blocks.iter().filter(|block| block.language == language);
        of.map(|block| block.code.as_str()).collect()
    };
    let (tomls, folder) = (of("toml"), tempfile::tempdir().unwrap());
    let files = [
        ("lamp.d.ts", of("ts")[0]),
        ("lamp/overlay.toml", tomls[0]),
        ("app/Cargo.toml", tomls[1]),
        ("app/src/main.rs", of("rust")[0]),
    ];
    write(folder.path(), &files);
    let lamp = folder.path().join("lamp");
    run(&lamp, &["init", "--from", "../lamp.d.ts"]).exits(0);
    let config = read(lamp.join("credwire.toml"));
    let config = config.replacen("[source]\n", "[source]\noverlay = \"overlay.toml\"\n", 1);
    write(&lamp, &[("credwire.toml", &config)]);
    run(&lamp, &["generate"]).exits(0);
    assert!(read(lamp.join("src/data.rs")).contains("How bright it is, in percent."));
    let app = folder.path().join("app");
    let output = cargo(&app, &["run"]);
    assert_eq!(String::from_utf8_lossy(&output.stdout), of("text")[0]);
}

#[test]
fn the_overlay_of_the_docs_is_read_and_applied() {
    let folder = tempfile::tempdir().unwrap();
    let declarations = "/** A lamp. */\nexport interface Lamp { level: number; opener: string; blue: Blueprint; on: Projector;\n\
        /** Milliseconds since 1 January 1970. */ boughtAt: number; tone: Tone }\n\
        export type Tone = 'warm' | 'cold';\nexport type Bulb = Lamp;\n";
    let overlay =
        blocks("overlay.md").into_iter().find(|block| block.language == "toml").unwrap().code;
    write(folder.path(), &[("lamp.d.ts", declarations), ("overlay.toml", &overlay)]);
    run(folder.path(), &["init", "--from", "lamp.d.ts", "--overlay", "overlay.toml"]).exits(0);
    let data = read(folder.path().join("src/handles.rs"));
    for expected in [
        "How bright it is, in percent.",
        "opener: credwire_core::Secret<String>",
        "EpochSeconds",
        "P::Projector",
    ] {
        assert!(data.contains(expected), "{expected} is not in {data}");
    }
}

/// A made-up package of elements, as analyzers describe it.
const MANIFEST: &str = r#"{
  "schemaVersion": "2.1.0",
  "modules": [{
    "kind": "javascript-module",
    "path": "src/lamp-switch.js",
    "declarations": [
      {
        "kind": "class", "name": "LampSwitch", "customElement": true, "tagName": "lamp-switch",
        "members": [
          { "kind": "field", "name": "level", "type": { "text": "number" }, "default": "40", "attribute": "Level" },
          { "kind": "method", "name": "turn", "parameters": [{ "name": "slowly", "type": { "text": "boolean" }, "default": "false" }] }
        ],
        "events": [
          { "name": "lamp-turned", "type": { "text": "CustomEvent<{ level: number, accessToken: string }>" } },
          { "name": "lamp-far", "type": { "text": "CustomEvent<FarLamp>" } },
          { "name": "lamp-own", "type": { "text": "CustomEvent<{ source: LampSwitch }>" } },
          { "name": "lamp-odd", "type": { "text": "CustomEvent" } },
          { "name": "lamp-off", "type": { "text": "Event" } }
        ]
      },
      { "kind": "function", "name": "brightest", "parameters": [{ "name": "levels", "type": { "text": "number[]" } }], "return": { "type": { "text": "number" } } },
      { "kind": "class", "name": "Shelf", "members": [{ "kind": "method", "name": "count", "return": { "type": { "text": "number" } } }] }
    ]
  }]
}"#;

#[test]
fn a_package_of_elements_becomes_a_crate_that_compiles() {
    let folder = tempfile::tempdir().unwrap();
    let package = r#"{"name": "acme-lamps", "version": "1.0.0", "exports": {".": "./index.js"}, "customElements": "./dist/custom-elements.json"}"#;
    let files = [("package.json", package), ("dist/custom-elements.json", MANIFEST)];
    write(&folder.path().join("node_modules/acme-lamps"), &files);
    let app = folder.path().join("app");
    fs::create_dir(&app).unwrap();
    let ran = run(&app, &["init", "--from", "../node_modules/acme-lamps"]).exits(0);
    assert_eq!(ran.err.matches("FarLamp").count(), 2, "{}", ran.err);
    assert!(!ran.err.contains("LampSwitch`"), "an element is known: {}", ran.err);
    let code = read(app.join("src/elements.rs"));
    assert!(code.contains("access_token: credwire_core::Secret<String>"), "{code}");
    assert!(code.contains("    Off,\n") && !code.contains("    Odd,\n"), "{code}");
    let element = read(app.join("schemas/lamp-switch.json"));
    assert!(element.contains("acme-lamps@1.0.0/dist/custom-elements.json"), "{element}");
    compiles(&app, &[]);
    let made = read(app.join("custom-elements.json"));
    run(&app, &["generate", "--check"]).exits(0);

    // What is read again is the same, also where the manifest stands in the place of ours.
    let again = folder.path().join("again");
    write(&again, &[("custom-elements.json", &made)]);
    run(&again, &["init", "--from", "custom-elements.json"]).exits(0);
    assert_eq!(read(again.join("custom-elements.json")), made);
    run(&again, &["generate", "--check"]).exits(0);
    let against = ["check", "schemas", "--against", "custom-elements.json"];
    run(&again, &against).exits(0);
}
