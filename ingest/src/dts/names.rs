//! The public names of symbols, and the names of what only they mention.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use credwire_schema::{
    diagnostic::Diagnostic,
    type_expr::{TypeExpr, TypeParam},
};

use super::scopes::{Exports, Foreign, Meaning, ScopeId, Scopes, Symbol};
use crate::ts::{DeclarationKind, DeclaredMember};

/// A scope whose exports wait to be named.
struct Expansion {
    scope: ScopeId,
    /// What stands in front of the names.
    prefix: String,
    /// Whether that begins with an entry point of a package other than the main one.
    in_module: bool,
}

/// Symbols and names.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// What is exported, by public name: dotted behind namespaces.
    pub(super) exported: BTreeMap<String, Symbol>,
    /// What is in `exported`.
    listed: BTreeSet<Symbol>,
    /// What exported symbols mention without its being exported, by a name of its own.
    pub(super) internal: BTreeMap<String, Symbol>,
    /// The names of types of modules that are not at hand, by module and name there.
    foreign: BTreeMap<(String, String), String>,
    /// The name to call a symbol by.
    names: BTreeMap<Symbol, String>,
}

impl Names {
    pub(super) fn new(scopes: &Scopes<'_>, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let mut names = Self::default();
        names.export(scopes, diagnostics);
        let foreign = names.reach(scopes);
        names.name_foreign(foreign);
        names.report_foreign(scopes, diagnostics);
        names
    }

    /// What a type of a module that is not at hand is called; no symbol has its name.
    pub(super) fn of_foreign(&self, foreign: &Foreign) -> Option<&str> {
        let key = (foreign.module.clone(), foreign.name.clone());
        self.foreign.get(&key).map(String::as_str)
    }

    /// The modules of the types that are not at hand, by name.
    pub(super) fn foreign_modules(&self) -> BTreeMap<String, String> {
        self.foreign.iter().map(|((module, _), name)| (name.clone(), module.clone())).collect()
    }

    pub(super) fn of(&self, symbol: &Symbol) -> Option<&str> {
        self.names.get(symbol).map(String::as_str)
    }

    /// Names what is exported, what is behind fewer dots first. A namespace with two names is
    /// listed once.
    fn export(&mut self, scopes: &Scopes<'_>, diagnostics: &mut Vec<Diagnostic>) {
        let mut expanded: BTreeMap<ScopeId, String> = BTreeMap::new();
        let entries = scopes.entries().into_iter();
        let mut waiting: VecDeque<Expansion> = entries
            .map(|(scope, module)| match module {
                "" => Expansion { scope, prefix: String::new(), in_module: false },
                module => Expansion { scope, prefix: format!("{module}."), in_module: true },
            })
            .collect();
        while let Some(Expansion { scope, prefix, in_module }) = waiting.pop_front() {
            if let Some(first) = expanded.get(&scope) {
                // That a module of a package repeats another one is no news.
                if let Some(source) =
                    scopes.source(scope).filter(|_| *first != prefix && !in_module)
                {
                    let first =
                        if first.is_empty() { "no namespace" } else { first.trim_end_matches('.') };
                    let message = format!(
                        "`{}` holds what is exported in {first} as well; that name is kept",
                        prefix.trim_end_matches('.'),
                    );
                    diagnostics.push(
                        Diagnostic::warning("repeated-namespace", source.place(0), message)
                            .help("use the names that are listed"),
                    );
                }
                continue;
            }
            expanded.insert(scope, prefix.clone());
            let assigned = scopes.assigned(scope);
            if let Some(Meaning::Symbol(symbol)) = &assigned {
                self.put(scopes, symbol.name.clone(), symbol, diagnostics);
            }
            let Some(Exports { names: exported, unknown }) = scopes.exported(scope) else {
                continue;
            };
            // A scope without a body exports nothing.
            let Some(place) = scopes.source(scope).map(|source| source.place(0)) else { continue };
            for module in unknown {
                diagnostics.push(unresolved(place.clone(), &format!("everything of `{module}`")));
            }
            // The members of what is assigned have their names from this scope.
            if let Some(Meaning::Symbol(symbol)) = &assigned
                && let Some(space) = scopes.space(symbol)
            {
                expanded.entry(space).or_default();
            }
            for name in exported {
                let public = format!("{prefix}{name}");
                match scopes.export(scope, name) {
                    Some(Meaning::Symbol(symbol)) => {
                        let public = if name == "default" {
                            let own = format!("{prefix}{}", symbol.name);
                            let free = self.exported.get(&own).is_none_or(|known| *known == symbol);
                            if free { own } else { public }
                        } else {
                            public
                        };
                        if let Some(scope) = scopes.space(&symbol) {
                            let prefix = format!("{public}.");
                            waiting.push_back(Expansion { scope, prefix, in_module });
                        }
                        // What has a name already needs none behind a module of the package.
                        if !in_module || !self.listed.contains(&symbol) {
                            self.put(scopes, public, &symbol, diagnostics);
                        }
                    }
                    Some(Meaning::Module(scope)) => {
                        let prefix = format!("{public}.");
                        waiting.push_back(Expansion { scope, prefix, in_module });
                    }
                    None => diagnostics.push(unresolved(place.clone(), &format!("`{name}`"))),
                }
            }
        }
        for (name, symbol) in &self.exported {
            // A symbol that is exported under its own name keeps it.
            let own = self.exported.get(&symbol.name) == Some(symbol);
            let name = if own { &symbol.name } else { name };
            let known = self.names.entry(symbol.clone()).or_insert_with(|| name.clone());
            if !own && dots(name) < dots(known) {
                known.clone_from(name);
            }
        }
    }

    fn put(
        &mut self,
        scopes: &Scopes<'_>,
        name: String,
        symbol: &Symbol,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        // A namespace is what it holds.
        let Some(first) = scopes.declarations(symbol).first() else { return };
        match self.exported.get(&name) {
            None => {
                self.listed.insert(symbol.clone());
                self.exported.insert(name, symbol.clone());
            }
            Some(known) if known == symbol => {}
            Some(known) => {
                let there = scopes.declarations(known).first();
                let there = there.map(|one| one.source.place(one.declaration.offset));
                let place = first.source.place(first.declaration.offset);
                let message = match there {
                    Some(there) => {
                        format!("`{name}` is exported from {there} as well; this one is left out")
                    }
                    None => format!("`{name}` is exported twice; this one is left out"),
                };
                diagnostics.push(
                    Diagnostic::warning("duplicate-item", place, message)
                        .help("ingest one module at a time"),
                );
            }
        }
    }

    /// Finds what exported symbols mention, directly or not, and gives each a name of its own:
    /// the declared one, numbered as bundlers do when it is taken. Returns what they mention of
    /// modules that are not at hand, with how it is written.
    fn reach(&mut self, scopes: &Scopes<'_>) -> BTreeMap<(String, String), String> {
        let mut foreign = BTreeMap::new();
        // How often each name was given: counting from the start each time would take long.
        let mut taken: BTreeMap<String, u32> = BTreeMap::new();
        let mut reached: BTreeSet<Symbol> = self.exported.values().cloned().collect();
        let mut waiting: VecDeque<Symbol> = self.exported.values().cloned().collect();
        while let Some(symbol) = waiting.pop_front() {
            for mentioned in mentioned(scopes, &symbol, &mut foreign) {
                if scopes.declarations(&mentioned).is_empty() || !reached.insert(mentioned.clone())
                {
                    continue;
                }
                let own = scopes.qualified(&mentioned);
                let first = taken.get(&own).copied().unwrap_or_default();
                let (number, name) = (first..)
                    .map(|number| (number, numbered(&own, number)))
                    .find(|(_, name)| {
                        !self.exported.contains_key(name) && !self.internal.contains_key(name)
                    })
                    .unwrap_or((first, own.clone()));
                taken.insert(own, number + 1);
                self.internal.insert(name.clone(), mentioned.clone());
                self.names.insert(mentioned.clone(), name);
                waiting.push_back(mentioned);
            }
        }
        foreign
    }

    /// Names each type of a module that is not at hand as it is named there, else as it is written
    /// here, else behind its module: what no other type is called.
    fn name_foreign(&mut self, found: BTreeMap<(String, String), String>) {
        let mut taken: BTreeSet<String> =
            self.exported.keys().chain(self.internal.keys()).cloned().collect();
        // What is written as it is named there has the first right to that name.
        let (same, other): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|((_, name), written)| name == written);
        for ((module, name), written) in same.into_iter().chain(other) {
            let there = if name == "default" { &written } else { &name };
            let package: String =
                module.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
            let behind = format!("{package}.{there}");
            let numbers = (1u32..).map(|number| numbered(there, number));
            let all = [there.clone(), written.clone(), behind].into_iter().chain(numbers);
            if let Some(free) = all.into_iter().find(|one| taken.insert(one.clone())) {
                self.foreign.insert((module, name), free);
            }
        }
    }

    /// One warning for each package whose types are not at hand.
    fn report_foreign(&self, scopes: &Scopes<'_>, diagnostics: &mut Vec<Diagnostic>) {
        let mut packages: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for ((module, name), called) in &self.foreign {
            // What generators know by name needs no package.
            let is_known = module.starts_with("node:") || name == "Observable";
            if !module.starts_with('.') && !is_known {
                packages.entry(module).or_default().push(called);
            }
        }
        let Some(source) = scopes.entries().first().and_then(|(scope, _)| scopes.source(*scope))
        else {
            return;
        };
        for (package, names) in packages {
            let message = format!(
                "the package `{package}` is not read; these types of it are known by name alone: {}",
                names.join(", ")
            );
            diagnostics.push(
                Diagnostic::warning("foreign-package", source.place(0), message)
                    .help("map the types in the overlay where they matter"),
            );
        }
    }
}

/// A name with the number that tells it from others; the first one has none.
fn numbered(name: &str, number: u32) -> String {
    if number == 0 { name.to_owned() } else { format!("{name}${number}") }
}

fn dots(name: &str) -> usize {
    name.matches('.').count()
}

fn unresolved(place: credwire_schema::diagnostic::Place, what: &str) -> Diagnostic {
    Diagnostic::warning(
        "unresolved-export",
        place,
        format!("{what} is exported, but declared nowhere here"),
    )
    .help("ingest the package that declares it as well")
}

/// The symbols that a symbol's declarations mention; what is not at hand is added to `foreign`.
fn mentioned(
    scopes: &Scopes<'_>,
    symbol: &Symbol,
    foreign: &mut BTreeMap<(String, String), String>,
) -> Vec<Symbol> {
    let mut found = Vec::new();
    for declared in scopes.declarations(symbol) {
        let mut names = BTreeSet::new();
        for ty in types(&declared.declaration.kind) {
            ty.walk(&mut |part| {
                if let TypeExpr::Ref { name, .. } | TypeExpr::TypeOf { name, .. } = part {
                    names.insert(name.as_str());
                }
            });
        }
        for name in names {
            match scopes.path(declared.body, name) {
                Some(Meaning::Symbol(symbol)) => found.push(symbol),
                // A member of an enumeration stands for it.
                _ => {
                    let owner = name.rsplit_once('.').map(|(owner, _)| owner);
                    let owner = owner.and_then(|owner| scopes.path(declared.body, owner));
                    if let Some(Meaning::Symbol(symbol)) = owner {
                        found.push(symbol);
                    } else if let Some(Foreign { module, name, written }) =
                        scopes.foreign(declared.body, name)
                    {
                        foreign.entry((module, name)).or_insert(written);
                    }
                }
            }
        }
    }
    found
}

/// Every type that a declaration writes.
pub(super) fn types(kind: &DeclarationKind) -> Vec<&TypeExpr> {
    match kind {
        DeclarationKind::Interface(body) | DeclarationKind::Class(body) => {
            let members = body.members.iter().flat_map(member_types);
            let heads = body.extends.iter().chain(&body.implements);
            of_params(&body.type_params).chain(heads).chain(members).collect()
        }
        DeclarationKind::Alias(alias) => of_params(&alias.type_params).chain([&alias.ty]).collect(),
        DeclarationKind::Function(function) => {
            let params = function.params.iter().filter_map(|param| param.ty.as_ref());
            of_params(&function.type_params).chain(params).chain([&function.returns]).collect()
        }
        DeclarationKind::Constant(constant) => constant.ty.iter().collect(),
        DeclarationKind::Enum(_) | DeclarationKind::Namespace(_) => Vec::new(),
    }
}

fn member_types(declared: &DeclaredMember) -> impl Iterator<Item = &TypeExpr> {
    let member = &declared.member;
    let params = member.params.iter().filter_map(|param| param.ty.as_ref());
    of_params(&member.type_params).chain(params).chain(&member.ty)
}

fn of_params(params: &[TypeParam]) -> impl Iterator<Item = &TypeExpr> {
    params.iter().flat_map(|param| param.extends.iter().chain(&param.default))
}
