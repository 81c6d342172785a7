//! The modules with the code of items, a file for each kind of code.

use std::{
    collections::{BTreeMap, BTreeSet},
    mem,
};

use quote::quote;

use crate::{
    emit::SourceFile,
    generator::{Generator, Part},
    prelude::Taken,
};

/// The files of the modules, the items in the order of their names in Rust. Takes the tokens out of
/// the parts, so that they are gone once the text of a file is there.
pub(crate) fn files(parts: &mut [Part<'_>]) -> Vec<SourceFile> {
    let mut modules: BTreeMap<&str, Vec<&mut Part<'_>>> = BTreeMap::new();
    for part in parts.iter_mut().filter(|part| part.has_code()) {
        modules.entry(part.generator.module).or_default().push(part);
    }
    modules.into_values().map(file).collect()
}

fn file(mut parts: Vec<&mut Part<'_>>) -> SourceFile {
    parts.sort_by(|a, b| (&a.item.rust, &a.item.name).cmp(&(&b.item.rust, &b.item.name)));
    let generators: Vec<&Generator> = parts.iter().map(|part| part.generator).collect();
    let sources: BTreeSet<&str> = generators.iter().map(|generator| generator.source).collect();
    let taken = Taken::new(parts.iter().flat_map(|part| &part.emitted.exports));
    let title = format!(" {}", generators.first().map_or("", |generator| generator.title));
    SourceFile {
        path: parts.first().map_or_else(String::new, |part| part.path()),
        source: sources.into_iter().collect::<Vec<_>>().join(" and "),
        start: quote!(#![doc = #title]),
        items: parts
            .into_iter()
            .map(|part| {
                let body = mem::take(&mut part.emitted.body);
                (part.item.name.clone(), taken.spelled_out(body))
            })
            .collect(),
    }
}
