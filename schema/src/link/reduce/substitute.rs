//! Type arguments in the place of type parameters.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    model::{Item, Members, Method, Property},
    spelling,
    type_expr::{FunctionType, TypeExpr, TypeParam},
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

    /// What each name stands for.
    pub(super) fn all(names: BTreeMap<String, TypeExpr>) -> Self {
        Self(names)
    }

    pub(super) fn get(&self, name: &str) -> Option<&TypeExpr> {
        self.0.get(name)
    }

    pub(super) fn set(&mut self, name: &str, ty: TypeExpr) {
        self.0.insert(name.to_owned(), ty);
    }

    /// The arguments in the order of the parameters.
    pub(super) fn in_order(&self, item: &Item) -> Vec<TypeExpr> {
        let of = |name: &String| self.0.get(name).cloned().unwrap_or(TypeExpr::Unknown);
        item.type_params.iter().map(|param| of(&param.name)).collect()
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
        // A conditional type that judges a parameter does so for each part of a union.
        if let TypeExpr::Conditional(conditional) = ty
            && let TypeExpr::Ref { name, args } = &conditional.check
            && args.is_empty()
            && let Some(TypeExpr::Union(parts)) = self.0.get(name)
        {
            let one = |part: &TypeExpr| {
                let mut all = Self(self.0.clone());
                all.set(name, part.clone());
                let mut ty = TypeExpr::Conditional(conditional.clone());
                all.apply(&mut ty);
                ty
            };
            *ty = TypeExpr::Union(parts.iter().map(one).collect());
            return;
        }
        match ty {
            TypeExpr::Function(function) if !function.type_params.is_empty() => {
                let inside = self.inside(&mut function.type_params);
                ty.each_child_mut(&mut |inner| inside.apply(inner));
            }
            _ => ty.each_child_mut(&mut |inner| self.apply(inner)),
        }
    }

    /// What names stand for inside something with type parameters of its own: these hide names of
    /// ours, and are renamed where an argument means another one by their name.
    fn inside(&self, params: &mut [TypeParam]) -> Self {
        let mut inside = Self(self.0.clone());
        inside.0.retain(|name, _| params.iter().all(|param| param.name != *name));
        let mut mentioned = BTreeSet::new();
        for argument in inside.0.values() {
            argument.walk(&mut |ty| {
                if let TypeExpr::Ref { name, .. } = ty {
                    mentioned.insert(name.clone());
                }
            });
        }
        for index in 0..params.len() {
            let old = params[index].name.clone();
            if mentioned.contains(&old) {
                let is_taken = |name: &str| {
                    mentioned.contains(name) || params.iter().any(|param| param.name == name)
                };
                let renamed = spelling::first_free(&old, "", is_taken);
                inside.set(&old, TypeExpr::named(&renamed));
                params[index].name = renamed;
            }
        }
        inside
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
        let inside = self.inside(&mut method.type_params);
        for param in &mut method.type_params {
            param.extends.iter_mut().chain(&mut param.default).for_each(|ty| inside.apply(ty));
        }
        method.params.iter_mut().for_each(|param| inside.property(param));
        inside.apply(&mut method.returns);
    }
}

/// Whether a name is that of an item.
type IsItem<'a> = &'a dyn Fn(&str) -> bool;

/// Renames the type parameters of a method whose letter is that of another one in scope.
pub(super) fn distinct_params(method: &mut Method, scope: &[String], is_item: IsItem<'_>) {
    let renamed = distinct(&mut method.type_params, scope, is_item);
    if !renamed.0.is_empty() {
        method.params.iter_mut().for_each(|param| renamed.property(param));
        renamed.apply(&mut method.returns);
    }
}

/// Renames the type parameters of a function whose letter is that of another one in scope.
pub(super) fn distinct_function_params(
    function: &mut FunctionType,
    scope: &[String],
    is_item: IsItem<'_>,
) {
    let renamed = distinct(&mut function.type_params, scope, is_item);
    if !renamed.0.is_empty() {
        let types = function.params.iter_mut().filter_map(|param| param.ty.as_mut());
        types.for_each(|ty| renamed.apply(ty));
        renamed.apply(&mut function.returns);
    }
}

/// Gives each parameter a letter of its own, and returns what became of those that had none.
fn distinct(params: &mut [TypeParam], scope: &[String], is_item: IsItem<'_>) -> Arguments {
    let mut letters: Vec<String> = scope.iter().map(|name| spelling::type_param(name)).collect();
    let mut renamed = Arguments(BTreeMap::new());
    for param in params.iter_mut() {
        let base = spelling::type_param(&param.name);
        let letter = spelling::first_free(&base, "", |name| {
            is_item(name) || letters.iter().any(|it| it == name)
        });
        letters.push(letter.clone());
        // A parameter that is called like an item hides it.
        if letter != base || is_item(&param.name) {
            renamed.0.insert(param.name.clone(), TypeExpr::named(&letter));
            param.name = letter;
        }
    }
    for param in params {
        param.extends.iter_mut().chain(&mut param.default).for_each(|ty| renamed.apply(ty));
    }
    renamed
}

/// Renames the type parameters of an item whose letter is that of an earlier one.
pub(super) fn distinct_item_params(item: &mut Item, is_item: IsItem<'_>) {
    let renamed = distinct(&mut item.type_params, &[], is_item);
    if !renamed.0.is_empty() {
        crate::link::each_type_mut(item, &mut |ty| renamed.apply(ty));
    }
}
