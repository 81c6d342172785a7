//! Drift that is known and accepted, each with a reason:
//!
//! ```toml
//! [[allow]]
//! class = "member-missing"
//! item = "WebRTCCall"
//! member = "options"          # left out when the difference is the symbol's own
//! reason = "The constructor takes it; the page will follow with the next release."
//! ```

use std::{ops::Range, path::Path};

use credwire_schema::{
    diagnostic::{Diagnostic, Place},
    suggest,
};
use serde::Deserialize;
use toml::Spanned;

use super::{Class, Finding, Group};

/// The differences that are accepted.
#[derive(Clone, Debug, Default)]
pub struct Accepted {
    file: String,
    text: String,
    entries: Vec<Entry>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    #[serde(default)]
    allow: Vec<Spanned<RawEntry>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEntry {
    class: Spanned<String>,
    item: String,
    member: Option<String>,
    reason: Spanned<String>,
}

#[derive(Clone, Debug)]
struct Entry {
    class: Class,
    item: String,
    member: Option<String>,
    span: Range<usize>,
}

/// Findings, those that are accepted apart.
#[derive(Clone, Debug, Default)]
pub struct Filtered {
    /// What remains.
    pub findings: Vec<Finding>,
    /// What an entry accepts.
    pub accepted: Vec<Finding>,
    /// `allow-stale` (warning) for entries that accept nothing.
    pub diagnostics: Vec<Diagnostic>,
}

impl Accepted {
    /// Reads entries; `file` is the name that diagnostics show.
    ///
    /// # Errors
    /// `allow-read` at the line and column of what is wrong: no TOML, an unknown class, a class
    /// that needs no accepting, an entry without a reason.
    pub fn read(file: &str, text: &str) -> Result<Self, Box<Diagnostic>> {
        let mut accepted =
            Self { file: file.to_owned(), text: text.to_owned(), entries: Vec::new() };
        let raw: Raw = toml::from_str(text).map_err(|error| {
            let place = accepted.place(&error.span().unwrap_or_default());
            Box::new(
                Diagnostic::error("allow-read", place, error.message().to_owned())
                    .help("each entry is `[[allow]]` with class, item, member and reason"),
            )
        })?;
        for entry in raw.allow {
            let span = entry.span();
            let RawEntry { class, item, member, reason } = entry.into_inner();
            let name = class.as_ref();
            let known = Class::from_name(name).filter(|class| class.group() == Group::True);
            let Some(known) = known else {
                let place = accepted.place(&class.span());
                let names = Class::ALL.iter().filter(|class| class.group() == Group::True);
                let near = suggest::nearest(name, names.map(|class| class.as_str()));
                let help = near.map_or_else(
                    || "only true drift needs accepting".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                let message = format!("`{name}` is no class of true drift");
                return Err(Box::new(Diagnostic::error("allow-read", place, message).help(help)));
            };
            if reason.as_ref().trim().is_empty() {
                let place = accepted.place(&reason.span());
                return Err(Box::new(
                    Diagnostic::error("allow-read", place, "the reason is empty")
                        .help("say why the difference is accepted"),
                ));
            }
            accepted.entries.push(Entry { class: known, item, member, span });
        }
        Ok(accepted)
    }

    /// Reads the entries of a file.
    ///
    /// # Errors
    /// As [`read`](Self::read), and `allow-read` when the file cannot be read.
    pub fn load(path: &Path) -> Result<Self, Box<Diagnostic>> {
        let file = path.to_string_lossy().replace('\\', "/");
        match std::fs::read_to_string(path) {
            Ok(text) => Self::read(&file, &text),
            Err(error) => Err(Box::new(
                Diagnostic::error("allow-read", Place::new(file, 1, 1), error.to_string())
                    .help("name a TOML file of accepted differences"),
            )),
        }
    }

    /// Takes what is accepted out of `findings`.
    #[must_use = "what is not accepted is in the result alone"]
    pub fn filter(&self, findings: Vec<Finding>) -> Filtered {
        let accepts = |entry: &Entry, finding: &Finding| {
            entry.class == finding.class
                && entry.item == finding.item
                && entry.member == finding.member
        };
        let stale = self
            .entries
            .iter()
            .filter(|entry| !findings.iter().any(|finding| accepts(entry, finding)));
        let diagnostics = stale.map(|entry| {
            let member =
                entry.member.as_ref().map(|member| format!(".{member}")).unwrap_or_default();
            let message =
                format!("there is no {} of `{}{member}`", entry.class.as_str(), entry.item);
            Diagnostic::warning("allow-stale", self.place(&entry.span), message)
                .help("remove the entry: it would hide the difference if it came back")
        });
        let diagnostics = diagnostics.collect();
        let (accepted, findings) = findings
            .into_iter()
            .partition(|finding| self.entries.iter().any(|entry| accepts(entry, finding)));
        Filtered { findings, accepted, diagnostics }
    }

    fn place(&self, span: &Range<usize>) -> Place {
        Place::of_offset(self.file.as_str(), &self.text, span.start)
    }
}
