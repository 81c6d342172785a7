//! The driver: every generator over every item, until nothing more is left out.

use std::collections::{BTreeMap, BTreeSet};

use credwire_schema::{
    diagnostic::Diagnostic,
    link,
    model::{Item, Schema, Shape},
    type_expr::TypeExpr,
};
use proc_macro2::TokenStream;

use crate::{
    context::Context,
    emit::Problems,
    generator::{ItemResult, Outcome, Part},
    generators,
    options::CrateOptions,
    output::GeneratedFiles,
};

/// Generates the source tree of the `credwire-generated` package.
///
/// Items that have no Rust form are left out; see [`GeneratedFiles::left_out`].
///
/// # Errors
/// Documents that cannot be written.
pub fn render(schema: &Schema) -> Result<GeneratedFiles, Vec<Diagnostic>> {
    render_with(schema, &CrateOptions::default())
}

/// Generates the files of a package or of a module, as `options` say.
///
/// Items that have no Rust form are left out; see [`GeneratedFiles::left_out`].
///
/// # Errors
/// Documents that cannot be written, and `crate-options` for options that are no paths of Rust.
pub fn render_with(
    schema: &Schema,
    options: &CrateOptions,
) -> Result<GeneratedFiles, Vec<Diagnostic>> {
    let addressed = options.addressed(schema);
    let (cx, outcomes) = settled(&addressed);
    GeneratedFiles::new(&cx, outcomes, schema, options)
}

/// Returns the code of every item of a schema, for one module: it calls itself `crate`, and finds what all
/// generated code stands on in `credwire_core`.
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
        tokens.extend(outcome.parts.into_iter().map(|part| part.emitted.body));
    }
    if problems.0.is_empty() { Ok(tokens) } else { Err(problems.0) }
}

/// The outcomes once everything is left out that needs what is left out.
pub(crate) fn settled(schema: &Schema) -> (Context<'_>, Vec<Outcome<'_>>) {
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
    let mut parts = Vec::new();
    for generator in generators::ALL {
        match (generator.run)(cx, item, &mut problems) {
            ItemResult::NotMine | ItemResult::Failed => {}
            ItemResult::Emitted(emitted) => parts.push(Part { item, generator, emitted }),
        }
    }
    if parts.is_empty() && problems.0.is_empty() {
        let what = format!("no generator takes {}", kind(item));
        problems.inexpressible(&item.place, &item.name, &what);
    }
    needs(cx, item, &mut problems);
    if !problems.0.is_empty() {
        parts.clear();
    }
    problems.0.sort_by(|a, b| (&a.place, &a.message).cmp(&(&b.place, &b.message)));
    problems.0.dedup();
    Outcome { item, parts, problems }
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
