//! What only pages do.

use credwire_drift::{Class, Finding, compare};

use crate::texts::{NONE, declarations, field, interface, members, page, pages, told};

#[test]
fn readonly_that_the_docs_do_not_show() {
    let left = interface(
        "I",
        "<ParamField path=\"a\" type=\"string[]\" required toc={true}>\n  One.\n</ParamField>\n",
    );
    let right = declarations("export interface I { readonly a: readonly string[] }");
    assert_eq!(told(&left, &right), ["readonly-lost I.a"]);
    assert_eq!(members("a: { b: string }", "a: { readonly b: string }"), ["readonly-lost I.a"]);
    assert_eq!(members("a: T", "a: Readonly<T>"), ["readonly-lost I.a"]);
}

#[test]
fn literals_without_quotes() {
    let left = interface(
        "I",
        "<ParamField path=\"a\" type=\"inbound | outbound\" required toc={true}>\n  One.\n</ParamField>\n",
    );
    let right = |ty: &str| declarations(&format!("export interface I {{ a: {ty} }}"));
    assert_eq!(told(&left, &right("'outbound' | 'inbound'")), ["literals-unquoted I.a"]);
    assert_eq!(told(&left, &right("'outbound' | 'internal'")), ["type-changed I.a"]);
}

#[test]
fn objects_that_are_described_member_by_member() {
    let left = interface(
        "I",
        "<ParamField path=\"a\" type=\"object\" required toc={true}>\n  One.\n</ParamField>\n\n\
         <ParamField path=\"a.b\" type=\"string\" toc={true}>\n  Two.\n</ParamField>\n\n\
         <ParamField path=\"a.c\" type=\"string\" required toc={true}>\n  Three.\n</ParamField>\n\n\
         <ParamField path=\"d\" type=\"object\" required toc={true}>\n  Four.\n</ParamField>\n",
    );
    let right =
        declarations("export interface I { a: { b: string; e: number }; d: { x: string } }");
    assert_eq!(
        told(&left, &right),
        [
            "member-missing I.a.e",
            "member-extra I.a.c",
            "optional-in-docs-only I.a.b",
            "object-collapsed I.a",
            "object-collapsed I.d",
        ]
    );
}

#[test]
fn a_page_that_repeats_a_base_without_a_page_agrees_with_itself() {
    for extends in ["## **Extends**\n\n- `Base`\n\n", ""] {
        let body = format!(
            "{extends}## **Properties**\n\n{}<Accordion title=\"Inherited from Base\">\n\n{}</Accordion>\n",
            field("a", "string", true, "One."),
            field("b", "string", false, "Two."),
        );
        let whole = pages(&[page("Derived", "interfaces", &body)]);
        assert_eq!(told(&whole, &whole), NONE);
        let without = pages(&[page(
            "Derived",
            "interfaces",
            &format!("## **Properties**\n\n{}", field("a", "string", true, "One.")),
        )]);
        assert_eq!(told(&whole, &without), ["member-extra Derived.b"]);
        assert_eq!(told(&without, &whole), ["member-missing-inherited Derived.b"]);
    }
}

#[test]
fn pages_of_a_class() {
    let class = page(
        "Prefs",
        "prefs",
        "## **Constructors**\n\n### Constructor\n\n```ts\nnew Prefs(): Prefs\n```\n",
    );
    let class = (
        "Prefs/index.mdx".to_owned(),
        class.1.replace("/reference/prefs/prefs", "/reference/prefs"),
    );
    let member = |name: &str, code: &str| {
        let (_, text) = page(name, "prefs", code);
        (format!("Prefs/{name}.mdx"), text)
    };
    let host = member(
        "host",
        "```ts\nget host(): string\n```\nThe host.\n\n```ts\nset host(value): void\n```\nThe host.\n",
    );
    let source = declarations(
        "declare class Base { done(): void } export class Prefs extends Base { get host(): string; set host(value: string); other: string; constructor(x: string) }",
    );
    let whole = pages(&[class, host.clone()]);
    assert_eq!(
        told(&whole, &source),
        [
            "member-missing Prefs.other",
            "member-missing-inherited Prefs.done",
            "type-changed Prefs.constructor",
            "setter-untyped Prefs.set host",
        ]
    );
    // Without the class's own page nothing is known of its properties and constructors.
    let members_alone = pages(&[host]);
    assert_eq!(told(&members_alone, &source)[1..], ["setter-untyped Prefs.set host"]);
}

#[test]
fn pages_that_repeat_a_base_are_held_against_it() {
    let source = declarations(
        "export interface Base { a: string; b: string; c: string } export interface Derived extends Base {}",
    );
    let base = page(
        "Base",
        "interfaces",
        &format!(
            "## **Properties**\n\n{}{}{}",
            field("a", "string", true, "One."),
            field("b", "string", false, "Two."),
            field("c", "string", true, "Three."),
        ),
    );
    let derived = |c: &str| {
        page(
            "Derived",
            "interfaces",
            &format!(
                "## **Extends**\n\n- [`Base`](/reference/interfaces/base)\n\n## **Properties**\n\n<Accordion title=\"Inherited from Base\">\n\n{}{}{}</Accordion>\n",
                field("a", "string", true, "One."),
                field("b", "string", false, "Two."),
                field("c", c, true, "Three."),
            ),
        )
    };
    // What both say wrongly is told once.
    let agreeing = pages(&[base.clone(), derived("string")]);
    assert_eq!(told(&agreeing, &source), ["optional-in-docs-only Base.b"]);
    let contradicting = pages(&[base, derived("number")]);
    assert_eq!(
        told(&contradicting, &source),
        ["optional-in-docs-only Base.b", "type-changed Derived.c", "pages-contradict Derived.c",]
    );
}

#[test]
fn descriptions_that_contradict_each_other() {
    let of = |title: &str, text: &str| {
        page(
            title,
            "interfaces",
            &format!("## **Properties**\n\n{}", field("score", "number", true, text)),
        )
    };
    let source = declarations(
        "interface Middle extends Base {} export interface Base { score: number } export interface Derived extends Middle { score: number }",
    );
    let low = "How good it is (0-5).";
    let left = pages(&[of("Base", low), of("Derived", "How good it is (1-5).")]);
    let found: Vec<Finding> = compare(&left, &source);
    let [finding] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(
        (finding.class, finding.subject().as_str()),
        (Class::PagesContradict, "Derived.score")
    );
    assert_eq!(finding.left.as_deref(), Some("range 1 to 5"));
    assert!(finding.right.as_deref().unwrap().starts_with("range 0 to 5 at "), "{finding:?}");
    let agreeing = pages(&[of("Base", low), of("Derived", low)]);
    assert_eq!(told(&agreeing, &source), NONE);
}
