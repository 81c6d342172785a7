//! The driver: every generator over every item, until nothing more is left out.

use std::{borrow::Cow, collections::BTreeMap, mem};

use credwire_schema::{
    diagnostic::Diagnostic,
    link::{self, Dropped},
    model::{Item, Schema, Shape},
};
use proc_macro2::TokenStream;

use crate::{
    context::Context,
    emit::Problems,
    generator::{ItemResult, Outcome, Part},
    generators,
    options::CrateOptions,
    output::GeneratedFiles,
    prelude, scope, unused,
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
    settled(options.addressed(schema), |cx, outcomes| {
        GeneratedFiles::new(cx, outcomes, schema, options)
    })
}

/// Returns the code of every item of a schema, for one module: it calls itself `crate`, and finds what all
/// generated code stands on in `credwire_core`.
///
/// # Errors
/// Every item that has no Rust form, and items that only a platform makes complete.
pub fn tokens(schema: &Schema) -> Result<TokenStream, Vec<Diagnostic>> {
    settled(Cow::Borrowed(schema), tokens_of)
}

fn tokens_of(cx: &Context<'_>, outcomes: Vec<Outcome<'_>>) -> Result<TokenStream, Vec<Diagnostic>> {
    let mut tokens = TokenStream::new();
    let mut exports = Vec::new();
    let mut problems = Problems::default();
    for outcome in outcomes {
        let item = outcome.item;
        if cx.traits(&item.name).platform {
            problems.inexpressible(&item.place, &item.name, "it holds what a platform brings");
        }
        problems.errors.extend(outcome.problems.errors);
        for part in outcome.parts {
            exports.extend(part.emitted.exports);
            tokens.extend(part.emitted.body);
        }
    }
    let tokens = prelude::Taken::new(&exports).spelled_out(tokens);
    if problems.errors.is_empty() { Ok(tokens) } else { Err(problems.errors) }
}

/// Goes on with the outcomes once each type parameter that is left is used in them.
pub(crate) fn settled<T>(
    schema: Cow<'_, Schema>,
    go_on: impl FnOnce(&Context<'_>, Vec<Outcome<'_>>) -> T,
) -> T {
    let mut schema = schema;
    loop {
        let (cx, outcomes) = outcomes(&schema);
        let dropped = [
            (Dropped::OfSecrets, unused::of_secrets(&outcomes)),
            (Dropped::Unused, unused::parameters(&outcomes)),
        ];
        // Only ever fewer parameters, so it ends.
        if dropped.iter().all(|(_, params)| params.is_empty()) {
            return go_on(&cx, outcomes);
        }
        drop((cx, outcomes));
        for (why, params) in dropped {
            link::drop_parameters(schema.to_mut(), &params, why);
        }
    }
}

/// The outcomes once everything is left out that needs what is left out.
fn outcomes(schema: &Schema) -> (Context<'_>, Vec<Outcome<'_>>) {
    let mut reasons: BTreeMap<&str, Problems> = BTreeMap::new();
    loop {
        let cx = Context::new(schema, reasons.keys().copied().collect());
        let mut outcomes: Vec<Outcome<'_>> = schema
            .items
            .values()
            .filter(|item| !reasons.contains_key(item.name.as_str()))
            .map(|item| outcome(&cx, item))
            .collect();
        scope::check(&mut outcomes);
        let before = reasons.len();
        for outcome in &mut outcomes {
            if !outcome.problems.errors.is_empty() {
                reasons.insert(&outcome.item.name, mem::take(&mut outcome.problems));
            }
        }
        // Only ever grows, so it ends: what is left out is any JSON value where it is mentioned.
        if reasons.len() == before {
            for (name, problems) in reasons {
                if let Some(item) = schema.items.get(name) {
                    outcomes.push(Outcome { item, parts: Vec::new(), problems });
                }
            }
            outcomes.sort_by(|a, b| a.item.name.cmp(&b.item.name));
            return (cx, outcomes);
        }
    }
}

fn outcome<'a>(cx: &Context<'a>, item: &'a Item) -> Outcome<'a> {
    let mut problems = Problems::default();
    let mut parts = Vec::new();
    for generator in generators::ALL {
        match (generator.run)(cx, item, &mut problems) {
            ItemResult::NotMine | ItemResult::Failed => {}
            ItemResult::Emitted(emitted) => parts.push(Part { item, generator, emitted }),
        }
    }
    if parts.is_empty() && problems.errors.is_empty() {
        let what = format!("no generator takes {}", kind(item));
        problems.inexpressible(&item.place, &item.name, &what);
    }
    if !problems.errors.is_empty() {
        parts.clear();
    }
    problems.errors.sort_by(|a, b| (&a.place, &a.message).cmp(&(&b.place, &b.message)));
    problems.errors.dedup();
    Outcome { item, parts, problems }
}

/// What an item is, in words.
fn kind(item: &Item) -> &'static str {
    match &item.shape {
        Shape::Interface(_) => "such an interface",
        Shape::Class(_) => "such a class",
        Shape::Error(_) => "such an error",
        Shape::Alias { .. } => "an alias of such a type",
        Shape::Enum { .. } => "such an enumeration",
        Shape::Function { .. } => "such a function",
        Shape::Variable { .. } => "such a variable",
        Shape::Rpc(_) => "such a part of a protocol",
        Shape::Element { .. } => "such a custom element",
    }
}
