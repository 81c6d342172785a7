//! Types as generators take them: what stands inside other types has a name.

use std::collections::BTreeMap;

use super::{
    MAX_DEPTH, MAX_NESTED, MAX_NESTING, Reducer, members, settle,
    site::Site,
    substitute::{self, Arguments},
    texts::{Brief, cased, is_open_key, key, literals, spelled_out},
};
use crate::{
    link::builtin,
    model::{EnumMember, External, Shape},
    secret::is_key,
    type_expr::{
        ConditionalType, Field, FunctionParam, FunctionType, MappedType, TemplatePart,
        TupleElement, TypeExpr, TypeParam,
    },
};

impl Reducer<'_> {
    /// The type of a member, a parameter or a result: an object or a union may stand there.
    pub(super) fn top(&mut self, site: &Site, ty: &TypeExpr) -> TypeExpr {
        match ty {
            TypeExpr::Ref { name, .. } if self.is_any_function(name) => {
                self.top(site, &any_function(name))
            }
            TypeExpr::Inline(_) | TypeExpr::Union(_) if mentions(ty, &site.local) => {
                self.inner(site, ty)
            }
            // What has functions is behaviour, which somebody implements: it needs a name.
            TypeExpr::Inline(fields) if fields.iter().any(|field| is_function(&field.ty)) => {
                self.inner(site, ty)
            }
            // What a key must not show is told by the members beside it, which an item has.
            TypeExpr::Inline(fields) if is_key(fields.iter().map(|field| field.name.as_str())) => {
                self.inner(site, ty)
            }
            TypeExpr::Inline(fields) if !fields.is_empty() && self.made.reserve(site, ty) => {
                TypeExpr::Inline(self.fields(site, fields))
            }
            TypeExpr::Union(parts) => {
                let absent = |part: &&TypeExpr| {
                    !matches!(part, TypeExpr::Null | TypeExpr::Undefined | TypeExpr::Void)
                };
                let mut present = parts.iter().filter(absent);
                // One literal is an enumeration as well; another type alone stands as it is.
                let is_made = !matches!(present.next(), Some(only) if !matches!(only, TypeExpr::Literal(_)))
                    || present.next().is_some();
                let in_place = !is_made || self.made.reserve(site, ty);
                self.union(site, ty, in_place)
            }
            TypeExpr::Literal(_) if self.made.reserve(site, ty) => ty.clone(),
            TypeExpr::Predicate { .. } | TypeExpr::Function(_) => self.parts(site, ty),
            TypeExpr::Ref { name, args }
                if is_handed_on(name) && args.len() == 1 && !self.items.contains_key(name) =>
            {
                let name = if name == "PromiseLike" { "Promise" } else { name.as_str() };
                let args = args.iter().map(|arg| self.top(site, arg)).collect();
                TypeExpr::Ref { name: name.to_owned(), args }
            }
            TypeExpr::Void | TypeExpr::Never | TypeExpr::Undefined | TypeExpr::Null => ty.clone(),
            _ => self.inner(site, ty),
        }
    }

    /// Whether a name is what the language calls any function.
    fn is_any_function(&self, name: &str) -> bool {
        matches!(name, "Function" | "CallableFunction" | "NewableFunction")
            && !self.items.contains_key(name)
    }

    /// The type inside another one: what is made up of members has a name.
    pub(super) fn inner(&mut self, site: &Site, ty: &TypeExpr) -> TypeExpr {
        self.evaluate(site, ty, MAX_DEPTH)
    }

    /// The depth of `inner` begins anew inside unions and items; what leads through itself there ends by the depth of
    /// the whole, and what doubles with each step by the number of steps.
    fn evaluate(&mut self, site: &Site, ty: &TypeExpr, depth: usize) -> TypeExpr {
        if self.nesting >= MAX_NESTING {
            self.is_endless = true;
            return TypeExpr::Unknown;
        }
        self.nesting += 1;
        let found = self.evaluate_once(site, ty, depth);
        self.nesting -= 1;
        found
    }

    fn evaluate_once(&mut self, site: &Site, ty: &TypeExpr, depth: usize) -> TypeExpr {
        let Some(depth) = depth.checked_sub(1).filter(|_| self.spend()) else {
            self.is_endless = true;
            return TypeExpr::Unknown;
        };
        match ty {
            TypeExpr::Ref { name, .. } if self.is_any_function(name) => {
                self.evaluate(site, &any_function(name), depth)
            }
            TypeExpr::String
            | TypeExpr::Number
            | TypeExpr::Boolean
            | TypeExpr::BigInt
            | TypeExpr::Unknown
            | TypeExpr::Any
            | TypeExpr::Object
            | TypeExpr::Void
            | TypeExpr::Never
            | TypeExpr::Null
            | TypeExpr::Undefined => ty.clone(),
            TypeExpr::BooleanLiteral(_) => TypeExpr::Boolean,
            TypeExpr::NumberLiteral(_) => TypeExpr::Number,
            TypeExpr::Literal(_) => self.named(site, ty, |_, _| Shape::Alias {
                ty: ty.clone(),
                meanings: Default::default(),
            }),
            TypeExpr::Template(parts) => match spelled_out(parts) {
                Some(all) => self.evaluate(site, &all, depth),
                None => TypeExpr::String,
            },
            TypeExpr::This => self.this(site),
            TypeExpr::Array(item) => TypeExpr::Array(Box::new(self.evaluate(site, item, depth))),
            TypeExpr::ReadonlyArray(item) => {
                TypeExpr::ReadonlyArray(Box::new(self.evaluate(site, item, depth)))
            }
            TypeExpr::Tuple { elements, .. } => self.tuple(site, elements, depth),
            TypeExpr::Union(_) => self.union(site, ty, false),
            TypeExpr::Function(_) => self.named(site, ty, |reducer, site| Shape::Alias {
                ty: reducer.parts(site, ty),
                meanings: Default::default(),
            }),
            TypeExpr::Inline(fields) if fields.is_empty() => TypeExpr::Unknown,
            TypeExpr::Inline(_) | TypeExpr::ObjectType(_) | TypeExpr::Mapped(_) => {
                self.object(site, ty, depth)
            }
            TypeExpr::Intersection(parts) => self.intersection(site, ty, parts, depth),
            TypeExpr::Ref { name, args } => self.reference(site, ty, name, args, depth),
            TypeExpr::Predicate { .. } => TypeExpr::Boolean,
            TypeExpr::KeyOf(_) => match self.keys(site, ty, depth) {
                Some(keys) => self.evaluate(site, &literals(keys), depth),
                None => TypeExpr::String,
            },
            TypeExpr::Indexed { object, index } => match self.indexed(site, object, index, depth) {
                Some(found) => self.evaluate(site, &found, depth),
                None => self.at_most(site, ty, depth),
            },
            TypeExpr::Conditional(conditional) => match self.chosen(site, conditional, depth) {
                Some(found) => self.evaluate(site, &found, depth),
                None => self.either(site, ty, conditional, depth),
            },
            // Inside a class, the value `this` is of the type `this`.
            TypeExpr::TypeOf { name, .. } if name == "this" => self.this(site),
            TypeExpr::TypeOf { name, .. } => match self.value(name) {
                Some(found) => self.evaluate(site, &found, depth),
                None => self.unknown(site, ty),
            },
            TypeExpr::Symbol | TypeExpr::Infer(_) | TypeExpr::Opaque(_) => self.unknown(site, ty),
        }
    }

    /// A type that type parameters decide, as what it is at most.
    fn at_most(&mut self, site: &Site, ty: &TypeExpr, depth: usize) -> TypeExpr {
        let found = self.bounded(site, ty).and_then(|bounded| self.head(site, &bounded, depth));
        match found {
            // One function for each key is no function for all of them.
            Some(TypeExpr::Union(parts))
                if parts.iter().any(|part| matches!(part, TypeExpr::Function(_))) =>
            {
                self.unknown(site, ty)
            }
            Some(found) if found != *ty => self.evaluate(site, &found, depth),
            _ => self.unknown(site, ty),
        }
    }

    /// A conditional type that nothing decides: one of its branches.
    fn either(
        &mut self,
        site: &Site,
        ty: &TypeExpr,
        conditional: &ConditionalType,
        depth: usize,
    ) -> TypeExpr {
        if let Some(bounded) = self.bounded(site, ty)
            && let Some(found) = self.head(site, &bounded, depth)
        {
            return self.evaluate(site, &found, depth);
        }
        let mut inferred = Vec::new();
        conditional.extends.walk(&mut |ty| {
            if let TypeExpr::Infer(param) = ty {
                inferred.push(param.name.clone());
            }
        });
        if mentions(&conditional.then, &inferred) {
            let is_bare =
                matches!(&conditional.then, TypeExpr::Ref { args, .. } if args.is_empty());
            if is_bare && conditional.otherwise != TypeExpr::Never {
                return self.evaluate(site, &conditional.otherwise, depth);
            }
            return self.unknown(site, ty);
        }
        let branches = [&conditional.then, &conditional.otherwise];
        let mut all = Vec::new();
        for branch in branches {
            if *branch == TypeExpr::Never {
                continue;
            }
            let branch = self.evaluate(site, branch, depth);
            if branch == TypeExpr::Unknown {
                return TypeExpr::Unknown;
            }
            all.push(branch);
        }
        match all.len() {
            0 => TypeExpr::Never,
            1 => all.remove(0),
            _ => self.union(site, &TypeExpr::Union(all), false),
        }
    }

    /// The type with everything inside it worked out, in place.
    fn parts(&mut self, site: &Site, ty: &TypeExpr) -> TypeExpr {
        let mut ty = ty.clone();
        if let TypeExpr::Function(function) = &mut ty {
            let mut site = site.clone();
            let items = self.items;
            substitute::distinct_function_params(function, &site.scope, &|name| {
                items.contains_key(name)
            });
            site.enter(&function.type_params);
            function.type_params.iter_mut().for_each(|param| self.param(&site, param));
            for param in &mut function.params {
                if let Some(ty) = &mut param.ty {
                    let place = site.place.clone();
                    let called = super::called(&param.name);
                    *ty = self.top(&site.at(called, &place), ty);
                }
            }
            let place = site.place.clone();
            function.returns = self.top(&site.at("result", &place), &function.returns);
        } else if let TypeExpr::Predicate { ty, .. } = &mut ty {
            **ty = self.inner(site, ty);
        }
        ty
    }

    fn fields(&mut self, site: &Site, fields: &[Field]) -> Vec<Field> {
        let place = site.place.clone();
        let field = |field: &Field| Field {
            ty: self.top(&site.at(&field.name, &place), &field.ty),
            ..field.clone()
        };
        fields.iter().map(field).collect()
    }

    /// An object type as an item of its own.
    fn object(&mut self, site: &Site, ty: &TypeExpr, depth: usize) -> TypeExpr {
        let Some(members) = self.members_of(site, ty) else {
            return match ty {
                TypeExpr::Mapped(mapped) => self.open_mapping(site, ty, mapped, depth),
                _ => self.unknown(site, ty),
            };
        };
        // An index signature alone is a map.
        if members.properties.is_empty()
            && members.methods.is_empty()
            && let Some(index) = members.index.first()
        {
            return self.dictionary(site, &index.value.clone(), depth);
        }
        self.named(site, ty, |reducer, site| {
            let mut members = members;
            reducer.members(site, &mut members);
            Shape::Interface(members)
        })
    }

    /// A mapped type whose keys are not to be counted.
    fn open_mapping(
        &mut self,
        site: &Site,
        ty: &TypeExpr,
        mapped: &MappedType,
        depth: usize,
    ) -> TypeExpr {
        let is_open = match &mapped.keys {
            TypeExpr::KeyOf(of) => {
                self.members_of(site, of).is_some_and(|members| !members.index.is_empty())
            }
            keys => match self.head(site, keys, depth) {
                Some(TypeExpr::Union(parts)) => parts.iter().any(is_open_key),
                Some(keys) => is_open_key(&keys),
                None => false,
            },
        };
        if is_open {
            let mut value = mapped.ty.clone();
            Arguments::one(&mapped.key, TypeExpr::String).apply(&mut value);
            return self.dictionary(site, &value, depth);
        }
        // Over the items of a list, which a parameter may stand for.
        if let TypeExpr::KeyOf(of) = &mapped.keys
            && let Some(list) = self.bounded(site, of)
            && let none = Arguments::all(Default::default())
            && let found = self.expanded_one(site, ty, &none, &list, depth)
            && !matches!(found, TypeExpr::Mapped(_))
        {
            return self.evaluate(site, &found, depth);
        }
        match self.bounded(site, ty) {
            Some(bounded) if self.members_of(site, &bounded).is_some() => {
                self.evaluate(site, &bounded, depth)
            }
            _ => self.unknown(site, ty),
        }
    }

    fn dictionary(&mut self, site: &Site, value: &TypeExpr, depth: usize) -> TypeExpr {
        let value = self.evaluate(site, value, depth);
        TypeExpr::Ref { name: "Record".to_owned(), args: vec![TypeExpr::String, value] }
    }

    fn intersection(
        &mut self,
        site: &Site,
        ty: &TypeExpr,
        parts: &[TypeExpr],
        depth: usize,
    ) -> TypeExpr {
        // What `& {}` and brands add to a text or a number is not on the wire.
        let scalar = parts.iter().find(|part| {
            matches!(
                part,
                TypeExpr::String | TypeExpr::Number | TypeExpr::Boolean | TypeExpr::BigInt
            )
        });
        if let Some(scalar) = scalar {
            return scalar.clone();
        }
        let informative: Vec<&TypeExpr> = parts
            .iter()
            .filter(|part| !matches!(part, TypeExpr::Inline(fields) if fields.is_empty()))
            .filter(|part| !matches!(part, TypeExpr::Unknown | TypeExpr::Object))
            .collect();
        if let [only] = informative.as_slice() {
            return self.evaluate(site, only, depth);
        }
        self.object(site, ty, depth)
    }

    fn tuple(&mut self, site: &Site, elements: &[TupleElement], depth: usize) -> TypeExpr {
        let is_fixed = !elements.is_empty()
            && elements.len() <= 12
            && elements.iter().all(|element| !element.optional && !element.rest);
        let mut types = Vec::new();
        for (index, element) in elements.iter().enumerate() {
            let ty = match &element.ty {
                TypeExpr::Array(item) | TypeExpr::ReadonlyArray(item) if element.rest => item,
                ty => ty,
            };
            let name = element.name.clone().unwrap_or_else(|| format!("item{}", index + 1));
            let place = site.place.clone();
            types.push(self.evaluate(&site.at(&name, &place), ty, depth));
        }
        if is_fixed {
            let elements = types.into_iter().map(|ty| TupleElement {
                name: None,
                ty,
                optional: false,
                rest: false,
            });
            return TypeExpr::Tuple { readonly: false, elements: elements.collect() };
        }
        types.dedup();
        let item = match types.len() {
            0 => TypeExpr::Unknown,
            1 => types.remove(0),
            _ => self.union(site, &TypeExpr::Union(types), false),
        };
        TypeExpr::Array(Box::new(item))
    }

    fn reference(
        &mut self,
        site: &Site,
        ty: &TypeExpr,
        name: &str,
        args: &[TypeExpr],
        depth: usize,
    ) -> TypeExpr {
        if site.scope.iter().any(|param| param == name) {
            return ty.clone();
        }
        if let Some(item) = self.items.get(name) {
            // An alias that only its arguments decide is worked out where it is used.
            if let Shape::Alias { ty: aliased, .. } = &item.shape
                && !item.type_params.is_empty()
                && is_computed(aliased)
            {
                return match self.expanded(site, item, args, depth) {
                    Some(expanded) => self.evaluate(site, &expanded, depth),
                    None => self.unknown(site, ty),
                };
            }
            // An error is one type, whatever it is generic over.
            let is_error = matches!(item.shape, Shape::Error(_));
            let count = if is_error { 0 } else { item.type_params.len() };
            let mut given = args.to_vec();
            // A default that speaks of another parameter is worked out here.
            let params: Vec<String> =
                item.type_params.iter().map(|param| param.name.clone()).collect();
            let speaks = |default: &TypeExpr| mentions(default, &params);
            let all = &item.type_params;
            let fixed = |param: &TypeParam| {
                param.default.as_ref().is_none_or(|ty| *ty == TypeExpr::Never || speaks(ty))
            };
            if given.len() < all.len() && all.iter().any(fixed) {
                given = Arguments::of(item, args).in_order(item);
            }
            let args =
                given.iter().take(count).map(|arg| self.evaluate(site, arg, depth)).collect();
            let named = TypeExpr::Ref { name: name.to_owned(), args };
            // Whether what it is generic over may be shown, a generic type cannot know.
            let holds_secrets = !item.type_params.is_empty() && self.secrets.contains(name);
            if (holds_secrets || self.gives_secrets(&named))
                && matches!(item.shape, Shape::Interface(_))
                && let Some(members) = self.members_of(site, &named)
            {
                return self.named(&site.of_arguments(item), &named, |reducer, site| {
                    let mut members = members;
                    reducer.members(site, &mut members);
                    Shape::Interface(members)
                });
            }
            // Nor can an alias.
            if self.gives_secrets(&named)
                && let Shape::Alias { .. } = &item.shape
                && let TypeExpr::Ref { args, .. } = &named
                && let Some(expanded) = self.expanded(site, item, args, depth)
                && matches!(expanded, TypeExpr::Union(_))
            {
                return self.evaluate(site, &expanded, depth);
            }
            return match self.absent.get(name) {
                Some(absent) => {
                    TypeExpr::Union(std::iter::once(named).chain(absent.iter().cloned()).collect())
                }
                None => named,
            };
        }
        // A member of an enumeration is a value of it.
        if let Some((owner, _)) = name.rsplit_once('.')
            && let Some(Shape::Enum { .. }) = self.items.get(owner).map(|item| &item.shape)
        {
            return TypeExpr::named(owner);
        }
        let all = |reducer: &mut Self| -> Vec<TypeExpr> {
            args.iter().map(|arg| reducer.evaluate(site, arg, depth)).collect()
        };
        match (name, args) {
            (
                "Array" | "ReadonlyArray" | "Iterable" | "ArrayLike" | "IterableIterator"
                | "Iterator" | "Generator",
                [item, ..],
            ) => TypeExpr::Array(Box::new(self.evaluate(site, item, depth))),
            ("Set" | "ReadonlySet", [item]) => TypeExpr::Ref {
                name: "Set".to_owned(),
                args: vec![self.evaluate(site, item, depth)],
            },
            ("Map" | "ReadonlyMap" | "WeakMap", [_, value]) => self.dictionary(site, value, depth),
            ("Record", [key, value]) => match self.keys(site, key, depth) {
                Some(_) => self.object(site, ty, depth),
                None => self.dictionary(site, value, depth),
            },
            ("Promise" | "PromiseLike" | "Awaited", [inner]) => {
                let mut inner = inner;
                while let TypeExpr::Ref { name, args } = inner
                    && matches!(name.as_str(), "Promise" | "PromiseLike")
                    && let [promised] = args.as_slice()
                {
                    inner = promised;
                }
                self.evaluate(site, inner, depth)
            }
            (
                "AsyncIterable"
                | "AsyncIterableIterator"
                | "AsyncGenerator"
                | "AsyncIterator"
                | "ReadableStream"
                | "Observable",
                [item, ..],
            ) => TypeExpr::Ref {
                name: "Observable".to_owned(),
                args: vec![self.evaluate(site, item, depth)],
            },
            ("Readonly", [inner]) if !self.is_object_type(inner) => TypeExpr::Ref {
                name: "Readonly".to_owned(),
                args: vec![self.evaluate(site, inner, depth)],
            },
            ("Partial" | "Required" | "Pick" | "Omit", _) => self.object(site, ty, depth),
            ("NonNullable", [inner]) => {
                let inner = match self.head(site, inner, depth) {
                    Some(found @ TypeExpr::Union(_)) => settle::without_absence(found),
                    _ => inner.clone(),
                };
                self.evaluate(site, &inner, depth)
            }
            ("Readonly" | "NoInfer", [inner]) => self.evaluate(site, inner, depth),
            ("Exclude" | "Extract", [from, what]) => {
                match self.filtered(site, from, what, name == "Extract", depth) {
                    Some(left) => self.evaluate(site, &left, depth),
                    None => match self.bounded(site, ty) {
                        Some(bounded) => self.evaluate(site, &bounded, depth),
                        None => self.evaluate(site, from, depth),
                    },
                }
            }
            ("ReturnType" | "InstanceType" | "Parameters" | "ConstructorParameters", [of]) => {
                match self.of_function(site, name, of, depth) {
                    Some(found) => self.evaluate(site, &found, depth),
                    None => self.at_most(site, ty, depth),
                }
            }
            ("Uppercase" | "Lowercase" | "Capitalize" | "Uncapitalize", [of]) => {
                match self.keys(site, of, depth) {
                    Some(keys) => {
                        let keys = keys.into_iter().map(|key| cased(name, &key)).collect();
                        self.evaluate(site, &literals(keys), depth)
                    }
                    None => TypeExpr::String,
                }
            }
            ("URLSearchParams", []) if self.is_builtin(name) => TypeExpr::String,
            (
                "Uint8Array" | "ArrayBuffer" | "ArrayBufferLike" | "SharedArrayBuffer" | "Buffer"
                | "DataView",
                _,
            ) if self.is_builtin(name) => TypeExpr::named("Uint8Array"),
            ("String", []) => TypeExpr::String,
            ("Number", []) => TypeExpr::Number,
            ("Boolean", []) => TypeExpr::Boolean,
            ("Object", []) => TypeExpr::Object,
            ("BigInt", []) => TypeExpr::BigInt,
            ("PropertyKey", []) => TypeExpr::String,
            _ => {
                let args = match self.externals.get(name) {
                    // What a type of others is made of is not known here.
                    Some(External::Platform | External::Behaviour | External::Error) => all(self),
                    _ => Vec::new(),
                };
                TypeExpr::Ref { name: name.to_owned(), args }
            }
        }
    }

    /// Whether a type argument holds a secret.
    fn gives_secrets(&self, ty: &TypeExpr) -> bool {
        let TypeExpr::Ref { args, .. } = ty else { return false };
        let mut found = false;
        for arg in args {
            arg.walk(&mut |ty| {
                found |= matches!(ty, TypeExpr::Ref { name, .. } if self.secrets.contains(name));
            });
        }
        found
    }

    /// Whether the overlay says nothing else of a name.
    pub(super) fn is_builtin(&self, name: &str) -> bool {
        self.externals.get(name) == Some(&External::Builtin)
    }

    pub(super) fn of_function(
        &self,
        site: &Site,
        name: &str,
        of: &TypeExpr,
        depth: usize,
    ) -> Option<TypeExpr> {
        let of = match of {
            TypeExpr::Indexed { object, index } => self.indexed(site, object, index, depth)?,
            TypeExpr::TypeOf { name, .. } => self.value(name)?,
            TypeExpr::Ref { name, args } => match &self.items.get(name)?.shape {
                Shape::Alias { ty, .. } => {
                    let mut ty = ty.clone();
                    Arguments::of(self.items.get(name)?, args).apply(&mut ty);
                    ty
                }
                _ => return None,
            },
            of => of.clone(),
        };
        let TypeExpr::Function(mut function) = of else { return None };
        // Its own parameters mean nothing outside of it.
        for param in std::mem::take(&mut function.type_params) {
            let known =
                param.extends.filter(|bound| !mentions(bound, std::slice::from_ref(&param.name)));
            let known = Arguments::one(&param.name, known.unwrap_or(TypeExpr::Unknown));
            let types = function.params.iter_mut().filter_map(|param| param.ty.as_mut());
            types.chain([&mut function.returns]).for_each(|ty| known.apply(ty));
        }
        match name {
            "ReturnType" | "InstanceType" => Some(function.returns),
            _ => {
                let elements = function.params.iter().map(|param| TupleElement {
                    name: Some(param.name.clone()),
                    ty: param.ty.clone().unwrap_or(TypeExpr::Unknown),
                    optional: param.optional,
                    rest: param.rest,
                });
                Some(TypeExpr::Tuple { readonly: false, elements: elements.collect() })
            }
        }
    }

    /// The type of a value.
    pub(super) fn value(&self, name: &str) -> Option<TypeExpr> {
        let Some(item) = self.items.get(name) else { return builtin::values::value(name) };
        match &item.shape {
            Shape::Variable { ty, .. } => Some(ty.clone()),
            Shape::Function { signatures } => signatures.first().map(members::function),
            Shape::Class(own) => {
                let mut function = match own.constructors.first().map(members::function) {
                    Some(TypeExpr::Function(function)) => function,
                    // A class without a constructor and a base has one that takes nothing.
                    _ if item.extends.is_empty() => Box::new(giving(TypeExpr::Never)),
                    _ => return None,
                };
                function.construct = true;
                function.type_params.clone_from(&item.type_params);
                let params = item.type_params.iter();
                function.returns = TypeExpr::Ref {
                    name: name.to_owned(),
                    args: params.map(|param| TypeExpr::named(&param.name)).collect(),
                };
                Some(TypeExpr::Function(function))
            }
            // The object that an enumeration is has its values by their names.
            Shape::Enum { members } => {
                let value = |member: &EnumMember| Field {
                    name: member.name.clone(),
                    ty: TypeExpr::named(name),
                    optional: false,
                    readonly: true,
                };
                Some(TypeExpr::Inline(members.iter().map(value).collect()))
            }
            _ => None,
        }
    }

    /// The texts that a type of keys stands for.
    pub(super) fn keys(&self, site: &Site, ty: &TypeExpr, depth: usize) -> Option<Vec<String>> {
        let depth = depth.checked_sub(1)?;
        if !self.spend() {
            return None;
        }
        match ty {
            TypeExpr::Literal(text) | TypeExpr::NumberLiteral(text) => Some(vec![text.clone()]),
            TypeExpr::Union(parts) => {
                let mut all = Vec::new();
                for part in parts {
                    all.extend(self.keys(site, part, depth)?);
                }
                all.dedup();
                Some(all)
            }
            TypeExpr::KeyOf(of) => {
                let members = self.members_of(site, of)?;
                if !members.index.is_empty() {
                    return None;
                }
                let properties = members.properties.iter().map(|one| one.name.clone());
                let accessors = members.accessors.iter().map(|one| one.name.clone());
                let methods = members.methods.iter().map(|one| one.name.clone());
                Some(properties.chain(accessors).chain(methods).collect())
            }
            TypeExpr::Template(parts) => {
                let mut known = Vec::new();
                for part in parts {
                    known.push(match part {
                        TemplatePart::Type(ty) => {
                            TemplatePart::Type(literals(self.keys(site, ty, depth)?))
                        }
                        text => text.clone(),
                    });
                }
                match spelled_out(&known)? {
                    all @ TypeExpr::Union(_) => self.keys(site, &all, depth),
                    TypeExpr::Literal(text) => Some(vec![text]),
                    _ => None,
                }
            }
            TypeExpr::Ref { name, args } => {
                if let Some(item) = self.items.get(name)
                    && let Shape::Enum { members } = &item.shape
                {
                    return members.iter().map(|member| key(member.value.as_ref()?)).collect();
                }
                if let Some((owner, member)) = name.rsplit_once('.')
                    && let Some(Shape::Enum { members }) =
                        self.items.get(owner).map(|item| &item.shape)
                {
                    let member = members.iter().find(|one| one.name == member)?;
                    return Some(vec![key(member.value.as_ref()?)?]);
                }
                match (name.as_str(), args.as_slice()) {
                    ("Exclude" | "Extract", [from, what]) if !self.items.contains_key(name) => {
                        let (from, what) =
                            (self.keys(site, from, depth)?, self.keys(site, what, depth)?);
                        let keep = name == "Extract";
                        Some(from.into_iter().filter(|key| what.contains(key) == keep).collect())
                    }
                    ("Uppercase" | "Lowercase" | "Capitalize" | "Uncapitalize", [of]) => {
                        let keys = self.keys(site, of, depth)?;
                        Some(keys.into_iter().map(|key| cased(name, &key)).collect())
                    }
                    _ => self.keys_of_head(site, ty, depth),
                }
            }
            // `string & keyof T`
            TypeExpr::Intersection(parts) => parts
                .iter()
                .filter(|part| !matches!(part, TypeExpr::String))
                .map(|part| self.keys(site, part, depth))
                .reduce(|one, other| {
                    let other = other?;
                    Some(one?.into_iter().filter(|key| other.contains(key)).collect())
                })?,
            TypeExpr::Never => Some(Vec::new()),
            TypeExpr::Conditional(_) | TypeExpr::Indexed { .. } => {
                self.keys_of_head(site, ty, depth)
            }
            _ => None,
        }
    }

    fn keys_of_head(&self, site: &Site, ty: &TypeExpr, depth: usize) -> Option<Vec<String>> {
        match self.head(site, ty, depth)? {
            head if head == *ty => None,
            head => self.keys(site, &head, depth),
        }
    }

    /// `from` without the alternatives that are `what`, or with them alone.
    pub(super) fn filtered(
        &self,
        site: &Site,
        from: &TypeExpr,
        what: &TypeExpr,
        keep: bool,
        depth: usize,
    ) -> Option<TypeExpr> {
        if let (Some(from), Some(what)) =
            (self.keys(site, from, depth), self.keys(site, what, depth))
        {
            return Some(literals(
                from.into_iter().filter(|key| what.contains(key) == keep).collect(),
            ));
        }
        let TypeExpr::Union(parts) = self.head(site, from, depth)? else { return None };
        let mut left = Vec::new();
        for part in parts {
            // An alias that stays whole keeps its name.
            let inner = self.parts_of_union(site, &part, depth);
            let inner = inner.unwrap_or_else(|| vec![part.clone()]);
            let count = inner.len();
            let mut kept = Vec::new();
            for one in inner {
                if self.fits(site, &one, what, &mut BTreeMap::new(), depth)? == keep {
                    kept.push(one);
                }
            }
            if kept.len() == count {
                left.push(part);
            } else {
                left.extend(kept);
            }
        }
        Some(match left.len() {
            0 => TypeExpr::Never,
            1 => left.remove(0),
            _ => TypeExpr::Union(left),
        })
    }

    /// `object[index]`.
    pub(super) fn indexed(
        &self,
        site: &Site,
        object: &TypeExpr,
        index: &TypeExpr,
        depth: usize,
    ) -> Option<TypeExpr> {
        let object = &self.head(site, object, depth)?;
        if let TypeExpr::Union(parts) = object {
            let mut all = Vec::new();
            for part in parts {
                all.push(self.indexed(site, part, index, depth)?);
            }
            return Some(TypeExpr::Union(all));
        }
        match (object, index) {
            (TypeExpr::Array(item) | TypeExpr::ReadonlyArray(item), TypeExpr::Number) => {
                return Some((**item).clone());
            }
            (TypeExpr::Tuple { elements, .. }, TypeExpr::Number) => {
                let types: Vec<TypeExpr> =
                    elements.iter().map(|element| element.ty.clone()).collect();
                return Some(TypeExpr::Union(types));
            }
            (TypeExpr::Tuple { elements, .. }, TypeExpr::NumberLiteral(at)) => {
                let at: usize = at.parse().ok()?;
                return elements.get(at).map(|element| element.ty.clone());
            }
            _ => {}
        }
        if let (TypeExpr::Ref { name, .. }, TypeExpr::Literal(member)) = (object, index)
            && !self.items.contains_key(name)
            && let Some(found) = builtin::values::member(name, member)
        {
            return Some(found);
        }
        let members = self.members_of(site, object)?;
        let Some(keys) = self.keys(site, index, depth) else {
            return match self.head(site, index, depth)? {
                index if is_open_key(&index) => {
                    members.index.first().map(|index| index.value.clone())
                }
                _ => None,
            };
        };
        let mut types = Vec::new();
        for key in keys {
            let property = members.properties.iter().find(|one| one.name == key);
            let property = property.map(|property| {
                let mut parts = vec![members::whole(property)];
                parts.extend(property.optional.then_some(TypeExpr::Undefined));
                if parts.len() == 1 { parts.remove(0) } else { TypeExpr::Union(parts) }
            });
            let accessor = || members.accessors.iter().find(|one| one.name == key)?.get.clone();
            let method =
                || members.methods.iter().find(|one| one.name == key).map(members::function);
            let entry = || members.index.first().map(|index| index.value.clone());
            let found = property.or_else(accessor).or_else(method).or_else(entry)?;
            if !types.contains(&found) {
                types.push(found);
            }
        }
        match types.len() {
            0 => None,
            1 => types.pop(),
            _ => Some(TypeExpr::Union(types)),
        }
    }

    /// The item itself, with its own parameters.
    fn this(&self, site: &Site) -> TypeExpr {
        match self.items.get(&site.owner) {
            Some(item) if super::has_members(item) => TypeExpr::Ref {
                name: item.name.clone(),
                // An item made inside it may have none of its parameters.
                args: item
                    .type_params
                    .iter()
                    .map(|param| match site.scope.contains(&param.name) {
                        true => TypeExpr::named(&param.name),
                        false => TypeExpr::Unknown,
                    })
                    .collect(),
            },
            _ => TypeExpr::Unknown,
        }
    }

    /// An item of its own for a type in place.
    pub(super) fn named(
        &mut self,
        site: &Site,
        ty: &TypeExpr,
        shape: impl FnOnce(&mut Self, &Site) -> Shape,
    ) -> TypeExpr {
        let text = ty.to_string();
        if let Some(known) = self.made.known(site, &text) {
            return known;
        }
        let mut params = Vec::new();
        ty.walk(&mut |ty| {
            if let TypeExpr::Ref { name, args } = ty
                && args.is_empty()
                && site.scope.contains(name)
                && !params.contains(name)
            {
                params.push(name.clone());
            }
        });
        let mut own = site.clone();
        own.scope.clone_from(&params);
        own.local.clear();
        if self.nested >= MAX_NESTED {
            self.is_endless = true;
            return TypeExpr::Unknown;
        }
        let (index, named) = self.made.add(site, &text, params);
        // What stands inside is called after the new item: another one may be made at this place.
        if let Some(item) = self.made.items.get(index) {
            own.path.clone_from(&item.name);
            own.owner_rust.clone_from(&item.rust);
            own.member.clear();
        }
        self.nested += 1;
        let shape = shape(self, &own);
        self.nested -= 1;
        self.made.fill(index, shape);
        // A generic type must know it of what it is given.
        if let Some(item) = self.made.items.get(index)
            && super::holds_secrets(self.items, item, &self.secrets)
        {
            self.secrets.insert(item.name.clone());
        }
        named
    }

    fn unknown(&mut self, site: &Site, ty: &TypeExpr) -> TypeExpr {
        self.warn(site, "simplified-type", &format!("the type `{}`", Brief(ty)));
        TypeExpr::Unknown
    }
}

/// Whether a type is a function, or may be one.
pub(super) fn is_function(ty: &TypeExpr) -> bool {
    match ty {
        TypeExpr::Function(_) => true,
        TypeExpr::Union(parts) => parts.iter().any(is_function),
        _ => false,
    }
}

/// A function that takes and gives anything; `NewableFunction` is what any constructor is called.
fn any_function(name: &str) -> TypeExpr {
    TypeExpr::Function(Box::new(FunctionType {
        construct: name == "NewableFunction",
        type_params: Vec::new(),
        params: vec![FunctionParam {
            name: "args".to_owned(),
            ty: Some(TypeExpr::Array(Box::new(TypeExpr::Any))),
            optional: false,
            rest: true,
        }],
        returns: TypeExpr::Any,
    }))
}

/// A function that takes nothing.
fn giving(returns: TypeExpr) -> FunctionType {
    FunctionType { construct: false, type_params: Vec::new(), params: Vec::new(), returns }
}

/// Whether a type of the language hands on, at some time, what it is generic over.
pub(super) fn is_handed_on(name: &str) -> bool {
    matches!(name, "Promise" | "PromiseLike" | "Observable")
}

/// Whether a type speaks of one of these names.
pub(super) fn mentions(ty: &TypeExpr, names: &[String]) -> bool {
    let mut found = false;
    ty.walk(&mut |ty| {
        found |= matches!(ty, TypeExpr::Ref { name, .. } if names.contains(name));
    });
    found
}

/// Whether only its arguments decide what a generic alias is.
pub(super) fn is_computed(ty: &TypeExpr) -> bool {
    let mut found = false;
    ty.walk(&mut |ty| {
        found |= matches!(
            ty,
            TypeExpr::Conditional(_)
                | TypeExpr::Mapped(_)
                | TypeExpr::KeyOf(_)
                | TypeExpr::Indexed { .. }
                | TypeExpr::Intersection(_)
        ) || matches!(ty, TypeExpr::Ref { name, .. } if matches!(
            name.as_str(),
            "Partial" | "Required" | "Pick" | "Omit" | "Exclude" | "Extract" | "ReturnType"
                | "Parameters" | "InstanceType" | "NonNullable" | "Awaited"
        ));
    });
    found
}
