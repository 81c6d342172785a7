//! The members of object types, bases and arguments worked in.

use std::collections::BTreeMap;

use super::{MAX_DEPTH, MAX_MEMBERS, Reducer, is_secret, site::Site, substitute::Arguments};
use crate::{
    diagnostic::Place,
    model::{Item, Members, Property, Shape},
    type_expr::{
        Field, FunctionParam, FunctionType, MappedModifier, MappedType, ObjectMember, TypeExpr,
    },
};

impl Reducer<'_> {
    /// Whether a type is an object type that only its members make up, and no name of its own.
    pub(super) fn is_object_type(&self, ty: &TypeExpr) -> bool {
        match ty {
            TypeExpr::Inline(_) | TypeExpr::Mapped(_) => true,
            TypeExpr::ObjectType(members) => {
                members.iter().any(|member| matches!(member, ObjectMember::Property(_)))
            }
            TypeExpr::Intersection(parts) => {
                !parts.iter().any(is_scalar)
                    && parts.iter().any(|part| match part {
                        TypeExpr::Ref { name, .. } => {
                            self.items.contains_key(name) || is_utility(name)
                        }
                        part => self.is_object_type(part),
                    })
            }
            TypeExpr::Ref { name, .. } => is_utility(name) && !self.items.contains_key(name),
            _ => false,
        }
    }

    /// The members of a type; none where they cannot be known.
    pub(super) fn members_of(&self, site: &Site, ty: &TypeExpr) -> Option<Members> {
        let members = self.collect(site, ty, MAX_DEPTH)?;
        let count = members.properties.len() + members.methods.len() + members.accessors.len();
        (count <= MAX_MEMBERS).then_some(members)
    }

    fn collect(&self, site: &Site, ty: &TypeExpr, depth: usize) -> Option<Members> {
        let depth = depth.checked_sub(1)?;
        if !self.spend() {
            return None;
        }
        match ty {
            TypeExpr::Inline(fields) => Some(Members {
                properties: fields.iter().map(|field| self.in_place(site, field)).collect(),
                ..Members::default()
            }),
            TypeExpr::ObjectType(parts) => Some(self.of_parts(site, parts)),
            TypeExpr::Intersection(parts) => {
                let mut all = Members::default();
                let mut known = false;
                for part in parts {
                    match self.collect(site, part, depth) {
                        Some(members) => {
                            intersect(&mut all, members);
                            known = true;
                        }
                        // A parameter or a type of others adds what is not known.
                        None => continue,
                    }
                }
                known.then_some(all)
            }
            TypeExpr::Ref { name, args } if self.items.contains_key(name) => {
                self.of_item(site, name, args, depth)
            }
            TypeExpr::Ref { name, args } => self.of_utility(site, name, args, depth),
            TypeExpr::Mapped(mapped) => self.of_mapped(site, mapped, depth),
            TypeExpr::Union(parts) => self.in_common(site, parts, depth),
            TypeExpr::Indexed { .. } | TypeExpr::Conditional(_) => {
                let found = self.head(site, ty, depth)?;
                self.collect(site, &found, depth)
            }
            _ => None,
        }
    }

    fn of_item(&self, site: &Site, name: &str, args: &[TypeExpr], depth: usize) -> Option<Members> {
        let item = self.items.get(name)?;
        if !self.affords(args) {
            return None;
        }
        let arguments = Arguments::of(item, args);
        match &item.shape {
            Shape::Interface(own) | Shape::Class(own) | Shape::Error(own) => {
                let mut members = own.clone();
                members.constructors.clear();
                for base in &item.extends {
                    if let Some(inherited) = self.collect(site, base, depth) {
                        inherit(&mut members, inherited);
                    }
                }
                arguments.apply_to(&mut members);
                Some(members)
            }
            Shape::Alias { .. } => {
                let expanded = self.expanded(site, item, args, depth)?;
                self.collect(site, &expanded, depth)
            }
            _ => None,
        }
    }

    fn of_utility(
        &self,
        site: &Site,
        name: &str,
        args: &[TypeExpr],
        depth: usize,
    ) -> Option<Members> {
        let of = |index: usize| self.collect(site, args.get(index)?, depth);
        match (name, args.len()) {
            ("Readonly" | "NonNullable" | "Awaited" | "NoInfer", 1) => of(0),
            ("Partial", 1) => {
                let mut members = of(0)?;
                members.properties.iter_mut().for_each(|property| property.optional = true);
                members.methods.iter_mut().for_each(|method| method.optional = true);
                Some(members)
            }
            ("Required", 1) => {
                let mut members = of(0)?;
                members.properties.iter_mut().for_each(|property| property.optional = false);
                members.methods.iter_mut().for_each(|method| method.optional = false);
                Some(members)
            }
            ("Pick", 2) => {
                let keys = self.keys(site, args.get(1)?, depth)?;
                let mut members = of(0)?;
                retain(&mut members, &|name| keys.iter().any(|key| key == name));
                members.index.clear();
                Some(members)
            }
            ("Omit", 2) => {
                let mut members = of(0)?;
                // Keys that are not known take nothing away.
                let keys = self.keys(site, args.get(1)?, depth)?;
                retain(&mut members, &|name| !keys.iter().any(|key| key == name));
                Some(members)
            }
            ("Record", 2) => {
                let keys = self.keys(site, args.first()?, depth)?;
                let value = args.get(1)?;
                let property = |key: String| {
                    self.stated(Property::new(key, value.clone(), site.place.clone()))
                };
                Some(Members {
                    properties: keys.into_iter().map(property).collect(),
                    ..Members::default()
                })
            }
            _ => None,
        }
    }

    fn of_mapped(&self, site: &Site, mapped: &MappedType, depth: usize) -> Option<Members> {
        let keys = self.keys(site, &mapped.keys, depth)?;
        // A mapping over the keys of a type keeps the marks of its members.
        let source = match &mapped.keys {
            TypeExpr::KeyOf(of) => self.collect(site, of, depth),
            _ => None,
        };
        let mut members = Members::default();
        for key in keys {
            let mut ty = mapped.ty.clone();
            Arguments::one(&mapped.key, TypeExpr::Literal(key.clone())).apply(&mut ty);
            let known = source.as_ref().and_then(|members| {
                members.properties.iter().find(|property| property.name == key)
            });
            let mut property = match known {
                Some(known) => {
                    Property { ty, fields: Vec::new(), nullable: false, ..known.clone() }
                }
                None => Property::new(key.clone(), ty, site.place.clone()),
            };
            if let Some(renamed) = &mapped.renamed {
                let mut renamed = renamed.clone();
                Arguments::one(&mapped.key, TypeExpr::Literal(key)).apply(&mut renamed);
                match self.keys(site, &renamed, depth)?.as_slice() {
                    // A key that becomes none is left out.
                    [] => continue,
                    [name] => name.clone_into(&mut property.name),
                    _ => return None,
                }
            }
            match mapped.optional {
                Some(MappedModifier::Add) => property.optional = true,
                Some(MappedModifier::Remove) => {
                    property.optional = false;
                    property.ty = TypeExpr::Ref {
                        name: "Exclude".to_owned(),
                        args: vec![property.ty, TypeExpr::Undefined],
                    };
                }
                None => {}
            }
            members.properties.push(self.stated(property));
        }
        Some(members)
    }

    /// What all parts of a union have.
    fn in_common(&self, site: &Site, parts: &[TypeExpr], depth: usize) -> Option<Members> {
        let mut all: Option<Members> = None;
        for part in parts {
            if matches!(part, TypeExpr::Null | TypeExpr::Undefined) {
                continue;
            }
            let members = self.collect(site, part, depth)?;
            all = Some(match all {
                None => members,
                Some(mut common) => {
                    common.properties.retain_mut(|property| {
                        let other =
                            members.properties.iter().find(|other| other.name == property.name);
                        if let Some(other) = other {
                            property.optional |= other.optional;
                            property.nullable |= other.nullable;
                            property.secret |= other.secret;
                            if property.ty != other.ty {
                                property.ty =
                                    TypeExpr::Union(vec![property.ty.clone(), other.ty.clone()]);
                            }
                        }
                        other.is_some()
                    });
                    common.methods.retain(|method| {
                        members.methods.iter().any(|other| other.name == method.name)
                    });
                    common
                }
            });
        }
        all
    }
}

impl Reducer<'_> {
    fn in_place(&self, site: &Site, field: &Field) -> Property {
        in_place(self.items, &site.place, field)
    }

    fn stated(&self, property: Property) -> Property {
        stated(self.items, property)
    }

    fn of_parts(&self, site: &Site, parts: &[ObjectMember]) -> Members {
        let mut members = Members::default();
        for part in parts {
            match part {
                ObjectMember::Property(field) => {
                    members.properties.push(self.in_place(site, field))
                }
                ObjectMember::Index(index) => members.index.push(index.clone()),
                ObjectMember::Call(function) => {
                    let field = Field {
                        name: if function.construct { "create" } else { "call" }.to_owned(),
                        ty: TypeExpr::Function(Box::new(function.clone())),
                        optional: false,
                        readonly: false,
                    };
                    members.properties.push(self.in_place(site, &field));
                }
            }
        }
        members
    }
}

/// A member of an object type in place.
pub(super) fn in_place(items: &BTreeMap<String, Item>, place: &Place, field: &Field) -> Property {
    stated(
        items,
        Property {
            optional: field.optional,
            readonly: field.readonly,
            ..Property::new(&field.name, field.ty.clone(), place.clone())
        },
    )
}

/// Marks what may be absent and what must never be shown.
fn stated(items: &BTreeMap<String, Item>, mut property: Property) -> Property {
    mark_absence(&mut property);
    property.secret |= is_secret(items, &property.name, &property.ty);
    property
}

/// Takes `| null` and `| undefined` off a type, and marks the member instead.
pub(super) fn mark_absence(property: &mut Property) {
    let TypeExpr::Union(parts) = &mut property.ty else { return };
    property.nullable |= parts.contains(&TypeExpr::Null);
    property.optional |= parts.contains(&TypeExpr::Undefined);
    parts.retain(|part| !matches!(part, TypeExpr::Null | TypeExpr::Undefined));
    let only = match parts.len() {
        0 => TypeExpr::Null,
        1 => parts.remove(0),
        _ => return,
    };
    property.ty = only;
}

/// Names that make an object type of others.
fn is_utility(name: &str) -> bool {
    matches!(name, "Partial" | "Required" | "Pick" | "Omit" | "Readonly" | "Record")
}

fn is_scalar(ty: &TypeExpr) -> bool {
    matches!(
        ty,
        TypeExpr::String
            | TypeExpr::Number
            | TypeExpr::Boolean
            | TypeExpr::Literal(_)
            | TypeExpr::BigInt
    )
}

/// Adds what is not there yet.
pub(super) fn inherit(members: &mut Members, inherited: Members) {
    let names = |members: &Members| -> std::collections::BTreeSet<String> {
        let properties = members.properties.iter().map(|one| &one.name);
        let accessors = members.accessors.iter().map(|one| &one.name);
        properties
            .chain(accessors)
            .chain(members.methods.iter().map(|one| &one.name))
            .cloned()
            .collect()
    };
    let own = names(members);
    members
        .properties
        .extend(inherited.properties.into_iter().filter(|one| !own.contains(&one.name)));
    members
        .accessors
        .extend(inherited.accessors.into_iter().filter(|one| !own.contains(&one.name)));
    members.methods.extend(inherited.methods.into_iter().filter(|one| !own.contains(&one.name)));
    members.properties.sort_by(|a, b| a.name.cmp(&b.name));
    members.accessors.sort_by(|a, b| a.name.cmp(&b.name));
    members.methods.sort_by(|a, b| a.name.cmp(&b.name));
    if members.calls.is_empty() {
        members.calls = inherited.calls;
    }
    if members.index.is_empty() {
        members.index = inherited.index;
    }
}

/// Members that a value of both types has.
fn intersect(all: &mut Members, more: Members) {
    for property in more.properties {
        match all.properties.iter_mut().find(|known| known.name == property.name) {
            None => all.properties.push(property),
            Some(known) => {
                let optional = known.optional && property.optional;
                let nullable = known.nullable && property.nullable;
                let secret = known.secret || property.secret;
                if known.ty == TypeExpr::Unknown
                    || known.ty != property.ty && property.ty != TypeExpr::Unknown
                {
                    *known = property;
                }
                known.optional = optional;
                known.nullable = nullable;
                known.secret = secret;
            }
        }
    }
    all.properties.sort_by(|a, b| a.name.cmp(&b.name));
    let rest = Members { properties: Vec::new(), ..more };
    let properties = std::mem::take(&mut all.properties);
    inherit(all, rest);
    all.properties = properties;
}

fn retain(members: &mut Members, keep: &dyn Fn(&str) -> bool) {
    members.properties.retain(|one| keep(&one.name));
    members.accessors.retain(|one| keep(&one.name));
    members.methods.retain(|one| keep(&one.name));
}

/// The type of a property, its fields and `null` in it.
pub(super) fn whole(property: &Property) -> TypeExpr {
    let ty = if property.fields.is_empty() {
        property.ty.clone()
    } else {
        let field = |field: &Property| Field {
            name: field.name.clone(),
            ty: whole(field),
            optional: field.optional,
            readonly: field.readonly,
        };
        let fields = TypeExpr::Inline(property.fields.iter().map(field).collect());
        if matches!(property.ty, TypeExpr::Array(_)) {
            TypeExpr::Array(Box::new(fields))
        } else {
            fields
        }
    };
    if property.nullable { TypeExpr::Union(vec![ty, TypeExpr::Null]) } else { ty }
}

/// A method as the function that it is.
pub(super) fn function(method: &crate::model::Method) -> TypeExpr {
    let param = |param: &Property| FunctionParam {
        name: param.name.clone(),
        ty: Some(if param.nullable {
            TypeExpr::Union(vec![param.ty.clone(), TypeExpr::Null])
        } else {
            param.ty.clone()
        }),
        optional: param.optional,
        rest: param.rest,
    };
    TypeExpr::Function(Box::new(FunctionType {
        construct: false,
        type_params: method.type_params.clone(),
        params: method.params.iter().map(param).collect(),
        returns: method.returns.clone(),
    }))
}
