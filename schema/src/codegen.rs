//! From a frozen [`Schema`] to Rust: plan, emit, print.
//!
//! Each kind of item has its generator, listed in `GENERATORS`. An item that no generator can
//! express is left out, and so is whatever needs it; [`Output::left_out`] and the manifest say why,
//! by item and member. The output depends on the schema alone: equal
//! schemas give equal bytes, in whatever order their items came.

mod alias;
mod choice;
mod constant;
mod context;
mod crate_root;
mod decision;
mod docs;
mod error_class;
mod generics;
mod literals;
mod manifest;
pub(crate) mod names;
mod nested;
mod output;
mod platform;
mod print;
mod provider;
mod record;
mod rpc;
mod templates;
mod types;
mod union;

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use serde::Serialize;
use syn::Ident;

use self::context::Context;
pub use self::output::Output;
use crate::{
    diagnostic::{Diagnostic, Place},
    link,
    model::{Item, Origin, Role, Schema, Shape},
    type_expr::TypeExpr,
};

/// Generates the source tree of the `credwire-generated` package.
///
/// Items that have no Rust form are left out; see [`Output::left_out`].
///
/// # Errors
/// Documents that cannot be written.
pub fn render(schema: &Schema) -> Result<Output, Vec<Diagnostic>> {
    let (cx, outcomes) = settled(schema);
    Output::new(&cx, outcomes)
}

/// What becomes of each item, by documented name.
pub fn report(schema: &Schema) -> Vec<Entry> {
    let entry = |outcome: Outcome<'_>| Entry {
        name: outcome.item.name.clone(),
        origin: outcome.item.origin,
        role: schema.roles.get(&outcome.item.name).copied(),
        folders: outcome.modules.iter().map(|module| module.generator.folder).collect(),
        rust: outcome
            .modules
            .iter()
            .flat_map(|module| &module.emitted.exports)
            .map(ToString::to_string)
            .collect(),
        reasons: outcome.problems.0.into_iter().map(|problem| problem.message).collect(),
    };
    settled(schema).1.into_iter().map(entry).collect()
}

/// What becomes of one item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The documented name.
    pub name: String,
    /// What describes it.
    pub origin: Origin,
    /// What it is for, when it is an interface.
    pub role: Option<Role>,
    /// The folders of its modules, which tell its kind: `data`, `values`, `unions`.
    pub folders: Vec<&'static str>,
    /// The Rust names that come of it.
    pub rust: Vec<String>,
    /// Why it is left out; empty when it is not.
    pub reasons: Vec<String>,
}

/// What the generators made of one item.
struct Outcome<'a> {
    item: &'a Item,
    modules: Vec<Module<'a>>,
    problems: Problems,
}

/// The outcomes once everything is left out that needs what is left out.
fn settled(schema: &Schema) -> (Context<'_>, Vec<Outcome<'_>>) {
    let mut cx = Context::new(schema);
    loop {
        let outcomes: Vec<Outcome<'_>> =
            schema.items.values().map(|item| outcome(&cx, item)).collect();
        let left_out = outcomes.iter().filter(|outcome| !outcome.problems.0.is_empty());
        let left_out: BTreeSet<&str> = left_out.map(|outcome| outcome.item.name.as_str()).collect();
        // Only ever grows, since what is missing stays a problem of those who need it.
        if left_out == cx.left_out {
            return (cx, outcomes);
        }
        cx.left_out = left_out;
    }
}

fn outcome<'a>(cx: &Context<'a>, item: &'a Item) -> Outcome<'a> {
    let mut problems = Problems(Vec::new());
    let mut modules = Vec::new();
    for generator in GENERATORS {
        match (generator.run)(cx, item, &mut problems) {
            Verdict::NotMine | Verdict::Failed => {}
            Verdict::Emitted(stem, emitted) => {
                modules.push(Module { item, generator, stem, emitted });
            }
        }
    }
    if modules.is_empty() && problems.0.is_empty() {
        let what = format!("no generator takes {}", kind(cx, item));
        problems.inexpressible(&item.place, &item.name, &what);
    }
    needs(cx, item, &mut problems);
    if !problems.0.is_empty() {
        modules.clear();
    }
    problems.0.sort_by(|a, b| (&a.place, &a.message).cmp(&(&b.place, &b.message)));
    problems.0.dedup();
    Outcome { item, modules, problems }
}

/// Reports the items that `item` mentions and that are left out.
fn needs(cx: &Context<'_>, item: &Item, problems: &mut Problems) {
    let mut missing = BTreeMap::new();
    for mention in link::mentions(item) {
        mention.ty.walk(&mut |ty| {
            if let TypeExpr::Ref { name, .. } = ty
                && *name != item.name
                && cx.left_out.contains(name.as_str())
            {
                missing.entry(name).or_insert(mention.place);
            }
        });
    }
    for (name, place) in missing {
        problems.inexpressible(place, &item.name, &format!("it needs `{name}`"));
    }
}

/// What an item is, in words.
fn kind(cx: &Context<'_>, item: &Item) -> &'static str {
    match (&item.shape, cx.role(item)) {
        (Shape::Interface(_), Some(Role::Sdk)) => "behaviour that the SDK supplies",
        (Shape::Interface(_), Some(Role::Stream)) => "data with a stream",
        (Shape::Interface(_), _) => "such an interface",
        (Shape::Class(_), _) => "classes",
        (Shape::Error(_), _) => "such an error",
        (Shape::Alias { .. }, _) => "an alias of such a type",
        (Shape::Function { .. }, _) => "functions",
        (Shape::Variable { .. }, _) => "such a variable",
        (Shape::Rpc(_), _) => "such a part of a protocol",
    }
}

/// A kind of generated code.
struct Generator {
    /// Its source file, which the header of each generated file names.
    source: &'static str,
    /// The folder of its modules.
    folder: &'static str,
    /// What the folder holds.
    title: &'static str,
    run: fn(&Context<'_>, &Item, &mut Problems) -> Verdict,
}

/// What a generator makes of an item.
enum Verdict {
    NotMine,
    /// The problems say why.
    Failed,
    /// Code for a module of this name.
    Emitted(String, Emitted),
}

/// The code of one module.
#[derive(Default)]
struct Emitted {
    /// The public names in it.
    exports: Vec<Ident>,
    body: TokenStream,
}

/// One file to be.
struct Module<'a> {
    item: &'a Item,
    generator: &'static Generator,
    stem: String,
    emitted: Emitted,
}

/// What the folder `wire` holds.
const WIRE: &str = "JSON-RPC over the socket of a session.";

const GENERATORS: &[Generator] = &[
    Generator {
        source: "schema/src/codegen/record.rs",
        folder: "data",
        title: "Data on the wire.",
        run: |cx, item, problems| match &item.shape {
            Shape::Interface(members)
                if cx.role(item) == Some(Role::WireData) && item.origin == Origin::Reference =>
            {
                verdict(item, record::emit(cx, item, members, problems))
            }
            _ => Verdict::NotMine,
        },
    },
    Generator {
        source: "schema/src/codegen/record.rs",
        folder: "wire",
        title: WIRE,
        run: |cx, item, problems| match &item.shape {
            Shape::Interface(members)
                if cx.role(item) == Some(Role::WireData) && item.origin == Origin::Wire =>
            {
                verdict(item, record::emit(cx, item, members, problems))
            }
            _ => Verdict::NotMine,
        },
    },
    Generator {
        source: "schema/src/codegen/rpc.rs",
        folder: "wire",
        title: WIRE,
        run: |cx, item, problems| match &item.shape {
            Shape::Rpc(rpc) => verdict(item, rpc::emit(cx, item, rpc, problems)),
            _ => Verdict::NotMine,
        },
    },
    Generator {
        source: "schema/src/codegen/record.rs",
        folder: "handles",
        title: "Data that carries what a platform brings.",
        run: |cx, item, problems| match &item.shape {
            Shape::Interface(members) if cx.role(item) == Some(Role::Handles) => {
                verdict(item, record::emit(cx, item, members, problems))
            }
            _ => Verdict::NotMine,
        },
    },
    Generator {
        source: "schema/src/codegen/literals.rs",
        folder: "values",
        title: "Enumerated values.",
        run: |_, item, problems| match &item.shape {
            Shape::Alias { ty, meanings } => literals::union(ty)
                .map_or(Verdict::NotMine, |union| {
                    verdict(item, literals::emit(item, union, meanings, problems))
                }),
            _ => Verdict::NotMine,
        },
    },
    Generator {
        source: "schema/src/codegen/alias.rs",
        folder: "aliases",
        title: "Other names of types.",
        run: |cx, item, problems| match &item.shape {
            Shape::Alias { ty, .. } if alias::is_plain(ty) => {
                verdict(item, alias::emit(cx, item, ty, problems))
            }
            _ => Verdict::NotMine,
        },
    },
    Generator {
        source: "schema/src/codegen/union.rs",
        folder: "unions",
        title: "Unions of interfaces.",
        run: |cx, item, problems| match &item.shape {
            Shape::Alias { ty, .. } if union::is_union(cx, ty) => {
                verdict(item, union::emit(cx, item, ty, problems))
            }
            _ => Verdict::NotMine,
        },
    },
    Generator {
        source: "schema/src/codegen/provider.rs",
        folder: "providers",
        title: "Behaviour that applications supply.",
        run: |cx, item, problems| match &item.shape {
            Shape::Interface(members) if cx.role(item) == Some(Role::Application) => {
                verdict(item, provider::emit(cx, item, members, problems))
            }
            Shape::Alias { ty: TypeExpr::Function(function), .. } => {
                verdict(item, provider::emit_function(cx, item, function, problems))
            }
            _ => Verdict::NotMine,
        },
    },
    Generator {
        source: "schema/src/codegen/error_class.rs",
        folder: "errors",
        title: "Errors.",
        run: |cx, item, problems| match &item.shape {
            Shape::Error(members) => verdict(item, error_class::emit(cx, item, members, problems)),
            _ => Verdict::NotMine,
        },
    },
    Generator {
        source: "schema/src/codegen/constant.rs",
        folder: "constants",
        title: "Constants.",
        run: |_, item, problems| match &item.shape {
            Shape::Variable { ty, value } => {
                verdict(item, constant::emit(item, ty, value.as_deref(), problems))
            }
            _ => Verdict::NotMine,
        },
    },
    Generator {
        source: "schema/src/codegen/decision.rs",
        folder: "decisions",
        title: "Decision tables.",
        run: |_, item, _| match item.tables.as_slice() {
            [] => Verdict::NotMine,
            tables => {
                let mut all = Emitted::default();
                for table in tables {
                    let emitted = decision::emit(item, table);
                    all.exports.extend(emitted.exports);
                    all.body.extend(emitted.body);
                }
                verdict(item, Some(all))
            }
        },
    },
];

fn verdict(item: &Item, emitted: Option<Emitted>) -> Verdict {
    // The page's own words, where there is a page: it splits acronyms as a reader does.
    let slug = item.reference.rsplit('/').next().unwrap_or_default();
    let stem = if slug.is_empty() { names::snake(&item.rust) } else { names::snake(slug) };
    match emitted {
        Some(emitted) => Verdict::Emitted(stem, emitted),
        None => Verdict::Failed,
    }
}

/// What the generators could not express.
struct Problems(Vec<Diagnostic>);

impl Problems {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn inexpressible(&mut self, place: &Place, path: &str, what: &str) {
        let message = format!("`{path}` has no Rust form: {what}");
        self.0.push(
            Diagnostic::error("not-expressible", place.clone(), message)
                .help("correct the type in the overlay, or teach the generator this form"),
        );
    }
}
