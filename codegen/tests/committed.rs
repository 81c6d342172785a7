//! The committed schemas: complete, in our own words, from sources that are named the same on every
//! machine; and what is held to be proven by the pages of `fixtures/reference`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "tests"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use credwire_ingest::{IngestInput, Ingested, Options, ingest};
use credwire_schema::{
    document,
    link::{assemble, link},
    model::{
        Item, Origin, Role, Shape,
        element::{ELEMENT_FORMAT, Element},
    },
    overlay::Overlay,
    type_expr::TypeExpr,
};
use serde_json::Value;

fn schema() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../schema"))
}

fn overlay() -> Overlay {
    Overlay::load(&schema().join("overlay.toml")).unwrap()
}

fn committed() -> Vec<Item> {
    document::load(&schema().join("interfaces")).unwrap()
}

fn fixtures() -> Ingested {
    ingest(&[IngestInput::Path(schema().join("../ingest/fixtures/reference"))], &Options::default())
}

fn contents(items: &[Item]) -> BTreeMap<String, String> {
    items.iter().map(|item| (item.name.clone(), document::content(item).unwrap())).collect()
}

#[test]
fn the_fixtures_give_the_committed_schemas_of_the_credentials() {
    let ingested = fixtures();
    let shown: Vec<String> = ingested.diagnostics.iter().map(ToString::to_string).collect();
    assert_eq!(shown, [""; 0]);
    let names: BTreeSet<String> = ingested.items.iter().map(|item| item.name.clone()).collect();
    assert_eq!(names.len(), 16);
    let (of_fixtures, others): (Vec<Item>, Vec<Item>) =
        committed().into_iter().partition(|item| names.contains(&item.name));
    let assembled = assemble(ingested.items, others, &overlay()).unwrap();
    let (read, committed) = (contents(&assembled.items), contents(&of_fixtures));
    assert_eq!(read.keys().collect::<Vec<_>>(), committed.keys().collect::<Vec<_>>());
    for (name, text) in &read {
        assert_eq!(text, &committed[name], "{name}");
    }
}

#[test]
fn the_pages_give_the_committed_schemas_of_all_symbols() {
    let pages = schema().join("../../shared/pages/whole/browser-sdk-v4");
    if !pages.exists() {
        eprintln!("skipped: the reference pages are not at hand");
        return;
    }
    let ingested = ingest(&[IngestInput::Path(pages)], &Options::default());
    let assembled = assemble(ingested.items, Vec::new(), &overlay()).unwrap();
    let (read, committed) = (contents(&assembled.items), contents(&committed()));
    assert_eq!(read.keys().collect::<Vec<_>>(), committed.keys().collect::<Vec<_>>());
    for (name, text) in &read {
        assert_eq!(text, &committed[name], "{name}");
    }
}

#[test]
fn every_symbol_of_the_reference_is_there() {
    let mut counts = BTreeMap::new();
    for item in committed() {
        let kind = match item.shape {
            Shape::Interface(_) => "interface",
            Shape::Class(_) => "class",
            Shape::Error(_) => "error",
            Shape::Alias { .. } => "alias",
            Shape::Enum { .. } => "enum",
            Shape::Function { .. } => "function",
            Shape::Variable { .. } => "variable",
            Shape::Rpc(_) => "rpc",
            Shape::Element { .. } => "element",
        };
        *counts.entry(kind).or_insert(0) += 1;
    }
    let expected = [
        ("alias", 17),
        ("class", 10),
        ("error", 13),
        ("function", 6),
        ("interface", 53),
        ("variable", 2),
    ];
    assert_eq!(counts.into_iter().collect::<Vec<_>>(), expected);
}

/// They are written by hand, in the form that tools write.
#[test]
fn the_documents_of_the_wire_are_in_their_one_form() {
    let items = document::load(&schema().join("wire")).unwrap();
    assert!(items.iter().all(|item| item.origin == Origin::Wire && !item.summary.is_empty()));
    for entry in fs::read_dir(schema().join("wire")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let item = document::read("wire", &text).unwrap();
        assert_eq!(document::write(&item).unwrap(), text, "{}", path.display());
    }
    let both = [schema().join("interfaces"), schema().join("wire")];
    let output =
        credwire_codegen::render(&document::load_schemas(&both, &overlay()).unwrap()).unwrap();
    assert!(items.iter().all(|item| !output.left_out().contains_key(&item.name)));
}

#[test]
fn interfaces_have_the_roles_that_the_reference_gives_them() {
    let overlay = overlay();
    let linked = document::load_schemas(&[schema().join("interfaces")], &overlay).unwrap();
    let of = |role: Role| {
        let roles = linked.roles.iter().filter(move |(_, of)| **of == role);
        roles.map(|(name, _)| name.as_str()).collect::<Vec<_>>()
    };
    assert_eq!((of(Role::WireData).len(), of(Role::Handles).len()), (23, 14));
    assert_eq!(of(Role::Stream), ["AddressHistory", "TextMessage"]);
    assert_eq!(
        of(Role::Application),
        [
            "CredentialProvider",
            "NodeSocketAdapter",
            "SDKLogger",
            "Storage",
            "WebRTCApiProvider",
            "WebRTCMediaDevices",
        ]
    );
    assert_eq!(of(Role::Sdk).len(), 8);
}

#[test]
fn every_symbol_has_its_rust() {
    let linked = document::load_schemas(&[schema().join("interfaces")], &overlay()).unwrap();
    let left_out: Vec<_> =
        credwire_codegen::render(&linked).unwrap().left_out().keys().cloned().collect();
    assert_eq!(left_out, [""; 0]);
}

#[test]
fn every_item_has_a_line_of_our_own_and_so_do_the_members_of_the_credentials() {
    let credentials: BTreeSet<String> =
        fixtures().items.into_iter().map(|item| item.name).collect();
    let mut silent = Vec::new();
    for item in committed() {
        if item.summary.is_empty() {
            silent.push(item.name.clone());
        }
        let (Shape::Interface(members) | Shape::Class(members) | Shape::Error(members)) =
            &item.shape
        else {
            continue;
        };
        if !credentials.contains(&item.name) {
            continue;
        }
        // Constants and forbidden members have no field, and causes are told by `source()`.
        let told = |ty: &TypeExpr| {
            !matches!(
                ty,
                TypeExpr::Literal(_) | TypeExpr::Never | TypeExpr::Undefined | TypeExpr::Unknown
            )
        };
        let properties = members.properties.iter().filter(|p| told(&p.ty) && p.summary.is_empty());
        silent.extend(properties.map(|p| format!("{}.{}", item.name, p.name)));
        let methods = members.methods.iter().filter(|m| m.summary.is_empty());
        silent.extend(methods.map(|m| format!("{}.{}()", item.name, m.name)));
    }
    assert_eq!(silent, [""; 0]);
}

#[test]
fn elements_are_in_their_format_under_their_tags() {
    let folder = schema().join("elements");
    let mut tags = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let element: Element = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        assert_eq!(element.format, ELEMENT_FORMAT);
        assert_eq!(path.file_stem().unwrap(), element.tag.as_str());
        tags.insert(element.tag.clone());
        let again = document::element_files(&[element]).unwrap();
        assert_eq!(again.check(path.parent().unwrap(), &[]).unwrap(), []);
    }
    let manifest = schema().join("../generated/custom-elements.json");
    let manifest: Value = serde_json::from_str(&fs::read_to_string(manifest).unwrap()).unwrap();
    let declarations = manifest["modules"].as_array().unwrap().iter().flat_map(|module| {
        module["declarations"].as_array().unwrap().iter().filter(|one| one["tagName"].is_string())
    });
    let manifested = declarations.map(|one| one["tagName"].as_str().unwrap().to_owned());
    assert_eq!(tags, manifested.collect());
}

#[test]
fn sources_are_named_alike_on_every_machine() {
    for folder in ["interfaces", "elements"] {
        for entry in fs::read_dir(schema().join(folder)).unwrap() {
            let text = fs::read_to_string(entry.unwrap().path()).unwrap();
            let mut files = Vec::new();
            collect_files(&serde_json::from_str(&text).unwrap(), &mut files);
            assert!(!files.is_empty());
            for file in files {
                let is_page = file.ends_with(".mdx") && !file.contains(['@', '\\', ':']);
                let is_within = !file.starts_with(['/', '.']) && !file.contains("..");
                assert!(is_page && is_within, "{file}");
            }
        }
    }
}

fn collect_files(value: &Value, files: &mut Vec<String>) {
    match value {
        Value::Array(all) => all.iter().for_each(|one| collect_files(one, files)),
        Value::Object(members) => {
            if let Some(Value::String(file)) = members.get("file") {
                files.push(file.clone());
            }
            members.values().for_each(|one| collect_files(one, files));
        }
        _ => {}
    }
}

/// The generated code has no comment that only repeats a name.
#[test]
fn every_item_and_member_has_a_summary_of_its_own() {
    let folders = ["interfaces", "wire", "elements"].map(|folder| schema().join(folder));
    let linked = document::load_schemas(&folders, &overlay()).unwrap();
    let lacking = credwire_codegen::report(&linked).into_iter().flat_map(|entry| {
        entry.undescribed.into_iter().map(move |member| format!("{}.{member}", entry.name))
    });
    assert_eq!(lacking.collect::<Vec<_>>(), [""; 0]);
    let output = credwire_codegen::render(&linked).unwrap();
    for (path, text) in output.files().iter() {
        for line in text.lines().map(str::trim_start) {
            let only_a_name = ["/// Gives `", "/// Watches `", "/// Calls `", "/// Sets `"]
                .iter()
                .any(|start| line.starts_with(start) && line.contains("` of the reference"))
                || line.starts_with("/// `") && line.ends_with("` of the reference.");
            assert!(!only_a_name, "{path}: {line}");
        }
    }
}

/// A member of a newer reference is there before anybody has described it.
#[test]
fn what_nobody_has_described_is_told_by_its_name() {
    let mut items = document::load(&schema().join("interfaces")).unwrap();
    let session = items.iter_mut().find(|item| item.name == "SessionState").unwrap();
    let Shape::Interface(members) = &mut session.shape else { panic!("{session:?}") };
    for property in &mut members.properties {
        property.summary.clear();
    }
    let linked = link(items, overlay().externals()).unwrap();
    let report = credwire_codegen::report(&linked);
    let entry = report.iter().find(|entry| entry.name == "SessionState").unwrap();
    let expected =
        ["authenticated", "authenticated$", "calls", "calls$", "incomingCalls", "incomingCalls$"];
    assert_eq!(entry.undescribed, expected);
    let output = credwire_codegen::render(&linked).unwrap();
    let [code] = output.code("SessionState")[..] else { panic!("not in one file") };
    let text = &code.text;
    assert!(text.contains("/// Gives `authenticated` of the reference"), "{text}");
    assert!(text.contains("/// Watches `calls$` of the reference"), "{text}");
}
