//! Linking: names, roles, rules, tables, cycles and collisions.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

#[allow(dead_code, reason = "shared by several tests")]
mod sample;

use credwire_schema::{
    diagnostic::Diagnostic,
    link,
    model::{Item, Role},
    type_expr::TypeExpr,
};
use sample::{codes, externals, interface, item};
use serde_json::{Value, json};

fn problems(items: Vec<Item>) -> Vec<Diagnostic> {
    link::link(items, &externals()).unwrap_err()
}

fn named(name: &str) -> Value {
    json!({"ref": {"name": name}})
}

fn role(items: Vec<Item>, name: &str) -> Role {
    link::link(items, &externals()).unwrap().roles[name]
}

#[test]
fn an_unknown_type_is_told_with_place_and_suggestion() {
    let found = problems(vec![
        interface("Credential", json!([{"name": "x", "type": "string"}])),
        interface(
            "A",
            json!([
                {"name": "near", "type": {"array": named("Credentials")}},
                {"name": "far", "type": named("Banana")},
            ]),
        ),
    ]);
    assert_eq!(codes(&found), ["unknown-type A.mdx:2:1", "unknown-type A.mdx:3:1"]);
    assert_eq!(found[0].help.as_deref(), Some("did you mean `Credential`?"));
    assert!(found[1].help.as_deref().unwrap().contains("overlay"));
}

#[test]
fn type_parameters_are_known_where_they_are_in_scope() {
    let generic = json!({"kind": "interface", "typeParams": [{"name": "T"}], "properties": [
        {"name": "x", "type": named("T")},
        {"name": "f", "type": {"function": {
            "typeParams": [{"name": "U"}], "params": [], "returns": named("U"),
        }}},
    ]});
    assert!(link::link(vec![item("A", generic)], &externals()).is_ok());
    let found = problems(vec![interface("B", json!([{"name": "x", "type": named("T")}]))]);
    assert_eq!(codes(&found), ["unknown-type B.mdx:2:1"]);
}

#[test]
fn an_item_that_comes_twice_names_both_places() {
    let one = interface("A", json!([]));
    let mut two = one.clone();
    two.place.line = 9;
    let found = problems(vec![one, two]);
    assert_eq!(codes(&found), ["duplicate-item A.mdx:9:1"]);
    assert!(found[0].message.contains("A.mdx:1:1"));
}

#[test]
fn names_that_become_one_in_rust_name_both_places() {
    let fields = json!([
        {"name": "expiresAt", "type": "number"},
        {"name": "expires_at", "type": "number"},
    ]);
    let found = problems(vec![interface("A", fields)]);
    assert_eq!(codes(&found), ["name-collision A.mdx:3:1"]);
    assert!(found[0].message.contains("A.mdx:2:1"), "{}", found[0]);
    let twin = item("B", json!({"kind": "interface", "rust": "A"}));
    let found = problems(vec![interface("A", json!([])), twin]);
    assert_eq!(codes(&found), ["name-collision B.mdx:1:1"]);
    let nested = json!([{"name": "cnf", "type": "object", "fields": [
        {"name": "jkt", "type": "string"},
    ]}]);
    let found = problems(vec![interface("A", nested), interface("ACnf", json!([]))]);
    assert_eq!(found[0].code, "name-collision");
}

#[test]
fn a_stream_and_its_snapshot_do_not_collide() {
    let pair = json!([
        {"name": "status", "type": "string"},
        {"name": "status$", "type": {"ref": {"name": "Observable", "args": ["string"]}}},
    ]);
    assert!(link::link(vec![interface("A", pair)], &externals()).is_ok());
}

#[test]
fn a_name_that_is_no_identifier_is_refused() {
    let found = problems(vec![interface("A", json!([{"name": "4k", "type": "string"}]))]);
    assert_eq!(codes(&found), ["not-an-identifier A.mdx:2:1"]);
    let found = problems(vec![item("A", json!({"kind": "interface", "rust": "A B"}))]);
    assert_eq!(codes(&found), ["not-an-identifier A.mdx:1:1"]);
}

#[test]
fn bases_that_lead_back_are_refused_with_the_way_and_data_may_hold_itself() {
    let extends = |name: &str, base: &str| {
        let mut item = interface(name, json!([]));
        item.extends = vec![TypeExpr::named(base)];
        item
    };
    let found = problems(vec![extends("A", "B"), extends("B", "A")]);
    assert_eq!(codes(&found), ["type-cycle A.mdx:1:1"]);
    assert!(found[0].message.contains("`A` -> `B` -> `A`"), "{}", found[0]);
    let mended = link::link_all(vec![extends("A", "B"), extends("B", "A")], &externals()).unwrap();
    assert_eq!(codes(&mended.simplified), ["type-cycle A.mdx:1:1"]);
    let a = interface("A", json!([{"name": "b", "type": named("B"), "optional": true}]));
    let b = interface("B", json!([{"name": "a", "type": named("A")}]));
    let tree = interface("T", json!([{"name": "children", "type": {"array": named("T")}}]));
    assert!(link::link(vec![a, b, tree], &externals()).is_ok());
}

#[test]
fn rules_speak_of_optional_members_that_exist() {
    let rule = |names: Value| json!([{"atLeastOneOf": names}]);
    let fields = json!([
        {"name": "token", "type": "string"},
        {"name": "state", "type": "string", "optional": true},
    ]);
    let with = |names: Value| {
        item("A", json!({"kind": "interface", "properties": fields, "rules": rule(names)}))
    };
    let found = problems(vec![with(json!(["tokens", "state"]))]);
    assert_eq!(codes(&found), ["unknown-member A.mdx:1:1"]);
    assert_eq!(found[0].help.as_deref(), Some("did you mean `token`?"));
    let found = problems(vec![with(json!(["token", "state"]))]);
    assert_eq!(codes(&found), ["contradictory-rule A.mdx:2:1"]);
}

#[test]
fn local_members_stand_in_data_beside_members_of_other_names() {
    let local = json!([{"name": "expires_in", "summary": "Its time.", "type": "duration"}]);
    let with = |rest: Value| {
        let mut all = json!({"kind": "interface", "local": local});
        all.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        item("A", all)
    };
    let data = with(json!({"properties": [{"name": "token", "type": "string"}]}));
    assert!(link::link(vec![data], &externals()).is_ok());
    let taken = with(json!({"properties": [{"name": "expiresIn", "type": "number"}]}));
    assert_eq!(codes(&problems(vec![taken])), ["name-collision A.mdx:2:1"]);
    let behaviour = with(json!({"methods": [{"name": "run", "returns": "void"}]}));
    assert_eq!(codes(&problems(vec![behaviour])), ["local-member A.mdx:1:1"]);
}

fn table(rows: &[(&[bool], &str)]) -> Item {
    let rows: Vec<Value> =
        rows.iter().map(|(when, then)| json!({"when": when, "then": then})).collect();
    let table = json!({"name": "D", "inputs": ["a", "b"], "rows": rows});
    item("A", json!({"kind": "interface", "tables": [table]}))
}

#[test]
fn a_table_decides_each_combination_once() {
    let full: &[(&[bool], &str)] = &[
        (&[true, true], "X"),
        (&[true, false], "Y"),
        (&[false, true], "X"),
        (&[false, false], "None"),
    ];
    assert!(link::link(vec![table(full)], &externals()).is_ok());
    let found = problems(vec![table(&full[..3])]);
    assert_eq!(codes(&found), ["table-incomplete A.mdx:2:1"]);
    assert!(found[0].message.contains("a=false, b=false"), "{}", found[0]);
    let mut twice = full.to_vec();
    twice.push((&[true, true], "Y"));
    let found = problems(vec![table(&twice)]);
    assert_eq!(codes(&found), ["table-ambiguous A.mdx:2:1"]);
    assert!(found[0].message.contains("in two ways"), "{}", found[0]);
    let found = problems(vec![table(&[(&[true], "X")])]);
    assert_eq!(codes(&found), ["table-row A.mdx:2:1"]);
}

#[test]
fn roles_follow_from_the_members() {
    let data = || interface("Data", json!([{"name": "x", "type": "string"}]));
    assert_eq!(role(vec![data()], "Data"), Role::WireData);
    let holds = |ty: Value| interface("A", json!([{"name": "x", "type": ty}]));
    assert_eq!(role(vec![holds(named("Data")), data()], "A"), Role::WireData);
    assert_eq!(role(vec![holds(named("MediaStream"))], "A"), Role::Handles);
    let options = interface("Options", json!([{"name": "x", "type": named("MediaStream")}]));
    assert_eq!(role(vec![holds(named("Options")), options], "A"), Role::Handles);
    let stream = json!({"ref": {"name": "Observable", "args": ["string"]}});
    assert_eq!(role(vec![holds(stream.clone())], "A"), Role::Stream);
    let pair = interface("A", json!([{"name": "x$", "type": stream}]));
    assert_eq!(role(vec![pair], "A"), Role::Sdk);
    let methods = json!({"kind": "interface", "methods": [{"name": "run", "returns": "void"}]});
    assert_eq!(role(vec![item("A", methods.clone())], "A"), Role::Application);
    let mut mixed = methods;
    mixed["properties"] = json!([{"name": "x", "type": "string"}]);
    assert_eq!(role(vec![item("A", mixed.clone())], "A"), Role::Sdk);
    let class = item(
        "C",
        json!({"kind": "class", "constructors": [
            {"name": "constructor", "params": [{"name": "a", "type": named("A")}], "returns": named("C")},
        ]}),
    );
    assert_eq!(role(vec![item("A", mixed), class], "A"), Role::Application);
}

#[test]
fn every_problem_is_reported_at_once_in_the_order_of_places() {
    let found = problems(vec![
        interface("B", json!([{"name": "x", "type": named("Nope")}])),
        interface(
            "A",
            json!([{"name": "4", "type": "string"}, {"name": "y", "type": named("No")}]),
        ),
    ]);
    assert_eq!(
        codes(&found),
        ["not-an-identifier A.mdx:2:1", "unknown-type A.mdx:3:1", "unknown-type B.mdx:2:1"]
    );
}
