//! The files of declarations: those given, and those they name.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Component, Path, PathBuf},
};

use credwire_schema::diagnostic::Diagnostic;

use super::package::Package;
use crate::{
    source::{Source, is_declarations},
    ts::{self, Export, Imported, Module},
};

/// More files than this are no reference but a whole tree of packages.
const MAX_FILES: usize = 10_000;

/// A module to read.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// Its text.
    pub(crate) source: Source,
    /// Of an entry point of a package, what stands in front of the names that it exports: `jwt` for
    /// `jwt.sign`, nothing for the main one.
    pub(crate) module: Option<String>,
}

/// A file of declarations.
#[derive(Debug)]
pub(super) struct File {
    pub(super) source: Source,
    pub(super) module: Module,
}

/// The files, by name.
#[derive(Debug, Default)]
pub(super) struct Files {
    pub(super) read: BTreeMap<String, File>,
    /// Files of other packages, by the file that exports something of them and how it names them.
    foreign: BTreeMap<(String, String), String>,
    /// The files whose exports are public, with the module in front of their names.
    pub(super) roots: Vec<(String, String)>,
}

impl Files {
    pub(super) fn load(entries: &[Entry], diagnostics: &mut Vec<Diagnostic>) -> Self {
        let given: BTreeMap<String, &Source> =
            entries.iter().map(|entry| (normal(entry.source.name()), &entry.source)).collect();
        let mut files = Self::default();
        let mut waiting: Vec<Source> = given.values().map(|source| (*source).clone()).collect();
        while let Some(source) = waiting.pop() {
            let name = normal(source.name());
            if files.read.contains_key(&name) {
                continue;
            }
            if files.read.len() >= MAX_FILES {
                let message = format!("more than {MAX_FILES} files belong together");
                diagnostics.push(
                    Diagnostic::error("too-many-declarations", source.place(0), message)
                        .help("name the entry point of one package"),
                );
                break;
            }
            let module = parse(&source, diagnostics);
            for other in targets(&module) {
                match resolve(&name, other, &given) {
                    Some(Found::Given) => {}
                    Some(Found::OnDisk(path)) => match Source::read(&path) {
                        Ok(source) => waiting.push(source),
                        Err(fault) => diagnostics.push(*fault),
                    },
                    None if other.starts_with('.') => {
                        let message = format!("`{other}` names no file of declarations here");
                        diagnostics.push(
                            Diagnostic::warning("unresolved-import", source.place(0), message)
                                .help("keep the package's declaration files together"),
                        );
                    }
                    None => {}
                }
            }
            for other in exported_packages(&module) {
                if let Some(path) = Package::resolve(Path::new(&name), other) {
                    let target = normal(&path.to_string_lossy());
                    files.foreign.insert((name.clone(), other.to_owned()), target);
                    match Source::read(&path) {
                        Ok(source) => waiting.push(source),
                        Err(fault) => diagnostics.push(*fault),
                    }
                }
            }
            files.read.insert(name, File { source, module });
        }
        let named = entries
            .iter()
            .filter_map(|entry| Some((normal(entry.source.name()), entry.module.clone()?)));
        files.roots = named.collect();
        let plain = entries.iter().filter(|entry| entry.module.is_none());
        let plain = files.find_roots(plain.map(|entry| normal(entry.source.name())).collect());
        files.roots.extend(plain.into_iter().map(|name| (name, String::new())));
        // The main entry point names what others repeat.
        files.roots.sort_by(|(a, a_module), (b, b_module)| (a_module, a).cmp(&(b_module, b)));
        files
    }

    /// The file that a specifier means.
    pub(super) fn target(&self, from: &str, specifier: &str) -> Option<String> {
        let beside = candidates(from, specifier).into_iter();
        let foreign = || self.foreign.get(&(from.to_owned(), specifier.to_owned())).cloned();
        beside.chain(foreign()).find(|name| self.read.contains_key(name))
    }

    /// An input that another one brings in is part of that one. Of inputs that bring in each
    /// other, and that nothing else does, all are roots.
    fn find_roots(&self, given: Vec<String>) -> Vec<String> {
        let named = |name: &String| -> Vec<String> {
            let module = self.read.get(name).map(|file| &file.module);
            let all = module.into_iter().flat_map(targets);
            all.filter_map(|other| self.target(name, other)).filter(|other| other != name).collect()
        };
        let brought: BTreeSet<String> = self.read.keys().flat_map(named).collect();
        let (mut roots, rest): (Vec<String>, Vec<String>) =
            given.into_iter().partition(|name| !brought.contains(name));
        let mut reached = BTreeSet::new();
        let mut waiting = roots.clone();
        while let Some(name) = waiting.pop() {
            if reached.insert(name.clone()) {
                waiting.extend(named(&name));
            }
        }
        roots.extend(rest.into_iter().filter(|name| !reached.contains(name)));
        roots.sort();
        roots
    }
}

fn parse(source: &Source, diagnostics: &mut Vec<Diagnostic>) -> Module {
    let module = ts::parse_module(source.text()).unwrap_or_else(|fault| {
        let place = source.place(fault.offset);
        diagnostics.push(
            Diagnostic::error("invalid-declarations", place, fault.message)
                .help("name declaration files that a TypeScript compiler accepts"),
        );
        Module::default()
    });
    skipped(&module, source, diagnostics);
    module
}

fn skipped(module: &Module, source: &Source, diagnostics: &mut Vec<Diagnostic>) {
    for (what, offset) in &module.skipped {
        diagnostics.push(
            Diagnostic::warning(
                "skipped-declaration",
                source.place(*offset),
                format!("{what} is not read"),
            )
            .help("declare it with a name and a type"),
        );
    }
    module.bodies().for_each(|body| skipped(body, source, diagnostics));
}

/// The other modules that a file names.
fn targets(module: &Module) -> Vec<&str> {
    let mut found: Vec<&str> = module.references.iter().map(String::as_str).collect();
    let mut waiting = vec![module];
    while let Some(module) = waiting.pop() {
        waiting.extend(module.bodies());
        found.extend(module.imports.iter().filter_map(|import| match &import.what {
            Imported::Name { module, .. }
            | Imported::All { module }
            | Imported::Required { module } => Some(module.as_str()),
            Imported::Path(_) => None,
        }));
        found.extend(module.exports.iter().filter_map(|export| match export {
            Export::From { module, .. } | Export::All { module } | Export::Space { module, .. } => {
                Some(module.as_str())
            }
            Export::Local { .. } | Export::Assigned { .. } => None,
        }));
        found.extend(module.imported_types.iter().map(String::as_str));
        found.extend(module.ambient.iter().map(|ambient| ambient.name.as_str()));
    }
    found
}

/// The other packages of which a file exports something: that is public here as well.
fn exported_packages(module: &Module) -> BTreeSet<&str> {
    let imported = |local: &str| {
        let import = module.imports.iter().find(|import| import.local == local)?;
        match &import.what {
            Imported::Name { module, .. }
            | Imported::All { module }
            | Imported::Required { module } => Some(module.as_str()),
            Imported::Path(_) => None,
        }
    };
    let named = module.exports.iter().filter_map(|export| match export {
        Export::From { module, .. } | Export::All { module } | Export::Space { module, .. } => {
            Some(module.as_str())
        }
        Export::Local { local, .. } | Export::Assigned { local } => imported(local),
    });
    named.filter(|module| !module.starts_with('.')).collect()
}

enum Found {
    Given,
    OnDisk(PathBuf),
}

fn resolve(from: &str, specifier: &str, given: &BTreeMap<String, &Source>) -> Option<Found> {
    let names = candidates(from, specifier);
    if names.iter().any(|name| given.contains_key(name)) {
        return Some(Found::Given);
    }
    names.into_iter().map(PathBuf::from).find(|path| path.is_file()).map(Found::OnDisk)
}

/// The files that a relative specifier can mean, the likeliest first.
fn candidates(from: &str, specifier: &str) -> Vec<String> {
    if !specifier.starts_with('.') {
        return Vec::new();
    }
    let folder = Path::new(from).parent().unwrap_or(Path::new(""));
    let joined = normal(&folder.join(specifier).to_string_lossy());
    let bare = [(".mjs", ".d.mts"), (".cjs", ".d.cts"), (".js", ".d.ts"), (".ts", ".d.ts")]
        .iter()
        .find_map(|(script, types)| Some(format!("{}{types}", joined.strip_suffix(script)?)));
    let ends = ["", ".d.ts", ".d.mts", ".d.cts", "/index.d.ts", "/index.d.mts", "/index.d.cts"];
    bare.into_iter()
        .chain(ends.iter().map(|end| format!("{joined}{end}")))
        .filter(|name| is_declarations(name))
        .collect()
}

/// A path without `.` and `x/..`, `/` between its parts.
fn normal(path: &str) -> String {
    let mut parts = PathBuf::new();
    for part in Path::new(&path.replace('\\', "/")).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir
                if matches!(parts.components().next_back(), Some(Component::Normal(_))) =>
            {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    parts.to_string_lossy().replace('\\', "/")
}
