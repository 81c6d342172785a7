//! Long input of several kinds, from a file on disk to Rust text, at one length and at ten times it. What grows with
//! the square of its input is a hundred times as slow.

use std::{fmt::Write as _, fs, hint::black_box, path::Path};

use credwire_ingest::{Options, ingest};
use credwire_schema::{link, overlay::Overlay};

use super::measure::{
    report::{Bound, Report},
    sampling::{Spent, median, median_ratio, side_by_side},
};

/// How many samples are taken of each kind.
const ROUNDS: usize = 3;

/// A kind of input: what it is, how long the short one is, and its text at a length.
struct Kind {
    what: &'static str,
    length: usize,
    file: &'static str,
    text: fn(usize) -> String,
}

const KINDS: &[Kind] = &[
    Kind { what: "names", length: 200, file: "index.d.ts", text: names },
    Kind { what: "unknown names", length: 200, file: "index.d.ts", text: unknown_names },
    Kind { what: "a chain of bases", length: 30, file: "index.d.ts", text: chain },
    Kind { what: "heirs of one base", length: 40, file: "index.d.ts", text: heirs },
    Kind { what: "merged declarations", length: 200, file: "index.d.ts", text: merges },
    Kind { what: "a union of objects", length: 60, file: "index.d.ts", text: union },
    Kind { what: "a union of texts", length: 200, file: "index.d.ts", text: texts },
    Kind { what: "overloads", length: 60, file: "index.d.ts", text: overloads },
    Kind { what: "utility types", length: 60, file: "index.d.ts", text: utilities },
    Kind { what: "types in place, one in another", length: 20, file: "index.d.ts", text: nested },
    Kind { what: "the rows of a table", length: 200, file: "Lamp.mdx", text: table },
];

/// Measures all kinds.
pub(crate) fn growth(report: &mut Report) {
    for kind in KINDS {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let written = |times: usize| {
            let folder = folder.path().join(times.to_string());
            fs::create_dir(&folder).expect("a folder can be made");
            let file = folder.join(kind.file);
            fs::write(&file, (kind.text)(kind.length * times)).expect("a file can be written");
            file
        };
        let (short, long) = (written(1), written(10));
        let samples = side_by_side(ROUNDS, || to_rust(&long), || to_rust(&short));
        let milliseconds = |of: fn(&(Spent, Spent)) -> f64| median(samples.iter().map(of));
        report
            .row(format!("ten times the input, {}: CPU time", kind.what))
            .detail(format!(
                "{:.0} ms for {}, {:.0} ms for {}",
                milliseconds(|(long, _)| long.cpu()),
                kind.length * 10,
                milliseconds(|(_, short)| short.cpu()),
                kind.length
            ))
            .measured(median_ratio(&samples, Spent::cpu), "x", Bound::AtMost(12.0));
    }
}

/// A file to Rust text; how much of it there is.
fn to_rust(file: &Path) -> usize {
    let options = Options { threads: Some(1), ..Options::default() };
    let ingested = ingest(&[file.to_owned().into()], &options);
    assert!(!ingested.has_errors(), "{:?}", ingested.diagnostics);
    let schema = link::link_all(ingested.items, Overlay::default().externals());
    let schema = schema.unwrap_or_else(|problems| panic!("{problems:?}"));
    let rendered = credwire_codegen::render(&schema).expect("the schema can be rendered");
    black_box(rendered).files().iter().len()
}

/// Text made of one part for each number.
fn parts(length: usize, part: impl Fn(&mut String, usize)) -> String {
    let mut text = String::new();
    (0..length).for_each(|number| part(&mut text, number));
    text
}

macro_rules! part {
    ($text:expr, $($format:tt)*) => {
        writeln!($text, $($format)*).expect("a text takes any text")
    };
}

fn names(length: usize) -> String {
    parts(length, |text, n| {
        let next = (n + 1) % length;
        part!(text, "export interface Lamp{n} {{ id: string; next?: Lamp{next}; lit: boolean }}");
    })
}

fn unknown_names(length: usize) -> String {
    parts(length, |text, n| part!(text, "export interface Lamp{n} {{ far: Far{n}; id: string }}"))
}

fn chain(length: usize) -> String {
    parts(length, |text, n| {
        let base = if n > 0 { format!(" extends Lamp{}", n - 1) } else { String::new() };
        part!(text, "export interface Lamp{n}{base} {{ id: string }}");
    })
}

fn heirs(length: usize) -> String {
    let base =
        "export interface Base { a: string | number; b: 'x' | 'y'; c: { d: string | boolean } }\n";
    let heirs = parts(length, |text, n| {
        part!(text, "export type Heir{n} = Base & {{ own{n}: string }};");
    });
    format!("{base}{heirs}")
}

fn merges(length: usize) -> String {
    parts(length, |text, n| part!(text, "export interface Lamp {{ member{n}: string }}"))
}

fn union(length: usize) -> String {
    let objects = parts(length, |text, n| {
        part!(text, "export interface Lamp{n} {{ kind: 'lamp{n}'; id: string }}");
    });
    let parts = parts(length, |text, n| part!(text, "  | Lamp{n}"));
    format!("{objects}export type Any =\n{parts};\n")
}

fn texts(length: usize) -> String {
    format!("export type Text =\n{};\n", parts(length, |text, n| part!(text, "  | 'text{n}'")))
}

fn overloads(length: usize) -> String {
    let all = parts(length, |text, n| {
        part!(text, "  on(event: 'event{n}', handler: (value: string | number) => void): void;");
    });
    format!("export interface Lamp {{\n{all}}}\n")
}

fn utilities(length: usize) -> String {
    let base = "export interface Base { a: string; b?: number; c: boolean }\n";
    let all = parts(length, |text, n| {
        part!(text, "export type Part{n} = Partial<Pick<Base, 'a' | 'b'>> & Omit<Base, 'a'>;");
    });
    format!("{base}{all}")
}

fn nested(length: usize) -> String {
    let all = parts(length, |text, n| {
        part!(text, "  member{n}: {{ a: {{ b: {{ c: string | number; d: 'x' | 'y' }}[] }} }};");
    });
    format!("export interface Lamp {{\n{all}}}\n")
}

fn table(length: usize) -> String {
    let rows = parts(length, |text, n| {
        part!(text, "<ParamField path=\"member{n}\" type=\"string\" required>");
        part!(text, "  What number {n} says.\n</ParamField>\n");
    });
    let head =
        "---\ntitle: \"Lamp\"\nslug: /reference/interfaces/lamp\n---\nA lamp.\n\n## Properties\n";
    format!("{head}\n{rows}")
}
