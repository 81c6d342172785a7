//! Circles among files: what reads as one piece is one module, with its parts below it.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use crate::sources::{Module, Sources, Uses};

/// Files that need each other, directly or through others.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Circle {
    pub(crate) files: BTreeSet<PathBuf>,
    /// Who needs what of whom, a line each.
    pub(crate) shown: Vec<String>,
}

/// The circles of a target. A module and its own parts may need each other; two parts may not, nor
/// may a part need whatever needs its module. The root is the parent of everything and has no such
/// right: what it declares for others belongs into a file of its own.
pub(crate) fn find(root: &Path) -> Vec<Circle> {
    let sources = Sources::read(root);
    let uses = sources.uses();
    let between_parts = groups(&sources, &uses, |a, b| !is_part(a, b) && !is_part(b, a));
    let through_parents = groups(&sources, &uses, |_, _| true).into_iter().filter(|group| {
        !group.iter().any(|top| !top.is_empty() && group.iter().all(|one| is_part(one, top)))
    });
    let mut circles = Vec::new();
    for group in between_parts.into_iter().chain(through_parents) {
        let file = |module: &Module| sources.files[module].clone();
        let mut shown = Vec::new();
        for from in &group {
            for (to, names) in uses.get(from).into_iter().flatten() {
                if group.contains(to) {
                    let names: Vec<&str> = names.iter().map(String::as_str).collect();
                    let (from, to) = (file(from), file(to));
                    let names = names.join(", ");
                    shown.push(format!("{} -> {} ({names})", from.display(), to.display()));
                }
            }
        }
        circles.push(Circle { files: group.iter().map(file).collect(), shown });
    }
    circles.sort();
    circles.dedup_by(|a, b| a.files == b.files);
    circles
}

/// Whether `part` is `module` or lies below it.
fn is_part(part: &Module, module: &Module) -> bool {
    part.starts_with(module)
}

/// Groups of files in which each leads to every other by the uses that count.
fn groups(
    sources: &Sources,
    uses: &Uses,
    counts: impl Fn(&Module, &Module) -> bool,
) -> Vec<BTreeSet<Module>> {
    let reached: BTreeMap<&Module, BTreeSet<&Module>> = sources
        .files
        .keys()
        .map(|from| {
            let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
            while let Some(at) = open.pop() {
                let next = uses.get(at).into_iter().flat_map(BTreeMap::keys);
                open.extend(next.filter(|to| counts(at, to) && seen.insert(*to)));
            }
            (from, seen)
        })
        .collect();
    let mut groups = BTreeSet::new();
    for (from, to) in &reached {
        let mutual = to.iter().filter(|one| reached[**one].contains(from));
        let group: BTreeSet<Module> = mutual.map(|one| (*one).clone()).collect();
        if group.len() > 1 {
            groups.insert(group);
        }
    }
    groups.into_iter().collect()
}

/// Guards [`find`]: what it looks for is found, and what is allowed is not.
#[test]
fn circles_are_found_and_parents_may_use_their_parts() {
    let files = |files: &[(&str, &str)]| {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let circles = find(&folder.path().join("lib.rs"));
        let name = |path: &PathBuf| path.strip_prefix(folder.path()).unwrap().display().to_string();
        let names = |circle: Circle| circle.files.iter().map(name).collect::<Vec<_>>().join(" ");
        circles.into_iter().map(names).collect::<Vec<_>>()
    };
    let lib = ("lib.rs", "mod a; mod b; pub use a::A;");
    let circle = [lib, ("a.rs", "use crate::b::B; pub struct A(B);")];
    for b in [
        "use super::a; pub struct B(Box<a::A>);",
        "pub struct B; fn f() { let _ = vec![crate::A::new()]; }",
        "pub struct B; fn f(_: &crate::A) {}",
        "pub mod inner { use super::super::a::A; } pub struct B;",
    ] {
        assert_eq!(files(&[circle[0], circle[1], ("b.rs", b)]), ["a.rs b.rs"], "{b}");
    }
    for b in [
        "pub struct B; #[cfg(test)] mod tests { use crate::A; }",
        "pub struct B; fn f() -> T { quote!(crate::A) }",
        "pub struct B; /* crate::A */ const C: &str = \"crate::A\";",
        "pub(in crate::a) struct B;",
    ] {
        assert_eq!(files(&[circle[0], circle[1], ("b.rs", b)]), [""; 0], "{b}");
    }
    let parent = ("a.rs", "mod x; mod y; pub struct A(x::X); pub struct Own;");
    let (x, y) = ("pub struct X(super::Own);", "use super::x::X;");
    let all = [lib, parent, ("a/x.rs", x), ("a/y.rs", y), ("b.rs", "")];
    assert_eq!(files(&all), [""; 0]);
    let all =
        [lib, parent, ("a/x.rs", "use super::y::Y; pub struct X;"), ("a/y.rs", y), ("b.rs", "")];
    assert_eq!(files(&all), ["a/x.rs a/y.rs"]);
    // A part that needs what needs its module.
    let through = ("b.rs", "use crate::A; pub struct B;");
    let all = [lib, parent, ("a/x.rs", "use crate::b::B; pub struct X;"), ("a/y.rs", ""), through];
    assert_eq!(files(&all), ["a/x.rs a.rs b.rs"]);
    let root = ("lib.rs", "mod a; struct Shared; fn f(_: a::A) {}");
    assert_eq!(
        files(&[root, ("a.rs", "use crate::Shared; pub struct A(Shared);")]),
        ["a.rs lib.rs"]
    );
}
