//! Type arguments in the place of type parameters.

use std::collections::BTreeMap;

use crate::{
    model::{Item, Members, Method, Property},
    type_expr::TypeExpr,
};

/// What each type parameter of an item stands for.
pub(super) struct Arguments(BTreeMap<String, TypeExpr>);

impl Arguments {
    /// The arguments of a mention; what is left out is the default, or anything.
    pub(super) fn of(item: &Item, args: &[TypeExpr]) -> Self {
        let mut all = Self(BTreeMap::new());
        for (index, param) in item.type_params.iter().enumerate() {
            let ty = args.get(index).cloned().or_else(|| {
                let mut default = param.default.clone()?;
                all.apply(&mut default);
                Some(default)
            });
            all.0.insert(param.name.clone(), ty.unwrap_or(TypeExpr::Unknown));
        }
        all
    }

    /// One name alone.
    pub(super) fn one(name: &str, ty: TypeExpr) -> Self {
        Self(BTreeMap::from([(name.to_owned(), ty)]))
    }

    pub(super) fn apply(&self, ty: &mut TypeExpr) {
        if self.0.is_empty() {
            return;
        }
        if let TypeExpr::Ref { name, args } = ty
            && args.is_empty()
            && let Some(argument) = self.0.get(name)
        {
            *ty = argument.clone();
            return;
        }
        ty.each_child_mut(&mut |inner| self.apply(inner));
    }

    pub(super) fn apply_to(&self, members: &mut Members) {
        if self.0.is_empty() {
            return;
        }
        members.properties.iter_mut().for_each(|property| self.property(property));
        for accessor in &mut members.accessors {
            accessor.get.iter_mut().for_each(|ty| self.apply(ty));
            accessor.set.iter_mut().for_each(|set| self.property(set));
        }
        let methods = members.methods.iter_mut().chain(&mut members.constructors);
        methods.chain(&mut members.calls).for_each(|method| self.method(method));
        members.index.iter_mut().for_each(|index| self.apply(&mut index.value));
    }

    fn property(&self, property: &mut Property) {
        self.apply(&mut property.ty);
        property.fields.iter_mut().for_each(|field| self.property(field));
    }

    fn method(&self, method: &mut Method) {
        method.params.iter_mut().for_each(|param| self.property(param));
        self.apply(&mut method.returns);
    }
}
