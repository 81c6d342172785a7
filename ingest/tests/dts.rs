//! Declarations: what modules export, across files and under other names.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use credwire_ingest::{
    IngestInput, Ingested, Options,
    facts::{ItemKind, facts_json},
    ingest,
};
use credwire_schema::model::{Property, Shape};
use serde_json::{Value, json};

fn read(files: &[(&str, &str)]) -> Ingested {
    let inputs: Vec<IngestInput> = files
        .iter()
        .map(|(name, text)| IngestInput::Text {
            name: (*name).to_owned(),
            text: (*text).to_owned(),
        })
        .collect();
    ingest(&inputs, &Options::default())
}

fn codes(ingested: &Ingested) -> Vec<String> {
    let short = |fault: &credwire_schema::diagnostic::Diagnostic| {
        format!("{} {}:{}:{}", fault.code, fault.place.file, fault.place.line, fault.place.column)
    };
    ingested.diagnostics.iter().map(short).collect()
}

fn items(ingested: &Ingested) -> Value {
    facts_json(&ingested.facts)["items"].take()
}

#[test]
fn exports_are_followed_across_files_and_renamings() {
    let ingested = read(&[
        (
            "pkg/index.d.mts",
            "import { t as Request$1 } from \"./base-x1.mjs\";\nimport * as rxjs0 from \"rxjs\";\nimport { URL as URL$1 } from \"node:url\";\n\
             interface Hidden { a: string }\n\
             interface Issue { at: URL$1; from: Hidden; stream: rxjs0.Observable<Request$1>; }\n\
             export { type Issue as CallIssue, Request$1 as Request };\n",
        ),
        (
            "pkg/base-x1.d.mts",
            "interface Request<T = unknown> {\n  id: string;\n  params?: T | undefined;\n}\nexport { Request as t };\n",
        ),
    ]);
    assert_eq!(codes(&ingested), [""; 0]);
    let facts = facts_json(&ingested.facts);
    assert_eq!(facts["origin"]["kind"], "declarations");
    assert_eq!(
        facts["items"].as_object().unwrap().keys().collect::<Vec<_>>(),
        ["CallIssue", "Request"]
    );
    assert_eq!(facts["items"]["CallIssue"]["declared"], "Issue");
    let types: Vec<&str> = facts["items"]["CallIssue"]["properties"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["type"].as_str().unwrap())
        .collect();
    assert_eq!(types, ["URL", "Hidden", "Observable<Request>"]);
    assert_eq!(
        facts["items"]["Request"]["properties"][1],
        json!({ "name": "params", "type": "T", "optional": true, "readonly": false })
    );
    assert_eq!(facts["internal"]["Hidden"]["kind"], "interface");
    assert_eq!(ingested.facts.items["Request"].place.to_string(), "pkg/base-x1.d.mts:1:1");
}

#[test]
fn comments_state_units_defaults_and_marks() {
    let ingested = read(&[(
        "a.d.ts",
        "/** Options. At least one of `end` or {@link Options.start} must be given. */\n\
         export interface Options {\n\
         \x20 /**\n   * The end, in seconds since the epoch.\n   * @deprecated use start\n   */\n  end?: number;\n\
         \x20 /** When it starts. @x */\n  start?: string | undefined;\n\
         \x20 /**\n   * Tries.\n   * @defaultValue `3`\n   * @internal\n   */\n  readonly tries: number;\n}\n\
         /**\n * Waits.\n * @param ms - how long, in milliseconds\n * @throws when interrupted\n */\n\
         export declare function wait(ms: number): Promise<void>;\n",
    )]);
    assert_eq!(codes(&ingested), [""; 0]);
    let items = items(&ingested);
    let properties = &items["Options"]["properties"];
    assert_eq!(properties[0]["doc"], json!({ "unit": "s", "epoch": true }));
    assert_eq!(properties[1]["type"], "string");
    assert_eq!(
        properties[2],
        json!({ "name": "tries", "type": "number", "optional": false, "readonly": true, "internal": true, "doc": { "default": "3" } })
    );
    assert!(ingested.facts.items["Options"].properties[0].doc.deprecated);
    let unit = ingested.facts.items["Options"].properties[0].doc.unit.as_ref().unwrap();
    assert_eq!(
        (unit.place.to_string().as_str(), unit.words.as_str()),
        ("a.d.ts:4:15", "in seconds")
    );
    assert_eq!(items["wait"]["signatures"][0]["params"][0]["doc"], json!({ "unit": "ms" }));
    assert_eq!(items["wait"]["signatures"][0]["throws"], true);
}

/// D18: defaults on one line and on several, with and without code; tags in the middle of a line.
#[test]
fn defaults_and_marks_are_read_wherever_they_stand() {
    let ingested = read(&[(
        "a.d.ts",
        "export declare enum Sz { S = \"s\", L = \"l\" }\n\
         /** @deprecated\n * @since 2.1 of the kit */\nexport interface L {\n\
         /** Lifetime. @default 3600 */ a?: number;\n\
         /**\n * @default 40\n * More of it.\n */ b?: number;\n\
         /**\n * @defaultValue\n * ```ts\n * \"x @y\"\n * ```\n */ c?: string;\n\
         /** @default 5 (five of them) */ d?: number;\n\
         /** Mail is `a @default b` there. @deprecated @internal */ e?: string;\n\
         /** @default Sz.S */ f?: Sz;\n\
         /** @default 'a, b' */ g?: string;\n}\n",
    )]);
    assert_eq!(codes(&ingested), [""; 0]);
    let item = &ingested.facts.items["L"];
    assert_eq!((item.deprecated, item.since.as_deref()), (true, Some("2.1 of the kit")));
    let default = |name: &str| {
        let property = item.properties.iter().find(|one| one.name == name).unwrap();
        property.doc.default.as_ref().map(|default| default.value.as_str())
    };
    let read: Vec<_> = ["a", "b", "c", "d", "e", "f", "g"].into_iter().map(default).collect();
    let expected =
        [Some("3600"), Some("40"), Some("x @y"), Some("5"), None, Some("s"), Some("a, b")];
    assert_eq!(read, expected);
    assert!(item.properties[4].doc.deprecated && item.properties[4].internal);
    let lowered = ingested.items.iter().find(|item| item.name == "L").unwrap();
    assert!(lowered.deprecated && lowered.since.is_some());
}

/// D3, D4: text, lists, maps, bytes and aliases of secrets are marked wherever they stand, and
/// nothing that only speaks of one.
#[test]
fn secrets_are_marked_wherever_they_stand() {
    let ingested = read(&[(
        "a.d.ts",
        "export type Sealed = string | Uint8Array;\n\
         export interface B {\n  tokenMap: Record<string, string>;\n  tokenString: string;\n  cookie: string;\n\
         \x20 secret: string | Uint8Array;\n  clientAssertion: string;\n  passwords: string[];\n  pin: string;\n\
         \x20 apiKey: Sealed | null;\n  nested: {\n    /** In milliseconds. */\n    at: number;\n    refreshToken?: string;\n  };\n\
         \x20 tokenUrl: string;\n  keyboard: string;\n  token_type: string;\n  secretName: string;\n  hasToken: boolean;\n\
         \x20 /** The room's name, as the JWT says. */\n  roomName: string;\n}\n\
         export declare class C {\n  static login(password: string): void;\n  set passphrase(value: string);\n}\n\
         export declare function open(room: string, bearer: string): void;\n",
    )]);
    assert_eq!(codes(&ingested), [""; 0]);
    let item = |name: &str| &ingested.items.iter().find(|item| item.name == name).unwrap().shape;
    let Shape::Interface(members) = item("B") else { panic!() };
    let secrets = |all: &[Property]| -> Vec<String> {
        all.iter().filter(|one| one.secret).map(|one| one.name.clone()).collect()
    };
    assert_eq!(
        secrets(&members.properties),
        [
            "apiKey",
            "clientAssertion",
            "cookie",
            "passwords",
            "pin",
            "secret",
            "tokenMap",
            "tokenString"
        ]
    );
    let nested = members.properties.iter().find(|one| one.name == "nested").unwrap();
    assert_eq!(secrets(&nested.fields), ["refreshToken"]);
    let Shape::Class(class) = item("C") else { panic!() };
    assert_eq!(secrets(&class.statics.methods[0].params), ["password"]);
    assert!(class.accessors[0].set.as_ref().unwrap().secret);
    let Shape::Function { signatures } = item("open") else { panic!() };
    assert_eq!(secrets(&signatures[0].params), ["bearer"]);
}

#[test]
fn classes_errors_functions_and_enums() {
    let ingested = read(&[(
        "a.d.ts",
        "declare class Base extends Error {}\n\
         export declare class Refused extends Base {\n  constructor(reason?: string, options?: ErrorOptions);\n  private secret;\n  #hidden;\n  get level(): number;\n  set level(value: number);\n  protected close(): void;\n  on(a: 'x'): this;\n  on(a: 'y', b: number): this;\n}\n\
         export declare const setLevel: (level: number) => void;\n\
         export declare const version: string;\n\
         export declare enum Mode { Slow = \"slow\", Fast = \"fast\" }\n\
         export default interface Settings { [key: string]: number }\n",
    )]);
    assert_eq!(codes(&ingested), [""; 0]);
    let items = items(&ingested);
    assert_eq!(ingested.facts.items["Refused"].kind, ItemKind::Error);
    let refused = &items["Refused"];
    assert_eq!(refused["constructors"][0]["returns"], "Refused");
    assert_eq!(refused["properties"], json!([]));
    assert_eq!(
        refused["accessors"],
        json!([{ "name": "level", "get": "number", "set": { "param": "value", "type": "number" } }])
    );
    let methods: Vec<&str> = refused["methods"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| m["name"].as_str().unwrap())
        .collect();
    assert_eq!(methods, ["close", "on", "on"]);
    assert_eq!(refused["methods"][0]["access"], "protected");
    assert_eq!(
        (&items["setLevel"]["kind"], &items["version"]["kind"]),
        (&json!("function"), &json!("variable"))
    );
    assert_eq!(items["Mode"]["union"]["literals"], json!(["slow", "fast"]));
    assert_eq!(items["Settings"]["index"], json!([{ "key": "string", "type": "number" }]));
}

#[test]
fn cycles_end_and_gaps_are_reported() {
    let ingested = read(&[
        (
            "a.d.ts",
            "export * from './b';\nexport { gone } from './b';\nexport interface A { b: import('./b').B }\n",
        ),
        (
            "b.d.ts",
            "export * from './a';\nexport interface B { a: A }\nimport { A } from './a';\nimport { X } from './nowhere';\nexport declare namespace N { type T = string }\n",
        ),
    ]);
    assert_eq!(
        codes(&ingested),
        [
            "unresolved-export a.d.ts:1:1",
            "unresolved-export b.d.ts:1:1",
            "unresolved-import b.d.ts:1:1"
        ]
    );
    let items = items(&ingested);
    assert_eq!(items.as_object().unwrap().keys().collect::<Vec<_>>(), ["A", "B", "N.T"]);
    assert_eq!(items["A"]["properties"][0]["type"], "B");
    assert!(!ingested.has_errors());
}

#[test]
fn what_is_no_typescript_is_refused_with_its_place() {
    let broken = read(&[("a.d.ts", "export interface A {\n  b: ;\n}\n")]);
    assert_eq!(codes(&broken), ["invalid-declarations a.d.ts:2:6"]);
    assert!(broken.has_errors() && broken.items.is_empty());
    let deep =
        format!("export type A = {}string{};", "Array<".repeat(100_000), ">".repeat(100_000));
    assert!(read(&[("a.d.ts", &deep)]).has_errors());
}
