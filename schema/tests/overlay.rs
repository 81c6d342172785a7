//! The overlay completes and corrects, and says when it no longer fits.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

#[allow(dead_code, reason = "shared by several tests")]
mod sample;

use std::{collections::BTreeSet, path::Path};

use credwire_schema::{
    document,
    link::{self, assemble},
    model::{Format, Item, LocalType, Shape, Unit},
    overlay::Overlay,
    type_expr::TypeExpr,
};
use sample::{codes, interface, item};
use serde_json::json;

fn credential() -> Item {
    interface(
        "Credential",
        json!([
            {"name": "cnf", "type": "object", "fields": [{"name": "jkt", "type": "string"}]},
            {"name": "token", "type": "string", "optional": true},
        ]),
    )
}

fn applied(text: &str, items: &mut [Item]) -> Vec<String> {
    let overlay = Overlay::read("overlay.toml", text).unwrap();
    codes(&overlay.apply(items, &BTreeSet::from(["Elsewhere".to_owned()])))
}

fn members(item: &Item) -> &credwire_schema::model::Members {
    match &item.shape {
        Shape::Interface(members) => members,
        _ => panic!("{item:?}"),
    }
}

#[test]
fn our_words_secrecy_and_names_are_added() {
    let mut items = [credential()];
    let text = r#"
        [items.Credential]
        summary = "A credential."
        rust = "Cred"
        error = "CredentialError"
        secret = ["token"]
        members.token = "The token."
        members."cnf.jkt" = "The thumbprint."
    "#;
    assert_eq!(applied(text, &mut items), [""; 0]);
    let [item] = &items;
    assert_eq!((item.summary.as_str(), item.rust.as_str()), ("A credential.", "Cred"));
    assert_eq!(item.error.as_deref(), Some("CredentialError"));
    let [cnf, token] = members(item).properties.as_slice() else { panic!() };
    assert!(token.secret && token.summary == "The token.");
    assert_eq!(cnf.fields[0].summary, "The thumbprint.");
}

#[test]
fn local_members_are_added_to_interfaces_alone() {
    let entry = |name: &str| {
        format!(
            "[items.{name}]\nlocal.expires_in = {{ type = \"duration\", summary = \"Its time.\" }}"
        )
    };
    let mut items = [credential(), item("Word", json!({"kind": "alias", "type": "string"}))];
    assert_eq!(applied(&entry("Credential"), &mut items), [""; 0]);
    let [local] = items[0].local.as_slice() else { panic!("{:?}", items[0].local) };
    assert_eq!((local.name.as_str(), local.summary.as_str()), ("expires_in", "Its time."));
    assert_eq!(local.ty, LocalType::Duration);
    // A document keeps it.
    let text = document::write(&items[0]).unwrap();
    assert_eq!(document::read("Credential.json", &text).unwrap().local, items[0].local);
    assert_eq!(applied(&entry("Word"), &mut items), ["overlay-stale overlay.toml:2:7"]);
}

#[test]
fn entries_that_fit_nothing_are_stale_at_their_line() {
    let mut items = [credential()];
    let text = "\
[items.Credentials]
summary = \"x\"

[items.Credential]
secret = [\"tokn\"]
members.nope = \"x\"
meanings.nope = \"x\"

[items.Elsewhere]
summary = \"x\"
";
    let overlay = Overlay::read("overlay.toml", text).unwrap();
    let problems = overlay.apply(&mut items, &BTreeSet::from(["Elsewhere".to_owned()]));
    let mut found = codes(&problems);
    found.sort();
    assert_eq!(
        found,
        [
            "overlay-stale overlay.toml:1:8",
            "overlay-stale overlay.toml:5:11",
            "overlay-stale overlay.toml:6:9",
            "overlay-stale overlay.toml:7:10",
        ]
    );
    let help: Vec<&str> = problems.iter().filter_map(|problem| problem.help.as_deref()).collect();
    assert!(help.contains(&"did you mean `Credential`?"), "{help:?}");
    assert!(help.contains(&"did you mean `token`?"), "{help:?}");
}

#[test]
fn a_correction_needs_the_mistake_it_corrects() {
    let correction = r#"
        [[corrections]]
        item = "Credential"
        member = "cnf.jkt"
        page = "interfaces/Credential.mdx"
        reason = "The RFC says which thumbprint it is."
        was.type = "string"
        was.optional = false
        is.optional = true
        is.format = "jwk-thumbprint"
    "#;
    let mut items = [credential()];
    assert_eq!(applied(correction, &mut items), [""; 0]);
    let jkt = &members(&items[0]).properties[0].fields[0];
    assert_eq!((jkt.optional, jkt.format), (true, Some(Format::JwkThumbprint)));
    assert_eq!(jkt.ty, TypeExpr::String);
    // The page has been mended since: the correction has nothing left to do.
    let mut mended = [items[0].clone()];
    assert_eq!(applied(correction, &mut mended), ["overlay-stale overlay.toml:4:18"]);
}

#[test]
fn a_correction_that_changes_nothing_is_stale() {
    let correction = r#"
        [[corrections]]
        item = "Credential"
        member = "token"
        page = "interfaces/Credential.mdx"
        reason = "The page does not say which token it is."
        was.type = "string"
        is.format = "jwt"
    "#;
    let mut items = [credential()];
    assert_eq!(applied(correction, &mut items), [""; 0]);
    // The page says so by now.
    assert_eq!(applied(correction, &mut items), ["overlay-stale overlay.toml:4:18"]);
}

#[test]
fn getters_and_aliases_are_corrected() {
    let class = json!({
        "kind": "class",
        "accessors": [{"name": "lamps", "get": "object"}],
    });
    let function = json!({"function": {"params": [], "returns": "string"}});
    let mut items =
        [item("Hall", class), item("Maker", json!({"kind": "alias", "type": function}))];
    let text = r#"
        [[corrections]]
        item = "Hall"
        member = "lamps"
        page = "Hall/lamps.mdx"
        reason = "Its members stand below it."
        was.type = "object"
        is.type = { array = "string" }
        is.unit = "millis"
        [[corrections]]
        item = "Maker"
        member = "type"
        page = "type-aliases/Maker.mdx"
        reason = "It is called with `new`."
        was.type = { function = { params = [], returns = "string" } }
        is.type = { function = { construct = true, params = [], returns = "string" } }
    "#;
    assert_eq!(applied(text, &mut items), [""; 0]);
    let Shape::Class(hall) = &items[0].shape else { panic!() };
    assert_eq!(hall.accessors[0].get.as_ref().unwrap().to_string(), "string[]");
    assert_eq!(hall.accessors[0].unit, Some(Unit::Millis));
    let Shape::Alias { ty: TypeExpr::Function(maker), .. } = &items[1].shape else { panic!() };
    assert!(maker.construct);
    let stale = applied(text, &mut items);
    assert_eq!(stale, ["overlay-stale overlay.toml:4:18", "overlay-stale overlay.toml:12:18"]);
    let no_member = text.replace("\"type\"", "\"typ\"");
    let stale = applied(&no_member, &mut items);
    assert_eq!(stale[1..], ["overlay-stale overlay.toml:12:18"]);
}

#[test]
fn parameters_of_functions_are_described_and_sealed() {
    let mut items = [item(
        "ring",
        json!({"kind": "function", "signatures": [{
            "name": "ring",
            "returns": "void",
            "params": [{"name": "options", "type": "object", "fields": [
                {"name": "key", "type": "string"},
            ]}],
        }]}),
    )];
    let text = r#"
        [items.ring]
        secret = ["options.key"]
        members."options.key" = "What opens the door."
        members."options.lock" = "What is opened."
    "#;
    assert_eq!(applied(text, &mut items), ["overlay-stale overlay.toml:5:17"]);
    let Shape::Function { signatures } = &items[0].shape else { panic!() };
    let key = &signatures[0].params[0].fields[0];
    assert!(key.secret);
    assert_eq!(key.summary, "What opens the door.");
}

#[test]
fn tables_and_outcomes_are_named() {
    let table = json!({"name": "Precedence", "inputs": ["x", "y"], "rows": [
        {"when": [true, true], "then": "One"}, {"when": [true, false], "then": "One"},
        {"when": [false, true], "then": "Two"}, {"when": [false, false], "then": "Two"},
    ]});
    let provider = || item("P", json!({"kind": "interface", "tables": [table]}));
    let named = |rest: &str| {
        format!(
            "[[items.P.tables]]\nname = \"M\"\nsummary = \"s\"\ninputs = [\"a\", \"b\"]\n{rest}"
        )
    };
    let mut items = [provider()];
    assert_eq!(applied(&named("outcomes.Two = \"Second\""), &mut items), [""; 0]);
    let table = &items[0].tables[0];
    assert_eq!((table.name.as_str(), table.rows[3].then.as_str()), ("M", "Second"));
    assert_eq!(table.inputs, ["a", "b"]);
    let mut items = [provider()];
    let found = applied(&named("outcomes.Three = \"Third\""), &mut items);
    assert_eq!(found, ["overlay-stale overlay.toml:5:10"]);
    let mut items = [provider()];
    let short = named("").replace("[\"a\", \"b\"]", "[\"a\"]");
    assert_eq!(applied(&short, &mut items).len(), 1);
    let mut items = [interface("P", json!([]))];
    assert_eq!(applied(&named(""), &mut items).len(), 1);
}

#[test]
fn an_external_type_with_a_page_is_stale() {
    let mut items = [credential()];
    let found = applied("[externals]\ndata = [\"Credential\"]", &mut items);
    assert_eq!(found, ["overlay-stale overlay.toml:2:9"]);
    let twice = "[externals]\ndata = [\"A\"]\nerror = [\"A\"]";
    let problem = Overlay::read("overlay.toml", twice).unwrap_err();
    assert_eq!(problem.place.to_string(), "overlay.toml:3:10");
}

#[test]
fn mistakes_in_the_file_are_told_with_line_and_column() {
    for (text, place) in [
        ("[items.A]\nsumary = \"x\"", "overlay.toml:2:1"),
        ("[items.A]\nsecret = 5", "overlay.toml:2:10"),
        ("[items.A\n", "overlay.toml:1:9"),
        ("[[corrections]]\nitem = \"A\"", "overlay.toml:1:1"),
        (
            "[[corrections]]\nitem = \"A\"\npage = \"A.mdx\"\nreason = \"x\"\nwas = {}\nis = {}",
            "overlay.toml:2:8",
        ),
    ] {
        let problem = Overlay::read("overlay.toml", text).unwrap_err();
        assert_eq!((problem.code, problem.place.to_string().as_str()), ("overlay-read", place));
    }
    assert_eq!(Overlay::load(Path::new("nowhere.toml")).unwrap_err().code, "overlay-read");
}

#[test]
fn read_items_take_the_place_of_committed_ones() {
    let overlay = Overlay::default();
    let mut newer = credential();
    newer.place.line = 30;
    let other = interface("Other", json!([{"name": "x", "type": {"ref": {"name": "Credential"}}}]));
    let done = assemble(vec![newer], vec![credential(), other], &overlay).unwrap();
    assert_eq!(done.items.len(), 1);
    assert_eq!(done.schema.items["Credential"].place.line, 30);
    assert!(done.schema.items.contains_key("Other"));
}

#[test]
fn a_second_name_gives_way_to_the_first() {
    let overlay = Overlay::read("overlay.toml", "[second-names]\nNewName = \"OldName\"").unwrap();
    let named = |name: &str| interface(name, json!([{"name": "x", "type": "string"}]));
    let user =
        interface("User", json!([{"name": "x", "type": {"array": {"ref": {"name": "NewName"}}}}]));
    let mut items = vec![named("NewName"), named("OldName"), user];
    overlay.unify(&mut items);
    let names: Vec<&str> = items.iter().map(|item| item.name.as_str()).collect();
    assert_eq!(names, ["OldName", "User"]);
    assert_eq!(members(&items[1]).properties[0].ty.to_string(), "OldName[]");
    // What is there under the second name alone is not lost without a word.
    let mut items = vec![named("NewName")];
    overlay.unify(&mut items);
    assert_eq!(items.len(), 1);
}

#[test]
fn the_committed_overlay_declares_only_types_without_a_page() {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR"));
    let overlay = Overlay::load(&schema.join("overlay.toml")).unwrap();
    let items = document::load(&schema.join("interfaces")).unwrap();
    assert!(link::link(items.clone(), overlay.externals()).is_ok());
    assert!(items.iter().all(|item| !overlay.externals().contains_key(&item.name)));
}

#[test]
fn members_without_a_line_take_that_of_an_item_they_are_like() {
    let mut items = [
        credential(),
        interface(
            "Copy",
            json!([
                {"name": "cnf", "type": "object"},
                {"name": "token", "type": "string"},
                {"name": "more", "type": "string"},
            ]),
        ),
    ];
    let text = r#"
        [items.Credential]
        members.token = "The token."
        members.cnf = "The key."
        [items.Copy]
        like = ["Credential"]
        members.cnf = "The key of the copy."
    "#;
    assert_eq!(applied(text, &mut items), [""; 0]);
    let summaries: Vec<&str> =
        members(&items[1]).properties.iter().map(|one| one.summary.as_str()).collect();
    assert_eq!(summaries, ["The key of the copy.", "The token.", ""]);
    let union = json!({"union": [{"literal": "up"}, {"literal": "down"}]});
    let alias = |name: &str| item(name, json!({"kind": "alias", "type": union}));
    let mut aliases = [alias("State"), alias("Other")];
    let text = "[items.State]\nmeanings.up = \"It is up.\"\n[items.Other]\nlike = [\"State\"]";
    assert_eq!(applied(text, &mut aliases), [""; 0]);
    let Shape::Alias { meanings, .. } = &aliases[1].shape else { panic!() };
    assert_eq!(meanings.iter().collect::<Vec<_>>(), [(&"up".to_owned(), &"It is up.".to_owned())]);
    let stale = applied("[items.Copy]\nlike = [\"Credentail\"]", &mut items);
    assert_eq!(stale, ["overlay-stale overlay.toml:2:9"]);
}

#[test]
fn elements_and_their_events_are_described() {
    let document = json!({
        "format": "credwire-element/1", "tag": "x-dial", "class": "XDial",
        "place": {"file": "x-dial.mdx", "line": 1, "column": 1},
        "events": [{"name": "x-key", "place": {"file": "x-dial.mdx", "line": 2, "column": 1}}],
    });
    let mut elements = [document::read_element("x-dial.json", &document.to_string()).unwrap()];
    let text = "\
[elements.x-dial]
summary = \"Dials.\"
events.x-key = \"A key.\"
events.x-kye = \"A key.\"
[elements.x-dail]
summary = \"Dials.\"
[elements.x-elsewhere]
summary = \"Dials.\"
";
    let overlay = Overlay::read("overlay.toml", text).unwrap();
    let elsewhere = BTreeSet::from(["x-elsewhere".to_owned()]);
    let found = codes(&overlay.apply_to_elements(&mut elements, &elsewhere));
    assert_eq!(found, ["overlay-stale overlay.toml:5:11", "overlay-stale overlay.toml:4:8"]);
    let [element] = &elements;
    assert_eq!(
        (element.summary.as_str(), element.events[0].summary.as_str()),
        ("Dials.", "A key.")
    );
    // Symbols alone say nothing about elements.
    assert_eq!(overlay.apply_to_elements(&mut [], &elsewhere), []);
}
