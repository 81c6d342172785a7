//! What pages do not say or say wrongly, in our own words: `overlay.toml`.
//!
//! ```toml
//! [externals]                      # types that pages mention and that have no page
//! data = ["TError"]
//!
//! [second-names]                   # symbols that are exported under several names
//! NetworkIssue = "CallNetworkIssue"
//!
//! [items.SDKCredential]
//! summary = "A token or an authorization state."
//! secret = ["token"]               # members that must never be shown
//! members.token = "The subscriber access token."
//! # A member that no page has, and that never goes over the wire.
//! local.expires_in = { type = "duration", summary = "How long it lasts." }
//!
//! [items.WebRTCCall]
//! like = ["Call"]                  # members of the same name need no line of their own
//!
//! [elements.sw-ui-modal]
//! summary = "A dialog above the page."
//! events.sw-modal-close = "The dialog was closed."
//!
//! [[items.CredentialProvider.tables]]    # in the order of the page
//! name = "RefreshMechanism"
//! inputs = ["refresh_provided", "sat_refresh_scope"]
//!
//! [[corrections]]                  # where a page is wrong
//! item = "JSONRPCErrorResponse"
//! member = "result"               # or members = ["result", ..], where they are wrong alike;
//!                                 # `type` is what an alias stands for
//! page = "interfaces/JSONRPCErrorResponse.mdx"
//! reason = "The text of the page says that it is always absent."
//! was.type = { ref = { name = "TError" } }
//! is.type = "never"
//! ```
//!
//! An entry that no longer fits its page is an error: it would hide a change.

mod apply;
mod changes;
mod correct;
mod elements;
mod entries;
mod second_names;

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    path::Path,
    sync::Arc,
};

pub use self::changes::Change;
use self::entries::Entries;
use crate::{
    diagnostic::{Diagnostic, Place},
    model::{External, Item, element::Element},
};

/// The overlay of a reference.
#[derive(Clone, Debug, Default)]
pub struct Overlay {
    file: Arc<str>,
    text: Arc<str>,
    entries: Entries,
    externals: BTreeMap<String, External>,
}

impl Overlay {
    /// Reads an overlay; `file` is the name that diagnostics show.
    ///
    /// # Errors
    /// `overlay-read` at the line and column of what is wrong.
    pub fn read(file: &str, text: &str) -> Result<Self, Box<Diagnostic>> {
        let mut overlay = Self { file: file.into(), text: text.into(), ..Self::default() };
        let entries: Entries = toml::from_str(text).map_err(|error| {
            let place = overlay.place(&error.span().unwrap_or_default());
            Box::new(Diagnostic::error("overlay-read", place, error.message().to_owned()))
        })?;
        for (name, kind) in entries.externals.iter() {
            if overlay.externals.insert(name.as_ref().clone(), kind).is_some() {
                let place = overlay.place(&name.span());
                let message = format!("`{}` is declared twice", name.as_ref());
                return Err(Box::new(
                    Diagnostic::error("overlay-read", place, message)
                        .help("keep it in one of the lists"),
                ));
            }
        }
        let empty = entries.corrections.iter().find(|one| one.members().next().is_none());
        if let Some(correction) = empty {
            let place = overlay.place(&correction.item.span());
            let message = format!("a correction of `{}` names no member", correction.item.as_ref());
            return Err(Box::new(
                Diagnostic::error("overlay-read", place, message)
                    .help("name it as `member`, or several alike as `members`"),
            ));
        }
        overlay.entries = entries;
        Ok(overlay)
    }

    /// Reads the overlay of a file.
    ///
    /// # Errors
    /// As [`read`](Self::read), and `overlay-read` when the file cannot be read.
    pub fn load(path: &Path) -> Result<Self, Box<Diagnostic>> {
        let file = path.to_string_lossy().replace('\\', "/");
        match std::fs::read_to_string(path) {
            Ok(text) => Self::read(&file, &text),
            Err(error) => {
                let place = Place::new(file, 1, 1);
                Err(Box::new(Diagnostic::error("overlay-read", place, error.to_string())))
            }
        }
    }

    /// Types that pages mention and that have no page.
    pub fn externals(&self) -> &BTreeMap<String, External> {
        &self.externals
    }

    /// Leaves out items that are there under another name as well, and has every type mention the
    /// name that is kept.
    pub fn unify(&self, items: &mut Vec<Item>) {
        second_names::unify(self, items);
    }

    /// Completes and corrects the `items` of pages. Entries about items that are not among them are
    /// left alone when `elsewhere` has the item, and are errors otherwise.
    ///
    /// Returns every problem: `overlay-stale`, `overlay-secret`, `overlay-table`.
    #[must_use = "corrections that no longer match are reported in the result alone"]
    pub fn apply(&self, items: &mut [Item], elsewhere: &BTreeSet<String>) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        correct::apply(self, items, elsewhere, &mut problems);
        apply::apply(self, items, elsewhere, &mut problems);
        problems
    }

    /// Completes the custom `elements` of pages. Entries about elements that are not among them are
    /// left alone when `elsewhere` has the tag, and are errors otherwise.
    ///
    /// Returns every problem: `overlay-stale`.
    #[must_use = "entries that match nothing are reported in the result alone"]
    pub fn apply_to_elements(
        &self,
        elements: &mut [Element],
        elsewhere: &BTreeSet<String>,
    ) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        elements::apply(self, elements, elsewhere, &mut problems);
        problems
    }

    /// The place of a range of bytes.
    fn place(&self, span: &Range<usize>) -> Place {
        Place::of_offset(Arc::clone(&self.file), &self.text, span.start)
    }

    fn stale(&self, span: &Range<usize>, message: String) -> Diagnostic {
        Diagnostic::error("overlay-stale", self.place(span), message)
            .help("the entry would hide a change of the page: mend it or remove it")
    }
}
