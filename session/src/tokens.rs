//! The tokens of the credentials that are still needed.

use crate::scheduler::{Generation, OpKind};

/// A token and the operation that returned it.
#[derive(Clone, Debug)]
struct Filed<T> {
    generation: Generation,
    token: T,
    /// The operation that returned it; `None` for a saved or supplied one.
    origin: Option<OpKind>,
}

/// At most the newest, the one in force and the one of the attempt under way.
#[derive(Clone, Debug)]
pub(crate) struct Tokens<T>(Vec<Filed<T>>);

impl<T: Clone> Tokens<T> {
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    pub(crate) fn insert(&mut self, generation: Generation, token: T, origin: Option<OpKind>) {
        self.0.push(Filed { generation, token, origin });
    }

    /// The same token under another number.
    pub(crate) fn copy(&mut self, from: Generation, to: Generation) {
        if let Some(filed) = self.find(from).cloned() {
            self.0.push(Filed { generation: to, ..filed });
        }
    }

    fn find(&self, generation: Generation) -> Option<&Filed<T>> {
        self.0.iter().find(|filed| filed.generation == generation)
    }

    pub(crate) fn get(&self, generation: Generation) -> Option<&T> {
        self.find(generation).map(|filed| &filed.token)
    }

    pub(crate) fn origin(&self, generation: Generation) -> Option<OpKind> {
        self.find(generation).and_then(|filed| filed.origin)
    }

    /// Drops what is not needed any more.
    pub(crate) fn keep(&mut self, needed: impl Fn(Generation) -> bool) {
        self.0.retain(|filed| needed(filed.generation));
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}
