//! What names mean: files, namespaces and modules in files, and what they export.
//!
//! A scope collects what several bodies declare under one name: a namespace that is declared
//! twice, a module and the files that add to it. A body is where names are written: it has a file,
//! imports, and a body around it.

mod search;

use std::collections::{BTreeMap, BTreeSet};

use credwire_schema::diagnostic::Diagnostic;

use self::search::Search;
use super::files::{File, Files};
use crate::{
    source::Source,
    ts::{Declaration, DeclarationKind, Export, Imported, Module},
};

/// A scope, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ScopeId(pub(super) usize);

/// A body, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct BodyId(pub(super) usize);

/// The scope of everything that is declared in no module.
pub(super) const GLOBAL: ScopeId = ScopeId(0);

/// What is declared under one name in one scope.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Symbol {
    pub(super) scope: ScopeId,
    pub(super) name: String,
}

/// What a name means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Something declared.
    Symbol(Symbol),
    /// All that a module exports.
    Module(ScopeId),
}

/// A declaration, and where it is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Declared<'a> {
    pub(super) body: BodyId,
    pub(super) source: &'a Source,
    pub(super) declaration: &'a Declaration,
}

#[derive(Debug, Default)]
pub(super) struct Scope<'a> {
    /// The names of the namespaces around it.
    path: String,
    pub(super) declared: BTreeMap<&'a str, Vec<Declared<'a>>>,
    pub(super) spaces: BTreeMap<&'a str, ScopeId>,
    /// The names that are exported where they are declared.
    pub(super) exported: BTreeSet<&'a str>,
    pub(super) exports: Vec<(BodyId, &'a Export)>,
    all_exports: Option<Exports>,
}

/// The names that a scope exports, those of the modules that it exports all of included.
#[derive(Debug, Default)]
pub(super) struct Exports {
    pub(super) names: BTreeSet<String>,
    /// The modules that it exports all of without their being at hand.
    pub(super) unknown: BTreeSet<String>,
}

#[derive(Debug)]
pub(super) struct Body<'a> {
    file: &'a str,
    source: &'a Source,
    pub(super) scope: ScopeId,
    pub(super) around: Option<BodyId>,
    pub(super) imports: BTreeMap<&'a str, &'a Imported>,
}

/// All scopes of some files.
#[derive(Debug)]
pub(super) struct Scopes<'a> {
    files: &'a Files,
    scopes: Vec<Scope<'a>>,
    pub(super) bodies: Vec<Body<'a>>,
    by_file: BTreeMap<&'a str, ScopeId>,
    /// Modules in files, by name; `true` when a script declares them and no module adds to them.
    ambient: BTreeMap<&'a str, (ScopeId, bool)>,
}

impl<'a> Scopes<'a> {
    pub(super) fn new(files: &'a Files, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let mut made = Self {
            files,
            scopes: vec![Scope::default()],
            bodies: Vec::new(),
            by_file: BTreeMap::new(),
            ambient: BTreeMap::new(),
        };
        for (name, file) in &files.read {
            let scope = if file.module.is_module { made.add_scope("") } else { GLOBAL };
            made.by_file.insert(name, scope);
        }
        for (name, file) in &files.read {
            let scope = made.by_file.get(name.as_str()).copied().unwrap_or(GLOBAL);
            made.add_body(&file.module, scope, name, &file.source, None);
        }
        for id in 0..made.scopes.len() {
            let exports = made.work_out_exports(ScopeId(id));
            if let Some(scope) = made.scopes.get_mut(id) {
                scope.all_exports = Some(exports);
            }
        }
        made.report_outside(diagnostics);
        made
    }

    fn add_scope(&mut self, path: &str) -> ScopeId {
        self.scopes.push(Scope { path: path.to_owned(), ..Scope::default() });
        ScopeId(self.scopes.len() - 1)
    }

    fn add_body(
        &mut self,
        module: &'a Module,
        scope: ScopeId,
        file: &'a str,
        source: &'a Source,
        around: Option<BodyId>,
    ) {
        let body = BodyId(self.bodies.len());
        let imports =
            module.imports.iter().map(|import| (import.local.as_str(), &import.what)).collect();
        self.bodies.push(Body { file, source, scope, around, imports });
        for declaration in &module.declarations {
            let name = declaration.name.as_str();
            let space = match &declaration.kind {
                DeclarationKind::Namespace(inner) => Some(inner),
                _ => None,
            };
            let inner = space.and_then(|_| self.space_in(scope, name));
            if let Some(into) = self.scopes.get_mut(scope.0) {
                // What a module declares for all files is no export of it.
                let is_augmentation = scope == GLOBAL && around.is_some();
                if (declaration.exported || !module.has_list) && !is_augmentation {
                    into.exported.insert(name);
                }
                match inner {
                    Some(inner) => drop(into.spaces.insert(name, inner)),
                    None => into.declared.entry(name).or_default().push(Declared {
                        body,
                        source,
                        declaration,
                    }),
                }
            }
            if let (Some(module), Some(inner)) = (space, inner) {
                self.add_body(module, inner, file, source, Some(body));
            }
        }
        if let Some(into) = self.scopes.get_mut(scope.0) {
            into.exports.extend(module.exports.iter().map(|export| (body, export)));
        }
        for global in &module.globals {
            self.add_body(global, GLOBAL, file, source, Some(body));
        }
        for ambient in &module.ambient {
            let name = ambient.name.as_str();
            let target = self.files.target(file, name);
            let known = target.and_then(|target| self.by_file.get(target.as_str()).copied());
            let scope = known.unwrap_or_else(|| {
                let (scope, _) = match self.ambient.get(name) {
                    Some(known) => *known,
                    None => (self.add_scope(""), false),
                };
                let declares = self.ambient.get(name).is_some_and(|(_, declares)| *declares);
                self.ambient.insert(
                    name,
                    (scope, declares || around.is_none() && !is_module(self.files, file)),
                );
                scope
            });
            self.add_body(&ambient.body, scope, file, source, Some(body));
        }
    }

    /// The scope of a namespace, made when it is seen first.
    fn space_in(&mut self, scope: ScopeId, name: &str) -> Option<ScopeId> {
        let into = self.scopes.get(scope.0)?;
        if let Some(known) = into.spaces.get(name) {
            return Some(*known);
        }
        let path =
            if into.path.is_empty() { name.to_owned() } else { format!("{}.{name}", into.path) };
        Some(self.add_scope(&path))
    }

    /// What a file adds to a module of another package is no part of this one.
    fn report_outside(&self, diagnostics: &mut Vec<Diagnostic>) {
        for file in self.files.read.values().filter(|file| file.module.is_module) {
            for ambient in &file.module.ambient {
                let known = self.ambient.get(ambient.name.as_str());
                if known.is_some_and(|(_, declares)| !declares) {
                    let message =
                        format!("what is added to the module `{}` is not read", ambient.name);
                    diagnostics.push(
                        Diagnostic::warning(
                            "outside-augmentation",
                            file.source.place(ambient.offset),
                            message,
                        )
                        .help("ingest the package that declares the module as well"),
                    );
                }
            }
        }
    }

    /// The scopes whose exports are the public names, each with the module in front of them: those
    /// of root files that are modules, then what is global, then modules in files.
    pub(super) fn entries(&self) -> Vec<(ScopeId, &'a str)> {
        let roots = self.files.roots.iter();
        let of_root = |(root, module): &'a (String, String)| {
            Some((*self.by_file.get(root.as_str())?, module.as_str()))
        };
        let mut entries: Vec<(ScopeId, &str)> =
            roots.filter_map(of_root).filter(|(scope, _)| *scope != GLOBAL).collect();
        entries.push((GLOBAL, ""));
        let ambient = self.ambient.values().filter(|(_, declares)| *declares);
        entries.extend(ambient.map(|(id, _)| (*id, "")));
        entries
    }

    pub(super) fn scope(&self, id: ScopeId) -> Option<&Scope<'a>> {
        self.scopes.get(id.0)
    }

    /// The declarations of a symbol, without its namespaces: overloads and merged interfaces are
    /// several.
    pub(super) fn declarations(&self, symbol: &Symbol) -> &[Declared<'a>] {
        let found = self.scope(symbol.scope).and_then(|scope| scope.declared.get(&*symbol.name));
        found.map(Vec::as_slice).unwrap_or_default()
    }

    /// The namespace of a symbol.
    pub(super) fn space(&self, symbol: &Symbol) -> Option<ScopeId> {
        self.scope(symbol.scope)?.spaces.get(&*symbol.name).copied()
    }

    /// The name of a symbol with those of the namespaces around it.
    pub(super) fn qualified(&self, symbol: &Symbol) -> String {
        match self.scope(symbol.scope).map(|scope| scope.path.as_str()) {
            None | Some("") => symbol.name.clone(),
            Some(path) => format!("{path}.{}", symbol.name),
        }
    }

    /// A file that a scope is written in.
    pub(super) fn source(&self, scope: ScopeId) -> Option<&'a Source> {
        self.bodies.iter().find(|body| body.scope == scope).map(|body| body.source)
    }

    pub(super) fn target(&self, body: BodyId, specifier: &str) -> Option<ScopeId> {
        let file = self.bodies.get(body.0)?.file;
        let beside = self.files.target(file, specifier);
        let beside = beside.and_then(|name| self.by_file.get(name.as_str()).copied());
        beside.or_else(|| self.ambient.get(specifier).map(|(scope, _)| *scope))
    }

    /// What a scope exports; nothing while the scopes are being made.
    pub(super) fn exported(&self, scope: ScopeId) -> Option<&Exports> {
        self.scope(scope)?.all_exports.as_ref()
    }

    fn work_out_exports(&self, scope: ScopeId) -> Exports {
        let mut found = Exports::default();
        let mut seen = BTreeSet::new();
        let mut waiting = vec![scope];
        while let Some(id) = waiting.pop() {
            let Some(read) = self.scope(id).filter(|_| seen.insert(id)) else { continue };
            let is_first = id == scope;
            let mut add = |name: &str| {
                // `export *` leaves the default export out.
                if is_first || name != "default" {
                    found.names.insert(name.to_owned());
                }
            };
            if let Some(known) = &read.all_exports {
                known.names.iter().for_each(|name| add(name));
                found.unknown.extend(known.unknown.iter().cloned());
                continue;
            }
            read.exported.iter().for_each(|name| add(name));
            for (body, export) in &read.exports {
                match export {
                    Export::Local { exported, .. }
                    | Export::From { exported, .. }
                    | Export::Space { exported, .. } => add(exported),
                    Export::All { module } => match self.target(*body, module) {
                        Some(other) => waiting.push(other),
                        None => drop(found.unknown.insert(module.clone())),
                    },
                    Export::Assigned { local } => waiting
                        .extend(self.path(*body, local).and_then(|meaning| self.members(&meaning))),
                }
            }
        }
        found
    }

    /// What `export =` makes of a module.
    pub(super) fn assigned(&self, scope: ScopeId) -> Option<Meaning> {
        Search::new(self).assigned(scope)
    }

    /// What a scope exports under a name.
    pub(super) fn export(&self, scope: ScopeId, name: &str) -> Option<Meaning> {
        Search::new(self).export(scope, name)
    }

    /// What a name, dotted or not, means where it is written.
    pub(super) fn path(&self, body: BodyId, path: &str) -> Option<Meaning> {
        Search::new(self).path(body, path)
    }

    /// The scope of what can be named behind a dot.
    pub(super) fn members(&self, meaning: &Meaning) -> Option<ScopeId> {
        match meaning {
            Meaning::Module(scope) => Some(*scope),
            Meaning::Symbol(symbol) => self.space(symbol),
        }
    }

    /// What a path means that leads to a module which is not at hand.
    pub(super) fn foreign(&self, body: BodyId, path: &str) -> Option<Foreign> {
        if let Some(import) = path.strip_prefix("import(\"") {
            let (module, name) = import.split_once("\").")?;
            return Some(Foreign::new(module, name, name));
        }
        let (first, rest) = path.split_once('.').map_or((path, None), |(a, b)| (a, Some(b)));
        let mut at = Some(body);
        while let Some(body) = at.and_then(|at| self.bodies.get(at.0)) {
            let Some(import) = body.imports.get(first) else {
                at = body.around;
                continue;
            };
            let dotted =
                |name: &str| rest.map_or_else(|| name.to_owned(), |rest| format!("{name}.{rest}"));
            return match (import, rest) {
                (Imported::Name { name, module }, _) => {
                    Some(Foreign::new(module, &dotted(name), path))
                }
                (Imported::All { module } | Imported::Required { module }, Some(rest)) => {
                    Some(Foreign::new(module, rest, path))
                }
                (Imported::Required { module }, None) => {
                    Some(Foreign::new(module, "default", path))
                }
                (Imported::All { .. } | Imported::Path(_), _) => None,
            };
        }
        None
    }
}

/// A type of a module that is not at hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Foreign {
    pub(super) module: String,
    /// Its name there; `default` where it has none.
    pub(super) name: String,
    /// How it is written here.
    pub(super) written: String,
}

impl Foreign {
    fn new(module: &str, name: &str, written: &str) -> Self {
        let owned = str::to_owned;
        Self { module: owned(module), name: owned(name), written: owned(written) }
    }
}

fn is_module(files: &Files, file: &str) -> bool {
    files.read.get(file).is_some_and(|file: &File| file.module.is_module)
}
