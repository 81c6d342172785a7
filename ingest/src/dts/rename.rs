//! Types under their public names: bundlers rename what they bundle.

use credwire_schema::type_expr::{FunctionType, TemplatePart, TypeExpr, TypeParam};

use super::{
    names::Names,
    scopes::{BodyId, Meaning, Scopes},
};
use crate::ts::DeclarationKind;

/// Spells the types of one body.
#[derive(Clone, Debug)]
pub(super) struct Speller<'a> {
    scopes: &'a Scopes<'a>,
    names: &'a Names,
    body: BodyId,
    /// The type parameters around: they hide symbols of their name.
    hidden: Vec<String>,
}

impl<'a> Speller<'a> {
    pub(super) fn new(scopes: &'a Scopes<'a>, names: &'a Names, body: BodyId) -> Self {
        Self { scopes, names, body, hidden: Vec::new() }
    }

    /// The same below some type parameters.
    pub(super) fn below(&self, params: &[TypeParam]) -> Self {
        let mut below = self.clone();
        below.hidden.extend(params.iter().map(|param| param.name.clone()));
        below
    }

    pub(super) fn ty(&self, ty: &TypeExpr) -> TypeExpr {
        let mut ty = ty.clone();
        self.apply(&mut ty);
        ty
    }

    pub(super) fn types(&self, types: &[TypeExpr]) -> Vec<TypeExpr> {
        types.iter().map(|ty| self.ty(ty)).collect()
    }

    /// Type parameters may speak of each other.
    pub(super) fn params(&self, params: &[TypeParam]) -> Vec<TypeParam> {
        let mut params = params.to_vec();
        self.below(&params).apply_params(&mut params);
        params
    }

    fn apply(&self, ty: &mut TypeExpr) {
        match ty {
            TypeExpr::Ref { name, args } => {
                args.iter_mut().for_each(|arg| self.apply(arg));
                if !self.hidden.contains(name)
                    && let Some(spelled) = self.reference(name, args)
                {
                    *ty = spelled;
                }
            }
            TypeExpr::Array(item) | TypeExpr::ReadonlyArray(item) => self.apply(item),
            TypeExpr::Predicate { ty, .. } => self.apply(ty),
            TypeExpr::Union(all) | TypeExpr::Intersection(all) => {
                all.iter_mut().for_each(|one| self.apply(one));
            }
            TypeExpr::Inline(fields) => {
                fields.iter_mut().for_each(|field| self.apply(&mut field.ty));
            }
            TypeExpr::Template(parts) => parts.iter_mut().for_each(|part| {
                if let TemplatePart::Type(ty) = part {
                    self.apply(ty);
                }
            }),
            TypeExpr::Function(function) => self.apply_function(function),
            _ => {}
        }
    }

    /// The text of an import of a file that is not at hand.
    pub(super) fn unknown(&self, ty: &TypeExpr) -> Option<String> {
        let TypeExpr::Ref { name, .. } = ty else { return None };
        let is_import = name.starts_with("import(\".");
        let known = || self.scopes.path(self.body, name).is_some();
        (is_import && !known() && self.member_of_enum(name).is_none()).then(|| name.clone())
    }

    /// What a name is called outside; `None` when it stays as it is.
    fn reference(&self, path: &str, args: &[TypeExpr]) -> Option<TypeExpr> {
        let named = |name: &str| TypeExpr::Ref { name: name.to_owned(), args: args.to_vec() };
        if let Some(Meaning::Symbol(symbol)) = self.scopes.path(self.body, path) {
            return Some(named(self.names.of(&symbol).unwrap_or(&symbol.name)));
        }
        let member = path.rsplit_once('.').map_or(path, |(_, member)| member);
        if let Some(value) = self.member_of_enum(path) {
            return Some(value);
        }
        if let Some(import) = path.strip_prefix("import(\"") {
            // Of a file that is not at hand the text is all that is known.
            let opaque = || TypeExpr::Opaque(named(path).to_string());
            return Some(if import.starts_with('.') { opaque() } else { named(member) });
        }
        let (first, rest) = path.split_once('.').map_or((path, None), |(a, b)| (a, Some(b)));
        match (self.scopes.outside(self.body, first)?, rest) {
            (None, Some(rest)) => Some(named(rest)),
            (Some(there), rest) if !matches!(there, "default" | "*") => {
                let rest = rest.map(|rest| format!(".{rest}")).unwrap_or_default();
                Some(named(&format!("{there}{rest}")))
            }
            _ => None,
        }
    }

    /// `Mode.Fast` is its value.
    fn member_of_enum(&self, path: &str) -> Option<TypeExpr> {
        let (owner, member) = path.rsplit_once('.')?;
        let Meaning::Symbol(symbol) = self.scopes.path(self.body, owner)? else { return None };
        self.scopes.declarations(&symbol).iter().find_map(|declared| {
            let DeclarationKind::Enum(members) = &declared.declaration.kind else { return None };
            let (_, value) = members.iter().find(|(name, _)| name == member)?;
            (*value != TypeExpr::Number).then(|| value.clone())
        })
    }

    fn apply_function(&self, function: &mut FunctionType) {
        let below = self.below(&function.type_params);
        below.apply_params(&mut function.type_params);
        for ty in function.params.iter_mut().filter_map(|param| param.ty.as_mut()) {
            below.apply(ty);
        }
        below.apply(&mut function.returns);
    }

    fn apply_params(&self, params: &mut [TypeParam]) {
        for param in params {
            for ty in param.extends.iter_mut().chain(&mut param.default) {
                self.apply(ty);
            }
        }
    }
}
