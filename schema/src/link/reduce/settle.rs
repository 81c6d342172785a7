//! What the compiler of TypeScript works out of a type before anybody looks at its members: aliases with arguments,
//! indexed access, conditional types with what they infer, templates.

use std::collections::BTreeMap;

use super::{Reducer, members, site::Site, substitute::Arguments, texts};
use crate::{
    model::{EnumValue, External, Item, Shape},
    type_expr::{
        ConditionalType, Field, FunctionType, ObjectMember, TemplatePart, TupleElement, TypeExpr,
    },
};

/// How many parts the arguments of an alias may have.
const MAX_ARGUMENT: usize = 2_000;

/// What a conditional type infers, by name.
type Inferred = BTreeMap<String, TypeExpr>;

/// Whether something is inferred in a type.
fn infers(ty: &TypeExpr) -> bool {
    let mut found = false;
    ty.walk(&mut |ty| found |= matches!(ty, TypeExpr::Infer(_)));
    found
}

impl Reducer<'_> {
    /// The type with its outermost operation carried out, aliases followed; none where what it is cannot be known.
    pub(super) fn head(&self, site: &Site, ty: &TypeExpr, depth: usize) -> Option<TypeExpr> {
        let depth = depth.checked_sub(1)?;
        if !self.spend() {
            return None;
        }
        match ty {
            TypeExpr::Ref { name, args } => {
                if args.is_empty() && site.scope.contains(name) {
                    return None;
                }
                if let Some(item) = self.items.get(name) {
                    return match &item.shape {
                        Shape::Alias { .. } => {
                            let expanded = self.expanded(site, item, args, depth)?;
                            self.head(site, &expanded, depth)
                        }
                        _ => Some(ty.clone()),
                    };
                }
                match (name.as_str(), args.as_slice()) {
                    ("Exclude" | "Extract", [from, what]) => {
                        let keep = name == "Extract";
                        let left = self.filtered(site, from, what, keep, depth)?;
                        self.head(site, &left, depth)
                    }
                    ("NonNullable", [inner]) => {
                        Some(without_absence(self.head(site, inner, depth)?))
                    }
                    ("NoInfer", [inner]) => self.head(site, inner, depth),
                    ("Awaited", [inner]) => match self.head(site, inner, depth)? {
                        TypeExpr::Ref { name, args }
                            if matches!(name.as_str(), "Promise" | "PromiseLike") =>
                        {
                            let promised = TypeExpr::Ref { name: "Awaited".to_owned(), args };
                            self.head(site, &promised, depth)
                        }
                        inner => Some(inner),
                    },
                    (
                        "ReturnType" | "InstanceType" | "Parameters" | "ConstructorParameters",
                        [of],
                    ) => self.head(site, &self.of_function(site, name, of, depth)?, depth),
                    ("Uppercase" | "Lowercase" | "Capitalize" | "Uncapitalize", [_]) => {
                        Some(self.keys(site, ty, depth).map_or_else(|| ty.clone(), texts::literals))
                    }
                    _ => Some(ty.clone()),
                }
            }
            TypeExpr::Indexed { object, index } => {
                let found = self.indexed(site, object, index, depth)?;
                self.head(site, &found, depth)
            }
            TypeExpr::Conditional(conditional) => {
                let chosen = self.chosen(site, conditional, depth)?;
                self.head(site, &chosen, depth)
            }
            TypeExpr::KeyOf(_) => self.keys(site, ty, depth).map(texts::literals),
            // `"a" & string`
            TypeExpr::Intersection(parts) => {
                let value =
                    |ty: &TypeExpr| matches!(ty, TypeExpr::Literal(_) | TypeExpr::NumberLiteral(_));
                let mut heads = parts.iter().filter_map(|part| self.head(site, part, depth));
                Some(heads.find(value).unwrap_or_else(|| ty.clone()))
            }
            TypeExpr::TypeOf { name, .. } => self.value(name),
            TypeExpr::Template(_) => {
                Some(self.keys(site, ty, depth).map_or_else(|| ty.clone(), texts::literals))
            }
            _ => Some(ty.clone()),
        }
    }

    /// What an alias stands for with these arguments. Over the parts of a union that is given for the parameter which
    /// they judge, conditional types are worked out one by one, and so are mapped types.
    pub(super) fn expanded(
        &self,
        site: &Site,
        item: &Item,
        args: &[TypeExpr],
        depth: usize,
    ) -> Option<TypeExpr> {
        let Shape::Alias { ty: body, .. } = &item.shape else { return None };
        // What is given to itself again grows without end.
        if !self.affords(args) {
            return None;
        }
        let mut arguments = Arguments::of(item, args);
        let judged = match body {
            TypeExpr::Conditional(conditional) => &conditional.check,
            TypeExpr::Mapped(mapped) => match &mapped.keys {
                TypeExpr::KeyOf(of) => of,
                _ => &TypeExpr::Never,
            },
            _ => &TypeExpr::Never,
        };
        if let TypeExpr::Ref { name, args } = judged
            && args.is_empty()
            && let Some(argument) = arguments.get(name).cloned()
        {
            let Some(parts) = self.parts_of_union(site, &argument, depth) else {
                return Some(self.expanded_one(site, body, &arguments, &argument, depth));
            };
            let name = name.clone();
            let one = |part: &TypeExpr| {
                arguments.set(&name, part.clone());
                let mut one = self.expanded_one(site, body, &arguments, part, depth);
                while let TypeExpr::Conditional(conditional) = &one
                    && let Some(chosen) = self.chosen(site, conditional, depth)
                {
                    one = chosen;
                }
                one
            };
            let expanded: Vec<TypeExpr> = parts.iter().map(one).collect();
            // What comes through as it is keeps its name.
            if expanded == parts && !parts.is_empty() {
                return Some(argument);
            }
            let parts = expanded;
            return Some(if parts.is_empty() { TypeExpr::Never } else { TypeExpr::Union(parts) });
        }
        let mut body = body.clone();
        arguments.apply(&mut body);
        Some(body)
    }

    /// What an alias stands for whose parameter is this. A mapped type leaves values without members as they are, and
    /// goes through lists.
    pub(super) fn expanded_one(
        &self,
        site: &Site,
        body: &TypeExpr,
        arguments: &Arguments,
        argument: &TypeExpr,
        depth: usize,
    ) -> TypeExpr {
        if let TypeExpr::Mapped(mapped) = body
            && let Some(head) = self.head(site, argument, depth)
        {
            let item = |key: TypeExpr| {
                let mut ty = mapped.ty.clone();
                Arguments::one(&mapped.key, key).apply(&mut ty);
                arguments.apply(&mut ty);
                ty
            };
            match head {
                head if is_plain(&head) => return argument.clone(),
                TypeExpr::Ref { name, args } if args.is_empty() && self.is_enum(&name) => {
                    return argument.clone();
                }
                // Keys that have other names are those of members; a list has other ones.
                _ if mapped.renamed.is_some() => {}
                TypeExpr::Array(_) => return TypeExpr::Array(Box::new(item(TypeExpr::Number))),
                TypeExpr::ReadonlyArray(_) => {
                    return TypeExpr::ReadonlyArray(Box::new(item(TypeExpr::Number)));
                }
                TypeExpr::Tuple { readonly, elements }
                    if elements.iter().all(|element| !element.rest) =>
                {
                    let elements = elements.into_iter().enumerate().map(|(index, element)| {
                        let ty = item(TypeExpr::NumberLiteral(index.to_string()));
                        TupleElement { ty, ..element }
                    });
                    return TypeExpr::Tuple { readonly, elements: elements.collect() };
                }
                _ => {}
            }
        }
        let mut body = body.clone();
        arguments.apply(&mut body);
        body
    }

    /// The parts of a type that is a union when its aliases are followed.
    pub(super) fn parts_of_union(
        &self,
        site: &Site,
        ty: &TypeExpr,
        depth: usize,
    ) -> Option<Vec<TypeExpr>> {
        match self.head(site, ty, depth)? {
            TypeExpr::Union(parts) => {
                let mut all = Vec::new();
                for part in parts {
                    match self.parts_of_union(site, &part, depth.checked_sub(1)?) {
                        Some(inner) => all.extend(inner),
                        None => all.push(part),
                    }
                }
                Some(all)
            }
            TypeExpr::Never => Some(Vec::new()),
            TypeExpr::Ref { name, args } if args.is_empty() => {
                let Shape::Enum { members } = &self.items.get(&name)?.shape else { return None };
                let value = |member: &crate::model::EnumMember| {
                    TypeExpr::named(format!("{name}.{}", member.name))
                };
                Some(members.iter().map(value).collect())
            }
            _ => None,
        }
    }

    /// The branch of a conditional type that is taken, with what was inferred.
    pub(super) fn chosen(
        &self,
        site: &Site,
        conditional: &ConditionalType,
        depth: usize,
    ) -> Option<TypeExpr> {
        let mut inferred = Inferred::new();
        if self.fits(site, &conditional.check, &conditional.extends, &mut inferred, depth)? {
            let mut then = conditional.then.clone();
            // Of `never` nothing can be inferred.
            conditional.extends.walk(&mut |ty| {
                if let TypeExpr::Infer(param) = ty {
                    inferred.entry(param.name.clone()).or_insert(TypeExpr::Unknown);
                }
            });
            Arguments::all(inferred).apply(&mut then);
            return Some(then);
        }
        Some(conditional.otherwise.clone())
    }

    /// Whether a type fits another one; none where that cannot be known.
    pub(super) fn fits(
        &self,
        site: &Site,
        ty: &TypeExpr,
        other: &TypeExpr,
        inferred: &mut Inferred,
        depth: usize,
    ) -> Option<bool> {
        let depth = depth.checked_sub(1)?;
        if !self.spend() {
            return None;
        }
        if let TypeExpr::Infer(param) = other {
            if let Some(bound) = &param.extends
                && !self.fits(site, ty, bound, &mut Inferred::new(), depth)?
            {
                return Some(false);
            }
            let found = match inferred.remove(&param.name) {
                Some(known) if known != *ty => TypeExpr::Union(vec![known, ty.clone()]),
                _ => ty.clone(),
            };
            inferred.insert(param.name.clone(), found);
            return Some(true);
        }
        if matches!(other, TypeExpr::Unknown | TypeExpr::Any) || ty == other {
            return Some(true);
        }
        // The same type with arguments, before aliases are followed.
        if let (TypeExpr::Ref { name, args }, TypeExpr::Ref { name: of, args: wanted }) =
            (ty, other)
            && name == of
            && !args.is_empty()
            && args.len() == wanted.len()
            && !matches!(self.items.get(name).map(|item| &item.shape), Some(Shape::Alias { .. }))
        {
            return self.all_fit(site, args.iter().zip(wanted), inferred, depth);
        }
        // What extends the other one states its arguments.
        if let (TypeExpr::Ref { name, args }, TypeExpr::Ref { name: of, args: wanted }) =
            (ty, other)
            && wanted.iter().any(infers)
            && let Some(given) = self.arguments_of_base(name, args, of, depth)
            && given.len() == wanted.len()
        {
            return self.all_fit(site, given.iter().zip(wanted), inferred, depth);
        }
        let ty = self.head(site, ty, depth)?;
        let other = match other {
            TypeExpr::Template(_) => other.clone(),
            other => self.head(site, other, depth)?,
        };
        if ty == other {
            return Some(true);
        }
        match (&ty, &other) {
            (TypeExpr::Unknown | TypeExpr::Any | TypeExpr::Opaque(_), _) => None,
            (_, TypeExpr::Unknown | TypeExpr::Any) | (TypeExpr::Never, _) => Some(true),
            (_, TypeExpr::Never) => Some(false),
            (TypeExpr::Union(parts), _) => {
                self.all_fit(site, parts.iter().map(|part| (part, &other)), inferred, depth)
            }
            (_, TypeExpr::Union(parts)) => {
                let mut sure = true;
                for part in parts {
                    match self.fits(site, &ty, part, inferred, depth) {
                        Some(true) => return Some(true),
                        Some(false) => {}
                        None => sure = false,
                    }
                }
                sure.then_some(false)
            }
            (TypeExpr::Ref { name, args }, _) if args.is_empty() && self.is_enum(name) => {
                self.enum_fits(name, &other)
            }
            (TypeExpr::Literal(text), TypeExpr::Template(pattern)) => {
                Some(self.text_fits(site, text, pattern, inferred, depth))
            }
            (TypeExpr::Literal(_) | TypeExpr::Template(_), TypeExpr::String)
            | (TypeExpr::NumberLiteral(_), TypeExpr::Number)
            | (TypeExpr::BooleanLiteral(_), TypeExpr::Boolean)
            | (TypeExpr::Undefined, TypeExpr::Void) => Some(true),
            (_, TypeExpr::Inline(fields)) if fields.is_empty() => {
                Some(!matches!(ty, TypeExpr::Null | TypeExpr::Undefined | TypeExpr::Void))
            }
            (_, TypeExpr::Object) => Some(!is_plain(&ty)),
            (_, other) if is_plain(other) => (is_plain(&ty) || self.is_known(&ty)).then_some(false),
            (TypeExpr::Intersection(parts), _) => {
                let any = parts
                    .iter()
                    .any(|part| self.fits(site, part, &other, inferred, depth) == Some(true));
                if any {
                    Some(true)
                } else {
                    self.has_members_of(site, &ty, &other, inferred, depth)
                }
            }
            (_, TypeExpr::Array(wanted) | TypeExpr::ReadonlyArray(wanted)) => match &ty {
                TypeExpr::ReadonlyArray(_) if matches!(other, TypeExpr::Array(_)) => Some(false),
                TypeExpr::Array(item) | TypeExpr::ReadonlyArray(item) => {
                    self.fits(site, item, wanted, inferred, depth)
                }
                TypeExpr::Tuple { elements, .. } => {
                    let items = elements.iter().map(element).collect();
                    self.fits(site, &TypeExpr::Union(items), wanted, inferred, depth)
                }
                ty => (is_plain(ty) || self.is_known(ty)).then_some(false),
            },
            (_, TypeExpr::Tuple { elements: wanted, .. }) => match &ty {
                TypeExpr::Tuple { elements, .. } => {
                    self.elements_fit(site, elements, wanted, inferred, depth)
                }
                TypeExpr::Array(_) | TypeExpr::ReadonlyArray(_) => Some(false),
                ty => (is_plain(ty) || self.is_known(ty)).then_some(false),
            },
            (TypeExpr::Function(function), TypeExpr::Function(wanted)) => {
                self.function_fits(site, function, wanted, inferred, depth)
            }
            (_, TypeExpr::Ref { name, .. })
                if matches!(name.as_str(), "Function" | "CallableFunction" | "NewableFunction")
                    && !self.items.contains_key(name) =>
            {
                match &ty {
                    TypeExpr::Function(function) => Some(match name.as_str() {
                        "CallableFunction" => !function.construct,
                        "NewableFunction" => function.construct,
                        _ => true,
                    }),
                    TypeExpr::Ref { name: of, .. } if of == name => Some(true),
                    ty => (is_plain(ty) || self.is_known(ty)).then_some(false),
                }
            }
            (_, TypeExpr::Function(_)) => match &ty {
                TypeExpr::Ref { .. } | TypeExpr::ObjectType(_) => None,
                ty => (is_plain(ty) || self.is_known(ty)).then_some(false),
            },
            (ty, _) if is_plain(ty) => match &other {
                TypeExpr::Ref { name, .. } if self.externals.contains_key(name) => {
                    (self.externals.get(name) == Some(&External::Builtin)).then_some(false)
                }
                _ => Some(false),
            },
            (TypeExpr::Ref { name, .. }, TypeExpr::Ref { name: of, .. })
                if !self.items.contains_key(name) || !self.items.contains_key(of) =>
            {
                // Types of the platform with two names are two types; of others nobody knows.
                let known = |name: &String| {
                    self.items.contains_key(name)
                        || self.externals.get(name) == Some(&External::Builtin)
                };
                (name != of && known(name) && known(of)).then_some(false)
            }
            _ => self.has_members_of(site, &ty, &other, inferred, depth),
        }
    }

    fn all_fit<'t>(
        &self,
        site: &Site,
        pairs: impl Iterator<Item = (&'t TypeExpr, &'t TypeExpr)>,
        inferred: &mut Inferred,
        depth: usize,
    ) -> Option<bool> {
        let mut sure = true;
        for (ty, wanted) in pairs {
            match self.fits(site, ty, wanted, inferred, depth) {
                Some(true) => {}
                Some(false) => return Some(false),
                None => sure = false,
            }
        }
        sure.then_some(true)
    }

    fn elements_fit(
        &self,
        site: &Site,
        elements: &[TupleElement],
        wanted: &[TupleElement],
        inferred: &mut Inferred,
        depth: usize,
    ) -> Option<bool> {
        if elements.iter().any(|element| element.rest || element.optional) {
            return None;
        }
        let Some((last, before)) = wanted.split_last().filter(|(last, _)| last.rest) else {
            if wanted.iter().any(|element| element.rest || element.optional) {
                return None;
            }
            if elements.len() != wanted.len() {
                return Some(false);
            }
            let pairs = elements.iter().zip(wanted).map(|(one, other)| (&one.ty, &other.ty));
            return self.all_fit(site, pairs, inferred, depth);
        };
        if before.iter().any(|element| element.rest || element.optional) {
            return None;
        }
        if elements.len() < before.len() {
            return Some(false);
        }
        let (first, rest) = elements.split_at(before.len());
        let pairs = first.iter().zip(before).map(|(one, other)| (&one.ty, &other.ty));
        if !self.all_fit(site, pairs, inferred, depth)? {
            return Some(false);
        }
        let rest = TypeExpr::Tuple { readonly: false, elements: rest.to_vec() };
        self.fits(site, &rest, &last.ty, inferred, depth)
    }

    /// Parameters are held against each other as far as something is inferred of them; what a function takes beside
    /// them is its own affair.
    fn function_fits(
        &self,
        site: &Site,
        function: &FunctionType,
        wanted: &FunctionType,
        inferred: &mut Inferred,
        depth: usize,
    ) -> Option<bool> {
        if function.construct != wanted.construct {
            return Some(false);
        }
        for (index, param) in wanted.params.iter().enumerate() {
            let Some(ty) = &param.ty else { continue };
            let given = if param.rest {
                let rest = function.params.iter().skip(index).map(|param| TupleElement {
                    name: Some(param.name.clone()),
                    ty: param.ty.clone().unwrap_or(TypeExpr::Unknown),
                    optional: param.optional,
                    rest: param.rest,
                });
                TypeExpr::Tuple { readonly: false, elements: rest.collect() }
            } else {
                match function.params.get(index) {
                    Some(param) => param.ty.clone().unwrap_or(TypeExpr::Unknown),
                    None => continue,
                }
            };
            if let TypeExpr::Infer(_) = ty {
                self.fits(site, &given, ty, inferred, depth);
            }
        }
        if matches!(wanted.returns, TypeExpr::Void | TypeExpr::Unknown | TypeExpr::Any) {
            return Some(true);
        }
        self.fits(site, &function.returns, &wanted.returns, inferred, depth)
    }

    /// The arguments that a type gives to one of its bases, or a base of it does.
    fn arguments_of_base(
        &self,
        name: &str,
        args: &[TypeExpr],
        base: &str,
        depth: usize,
    ) -> Option<Vec<TypeExpr>> {
        let depth = depth.checked_sub(1)?;
        let item = self.items.get(name)?;
        if !self.spend() || !self.affords(args) {
            return None;
        }
        item.extends.iter().find_map(|extended| {
            let mut extended = extended.clone();
            Arguments::of(item, args).apply(&mut extended);
            match extended {
                TypeExpr::Ref { name, args } if name == base => Some(args),
                TypeExpr::Ref { name, args } => self.arguments_of_base(&name, &args, base, depth),
                _ => None,
            }
        })
    }

    /// Whether the members of a type are there in another one, and fit.
    fn has_members_of(
        &self,
        site: &Site,
        ty: &TypeExpr,
        other: &TypeExpr,
        inferred: &mut Inferred,
        depth: usize,
    ) -> Option<bool> {
        let wanted: Vec<Field> = match other {
            TypeExpr::Inline(fields) => fields.clone(),
            TypeExpr::ObjectType(parts) => parts
                .iter()
                .map(|part| match part {
                    ObjectMember::Property(field) => Some(field.clone()),
                    ObjectMember::Index(_) | ObjectMember::Call(_) => None,
                })
                .collect::<Option<_>>()?,
            other => {
                let members = self.members_of(site, other)?;
                if !members.calls.is_empty() || !members.index.is_empty() {
                    return None;
                }
                let methods = members.methods.iter().map(|method| Field {
                    name: method.name.clone(),
                    ty: TypeExpr::Unknown,
                    optional: method.optional,
                    readonly: false,
                });
                let accessors = members.accessors.iter().map(|accessor| Field {
                    name: accessor.name.clone(),
                    ty: accessor.get.clone().unwrap_or(TypeExpr::Unknown),
                    optional: false,
                    readonly: true,
                });
                let properties = members.properties.iter().map(|property| Field {
                    name: property.name.clone(),
                    ty: members::whole(property),
                    optional: property.optional,
                    readonly: property.readonly,
                });
                properties.chain(methods).chain(accessors).collect()
            }
        };
        if matches!(ty, TypeExpr::Function(_) | TypeExpr::Array(_)) {
            return None;
        }
        let members = self.members_of(site, ty)?;
        let mut pairs = Vec::new();
        for field in &wanted {
            let property = members.properties.iter().find(|one| one.name == field.name);
            let found = match property {
                Some(property) if property.optional && !field.optional => return Some(false),
                Some(property) => members::whole(property),
                None if members.methods.iter().any(|one| one.name == field.name) => continue,
                None => match members.accessors.iter().find(|one| one.name == field.name) {
                    Some(accessor) => accessor.get.clone().unwrap_or(TypeExpr::Unknown),
                    None if field.optional => continue,
                    None if members.index.is_empty() => return Some(false),
                    None => return None,
                },
            };
            pairs.push((found, &field.ty));
        }
        self.all_fit(site, pairs.iter().map(|(found, wanted)| (found, *wanted)), inferred, depth)
    }

    fn text_fits(
        &self,
        site: &Site,
        text: &str,
        pattern: &[TemplatePart],
        inferred: &mut Inferred,
        depth: usize,
    ) -> bool {
        let Some((first, rest)) = pattern.split_first() else { return text.is_empty() };
        match first {
            TemplatePart::Text(start) => text
                .strip_prefix(start.as_str())
                .is_some_and(|text| self.text_fits(site, text, rest, inferred, depth)),
            TemplatePart::Type(ty) => {
                // The shortest text that the rest fits after; of two types side by side the first takes one character.
                let cut = match rest.first() {
                    None => Some(text.len()),
                    Some(TemplatePart::Text(next)) => text.find(next.as_str()),
                    Some(TemplatePart::Type(_)) => text.chars().next().map(char::len_utf8),
                };
                let Some((taken, left)) = cut.and_then(|cut| text.split_at_checked(cut)) else {
                    return false;
                };
                let taken = match ty {
                    TypeExpr::Number if taken.parse::<f64>().is_ok() => {
                        TypeExpr::NumberLiteral(taken.to_owned())
                    }
                    _ => TypeExpr::Literal(taken.to_owned()),
                };
                self.fits(site, &taken, ty, inferred, depth) == Some(true)
                    && self.text_fits(site, left, rest, inferred, depth)
            }
        }
    }

    fn is_enum(&self, name: &str) -> bool {
        let owner = match self.items.get(name) {
            Some(item) => Some(item),
            None => name.rsplit_once('.').and_then(|(owner, _)| self.items.get(owner)),
        };
        owner.is_some_and(|item| matches!(item.shape, Shape::Enum { .. }))
    }

    /// Whether an enumeration or a value of one fits another type.
    fn enum_fits(&self, name: &str, other: &TypeExpr) -> Option<bool> {
        let value = |name: &str| {
            let (owner, member) = name.rsplit_once('.')?;
            let Shape::Enum { members } = &self.items.get(owner)?.shape else { return None };
            members.iter().find(|one| one.name == member)?.value.clone()
        };
        let (own, values): (Option<&str>, Vec<Option<EnumValue>>) = match self.items.get(name) {
            Some(item) => match &item.shape {
                Shape::Enum { members } => {
                    (Some(name), members.iter().map(|member| member.value.clone()).collect())
                }
                _ => return None,
            },
            None => (name.rsplit_once('.').map(|(owner, _)| owner), vec![value(name)]),
        };
        match other {
            TypeExpr::Ref { name: of, .. } if Some(of.as_str()) == own => Some(true),
            TypeExpr::Ref { name: of, .. } if self.is_enum(of) => {
                Some(values.len() == 1 && value(of).is_some() && values.first() == Some(&value(of)))
            }
            TypeExpr::String | TypeExpr::Number => {
                let mut all = values.into_iter().flatten();
                Some(all.all(|value| {
                    matches!(value, EnumValue::Text(_)) == (*other == TypeExpr::String)
                }))
            }
            TypeExpr::NumberLiteral(text) => match values.as_slice() {
                [Some(EnumValue::Number(number))] => Some(number.to_string() == *text),
                _ => Some(false),
            },
            other => (is_plain(other) || self.is_known(other)).then_some(false),
        }
    }

    /// Whether what a type is made of is known here.
    fn is_known(&self, ty: &TypeExpr) -> bool {
        match ty {
            TypeExpr::Ref { name, .. } => {
                self.items.contains_key(name)
                    || self.externals.get(name) == Some(&External::Builtin)
                    || self.is_enum(name)
            }
            TypeExpr::Inline(_)
            | TypeExpr::ObjectType(_)
            | TypeExpr::Mapped(_)
            | TypeExpr::Array(_)
            | TypeExpr::ReadonlyArray(_)
            | TypeExpr::Tuple { .. }
            | TypeExpr::Object
            | TypeExpr::Intersection(_)
            | TypeExpr::Symbol
            | TypeExpr::Function(_) => true,
            _ => false,
        }
    }

    /// The type with the bounds of parameters in the place of those: what it is at most.
    pub(super) fn bounded(&self, site: &Site, ty: &TypeExpr) -> Option<TypeExpr> {
        let mut bounded = ty.clone();
        // A bound may speak of other parameters: `K extends keyof T`.
        for _ in 0..3 {
            Arguments::all((*site.bounds).clone()).apply(&mut bounded);
            // One that speaks of itself grows with each of them.
            if !self.affords(std::slice::from_ref(&bounded)) {
                return None;
            }
        }
        (bounded != *ty).then_some(bounded)
    }

    /// Whether types are small enough to be put in the place of others, which costs steps.
    pub(super) fn affords(&self, types: &[TypeExpr]) -> bool {
        let mut size = 0_usize;
        types.iter().for_each(|ty| ty.walk(&mut |_| size += 1));
        size <= MAX_ARGUMENT && self.spend_many(size)
    }
}

fn element(element: &TupleElement) -> TypeExpr {
    match &element.ty {
        TypeExpr::Array(item) | TypeExpr::ReadonlyArray(item) if element.rest => (**item).clone(),
        ty => ty.clone(),
    }
}

/// The type without `null` and `undefined`.
pub(super) fn without_absence(ty: TypeExpr) -> TypeExpr {
    let TypeExpr::Union(mut parts) = ty else { return ty };
    parts.retain(|part| !matches!(part, TypeExpr::Null | TypeExpr::Undefined));
    match parts.len() {
        0 => TypeExpr::Never,
        1 => parts.remove(0),
        _ => TypeExpr::Union(parts),
    }
}

/// Whether a type is a value that has no members of its own.
fn is_plain(ty: &TypeExpr) -> bool {
    matches!(
        ty,
        TypeExpr::String
            | TypeExpr::Number
            | TypeExpr::Boolean
            | TypeExpr::BigInt
            | TypeExpr::Literal(_)
            | TypeExpr::NumberLiteral(_)
            | TypeExpr::BooleanLiteral(_)
            | TypeExpr::Template(_)
            | TypeExpr::Null
            | TypeExpr::Undefined
            | TypeExpr::Void
            | TypeExpr::Symbol
    )
}
