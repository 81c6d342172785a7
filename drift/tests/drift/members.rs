//! Members: who has them, and what may be absent.

use crate::texts::{NONE, drift, members};

#[test]
fn members_of_one_side_alone() {
    assert_eq!(
        members("a: string; b(): void", "a: string; c: number"),
        ["member-missing I.c", "member-extra I.b"]
    );
}

#[test]
fn inherited_members_are_looked_for_at_their_base() {
    let source = "interface Hidden { gone(): void }
        export interface Base extends Hidden { a: string }
        export interface I extends Base { b: string }";
    let left = "export interface Base { a: string } export interface I extends Base { b: string }";
    assert_eq!(
        drift(left, source),
        ["member-missing-inherited Base.gone", "member-missing-inherited I.gone"]
    );
    // Without its head nobody finds the base.
    let headless = left.replace("extends Base ", "");
    assert!(drift(&headless, source).contains(&"member-missing-inherited I.a".to_owned()));
}

#[test]
fn bases_have_their_arguments_in_place() {
    let found = drift(
        "export interface I { get(): Promise<string>; one: string }",
        "interface Base<T, U = T> { get(): Promise<T>; one: U } export interface I extends Base<string> {}",
    );
    assert_eq!(found, NONE);
}

#[test]
fn accessors_of_classes_are_named_with_their_word() {
    let found = drift(
        "export class A { get x(): string; get y(): string; z: number }",
        "export class A { get x(): number; get y(): string; set y(v: string); get z(): number; set z(v: number) }",
    );
    assert_eq!(found, ["member-missing A.set y", "type-changed A.get x"]);
    // A setter that the source has as a plain property.
    assert_eq!(
        drift(
            "export class A { get x(): string; set x(v: string) }",
            "export class A { x: string }"
        ),
        NONE
    );
    assert_eq!(
        drift(
            "export class A { get x(): string; set x(v: string) }",
            "export class A { readonly x: string }"
        ),
        ["member-extra A.set x"]
    );
}

#[test]
fn what_the_source_keeps_to_itself() {
    let source = "export class A { protected get x(): string; /** @internal */ y(): void; protected z: string; private w; }";
    assert_eq!(drift("export class A { get x(): string }", source), ["member-not-public A.get x"]);
    assert_eq!(
        drift("export class A { y(): void; z: string }", source),
        ["member-not-public A.y", "member-not-public A.z"]
    );
}

#[test]
fn presence() {
    assert_eq!(members("a?: string", "a: string"), ["optional-in-docs-only I.a"]);
    assert_eq!(
        members("a?: string", "a: string | null"),
        ["optional-in-docs-nullable-in-source I.a"]
    );
    assert_eq!(
        members("a?: string | null", "a: string | null"),
        ["optional-in-docs-nullable-in-source I.a"]
    );
    assert_eq!(members("a?: string", "a: string | undefined"), ["undefined-for-optional I.a"]);
    assert_eq!(members("a: string | undefined", "a?: string"), ["undefined-for-optional I.a"]);
    assert_eq!(members("a: string", "a?: string"), ["type-changed I.a"]);
    assert_eq!(members("a?(): void", "a(): void"), ["optional-in-docs-only I.a"]);
    assert_eq!(members("a: { b?: string }", "a: { b: string }"), ["optional-in-docs-only I.a"]);
    // Two differences of one member.
    assert_eq!(
        members("a?: string", "a: number"),
        ["optional-in-docs-only I.a", "type-changed I.a"]
    );
}

#[test]
fn parameters_that_may_be_left_out() {
    assert_eq!(members("a(x?: string): void", "a(x: string): void"), ["param-optionality I.a"]);
    assert_eq!(members("a(x: string): void", "a(x?: string): void"), ["param-optionality I.a"]);
    assert_eq!(
        drift("export function f(x?: string): void;", "export function f(x: string): void;"),
        ["param-optionality f"]
    );
    assert_eq!(
        drift(
            "export class A { constructor(x: string) }",
            "export class A { constructor(x?: string) }"
        ),
        ["param-optionality A.constructor"]
    );
}

#[test]
fn constructors_that_nobody_writes_down() {
    assert_eq!(drift("export class A { constructor() }", "export class A {}"), NONE);
    assert_eq!(
        drift("export class A { constructor(x: string) }", "export class A {}"),
        ["member-extra A.constructor"]
    );
    assert_eq!(
        drift("export class A {}", "export class A { constructor(x: string) }"),
        ["member-missing A.constructor"]
    );
    // The base that has it is declared elsewhere.
    assert_eq!(
        drift(
            "export class A { constructor(x: string); name: string }",
            "export class A extends Error {}"
        ),
        ["kind-changed A"]
    );
}
