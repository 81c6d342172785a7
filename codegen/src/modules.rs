//! The modules with the code of items, a file for each kind of code.

use std::{
    collections::{BTreeMap, BTreeSet},
    mem,
};

use credwire_schema::model::Item;
use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    context::Context,
    emit::{Code, Keep, Problems, SourceFile},
    generator::{Generator, ItemResult, Outcomes, Part},
    prelude::Taken,
};

/// The files of the modules, the items in the order of their names in Rust. Takes the code out of the parts.
pub(crate) fn files(
    cx: &Context<'_>,
    outcomes: &mut Outcomes<'_>,
    keep: &Keep<'_>,
) -> Vec<SourceFile> {
    let mut modules: BTreeMap<&str, Vec<(&Item, &mut Part)>> = BTreeMap::new();
    for (item, outcome) in outcomes {
        for part in outcome.parts.iter_mut().filter(|part| part.has_code()) {
            modules.entry(part.generator.module).or_default().push((*item, part));
        }
    }
    modules.into_values().map(|parts| file(cx, parts, keep)).collect()
}

fn file(cx: &Context<'_>, mut parts: Vec<(&Item, &mut Part)>, keep: &Keep<'_>) -> SourceFile {
    parts.sort_by(|(a, _), (b, _)| (&a.rust, &a.name).cmp(&(&b.rust, &b.name)));
    let generators: Vec<&Generator> = parts.iter().map(|(_, part)| part.generator).collect();
    let sources: BTreeSet<&str> = generators.iter().map(|generator| generator.source).collect();
    let taken = Taken::new(parts.iter().flat_map(|(_, part)| &part.exports));
    let title = format!(" {}", generators.first().map_or("", |generator| generator.title));
    SourceFile {
        path: parts.first().map_or_else(String::new, |(_, part)| part.path()),
        source: sources.into_iter().collect::<Vec<_>>().join(" and "),
        start: quote!(#![doc = #title]),
        items: parts
            .into_iter()
            .map(|(item, part)| {
                let code = mem::replace(&mut part.code, Code::Text(Ok(String::new())));
                let text = match code {
                    Code::Tokens(tokens) => keep.text(taken.spelled_out(tokens)),
                    // What the module defines was not known when the text was made.
                    Code::Text(text) if taken.is_empty() => text,
                    Code::Text(text) => again(cx, item, part)
                        .map_or(text, |tokens| keep.text(taken.spelled_out(tokens))),
                };
                (item.name.clone(), text)
            })
            .collect(),
    }
}

/// The tokens of a part, made again.
fn again(cx: &Context<'_>, item: &Item, part: &Part) -> Option<TokenStream> {
    match (part.generator.run)(cx, item, &mut Problems::default()) {
        ItemResult::Emitted(emitted) => Some(emitted.body),
        ItemResult::NotMine | ItemResult::Failed => None,
    }
}
