//! What the packages show: no two public types of one name, and a root of `credwire` that can be
//! read at a glance.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod code;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use syn::{Attribute, Item, UseTree};

use code::{is_public, is_test, root, shown, sources};

/// The most that the root of `credwire` shows.
const ROOT: usize = 40;

/// Names that two packages share, and why.
const SHARED: &[(&str, &[&str], &str)] = &[
    (
        "EmbedTokenCredentialProvider",
        &["generated", "runtime"],
        "the reference's class is a trait in `credwire::sdk`; the struct is the provider itself",
    ),
    (
        "StaticCredentialProvider",
        &["generated", "runtime"],
        "the reference's class is a trait in `credwire::sdk`; the struct is the provider itself",
    ),
];

fn is_hidden(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("doc")
            && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("hidden"))
    })
}

/// The names of the public types that `items` declare.
fn types(items: &[Item], names: &mut Vec<String>) {
    for item in items {
        let (visibility, name) = match item {
            Item::Struct(item) => (&item.vis, &item.ident),
            Item::Enum(item) => (&item.vis, &item.ident),
            Item::Union(item) => (&item.vis, &item.ident),
            Item::Trait(item) => (&item.vis, &item.ident),
            Item::Type(item) => (&item.vis, &item.ident),
            Item::Mod(item) => {
                if let Some((_, items)) = item.content.as_ref().filter(|_| !is_test(&item.attrs)) {
                    types(items, names);
                }
                continue;
            }
            _ => continue,
        };
        if is_public(visibility) {
            names.push(name.to_string());
        }
    }
}

#[test]
fn no_two_public_types_share_a_name() {
    // Name -> package and file of each declaration.
    let mut declared: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for (member, files) in sources() {
        for path in files {
            let file = syn::parse_file(&fs::read_to_string(&path).unwrap()).unwrap();
            let mut names = Vec::new();
            types(&file.items, &mut names);
            let shown = shown(&path);
            for name in names {
                declared.entry(name).or_default().push((member.clone(), shown.clone()));
            }
        }
    }
    assert!(declared.len() > 300, "only {} types were found", declared.len());

    let mut defects = Vec::new();
    let mut shared = BTreeSet::new();
    for (name, places) in declared.iter().filter(|(_, places)| places.len() > 1) {
        let mut packages: Vec<_> = places.iter().map(|(package, _)| package.as_str()).collect();
        packages.sort_unstable();
        if SHARED.iter().any(|(known, of, _)| known == name && *of == packages) {
            shared.insert(name.as_str());
        } else {
            defects.push(format!("`{name}` is declared by {places:#?}"));
        }
    }
    for (name, _, reason) in SHARED {
        if !shared.contains(name) {
            defects.push(format!("`{name}` is shared no more, so there is no reason ({reason})"));
        }
    }
    assert!(defects.is_empty(), "{defects:#?}");
}

/// The names that a `pub use` shows; a glob counts as what it is.
fn used(tree: &UseTree, names: &mut BTreeSet<String>) {
    match tree {
        UseTree::Path(path) => used(&path.tree, names),
        UseTree::Name(name) => drop(names.insert(name.ident.to_string())),
        UseTree::Rename(rename) => drop(names.insert(rename.rename.to_string())),
        UseTree::Glob(_) => panic!("a glob in the root shows whatever another crate has"),
        UseTree::Group(group) => group.items.iter().for_each(|tree| used(tree, names)),
    }
}

#[test]
fn the_root_of_credwire_can_be_read_at_a_glance() {
    let path = root().join("runtime/src/lib.rs");
    let file = syn::parse_file(&fs::read_to_string(path).unwrap()).unwrap();
    let mut names = BTreeSet::new();
    for item in &file.items {
        match item {
            Item::Use(item) if is_public(&item.vis) && !is_hidden(&item.attrs) => {
                used(&item.tree, &mut names);
            }
            Item::Mod(item) if is_public(&item.vis) && !is_hidden(&item.attrs) => {
                names.insert(item.ident.to_string());
            }
            _ => {}
        }
    }
    assert!(names.contains("Client") && names.contains("sdk"), "{names:?}");
    assert!(names.len() <= ROOT, "{} names: {names:?}", names.len());
}
