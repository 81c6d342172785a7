//! What the compiler says of the passing UI cases when a token of an item with one of our macros is
//! dropped, doubled or swapped with the next: nothing points at a macro instead of a token, nothing
//! names what is internal, and one fault is one message of ours.
//!
//! Each case becomes a crate with a module for each change. Changes that leave no Rust are not
//! made: those the compiler reports before any macro is called.
//!
//! `CREDWIRE_MUTATION_SEED` draws other changes, and `CREDWIRE_MUTATIONS` says how many of a case.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

#[path = "../../macros/src/mutation_tests/change.rs"]
mod change;

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use change::{Random, change, count};
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use serde_json::Value;
use syn::{Attribute, Item};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// What expansions stand on and no message names.
const INTERNAL: &[&str] =
    &["__private", "credwire_core::support", "OtherError", "SentToo", "`Probe", "Ranged"];

/// One changed case.
struct Mutation {
    /// The tokens of the item that was changed, before and after.
    before: String,
    after: String,
    /// Whether that is a macro of the user: each call of it has the fault.
    is_macro: bool,
    text: String,
}

#[test]
fn damaged_cases_are_refused_at_their_own_tokens() {
    let seed = number("CREDWIRE_MUTATION_SEED", 7);
    let wanted = number("CREDWIRE_MUTATIONS", 10);
    let mut random = Random(seed);
    let mut crates = BTreeMap::new();
    for path in cases() {
        let case = path.file_stem().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap();
        let mutations = mutations(&case, &text, usize::try_from(wanted).unwrap(), &mut random);
        crates.insert(case, mutations);
    }
    let messages = compile(&crates);
    let mut faults = Vec::new();
    let mut ours = 0;
    for (case, mutations) in &crates {
        for (index, mutation) in mutations.iter().enumerate() {
            let of = |message: &&Message| message.case == *case && message.module == Some(index);
            let found: Vec<&Message> = messages.iter().filter(of).collect();
            let said = found.iter().filter(|message| message.is_ours).count();
            ours += usize::from(said > 0);
            let mut wrong: Vec<String> =
                found.iter().flat_map(|message| message.faults.clone()).collect();
            if said > 1 && !mutation.is_macro {
                wrong.push(format!("{said} messages of ours"));
            }
            if !wrong.is_empty() {
                let texts: Vec<_> = found.iter().map(|message| message.rendered.clone()).collect();
                faults.push(format!(
                    "{case} {index}: {}\n{}\n{}",
                    wrong.join(", "),
                    mutation.difference(),
                    texts.concat()
                ));
            }
        }
    }
    for message in messages.iter().filter(|message| message.module.is_none()) {
        faults.push(format!("{}: at no module: {}", message.case, message.rendered));
    }
    let total: usize = crates.values().map(Vec::len).sum();
    println!("{total} changes, {} errors, {ours} changes refused by us", messages.len());
    assert!(
        faults.is_empty(),
        "{} of {total} with seed {seed}:\n{}",
        faults.len(),
        faults.join("\n")
    );
    // Else the compiler was not asked, or the changes reach no macro.
    assert!(ours * 20 > total && messages.len() > total / 4, "{ours} and {}", messages.len());
}

fn number(name: &str, default: u64) -> u64 {
    env::var(name).map_or(default, |text| text.parse().unwrap())
}

fn cases() -> Vec<PathBuf> {
    let entries = fs::read_dir(Path::new(ROOT).join("ui/pass")).unwrap();
    let paths: BTreeSet<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.into_iter().collect()
}

/// Where the items are that one of our macros reads, by the indices that lead there.
fn places(items: &[Item], path: &[usize], found: &mut Vec<Vec<usize>>) {
    for (index, item) in items.iter().enumerate() {
        let path: Vec<usize> = path.iter().copied().chain([index]).collect();
        match item {
            Item::Mod(item) => {
                let items = item.content.as_ref().map(|(_, items)| items.as_slice());
                places(items.unwrap_or_default(), &path, found);
            }
            Item::Use(_) => {}
            Item::Fn(item) if item.sig.ident == "main" => {}
            item if is_read(&item.to_token_stream()) => found.push(path),
            _ => {}
        }
    }
}

fn is_read(tokens: &TokenStream) -> bool {
    let names = ["credential_provider", "Validate", "RpcMethod", "interface"];
    tokens.clone().into_iter().any(|tree| match tree {
        TokenTree::Ident(ident) => names.iter().any(|name| ident == name),
        TokenTree::Group(group) => is_read(&group.stream()),
        _ => false,
    })
}

fn item_at<'a>(items: &'a mut [Item], path: &[usize]) -> &'a mut Item {
    match path {
        [index] => &mut items[*index],
        [index, rest @ ..] => match &mut items[*index] {
            Item::Mod(item) => item_at(&mut item.content.as_mut().unwrap().1, rest),
            _ => panic!("no module"),
        },
        [] => panic!("no path"),
    }
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Struct(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        _ => &[],
    }
}

fn mutations(case: &str, text: &str, wanted: usize, random: &mut Random) -> Vec<Mutation> {
    let file = syn::parse_file(text).unwrap();
    let mut paths = Vec::new();
    places(&file.items, &[], &mut paths);
    assert!(!paths.is_empty(), "{case} has no item of ours");
    let mut found: Vec<Mutation> = Vec::new();
    // Most changes of some cases leave no Rust.
    for _ in 0..100 * wanted {
        if found.len() == wanted {
            break;
        }
        let mut file = file.clone();
        let item = item_at(&mut file.items, &paths[random.below(paths.len())]);
        let tokens = item.to_token_stream();
        let arguments: TokenStream =
            attributes(item).iter().map(ToTokens::to_token_stream).collect();
        // What macros are told stands in attributes, which are few tokens among many.
        let in_arguments = !arguments.is_empty() && random.below(2) == 0;
        let mut at = random.below(count(if in_arguments { &arguments } else { &tokens }));
        let before = tokens.to_string();
        let is_macro = matches!(item, Item::Macro(_));
        let tokens = change(tokens, &mut at, random.below(3), &TokenTree::Literal(unused()));
        let after = tokens.to_string();
        *item = Item::Verbatim(tokens);
        let module = format!("crate::m{}", found.len());
        let text = file.to_token_stream().to_string();
        let is_new = before != after && found.iter().all(|other| other.after != after);
        if is_new && syn::parse_file(&text).is_ok() {
            let text = text
                .replace(&format!("crate::{case}"), &module)
                .replace(&format!("crate :: {case}"), &module);
            found.push(Mutation { before, after, is_macro, text });
        }
    }
    found
}

/// What no change of the kinds that are drawn puts anywhere.
fn unused() -> proc_macro2::Literal {
    proc_macro2::Literal::u8_unsuffixed(0)
}

impl Mutation {
    /// The tokens around the change.
    fn difference(&self) -> String {
        let (before, after): (Vec<char>, Vec<char>) =
            (self.before.chars().collect(), self.after.chars().collect());
        let same = before.iter().zip(&after).take_while(|(left, right)| left == right).count();
        let around = |text: &[char]| -> String {
            text[same.saturating_sub(60)..text.len().min(same + 60)].iter().collect()
        };
        format!("  - {}\n  + {}", around(&before), around(&after))
    }
}

/// An error of the compiler.
struct Message {
    case: String,
    /// The change that it is about.
    module: Option<usize>,
    is_ours: bool,
    rendered: String,
    faults: Vec<String>,
}

/// The errors of all crates.
fn compile(crates: &BTreeMap<String, Vec<Mutation>>) -> Vec<Message> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mutations");
    let _ = fs::remove_dir_all(&folder);
    let write = |path: &Path, text: &str| {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    for (case, mutations) in crates {
        let member = folder.join(case);
        for (index, mutation) in mutations.iter().enumerate() {
            write(&member.join(format!("src/m{index}.rs")), &mutation.text);
        }
        let modules: String =
            (0..mutations.len()).map(|index| format!("mod m{index};\n")).collect();
        write(&member.join("src/lib.rs"), &format!("#![allow(warnings)]\n{modules}"));
        let manifest = format!(
            "[package]\nname = \"{case}\"\nedition = \"2024\"\n[dependencies]\n\
             credwire.workspace = true\nfutures-util.workspace = true\nserde.workspace = true\n\
             serde_json.workspace = true\n"
        );
        write(&member.join("Cargo.toml"), &manifest);
        for document in fs::read_dir(Path::new(ROOT).join("ui/documents")).unwrap() {
            let path = document.unwrap().path();
            let text = fs::read_to_string(&path).unwrap();
            write(&member.join("ui/documents").join(path.file_name().unwrap()), &text);
        }
    }
    // As in the workspace, so that what is built there need not be built again.
    let members: Vec<&String> = crates.keys().collect();
    let runtime = Path::new(ROOT).join("../runtime");
    let manifest = format!(
        "[workspace]\nresolver = \"3\"\nmembers = {members:?}\n[workspace.dependencies]\n\
         credwire = {{ path = {runtime:?} }}\nfutures-util = {{ version = \"0.3\", \
         default-features = false, features = [\"std\"] }}\n\
         serde = {{ version = \"1\", features = [\"derive\"] }}\nserde_json = \"1\"\n\
         [profile.dev]\ndebug = \"line-tables-only\"\n[profile.dev.package.\"*\"]\ndebug = false\n\
         [profile.dev.package.aws-lc-sys]\nopt-level = 3\n"
    );
    write(&folder.join("Cargo.toml"), &manifest);
    fs::copy(Path::new(ROOT).join("../Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--workspace", "--offline", "--keep-going", "--message-format=json"])
        .arg("--target-dir")
        .arg(Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap())
        .current_dir(&folder)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let messages: Vec<Message> = said.lines().filter_map(message).collect();
    assert!(!messages.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    messages
}

/// An error in a line that cargo writes.
fn message(line: &str) -> Option<Message> {
    let line: Value = serde_json::from_str(line).ok()?;
    let message = &line["message"];
    let spans = message["spans"].as_array()?;
    let text = message["message"].as_str()?;
    if message["level"] != "error" || text.starts_with("aborting due to") {
        return None;
    }
    let file = |span: &Value| span["file_name"].as_str().unwrap_or_default().to_owned();
    let module = |span: &Value| -> Option<usize> {
        let name = file(span);
        let name = name.rsplit_once("/m")?.1.strip_suffix(".rs")?;
        name.parse().ok()
    };
    let codes = fs::read_to_string(Path::new(ROOT).join("../macros/src/codes.md")).unwrap();
    let mut codes = codes.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let is_ours = codes.any(|code| text.contains(&format!("[{code}]")));
    // What is reported inside a macro of the standard library is about its call.
    let outside = |mut span| {
        while module(span).is_none() && span["expansion"].is_object() {
            span = &span["expansion"]["span"];
        }
        span
    };
    let is_primary = |span: &&Value| span["is_primary"] == true;
    let primary: Vec<&Value> = spans.iter().filter(is_primary).map(outside).collect();
    let mut faults = Vec::new();
    for span in &primary {
        let call = &span["expansion"]["span"];
        let is_call = call["byte_start"] == span["byte_start"] && file(call) == file(span);
        let is_macro_of_ours = span["expansion"]["macro_decl_name"].as_str().is_some_and(|name| {
            ["credential_provider", "Validate", "RpcMethod", "interface"]
                .iter()
                .any(|ours| name.contains(ours))
        });
        if is_call && is_macro_of_ours && !is_ours {
            faults.push(format!("points at the macro: {text}"));
        }
        if module(span).is_none() {
            faults.push(format!("points at {}", file(span)));
        }
    }
    let labels = spans.iter().filter_map(|span| span["label"].as_str());
    let notes = message["children"].as_array().into_iter().flatten();
    let notes = notes.filter_map(|note| note["message"].as_str());
    for said in labels.chain(notes).chain([text]) {
        for name in INTERNAL.iter().filter(|name| said.contains(**name)) {
            faults.push(format!("names {name}: {said}"));
        }
    }
    Some(Message {
        case: line["target"]["name"].as_str()?.to_owned(),
        module: primary.iter().find_map(|span| module(span)),
        is_ours,
        rendered: message["rendered"].as_str().unwrap_or_default().to_owned(),
        faults,
    })
}
