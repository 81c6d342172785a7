//! Two versions of one package: nothing public is missed, and nothing is made up.

use crate::texts::{NONE, drift};

/// D22: each row is one change that a user of the package has to hear of.
#[test]
fn what_changes_between_versions_is_told() {
    for (left, right, expected) in [
        (
            "export declare const V = '1.0';",
            "export declare const V = '2.0';",
            &["value-changed V"][..],
        ),
        (
            "export interface I { /** In seconds. */ a: number }",
            "export interface I { /** In ms. */ a: number }",
            &["statement-changed I.a"],
        ),
        (
            "export interface I { /** @default 1 */ a: number }",
            "export interface I { /** @default 2 */ a: number }",
            &["statement-changed I.a"],
        ),
        (
            "export declare class C { protected a(): void }",
            "export declare class C { a(): void }",
            &["member-missing C.a"],
        ),
        (
            "export declare class C { a(): void }",
            "export declare class C { protected a(): void }",
            &["member-not-public C.a"],
        ),
        (
            "export interface I { readonly a: string }",
            "export interface I { a: string }",
            &["modifier-changed I.a"],
        ),
        (
            "export declare abstract class C { abstract a(): void }",
            "export declare class C { a(): void }",
            &["modifier-changed C", "modifier-changed C.a"],
        ),
        (
            "import { Far } from 'far'; export interface I extends Far { a: string }",
            "export interface I { a: string }",
            &["heads-changed I"],
        ),
        (
            "export declare class C { static a(): void; static readonly b: 1; a: string }",
            "export declare class C { static a(x: string): void; a: string }",
            &["member-extra C.static b", "type-changed C.static a"],
        ),
        (
            "export interface I<T extends string> { a: T }",
            "export interface I<T> { a: T }",
            &["type-changed I"],
        ),
        (
            "export declare enum E { A = 1, B = 2, C = 3 }",
            "export declare enum E { A = 2, B = 1, D = 3 }",
            &["member-missing E.D", "member-extra E.C", "value-changed E.A", "value-changed E.B"],
        ),
        (
            "export interface I { [key: string]: string }",
            "export interface I { readonly [key: string]: string }",
            &["modifier-changed I.[string]", "readonly-lost I.[string]"],
        ),
    ] {
        assert_eq!(drift(left, right), expected, "{left} / {right}");
    }
}

/// D19 and section 6: a package does not differ from itself, whatever its comments say.
#[test]
fn nothing_differs_from_itself() {
    for text in [
        "export declare enum Sz { S = 's', L = 'l' } export interface I { /** @default Sz.S */ a?: Sz; /** @default none */ b?: 'x' | 'y' }",
        "export declare enum F { A = 1, B = 2 } export interface I { /** @default 0 */ a: F }",
        "import { X as Y } from 'p'; export interface X { a: Y; b: X; c: import('q').X }",
        "export declare class C<T = any> extends Array<T> { static of<T>(x: T): C<T>; static readonly N: 1; protected x?: T; get a(): T; set a(v: T | undefined); [k: number]: T }",
        "export type M<T> = { readonly [K in keyof T as `on${K & string}`]-?: T[K] extends (infer U)[] ? [first: U, ...rest: U[]] : never };",
        "export declare function f(this: Window, a: { (x: string): void; y: number; [z: string]: unknown }): asserts a is typeof f;",
        "declare const base: new () => { a: string }; export declare class D extends base { b: string }",
    ] {
        assert_eq!(drift(text, text), NONE, "{text}");
    }
}
