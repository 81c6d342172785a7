//! The files of declarations and how they name each other's symbols.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Component, Path, PathBuf},
};

use crate::{
    diagnostic::Diagnostic,
    source::Source,
    ts::{self, Declaration, DeclarationKind, Export, Module},
    type_expr::TypeExpr,
};

/// More files than this are no reference but a whole tree of packages.
const MAX_FILES: usize = 10_000;

/// A declaration: the file it is in, and its name there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Symbol {
    pub(super) file: String,
    pub(super) name: String,
}

/// A file of declarations.
#[derive(Debug)]
pub(super) struct File {
    pub(super) source: Source,
    pub(super) module: Module,
}

/// All files that the entries reach.
#[derive(Debug)]
pub(super) struct Modules {
    files: BTreeMap<String, File>,
    entries: Vec<String>,
}

impl Modules {
    pub(super) fn load(entries: &[Source], diagnostics: &mut Vec<Diagnostic>) -> Self {
        let given: BTreeMap<String, &Source> =
            entries.iter().map(|source| (normal(source.name()), source)).collect();
        let mut modules = Self { files: BTreeMap::new(), entries: given.keys().cloned().collect() };
        let mut waiting: Vec<Source> = given.values().map(|source| (*source).clone()).collect();
        while let Some(source) = waiting.pop() {
            let name = normal(source.name());
            if modules.files.contains_key(&name) || modules.files.len() >= MAX_FILES {
                continue;
            }
            let module = match ts::parse_module(source.text()) {
                Ok(module) => module,
                Err(fault) => {
                    let place = source.place(fault.offset);
                    diagnostics.push(
                        Diagnostic::error("invalid-declarations", place, fault.message)
                            .help("name declaration files that a TypeScript compiler accepts"),
                    );
                    Module::default()
                }
            };
            for (what, offset) in &module.skipped {
                diagnostics.push(
                    Diagnostic::warning(
                        "skipped-declaration",
                        source.place(*offset),
                        format!("{what} is not read"),
                    )
                    .help("export what it holds at the top level of a module"),
                );
            }
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
            modules.files.insert(name, File { source, module });
        }
        // A module that another input imports is part of that one.
        let imported: BTreeSet<String> = modules
            .files
            .iter()
            .flat_map(|(name, file)| {
                targets(&file.module).filter_map(|other| modules.target(name, other))
            })
            .collect();
        let roots: Vec<String> =
            modules.entries.iter().filter(|name| !imported.contains(*name)).cloned().collect();
        if !roots.is_empty() {
            modules.entries = roots;
        }
        modules
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(String::as_str)
    }

    pub(super) fn files(&self) -> impl Iterator<Item = (&str, &File)> {
        self.files.iter().map(|(name, file)| (name.as_str(), file))
    }

    pub(super) fn file(&self, symbol: &Symbol) -> Option<&File> {
        self.files.get(&symbol.file)
    }

    /// The declarations of a symbol: overloads and merged interfaces are several.
    pub(super) fn declarations(&self, symbol: &Symbol) -> impl Iterator<Item = &Declaration> {
        let file = self.files.get(&symbol.file);
        let all = file.map(|file| file.module.declarations.as_slice()).unwrap_or_default();
        all.iter().filter(|declaration| declaration.name == symbol.name)
    }

    fn target(&self, from: &str, specifier: &str) -> Option<String> {
        candidates(from, specifier).into_iter().find(|name| self.files.contains_key(name))
    }

    /// What a file exports, by public name.
    pub(super) fn exports(
        &self,
        file: &str,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> BTreeMap<String, Symbol> {
        let mut names = BTreeMap::new();
        let Some(read) = self.files.get(file) else { return names };
        for name in self.exported_names(file, &mut BTreeSet::new()) {
            match self.export(file, &name, &mut BTreeSet::new()) {
                Some(symbol) => {
                    let public = if name == "default" { symbol.name.clone() } else { name };
                    names.insert(public, symbol);
                }
                None => diagnostics.push(
                    Diagnostic::warning(
                        "unresolved-export",
                        read.source.place(0),
                        format!("`{name}` is exported, but declared nowhere here"),
                    )
                    .help("ingest the package that declares it as well"),
                ),
            }
        }
        names
    }

    fn exported_names(&self, file: &str, seen: &mut BTreeSet<String>) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        let Some(read) = self.files.get(file).filter(|_| seen.insert(file.to_owned())) else {
            return names;
        };
        let module = &read.module;
        let own = module
            .declarations
            .iter()
            .filter(|declaration| declaration.exported || !module.is_module);
        names.extend(own.map(|declaration| declaration.name.clone()));
        for export in &module.exports {
            match export {
                Export::Local { exported, .. } | Export::From { exported, .. } => {
                    names.insert(exported.clone());
                }
                Export::All { module: other } => {
                    if let Some(other) = self.target(file, other) {
                        names.extend(self.exported_names(&other, seen));
                    }
                }
            }
        }
        names
    }

    fn export(
        &self,
        file: &str,
        name: &str,
        seen: &mut BTreeSet<(String, String)>,
    ) -> Option<Symbol> {
        if !seen.insert((file.to_owned(), name.to_owned())) {
            return None;
        }
        let module = &self.files.get(file)?.module;
        for export in &module.exports {
            match export {
                Export::Local { local, exported } if exported == name => {
                    return self.local(file, local, seen);
                }
                Export::From { name: there, exported, module: other } if exported == name => {
                    return self.export(&self.target(file, other)?, there, seen);
                }
                _ => {}
            }
        }
        let declared = module.declarations.iter().any(|declaration| {
            declaration.name == name && (declaration.exported || !module.is_module)
        });
        if declared {
            return Some(Symbol { file: file.to_owned(), name: name.to_owned() });
        }
        module.exports.iter().find_map(|export| match export {
            Export::All { module: other } => self.export(&self.target(file, other)?, name, seen),
            _ => None,
        })
    }

    /// What a name means inside a file.
    fn local(
        &self,
        file: &str,
        name: &str,
        seen: &mut BTreeSet<(String, String)>,
    ) -> Option<Symbol> {
        let module = &self.files.get(file)?.module;
        if module.declarations.iter().any(|declaration| declaration.name == name) {
            return Some(Symbol { file: file.to_owned(), name: name.to_owned() });
        }
        let (_, there, other) = module.imports.iter().find(|(local, _, _)| local == name)?;
        self.export(&self.target(file, other)?, there, seen)
    }

    /// What a name means inside a file.
    pub(super) fn meaning(&self, file: &str, name: &str) -> Option<Symbol> {
        self.local(file, name, &mut BTreeSet::new())
    }

    /// The symbols that a symbol's declarations mention.
    pub(super) fn mentioned(&self, symbol: &Symbol) -> Vec<Symbol> {
        let mut names = BTreeSet::new();
        for declaration in self.declarations(symbol) {
            for ty in types(&declaration.kind) {
                ty.walk(&mut |part| {
                    if let TypeExpr::Ref { name, .. } = part {
                        names.insert(name.as_str());
                    }
                });
            }
        }
        names.into_iter().filter_map(|name| self.meaning(&symbol.file, name)).collect()
    }
}

/// Every type that a declaration writes.
fn types(kind: &DeclarationKind) -> Vec<&TypeExpr> {
    match kind {
        DeclarationKind::Interface(body) | DeclarationKind::Class(body) => {
            let members = body.members.iter().flat_map(|declared| {
                let member = &declared.member;
                member.ty.iter().chain(member.params.iter().filter_map(|param| param.ty.as_ref()))
            });
            body.extends.iter().chain(&body.implements).chain(members).collect()
        }
        DeclarationKind::Alias(alias) => vec![&alias.ty],
        DeclarationKind::Function(function) => function
            .params
            .iter()
            .filter_map(|param| param.ty.as_ref())
            .chain([&function.returns])
            .collect(),
        DeclarationKind::Constant(constant) => constant.ty.iter().collect(),
        DeclarationKind::Enum(_) => Vec::new(),
    }
}

fn targets(module: &Module) -> impl Iterator<Item = &str> {
    let imports = module.imports.iter().map(|(_, _, other)| other.as_str());
    let exports = module.exports.iter().filter_map(|export| match export {
        Export::From { module, .. } | Export::All { module } => Some(module.as_str()),
        Export::Local { .. } => None,
    });
    imports.chain(exports)
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
        .filter(|name| super::is_declarations(name))
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
