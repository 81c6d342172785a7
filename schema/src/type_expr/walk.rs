//! The types inside a type.

use super::{ConditionalType, FunctionType, ObjectMember, TemplatePart, TypeExpr, TypeParam};

impl TypeExpr {
    /// Calls `visit` for this type and every type inside it, outermost first.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a TypeExpr)) {
        visit(self);
        self.each_child(&mut |child| child.walk(visit));
    }

    /// Calls `visit` with this type and every type inside it, outermost first.
    pub fn walk_mut(&mut self, visit: &mut dyn FnMut(&mut TypeExpr)) {
        visit(self);
        self.each_child_mut(&mut |child| child.walk_mut(visit));
    }

    /// Returns the names that this type introduces for the types inside it: parameters of
    /// functions, keys of mapped types, and what a conditional type infers.
    pub fn binds(&self) -> Vec<&str> {
        match self {
            Self::Function(function) => function.binds(),
            Self::ObjectType(members) => {
                let calls = members.iter().filter_map(|member| match member {
                    ObjectMember::Call(function) => Some(function.binds()),
                    ObjectMember::Property(_) | ObjectMember::Index(_) => None,
                });
                calls.flatten().collect()
            }
            Self::Mapped(mapped) => vec![&mapped.key],
            Self::Conditional(conditional) => {
                let mut names = Vec::new();
                conditional.extends.walk(&mut |ty| {
                    if let Self::Infer(param) = ty {
                        names.push(param.name.as_str());
                    }
                });
                names
            }
            _ => Vec::new(),
        }
    }

    /// Calls `visit` with each type directly inside this one, in the order of the text.
    pub fn each_child<'a>(&'a self, visit: &mut dyn FnMut(&'a TypeExpr)) {
        match self {
            Self::Array(ty)
            | Self::ReadonlyArray(ty)
            | Self::Predicate { ty, .. }
            | Self::KeyOf(ty) => visit(ty),
            Self::Ref { args: types, .. }
            | Self::TypeOf { args: types, .. }
            | Self::Union(types)
            | Self::Intersection(types) => types.iter().for_each(visit),
            Self::Inline(fields) => fields.iter().for_each(|field| visit(&field.ty)),
            Self::Template(parts) => parts.iter().for_each(|part| {
                if let TemplatePart::Type(ty) = part {
                    visit(ty);
                }
            }),
            Self::Function(function) => function.each_child(visit),
            Self::Tuple { elements, .. } => {
                elements.iter().for_each(|element| visit(&element.ty));
            }
            Self::Indexed { object, index } => [object, index].into_iter().for_each(|ty| visit(ty)),
            Self::Conditional(conditional) => {
                let ConditionalType { check, extends, then, otherwise } = &**conditional;
                [check, extends, then, otherwise].into_iter().for_each(visit);
            }
            Self::Infer(param) => param.each_child(visit),
            Self::Mapped(mapped) => {
                visit(&mapped.keys);
                mapped.renamed.iter().for_each(&mut *visit);
                visit(&mapped.ty);
            }
            Self::ObjectType(members) => members.iter().for_each(|member| match member {
                ObjectMember::Property(field) => visit(&field.ty),
                ObjectMember::Index(index) => {
                    [&index.key, &index.value].into_iter().for_each(&mut *visit)
                }
                ObjectMember::Call(function) => function.each_child(visit),
            }),
            Self::String
            | Self::Number
            | Self::Boolean
            | Self::BigInt
            | Self::Symbol
            | Self::Unknown
            | Self::Any
            | Self::Never
            | Self::Void
            | Self::Null
            | Self::Undefined
            | Self::Object
            | Self::This
            | Self::Literal(_)
            | Self::NumberLiteral(_)
            | Self::BooleanLiteral(_)
            | Self::Opaque(_) => {}
        }
    }

    /// Calls `visit` with each type directly inside this one, in the order of the text.
    pub fn each_child_mut(&mut self, visit: &mut dyn FnMut(&mut TypeExpr)) {
        match self {
            Self::Array(ty)
            | Self::ReadonlyArray(ty)
            | Self::Predicate { ty, .. }
            | Self::KeyOf(ty) => visit(ty),
            Self::Ref { args: types, .. }
            | Self::TypeOf { args: types, .. }
            | Self::Union(types)
            | Self::Intersection(types) => types.iter_mut().for_each(visit),
            Self::Inline(fields) => fields.iter_mut().for_each(|field| visit(&mut field.ty)),
            Self::Template(parts) => parts.iter_mut().for_each(|part| {
                if let TemplatePart::Type(ty) = part {
                    visit(ty);
                }
            }),
            Self::Function(function) => function.each_child_mut(visit),
            Self::Tuple { elements, .. } => {
                elements.iter_mut().for_each(|element| visit(&mut element.ty));
            }
            Self::Indexed { object, index } => [object, index].into_iter().for_each(|ty| visit(ty)),
            Self::Conditional(conditional) => {
                let ConditionalType { check, extends, then, otherwise } = &mut **conditional;
                [check, extends, then, otherwise].into_iter().for_each(visit);
            }
            Self::Infer(param) => param.each_child_mut(visit),
            Self::Mapped(mapped) => {
                visit(&mut mapped.keys);
                mapped.renamed.iter_mut().for_each(&mut *visit);
                visit(&mut mapped.ty);
            }
            Self::ObjectType(members) => members.iter_mut().for_each(|member| match member {
                ObjectMember::Property(field) => visit(&mut field.ty),
                ObjectMember::Index(index) => {
                    [&mut index.key, &mut index.value].into_iter().for_each(&mut *visit)
                }
                ObjectMember::Call(function) => function.each_child_mut(visit),
            }),
            Self::String
            | Self::Number
            | Self::Boolean
            | Self::BigInt
            | Self::Symbol
            | Self::Unknown
            | Self::Any
            | Self::Never
            | Self::Void
            | Self::Null
            | Self::Undefined
            | Self::Object
            | Self::This
            | Self::Literal(_)
            | Self::NumberLiteral(_)
            | Self::BooleanLiteral(_)
            | Self::Opaque(_) => {}
        }
    }
}

impl FunctionType {
    fn binds(&self) -> Vec<&str> {
        self.type_params.iter().map(|param| param.name.as_str()).collect()
    }

    fn each_child<'a>(&'a self, visit: &mut dyn FnMut(&'a TypeExpr)) {
        self.type_params.iter().for_each(|param| param.each_child(visit));
        self.params.iter().filter_map(|param| param.ty.as_ref()).for_each(&mut *visit);
        visit(&self.returns);
    }

    fn each_child_mut(&mut self, visit: &mut dyn FnMut(&mut TypeExpr)) {
        self.type_params.iter_mut().for_each(|param| param.each_child_mut(visit));
        self.params.iter_mut().filter_map(|param| param.ty.as_mut()).for_each(&mut *visit);
        visit(&mut self.returns);
    }
}

impl TypeParam {
    fn each_child<'a>(&'a self, visit: &mut dyn FnMut(&'a TypeExpr)) {
        self.extends.iter().chain(&self.default).for_each(visit);
    }

    fn each_child_mut(&mut self, visit: &mut dyn FnMut(&mut TypeExpr)) {
        self.extends.iter_mut().chain(&mut self.default).for_each(visit);
    }
}
