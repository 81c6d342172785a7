use super::*;

fn canonical(text: &str) -> String {
    parse_type(text).unwrap().value.to_string()
}

#[test]
fn prints_types_canonically() {
    for (text, printed) in [
        ("Array<string|null>", "(string | null)[]"),
        ("readonly  'a'[]", "readonly \"a\"[]"),
        ("ReadonlyArray<X>", "readonly X[]"),
        ("{a:string,b?:number;}", "{ a: string; b?: number }"),
        ("{ [k: string]: T }", "Record<string, T>"),
        ("| 'x' | (string & {})", "\"x\" | (string & {})"),
        ("`standard-${number}` | \"off\"", "`standard-${number}` | \"off\""),
        (
            "<T>(target, method?, ...args) => Promise<T>",
            "<T>(target, method?, ...args) => Promise<T>",
        ),
        ("new (url: string) => Socket", "new (url: string) => Socket"),
        ("p is Q.R<S>", "p is Q.R<S>"),
        ("{ (a): void }", "(a) => void"),
        ("-1 | true", "-1 | true"),
        ("readonly [a: 'x', b?: B, ...c: C[]]", "readonly [a: \"x\", b?: B, ...c: C[]]"),
        ("[A, (B | C)?, ...D[]][]", "[A, (B | C)?, ...D[]][]"),
        ("(keyof A)[]", "(keyof A)[]"),
        ("keyof (A | B)", "keyof (A | B)"),
        ("(readonly [A])[number]", "(readonly [A])[number]"),
        ("(A | B)['k']", "(A | B)[\"k\"]"),
        ("A & (B extends string ? 1 : 2)", "A & (B extends string ? 1 : 2)"),
        (
            "(A extends B ? 1 : 2) extends (infer U)[] ? U : never",
            "(A extends B ? 1 : 2) extends (infer U)[] ? U : never",
        ),
        ("A extends (infer U extends C) | D ? U : 1", "A extends (infer U extends C) | D ? U : 1"),
        (
            "{ +readonly [K in keyof T as `x${K}`]-?: T[K]; }",
            "{ readonly [K in keyof T as `x${K}`]-?: T[K] }",
        ),
        ("{ a: A; [k: string]: B }", "{ a: A; [k: string]: B }"),
        ("{ (): void; new (a: A): B }", "{ (): void; new (a: A): B }"),
        ("{ get a(): A; set b(v: B) }", "{ readonly a: A; b: B }"),
        ("typeof X.y<Z>", "typeof X.y<Z>"),
        ("(unique symbol)[]", "(unique symbol)[]"),
    ] {
        assert_eq!(canonical(text), printed);
        assert_eq!(canonical(printed), printed, "printing is stable");
    }
}

#[test]
fn keeps_what_is_not_modelled_as_written() {
    let parsed = parse_type("unique  symbol | [a: string]").unwrap();
    assert_eq!(parsed.value.to_string(), "unique symbol | [a: string]");
    assert_eq!(parsed.opaque, ["unique symbol"]);
}

#[test]
fn reads_members_with_and_without_types() {
    let method = parse_member("execute<T extends A = B>(a, b?, ...c): Promise<T>").unwrap().value;
    assert_eq!((method.kind, method.name.as_str()), (MemberKind::Method, "execute"));
    let params: Vec<_> = method.params.iter().map(ToString::to_string).collect();
    assert_eq!(params, ["a", "b?", "...c"]);
    let setter = parse_member("set relayHost(value): void").unwrap().value;
    assert_eq!((setter.kind, setter.params.len()), (MemberKind::Setter, 1));
    let getter = parse_member("get self$(): Observable<A | null>").unwrap().value;
    assert_eq!((getter.kind, getter.name.as_str()), (MemberKind::Getter, "self$"));
    let constructor = parse_member("new (a?, b): X").unwrap().value;
    assert_eq!(constructor.kind, MemberKind::Constructor);
    assert_eq!(parse_member("delete(x): void").unwrap().value.name, "delete");
}

#[test]
fn reads_aliases_and_constants() {
    let alias = parse_alias("type A<T = unknown> =\n  | B<T>\n  | \"x\"").unwrap().value;
    assert_eq!((alias.name.as_str(), alias.ty.to_string().as_str()), ("A", "B<T> | \"x\""));
    let constant = parse_constant("const version: string = __VERSION__").unwrap().value;
    assert_eq!(constant.value.as_deref(), Some("__VERSION__"));
    assert_eq!(parse_constant("const ready: boolean").unwrap().value.name, "ready");
}

#[test]
fn faults_have_a_place_and_depth_a_bound() {
    assert_eq!(parse_type("string | ]").unwrap_err().offset, 9);
    assert!(parse_type("A; type B = C").is_err());
    assert!(parse_type("").is_err());
    let deep = format!("{}T{}", "A<".repeat(10_000), ">".repeat(10_000));
    assert!(parse_type(&deep).unwrap_err().message.contains("200 levels"));
}
