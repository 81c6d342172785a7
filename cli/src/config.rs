//! `credwire.toml`: what a project reads, and where its code goes.

use std::{
    collections::BTreeMap,
    ops::Range,
    path::{Path, PathBuf},
};

use clap::ValueEnum;
use credwire_schema::{diagnostic::Place, suggest::nearest};
use serde::Deserialize;
use toml::de::{DeTable, DeValue};

use crate::{
    outcome::{Failure, Result},
    root,
};

/// The name of the file.
pub(crate) const FILE: &str = "credwire.toml";

/// Every section with its keys.
const KEYS: [(&str, &[&str]); 3] = [
    ("source", &["from", "fill", "overlay", "title", "link", "descriptions"]),
    ("output", &["schemas", "out", "mod", "crate", "name", "runtime", "features"]),
    ("check", &["against", "allow"]),
];

/// The settings of a project.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Config {
    /// The folder of the file, as short as it can be named from the current one.
    #[serde(skip)]
    pub(crate) folder: PathBuf,
    pub(crate) source: SourceSection,
    pub(crate) output: OutputSection,
    pub(crate) check: CheckSection,
}

/// What is read.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct SourceSection {
    /// Packages, declarations, pages, indexes.
    pub(crate) from: Vec<PathBuf>,
    /// Declarations that state what pages lack.
    pub(crate) fill: Vec<PathBuf>,
    pub(crate) overlay: Option<PathBuf>,
    /// What generated code calls the source.
    pub(crate) title: Option<String>,
    /// Where the source is published.
    pub(crate) link: Option<String>,
    /// Whose sentences documents and code hold.
    pub(crate) descriptions: Option<Descriptions>,
}

/// What is written.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct OutputSection {
    /// The folder of the schema documents; `schemas` by default.
    pub(crate) schemas: Option<PathBuf>,
    /// The folder of a package of its own; that of the file by default.
    pub(crate) out: Option<PathBuf>,
    /// The folder of a module of an existing package, instead.
    #[serde(rename = "mod")]
    pub(crate) module: Option<PathBuf>,
    /// The crate in which a module finds what it stands on.
    #[serde(rename = "crate")]
    pub(crate) support: Option<String>,
    /// The name of the package.
    pub(crate) name: Option<String>,
    /// Where `credwire-core` is; in the package itself by default.
    pub(crate) runtime: Option<Runtime>,
    /// The optional features of generated code.
    pub(crate) features: Option<Vec<Feature>>,
}

/// What `credwire check` compares the sources with.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct CheckSection {
    pub(crate) against: Vec<PathBuf>,
    pub(crate) allow: Option<PathBuf>,
}

/// Where `credwire-core` is.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
#[serde(expecting = "expected a version, `{ path = \"..\" }` or `{ git = \"..\" }`")]
pub(crate) enum Runtime {
    Version(String),
    Path(PathRuntime),
    Git(GitRuntime),
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PathRuntime {
    pub(crate) path: PathBuf,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GitRuntime {
    pub(crate) git: String,
    pub(crate) branch: Option<String>,
    pub(crate) tag: Option<String>,
    pub(crate) rev: Option<String>,
}

/// An optional feature of generated code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Feature {
    Schemars,
}

/// Whose sentences documents and code hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Descriptions {
    /// Those of the overlay alone.
    #[default]
    Own,
    /// The first sentence of each description of the source as well.
    Source,
}

impl From<Descriptions> for credwire_ingest::Descriptions {
    fn from(descriptions: Descriptions) -> Self {
        match descriptions {
            Descriptions::Own => Self::Own,
            Descriptions::Source => Self::Source,
        }
    }
}

impl Config {
    /// The file of the nearest folder, from the current one upward, that has one. A workspace of
    /// schemas without one ends the search.
    pub(crate) fn find() -> Result<Option<Self>> {
        let here = std::env::current_dir()
            .map_err(|error| Failure::new("there is no current folder").because(error))?;
        let has = |folder: &&Path| folder.join(FILE).is_file() || root::is(folder);
        let found = here.ancestors().find(has).filter(|folder| folder.join(FILE).is_file());
        let Some(folder) = found else { return Ok(None) };
        // Names of files are read by people: short where they can be.
        let folder = if folder == here { Path::new("") } else { folder };
        let path = folder.join(FILE);
        let text = std::fs::read_to_string(&path).map_err(|error| {
            Failure::new(format!("cannot read {}", path.display())).because(error)
        })?;
        Self::read(folder, &text).map(Some)
    }

    /// The settings of a `text` in `folder`.
    pub(crate) fn read(folder: &Path, text: &str) -> Result<Self> {
        let source = Text { file: folder.join(FILE), text };
        let keys = source.keys()?;
        let config: Self = toml::from_str(text).map_err(|error| source.broken(&error))?;
        let config = Self { folder: folder.to_owned(), ..config };
        for (wrong, key, message) in config.contradictions() {
            if wrong {
                let span = keys.get(&("output", key)).cloned().unwrap_or_default();
                return Err(source.failure(&span, message));
            }
        }
        Ok(config)
    }

    /// What cannot be together: whether it is, the key of `[output]` at fault, and why.
    fn contradictions(&self) -> [(bool, &'static str, &'static str); 4] {
        let OutputSection { out, module, support, name, runtime, .. } = &self.output;
        [
            (
                module.is_some() && out.is_some(),
                "out",
                "`out` is the folder of a package, and `mod` asks for a module",
            ),
            (
                module.is_some() && name.is_some(),
                "name",
                "`name` is that of a package, and `mod` asks for a module",
            ),
            (
                support.is_some() && module.is_none(),
                "crate",
                "`crate` is for a module: name its folder with `mod`",
            ),
            (
                support.is_some() && runtime.is_some(),
                "runtime",
                "the crate of `crate` has what `runtime` would add",
            ),
        ]
    }

    /// A path of the file, as it is named from the current folder.
    pub(crate) fn within(&self, path: &Path) -> PathBuf {
        // Without what would only be noise: `./a`.
        let path: PathBuf =
            path.components().filter(|part| *part != std::path::Component::CurDir).collect();
        self.folder.join(path)
    }

    pub(crate) fn all_within(&self, paths: &[PathBuf]) -> Vec<PathBuf> {
        paths.iter().map(|path| self.within(path)).collect()
    }
}

/// A text and the file that it is in.
struct Text<'a> {
    file: PathBuf,
    text: &'a str,
}

impl<'a> Text<'a> {
    /// Where each key is, by section and name.
    fn keys(&self) -> Result<BTreeMap<(&'static str, &'static str), Range<usize>>> {
        let table = DeTable::parse(self.text).map_err(|error| self.broken(&error))?;
        let mut found = BTreeMap::new();
        for (section, value) in table.get_ref() {
            let name = section.get_ref().as_ref();
            let known = KEYS.iter().find(|(known, _)| *known == name);
            let Some((section, keys)) = known else {
                let sections = KEYS.map(|(section, _)| section);
                return Err(self.unknown("section", name, &section.span(), &sections));
            };
            let DeValue::Table(table) = value.get_ref() else { continue };
            for key in table.keys() {
                let name = key.get_ref().as_ref();
                let Some(known) = keys.iter().find(|known| **known == name) else {
                    return Err(self.unknown("key", name, &key.span(), keys));
                };
                found.insert((*section, *known), key.span());
            }
        }
        Ok(found)
    }

    fn unknown(&self, what: &str, name: &str, span: &Range<usize>, known: &[&str]) -> Failure {
        let help = match nearest(name, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are {}", known.join(", ")),
        };
        self.failure(span, &format!("unknown {what} `{name}`")).help(help)
    }

    fn broken(&self, error: &toml::de::Error) -> Failure {
        self.failure(&error.span().unwrap_or_default(), error.message())
    }

    fn failure(&self, span: &Range<usize>, message: &str) -> Failure {
        let file = self.file.to_string_lossy().replace('\\', "/");
        Failure::new(format!("{}: {message}", Place::of_offset(file, self.text, span.start)))
    }
}

#[cfg(test)]
mod tests {
    use serde::de::DeserializeOwned;

    use super::*;

    /// The keys that a reader names when it is given one that it does not have.
    fn keys<T: DeserializeOwned>() -> Vec<String> {
        let error = toml::from_str::<T>("zebra = 1").err().map(|error| error.to_string());
        let error = error.unwrap_or_default();
        let (_, known) = error.split_once("expected one of ").unwrap_or_default();
        known.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    }

    #[test]
    fn the_keys_with_places_are_those_that_are_read() {
        let sections = KEYS.map(|(section, _)| section);
        assert_eq!(keys::<Config>(), sections);
        let known = [keys::<SourceSection>(), keys::<OutputSection>()];
        for ((section, own), known) in KEYS.iter().zip(known) {
            assert_eq!(known, *own, "{section}");
        }
        // Of two keys serde says "expected `a` or `b`".
        let error = toml::from_str::<CheckSection>("zebra = 1").err().map(|it| it.to_string());
        let (_, [against, allow]) = KEYS[2] else { return assert_eq!(KEYS[2].1.len(), 2) };
        assert!(error.is_some_and(|it| it.contains(&format!("`{against}` or `{allow}`"))));
    }
}
