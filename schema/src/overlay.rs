//! What pages do not say or say wrongly, in our own words: `overlay.toml`.

use std::collections::BTreeMap;

use crate::model::External;

/// The overlay of a reference.
#[derive(Clone, Debug)]
pub struct Overlay {
    externals: BTreeMap<String, External>,
}

impl Overlay {
    /// Types that pages mention and that have no page.
    pub fn externals(&self) -> &BTreeMap<String, External> {
        &self.externals
    }
}

impl Default for Overlay {
    fn default() -> Self {
        let kinds = [
            ("Promise", External::Builtin),
            ("Observable", External::Builtin),
            ("Record", External::Builtin),
            ("Readonly", External::Builtin),
            ("Error", External::Error),
            ("ErrorOptions", External::Error),
            ("TError", External::Data),
        ];
        Self { externals: kinds.map(|(name, kind)| (name.to_owned(), kind)).into() }
    }
}
