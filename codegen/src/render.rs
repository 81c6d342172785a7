//! The driver: every generator over every item, until nothing more is left out.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    mem,
};

use credwire_schema::{
    diagnostic::Diagnostic,
    link::{self, Dropped},
    model::{Item, Schema, Shape},
    type_expr::TypeExpr,
};
use proc_macro2::TokenStream;

use crate::{
    context::{Context, Facts},
    definition,
    emit::{Code, Emitted, Keep, Problems},
    generator::{ItemResult, Outcome, Outcomes, Part},
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
    let locations = options.locations()?;
    let keep = Keep::Text(locations.as_ref());
    settled(options.addressed(schema), &keep, |cx, outcomes| {
        GeneratedFiles::new(cx, outcomes, schema, options, &keep)
    })
}

/// Returns the code of every item of a schema, for one module: it calls itself `crate`, and finds what all
/// generated code stands on in `credwire_core`.
///
/// # Errors
/// Every item that has no Rust form, and items that only a platform makes complete.
pub fn tokens(schema: &Schema) -> Result<TokenStream, Vec<Diagnostic>> {
    settled(Cow::Borrowed(schema), &Keep::Tokens, tokens_of)
}

fn tokens_of(cx: &Context<'_>, outcomes: Outcomes<'_>) -> Result<TokenStream, Vec<Diagnostic>> {
    let mut tokens = TokenStream::new();
    let mut exports = Vec::new();
    let mut problems = Problems::default();
    for (item, outcome) in outcomes {
        if cx.traits(&item.name).platform {
            problems.inexpressible(&item.place, &item.name, "it holds what a platform brings");
        }
        problems.errors.extend(outcome.problems.errors);
        for part in outcome.parts {
            exports.extend(part.exports);
            if let Code::Tokens(code) = part.code {
                tokens.extend(code);
            }
        }
    }
    let tokens = prelude::Taken::new(&exports).spelled_out(tokens);
    if problems.errors.is_empty() { Ok(tokens) } else { Err(problems.errors) }
}

/// Goes on with what was made of the items, once each type parameter that is left is used in it, and everything is
/// left out that needs what is left out.
///
/// What is left out or dropped changes what leads to it: that alone is made again.
pub(crate) fn settled<T>(
    mut schema: Cow<'_, Schema>,
    keep: &Keep<'_>,
    go_on: impl FnOnce(&Context<'_>, Outcomes<'_>) -> T,
) -> T {
    let mut left_out: BTreeMap<String, Problems> = BTreeMap::new();
    let mut kept = Kept::default();
    loop {
        let names = schema.items.keys().map(String::as_str);
        let cx = Context::new(&schema, names.filter(|name| left_out.contains_key(*name)).collect());
        kept.forget_changed(&cx);
        let items = schema.items.values().filter(|item| !cx.left_out.contains(item.name.as_str()));
        let mut outcomes: Outcomes<'_> =
            items.map(|item| (item, kept.take(item, || outcome(&cx, item, keep)))).collect();
        scope::check(&mut outcomes);
        // Only ever grows, so it ends: what is left out is any JSON value where it is mentioned.
        if outcomes.iter().any(|(_, outcome)| outcome.is_left_out()) {
            for (item, outcome) in outcomes {
                if outcome.is_left_out() {
                    left_out.insert(item.name.clone(), outcome.problems);
                } else {
                    kept.keep(item, outcome);
                }
            }
            continue;
        }
        let dropped = [
            (Dropped::OfSecrets, unused::of_secrets(&schema, &left_out)),
            (Dropped::Unused, unused::parameters(&outcomes)),
        ];
        if dropped.iter().all(|(_, params)| params.is_empty()) {
            for (name, problems) in left_out {
                if let Some(item) = schema.items.get(&name) {
                    outcomes.push((item, Outcome { problems, ..Outcome::default() }));
                }
            }
            outcomes.sort_by(|(a, _), (b, _)| a.name.cmp(&b.name));
            return go_on(&cx, outcomes);
        }
        outcomes.into_iter().for_each(|(item, outcome)| kept.keep(item, outcome));
        drop(cx);
        // Only ever fewer parameters, so it ends. What was left out for them may have Rust without them.
        left_out.clear();
        for (why, params) in dropped {
            kept.changed.extend(params.keys().cloned());
            link::drop_parameters(schema.to_mut(), &params, why);
        }
    }
}

/// What was made of items in earlier rounds, and is what would be made of them now.
#[derive(Default)]
struct Kept {
    outcomes: BTreeMap<String, Outcome>,
    /// What was true of each name then.
    facts: BTreeMap<String, Facts>,
    /// The items that are others now.
    changed: BTreeSet<String>,
}

impl Kept {
    /// Forgets what leads to something that was different.
    fn forget_changed(&mut self, cx: &Context<'_>) {
        let facts = cx.facts();
        let mut changed = mem::take(&mut self.changed);
        if !self.outcomes.is_empty() {
            let differs = facts.iter().filter(|(name, now)| self.facts.get(*name) != Some(now));
            changed.extend(differs.map(|(name, _)| name.clone()));
            for name in leading_to(cx.schema, changed) {
                self.outcomes.remove(&name);
            }
        }
        self.facts = facts;
    }

    fn take(&mut self, item: &Item, make: impl FnOnce() -> Outcome) -> Outcome {
        self.outcomes.remove(&item.name).unwrap_or_else(make)
    }

    fn keep(&mut self, item: &Item, outcome: Outcome) {
        self.outcomes.insert(item.name.clone(), outcome);
    }
}

/// These names, and the items that mention them, directly or through others.
fn leading_to(schema: &Schema, names: BTreeSet<String>) -> BTreeSet<String> {
    let mut mentioned_by: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for item in schema.items.values() {
        for mention in link::mentions(item) {
            mention.ty.walk(&mut |ty| {
                if let TypeExpr::Ref { name, .. } = ty {
                    // A member of an enumeration stands for a part of it.
                    let whole = name.rsplit_once('.').map(|(whole, _)| whole);
                    for name in [Some(name.as_str()), whole].into_iter().flatten() {
                        mentioned_by.entry(name).or_default().push(&item.name);
                    }
                }
            });
        }
    }
    let mut open: Vec<String> = names.iter().cloned().collect();
    let mut found = names;
    while let Some(name) = open.pop() {
        for by in mentioned_by.remove(name.as_str()).unwrap_or_default() {
            if found.insert(by.to_owned()) {
                open.push(by.to_owned());
            }
        }
    }
    found
}

fn outcome(cx: &Context<'_>, item: &Item, keep: &Keep<'_>) -> Outcome {
    let mut problems = Problems::default();
    let mut parts = Vec::new();
    let mut definitions = BTreeMap::new();
    for generator in generators::ALL {
        match (generator.run)(cx, item, &mut problems) {
            ItemResult::NotMine | ItemResult::Failed => {}
            ItemResult::Emitted(Emitted { exports, body, sdk }) => {
                definitions.extend(definition::of_code(item, &body));
                parts.push(Part { generator, exports, code: keep.code(body), sdk });
            }
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
    Outcome { parts, problems, definitions }
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
