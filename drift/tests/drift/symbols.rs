//! Symbols as wholes.

use std::collections::BTreeMap;

use credwire_drift::{Class, committed, compare};
use credwire_ingest::{IngestInput, Options, ingest};
use credwire_schema::link;

use crate::texts::{NONE, all, declarations, drift, told};

#[test]
fn symbols_of_one_side_alone() {
    let found =
        drift("export interface A {} interface C {}", "export interface B {} interface C {}");
    assert_eq!(found, ["export-undocumented B", "page-without-export A"]);
}

#[test]
fn a_symbol_that_is_declared_but_not_exported_is_told_so() {
    let left = declarations("export interface A { x: B } export interface B {}");
    let right = declarations("export interface A { x: B } interface B {}");
    let found = compare(&left, &right);
    let [finding] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(finding.class, Class::PageWithoutExport);
    assert_eq!(finding.right.as_deref(), Some("interface, not exported"));
}

#[test]
fn a_second_name_of_a_documented_declaration_is_no_drift() {
    let found = drift(
        "export interface CallIssue { at: string } export interface Call { issue: CallIssue }",
        "interface Issue { at: string } interface Call { issue: Issue }
         export { type Issue, type Issue as CallIssue, type Call };",
    );
    assert_eq!(found, ["renamed-export Call.issue", "renamed-export Issue"]);
}

#[test]
fn numbers_of_bundlers_are_no_names() {
    let left = "export type Level = 'a' | 'b'; export interface I { level: Level }";
    let same = "type Level$1 = 'b' | 'a'; type Level = 'a' | 'b'; interface I { level: Level$1 }
                export { type Level, type I };";
    assert_eq!(drift(left, same), ["renamed-export I.level"]);
    let other = same.replace("'b' | 'a'", "'b' | 'c'");
    assert_eq!(drift(left, &other), ["type-changed I.level"]);
}

#[test]
fn kinds() {
    let found = drift("export interface A { x: string }", "export class A { x: number }");
    assert_eq!(found, ["kind-changed A", "type-changed A.x"]);
    let found = drift("export type A = string;", "export interface A { x: string }");
    assert_eq!(found, ["kind-changed A"]);
}

#[test]
fn type_parameters() {
    assert_eq!(
        drift("export interface A<T = string> { x: T }", "export interface A<U = string> { x: U }"),
        NONE
    );
    assert_eq!(
        drift("export interface A<T = string> { x: T }", "export interface A<U = number> { x: U }"),
        ["type-changed A"]
    );
    assert_eq!(drift("export interface A<T> {}", "export interface A {}"), ["type-changed A"]);
    // A left-out argument is the default.
    let source = "export interface R<T = unknown> { p: T } export interface I { r: R<unknown> }";
    assert_eq!(drift(&source.replace("R<unknown>", "R"), source), NONE);
}

#[test]
fn types_without_a_page() {
    let found = told(
        &declarations(
            "export interface I { a(x: Hidden): Promise<Shown>; b: MediaStream } export interface Shown {}",
        ),
        &declarations(
            "interface Hidden {} export interface Shown {} export interface I { a(x: Hidden): Promise<Shown>; b: MediaStream }",
        ),
    );
    assert_eq!(found, ["undocumented-type-used I.a"]);
}

#[test]
fn committed_documents_stand_on_either_side() {
    let text = "export interface I { a?: string | null; b: 'x' | 'y' | null; m(x?: number): void } export type T = 'a'; export class C { get x(): string }";
    let inputs = [IngestInput::Text { name: "index.d.ts".to_owned(), text: text.to_owned() }];
    let ingested =
        ingest(&inputs, &Options { review: Some(credwire_drift::review), ..Options::default() });
    let documents = committed(&ingested.items);
    assert_eq!(all(&documents, &ingested.facts), NONE);
    assert_eq!(all(&ingested.facts, &documents), NONE);
    let other = declarations(&text.replace("'y'", "'z'"));
    assert_eq!(all(&documents, &other), ["type-changed I.b"]);
}

#[test]
fn findings_do_not_depend_on_the_order_of_declarations() {
    let mut parts = [
        "export interface A { a: B; b?: string }",
        "export interface B extends A { c: string }",
        "export type C = A | B;",
    ];
    let right = "export interface A { a: C; b: string } export interface B extends A { d: string } export type C = B;";
    let first = drift(&parts.join("\n"), right);
    parts.reverse();
    assert_eq!(first, drift(&parts.join("\n"), right));
    assert!(!first.is_empty());
}

#[test]
fn nothing_differs_from_itself() {
    let text = "declare class Hidden<T> { done(x: T): void; protected own: string; get $1(): T }
        export class Shown<T = string> extends Hidden<T> implements Face { /** @internal */ inner(): void; set x(v: T) }
        export interface Face { done(x: string): void; (call: number): void; new (x: string): Face; [key: string]: unknown }
        type Alias<T> = T | { a?: Alias<T> }; export type Recursive = Alias<string> | null;
        export function over(x: string): void; export function over(x: number): Recursive;
        export const version: string; export { Hidden as Seen };";
    assert_eq!(drift(text, text), NONE);
}

#[test]
fn long_chains_of_bases_need_no_deep_stack() {
    let chain: String = (0..600)
        .map(|i| format!("export interface A{i} extends A{} {{ a{i}: string }}\n", i + 1))
        .collect();
    let read = |text: String| {
        ingest(&[IngestInput::Text { name: "a.d.ts".to_owned(), text }], &Options::default())
    };
    let open = read(chain.clone() + "export interface A600 {}\n");
    let ring = read(chain + "export interface A600 extends A0 {}\n");
    let follow = move || {
        assert_eq!(compare(&open.facts, &open.facts), []);
        assert!(link::link(open.items, &BTreeMap::new()).is_ok());
        let problems = link::link(ring.items, &BTreeMap::new()).unwrap_err();
        assert!(problems.iter().all(|problem| problem.code == "type-cycle"));
    };
    let small = std::thread::Builder::new().stack_size(256 << 10);
    small.spawn(follow).unwrap().join().unwrap();
}
