#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use proptest::prelude::*;
use quote::quote;

use super::{print, read::attribute::unescaped};

/// The generated packages that are in the repository.
fn packages() -> [PathBuf; 2] {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    [package.join("../generated/src"), package.join("tests/golden/src")]
}

/// Every source file below a directory, with its path in it.
fn sources(directory: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![directory.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path.strip_prefix(directory).unwrap().to_owned(), text));
            }
        }
    }
    let lines: usize = found.iter().map(|(_, text)| text.lines().count()).sum();
    assert!(found.len() > 10 && lines > 4_000, "{}", directory.display());
    found.sort();
    found
}

/// Code that was written by hand, in more forms than the generators emit.
fn by_hand() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/src/support");
    let mut found: Vec<(String, String)> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| (path.display().to_string(), fs::read_to_string(&path).unwrap()))
        .collect();
    assert!(found.len() >= 10, "{}", folder.display());
    found.sort();
    found
}

fn corpus() -> Vec<(String, TokenStream)> {
    let files = packages().into_iter().flat_map(|directory| sources(&directory));
    let files = files.map(|(path, text)| (path.display().to_string(), text));
    files.chain(by_hand()).map(|(path, text)| (path, text.parse().unwrap())).collect()
}

fn printed(path: &str, tokens: &TokenStream) -> String {
    print(tokens.clone()).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Runs `rustfmt --check` on a file and its modules, and gives what it would change.
fn rustfmt(root: &Path) -> Option<String> {
    let settings = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rustfmt.toml");
    let mut command = Command::new("rustfmt");
    command.args(["--check", "--edition", "2024", "--color", "never", "--config-path"]);
    match command.arg(settings).arg(root).output() {
        Ok(output) if output.status.success() => Some(String::new()),
        Ok(output) => Some(format!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        )),
        Err(error) => {
            assert!(std::env::var_os("CI").is_none(), "rustfmt: {error}");
            eprintln!("skipped, no rustfmt: {error}");
            None
        }
    }
}

#[test]
fn rustfmt_changes_nothing() {
    for package in packages() {
        let target = tempfile::tempdir().unwrap();
        for (path, text) in sources(&package) {
            let path = target.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            let tokens = text.parse().unwrap();
            fs::write(&path, printed(&path.display().to_string(), &tokens)).unwrap();
        }
        let root = target.path().join("lib.rs");
        if let Some(changes) = rustfmt(&root) {
            assert!(changes.is_empty(), "{changes}");
        }
    }
}

#[test]
fn rustfmt_changes_nothing_in_constructs_that_are_rare() {
    let target = tempfile::tempdir().unwrap();
    let root = target.path().join("lib.rs");
    fs::write(&root, printed("rare", &include_str!("tests/rare.rs").parse().unwrap())).unwrap();
    if let Some(changes) = rustfmt(&root) {
        assert!(changes.is_empty(), "{changes}");
    }
}

/// Each line of `widths.txt` with names of all lengths, so that every place where a line can break
/// is at its end once.
#[test]
fn rustfmt_changes_nothing_whatever_the_width_of_a_name() {
    let target = tempfile::tempdir().unwrap();
    let mut root = String::new();
    for (index, template) in include_str!("tests/widths.txt").lines().enumerate() {
        let mut text = String::new();
        for length in 1..=80 {
            text.push_str(&template.replace("NAME", &"x".repeat(length)));
        }
        let printed = printed(template, &text.parse().unwrap());
        assert_same_tokens(template, text.parse().unwrap(), &printed);
        fs::write(target.path().join(format!("w{index}.rs")), printed).unwrap();
        root.push_str(&format!("mod w{index};\n"));
    }
    let lib = target.path().join("lib.rs");
    fs::write(&lib, printed("lib.rs", &root.parse().unwrap())).unwrap();
    if let Some(changes) = rustfmt(&lib) {
        assert!(changes.is_empty(), "{changes}");
    }
}

/// The text of all tokens without what `rustfmt` adds, drops and moves: commas, braces and
/// semicolons, and the order of `use` and `mod`, whose words are in the second list.
fn essence(tokens: TokenStream, text: &mut String, declared: &mut Vec<String>) {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let mut rest = trees.as_slice();
    while let Some((first, after)) = rest.split_first() {
        if let Some(length) = declaration(rest) {
            let mut found = Vec::new();
            words(rest[..length].iter().cloned().collect(), &mut found);
            found.sort();
            declared.push(found.join(" "));
            rest = &rest[length..];
            continue;
        }
        rest = after;
        match first {
            TokenTree::Punct(punct) if matches!(punct.as_char(), ',' | ';') => {}
            TokenTree::Group(group) => {
                if let Some(comment) = doc(group) {
                    text.push_str(&comment);
                    continue;
                }
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    _ => ("", ""),
                };
                text.push_str(open);
                essence(group.stream(), text, declared);
                text.push_str(close);
            }
            tree => text.push_str(&tree.to_string()),
        }
    }
}

fn words(tokens: TokenStream, found: &mut Vec<String>) {
    for tree in tokens {
        match tree {
            TokenTree::Group(group) => words(group.stream(), found),
            TokenTree::Punct(punct) if matches!(punct.as_char(), ':' | ',') => {}
            tree => found.push(tree.to_string()),
        }
    }
}

fn doc(group: &Group) -> Option<String> {
    let trees: Vec<TokenTree> = group.stream().into_iter().collect();
    match trees.as_slice() {
        [TokenTree::Ident(doc), TokenTree::Punct(_), TokenTree::Literal(text)] if doc == "doc" => {
            unescaped(&text.to_string())
        }
        _ => None,
    }
}

/// How many tokens the `use` or `mod` without body takes that begins here, attributes included.
fn declaration(trees: &[TokenTree]) -> Option<usize> {
    let mut index = 0;
    while let (Some(TokenTree::Punct(hash)), Some(TokenTree::Group(_))) =
        (trees.get(index), trees.get(index + 1))
        && hash.as_char() == '#'
    {
        index += 2;
    }
    if let Some(TokenTree::Ident(word)) = trees.get(index)
        && word == "pub"
    {
        index += 1;
        if let Some(TokenTree::Group(group)) = trees.get(index)
            && group.delimiter() == Delimiter::Parenthesis
        {
            index += 1;
        }
    }
    let Some(TokenTree::Ident(word)) = trees.get(index) else { return None };
    if word != "use" && word != "mod" {
        return None;
    }
    let end = trees[index..].iter().position(|tree| match tree {
        TokenTree::Punct(punct) => punct.as_char() == ';',
        TokenTree::Group(group) => word == "mod" && group.delimiter() == Delimiter::Brace,
        _ => false,
    })?;
    matches!(&trees[index + end], TokenTree::Punct(_)).then_some(index + end + 1)
}

fn comparable(tokens: TokenStream) -> (String, Vec<String>) {
    let (mut text, mut declared) = (String::new(), Vec::new());
    essence(tokens, &mut text, &mut declared);
    declared.sort();
    (text, declared)
}

#[track_caller]
fn assert_same_tokens(path: &str, tokens: TokenStream, text: &str) {
    let again: TokenStream = text.parse().unwrap_or_else(|error| panic!("{path}: {error}: {text}"));
    assert_eq!(comparable(tokens), comparable(again), "{path}: {text}");
}

#[test]
fn every_token_is_in_the_text_once_and_in_order() {
    for (path, tokens) in corpus() {
        let text = printed(&path, &tokens);
        assert_same_tokens(&path, tokens, &text);
        // What is printed is printed the same again.
        assert_eq!(printed(&path, &text.parse().unwrap()), text, "{path}");
    }
}

/// Drops, doubles or swaps one of the trees, somewhere within.
fn mutated(tokens: TokenStream, seed: &mut u64) -> TokenStream {
    let mut trees: Vec<TokenTree> = tokens.into_iter().collect();
    let next = |seed: &mut u64, below: usize| {
        *seed ^= *seed << 13;
        *seed ^= *seed >> 7;
        *seed ^= *seed << 17;
        usize::try_from(*seed % below.max(1) as u64).unwrap()
    };
    let index = next(seed, trees.len());
    match trees.get(index).cloned() {
        Some(TokenTree::Group(group)) if next(seed, 4) > 0 => {
            let inner = mutated(group.stream(), seed);
            trees[index] = Group::new(group.delimiter(), inner).into();
        }
        Some(tree) => match next(seed, 3) {
            0 => drop(trees.remove(index)),
            1 => trees.insert(index, tree),
            _ => {
                let other = next(seed, trees.len());
                trees.swap(index, other);
            }
        },
        None => {}
    }
    trees.into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn streams_with_faults_are_errors_or_keep_their_tokens(seed in 1..u64::MAX, edits in 1..4usize) {
        let mut seed = seed;
        for (path, tokens) in corpus().into_iter().step_by(7) {
            let mut tokens = tokens;
            for _ in 0..edits {
                tokens = mutated(tokens, &mut seed);
            }
            if let Ok(text) = print(tokens.clone()) {
                assert_same_tokens(&path, tokens, &text);
            }
        }
    }
}

#[test]
fn what_is_no_comment_stays_an_attribute() {
    for text in [" two\nlines", "/ a fourth slash", " space at the end "] {
        let printed = print(quote!(#[doc = #text] struct A;)).unwrap();
        assert!(printed.starts_with("#[doc = "), "{printed}");
    }
    assert_eq!(
        print(quote!(#![doc = " A."] #[doc = r" B."] struct A;)).unwrap(),
        "//! A.\n\n/// B.\nstruct A;\n"
    );
}

#[test]
fn an_error_shows_the_place() {
    let error = print(quote!(fn f() { let x = 1 struct })).unwrap_err();
    assert_eq!(error.to_string(), "expected ; at `struct`");
    let error = print(quote!(union A { a: u8 })).unwrap_err();
    assert_eq!(error.to_string(), "expected an item at `union A { a : u8 }`");
}

#[test]
fn nesting_has_a_limit() {
    let mut tokens = quote!(x);
    for _ in 0..10_000 {
        tokens = TokenTree::from(Group::new(Delimiter::Parenthesis, tokens)).into();
    }
    assert!(print(quote!(const A: u8 = #tokens;)).is_err());
    let signs = "-".repeat(10_000).parse::<TokenStream>().unwrap();
    assert!(print(quote!(const A: i8 = #signs 1;)).is_err());
}

#[test]
fn a_line_that_no_layout_has_room_for_takes_no_time() {
    let long = "x".repeat(200);
    let mut value = quote!(#long);
    for _ in 0..12 {
        value = quote!(f(a, |b| match c { _ => g(#value)?.h(), }));
    }
    let tokens = quote!(const A: u8 = #value;);
    let text = print(tokens.clone()).unwrap();
    assert_same_tokens("deep", tokens, &text);
}
