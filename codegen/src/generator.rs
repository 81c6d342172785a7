//! What a generator is, and what it makes of an item.

use std::collections::BTreeMap;

use credwire_schema::model::Item;
use proc_macro2::TokenStream;
use syn::Ident;

use crate::{
    context::Context,
    definition::Definition,
    emit::{Code, Emitted, Problems},
    layout,
};

/// A kind of generated code.
pub(crate) struct Generator {
    /// Its source file, which the header of the generated file names.
    pub(crate) source: &'static str,
    /// The module with all its code, a file of the package.
    pub(crate) module: &'static str,
    /// What the module holds.
    pub(crate) title: &'static str,
    pub(crate) run: fn(&Context<'_>, &Item, &mut Problems) -> ItemResult,
}

/// What a generator makes of an item.
pub(crate) enum ItemResult {
    NotMine,
    /// The problems say why.
    Failed,
    /// The code of the item.
    Emitted(Emitted),
}

/// What one generator made of an item: a part of the module of that generator.
pub(crate) struct Part {
    pub(crate) generator: &'static Generator,
    /// The public names in it.
    pub(crate) exports: Vec<Ident>,
    pub(crate) code: Code,
    /// What it adds to the trait of the SDK, by name.
    pub(crate) sdk: Vec<(Ident, TokenStream)>,
}

impl Part {
    /// The path of its file in the package.
    pub(crate) fn path(&self) -> String {
        layout::source(self.generator.module)
    }

    /// Whether there is anything for the file.
    pub(crate) fn has_code(&self) -> bool {
        !self.exports.is_empty()
    }

    /// The Rust names that come of it.
    pub(crate) fn rust(&self) -> impl Iterator<Item = String> {
        let sdk = self.sdk.iter().map(|(name, _)| format!("Sdk::{name}"));
        self.exports.iter().map(ToString::to_string).chain(sdk)
    }
}

/// What the generators made of one item.
#[derive(Default)]
pub(crate) struct Outcome {
    pub(crate) parts: Vec<Part>,
    pub(crate) problems: Problems,
    /// The types in it, by their Rust names, where the item is generic.
    pub(crate) definitions: BTreeMap<String, Definition>,
}

impl Outcome {
    /// Whether there is no Rust for the item.
    pub(crate) fn is_left_out(&self) -> bool {
        !self.problems.errors.is_empty()
    }
}

/// The items with what was made of each, in the order of their names.
pub(crate) type Outcomes<'a> = Vec<(&'a Item, Outcome)>;
