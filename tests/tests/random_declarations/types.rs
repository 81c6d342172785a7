//! Types: leaves, and what holds other types.

use super::{
    draw::Draw,
    names::{FAR, NUMBERS, PLATFORM, WORDS},
};

/// A rule of the grammar that gives a type.
pub(crate) type TypeRule = (&'static str, fn(&mut Draw) -> String);

/// Types that hold no other type that is drawn.
pub(crate) const LEAVES: &[TypeRule] = &[
    ("string", |_| "string".into()),
    ("string", |_| "string".into()),
    ("number", |_| "number".into()),
    ("boolean", |_| "boolean".into()),
    ("own name", own),
    ("own name", own),
    ("own name", own),
    ("type parameter", parameter),
    ("type parameter", parameter),
    ("null", |_| "null".into()),
    ("undefined", |_| "undefined".into()),
    ("unknown", |_| "unknown".into()),
    ("any", |_| "any".into()),
    ("object", |d| d.pick(&["object", "{}", "Object"]).into()),
    ("bigint", |_| "bigint".into()),
    ("symbol", |_| "symbol".into()),
    ("never", |_| "never".into()),
    ("void", |_| "void".into()),
    ("text literal", |d| format!("\"{}\"", d.pick(WORDS))),
    ("number literal", |d| d.pick(NUMBERS).into()),
    ("boolean literal", |d| d.pick(&["true", "false"]).into()),
    ("bigint literal", |_| "10n".into()),
    ("date", |_| "Date".into()),
    ("address", |d| d.pick(&["URL", "URLSearchParams"]).into()),
    ("bytes", |d| {
        d.pick(&[
            "Uint8Array",
            "ArrayBuffer",
            "Buffer",
            "DataView",
            "Uint8Array<ArrayBuffer>",
            "ArrayBufferLike",
        ])
        .into()
    }),
    ("platform", |d| d.pick(PLATFORM).into()),
    ("absent package", far),
    ("error", |d| d.pick(&["Error", "RangeError", "AggregateError"]).into()),
    ("open literals", |d| format!("\"{}\" | (string & {{}})", d.pick(WORDS))),
    ("closed literals", words),
    ("mixed literals", |d| format!("\"{}\" | {} | true | null", d.pick(WORDS), d.pick(NUMBERS))),
    ("brand", |_| "string & { readonly __brand: unique symbol }".into()),
    ("keyof", |d| format!("keyof {}", d.interface())),
    ("indexed", |d| {
        let object = d.interface();
        format!("{object}[keyof {object}]")
    }),
    ("typeof", |d| match d.value() {
        Some(value) => format!("typeof {value}"),
        None => "string".into(),
    }),
    ("result of a function", |d| match d.function() {
        Some(function) if d.half() => format!("Parameters<typeof {function}>"),
        Some(function) => format!("ReturnType<typeof {function}>"),
        None => "string".into(),
    }),
    ("instance", |d| match d.class() {
        Some(class) if d.half() => format!("InstanceType<typeof {class}>"),
        Some(class) => format!("ConstructorParameters<typeof {class}>"),
        None => "number".into(),
    }),
    ("enum member", |d| d.enum_member().unwrap_or_else(|| "1".into())),
    ("inside a namespace", |d| d.inner().unwrap_or_else(|| "string".into())),
];

/// Types that hold others.
pub(crate) const NODES: &[TypeRule] = &[
    ("array", |d| format!("({})[]", d.ty())),
    ("array by name", |d| {
        format!("{}<{}>", d.pick(&["Array", "ReadonlyArray", "Iterable"]), d.ty())
    }),
    ("readonly array", |d| format!("readonly ({})[]", d.ty())),
    ("tuple", |d| format!("[{}, {}]", d.ty(), d.ty())),
    ("tuple with labels", |d| format!("[first: {}, second?: {}]", d.ty(), d.ty())),
    ("tuple with a rest", |d| format!("[{}, ...({})[]]", d.ty(), d.ty())),
    ("readonly tuple", |d| format!("readonly [{}]", d.ty())),
    ("map", |d| format!("{}<string, {}>", d.pick(&["Map", "ReadonlyMap"]), d.ty())),
    ("record", |d| {
        format!(
            "Record<{}, {}>",
            d.pick(&["string", "number", "'on' | 'off'", "PropertyKey"]),
            d.ty()
        )
    }),
    ("partial record", |d| format!("Partial<Record<{}, {}>>", d.key(), d.ty())),
    ("set", |d| format!("{}<{}>", d.pick(&["Set", "ReadonlySet"]), d.ty())),
    ("union", |d| format!("{} | {}", d.ty(), d.ty())),
    ("union", |d| format!("{} | {} | {}", d.ty(), d.ty(), d.ty())),
    ("nullable", |d| format!("{} | null", d.ty())),
    ("absent or null", |d| format!("{} | null | undefined", d.ty())),
    ("tagged union", tagged),
    ("intersection", |d| format!("{} & {}", d.interface(), d.object())),
    ("intersection of two", |d| format!("{} & {}", d.interface(), d.interface())),
    ("object in place", Draw::object),
    ("object in place", Draw::object),
    ("object with an index", |d| format!("{{ a: {}; [key: string]: {} }}", d.ty(), d.ty())),
    ("index alone", |d| format!("{{ [key: {}]: {} }}", d.pick(&["string", "number"]), d.ty())),
    ("object with methods", |d| {
        format!("{{ go({}): {}; at?: {} }}", d.parameters(), d.result(), d.ty())
    }),
    ("object that is called", |d| {
        format!("{{ ({}): {}; label: {} }}", d.parameters(), d.result(), d.ty())
    }),
    ("function", |d| format!("(({}) => {})", d.parameters(), d.result())),
    ("optional callback", |d| format!("(({}) => void) | undefined", d.parameters())),
    ("constructor", |d| {
        format!("({}new ({}) => {})", d.pick(&["", "abstract "]), d.parameters(), d.ty())
    }),
    ("partial", |d| {
        format!(
            "{}<{}>",
            d.pick(&["Partial", "Required", "Readonly", "NonNullable"]),
            d.interface()
        )
    }),
    ("partial of a place", |d| format!("Partial<{}>", d.object())),
    ("pick", |d| format!("{}<{}, {}>", d.pick(&["Pick", "Omit"]), d.interface(), d.key())),
    ("pick from a place", |d| {
        format!("{}<{}, 'id' | 'token'>", d.pick(&["Pick", "Omit"]), d.object())
    }),
    ("exclude", |d| format!("{}<{}, {}>", d.pick(&["Exclude", "Extract"]), words(d), words(d))),
    ("exclude a kind", |d| format!("Exclude<{} | null, null | undefined>", d.ty())),
    ("casing", |d| format!("{}<{}>", d.pick(&["Uppercase", "Lowercase", "Capitalize"]), words(d))),
    ("awaited", |d| format!("Awaited<Promise<{}>>", d.ty())),
    ("indexed by a name", |d| format!("{{ a: {}; b: string }}['a']", d.ty())),
    ("item of an array", |d| format!("({})[][number]", d.ty())),
    ("mapped", |d| format!("{{ [K in {}]: {} }}", words(d), d.ty())),
    ("mapped over members", |d| {
        let of = d.interface();
        let change = d.pick(&["", "?", "-?", "+?"]);
        format!(
            "{{ {}[K in keyof {of}]{change}: {of}[K] }}",
            d.pick(&["", "readonly ", "-readonly "])
        )
    }),
    ("mapped with other names", |d| {
        let of = d.interface();
        format!("{{ [K in keyof {of} as `on${{Capitalize<string & K>}}`]: (x: {of}[K]) => void }}")
    }),
    ("conditional", |d| format!("({} extends {} ? {} : {})", d.ty(), d.ty(), d.ty(), d.ty())),
    ("conditional that infers", |d| format!("({} extends (infer I)[] ? I : {})", d.ty(), d.ty())),
    ("template", |d| {
        format!(
            "`{}-${{{}}}`",
            d.pick(&["a", "on", ""]),
            d.pick(&["string", "number", "'x' | 'y'"])
        )
    }),
    ("promise", |d| format!("{}<{}>", d.pick(&["Promise", "PromiseLike"]), d.ty())),
    ("asynchronous iterable", |d| {
        format!("{}<{}>", d.pick(&["AsyncIterable", "AsyncIterableIterator"]), d.ty())
    }),
    ("generator", |d| {
        format!("{}<{}, void, unknown>", d.pick(&["AsyncGenerator", "Generator"]), d.ty())
    }),
    ("stream", |d| format!("{}<{}>", d.pick(&["ReadableStream", "WritableStream"]), d.ty())),
    ("iterator", |d| format!("{}<{}>", d.pick(&["IterableIterator", "Iterator"]), d.ty())),
    ("generic absent package", |d| format!("FarBox<{}>", d.ty())),
];

fn own(d: &mut Draw) -> String {
    d.own()
}

fn parameter(d: &mut Draw) -> String {
    match d.in_scope() {
        Some(name) => name,
        None => "string".into(),
    }
}

fn far(d: &mut Draw) -> String {
    let (name, arity) = FAR[d.below(FAR.len())];
    match arity {
        0 => name.into(),
        1 => format!("{name}<string>"),
        _ => format!("{name}<string, {}>", d.own()),
    }
}

fn words(d: &mut Draw) -> String {
    let count = 1 + d.below(4);
    let words: Vec<String> = (0..count).map(|_| format!("\"{}\"", d.pick(WORDS))).collect();
    words.join(" | ")
}

fn tagged(d: &mut Draw) -> String {
    let tag = d.pick(&["type", "kind", "'@type'"]);
    let count = 2 + d.below(2);
    let alternatives: Vec<String> = (0..count)
        .map(|at| {
            let word = if d.chance(4) { d.pick(WORDS).to_owned() } else { format!("k{at}") };
            format!("{{ {tag}: \"{word}\"; {} }}", d.property())
        })
        .collect();
    alternatives.join(" | ")
}
