//! The members of behaviour as the methods that they become, whatever the page calls them:
//! properties, accessors, methods, constructors.

use std::collections::BTreeMap;

use credwire_schema::{
    diagnostic::Place,
    link,
    model::{Accessor, Item, Method, Property, Shape},
    type_expr::{FunctionType, TypeExpr, TypeParam},
};
use syn::Ident;

use crate::{names, overloads, shape};

/// What becomes one method.
#[derive(Clone)]
pub(super) struct Member<'a> {
    pub(super) rust: Ident,
    pub(super) documented: &'a str,
    pub(super) summary: &'a str,
    pub(super) kind: Kind<'a>,
    pub(super) inherited_from: Option<&'a str>,
    pub(super) unimplemented: bool,
    pub(super) place: &'a Place,
}

/// What a member does. `| null` and `| undefined` are flags of the properties here.
#[derive(Clone)]
pub(super) enum Kind<'a> {
    /// Gives the value of now.
    Get(Property),
    /// Gives the values from now on; at once no more where the object lacks it.
    Watch { item: Property, may_lack: bool },
    /// Takes a value.
    Set(Property),
    /// Does something.
    Call { optional: bool, type_params: &'a [TypeParam], params: Vec<Property>, returns: TypeExpr },
    /// Makes an object.
    New(Vec<Property>),
}

impl Kind<'_> {
    /// Whether callers see no difference but names and words.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let same = |a: &Property, b: &Property| {
            unordered(&a.ty) == unordered(&b.ty)
                && (a.optional || a.nullable) == (b.optional || b.nullable)
        };
        let all = |a: &[Property], b: &[Property]| {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        };
        match (self, other) {
            (Self::Get(a), Self::Get(b))
            | (Self::Watch { item: a, .. }, Self::Watch { item: b, .. })
            | (Self::Set(a), Self::Set(b)) => same(a, b),
            (Self::New(a), Self::New(b)) => all(a, b),
            (
                Self::Call { params: a, returns: from_a, optional: may_lack_a, .. },
                Self::Call { params: b, returns: from_b, optional: may_lack_b, .. },
            ) => all(a, b) && unordered(from_a) == unordered(from_b) && may_lack_a == may_lack_b,
            _ => false,
        }
    }

    /// The types that the signature mentions.
    pub(super) fn types(&self) -> Vec<&TypeExpr> {
        match self {
            Self::Get(property) | Self::Watch { item: property, .. } | Self::Set(property) => {
                let fields = property.fields.iter().map(|field| &field.ty);
                fields.chain([&property.ty]).collect()
            }
            Self::New(params) => params.iter().map(|param| &param.ty).collect(),
            Self::Call { params, returns, .. } => {
                params.iter().map(|param| &param.ty).chain([returns]).collect()
            }
        }
    }
}

/// A type with the parts of its unions in a fixed order.
fn unordered(ty: &TypeExpr) -> TypeExpr {
    let mut ty = ty.clone();
    ty.walk_mut(&mut |ty| {
        if let TypeExpr::Union(parts) = ty {
            parts.sort_by_cached_key(ToString::to_string);
        }
    });
    ty
}

/// The members of an item, in the order of their names.
pub(super) fn of(item: &Item) -> Vec<Member<'_>> {
    let Some(own) = link::members(item) else { return Vec::new() };
    let mut all: Vec<Member<'_>> = own.properties.iter().map(of_property).collect();
    all.extend(own.accessors.iter().flat_map(of_accessor));
    let mut named: BTreeMap<&str, Vec<&Method>> = BTreeMap::new();
    for method in &own.methods {
        named.entry(&method.name).or_default().push(method);
    }
    named.entry("call").or_default().extend(&own.calls);
    let is_class = matches!(item.shape, Shape::Class(_));
    if !is_class {
        named.entry("create").or_default().extend(&own.constructors);
    }
    all.extend(named.into_iter().flat_map(|(name, overloads)| of_methods(name, name, &overloads)));
    if is_class {
        let constructors: Vec<&Method> = own.constructors.iter().collect();
        let made = of_methods("new", "new", &constructors).into_iter().map(|mut member| {
            if let Kind::Call { params, .. } = member.kind {
                member.kind = Kind::New(params);
            }
            member
        });
        all.extend(made);
    }
    all.sort_by(|a, b| (&a.rust, a.place).cmp(&(&b.rust, b.place)));
    all
}

/// The one or more methods that the signatures of a method or function become: one, where the
/// overloads differ only in what they leave out. In Rust it is named after `called`.
pub(super) fn of_methods<'a>(
    name: &'a str,
    called: &str,
    overloads: &[&'a Method],
) -> Vec<Member<'a>> {
    let member = |rust, method: &'a Method, params, returns, optional| Member {
        rust,
        documented: name,
        summary: &method.summary,
        kind: Kind::Call { optional, type_params: &method.type_params, params, returns },
        inherited_from: method.inherited_from.as_deref(),
        unimplemented: method.unimplemented,
        place: &method.place,
    };
    let Some(first) = overloads.first().copied() else { return Vec::new() };
    if let Ok((params, returns)) = overloads::merged(overloads) {
        let optional = overloads.iter().all(|method| method.optional);
        return vec![member(names::member(called), first, params, returns, optional)];
    }
    let mut taken: Vec<Ident> = Vec::new();
    let mut all = Vec::new();
    for (index, method) in overloads.iter().copied().enumerate() {
        // Named after what the first one does not take.
        let more = method.params.iter().filter(|param| {
            first.params.iter().all(|known| (&known.name, &known.ty) != (&param.name, &param.ty))
        });
        let more: Vec<String> = more.map(|param| names::snake(&param.name)).collect();
        let stem = names::snake(called);
        let mut rust = match (index, more.as_slice()) {
            (0, _) => names::member(called),
            (_, []) => names::ident(&format!("{stem}_{}", index + 1)),
            (_, more) => names::ident(&format!("{stem}_with_{}", more.join("_and_"))),
        };
        if taken.contains(&rust) {
            rust = names::ident(&format!("{stem}_{}", index + 1));
        }
        taken.push(rust.clone());
        let params = method.params.clone();
        all.push(member(rust, method, params, method.returns.clone(), method.optional));
    }
    all
}

/// The value of a constant.
pub(super) fn of_variable<'a>(item: &'a Item, ty: &TypeExpr) -> Member<'a> {
    let property = Property::new(&item.name, ty.clone(), item.place.clone());
    Member {
        rust: names::field(&item.rust),
        documented: &item.name,
        summary: &item.summary,
        kind: value(property),
        inherited_from: None,
        unimplemented: false,
        place: &item.place,
    }
}

fn of_property(property: &Property) -> Member<'_> {
    let kind = match &property.ty {
        TypeExpr::Function(function) => of_function(property, function),
        _ => value(property.clone()),
    };
    Member {
        rust: names::member(&property.name),
        documented: &property.name,
        summary: &property.summary,
        kind,
        inherited_from: None,
        unimplemented: false,
        place: &property.place,
    }
}

fn of_function<'a>(property: &'a Property, function: &'a FunctionType) -> Kind<'a> {
    let params = function.params.iter().map(|param| Property {
        rest: param.rest,
        ..shape::in_place(
            &param.name,
            param.ty.clone().unwrap_or(TypeExpr::Unknown),
            param.optional,
            property.place.clone(),
        )
    });
    Kind::Call {
        optional: property.optional,
        type_params: &function.type_params,
        params: params.collect(),
        returns: function.returns.clone(),
    }
}

fn of_accessor(accessor: &Accessor) -> Vec<Member<'_>> {
    let facts = |property: Property| Property {
        unit: property.unit.or(accessor.unit),
        range: property.range.or(accessor.range),
        ..property
    };
    let member = |rust, kind| Member {
        rust,
        documented: &accessor.name,
        summary: &accessor.summary,
        kind,
        inherited_from: accessor.inherited_from.as_deref(),
        unimplemented: accessor.unimplemented,
        place: &accessor.place,
    };
    let get = accessor.get.as_ref().map(|ty| {
        let property = Property::new(&accessor.name, ty.clone(), accessor.place.clone());
        member(names::member(&accessor.name), value(facts(property)))
    });
    let set = accessor.set.as_ref().map(|parameter| {
        let rust = names::ident(&format!("set_{}", names::snake(&accessor.name)));
        member(rust, Kind::Set(shape::absence(facts(parameter.clone()))))
    });
    get.into_iter().chain(set).collect()
}

/// A value, or a stream of values.
fn value(property: Property) -> Kind<'static> {
    let property = shape::absence(property);
    match &property.ty {
        TypeExpr::Ref { name, args } if name == "Observable" && args.len() == 1 => {
            let item = args.first().cloned().unwrap_or(TypeExpr::Unknown);
            let may_lack = property.optional || property.nullable;
            let property = Property { ty: item, optional: false, nullable: false, ..property };
            Kind::Watch { item: shape::absence(property), may_lack }
        }
        _ => Kind::Get(property),
    }
}
