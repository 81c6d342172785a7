//! Items: what a declaration has at its top, each of which can be taken away.

use std::collections::BTreeSet;

use super::{
    draw::{Draw, Kind, Planned},
    names::{NUMBERS, TYPES, VALUES, WORDS},
};

/// An item, in the parts that a failure is searched for in.
#[derive(Clone, Debug)]
pub(crate) struct Declared {
    /// What stands before the members.
    pub(crate) head: String,
    pub(crate) parts: Vec<Part>,
    /// What stands after them.
    pub(crate) tail: String,
    /// The rules of the head.
    pub(crate) rules: BTreeSet<&'static str>,
}

/// A member of an item.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) text: String,
    pub(crate) rules: BTreeSet<&'static str>,
}

impl Declared {
    pub(crate) fn text(&self) -> String {
        let mut text = self.head.clone();
        for part in &self.parts {
            text.push_str("\n  ");
            text.push_str(&part.text);
        }
        text.push_str(&self.tail);
        text
    }
}

/// A rule of the grammar that gives items: its name, what it declares, how it does.
pub(crate) struct ItemRule {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    /// The most type parameters that it takes.
    arity: usize,
    write: fn(&mut Draw, &Planned) -> Vec<Declared>,
}

const fn rule(
    name: &'static str,
    kind: Kind,
    arity: usize,
    write: fn(&mut Draw, &Planned) -> Vec<Declared>,
) -> ItemRule {
    ItemRule { name, kind, arity, write }
}

pub(crate) const ITEMS: &[ItemRule] = &[
    rule("interface", Kind::Interface, 0, |d, it| interface(d, it, "")),
    rule("interface", Kind::Interface, 0, |d, it| interface(d, it, "")),
    rule("generic interface", Kind::Interface, 2, |d, it| interface(d, it, "")),
    rule("interface with a base", Kind::Interface, 0, |d, it| {
        let base = d.interface_before();
        interface(d, it, &base.map(|base| format!(" extends {base}")).unwrap_or_default())
    }),
    rule("interface with a base that is worked out", Kind::Interface, 0, |d, it| {
        let base = d.interface_before();
        let base = base.map(|base| {
            let with = d.pick(&[
                "Partial<#>",
                "Omit<#, 'id'>",
                "Pick<#, 'token'>",
                "Readonly<#>",
                "Required<#>",
            ]);
            format!(" extends {}", with.replace('#', &base))
        });
        interface(d, it, &base.unwrap_or_default())
    }),
    rule("interface with a base of others", Kind::Interface, 0, |d, it| {
        let base = d.pick(&[
            "FarKnob",
            "far.Box<string>",
            "Error",
            "EventTarget",
            "RequestInit",
            "Array<string>",
            "Map<string, number>",
            "Record<string, unknown>",
            "Iterable<string>",
            "Promise<string>",
        ]);
        interface(d, it, &format!(" extends {base}"))
    }),
    rule("merged interface", Kind::Interface, 0, |d, it| {
        let mut all = interface(d, it, "");
        all.extend(interface(d, it, ""));
        all
    }),
    rule("interface of methods alone", Kind::Interface, 0, |d, it| {
        let parts =
            parts(d, 3, |d| format!("go{}({}): {};", d.below(99), d.parameters(), d.result()));
        vec![whole(d, format!("export interface {} {{", it.name), parts, "\n}")]
    }),
    rule("class", Kind::Class, 0, |d, it| class(d, it, "declare class", "")),
    rule("abstract class", Kind::Class, 0, |d, it| {
        let mut all = class(d, it, "declare abstract class", "");
        let text = format!("abstract must({}): {};", d.parameters(), d.result());
        all[0].parts.push(Part { text, rules: d.take_used() });
        all
    }),
    rule("generic class", Kind::Class, 2, |d, it| class(d, it, "class", "")),
    rule("class that implements", Kind::Class, 0, |d, it| {
        let of = d.interface_before();
        class(d, it, "declare class", &of.map(|of| format!(" implements {of}")).unwrap_or_default())
    }),
    rule("class with a base of others", Kind::Class, 0, |d, it| {
        let base = d.pick(&[
            "FarKnob",
            "EventTarget",
            "EventEmitter",
            "Map<string, string>",
            "Promise<string>",
        ]);
        class(d, it, "declare class", &format!(" extends {base}"))
    }),
    rule("error class", Kind::Class, 0, |d, it| class(d, it, "declare class", " extends Error")),
    rule("error class of data", Kind::Class, 0, |d, it| {
        let parts = parts(d, 3, |d| format!("{};", d.property()));
        let base = d.pick(&["Error", "TypeError", "DOMException"]);
        vec![whole(d, format!("export declare class {} extends {base} {{", it.name), parts, "\n}")]
    }),
    rule("generic error class", Kind::Class, 1, |d, it| {
        class(d, it, "declare class", " extends Error")
    }),
    rule("enum", Kind::Enum, 0, |d, it| {
        enumeration(d, it, "enum", |d| match d.below(3) {
            0 => format!(" = {}", d.pick(NUMBERS)),
            1 => format!(" = 1 << {}", d.below(9)),
            _ => String::new(),
        })
    }),
    rule("enum of text", Kind::Enum, 0, |d, it| {
        enumeration(d, it, "declare enum", |d| format!(" = \"{}\"", d.pick(WORDS)))
    }),
    rule("constant enum", Kind::Enum, 0, |d, it| {
        enumeration(d, it, "declare const enum", |d| {
            if d.half() { " = 4".into() } else { " = \"x\"".into() }
        })
    }),
    rule("alias", Kind::Alias, 0, alias),
    rule("alias", Kind::Alias, 0, alias),
    rule("generic alias", Kind::Alias, 2, alias),
    rule("alias of a function", Kind::Alias, 1, |d, it| {
        let head = start(d, "export type", it);
        let text = format!("{head} = ({}) => {};", d.parameters(), d.result());
        vec![whole(d, text, Vec::new(), "")]
    }),
    rule("alias of an object", Kind::Interface, 0, |d, it| {
        let parts = parts(d, 4, |d| d.member(false));
        vec![whole(d, format!("export type {} = {{", it.name), parts, "\n};")]
    }),
    rule("alias of literals", Kind::Alias, 0, |d, it| {
        let parts = parts(d, 5, |d| match d.below(6) {
            0 => format!("| {}", d.pick(NUMBERS)),
            _ => format!("| \"{}\"", d.pick(WORDS)),
        });
        vec![whole(d, format!("export type {} =", it.name), parts, ";")]
    }),
    rule("alias of a union", Kind::Alias, 0, |d, it| {
        let parts = parts(d, 4, |d| format!("| {{ {}; {} }}", d.property(), d.property()));
        vec![whole(d, format!("export type {} =", it.name), parts, ";")]
    }),
    rule("alias of a tagged union", Kind::Alias, 0, |d, it| {
        let tag = d.pick(&["type", "kind", "op"]);
        let mut all = parts(d, 4, Draw::property);
        for (at, part) in all.iter_mut().enumerate() {
            let word = if d.chance(4) { d.pick(WORDS).to_owned() } else { format!("k{at}") };
            part.text = format!("| {{ {tag}: \"{word}\"; {} }}", part.text);
        }
        vec![whole(d, format!("export type {} =", it.name), all, ";")]
    }),
    rule("recursive alias", Kind::Alias, 0, |d, it| {
        let name = &it.name;
        let ty = d.ty();
        let text = match d.below(4) {
            0 => format!("string | {name}[]"),
            1 => format!("{{ [key: string]: {name} }} | {ty}"),
            2 => format!("{{ value: {ty}; next?: {name} }}"),
            _ => format!("[{ty}, {name}] | null"),
        };
        vec![whole(d, format!("export type {name} = {text};"), Vec::new(), "")]
    }),
    rule("circular conditional", Kind::Alias, 1, |d, it| {
        let name = &it.name;
        let text = if it.arity == 0 {
            format!("export type {name} = string;")
        } else {
            format!("export type {name}<T> = T extends (infer I)[] ? {name}<I> : T;")
        };
        vec![whole(d, text, Vec::new(), "")]
    }),
    rule("deep partial", Kind::Alias, 1, |d, it| {
        let name = &it.name;
        let text = if it.arity == 0 {
            format!("export type {name} = {{ a?: {name} }};")
        } else {
            format!(
                "export type {name}<T> = {{ [K in keyof T]?: T[K] extends object ? {name}<T[K]> : T[K] }};"
            )
        };
        vec![whole(d, text, Vec::new(), "")]
    }),
    rule("function", Kind::Function, 0, |d, it| {
        let text =
            format!("export declare function {}({}): {};", it.name, d.parameters(), d.result());
        vec![whole(d, text, Vec::new(), "")]
    }),
    rule("function with overloads", Kind::Function, 0, |d, it| {
        let parts = parts(d, 3, |d| d.parameters());
        let parts = parts.into_iter().map(|part| Part {
            text: format!("export declare function {}({}): string;", it.name, part.text),
            ..part
        });
        let parts = parts.collect();
        vec![whole(d, String::new(), parts, "")]
    }),
    rule("generic function", Kind::Function, 1, |d, it| {
        let head = start(d, "export declare function", &Planned { arity: 1, ..it.clone() });
        let text = format!("{head}({}): {};", d.parameters(), d.result());
        vec![whole(d, text, Vec::new(), "")]
    }),
    rule("constant", Kind::Value, 0, |d, it| {
        let keyword = d.pick(&["const", "let", "var"]);
        let text = format!("export declare {keyword} {}: {};", it.name, d.ty());
        vec![whole(d, text, Vec::new(), "")]
    }),
    rule("constant with a value", Kind::Value, 0, |d, it| {
        let value =
            if d.half() { format!("\"{}\"", d.pick(WORDS)) } else { d.pick(NUMBERS).to_owned() };
        vec![whole(d, format!("export declare const {} = {value};", it.name), Vec::new(), "")]
    }),
    rule("constant of functions", Kind::Value, 0, |d, it| {
        let parts = parts(d, 3, |d| match d.below(3) {
            0 => format!("readonly {}: ({}) => {};", d.member_name(), d.parameters(), d.result()),
            1 => format!("readonly {}: \"{}\";", d.member_name(), d.pick(WORDS)),
            _ => d.member(false),
        });
        vec![whole(d, format!("export declare const {}: {{", it.name), parts, "\n};")]
    }),
    rule("namespace", Kind::Namespace, 0, |d, it| {
        let mut all = vec![
            "interface Inner { a: string; token?: string }".to_owned(),
            "namespace Deep { type Core = Inner[]; }".to_owned(),
            "type Mode = 'on' | 'off';".to_owned(),
        ];
        all.push(format!("function go({}): {};", d.parameters(), d.result()));
        all.push(format!("interface Other {{ {}; }}", d.property()));
        all.push(format!("const K: {};", d.ty()));
        all.push(format!("class Wheel {{ {} }}", d.member(true)));
        all.push("enum Side { Left, Right }".to_owned());
        let rules = d.take_used();
        let parts = all.into_iter().map(|text| Part { text, rules: rules.clone() }).collect();
        vec![whole(d, format!("export declare namespace {} {{", it.name), parts, "\n}")]
    }),
    rule("class and namespace", Kind::Class, 0, |d, it| {
        let mut all = class(d, it, "declare class", "");
        let parts =
            parts(d, 2, |d| format!("interface Options{} {{ {}; }}", d.below(9), d.property()));
        all.push(whole(d, format!("export declare namespace {} {{", it.name), parts, "\n}"));
        all
    }),
    rule("function and namespace", Kind::Function, 0, |d, it| {
        let text =
            format!("export declare function {}({}): {};", it.name, d.parameters(), d.result());
        let head = whole(d, text, Vec::new(), "");
        let parts =
            parts(d, 2, |d| format!("interface Options{} {{ {}; }}", d.below(9), d.property()));
        vec![head, whole(d, format!("export declare namespace {} {{", it.name), parts, "\n}")]
    }),
    rule("interface and constant", Kind::Interface, 0, |d, it| {
        let mut all = interface(d, it, "");
        let name = &it.name;
        let text = format!(
            "export declare const {name}: {{ new ({}): {name}; prototype: {name} }};",
            d.parameters()
        );
        all.push(whole(d, text, Vec::new(), ""));
        all
    }),
    rule("enum and namespace", Kind::Enum, 0, |d, it| {
        let mut all = enumeration(d, it, "declare enum", |_| String::new());
        let text = format!(
            "export declare namespace {} {{ function parse(text: string): {}; }}",
            it.name, it.name
        );
        all.push(whole(d, text, Vec::new(), ""));
        all
    }),
    rule("what is not exported", Kind::Interface, 0, |d, it| {
        let mut all = interface(d, it, "");
        all[0].head = all[0].head.replacen("export ", "", 1);
        all
    }),
    rule("under another name", Kind::Interface, 0, |d, it| {
        let mut all = interface(d, it, "");
        all[0].head = all[0].head.replacen("export ", "", 1);
        let text = format!("export {{ {} as Renamed{} }};", it.name, d.below(9));
        all.push(whole(d, text, Vec::new(), ""));
        all
    }),
    rule("default export", Kind::Function, 0, |d, it| {
        // One of a declaration at most: `drawn` sees to that.
        let text = match d.below(3) {
            0 => {
                format!("export default function {}({}): {};", it.name, d.parameters(), d.result())
            }
            1 => format!(
                "declare function {}({}): void;\nexport default {};",
                it.name,
                d.parameters(),
                it.name
            ),
            _ => format!(
                "declare const {}: {};\nexport {{ {} as default }};",
                it.name,
                d.ty(),
                it.name
            ),
        };
        vec![whole(d, text, Vec::new(), "")]
    }),
    rule("unique symbol", Kind::Value, 0, |d, it| {
        vec![whole(d, format!("export declare const {}: unique symbol;", it.name), Vec::new(), "")]
    }),
    rule("augmentation", Kind::Value, 0, |d, it| {
        let text = format!(
            "declare global {{ interface Window {{ {}: {}; }} }}\nexport declare const {}: string;",
            d.pick(&["lamp", "token"]),
            d.ty(),
            it.name
        );
        vec![whole(d, text, Vec::new(), "")]
    }),
];

/// The rules that give a kind of name, for a first export, and those that need one of values.
fn is_of_values(kind: Kind) -> bool {
    matches!(kind, Kind::Function | Kind::Value)
}

/// The items of the declaration that a seed gives.
pub(crate) fn declaration(seed: u64) -> Vec<Declared> {
    let mut d = Draw::new(seed);
    let count = 3 + d.below(6);
    let mut rules = Vec::new();
    let mut taken: BTreeSet<&str> = BTreeSet::new();
    let mut has_default = false;
    while rules.len() < count {
        let rule = &ITEMS[d.below(ITEMS.len())];
        if rule.name == "default export" && std::mem::replace(&mut has_default, true) {
            continue;
        }
        // Half of the names are ordinary ones.
        let names = if is_of_values(rule.kind) { VALUES } else { TYPES };
        let names = if d.half() { &names[..names.len().min(26)] } else { names };
        let name = d.pick(names).trim_start_matches("r#");
        if !taken.insert(name) {
            continue;
        }
        let arity = if rule.arity == 0 { 0 } else { d.below(rule.arity + 1) };
        d.planned.push(Planned { name: name.to_owned(), kind: rule.kind, arity });
        rules.push(rule);
    }
    let head = "import { FarKnob, FarBox, FarPair, Lamp as RawLamp } from 'far';\nimport * as far from 'far';\nimport type { EventEmitter } from 'events';";
    let mut all = vec![Declared {
        head: head.to_owned(),
        parts: Vec::new(),
        tail: String::new(),
        rules: BTreeSet::from(["imports"]),
    }];
    for (at, rule) in rules.into_iter().enumerate() {
        let planned = d.planned[at].clone();
        d.before = (rule.kind == Kind::Alias).then_some(at);
        d.place = at;
        d.scope.clear();
        d.used.insert(rule.name);
        all.extend((rule.write)(&mut d, &planned));
    }
    all
}

/// The text of a declaration.
pub(crate) fn text(all: &[Declared]) -> String {
    all.iter().map(|declared| declared.text() + "\n").collect()
}

/// An item of which everything that was drawn and is in no part is its head.
fn whole(d: &mut Draw, head: String, parts: Vec<Part>, tail: &str) -> Declared {
    Declared { head, parts, tail: tail.to_owned(), rules: d.take_used() }
}

/// Up to `most` parts, at least one.
fn parts(d: &mut Draw, most: usize, part: impl Fn(&mut Draw) -> String) -> Vec<Part> {
    let outer = d.take_used();
    let count = 1 + d.below(most);
    let mut all = Vec::new();
    for _ in 0..count {
        let text = part(d);
        all.push(Part { text, rules: d.take_used() });
    }
    d.used = outer;
    all
}

/// Keywords, name and type parameters; these are in scope from now on.
fn start(d: &mut Draw, keywords: &str, it: &Planned) -> String {
    let defaults = d.chance(3);
    let parameters = d.declare(it.arity, defaults);
    format!("{keywords} {}{parameters}", it.name)
}

fn interface(d: &mut Draw, it: &Planned, bases: &str) -> Vec<Declared> {
    d.scope.clear();
    let head = start(d, "export interface", it);
    let parts = parts(d, 6, |d| d.member(false));
    vec![whole(d, format!("{head}{bases} {{"), parts, "\n}")]
}

fn class(d: &mut Draw, it: &Planned, keywords: &str, bases: &str) -> Vec<Declared> {
    let head = start(d, &format!("export {keywords}"), it);
    let parts = parts(d, 6, |d| d.member(true));
    vec![whole(d, format!("{head}{bases} {{"), parts, "\n}")]
}

fn alias(d: &mut Draw, it: &Planned) -> Vec<Declared> {
    let head = start(d, "export type", it);
    let text = format!("{head} = {};", d.ty());
    vec![whole(d, text, Vec::new(), "")]
}

fn enumeration(
    d: &mut Draw,
    it: &Planned,
    keywords: &str,
    value: fn(&mut Draw) -> String,
) -> Vec<Declared> {
    let mut names = vec![
        "First",
        "Second",
        "'third-one'",
        "FOURTH",
        "fourth",
        "Other",
        "Self",
        "'ünï'",
        "_",
        "$5",
    ];
    names.truncate(2 + d.below(names.len() - 1));
    let parts = names
        .into_iter()
        .map(|name| Part { text: format!("{name}{},", value(d)), rules: BTreeSet::new() });
    let parts = parts.collect();
    vec![whole(d, format!("export {keywords} {} {{", it.name), parts, "\n}")]
}
