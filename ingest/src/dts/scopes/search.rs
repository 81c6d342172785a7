//! Looking names up: through imports, re-exports, namespaces, and the bodies around.

use std::collections::BTreeSet;

use super::{BodyId, Exports, GLOBAL, Meaning, ScopeId, Scopes, Symbol};
use crate::ts::{Export, Imported};

/// A name that leads to another this many times in a row leads nowhere.
const MAX_STEPS: usize = 200;

/// One look-up: names that lead to themselves lead nowhere.
pub(super) struct Search<'s, 'a> {
    scopes: &'s Scopes<'a>,
    seen: BTreeSet<(usize, String, Step)>,
    depth: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Export,
    Local,
    Assigned,
}

impl<'s, 'a> Search<'s, 'a> {
    pub(super) fn new(scopes: &'s Scopes<'a>) -> Self {
        Self { scopes, seen: BTreeSet::new(), depth: 0 }
    }

    /// Takes a step that was not taken before.
    fn step(
        &mut self,
        (at, name, step): (usize, &str, Step),
        take: impl FnOnce(&mut Self) -> Option<Meaning>,
    ) -> Option<Meaning> {
        if self.depth >= MAX_STEPS || !self.seen.insert((at, name.to_owned(), step)) {
            return None;
        }
        self.depth += 1;
        let found = take(self);
        self.depth -= 1;
        found
    }

    pub(super) fn export(&mut self, scope: ScopeId, name: &str) -> Option<Meaning> {
        self.step((scope.0, name, Step::Export), |search| search.export_of(scope, name))
    }

    /// What `export =` makes of a module.
    pub(super) fn assigned(&mut self, scope: ScopeId) -> Option<Meaning> {
        self.step((scope.0, "", Step::Assigned), |search| {
            let read = search.scopes.scope(scope)?;
            read.exports.iter().find_map(|(body, export)| match export {
                Export::Assigned { local } => search.path(*body, local),
                _ => None,
            })
        })
    }

    fn export_of(&mut self, scope: ScopeId, name: &str) -> Option<Meaning> {
        let read = self.scopes.scope(scope)?;
        for (body, export) in &read.exports {
            match export {
                Export::Local { local, exported } if exported == name => {
                    return self.path(*body, local);
                }
                Export::From { name: there, exported, module } if exported == name => {
                    return self.named(*body, module, there);
                }
                Export::Space { exported, module } if exported == name => {
                    return self.whole(*body, module, false);
                }
                _ => {}
            }
        }
        if read.exported.contains(name) {
            return Some(Meaning::Symbol(Symbol { scope, name: name.to_owned() }));
        }
        read.exports.iter().find_map(|(body, export)| match export {
            Export::All { module } if name != "default" => {
                let other = self.scopes.target(*body, module)?;
                // Most modules have no such name, and many stand in a row.
                let lacks = |exports: &Exports| !exports.names.contains(name);
                if self.scopes.exported(other).is_some_and(lacks) {
                    return None;
                }
                self.export(other, name)
            }
            Export::Assigned { local } => {
                let assigned = self.path(*body, local)?;
                let members = self.scopes.members(&assigned);
                let member = members.and_then(|members| self.export(members, name));
                member.or_else(|| (name == "default").then_some(assigned))
            }
            _ => None,
        })
    }

    fn named(&mut self, body: BodyId, module: &str, name: &str) -> Option<Meaning> {
        let target = self.scopes.target(body, module)?;
        self.export(target, name)
    }

    /// All of a module; what it assigns to its exports, where that is wanted.
    fn whole(&mut self, body: BodyId, module: &str, assigned: bool) -> Option<Meaning> {
        let target = self.scopes.target(body, module)?;
        let what = if assigned { self.assigned(target) } else { None };
        Some(what.unwrap_or(Meaning::Module(target)))
    }

    /// What a name means inside a body.
    fn local(&mut self, body: BodyId, name: &str) -> Option<Meaning> {
        self.step((body.0, name, Step::Local), |search| search.local_of(body, name))
    }

    fn local_of(&mut self, body: BodyId, name: &str) -> Option<Meaning> {
        let mut at = Some(body);
        while let Some(id) = at {
            let read = self.scopes.bodies.get(id.0)?;
            if let Some(found) = self.declared(read.scope, name) {
                return Some(found);
            }
            if let Some(import) = read.imports.get(name) {
                return match import {
                    Imported::Name { name, module } => self.named(id, module, name),
                    Imported::All { module } => self.whole(id, module, false),
                    Imported::Required { module } => self.whole(id, module, true),
                    Imported::Path(path) => self.path(id, path),
                };
            }
            at = read.around;
        }
        self.declared(GLOBAL, name)
    }

    fn declared(&self, scope: ScopeId, name: &str) -> Option<Meaning> {
        let read = self.scopes.scope(scope)?;
        let known = read.declared.contains_key(name) || read.spaces.contains_key(name);
        known.then(|| Meaning::Symbol(Symbol { scope, name: name.to_owned() }))
    }

    pub(super) fn path(&mut self, body: BodyId, path: &str) -> Option<Meaning> {
        let (first, rest) = match path.strip_prefix("import(\"") {
            Some(import) => {
                let (module, rest) = import.split_once("\").")?;
                (self.whole(body, module, true)?, Some(rest))
            }
            None => {
                let (first, rest) =
                    path.split_once('.').map_or((path, None), |(a, b)| (a, Some(b)));
                (self.local(body, first)?, rest)
            }
        };
        let mut meaning = first;
        for name in rest.into_iter().flat_map(|rest| rest.split('.')) {
            let members = self.scopes.members(&meaning)?;
            meaning = self.export(members, name.trim())?;
        }
        Some(meaning)
    }
}
