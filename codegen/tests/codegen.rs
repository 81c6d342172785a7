//! Generated text: one golden file for each feature, the same bytes in every order, and a
//! diagnostic for whatever has no Rust form.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

#[allow(dead_code, reason = "shared by several tests")]
#[path = "../../schema/tests/sample/mod.rs"]
mod sample;

use std::path::{Path, PathBuf};

use credwire_schema::{
    diagnostic::Diagnostic,
    document, link,
    model::{Item, Origin, Schema, element::Element},
};
use sample::{codes, externals, interface, item};
use serde_json::{Value, json};

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

fn golden_elements() -> Vec<Element> {
    document::load_elements(&golden().join("elements")).unwrap()
}

fn golden_items() -> Vec<Item> {
    let mut items = document::load(&golden().join("interfaces")).unwrap();
    items.extend(document::load(&golden().join("elements")).unwrap());
    items
}

fn linked(items: Vec<Item>) -> Schema {
    link::link(items, &externals()).unwrap()
}

/// Set `BLESS=1` to accept the new text of the golden files.
#[test]
fn every_feature_is_generated_as_its_golden_file_says() {
    let directory = golden();
    let interfaces = document::load(&directory.join("interfaces")).unwrap();
    let documents = [
        ("interfaces", document::files(&interfaces).unwrap()),
        ("elements", document::element_files(&golden_elements()).unwrap()),
    ];
    let output = credwire_codegen::render(&linked(golden_items())).unwrap();
    let blessed = std::env::var_os("BLESS").is_some();
    let mut differences = Vec::new();
    for (folder, documents) in documents {
        if blessed {
            documents.write(&directory.join(folder), &[]).unwrap();
        }
        let all = documents.check(&directory.join(folder), &[]).unwrap();
        differences.extend(all.iter().map(|one| format!("{one}\n{}", one.diff(&documents))));
    }
    if blessed {
        output.write(&directory).unwrap();
    }
    let all = output.check(&directory).unwrap();
    differences.extend(all.iter().map(|one| format!("{one}\n{}", one.diff(output.files()))));
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn the_order_of_the_items_and_of_their_members_does_not_matter() {
    let items = golden_items();
    let expected = credwire_codegen::render(&linked(items.clone())).unwrap();
    for round in 0..20 {
        let mut shuffled = items.clone();
        // A different permutation each round, without randomness.
        shuffled.sort_by_key(|item| {
            let bytes = item.name.bytes().map(u64::from);
            bytes.fold(round, |hash: u64, byte| hash.rotate_left(7).wrapping_mul(31) ^ byte)
        });
        if round % 2 == 1 {
            for item in &mut shuffled {
                // The order on the wire is a fact, not a matter of the page.
                if item.origin == Origin::Reference
                    && let credwire_schema::model::Shape::Interface(members) = &mut item.shape
                {
                    members.properties.reverse();
                }
            }
        }
        assert_eq!(credwire_codegen::render(&linked(shuffled)).unwrap(), expected, "round {round}");
    }
}

fn refused(items: Vec<Item>) -> Vec<Diagnostic> {
    let output = credwire_codegen::render(&linked(items)).unwrap();
    output.left_out().values().flatten().cloned().collect()
}

/// What is less in Rust than it is documented.
fn simplified(items: Vec<Item>) -> Vec<Diagnostic> {
    let output = credwire_codegen::render(&linked(items)).unwrap();
    assert!(output.left_out().is_empty(), "{:?}", output.left_out());
    output.simplified().to_vec()
}

#[test]
fn what_has_no_rust_form_is_any_json_value_and_named_with_its_place() {
    let found = simplified(vec![
        interface("A", json!([{"name": "key", "type": "number", "secret": true}])),
        interface(
            "B",
            json!([
                {"name": "fine", "type": "string"},
                {"name": "odd", "type": {"opaque": "unique symbol"}},
                {"name": "sign", "type": "symbol"},
            ]),
        ),
    ]);
    assert_eq!(
        codes(&found),
        ["simplified A.mdx:2:1", "simplified-type B.mdx:3:1", "simplified-type B.mdx:4:1"]
    );
    assert!(found[0].message.contains("`A.key` is marked as a secret and can be seen"));
    let text = found[1].to_string();
    assert!(text.contains("`B.odd`") && text.contains("unique symbol"), "{text}");
    assert!(found.iter().all(|one| !one.is_error() && one.help.is_some()));
}

#[test]
fn what_is_left_out_takes_nothing_along() {
    // Two methods of a protocol with one name in Rust: the second is left out.
    let code = |code: i64| json!({"code": code, "rust": "A", "summary": "s"});
    let schema = linked(vec![
        item("Lame", json!({"kind": "rpc", "codes": [code(1), code(2)]})),
        interface("Holds", json!([{"name": "held", "type": {"array": {"ref": {"name": "Lame"}}}}])),
        interface("Free", json!([{"name": "x", "type": "string"}])),
    ]);
    let output = credwire_codegen::render(&schema).unwrap();
    let left_out: Vec<&str> = output.left_out().keys().map(String::as_str).collect();
    assert_eq!(left_out, ["Lame"]);
    assert!(!output.code("Free").is_empty() && output.code("Lame").is_empty());
    assert!(output.code("Holds")[0].text.contains("pub held: Vec<serde_json::Value>"));
    let (_, manifest) = output.files().iter().find(|(path, _)| *path == "MANIFEST.json").unwrap();
    let manifest: serde_json::Value = serde_json::from_str(manifest).unwrap();
    assert!(manifest["leftOut"]["Lame"][0].as_str().unwrap().contains("twice"));
}

#[test]
fn what_holds_a_secret_is_written_by_serialize_exposed_alone() {
    let sealed = || interface("Sealed", json!([{"name": "key", "type": "string", "secret": true}]));
    let generic = item(
        "Generic",
        json!({"kind": "interface", "typeParams": [{"name": "T"}], "properties": [
            {"name": "value", "type": {"ref": {"name": "T"}}},
            {"name": "held", "type": {"ref": {"name": "Sealed"}}},
        ]}),
    );
    let user = interface(
        "User",
        json!([{"name": "one", "type": {"ref": {"name": "Generic", "args": ["number"]}}}]),
    );
    let tagged = |name: &str, tag: &str| {
        interface(
            name,
            json!([
                {"name": "kind", "type": {"literal": tag}},
                {"name": "held", "type": {"ref": {"name": "Sealed"}}},
            ]),
        )
    };
    let arms = json!([{"ref": {"name": "A"}}, {"ref": {"name": "B"}}]);
    let union = item("U", json!({"kind": "alias", "type": {"union": arms}}));
    let items = vec![sealed(), generic, user, tagged("A", "a"), tagged("B", "b"), union];
    let output = credwire_codegen::render(&linked(items)).unwrap();
    assert!(output.left_out().is_empty(), "{:?}", output.left_out());
    for name in ["Sealed", "Generic", "User", "Generic#2", "U"] {
        let text = &output.code(name)[0].text;
        assert!(text.contains("credwire_core::SerializeExposed for"), "{name}: {text}");
        assert!(!text.contains("serde::Serialize for"), "{name}: {text}");
        assert!(
            !text.contains("serde::Serialize,") && !text.contains("serde::Serialize)"),
            "{name}"
        );
    }
    assert!(output.code("Generic#2")[0].text.contains("pub value: f64"));
    // A tag that is not known would keep all members in the clear.
    assert!(!output.code("U")[0].text.contains("Unknown"));
}

#[test]
fn literals_that_become_one_name_are_numbered() {
    let union = |literals: &[&str]| {
        let arms: Vec<_> = literals.iter().map(|text| json!({"literal": text})).collect();
        item("U", json!({"kind": "alias", "type": {"union": arms}}))
    };
    let names = |literals: &[&str]| {
        let output = credwire_codegen::render(&linked(vec![union(literals)])).unwrap();
        let text = output.code("U")[0].text;
        let all = text.split("&[").nth(1).unwrap().split(']').next().unwrap().replace("Self::", "");
        all.split(',')
            .map(str::trim)
            .filter(|one| !one.is_empty())
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&["a-b", "a.b"]), ["AB", "AB2"]);
    assert_eq!(names(&["", "-", "4k", "a"]), ["Empty", "Value1", "V4k", "A"]);
}

#[test]
fn a_union_that_nothing_tells_apart_is_tried_from_the_strictest() {
    let output = credwire_codegen::render(&linked(vec![
        interface("A", json!([{"name": "x", "type": "string"}])),
        interface("B", json!([{"name": "x", "type": "string"}, {"name": "y", "type": "string"}])),
        item(
            "U",
            json!({"kind": "alias", "type": {"union": [
                "string",
                {"ref": {"name": "A"}},
                {"ref": {"name": "B"}},
            ]}}),
        ),
    ]))
    .unwrap();
    let text = &output.code("U")[0].text;
    let at = |variant: &str| text.find(variant).unwrap_or_else(|| panic!("{variant}: {text}"));
    assert!(at(" B(") < at(" A(") && at(" A(") < at(" Text("), "{text}");
}

#[test]
fn the_report_says_what_becomes_of_each_item() {
    let schema = linked(vec![
        interface(
            "Data",
            json!([{"name": "mode", "type": {"union": [{"literal": "a"}, {"literal": "b"}]}}]),
        ),
        item("Lame", json!({"kind": "rpc", "requests": "client-to-space"})),
        item(
            "Run",
            json!({"kind": "function", "signatures": [{"name": "Run", "returns": "void"}]}),
        ),
    ]);
    let report = credwire_codegen::report(&schema);
    let names: Vec<&str> = report.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(names, ["Data", "Lame", "Run"]);
    let rust = |at: usize| report[at].rust.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(rust(0), ["struct Data", "enum DataMode"]);
    assert_eq!((report[0].modules.as_slice(), report[0].reasons.len()), (&["data"][..], 0));
    assert!(report[1].reasons[0].contains("`Lame`"), "{:?}", report[1]);
    assert_eq!(rust(2), ["fn Sdk::run"]);
}

#[test]
fn the_committed_package_is_what_the_committed_schemas_give() {
    let schema = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../schema"));
    let overlay = credwire_schema::overlay::Overlay::load(&schema.join("overlay.toml")).unwrap();
    let documents = ["interfaces", "wire", "elements"].map(|folder| schema.join(folder));
    let linked = document::load_schemas(&documents, &overlay).unwrap();
    let output = credwire_codegen::render(&linked).unwrap();
    let differences = output.check(&schema.with_file_name("generated")).unwrap();
    let shown: Vec<String> =
        differences.iter().map(|one| format!("{one}\n{}", one.diff(output.files()))).collect();
    assert!(shown.is_empty(), "{}", shown.join("\n"));
}

#[test]
fn a_stale_file_is_found_and_removed_and_a_foreign_one_is_left() {
    let directory = tempfile::tempdir().unwrap();
    let one = interface("One", json!([{"name": "x", "type": "string"}]));
    // The only one of its kind.
    let literals = json!([{"literal": "a"}, {"literal": "b"}]);
    let two = item("Two", json!({"kind": "alias", "type": {"union": literals}}));
    let both = credwire_codegen::render(&linked(vec![one.clone(), two])).unwrap();
    both.write(directory.path()).unwrap();
    assert_eq!(both.check(directory.path()).unwrap(), []);
    std::fs::write(directory.path().join("src/notes.rs"), "// by hand\n").unwrap();
    let less = credwire_codegen::render(&linked(vec![one])).unwrap();
    let differences = less.check(directory.path()).unwrap();
    let stale: Vec<&str> = differences
        .iter()
        .filter(|one| one.kind == credwire_schema::fileset::DifferenceKind::Stale)
        .map(|one| one.path.as_str())
        .collect();
    assert_eq!(stale, ["json-schema/Two.json", "src/values.rs"]);
    less.write(directory.path()).unwrap();
    assert_eq!(less.check(directory.path()).unwrap(), []);
    assert!(!directory.path().join("src/values.rs").exists());
    assert!(directory.path().join("src/notes.rs").exists());
}

#[test]
fn a_hand_edit_is_shown_as_a_diff() {
    let directory = tempfile::tempdir().unwrap();
    let one = interface("One", json!([{"name": "x", "type": "string"}]));
    let output = credwire_codegen::render(&linked(vec![one])).unwrap();
    output.write(directory.path()).unwrap();
    let path = directory.path().join("src/data.rs");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("pub x: String", "pub x: u8")).unwrap();
    let differences = output.check(directory.path()).unwrap();
    assert_eq!(differences.len(), 1);
    assert_eq!(differences[0].path, "src/data.rs");
    assert!(differences[0].diff(output.files()).contains("-    pub x: u8,\n+    pub x: String,"));
}

#[test]
fn a_protocol_that_cannot_be_dispatched_is_refused() {
    let method = |name: &str, method: Value| item(name, json!({"kind": "rpc", "method": method}));
    let params = || interface("Params", json!([{"name": "kind", "type": "string"}]));
    let of =
        |params: &str| json!({"direction": "space-to-client", "params": {"ref": {"name": params}}});
    let with = |key: &str, value: Value| {
        let mut method = of("Params");
        method[key] = value;
        method
    };
    let events = json!({"tag": "kind", "payload": "held", "types": {}});
    let code = |code: i64, rust: &str| json!({"code": code, "rust": rust, "summary": "s"});
    for (one, what) in [
        (method("M", with("errors", json!([7]))), "the error 7"),
        (method("M", with("events", events)), "one type parameter"),
        (item("R", json!({"kind": "rpc", "requests": "client-to-space"})), "no method"),
        (item("C", json!({"kind": "rpc", "codes": [code(1, "A"), code(1, "B")]})), "twice"),
        (item("C", json!({"kind": "rpc", "codes": [code(1, "Other")]})), "`Other`"),
    ] {
        let problems = refused(vec![params(), one]);
        assert!(problems.len() == 1 && problems[0].message.contains(what), "{what}: {problems:?}");
    }
    let unknown = link::link(vec![method("M", of("Nowhere"))], &externals()).unwrap_err();
    assert_eq!(codes(&unknown), ["unknown-type M.mdx:1:1"]);
}

#[test]
fn members_that_become_one_are_numbered() {
    let properties = json!([
        {"name": "fineTune", "type": "string"},
        {"name": "fine_tune", "type": "string"},
    ]);
    let class = item("Radio", json!({"kind": "class", "properties": properties}));
    let problems = link::link(vec![class.clone()], &externals()).unwrap_err();
    assert_eq!(codes(&problems), ["name-collision Radio.mdx:3:1"]);
    for (radio, second) in [
        (class, "fn fine_tune_2(&self) -> String"),
        (interface("Radio", properties), "pub fine_tune_2: String"),
    ] {
        let schema = link::link_all(vec![radio], &externals()).unwrap();
        let output = credwire_codegen::render(&schema).unwrap();
        assert!(output.code("Radio")[0].text.contains(second), "{:?}", output.code("Radio"));
        let [told] = output.simplified() else { panic!("{:?}", output.simplified()) };
        assert!(told.message.contains("`Radio.fine_tune` is numbered"), "{told}");
        assert!(told.message.contains("`fineTune`"), "{told}");
    }
}

#[test]
fn items_that_become_one_name_are_numbered() {
    let spelled_out = |ty| interface("Radio", json!([{"name": "mode", "type": ty}]));
    let taken = interface("RadioMode", json!([{"name": "x", "type": "string"}]));
    let modes = json!({"union": [{"literal": "a"}, {"literal": "b"}]});
    let output = credwire_codegen::render(&linked(vec![spelled_out(modes), taken])).unwrap();
    assert!(output.code("Radio")[0].text.contains("pub mode: crate::RadioMode2"));
    assert!(output.code("RadioMode")[0].text.contains("pub struct RadioMode {"));
    let own = interface("Observable", json!([{"name": "x", "type": "string"}]));
    let schema = link::link_all(vec![own], &externals()).unwrap();
    let output = credwire_codegen::render(&schema).unwrap();
    assert!(output.code("Observable (own)")[0].text.contains("pub struct Observable2 {"));
    let function = |name: &str| {
        let signature = json!([{"name": name, "returns": "void"}]);
        item(name, json!({"kind": "function", "rust": name, "signatures": signature}))
    };
    let output =
        credwire_codegen::render(&linked(vec![function("setLevel"), function("set_level")]));
    // In the trait of the SDK both would be one method.
    assert_eq!(output.unwrap().left_out().keys().collect::<Vec<_>>(), ["set_level"]);
}

#[test]
fn a_module_has_the_items_of_its_kind_by_name_each_below_its_documented_name() {
    let from = |name: &str, part: &str| {
        let mut item = interface(name, json!([{"name": "x", "type": "string"}]));
        item.reference = format!("https://example.test/{part}/radio");
        item
    };
    let pages = vec![from("Radio", "data"), from("OldRadio", "old"), from("Deck", "data/deck")];
    let output = credwire_codegen::render(&linked(pages)).unwrap();
    let text = output.files().get("src/data.rs").unwrap();
    let items: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("// From ")).collect();
    assert_eq!(items, ["Deck.", "OldRadio.", "Radio."]);
    for name in ["Deck", "OldRadio", "Radio"] {
        let [code] = output.code(name)[..] else { panic!("{name}") };
        assert_eq!(code.file, "src/data.rs");
        assert!(text.contains(&format!("\n// From {name}.\n{}", code.text)), "{text}");
        assert_eq!(code.text.matches("pub struct ").count(), 1, "{}", code.text);
    }
}

#[test]
fn what_an_object_repeats_of_its_bases_stays_theirs() {
    let get =
        json!([{"name": "level", "get": "number", "place": {"file": "a", "line": 1, "column": 1}}]);
    let base = interface(
        "Base",
        json!([{"name": "level", "type": "number"}, {"name": "level$", "type": observable("number")}]),
    );
    let text = |class: Item| {
        let output = credwire_codegen::render(&linked(vec![base.clone(), class])).unwrap();
        assert!(output.left_out().is_empty(), "{:?}", output.left_out());
        let [code] = output.code("Radio")[..] else { panic!("not in one file") };
        assert_eq!(code.file, "src/objects.rs");
        code.text.to_owned()
    };
    let bases = json!([{"ref": {"name": "Base"}}]);
    let same = item("Radio", json!({"kind": "class", "extends": bases, "accessors": get}));
    let same = text(same);
    assert!(same.contains("Radio<S: crate::SdkTypes>: crate::Base<S>"), "{same}");
    assert!(!same.contains("fn level") && !same.contains("narrows"), "{same}");
    let mut other = get;
    other[0]["get"] = json!("string");
    let other = text(item("Radio", json!({"kind": "class", "extends": bases, "accessors": other})));
    assert!(other.contains("narrows the types of `level` of `Base`"), "{other}");
}

fn observable(ty: &str) -> serde_json::Value {
    json!({"ref": {"name": "Observable", "args": [ty]}})
}

fn element(events: Value) -> Item {
    let document = json!({
        "format": "credwire-element/1",
        "tag": "x-dial",
        "class": "XDial",
        "place": {"file": "x-dial.mdx", "line": 2, "column": 1},
        "events": events,
    });
    document::read_element("x-dial.json", &document.to_string()).unwrap().into_item()
}

#[test]
fn events_without_a_rust_form_and_events_of_one_name_are_told() {
    let place = |line: u32| json!({"file": "x-dial.mdx", "line": line, "column": 1});
    let problems = refused(vec![element(json!([
        {"name": "x-key", "place": place(3)},
        {"name": "key", "place": place(4)},
        {"name": "x-odd", "detail": {"intersection": ["string", "number"]}, "place": place(5)},
    ]))]);
    assert_eq!(
        codes(&problems),
        ["name-collision x-dial.mdx:4:1", "not-expressible x-dial.mdx:5:1"]
    );
    assert!(problems[0].message.contains("`x-dial.x-key`"), "{}", problems[0]);
    let unknown = element(json!([
        {"name": "x-key", "detail": {"ref": {"name": "Nobody"}}, "place": place(3)},
    ]));
    let problems = link::link(vec![unknown], &externals()).unwrap_err();
    assert_eq!(codes(&problems), ["unknown-type x-dial.mdx:3:1"]);
}
