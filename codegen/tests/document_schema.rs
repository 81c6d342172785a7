//! The JSON Schema of schema documents decides as their reader does.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use credwire_ingest::{IngestInput, Options, ingest};
use credwire_schema::{
    diagnostic::Place,
    document,
    model::{
        Accessor, DecisionRow, DecisionTable, EnumMember, LocalMember, Method, Property, Statics,
        element::{Attribute, CssProperty, Event, Named},
        rpc::{Events, RpcCode, RpcSignature},
    },
    type_expr::{
        Field, FunctionParam, FunctionType, IndexSignature, MappedType, TupleElement, TypeExpr,
        TypeParam,
    },
};
use jsonschema::Validator;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

/// The folders of documents in this repository.
const FOLDERS: [&str; 9] = [
    "schema/interfaces",
    "schema/wire",
    "schema/elements",
    "codegen/tests/golden/interfaces",
    "codegen/tests/golden/elements",
    "tests/ui/documents",
    "tests/bench-peers/schema",
    "tests/crates/every-lint",
    "examples/outside/schema",
];

/// Documents with what none of the others has.
const RARE: [&str; 2] = [
    r#"{
  "format": "credwire-schema/1", "name": "Level", "rust": "Level", "kind": "enum", "deprecated": true,
  "members": [{ "name": "Low", "summary": "Little.", "value": 1 }, { "name": "High", "value": "h" },
    { "name": "Other", "deprecated": true }]
}"#,
    r#"{
  "format": "credwire-schema/1", "name": "Rare", "rust": "Rare", "kind": "alias", "since": "2.1",
  "typeParams": [{ "name": "T", "extends": "object", "default": "any" }],
  "type": { "union": [
    "bigInt", "symbol", "never", "this", { "booleanLiteral": true }, { "opaque": "asserts x" },
    { "objectType": [{ "index": { "name": "key", "key": "string", "value": "any", "readonly": true } },
      { "call": { "construct": true, "typeParams": [{ "name": "U" }],
        "params": [{ "name": "a", "type": "number", "optional": true, "rest": true }], "returns": "void" } },
      { "property": { "name": "b", "type": "null", "optional": true, "readonly": true } }] },
    { "mapped": { "key": "K", "keys": { "keyOf": { "typeOf": { "name": "x", "args": ["undefined"] } } },
      "renamed": { "template": [{ "text": "on" }, { "type": "string" }] }, "type": "unknown",
      "optional": "add", "readonly": "remove" } },
    { "tuple": { "readonly": true,
      "elements": [{ "name": "c", "type": "string", "optional": true, "rest": true }] } },
    { "conditional": { "check": { "indexed": { "object": "this", "index": "string" } },
      "extends": { "infer": { "name": "V" } }, "then": { "numberLiteral": "1" },
      "otherwise": { "predicate": { "param": "d", "ty": { "readonlyArray": "boolean" } } } } },
    { "intersection": [{ "array": { "literal": "e" } }, { "function": { "returns": "void" } }] }
  ] }
}"#,
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn schema() -> Value {
    serde_json::from_str(document::JSON_SCHEMA).unwrap()
}

fn validator() -> Validator {
    jsonschema::meta::validate(&schema()).unwrap();
    jsonschema::draft202012::new(&schema()).unwrap()
}

/// Every committed document, by path.
fn committed() -> BTreeMap<String, String> {
    let rare = RARE.into_iter().enumerate();
    let mut all: BTreeMap<_, _> =
        rare.map(|(index, text)| (format!("RARE {index}"), text.to_owned())).collect();
    for folder in FOLDERS {
        let before = all.len();
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|ending| ending != "json") {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            if document::is_document(&text) {
                all.insert(path.display().to_string(), text);
            }
        }
        assert!(all.len() > before, "no document is in {folder}");
    }
    all
}

/// The documents of pages and declarations as they are read now, by path.
fn made() -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    let foreign = fs::read_dir(root().join("tests/foreign")).unwrap();
    let foreign = foreign.map(|entry| entry.unwrap().path());
    for path in foreign.chain([root().join("ingest/fixtures")]) {
        let ingested = ingest(&[IngestInput::Path(path.clone())], &Options::default());
        let (symbols, elements) = (&ingested.items, &ingested.elements);
        for files in [document::files(symbols).unwrap(), document::element_files(elements).unwrap()]
        {
            let named = |(file, text): (&str, &str)| {
                (format!("{} -> {file}", path.display()), text.to_owned())
            };
            all.extend(files.iter().map(named));
        }
    }
    all
}

#[test]
fn every_document_is_valid() {
    let validator = validator();
    let made = made();
    assert!(made.len() > 200, "{} documents", made.len());
    let mut faults = Vec::new();
    for (path, text) in committed().iter().chain(&made) {
        let value: Value = serde_json::from_str(text).unwrap();
        document::read_any(path, text).unwrap();
        let errors = validator.iter_errors(&value);
        faults.extend(errors.map(|error| format!("{path}: {}: {error}", error.instance_path())));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A document that is wrong in one place, with what was done to it.
struct Mutation {
    what: String,
    document: Value,
}

/// What can be wrong with the value at `pointer`.
fn mutations(document: &Value, pointer: &str) -> Vec<Mutation> {
    let at = document.pointer(pointer).unwrap();
    let mut all = Vec::new();
    let mut mutate = |what: String, value: Value| {
        let mut document = document.clone();
        *document.pointer_mut(pointer).unwrap() = value;
        all.push(Mutation { what: format!("{pointer}: {what}"), document });
    };
    if let Value::Object(object) = at {
        mutate("an unknown key".to_owned(), with(object, "zebra", json!("x")));
        for key in object.keys() {
            let mut fewer = object.clone();
            fewer.remove(key);
            mutate(format!("without `{key}`"), fewer.into());
        }
    }
    for other in [json!(7.5), json!("zebra"), json!(true), json!([7.5]), json!({"zebra": 7.5})] {
        mutate(format!("{other} in its place"), other);
    }
    all
}

fn with(object: &Map<String, Value>, key: &str, value: Value) -> Value {
    let mut more = object.clone();
    more.insert(key.to_owned(), value);
    more.into()
}

/// The pointers of a document to every value, each beside the same without the numbers of items.
fn pointers(value: &Value, pointer: &str, kind: &str, found: &mut Vec<(String, String)>) {
    found.push((pointer.to_owned(), kind.to_owned()));
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                let escaped = key.replace('~', "~0").replace('/', "~1");
                let below = format!("{kind}/{escaped}");
                // A part of a type is like the same part of any other type.
                let below = if is_type(value, key) { format!("type:{key}") } else { below };
                pointers(value, &format!("{pointer}/{escaped}"), &below, found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                pointers(value, &format!("{pointer}/{index}"), &format!("{kind}/-"), found);
            }
        }
        _ => {}
    }
}

fn is_type(value: &Value, key: &str) -> bool {
    ["type", "get", "returns", "params", "extends"].contains(&key)
        && serde_json::from_value::<TypeExpr>(value.clone()).is_ok()
}

/// Where the reader and the schema do not decide alike.
fn differences<'a>(
    validator: &Validator,
    mutations: impl Iterator<Item = &'a Mutation>,
) -> (usize, Vec<String>) {
    let (mut refused, mut faults) = (0, Vec::new());
    for Mutation { what, document } in mutations {
        let read = document::read_any("x.json", &document.to_string());
        refused += usize::from(read.is_err());
        if read.is_ok() != validator.is_valid(document) {
            faults.push(format!("{what}: the reader says {:?}", read.err().map(|it| it.message)));
        }
    }
    (refused, faults)
}

#[test]
fn what_the_reader_refuses_the_schema_refuses_and_the_other_way_round() {
    let validator = validator();
    let mut seen = BTreeSet::new();
    let (mut refused, mut faults) = (0, Vec::new());
    for (path, text) in &committed() {
        let value: Value = serde_json::from_str(text).unwrap();
        let kind = value.get("kind").and_then(Value::as_str).unwrap_or("element");
        let mut found = Vec::new();
        pointers(&value, "", kind, &mut found);
        for (pointer, pattern) in found {
            if !seen.insert(pattern) {
                continue;
            }
            let (number, wrong) = differences(&validator, mutations(&value, &pointer).iter());
            refused += number;
            faults.extend(wrong.into_iter().map(|fault| format!("{path}{fault}")));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(refused > 2000, "only {refused} documents were wrong");
}

#[test]
fn what_belongs_to_another_kind_is_refused() {
    let validator = validator();
    let mut by_kind = BTreeMap::new();
    let mut values = BTreeMap::new();
    for text in committed().values() {
        let Value::Object(document) = serde_json::from_str(text).unwrap() else { panic!("{text}") };
        let Some(kind) = document.get("kind") else { continue };
        values.extend(document.clone());
        by_kind.entry(kind.to_string()).or_insert(document);
    }
    assert_eq!(by_kind.len(), 8, "{:?}", by_kind.keys());
    let mut mutations = Vec::new();
    for (kind, document) in &by_kind {
        let mut mutate = |what: String, document| {
            mutations.push(Mutation { what: format!("{kind} {what}"), document });
        };
        for (key, value) in values.iter().filter(|(key, _)| !document.contains_key(*key)) {
            mutate(format!("with `{key}`"), with(document, key, value.clone()));
        }
        for other in by_kind.keys().filter(|other| *other != kind) {
            let other = serde_json::from_str(other).unwrap();
            mutate(format!("as {other}"), with(document, "kind", other));
        }
    }
    let (refused, faults) = differences(&validator, mutations.iter());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(refused > 100, "only {refused} documents were wrong");
}

/// The keys that a reader names when it is given one that it does not have.
fn keys_in(message: &str) -> BTreeSet<String> {
    let (_, known) = message.split_once("expected ").unwrap_or_else(|| panic!("{message}"));
    known.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn keys_of<T: DeserializeOwned>() -> BTreeSet<String> {
    let error = serde_json::from_str::<T>(r#"{"zebra": 0}"#).err().unwrap();
    keys_in(&error.to_string())
}

/// The keys of a document of this format.
fn keys_of_document(format: &str) -> BTreeSet<String> {
    let text = json!({ "format": format, "zebra": 0 }).to_string();
    keys_in(&document::read_any("x.json", &text).unwrap_err().message)
}

/// The keys of a form of a type that is an object.
fn keys_of_type(form: &str) -> BTreeSet<String> {
    let error = serde_json::from_value::<TypeExpr>(json!({ form: { "zebra": 0 } })).unwrap_err();
    keys_in(&error.to_string())
}

#[test]
fn the_keys_of_the_schema_are_those_of_the_reader() {
    let schema = schema();
    let properties = |pointer: &str| -> BTreeSet<String> {
        let object = schema.pointer(&format!("/$defs/{pointer}/properties"));
        object.unwrap_or_else(|| panic!("{pointer}")).as_object().unwrap().keys().cloned().collect()
    };
    let readers = [
        ("item", keys_of_document("credwire-schema/1")),
        ("element", keys_of_document("credwire-element/1")),
        ("property", keys_of::<Property>()),
        ("accessor", keys_of::<Accessor>()),
        ("method", keys_of::<Method>()),
        ("statics", keys_of::<Statics>()),
        ("enumMember", keys_of::<EnumMember>()),
        ("localMember", keys_of::<LocalMember>()),
        ("rule", keys_of::<credwire_schema::model::Rule>()),
        ("decisionTable", keys_of::<DecisionTable>()),
        ("decisionRow", keys_of::<DecisionRow>()),
        ("rpcMethod", keys_of::<RpcSignature>()),
        ("rpcEvents", keys_of::<Events>()),
        ("rpcCode", keys_of::<RpcCode>()),
        ("attribute", keys_of::<Attribute>()),
        ("event", keys_of::<Event>()),
        ("named", keys_of::<Named>()),
        ("cssProperty", keys_of::<CssProperty>()),
        ("place", keys_of::<Place>()),
        ("typeParam", keys_of::<TypeParam>()),
        ("field", keys_of::<Field>()),
        ("indexSignature", keys_of::<IndexSignature>()),
        ("objectMember", keys_of::<credwire_schema::type_expr::ObjectMember>()),
        ("functionType", keys_of::<FunctionType>()),
        ("functionParam", keys_of::<FunctionParam>()),
        ("tupleElement", keys_of::<TupleElement>()),
        ("mappedType", keys_of::<MappedType>()),
        ("templatePart", keys_of::<credwire_schema::type_expr::TemplatePart>()),
    ];
    for (name, keys) in &readers {
        assert_eq!(properties(name), *keys, "{name}");
    }
    for form in ["ref", "predicate", "tuple", "indexed", "typeOf"] {
        assert_eq!(
            properties(&format!("type/anyOf/1/properties/{form}")),
            keys_of_type(form),
            "{form}"
        );
    }
    // A form of a type is a word or a key.
    let words = schema.pointer("/$defs/type/anyOf/0/enum").unwrap().as_array().unwrap().iter();
    let words = words.map(|word| word.as_str().unwrap().to_owned());
    let forms: BTreeSet<String> = words.chain(properties("type/anyOf/1")).collect();
    assert_eq!(forms, keys_of::<TypeExpr>());
    // Nothing else in the schema has keys of its own.
    let defs = schema["$defs"].as_object().unwrap();
    let with_keys = defs.iter().filter(|(_, schema)| schema.get("properties").is_some());
    let with_keys: BTreeSet<&str> = with_keys.map(|(name, _)| name.as_str()).collect();
    assert_eq!(with_keys, readers.iter().map(|(name, _)| *name).collect());
}

#[test]
fn every_key_of_the_schema_has_a_meaning_and_is_in_some_document() {
    fn meanings(schema: &Value, path: &str, found: &mut BTreeSet<String>) {
        if let Some(Value::Object(properties)) = schema.get("properties") {
            for (key, schema) in properties {
                let path = format!("{path}.{key}");
                let meaning = schema.get("description").and_then(Value::as_str).unwrap_or_default();
                assert!(meaning.ends_with(['.', '`']), "{path} has no meaning: {meaning:?}");
                found.insert(key.clone());
                meanings(schema, &path, found);
            }
        }
        for schema in schema.get("anyOf").and_then(Value::as_array).into_iter().flatten() {
            meanings(schema, path, found);
        }
    }
    fn keys(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(object) => object.iter().for_each(|(key, value)| {
                found.insert(key.clone());
                keys(value, found);
            }),
            Value::Array(items) => items.iter().for_each(|item| keys(item, found)),
            _ => {}
        }
    }
    let (mut defined, mut used) = (BTreeSet::new(), BTreeSet::new());
    for (name, schema) in schema()["$defs"].as_object().unwrap() {
        meanings(schema, name, &mut defined);
    }
    for text in committed().values().chain(made().values()) {
        keys(&serde_json::from_str(text).unwrap(), &mut used);
    }
    let unused: Vec<_> = defined.difference(&used).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

/// The page about documents.
fn page() -> String {
    fs::read_to_string(root().join("docs/documents.md")).unwrap()
}

/// The first block of a language whose text has `part` in it.
fn block(page: &str, language: &str, part: &str) -> String {
    let fence = format!("```{language}\n");
    let blocks = page.split(fence.as_str()).skip(1);
    let mut blocks = blocks.filter_map(|rest| rest.split("```").next());
    blocks.find(|block| block.contains(part)).unwrap_or_else(|| panic!("{part}")).to_owned()
}

#[test]
fn the_document_of_the_docs_is_read_written_and_generated() {
    let page = page();
    let text = block(&page, "json", "\"kind\"");
    let item = document::read("Lamp.json", &text).unwrap();
    assert_eq!(document::write(&item).unwrap(), text);
    assert!(validator().is_valid(&serde_json::from_str(&text).unwrap()));
    let schema = credwire_schema::link::link_all(vec![item], &BTreeMap::new()).unwrap();
    let options = credwire_codegen::CrateOptions::new("lamp");
    let generated = credwire_codegen::render_with(&schema, &options).unwrap();
    let shown = block(&page, "rust", "pub struct");
    let code = &generated.code("Lamp")[0].text;
    assert!(code.contains(shown.as_str()), "{shown} is not in {code}");
}

/// The rows of a table: keys with their meanings, and whether each is always there.
fn rows(schema: &Value) -> BTreeSet<String> {
    let required = schema.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    let properties = schema["properties"].as_object().unwrap();
    let row = |(key, schema): (&String, &Value)| {
        let meaning = schema["description"].as_str().unwrap().replace('|', "\\|");
        let always = if required.contains(&json!(key)) { " always |" } else { " |" };
        format!("| `{key}` | {meaning} |{always}")
    };
    properties.iter().map(row).collect()
}

#[test]
fn the_tables_of_the_docs_are_those_of_the_schema() {
    let (page, schema) = (page(), schema());
    let mut tables = schema["$defs"].as_object().unwrap().clone();
    let forms = schema.pointer("/$defs/type/anyOf/1").unwrap();
    let nested = forms["properties"].as_object().unwrap();
    tables.extend(nested.iter().map(|(form, schema)| (format!("type.{form}"), schema.clone())));
    tables.insert("type".to_owned(), forms.clone());
    tables.retain(|_, schema| schema.get("properties").is_some());
    assert!(tables.len() > 30);
    let lines: Vec<&str> = page.lines().collect();
    let shown = lines.split(|line| !line.starts_with("| `"));
    let shown: Vec<BTreeSet<String>> =
        shown.map(|table| table.iter().map(|row| (*row).to_owned()).collect()).collect();
    for (name, schema) in &tables {
        let table = rows(schema);
        assert!(
            shown.contains(&table),
            "docs/documents.md lacks the table of `{name}`: {table:#?}"
        );
    }
    for word in schema.pointer("/$defs/type/anyOf/0/enum").unwrap().as_array().unwrap() {
        assert!(page.contains(&format!("`{}`", word.as_str().unwrap())), "{word}");
    }
}
