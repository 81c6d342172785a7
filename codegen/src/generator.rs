//! What a generator is, and what it makes of an item.

use credwire_schema::model::Item;

use crate::{
    context::Context,
    emit::{Emitted, Problems},
};

/// A kind of generated code.
pub(crate) struct Generator {
    /// Its source file, which the header of each generated file names.
    pub(crate) source: &'static str,
    /// The folder of its modules.
    pub(crate) folder: &'static str,
    /// What the folder holds.
    pub(crate) title: &'static str,
    pub(crate) run: fn(&Context<'_>, &Item, &mut Problems) -> Verdict,
}

/// What a generator makes of an item.
pub(crate) enum Verdict {
    NotMine,
    /// The problems say why.
    Failed,
    /// Code for a module of this name.
    Emitted(String, Emitted),
}

/// One file to be.
pub(crate) struct Module<'a> {
    pub(crate) item: &'a Item,
    pub(crate) generator: &'static Generator,
    pub(crate) stem: String,
    pub(crate) emitted: Emitted,
}

impl Module<'_> {
    /// The path of the module's file in the package.
    pub(crate) fn path(&self) -> String {
        format!("src/{}/{}.rs", self.generator.folder, self.stem)
    }

    /// Whether there is anything in the module's file.
    pub(crate) fn has_file(&self) -> bool {
        !self.emitted.exports.is_empty()
    }
}

/// What the generators made of one item.
pub(crate) struct Outcome<'a> {
    pub(crate) item: &'a Item,
    pub(crate) modules: Vec<Module<'a>>,
    pub(crate) problems: Problems,
}
