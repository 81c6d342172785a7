//! One of the two sides: its symbols by name, and what names stand for.

use std::{borrow::Cow, collections::BTreeMap};

use credwire_ingest::facts::{Facts, ItemFacts, ItemKind, SignatureFacts};
use credwire_schema::type_expr::{Field, FunctionType, TypeExpr, TypeParam};

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
    FunctionType { construct, ..signature.function_type(UNSTATED) }
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
    let mut replaced = ty.clone();
    replace(&mut replaced, bound);
    replaced
}

/// Replaces parameters; what a type introduces itself hides those around it.
fn replace(ty: &mut TypeExpr, bound: &Bindings) {
    if let TypeExpr::Ref { name, args } = ty
        && args.is_empty()
        && let Some(arg) = bound.get(name)
    {
        ty.clone_from(arg);
        return;
    }
    let hides = ty.binds().iter().any(|name| bound.contains_key(*name));
    let below = if hides {
        let mut below = bound.clone();
        ty.binds().iter().for_each(|name| drop(below.remove(*name)));
        Cow::Owned(below)
    } else {
        Cow::Borrowed(bound)
    };
    ty.each_child_mut(&mut |child| replace(child, &below));
}
