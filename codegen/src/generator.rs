//! What a generator is, and what it makes of an item.

use credwire_schema::model::Item;

use crate::{
    context::Context,
    emit::{Emitted, Problems},
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
pub(crate) struct Part<'a> {
    pub(crate) item: &'a Item,
    pub(crate) generator: &'static Generator,
    pub(crate) emitted: Emitted,
}

impl Part<'_> {
    /// The path of its file in the package.
    pub(crate) fn path(&self) -> String {
        layout::source(self.generator.module)
    }

    /// Whether there is anything for the file.
    pub(crate) fn has_code(&self) -> bool {
        !self.emitted.exports.is_empty()
    }
}

/// What the generators made of one item.
pub(crate) struct Outcome<'a> {
    pub(crate) item: &'a Item,
    pub(crate) parts: Vec<Part<'a>>,
    pub(crate) problems: Problems,
}
