//! Members of interfaces and classes.

use super::draw::Draw;

/// A rule of the grammar that gives a member with what ends it.
pub(crate) type MemberRule = (&'static str, fn(&mut Draw) -> String);

pub(crate) const PROPERTY: MemberRule = ("property", |d| format!("{};", d.property()));

/// Members that interfaces have.
pub(crate) const OF_INTERFACES: &[MemberRule] = &[
    ("method", method),
    ("method", method),
    ("optional method", |d| format!("{}?({}): {};", d.member_name(), d.parameters(), d.result())),
    ("overloads", |d| {
        let name = d.member_name();
        format!(
            "{name}({}): {}; {name}({}): {};",
            d.parameters(),
            d.result(),
            d.parameters(),
            d.result()
        )
    }),
    ("generic method", generic),
    ("callback property", |d| {
        format!("on{}?: ({}) => {};", d.below(9), d.parameters(), d.result())
    }),
    ("getter", |d| format!("get got{}(): {};", d.below(9), d.ty())),
    ("getter and setter", |d| {
        let (at, ty) = (d.below(9), d.ty());
        format!("get both{at}(): {ty}; set both{at}(value: {ty});")
    }),
    ("method that returns this", |d| format!("chain{}({}): this;", d.below(9), d.parameters())),
    ("property of this", |d| format!("me{}{}: this;", d.below(9), if d.half() { "?" } else { "" })),
    ("type predicate", |d| format!("is{}(x: unknown): x is {};", d.below(9), d.own())),
    ("assertion", |d| format!("assert{}(x: unknown): asserts x;", d.below(9))),
    ("own receiver", |d| format!("with{}(this: void, x: {}): void;", d.below(9), d.ty())),
    ("index signature", |_| "[key: string]: any;".into()),
    ("call signature", |d| format!("({}): {};", d.parameters(), d.result())),
    ("construct signature", |d| format!("new ({}): {};", d.parameters(), d.own())),
    ("well-known symbol", |d| {
        let ty = d.ty();
        let name = d.pick(&["iterator", "asyncIterator", "toStringTag", "dispose"]);
        match name {
            "toStringTag" => "readonly [Symbol.toStringTag]: string;".into(),
            "dispose" => "[Symbol.dispose](): void;".into(),
            _ => format!("[Symbol.{name}](): Iterator<{ty}>;"),
        }
    }),
];

/// Members that classes have.
pub(crate) const OF_CLASSES: &[MemberRule] = &[
    ("method", method),
    ("generic method", generic),
    ("static property", |d| {
        format!(
            "static readonly {}: {};",
            d.pick(&["shared", "VERSION", "type", "token"]),
            d.unscoped()
        )
    }),
    ("static method", |d| {
        format!(
            "static {}({}): {};",
            d.pick(&["create", "from", "of", "new_"]),
            "x: string",
            d.unscoped()
        )
    }),
    ("protected", |d| format!("protected kept{}: {};", d.below(9), d.ty())),
    ("private", |d| format!("private hid{};", d.below(9))),
    ("private by its name", |_| "#hidden;".into()),
    ("constructor", |d| format!("constructor({});", d.parameters())),
    ("private constructor", |_| "private constructor();".into()),
    ("getter", |d| format!("get got{}(): {};", d.below(9), d.ty())),
    ("setter", |d| format!("set put{}(value: {});", d.below(9), d.ty())),
    ("static accessor", |d| format!("static get one{}(): {};", d.below(9), d.unscoped())),
    ("method that returns this", |d| format!("chain{}(): this;", d.below(9))),
    ("optional method", |d| format!("maybe{}?({}): {};", d.below(9), d.parameters(), d.result())),
    ("overloads", |d| {
        let at = d.below(9);
        format!(
            "on{at}(event: 'a', cb: ({}) => void): this; on{at}(event: 'b', cb: () => void): this;",
            d.parameters()
        )
    }),
    ("asynchronous generator", |d| format!("walk{}(): AsyncGenerator<{}>;", d.below(9), d.ty())),
];

fn method(d: &mut Draw) -> String {
    format!("{}({}): {};", d.member_name(), d.parameters(), d.result())
}

fn generic(d: &mut Draw) -> String {
    let outer = d.scope.len();
    let arity = 1 + d.below(2);
    let declared = d.declare(arity, false);
    let text = format!("with{}{declared}({}): {};", d.below(9), d.parameters(), d.result());
    d.scope.truncate(outer);
    text
}
