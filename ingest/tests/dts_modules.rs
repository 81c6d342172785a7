//! Declarations in modules of every style: namespaces, assignments, modules in files, packages.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::{fs, path::Path};

use credwire_ingest::{
    IngestInput, Ingested, Options,
    facts::{ItemKind, facts_json},
    ingest,
};
use credwire_schema::{
    document,
    model::{EnumMember, EnumValue, Shape, Unit},
};
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

fn names(ingested: &Ingested) -> Vec<&str> {
    ingested.facts.items.keys().map(String::as_str).collect()
}

/// The diagnostics that speak of declarations, as code and message.
fn faults(ingested: &Ingested) -> Vec<String> {
    let all = ingested.diagnostics.iter();
    all.map(|fault| format!("{}: {}", fault.code, fault.message)).collect()
}

fn items(ingested: &Ingested) -> Value {
    facts_json(&ingested.facts)["items"].take()
}

#[test]
fn namespaces_are_dotted_and_merge() {
    let ingested = read(&[(
        "a.d.ts",
        "export declare namespace Geo.Flat {\n  interface Point { x: number }\n  type Line = Point[];\n}\n\
         export declare namespace Geo {\n  function origin(): Flat.Point;\n  namespace Flat { interface Point { y: number } }\n}\n\
         export declare function draw(at: Geo.Flat.Point): void;\n\
         export declare namespace draw { interface Options { at: Geo.Flat.Line } }\n\
         export interface draw { count: number }\n",
    )]);
    assert_eq!(faults(&ingested), [""; 0]);
    assert_eq!(
        names(&ingested),
        ["Geo.Flat.Line", "Geo.Flat.Point", "Geo.origin", "draw", "draw.Options"]
    );
    let items = items(&ingested);
    let properties = items["Geo.Flat.Point"]["properties"].as_array().unwrap();
    assert_eq!(properties.len(), 2);
    assert_eq!(items["Geo.Flat.Line"]["type"], "Geo.Flat.Point[]");
    assert_eq!(items["Geo.origin"]["signatures"][0]["returns"], "Geo.Flat.Point");
    assert_eq!(items["draw.Options"]["properties"][0]["type"], "Geo.Flat.Line");
    // An interface and a function of one name are one thing that can be called.
    assert_eq!(items["draw"]["calls"][0]["params"][0]["type"], "Geo.Flat.Point");
}

#[test]
fn an_assigned_export_gives_its_members() {
    let ingested = read(&[
        (
            "main.d.ts",
            "import lib = require('./lib');\nexport const one: lib.Shape;\nexport import Kind = lib.Kind;\n",
        ),
        (
            "lib.d.ts",
            "export = lib;\nexport as namespace Lib;\n\
             declare function lib(kind: lib.Kind): lib.Shape;\n\
             declare namespace lib {\n  interface Shape { kind: Kind.Round }\n  enum Kind { Flat, Round = 4, Deep, None = -1 }\n  const enum Text { A = 'a' }\n}\n",
        ),
    ]);
    assert_eq!(faults(&ingested), [""; 0]);
    assert_eq!(names(&ingested), ["Kind", "one"]);
    let only = read(&[(
        "lib.d.ts",
        "export = lib;\ndeclare class lib { size: number }\ndeclare namespace lib { interface Shape { of: lib } }\n",
    )]);
    assert_eq!(names(&only), ["Shape", "lib"]);
    let facts = facts_json(&ingested.facts);
    assert_eq!(facts["items"]["one"]["type"], "lib.Shape");
    assert_eq!(facts["internal"]["lib.Shape"]["properties"][0]["type"], "4");
    assert_eq!(
        facts["items"]["Kind"]["members"],
        json!([
            { "name": "Flat", "value": "0" }, { "name": "Round", "value": "4" },
            { "name": "Deep", "value": "5" }, { "name": "None", "value": "-1" }
        ])
    );
}

#[test]
fn scripts_declare_modules_and_globals() {
    let ingested = read(&[
        (
            "index.d.ts",
            "/// <reference path=\"more.d.ts\" />\ndeclare module \"shapes\" {\n  import { Size } from \"sizes\";\n  export interface Shape { size: Size }\n  interface Unmarked { a: string }\n}\ndeclare var DEBUG: boolean;\n",
        ),
        (
            "more.d.ts",
            "declare module \"sizes\" {\n  interface Hidden { a: string }\n  interface Size { of: Hidden }\n  export { Size };\n}\n",
        ),
        (
            "add.d.ts",
            "import './index';\ndeclare global { interface Window { shape: import('shapes').Shape } }\ndeclare module \"shapes\" { interface Shape { added: true } }\ndeclare module \"elsewhere\" { interface Thing { b: string } }\nexport {};\n",
        ),
    ]);
    assert_eq!(
        faults(&ingested),
        ["outside-augmentation: what is added to the module `elsewhere` is not read"]
    );
    // What a module adds to the globals is no export of it.
    assert_eq!(names(&ingested), ["DEBUG", "Shape", "Size", "Unmarked"]);
    let items = items(&ingested);
    assert_eq!(items["Shape"]["properties"].as_array().unwrap().len(), 2);
    assert!(ingested.facts.internal.contains_key("Hidden"));
}

#[test]
fn modules_are_exported_whole_and_in_circles() {
    let ingested = read(&[
        (
            "index.d.mts",
            "import type { Inner as Same } from './inner.mjs';\nexport * as inner from './inner.mjs';\nexport * from './barrel.mjs';\nexport * from 'outside';\nexport type { Same };\nexport default class { on(): Same }\n",
        ),
        (
            "inner.d.mts",
            "import * as self from './inner.mjs';\nexport interface Inner { next: self.Inner }\nexport interface Only { a: import('./barrel.mjs').B; b: import('./gone.mjs').C; c: import('far').D<string> }\nexport { self };\n",
        ),
        (
            "barrel.d.mts",
            "export * from './other.mjs';\nexport * from './barrel.mjs';\nexport type { Missing } from './inner.mjs';\n",
        ),
        ("other.d.mts", "export * from './barrel.mjs';\nexport interface B { b: string }\n"),
    ]);
    assert_eq!(names(&ingested), ["B", "Same", "default", "inner.Inner", "inner.Only"]);
    let items = items(&ingested);
    let types: Vec<&Value> =
        items["inner.Only"]["properties"].as_array().unwrap().iter().map(|p| &p["type"]).collect();
    assert_eq!(types, ["B", "import(\"./gone.mjs\").C", "D<string>"]);
    assert_eq!(items["Same"]["properties"][0]["type"], "Same");
    assert_eq!(items["default"]["methods"][0]["returns"], "Same");
    assert_eq!(
        faults(&ingested),
        [
            "foreign-package: the package `far` is not read; these types of it are known by name alone: D",
            "unresolved-export: `Missing` is exported, but declared nowhere here",
            "unresolved-export: everything of `outside` is exported, but declared nowhere here",
            "repeated-namespace: `inner.self` holds what is exported in inner as well; that name is kept",
            "unresolved-import: `./gone.mjs` names no file of declarations here",
            "opaque-type: `import(\"./gone.mjs\").C` is a type that is kept as text only",
        ]
    );
}

#[test]
fn what_has_one_name_twice_is_told() {
    let ingested = read(&[
        (
            "a.d.ts",
            "interface Opts { a: string }\nexport interface A { o: Opts }\nexport interface Both { a: string }\n",
        ),
        (
            "b.d.ts",
            "interface Opts { b: string }\nexport interface B { o: Opts }\nexport interface Both { b: string }\nexport declare const B: { new (): B };\nexport {};\n",
        ),
    ]);
    let facts = facts_json(&ingested.facts);
    assert_eq!(
        faults(&ingested),
        [
            "duplicate-item: `Both` is exported from a.d.ts:3:1 as well; this one is left out",
            "merged-declaration: `B` is read as interface; the variable is not read",
        ]
    );
    // A file that lists nothing exports all it declares; a list, even an empty one, ends that.
    assert_eq!(names(&ingested), ["A", "B", "Both", "Opts"]);
    assert_eq!(facts["items"]["A"]["properties"][0]["type"], "Opts");
    assert_eq!(facts["items"]["B"]["properties"][0]["type"], "Opts$1");
    assert_eq!(facts["internal"]["Opts$1"]["properties"][0]["name"], "b");
}

#[test]
fn members_of_every_kind() {
    let ingested = read(&[(
        "a.d.ts",
        "export declare abstract class Base<T extends Base<T> = any> implements Iterable<T> {\n\
         \x20 static make(): void;\n  abstract run(): T;\n  protected abstract stop?(): void;\n\
         \x20 get level(): number;\n  set level(value: number | undefined);\n  accessor mode: string;\n\
         \x20 [Symbol.iterator](): Iterator<T>;\n  ['quoted-name']: string;\n  [index: number]: T;\n\
         \x20 on(a: 'x'): this;\n  on<K>(a: K, ...rest: T[]): this;\n  readonly tag: unique symbol;\n}\n\
         export type T = string;\nexport interface Uses<T> { own: T }\n",
    )]);
    let items = items(&ingested);
    let base = &items["Base"];
    let all = |key: &str| -> Vec<&str> {
        base[key]
            .as_array()
            .unwrap()
            .iter()
            .map(|member| member["name"].as_str().unwrap())
            .collect()
    };
    assert_eq!(all("methods"), ["[Symbol.iterator]", "on", "on", "run", "stop"]);
    assert_eq!(all("properties"), ["mode", "quoted-name", "tag"]);
    assert_eq!(base["index"], json!([{ "key": "number", "type": "T" }]));
    assert_eq!(base["accessors"][0]["set"]["type"], "number | undefined");
    assert_eq!(base["methods"][4]["access"], "protected");
    assert_eq!(items["Uses"]["properties"][0]["type"], "T");
    let statics = &base["statics"];
    assert_eq!(statics["methods"][0]["name"], "make");
    assert_eq!((&statics["properties"], &statics["accessors"]), (&json!([]), &json!([])));
    assert_eq!(
        faults(&ingested),
        ["opaque-type: `unique symbol` is a type that is kept as text only"]
    );
}

#[test]
fn types_beyond_the_model_are_kept_as_written_and_told() {
    let cases = [
        ("keyof A", None),
        ("(keyof A)[]", None),
        ("A & (A extends string ? 1 : 2)", None),
        ("typeof value", None),
        ("A[\"a\"]", None),
        ("[a: string, b?: number]", None),
        ("A extends string ? 1 : 2", None),
        ("{ [K in keyof A]?: A[K] }", None),
        ("{ (): void; (a: string): void }", None),
        ("(a: unknown) => asserts a is string", Some("asserts a is string")),
        ("unique symbol", Some("unique symbol")),
    ];
    for (text, kept) in cases {
        let code = format!("export interface A {{ a: string }}\nexport type Kept = {text};\n");
        let ingested = read(&[("a.d.ts", &code)]);
        assert_eq!(items(&ingested)["Kept"]["type"], text);
        let told =
            kept.map(|kept| format!("opaque-type: `{kept}` is a type that is kept as text only"));
        assert_eq!(faults(&ingested), told.into_iter().collect::<Vec<_>>(), "{text}");
    }
    let template = read(&[("a.d.ts", "export type Id = `id-${number}`;\n")]);
    assert_eq!(
        (faults(&template), items(&template)["Id"]["type"].as_str()),
        (vec![], Some("`id-${number}`"))
    );
}

/// D16: enumerations are items of their own, with the values that a compiler works out.
#[test]
fn enumerations_have_their_values() {
    let ingested = read(&[(
        "a.d.ts",
        "export declare enum Lvl { Low = 1, High }\n\
         export declare const enum Flag {\n  A = 1 << 0,\n  /** @deprecated */ B = 1 << 1,\n  \
         Both = A | Flag.B,\n  Half = 0.5,\n  Not = ~A,\n  'q-r' = -(2),\n  Far = outside()\n}\n\
         export declare enum Word { On = \"on\", Off = 'o' + 'ff' }\n\
         export interface N { l: Lvl; low: Lvl.Low; far: Flag.Far }\n",
    )]);
    let item = |name: &str| ingested.items.iter().find(|item| item.name == name).unwrap();
    let values = |name: &str| -> Vec<String> {
        let Shape::Enum { members } = &item(name).shape else { panic!("{name}") };
        let value = |member: &EnumMember| match &member.value {
            Some(EnumValue::Text(text)) => format!("{} {text:?}", member.name),
            Some(EnumValue::Number(number)) => format!("{} {number}", member.name),
            None => member.name.clone(),
        };
        members.iter().map(value).collect()
    };
    assert_eq!(values("Lvl"), ["Low 1", "High 2"]);
    assert_eq!(values("Flag"), ["A 1", "B 2", "Both 3", "Half 0.5", "Not -2", "q-r -2", "Far"]);
    assert_eq!(values("Word"), ["On \"on\"", "Off \"off\""]);
    let Shape::Enum { members } = &item("Flag").shape else { panic!() };
    assert_eq!(members.iter().filter(|one| one.deprecated).count(), 1);
    let Shape::Interface(members) = &item("N").shape else { panic!() };
    let types: Vec<String> = members.properties.iter().map(|one| one.ty.to_string()).collect();
    assert_eq!(types, ["Flag", "Lvl", "1"]);
    // A document of it is read back as it was.
    let document = document::write(item("Flag")).unwrap();
    assert_eq!(document::read("Flag.json", &document).unwrap(), *item("Flag"));
}

#[test]
fn comments_inside_objects_are_read() {
    let ingested = read(&[(
        "a.d.ts",
        "export interface Options {\n  retry?: {\n    /** How long to wait, in milliseconds. */\n    wait: number;\n    deep: {\n      /** @defaultValue `3` */\n      tries?: number\n    } | null;\n  };\n  plain: { a: string };\n}\n\
         export type Settings = {\n  /** Seconds since the epoch. */\n  at: number;\n};\n",
    )]);
    assert_eq!(faults(&ingested), [""; 0]);
    let retry = &ingested.facts.items["Options"].properties[1];
    let wait = retry.fields[0].doc.unit.as_ref().unwrap();
    assert_eq!((wait.value, wait.place.to_string().as_str()), (Unit::Millis, "a.d.ts:3:27"));
    assert_eq!(retry.fields[1].fields[0].doc.default.as_ref().unwrap().value, "3");
    assert!(ingested.facts.items["Options"].properties[0].fields.is_empty());
    let settings = &ingested.facts.items["Settings"];
    assert_eq!(settings.kind, ItemKind::Alias);
    assert_eq!(settings.properties[0].doc.unit.as_ref().unwrap().value, Unit::EpochSeconds);
}

#[test]
fn a_package_is_read_from_its_entry_point() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("dist/main.d.mts", "export * from './part.mjs';\n");
    write("dist/part.d.mts", "export interface Part { a: string }\n");
    write("dist/unused.d.ts", "export interface Unused { a: string }\n");
    let package = |manifest: Value| {
        write("package.json", &manifest.to_string());
        ingest(&[folder.path().to_path_buf().into()], &Options::default())
    };
    for manifest in [
        json!({ "types": "./dist/main.d.mts" }),
        json!({ "types": "gone.d.ts", "exports": { "import": "./dist/main.mjs" } }),
        json!({ "exports": { ".": { "require": { "types": "./gone.d.cts" }, "import": { "types": "./dist/main.d.mts" } } } }),
        json!({ "main": "dist/main.mjs" }),
    ] {
        let ingested = package(manifest.clone());
        assert_eq!((names(&ingested), faults(&ingested)), (vec!["Part"], vec![]), "{manifest}");
    }
    let more = package(
        json!({ "exports": { ".": "./dist/main.mjs", "./unused": "./dist/unused.js", "./style": "./style.css" } }),
    );
    assert_eq!((names(&more), faults(&more)), (vec!["Part", "unused.Unused"], vec![]));
    // A path that leads out of the package is not followed.
    let outside = package(json!({ "types": "../x.d.ts" }));
    assert_eq!(names(&outside), [""; 0]);
    assert_eq!(
        faults(&outside),
        ["missing-declarations: the package names `../x.d.ts`, which is not there"]
    );
}

/// D21: what a package exports is what its manifest says to the compiler, and nothing else.
#[test]
fn declarations_that_a_package_brings_for_both_kinds_of_modules_are_read_once() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write(
        "package.json",
        r#"{ "exports": {
            ".": { "require": "./index.js", "default": "./index.mjs" },
            "./lamp.js": "./lamp.js",
            "./lamp": { "import": "./lamp.mjs", "require": "./lamp.js" },
            "./other.js": "./other.js"
        } }"#,
    );
    for kind in ["ts", "mts"] {
        let script = kind.replace("ts", "js");
        let source = format!("//# sourceMappingURL=index.d.{kind}.map\n");
        write(
            &format!("index.d.{kind}"),
            &format!(
                "export * from './lamp.{script}';\nexport * from './wick.{script}';\n{source}"
            ),
        );
        let wick = format!("import {{ Wick }} from './wick.{script}';\n");
        write(
            &format!("lamp.d.{kind}"),
            &format!("{wick}export interface Lamp {{ wick: Wick }}\n"),
        );
        write(&format!("wick.d.{kind}"), "export interface Wick { length: number }\n");
    }
    // Not alike: what each says counts.
    write("other.d.ts", "export interface Other { a: string }\n");
    write("other.d.mts", "export interface Other { b: string }\n");
    let all = ingest(&[folder.path().to_owned().into()], &Options::default());
    assert_eq!(names(&all), ["Lamp", "Wick", "other.js.Other"]);
    assert_eq!(faults(&all), [""; 0]);
}

#[test]
fn a_package_without_a_main_entry_point_is_its_other_ones() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("v1.d.ts", "export interface Lamp { a: string }\nexport * from './same.js';\n");
    write("old/v1.d.ts", "export interface Lamp { old: string }\n");
    write("v2.d.ts", "export interface Lamp { b: string }\nexport * from './same.js';\n");
    write(
        "same.d.ts",
        "export interface Same { a: Hidden }\ninterface Hidden { a: string }\nexport {};\n",
    );
    write("private.d.ts", "export interface Private { a: string }\n");
    write("deep/x.d.ts", "export interface X { a: string }\n");
    // As text: the order of conditions decides.
    let read = |manifest: &str, below: &str| {
        write("package.json", manifest);
        ingest(&[folder.path().join(below).into()], &Options::default())
    };
    let manifest = r#"{ "exports": {
        "./v1": { "types@<5": "./old/v1.d.ts", "types@>=5": "./v1.d.ts", "default": "./v2.js" },
        "./v2": { "require": "./v2.cjs", "default": "./v2.js" },
        "./deep/*": "./deep/*.js",
        "./private": null,
        "./package.json": "./package.json"
    } }"#;
    let all = read(manifest, "");
    assert_eq!(names(&all), ["v1.Lamp", "v1.Same", "v2.Lamp"]);
    assert_eq!(faults(&all), ["other-entry-points: the package has other entry points: ./deep/*"]);
    assert_eq!(all.facts.items["v1.Lamp"].properties[0].name, "a");
    let names_of = |below| names(&read(manifest, below)).join(" ");
    assert_eq!(names_of("v2"), "Lamp Same");
    assert_eq!(names_of("deep/x"), "X");
    for gone in [
        r#"{ "exports": { ".": "./gone.js" } }"#,
        r#"{ "exports": { ".": { "types": "./gone.d.ts", "default": "./v1.js" } } }"#,
        r#"{ "types": "gone.d.ts", "main": "v1.js" }"#,
    ] {
        let none = read(gone, "");
        assert!(none.has_errors() && names(&none).is_empty(), "{gone}: {:?}", none.diagnostics);
    }
    let mapped = r#"{ "types": "v1.d.ts",
        "typesVersions": { "<5": { "*": ["old/*"] }, ">=5": { "*": ["v2.d.ts"] } } }"#;
    assert_eq!(read(mapped, "").facts.items["Lamp"].properties[0].name, "b");
}

/// D5, D6: what is imported from a package that is not at hand has a name that no symbol has.
#[test]
fn imported_names_are_names_of_their_own() {
    let read_types = |text: &str| {
        let ingested = read(&[("a.d.ts", text)]);
        let item = ingested.facts.items.values().last().unwrap();
        let types = item.properties.iter().map(|one| one.ty.as_ref().unwrap().to_string());
        (types.collect::<Vec<_>>(), faults(&ingested), ingested.facts.foreign)
    };
    let (types, told, foreign) = read_types(
        "import { Tune as RawTune } from 'far';\nexport interface Tune { id: string; raw?: RawTune[] }\n",
    );
    assert_eq!(types, ["string", "RawTune[]"]);
    assert_eq!(
        told,
        [
            "foreign-package: the package `far` is not read; these types of it are known by name alone: RawTune"
        ]
    );
    assert_eq!(foreign["RawTune"], "far");
    let (types, ..) = read_types(
        "import * as far from 'far';\nexport interface Knob { a: string }\n\
         export interface Panel { left: far.Knob; right: Knob; top: import('far').Knob }\n",
    );
    assert_eq!(types, ["far.Knob", "Knob", "far.Knob"]);
    // Two packages, a default export, an assigned module.
    let (types, told, _) = read_types(
        "import { Opts } from 'one';\nimport { Opts as B } from '@two/x';\nimport Three from 'three';\n\
         import four = require('four');\nimport { Plain as P } from 'one';\n\
         export interface Z { a: Opts; b: B; c: Three; d: four.Opts; e: P }\n",
    );
    assert_eq!(types, ["Opts", "B", "Three", "four.Opts", "Plain"]);
    assert_eq!(told.len(), 4);
}

#[test]
fn a_class_that_extends_an_expression_extends_what_it_makes() {
    let ingested = read(&[(
        "a.d.ts",
        "interface Calls { a: string }\ninterface Emitter<T> { on(x: T): void }\ninterface More { m: string }\n\
         declare const Check_base: new () => Emitter<Calls> & More;\n\
         export declare class Check extends Check_base { b: string }\n\
         declare const Old_base: { new (): More; x: string };\nexport declare class Old extends Old_base {}\nexport {};\n",
    )]);
    assert_eq!(items(&ingested)["Check"]["extends"], json!(["Emitter<Calls>", "More"]));
    assert_eq!(items(&ingested)["Old"]["extends"], json!(["More"]));
}

/// D23: long chains of bases, merges and imports end; with work that grows with the square of
/// their length they would take minutes.
/// What a package exports of another one is read from that one, when it is installed.
#[test]
fn exports_of_an_installed_package_are_followed() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("node_modules/near/package.json", r#"{ "types": "index.d.ts" }"#);
    write(
        "node_modules/near/index.d.ts",
        "import { Far } from '@far/lib/deep';\nimport { Own } from '@far/lib';\nexport * from '@far/lib';\n\
         export { Far };\nexport interface Near { own: Own; far: Far }\n",
    );
    write(
        "node_modules/@far/lib/package.json",
        r#"{ "exports": { ".": { "types": "./a.d.ts" }, "./deep": { "types": "./b.d.ts" } } }"#,
    );
    write("node_modules/@far/lib/a.d.ts", "export interface Own { a: string }\n");
    write(
        "node_modules/@far/lib/b.d.ts",
        "export interface Far { b: string }\ndeclare global { interface Everywhere { c: string } }\n",
    );
    let ingested = ingest(&[folder.path().join("node_modules/near").into()], &Options::default());
    assert_eq!((names(&ingested), faults(&ingested)), (vec!["Far", "Near", "Own"], vec![]));
}

#[test]
fn long_inputs_end() {
    let repeat = |line: &dyn Fn(usize) -> String| (0..12_000).map(line).collect::<String>();
    let chain = |n: usize| format!("export declare class A{n} extends A{} {{}}\n", n + 1);
    let text = format!("{}export declare class A12000 extends Error {{}}\n", repeat(&chain));
    assert_eq!(read(&[("a.d.ts", &text)]).facts.items["A0"].kind, ItemKind::Error);
    let merged = |n: usize| format!("export interface M {{ a{n}: string; get g{n}(): string }}\n");
    let read_merged = read(&[("a.d.ts", &repeat(&merged))]);
    assert_eq!(read_merged.facts.items["M"].accessors.len(), 12_000);
    let imported = |n: usize| format!("import {{ T{n} }} from 'p';\nexport type U{n} = T{n};\n");
    assert_eq!(read(&[("a.d.ts", &repeat(&imported))]).facts.foreign.len(), 12_000);
}

#[test]
fn hostile_modules_end() {
    let chain: String =
        (1..20_000).map(|n| format!("import A{n} = A{};\n", n - 1)).collect::<Vec<_>>().concat();
    let ends = read(&[(
        "a.d.ts",
        &format!("{chain}export interface X {{ a: A19999 }}\nexport {{ A19999 }};\n"),
    )]);
    assert!(names(&ends).contains(&"X"));
    let dots = read(&[("a.d.ts", &format!("declare namespace {}A {{}}", "A.".repeat(50_000)))]);
    assert!(dots.has_errors());
    let selves = read(&[
        ("a.d.ts", "import a = require('./a');\nexport = a;\n"),
        (
            "b.d.ts",
            "export { X } from './b';\nexport * as b from './b';\nimport b = b.b;\nexport default b;\n",
        ),
    ]);
    assert!(names(&selves).is_empty());
}

/// Published packages of different styles, when `CREDWIRE_NODE_MODULES` names the folder that they
/// are installed in: every declaration that a hand-picked name stands for is found, nothing fails.
#[test]
fn published_packages_are_read() {
    let Some(folder) = std::env::var_os("CREDWIRE_NODE_MODULES") else {
        println!("skipped: CREDWIRE_NODE_MODULES names no folder of installed packages");
        return;
    };
    for (package, wanted) in [
        (
            "typescript",
            [
                "SyntaxKind",
                "server.protocol.Request",
                "createProgram",
                "JsTyping.TypingResolutionHost",
            ],
        ),
        ("zod", ["ZodType", "core.JSONSchema.Schema", "string", "coerce.number"]),
        ("@types/three", ["Object3D", "WebGLRenderer", "Vector3", "REVISION"]),
    ] {
        let path = Path::new(&folder).join(package);
        let ingested = ingest(&[path.into()], &Options::default());
        assert!(!ingested.has_errors(), "{package}");
        for name in wanted {
            assert!(ingested.facts.items.contains_key(name), "{package}: {name}");
        }
    }
}
