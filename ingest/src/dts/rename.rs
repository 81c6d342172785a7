//! Types under their public names: bundlers rename what they bundle.

use credwire_schema::type_expr::{ObjectMember, TypeExpr, TypeParam};

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

    /// Bases: a constant that holds a constructor stands for what it makes, as compilers write
    /// classes that extend an expression.
    pub(super) fn bases(&self, bases: &[TypeExpr]) -> Vec<TypeExpr> {
        let one = |base: &TypeExpr| {
            let TypeExpr::Ref { name, args } = base else { return vec![self.ty(base)] };
            match self.made_by(name).filter(|_| args.is_empty()) {
                Some(TypeExpr::Intersection(parts)) => parts,
                Some(made) => vec![made],
                None => vec![self.ty(base)],
            }
        };
        bases.iter().flat_map(one).collect()
    }

    /// What the constructor makes that a constant holds.
    fn made_by(&self, path: &str) -> Option<TypeExpr> {
        let Meaning::Symbol(symbol) = self.scopes.path(self.body, path)? else { return None };
        let mut declared = self.scopes.declarations(&symbol).iter();
        declared.find_map(|declared| {
            let DeclarationKind::Constant(constant) = &declared.declaration.kind else {
                return None;
            };
            let made = match constant.ty.as_ref()? {
                TypeExpr::Function(function) if function.construct => &function.returns,
                TypeExpr::ObjectType(members) => {
                    members.iter().find_map(|member| match member {
                        ObjectMember::Call(function) if function.construct => {
                            Some(&function.returns)
                        }
                        _ => None,
                    })?
                }
                _ => return None,
            };
            Some(Self::new(self.scopes, self.names, declared.body).ty(made))
        })
    }

    /// Type parameters may speak of each other.
    pub(super) fn params(&self, params: &[TypeParam]) -> Vec<TypeParam> {
        let mut params = params.to_vec();
        self.below(&params).apply_params(&mut params);
        params
    }

    fn apply(&self, ty: &mut TypeExpr) {
        let bound: Vec<String> = ty.binds().into_iter().map(str::to_owned).collect();
        if bound.is_empty() {
            ty.each_child_mut(&mut |child| self.apply(child));
        } else {
            let mut below = self.clone();
            below.hidden.extend(bound);
            ty.each_child_mut(&mut |child| below.apply(child));
        }
        match ty {
            TypeExpr::Ref { name, args } if !self.hidden.contains(name) => {
                if let Some(spelled) = self.reference(name, args) {
                    *ty = spelled;
                }
            }
            TypeExpr::Inline(fields) => {
                for field in fields {
                    field.name = self.member_name(&field.name);
                }
            }
            TypeExpr::TypeOf { name, .. } => {
                if let Some(Meaning::Symbol(symbol)) = self.scopes.path(self.body, name) {
                    self.names.of(&symbol).unwrap_or(&symbol.name).clone_into(name);
                }
            }
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
        if let Some(value) = self.member_of_enum(path) {
            return Some(value);
        }
        // Of a file that is not at hand the text is all that is known.
        if path.starts_with("import(\".") {
            return Some(TypeExpr::Opaque(named(path).to_string()));
        }
        let foreign = self.scopes.foreign(self.body, path)?;
        self.names.of_foreign(&foreign).map(named)
    }

    /// The value of a member of an enumeration, as it reads without quotes.
    pub(super) fn value(&self, path: &str) -> Option<String> {
        match self.member_of_enum(path)? {
            TypeExpr::Literal(text) | TypeExpr::NumberLiteral(text) => Some(text),
            _ => None,
        }
    }

    /// The name of a member: that of `[Mode.Fast]` is the value.
    pub(super) fn member_name(&self, name: &str) -> String {
        let path = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        path.and_then(|path| self.value(path)).unwrap_or_else(|| name.to_owned())
    }

    /// `Mode.Fast` is its value; the enumeration where that is not known.
    fn member_of_enum(&self, path: &str) -> Option<TypeExpr> {
        let (owner, member) = path.rsplit_once('.')?;
        let Meaning::Symbol(symbol) = self.scopes.path(self.body, owner)? else { return None };
        self.scopes.declarations(&symbol).iter().find_map(|declared| {
            let DeclarationKind::Enum(members) = &declared.declaration.kind else { return None };
            match &members.iter().find(|known| known.name == member)?.value {
                value @ (TypeExpr::Literal(_) | TypeExpr::NumberLiteral(_)) => Some(value.clone()),
                _ => Some(TypeExpr::named(self.names.of(&symbol).unwrap_or(&symbol.name))),
            }
        })
    }

    fn apply_params(&self, params: &mut [TypeParam]) {
        for param in params {
            for ty in param.extends.iter_mut().chain(&mut param.default) {
                self.apply(ty);
            }
        }
    }
}
