//! From a frozen [`Schema`] to Rust: plan, emit, print.
//!
//! Each kind of item has its generator, listed in `generators::ALL`. An item that no generator can
//! express is left out, and so is whatever needs it; [`Output::left_out`] and the manifest say why,
//! by item and member. The output depends on the schema alone: equal
//! schemas give equal bytes, in whatever order their items came.

mod alias;
mod associated;
mod choice;
mod constant;
mod context;
mod crate_root;
mod decision;
mod docs;
mod element;
mod error_class;
mod generators;
mod generics;
mod json_schema;
mod literals;
mod made;
mod manifest;
pub(crate) mod names;
mod nested;
mod object;
mod output;
mod overloads;
mod platform;
mod print;
pub(crate) mod printer;
mod provider;
mod record;
mod rpc;
mod scope;
mod sdk;
mod signature;
mod summary;
mod templates;
mod types;
mod union;

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use serde::Serialize;
use syn::Ident;

pub(crate) use self::crate_root::SDK_FILE;
use self::{context::Context, generators::Generator};
pub use self::{made::Made, output::Output};
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

/// The code of every item of a schema, for one module: it calls itself `crate`, and finds what all
/// generated code stands on in `crate` too (see [`support_modules`]).
///
/// # Errors
/// Every item that has no Rust form, and items that only a platform makes complete.
pub fn tokens(schema: &Schema) -> Result<TokenStream, Vec<Diagnostic>> {
    let (cx, outcomes) = settled(schema);
    let mut tokens = TokenStream::new();
    let mut problems = Problems(Vec::new());
    for outcome in outcomes {
        let item = outcome.item;
        if cx.traits(&item.name).platform {
            problems.inexpressible(&item.place, &item.name, "it holds what a platform brings");
        }
        problems.0.extend(outcome.problems.0);
        tokens.extend(outcome.modules.into_iter().map(|module| module.emitted.body));
    }
    if problems.0.is_empty() { Ok(tokens) } else { Err(problems.0) }
}

/// The modules that generated code calls.
pub fn support_modules() -> impl Iterator<Item = &'static str> {
    output::SUPPORT.iter().map(|(name, _)| name.trim_end_matches(".rs"))
}

/// What becomes of each item, by documented name.
pub fn report(schema: &Schema) -> Vec<Entry> {
    let entry = |outcome: Outcome<'_>| Entry {
        name: outcome.item.name.clone(),
        origin: outcome.item.origin,
        role: schema.roles.get(&outcome.item.name).copied(),
        folders: outcome.modules.iter().map(|module| module.generator.folder).collect(),
        rust: outcome.modules.iter().flat_map(|module| made::of(&module.emitted)).collect(),
        undescribed: summary::lacking(schema, outcome.item),
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
    /// The Rust that comes of it.
    pub rust: Vec<Made>,
    /// The members without a summary of our own, by documented name; an empty name stands for the
    /// item itself.
    pub undescribed: Vec<String>,
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
    for generator in generators::ALL {
        match (generator.run)(cx, item, &mut problems) {
            Verdict::NotMine | Verdict::Failed => {}
            Verdict::Emitted(stem, emitted) => {
                modules.push(Module { item, generator, stem, emitted });
            }
        }
    }
    if modules.is_empty() && problems.0.is_empty() {
        let what = format!("no generator takes {}", kind(item));
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
fn kind(item: &Item) -> &'static str {
    match &item.shape {
        Shape::Interface(_) => "such an interface",
        Shape::Class(_) => "such a class",
        Shape::Error(_) => "such an error",
        Shape::Alias { .. } => "an alias of such a type",
        Shape::Function { .. } => "such a function",
        Shape::Variable { .. } => "such a variable",
        Shape::Rpc(_) => "such a part of a protocol",
        Shape::Element { .. } => "such a custom element",
    }
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
    /// What it adds to the trait of the SDK, by name.
    sdk: Vec<(Ident, TokenStream)>,
}

impl Emitted {
    fn new(exports: Vec<Ident>, body: TokenStream) -> Self {
        Self { exports, body, sdk: Vec::new() }
    }

    /// The Rust names that come of it.
    fn rust(&self) -> impl Iterator<Item = String> {
        let sdk = self.sdk.iter().map(|(name, _)| format!("Sdk::{name}"));
        self.exports.iter().map(ToString::to_string).chain(sdk)
    }
}

/// One file to be.
struct Module<'a> {
    item: &'a Item,
    generator: &'static Generator,
    stem: String,
    emitted: Emitted,
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

    /// Two documented names that are one in Rust.
    fn collision(&mut self, rust: &Ident, first: (&str, &Place), second: (&str, &Place)) {
        let ((other, there), (documented, here)) = (first, second);
        let message =
            format!("`{documented}` (here) and `{other}` (at {there}) are both `{rust}` in Rust");
        self.0.push(
            Diagnostic::error("name-collision", here.clone(), message)
                .help("rename one of them in the overlay"),
        );
    }
}
