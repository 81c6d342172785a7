//! Names as the public knows them: bundlers rename what they bring together.

use std::collections::BTreeMap;

use super::modules::{Modules, Symbol};
use crate::type_expr::{FunctionType, TypeExpr, TypeParam};

/// The public names of symbols, and what imported names mean.
#[derive(Debug)]
pub(super) struct Renames {
    public: BTreeMap<Symbol, String>,
    /// By file and local name.
    local: BTreeMap<(String, String), String>,
}

impl Renames {
    pub(super) fn new(modules: &Modules, exported: &BTreeMap<String, Symbol>) -> Self {
        let mut public: BTreeMap<Symbol, String> = BTreeMap::new();
        for (name, symbol) in exported {
            // A symbol that is exported under its own name keeps it.
            let own = exported.get(&symbol.name) == Some(symbol);
            let name = if own { &symbol.name } else { name };
            public.entry(symbol.clone()).or_insert_with(|| name.clone());
        }
        let mut local = BTreeMap::new();
        for (file, read) in modules.files() {
            for (name, there, _) in &read.module.imports {
                let known = modules.meaning(file, name);
                let target =
                    known.as_ref().map(|symbol| public.get(symbol).unwrap_or(&symbol.name).clone());
                let outside = (!matches!(there.as_str(), "*" | "default")).then(|| there.clone());
                if there == "*" {
                    local.insert((file.to_owned(), format!("{name}.")), String::new());
                } else if let Some(target) = target.or(outside) {
                    local.insert((file.to_owned(), name.clone()), target);
                }
            }
            for declaration in &read.module.declarations {
                let symbol = Symbol { file: file.to_owned(), name: declaration.name.clone() };
                if let Some(name) = public.get(&symbol) {
                    local.insert((file.to_owned(), declaration.name.clone()), name.clone());
                }
            }
        }
        Self { public, local }
    }

    pub(super) fn public_name(&self, symbol: &Symbol) -> Option<&str> {
        self.public.get(symbol).map(String::as_str)
    }

    /// Spells the names of a type publicly.
    pub(super) fn apply(&self, file: &str, ty: &mut TypeExpr) {
        match ty {
            TypeExpr::Ref { name, args } => {
                if let Some(public) = self.local.get(&(file.to_owned(), name.clone())) {
                    name.clone_from(public);
                } else if let Some((space, member)) = name.split_once('.')
                    && self.local.contains_key(&(file.to_owned(), format!("{space}.")))
                {
                    *name = member.to_owned();
                }
                args.iter_mut().for_each(|arg| self.apply(file, arg));
            }
            TypeExpr::Array(item) | TypeExpr::ReadonlyArray(item) => self.apply(file, item),
            TypeExpr::Predicate { ty, .. } => self.apply(file, ty),
            TypeExpr::Union(all) | TypeExpr::Intersection(all) => {
                all.iter_mut().for_each(|one| self.apply(file, one));
            }
            TypeExpr::Inline(fields) => {
                fields.iter_mut().for_each(|field| self.apply(file, &mut field.ty))
            }
            TypeExpr::Function(function) => self.apply_function(file, function),
            _ => {}
        }
    }

    fn apply_function(&self, file: &str, function: &mut FunctionType) {
        self.apply_params(file, &mut function.type_params);
        for ty in function.params.iter_mut().filter_map(|param| param.ty.as_mut()) {
            self.apply(file, ty);
        }
        self.apply(file, &mut function.returns);
    }

    pub(super) fn apply_params(&self, file: &str, params: &mut [TypeParam]) {
        for param in params {
            for ty in param.extends.iter_mut().chain(&mut param.default) {
                self.apply(file, ty);
            }
        }
    }
}
