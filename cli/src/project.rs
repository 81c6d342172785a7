//! A project: the sources that a `credwire.toml` names, their schemas, and the code made of them.

mod names;

use std::{
    collections::BTreeSet,
    path::{Component, Path, PathBuf},
};

use credwire_codegen::{CodeLayout, CoreSource, CrateOptions, Dependency, Package, render_with};
use credwire_ingest::{IngestInput, Summary, provenance::Provenance};
use credwire_schema::{
    diagnostic::Diagnostic, document, fileset::FileSet, link, model::Schema, overlay::Overlay,
};

pub(crate) use self::names::{package_name, title_of};
use crate::{
    config::{Config, Descriptions, FILE, Feature, GitRuntime, Runtime},
    outcome::{Failure, Result},
    output::{Kind, Output},
    reading::{self, Surroundings},
    vendor,
    verify::Generated,
};

/// What is read, and where everything goes.
pub(crate) struct Project {
    from: Vec<PathBuf>,
    fill: Vec<PathBuf>,
    overlay: Option<PathBuf>,
    descriptions: Descriptions,
    schemas: PathBuf,
    /// The folder of the package that the code is part of.
    package: PathBuf,
    /// The folder of the code: the one of the package, or of a module in it.
    out: PathBuf,
    /// Whether the package has the sources of `credwire-core` in it.
    is_vendored: bool,
    core: CoreSource,
    options: CrateOptions,
}

/// What the command line and the environment say instead of the file.
#[derive(Debug, Default)]
pub(crate) struct Overrides {
    pub(crate) fill: Vec<PathBuf>,
    pub(crate) overlay: Option<PathBuf>,
    pub(crate) schemas: Option<PathBuf>,
    pub(crate) out: Option<PathBuf>,
    pub(crate) title: Option<String>,
    pub(crate) link: Option<String>,
    pub(crate) descriptions: Option<Descriptions>,
}

/// What came of the sources.
pub(crate) struct Read {
    /// The documents; none when there is an error among the diagnostics.
    pub(crate) documents: Option<FileSet>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) summary: Summary,
}

/// The files of a project, compared with what is there.
pub(crate) struct Plan {
    pub(crate) outputs: Vec<Output>,
    /// How many symbols have no Rust.
    pub(crate) left_out: usize,
    pub(crate) dependencies: Vec<Dependency>,
    /// What is less in Rust than it is documented.
    pub(crate) simplified: Vec<Diagnostic>,
}

impl Project {
    /// The project of a file.
    pub(crate) fn new(config: &Config, overrides: Overrides) -> Result<Self> {
        let Config { source, output, .. } = config;
        if source.from.is_empty() {
            let file = config.within(Path::new(FILE));
            return Err(Failure::new(format!("{} names no source", file.display()))
                .help("set `from` in `[source]` to packages, declarations or pages"));
        }
        let within = |path: &Option<PathBuf>| path.as_deref().map(|path| config.within(path));
        let from = config.all_within(&source.from);
        let title = overrides.title.as_ref().or(source.title.as_ref());
        let title = title.filter(|title| !title.trim().is_empty()).cloned();
        let title = title.unwrap_or_else(|| title_of(&from));
        let mut options = CrateOptions::new(title);
        options.link = overrides.link.or_else(|| source.link.clone());
        options.support.clone_from(&output.support);
        let features = output.features.as_deref();
        let (package, out) = match &output.module {
            Some(_) if overrides.out.is_some() => {
                return Err(Failure::usage(
                    "--out is the folder of a package, and the file asks for a module",
                )
                .help("change `mod` in `[output]` instead"));
            }
            Some(module) => {
                let (package, path) = names::module(module)?;
                options.layout = CodeLayout::Module(path);
                // The features of the package are its own.
                options.schemars = features.is_some_and(|all| all.contains(&Feature::Schemars));
                (config.within(&package), config.within(module))
            }
            None => {
                options.schemars = features.is_none_or(|all| all.contains(&Feature::Schemars));
                let out = overrides.out.or_else(|| within(&output.out));
                let out = out.unwrap_or_else(|| config.folder.clone());
                (out.clone(), out)
            }
        };
        let core = match &output.runtime {
            None => CoreSource::Path(vendor::FOLDER.to_owned()),
            Some(runtime) => core_source(runtime, config, &package)?,
        };
        if output.module.is_none() {
            let name = match &output.name {
                Some(name) => names::checked(name)?,
                None => package_name(&options.title),
            };
            options.layout = CodeLayout::Package(Package { name, core: core.clone() });
        }
        let fill = if overrides.fill.is_empty() {
            config.all_within(&source.fill)
        } else {
            overrides.fill
        };
        // A manifest that stands where ours would be is the one that is read.
        options.custom_elements = !from.iter().chain(&fill).any(|path| is_manifest_of(path, &out));
        let schemas = overrides.schemas.or_else(|| within(&output.schemas));
        Ok(Self {
            from,
            fill,
            overlay: overrides.overlay.or_else(|| within(&source.overlay)),
            descriptions: overrides.descriptions.or(source.descriptions).unwrap_or_default(),
            schemas: schemas.unwrap_or_else(|| config.within(Path::new("schemas"))),
            package,
            out,
            is_vendored: output.runtime.is_none() && output.support.is_none(),
            core,
            options,
        })
    }

    /// Reads the sources.
    pub(crate) fn read(&self) -> Read {
        let inputs: Vec<_> = self.from.iter().cloned().map(IngestInput::Path).collect();
        let ingested = reading::ingest(&inputs, &self.fill, self.descriptions);
        let has_errors = ingested.has_errors();
        let provenance = Provenance::new(&ingested.facts);
        let (mut diagnostics, summary) = (ingested.diagnostics, ingested.summary);
        if has_errors {
            return Read { documents: None, diagnostics, summary };
        }
        let documents = self.overlay().and_then(|overlay| {
            let surroundings = Surroundings { overlay, ..Surroundings::default() };
            surroundings.documents(ingested.items, ingested.elements, provenance)
        });
        let documents = match documents {
            Ok(documents) => {
                diagnostics.extend(documents.unknown);
                let mut all = documents.symbols;
                documents.elements.iter().for_each(|(path, text)| all.insert(path, text));
                all.list(&format!("credwire {}", env!("CARGO_PKG_VERSION")));
                Some(all)
            }
            Err(problems) => {
                diagnostics.extend(problems);
                None
            }
        };
        Read { documents, diagnostics, summary }
    }

    /// The schema that code is generated from: what `documents` say.
    pub(crate) fn schema(
        &self,
        documents: &FileSet,
    ) -> std::result::Result<Schema, Vec<Diagnostic>> {
        let files =
            documents.iter().filter(|(path, _)| *path != credwire_schema::fileset::MANIFEST);
        let shown = self.schemas.to_string_lossy().replace('\\', "/");
        link::link_all(document::read_files(&shown, files)?, self.overlay()?.externals())
    }

    /// What the documents in the folder of schemas say, and the overlay.
    pub(crate) fn committed(&self) -> std::result::Result<(Schema, Overlay), Vec<Diagnostic>> {
        let overlay = self.overlay()?;
        Ok((document::load_schemas(&[&self.schemas], &overlay)?, overlay))
    }

    /// Where the code and its documents are once they are written.
    pub(crate) fn generated(&self) -> Generated {
        Generated { out: self.out.clone(), schemas: vec![self.schemas.clone()] }
    }

    /// How the code is generated.
    pub(crate) fn into_options(self) -> CrateOptions {
        self.options
    }

    /// The folder of the documents, compared with what is there.
    pub(crate) fn documents(&self, documents: FileSet) -> Result<Output> {
        Output::compare(self.schemas.clone(), Kind::Schemas, documents)
    }

    /// All folders, the one of the code last.
    pub(crate) fn plan(
        &self,
        documents: FileSet,
    ) -> Result<std::result::Result<Plan, Vec<Diagnostic>>> {
        let rendered =
            self.schema(&documents).and_then(|schema| render_with(&schema, &self.options));
        let generated = match rendered {
            Ok(generated) => generated,
            Err(problems) => return Ok(Err(problems)),
        };
        let mut outputs = vec![self.documents(documents)?];
        if self.is_vendored {
            let folder = self.package.join(vendor::FOLDER);
            outputs.push(Output::compare(folder, Kind::Sources, vendor::core())?);
        }
        let dependencies = generated.dependencies().to_vec();
        // Names that nothing explains were reported where they were read.
        let mut simplified = generated.simplified().to_vec();
        simplified.retain(|warning| warning.code != "unknown-type");
        let left_out = generated.left_out().len();
        outputs.push(Output::compare(self.out.clone(), Kind::Code, generated.into_files())?);
        let mut seen = BTreeSet::new();
        if let Some(path) =
            outputs.iter().flat_map(Output::paths).find(|it| !seen.insert(it.clone()))
        {
            let message = format!("schemas and code would both be written to {}", path.display());
            return Err(
                Failure::new(message).help("choose another folder for `schemas` in `[output]`")
            );
        }
        Ok(Ok(Plan { outputs, left_out, dependencies, simplified }))
    }

    /// What a user has to do once for the code to compile, a line each.
    pub(crate) fn next_steps(&self, dependencies: &[Dependency]) -> Vec<String> {
        let place = if self.package.as_os_str().is_empty() {
            String::new()
        } else {
            format!(" in {}", self.package.display())
        };
        let CodeLayout::Module(module) = &self.options.layout else {
            let member = names::workspace_of(&self.package).map(|workspace| {
                format!("see that `members` of {} has the crate in it", workspace.display())
            });
            let check = format!(
                "run `cargo check`{place}; later, `credwire generate --verify` does both at once"
            );
            return member.into_iter().chain([check]).collect();
        };
        let (parent, name) = module.rsplit_once("::").unwrap_or(("", module));
        let parent = if parent.is_empty() {
            "the root of the crate".to_owned()
        } else {
            format!("`{parent}`")
        };
        let mut steps = vec![format!("declare `mod {name};` in {parent}")];
        if self.options.support.is_none() {
            steps.push(format!("run `cargo add {}`{place}", cargo_add(&self.core)));
            let adds = dependencies
                .iter()
                .map(|dependency| format!("run `cargo add {}`{place}", dependency.to_cargo_add()));
            steps.extend(adds);
        }
        steps
    }

    fn overlay(&self) -> std::result::Result<Overlay, Vec<Diagnostic>> {
        match &self.overlay {
            Some(path) => Overlay::load(path).map_err(|problem| vec![*problem]),
            None => Ok(Overlay::default()),
        }
    }
}

/// Whether a source is the manifest of the custom elements that a folder of code has.
fn is_manifest_of(source: &Path, out: &Path) -> bool {
    let same = |path: &Path| std::fs::canonicalize(path).ok();
    same(source).is_some_and(|source| same(&out.join("custom-elements.json")) == Some(source))
}

/// Where cargo finds the dependency, from the folder of the package.
fn core_source(runtime: &Runtime, config: &Config, package: &Path) -> Result<CoreSource> {
    Ok(match runtime {
        Runtime::Version(version) => CoreSource::Version(version.clone()),
        Runtime::Path(runtime) => {
            let path = relative(package, &config.within(&runtime.path));
            CoreSource::Path(path.to_string_lossy().replace('\\', "/"))
        }
        Runtime::Git(GitRuntime { git, branch, tag, rev }) => {
            let named = [("branch", branch), ("tag", tag), ("rev", rev)];
            let mut named =
                named.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value.clone()?)));
            let at = named.next();
            if named.next().is_some() {
                return Err(Failure::new(
                    "`runtime` has more than one of `branch`, `tag` and `rev`",
                )
                .help("keep one of them"));
            }
            CoreSource::Git { url: git.clone(), at }
        }
    })
}

/// The way from a folder to a path; both begin at the same folder or at the root.
fn relative(from: &Path, to: &Path) -> PathBuf {
    let goes_up = |path: &Path| path.components().any(|part| part == Component::ParentDir);
    if from.is_absolute() != to.is_absolute() || goes_up(from) {
        return std::path::absolute(to).unwrap_or_else(|_| to.to_owned());
    }
    let common = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    let up = from.components().skip(common).map(|_| Component::ParentDir);
    let way: PathBuf = up.chain(to.components().skip(common)).collect();
    if way.as_os_str().is_empty() { PathBuf::from(".") } else { way }
}

/// The arguments of `cargo add`.
fn cargo_add(core: &CoreSource) -> String {
    match core {
        CoreSource::Version(version) => format!("credwire-core@{version}"),
        CoreSource::Path(path) => format!("--path {path}"),
        CoreSource::Git { url, at: None } => format!("credwire-core --git {url}"),
        CoreSource::Git { url, at: Some((key, value)) } => {
            format!("credwire-core --git {url} --{key} {value}")
        }
        _ => "credwire-core".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_lead_from_one_folder_to_another() {
        for (from, to, way) in [
            ("", "vendor/core", "vendor/core"),
            ("api", "core", "../core"),
            ("a/b", "a/c", "../c"),
            ("a", "a", "."),
            ("/x/api", "/x/core", "../core"),
            ("api", "../core", "../../core"),
        ] {
            assert_eq!(relative(Path::new(from), Path::new(to)), Path::new(way), "{from} {to}");
        }
        assert!(relative(Path::new("../api"), Path::new("core")).is_absolute());
    }
}
