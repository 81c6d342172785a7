//! Drift, class by class: what is told, and what is the same in other words.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use credwire_schema::{
    drift::{Accepted, Class, Finding, Group, committed, compare},
    facts::Facts,
    ingest::{Input, Options, ingest},
};

fn facts(files: &[(&str, &str)]) -> Facts {
    let inputs: Vec<Input> = files
        .iter()
        .map(|(name, text)| Input::Text { name: (*name).to_owned(), text: (*text).to_owned() })
        .collect();
    let ingested = ingest(&inputs, &Options::default());
    assert!(!ingested.has_errors(), "{:?}", ingested.diagnostics);
    ingested.facts
}

fn declarations(text: &str) -> Facts {
    facts(&[("index.d.ts", text)])
}

fn page(title: &str, folder: &str, body: &str) -> (String, String) {
    let slug = title.to_lowercase();
    let text = format!(
        "---\ntitle: \"{title}\"\nslug: /reference/{folder}/{slug}\ndescription: \"About it.\"\nmax-toc-depth: 3\n---\nAbout it.\n\n{body}"
    );
    (format!("{folder}/{title}.mdx"), text)
}

fn pages(pages: &[(String, String)]) -> Facts {
    let files: Vec<(&str, &str)> =
        pages.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    facts(&files)
}

fn interface(title: &str, properties: &str) -> Facts {
    pages(&[page(title, "interfaces", &format!("## **Properties**\n\n{properties}"))])
}

/// What differs, `class subject`, without the group of the same.
fn told(left: &Facts, right: &Facts) -> Vec<String> {
    rows(left, right, |group| group != Group::Same)
}

/// What is the same in other words, and what differs.
fn all(left: &Facts, right: &Facts) -> Vec<String> {
    rows(left, right, |_| true)
}

fn rows(left: &Facts, right: &Facts, keep: impl Fn(Group) -> bool) -> Vec<String> {
    compare(left, right)
        .iter()
        .filter(|finding| keep(finding.group))
        .map(|finding| format!("{} {}", finding.class.as_str(), finding.subject()))
        .collect()
}

/// The differences of two texts of declarations.
fn drift(left: &str, right: &str) -> Vec<String> {
    all(&declarations(left), &declarations(right))
}

/// The differences of `interface I { .. }` with these members.
fn members(left: &str, right: &str) -> Vec<String> {
    drift(&format!("export interface I {{ {left} }}"), &format!("export interface I {{ {right} }}"))
}

const NONE: [&str; 0] = [];

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

fn field(path: &str, ty: &str, required: bool, text: &str) -> String {
    let required = if required { " required" } else { "" };
    format!(
        "<ParamField path=\"{path}\" type=\"{ty}\"{required} toc={{true}}>\n  {text}\n</ParamField>\n\n"
    )
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

#[test]
fn committed_documents_stand_on_either_side() {
    let text = "export interface I { a?: string | null; b: 'x' | 'y' | null; m(x?: number): void } export type T = 'a'; export class C { get x(): string }";
    let inputs = [Input::Text { name: "index.d.ts".to_owned(), text: text.to_owned() }];
    let ingested = ingest(&inputs, &Options::default());
    let documents = committed(&ingested.items);
    assert_eq!(all(&documents, &ingested.facts), NONE);
    assert_eq!(all(&ingested.facts, &documents), NONE);
    let other = declarations(&text.replace("'y'", "'z'"));
    assert_eq!(all(&documents, &other), ["type-changed I.b"]);
}

#[test]
fn findings_do_not_depend_on_the_order_of_declarations() {
    let mut parts = vec![
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
fn known_drift_is_accepted_with_a_reason() {
    let findings = compare(
        &declarations("export interface I { a: string }"),
        &declarations("export interface I { a: number; b: string } export interface J {}"),
    );
    let accepted = Accepted::read(
        "drift.toml",
        "[[allow]]\nclass = \"type-changed\"\nitem = \"I\"\nmember = \"a\"\nreason = \"Being fixed.\"\n\n\
         [[allow]]\nclass = \"export-undocumented\"\nitem = \"J\"\nreason = \"Not for the public.\"\n\n\
         [[allow]]\nclass = \"member-missing\"\nitem = \"I\"\nmember = \"c\"\nreason = \"Old.\"\n",
    )
    .unwrap();
    let sifted = accepted.sift(findings);
    let left: Vec<String> = sifted.findings.iter().map(Finding::subject).collect();
    assert_eq!(left, ["I.b"]);
    assert_eq!(sifted.accepted.len(), 2);
    let [stale] = sifted.diagnostics.as_slice() else { panic!("{:?}", sifted.diagnostics) };
    assert_eq!((stale.code, stale.place.line), ("allow-stale", 12));
    assert!(!stale.is_error());
}

#[test]
fn entries_that_accept_nothing_well_are_refused() {
    let read = |text: &str| *Accepted::read("drift.toml", text).unwrap_err();
    let entry = |class: &str, reason: &str| {
        format!("[[allow]]\nclass = \"{class}\"\nitem = \"I\"\nreason = \"{reason}\"\n")
    };
    let slip = read(&entry("type-change", "x"));
    assert_eq!((slip.code, slip.place.line, slip.place.column), ("allow-read", 2, 9));
    assert_eq!(slip.help.as_deref(), Some("did you mean `type-changed`?"));
    assert_eq!(
        read(&entry("readonly-lost", "x")).help.as_deref(),
        Some("only true drift needs accepting")
    );
    assert_eq!(read(&entry("type-changed", " ")).message, "the reason is empty");
    assert_eq!(read("[[allow]]\nitem = \"I\"\n").place.line, 1);
    assert_eq!(read("x = 1\n").code, "allow-read");
}
