//! Pages that a generator made of declarations: what it made of them is no drift.

use crate::texts::{declarations, facts, told};

/// What differs between a page of a property, as TypeDoc shows it, and its declaration.
fn property(shown: &str, around: &str, declared: &str) -> Vec<String> {
    let page = format!("# Interface: I\n\n## Properties\n\n### a\n\n> **a**: {shown}\n");
    let left = facts(&[("x/interfaces/I.md", &page)]);
    let right = declarations(&format!("{around} export interface I {{ a: {declared} }}"));
    let mut found = told(&left, &right);
    // The page is the only one of its reference.
    let beside = ["export-undocumented", "undocumented-type-used"];
    found.retain(|one| !beside.iter().any(|class| one.starts_with(class)));
    found
}

/// Each loss of docs/forms.md that concerns types.
#[test]
fn types_that_the_compiler_worked_out_are_lossy() {
    for (shown, around, declared) in [
        ("`string`", "interface B { c: string }", "B['c']"),
        ("`string`", "", "typeof name"),
        ("`string` \\| `number` \\| `symbol`", "", "keyof Window"),
        ("`number`", "", "string extends string ? number : boolean"),
        ("\\[`number`\\]", "", "Parameters<(x: number) => void>"),
        ("`\"x\"` \\| `\"y\"`", "type B = typeof all; declare const all: any;", "B"),
        ("`\"a b\"`", "", "`a ${'b'}`"),
        ("`number`", "", "number | 3600"),
        ("`any`", "import { B } from 'elsewhere';", "B | string"),
        ("`B`", "", "this"),
        ("(`url`) => `string`", "", "new (url: string) => string"),
        ("\\[`...B[]`, `number`\\]", "type B = unknown[];", "[...B, number]"),
        ("`boolean`", "", "(x: string) => boolean"),
        ("`A` & `object`[]", "type A = {}; type C = {};", "(A & C)[]"),
        ("`Map`\\<`string`, `A` \\| (`x`) => `B`\\>", "", "Map<string, A | ((x: number) => B)>"),
    ] {
        assert_eq!(property(shown, around, declared), ["type-resolved I.a"], "{declared}");
    }
}

#[test]
fn what_is_spelled_out_is_the_same() {
    for (shown, around, declared) in [
        ("`Uint8Array`\\<`ArrayBufferLike`\\>", "", "Uint8Array"),
        ("`CustomEvent`\\<`any`\\>", "", "CustomEvent<any>"),
        ("`Uint8Array`", "", "Uint8Array<ArrayBufferLike>"),
        ("\\{\\[`k`: `string`\\]: `number`; \\}", "", "Record<string, number>"),
    ] {
        assert_eq!(property(shown, around, declared), [""; 0], "{declared}");
    }
}

/// A type that nothing was worked out in has changed when it differs, on such a page as well.
#[test]
fn true_differences_stay_true() {
    for (shown, around, declared) in [
        ("`string`", "", "number"),
        ("`number`", "interface B { c: string }", "string | boolean"),
        ("`string`[]", "", "string"),
        ("(`x`) => `void`", "", "(x: string, y: string) => void"),
        ("`\"x\"`", "", "'x' | 'y'"),
    ] {
        assert_eq!(property(shown, around, declared), ["type-changed I.a"], "{declared}");
    }
    let left = facts(&[(
        "x/interfaces/I.md",
        "# Interface: I\n\n## Properties\n\n### b\n\n> **b**: `string`\n",
    )]);
    let right = declarations("export interface I { a: string }");
    assert_eq!(told(&left, &right), ["member-missing I.a", "member-extra I.b"]);
}

#[test]
fn marks_that_a_table_lacks_are_lossy() {
    let page = "# Class: C\n\n## Properties\n\n| Property | Modifier | Type |\n| :------ | :------ | :------ |\n| `own` | - | `string` |\n| `shared` | - | `string` |\n| `hidden` | - | `any` |\n";
    let left = facts(&[("x/classes/C.md", page)]);
    let right = declarations(
        "export declare class C { protected own: string; static shared: string; private hidden }",
    );
    assert_eq!(
        told(&left, &right),
        ["modifier-lost C.hidden", "modifier-lost C.own", "modifier-lost C.shared"]
    );
    // Also of `Error` itself, which the types of Node describe; another member is one too many.
    let page = "# Class: E\n\n## Extends\n\n- `Error`\n\n## Properties\n\n| Property | Modifier | Type |\n| :------ | :------ | :------ |\n| `stackTraceLimit` | `public` | `number` |\n| `stackLimit` | `public` | `number` |\n";
    let error = declarations("export declare class E extends Error {}");
    assert_eq!(
        told(&facts(&[("x/classes/E.md", page)]), &error),
        ["member-extra E.stackLimit", "modifier-lost E.stackTraceLimit"]
    );
    // A list says it.
    let list = "# Class: C\n\n## Properties\n\n### own\n\n> `protected` **own**: `string`\n\n### shared\n\n> `static` **shared**: `string`\n";
    assert_eq!(told(&facts(&[("x/classes/C.md", list)]), &right), [""; 0]);
}

#[test]
fn classes_without_constructors_are_interfaces_to_a_generator() {
    let page =
        "# Interface: C\n\n## Methods\n\n### a()\n\n> **a**(): `void`\n\n#### Returns\n\n`void`\n";
    let left = facts(&[("x/interfaces/C.md", page)]);
    let right =
        declarations("declare class C { constructor(b: string); a(): void } export type { C };");
    assert_eq!(told(&left, &right), ["class-as-interface C"]);
}
