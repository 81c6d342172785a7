//! Types as sets of values.

use crate::texts::{NONE, drift, members};

#[test]
fn order_quotes_and_parameter_names_never_matter() {
    for (left, right) in [
        ("a: 'x' | \"y\" | null", "a: null | 'y' | 'x'"),
        ("a: { b: string; c?: 1 }", "a: { c?: 1; b: string }"),
        ("a(x: string, y?: number): void", "a(left: string, right?: number): void"),
        ("a: <T>(x: T) => T", "a: <U>(x: U) => U"),
        ("a: Array<string>", "a: string[]"),
        ("a: string & {}", "a: {} & string"),
        ("a: true | false | null", "a: boolean | null"),
        ("a(x: string): x is 'y'", "a(z: string): z is 'y'"),
        ("a(): string", "a: () => string"),
    ] {
        assert_eq!(members(left, right), NONE, "{left} / {right}");
    }
}

#[test]
fn types_that_admit_other_values_have_changed() {
    for (left, right) in [
        ("a: string", "a: number"),
        ("a: 'x' | 'y'", "a: 'x' | 'y' | 'z'"),
        ("a: string[]", "a: string"),
        ("a: readonly string[]", "a: string[]"),
        ("a: { b: string }", "a: { b: string; c: string }"),
        ("a: Promise<string>", "a: Promise<number>"),
        ("a: object", "a: string"),
        ("a(): void", "a(): Promise<void>"),
        ("a(x: string): void", "a(x: string, y: number): void"),
        ("a(x: string): void; a(x: number): void", "a(x: string): void"),
        ("a: (x: string) => void", "a: (x: number) => void"),
    ] {
        assert_eq!(members(left, right), ["type-changed I.a"], "{left} / {right}");
    }
}

#[test]
fn aliases_are_what_they_stand_for() {
    let found = |left: &str, alias: &str, right: &str| {
        drift(
            &format!("export interface I {{ a: {left} }}"),
            &format!("{alias} export interface I {{ a: {right} }}"),
        )
    };
    for (left, alias, right) in [
        ("'2.0'", "type Version = '2.0';", "Version"),
        ("'a' | 'b' | 'c'", "type Some = 'a' | 'b';", "Some | 'c'"),
        ("'a' | 'b'", "type Some = 'a' | 'b';", "Some | 'a'"),
        ("string[]", "type List<T> = T[];", "List<string>"),
        ("{ x: number }", "interface Point { x: number }", "Point"),
        ("'a'", "type One = 'a'; type Two = One;", "Two"),
    ] {
        assert_eq!(found(left, alias, right), ["alias-inlined I.a"], "{left} / {right}");
    }
    assert_eq!(found("'a'", "type Some = 'a' | 'b';", "Some"), ["type-changed I.a"]);
    // An exported interface is a type of its own.
    assert_eq!(
        found("{ x: number }", "export interface Point { x: number }", "Point"),
        ["export-undocumented Point", "type-changed I.a"]
    );
}

#[test]
fn aliases_that_lead_to_themselves_end() {
    let left = "type A = B | 1; type B = A | 2; export interface I { a: A; t: T } export type T = { next: T } | null;";
    let right = "type C = D | 2; type D = C | 1; export interface I { a: D; t: T } export type T = { next: T } | null;";
    let found = drift(left, right);
    assert!(found.iter().all(|row| row.ends_with("I.a")), "{found:?}");
}

#[test]
fn never_and_undefined_are_both_absent() {
    assert_eq!(members("a?: undefined", "a?: never"), ["undefined-for-never I.a"]);
}

#[test]
fn constructors_are_no_functions() {
    let found = drift(
        "export type Make = (url: string) => Socket;",
        "export type Make = new (address: string) => Socket;",
    );
    assert_eq!(found, ["constructor-as-function Make"]);
    assert_eq!(
        members("Peer: (c?: Config) => Peer", "Peer: typeof Peer"),
        ["constructor-as-function I.Peer", "typeof-expanded I.Peer"]
    );
    assert_eq!(
        members("Peer: new (c?: Config) => Peer", "Peer: typeof Peer"),
        ["typeof-expanded I.Peer"]
    );
    let source =
        "export declare function now(at: string): number; export interface I { now: typeof now }";
    let docs = "export declare function now(at: string): number; export interface I { now: (x: string) => number }";
    assert_eq!(drift(docs, source), ["typeof-expanded I.now"]);
    assert_eq!(drift(&docs.replace("x: string", "x: number"), source), ["type-changed I.now"]);
}

#[test]
fn types_that_grow_without_end_are_given_up_on() {
    let aliases = |word: &str| {
        format!(
            "type {word}<T> = {word}<{{ a: T; b: T }}>; type Or{word}<T> = Or{word}<{{ a: T; b: T }}> | 1;
             export interface I {{ a: {word}<1>; b: Or{word}<1> | 2; c: C{word}0<1> }}"
        )
    };
    let chain = |word: &str| {
        (0..60).fold(String::new(), |text, at| {
            let next = at + 1;
            text + &format!(
                "interface B{at}<T> extends B{next}<{{ a: T; b: T }}> {{ {word}{at}: T }}\n\
                 type C{word}{at}<T> = {{ a: C{word}{next}<T>; b: C{word}{next}<T> }} | {{ a: C{word}{next}<T>; b: '{word}' }};\n"
            )
        }) + "interface B60<T> {} export interface D extends B0<1> {}"
    };
    let text = |word: &str| format!("{}\n{}", aliases(word), chain(word));
    assert_eq!(drift(&text("X"), &text("X")), NONE);
    let found = drift(&text("X"), &text("Y"));
    assert!(found.contains(&"member-missing-inherited D.Y0".to_owned()), "{found:?}");
    assert!(found.contains(&"type-changed I.c".to_owned()), "{found:?}");
}
