//! One of the two sides: its symbols by name, and what names stand for.

use std::collections::BTreeMap;

use credwire_ingest::facts::{Facts, ItemFacts, ItemKind, SignatureFacts};
use credwire_schema::type_expr::{
    Field, FunctionParam, FunctionType, TemplatePart, TypeExpr, TypeParam,
};

/// In place of a type that a side does not state: it agrees with every type.
pub(crate) const UNSTATED: TypeExpr = TypeExpr::Opaque(String::new());

/// What stands for a type parameter.
pub(crate) type Bindings = BTreeMap<String, TypeExpr>;

/// Both sides: a name that one of them does not explain means what the other says.
#[derive(Clone, Copy)]
pub(crate) struct Sides<'a> {
    pub(crate) left: &'a Facts,
    pub(crate) right: &'a Facts,
}

/// Which side a type is written on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
}

/// A symbol of one side, exported or not.
pub(crate) fn find<'a>(facts: &'a Facts, name: &str) -> Option<&'a ItemFacts> {
    facts.items.get(name).or_else(|| facts.internal.get(name))
}

impl<'a> Sides<'a> {
    /// What a name means on a side: as that side says, else as the other does.
    pub(crate) fn meaning(&self, side: Side, name: &str) -> Option<&'a ItemFacts> {
        let (own, other) = match side {
            Side::Left => (self.left, self.right),
            Side::Right => (self.right, self.left),
        };
        find(own, name).or_else(|| find(other, name))
    }

    /// What an alias stands for, with its arguments in place.
    pub(crate) fn expand(&self, side: Side, name: &str, args: &[TypeExpr]) -> Option<TypeExpr> {
        let item = self.meaning(side, name).filter(|item| item.kind == ItemKind::Alias)?;
        let ty = alias_type(item)?;
        Some(substitute(&ty, &bindings(&item.type_params, args)))
    }
}

/// The type of an alias; that of a function with the types that are described one by one.
pub(crate) fn alias_type(item: &ItemFacts) -> Option<TypeExpr> {
    let ty = item.ty.as_ref()?;
    match (ty, item.calls.as_slice()) {
        (TypeExpr::Function(written), [call]) => {
            Some(TypeExpr::Function(Box::new(function(call, written.construct))))
        }
        _ => Some(ty.clone()),
    }
}

/// A signature as a function type.
pub(crate) fn function(signature: &SignatureFacts, construct: bool) -> FunctionType {
    let params = signature.params.iter().map(|param| FunctionParam {
        name: param.name.clone(),
        ty: param.ty.clone(),
        optional: param.optional,
        rest: param.rest,
    });
    FunctionType {
        construct,
        type_params: signature.type_params.clone(),
        params: params.collect(),
        returns: signature.returns.clone().unwrap_or(UNSTATED),
    }
}

/// An interface written out as an object.
pub(crate) fn as_object(item: &ItemFacts) -> Option<TypeExpr> {
    let plain = item.kind == ItemKind::Interface
        && item.calls.is_empty()
        && item.constructors.is_empty()
        && item.index.is_empty()
        && item.extends.is_empty();
    let properties = item.properties.iter().map(|property| Field {
        name: property.name.clone(),
        ty: property.ty.clone().unwrap_or(TypeExpr::Any),
        optional: property.optional,
        readonly: property.readonly == Some(true),
    });
    let methods = item.methods.iter().map(|method| Field {
        name: method.name.clone(),
        ty: TypeExpr::Function(Box::new(function(method, false))),
        optional: method.optional,
        readonly: false,
    });
    plain.then(|| TypeExpr::Inline(properties.chain(methods).collect()))
}

/// Arguments by parameter; defaults for those that are left out.
pub(crate) fn bindings(params: &[TypeParam], args: &[TypeExpr]) -> Bindings {
    let mut bound = Bindings::new();
    for (index, param) in params.iter().enumerate() {
        // A default may speak of the parameters before it.
        let default = || param.default.as_ref().map(|default| substitute(default, &bound));
        if let Some(arg) = args.get(index).cloned().or_else(default) {
            bound.insert(param.name.clone(), arg);
        }
    }
    bound
}

/// A type may not grow beyond this many parts: arguments that double in each of a chain of names
/// would fill the memory.
const MAX_PARTS: usize = 4_000;

/// `ty` with its parameters replaced; as it is when it would grow beyond all bounds.
pub(crate) fn substitute(ty: &TypeExpr, bound: &Bindings) -> TypeExpr {
    if bound.is_empty() {
        return ty.clone();
    }
    let parts = |ty: &TypeExpr| {
        let mut count = 0usize;
        ty.walk(&mut |_| count += 1);
        count
    };
    let largest = bound.values().map(parts).max().unwrap_or_default();
    if parts(ty).saturating_mul(largest) > MAX_PARTS {
        return ty.clone();
    }
    replace(ty, bound)
}

fn replace(ty: &TypeExpr, bound: &Bindings) -> TypeExpr {
    let all = |types: &[TypeExpr]| types.iter().map(|ty| replace(ty, bound)).collect();
    match ty {
        TypeExpr::Ref { name, args } => match bound.get(name).filter(|_| args.is_empty()) {
            Some(arg) => arg.clone(),
            None => TypeExpr::Ref { name: name.clone(), args: all(args) },
        },
        TypeExpr::Array(item) => TypeExpr::Array(Box::new(replace(item, bound))),
        TypeExpr::ReadonlyArray(item) => TypeExpr::ReadonlyArray(Box::new(replace(item, bound))),
        TypeExpr::Union(types) => TypeExpr::Union(all(types)),
        TypeExpr::Intersection(types) => TypeExpr::Intersection(all(types)),
        TypeExpr::Inline(fields) => {
            let put = |field: &Field| Field { ty: replace(&field.ty, bound), ..field.clone() };
            TypeExpr::Inline(fields.iter().map(put).collect())
        }
        TypeExpr::Predicate { param, ty } => {
            TypeExpr::Predicate { param: param.clone(), ty: Box::new(replace(ty, bound)) }
        }
        TypeExpr::Template(parts) => {
            let put = |part: &TemplatePart| match part {
                TemplatePart::Type(ty) => TemplatePart::Type(replace(ty, bound)),
                TemplatePart::Text(text) => TemplatePart::Text(text.clone()),
            };
            TypeExpr::Template(parts.iter().map(put).collect())
        }
        TypeExpr::Function(function) => {
            // A function's own parameters hide those around it.
            let mut bound = bound.clone();
            function.type_params.iter().for_each(|param| drop(bound.remove(&param.name)));
            let put = |param: &FunctionParam| FunctionParam {
                ty: param.ty.as_ref().map(|ty| replace(ty, &bound)),
                ..param.clone()
            };
            TypeExpr::Function(Box::new(FunctionType {
                construct: function.construct,
                type_params: function.type_params.clone(),
                params: function.params.iter().map(put).collect(),
                returns: replace(&function.returns, &bound),
            }))
        }
        other => other.clone(),
    }
}
