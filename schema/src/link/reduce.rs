//! Types worked out as far as they are finite over known types, so that generators meet few forms:
//! utility types, intersections, indexed, conditional and mapped types become members; objects and
//! unions that stand inside other types become items of their own, named after where they stand.
//!
//! What cannot be worked out is any JSON value, for that member only, and a warning says so.

mod circles;
mod declared;
mod evaluate;
mod members;
mod names;
mod secrets;
mod settle;
mod site;
mod substitute;
mod texts;
mod unions;
mod unused;

use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
};

pub(super) use self::unused::drop_parameters;
use self::{declared::Declared, names::Made, site::Site, substitute::Arguments};
use crate::{
    diagnostic::Diagnostic,
    model::{External, Item, Members, Method, Property, Shape},
    secret,
    type_expr::{FunctionType, TypeExpr, TypeParam},
};

/// How deep a type may lead through others.
const MAX_DEPTH: usize = 64;

/// The code of the warning about aliases that are functions over types.
const TYPE_FUNCTION: &str = "type-function";

/// How deep types in place may lead to more of their kind, with other arguments each time.
const MAX_NESTED: usize = 16;

/// How deep types may lead through others and through the items that come of them.
const MAX_NESTING: usize = 2 * MAX_DEPTH;

/// How many members a type may come to.
const MAX_MEMBERS: usize = 10_000;

/// How many steps the types of one item may take, and parts of types be copied: types that compute may do so for ever.
const MAX_STEPS: usize = 200_000;

/// The items with their types worked out, and the items that came of it.
pub(super) fn reduce(
    mut items: BTreeMap<String, Item>,
    externals: &BTreeMap<String, External>,
) -> (BTreeMap<String, Item>, Vec<Diagnostic>) {
    let names: BTreeSet<String> = items.keys().cloned().collect();
    let is_item = |name: &str| names.contains(name);
    items.values_mut().for_each(|item| substitute::distinct_item_params(item, &is_item));
    let items = &items;
    let open = secrets::open(items);
    let absent = absence(items);
    let made = Made::new(items);
    let secrets = holders_of_secrets(items);
    let mut reducer = Reducer {
        items,
        externals,
        secrets,
        absent,
        declared: Declared::new(items),
        made,
        nested: 0,
        steps: Cell::new(0),
        is_endless: false,
        nesting: 0,
        warnings: Vec::new(),
    };
    let mut reduced = BTreeMap::new();
    for (name, item) in items {
        reduced.insert(name.clone(), reducer.item(item.clone()));
    }
    let Reducer { declared, mut made, mut warnings, .. } = reducer;
    let named = |items: Vec<Item>| items.into_iter().map(|item| (item.name.clone(), item));
    reduced.extend(named(std::mem::take(&mut made.items)));
    declared::share(&mut reduced, items, &declared, &mut made);
    reduced.extend(named(made.items));
    circles::end_circles(&mut reduced, &mut warnings);
    secrets::seal(&mut reduced, &open);
    unused::drop_unused(&mut reduced, &mut warnings);
    (reduced, warnings)
}

struct Reducer<'a> {
    items: &'a BTreeMap<String, Item>,
    externals: &'a BTreeMap<String, External>,
    /// The items that hold secrets.
    secrets: BTreeSet<String>,
    /// The aliases that may be null or undefined, and which of the two.
    absent: BTreeMap<String, Vec<TypeExpr>>,
    declared: Declared,
    made: Made,
    /// How many types in place lead to where the reduction is.
    nested: usize,
    /// How many steps are left for the item.
    steps: Cell<usize>,
    /// Whether a type led on without an end.
    is_endless: bool,
    warnings: Vec<Diagnostic>,
    /// How many types are being worked out, each inside the one before.
    nesting: usize,
}

impl Reducer<'_> {
    /// Takes a step, unless none is left.
    fn spend(&self) -> bool {
        self.spend_many(1)
    }

    /// Takes as many steps as what is copied has parts.
    fn spend_many(&self, steps: usize) -> bool {
        let left = self.steps.get();
        self.steps.set(left.saturating_sub(steps));
        left > 0
    }

    fn item(&mut self, mut item: Item) -> Item {
        self.steps.set(MAX_STEPS);
        let site = Site::of_item(&item);
        for param in &mut item.type_params {
            self.param(&site, param);
        }
        // Rust wants defaults at the end; what is left out elsewhere is given.
        let last = item.type_params.iter().rposition(|param| param.default.is_none());
        for param in item.type_params.iter_mut().take(last.unwrap_or_default()) {
            param.default = None;
        }
        let whole = std::mem::replace(&mut item.shape, Shape::Function { signatures: Vec::new() });
        item.shape = match whole {
            Shape::Interface(mut members) => {
                // Whether what a secret stands beside may be shown, a generic type cannot know: it
                // is worked out for the arguments that it is given.
                self.bases(&site, &mut item.extends, &mut members);
                if !item.type_params.is_empty() && self.secrets.contains(&item.name) {
                    Arguments::of(&item, &[]).apply_to(&mut members);
                    item.type_params.clear();
                }
                self.members(&site, &mut members);
                Shape::Interface(members)
            }
            Shape::Class(mut members) => {
                self.bases(&site, &mut item.extends, &mut members);
                self.members(&site, &mut members);
                Shape::Class(members)
            }
            Shape::Error(mut members) => {
                // An error is one type, whatever it is generic over.
                Arguments::of(&item, &[]).apply_to(&mut members);
                item.type_params.clear();
                self.members(&site, &mut members);
                let params = members.constructors.iter_mut().flat_map(|one| &mut one.params);
                for property in members.properties.iter_mut().chain(params) {
                    let site = site.at(&property.name, &property.place);
                    if !unions::is_texts(&property.ty) {
                        property.ty = self.inner(&site, &property.ty);
                    }
                }
                Shape::Error(members)
            }
            Shape::Alias { ty, meanings } => self.alias(&site, ty, meanings),
            Shape::Function { mut signatures } => {
                signatures.iter_mut().for_each(|method| self.method(&site, method));
                Shape::Function { signatures }
            }
            Shape::Variable { ty, value } => {
                let has_one_value = matches!(
                    ty,
                    TypeExpr::Literal(_) | TypeExpr::NumberLiteral(_) | TypeExpr::BooleanLiteral(_)
                );
                let ty = if has_one_value {
                    ty
                } else {
                    self.whole(&site.at("value", &item.place), &ty)
                };
                Shape::Variable { ty, value }
            }
            shape @ (Shape::Enum { .. } | Shape::Rpc(_) | Shape::Element { .. }) => shape,
        };
        for base in item.extends.iter_mut().chain(&mut item.implements) {
            if let TypeExpr::Ref { args, .. } = base {
                args.iter_mut().for_each(|arg| *arg = self.inner(&site, arg));
            }
        }
        item
    }

    fn param(&mut self, site: &Site, param: &mut TypeParam) {
        // Bounds of Rust are others; what a parameter is by default counts.
        param.extends = None;
        param.default = param.default.as_ref().map(|ty| self.inner(site, ty));
        // A default that speaks of other parameters is given wherever it counts.
        let speaks = param.default.as_ref().is_some_and(|ty| evaluate::mentions(ty, &site.scope));
        if speaks {
            param.default = None;
        }
    }

    /// The members of an alias of an object type are an interface; other types stay an alias.
    fn alias(&mut self, site: &Site, ty: TypeExpr, meanings: BTreeMap<String, String>) -> Shape {
        if self.is_object_type(&ty)
            && let Some(mut members) = self.members_of(site, &ty)
        {
            self.members(site, &mut members);
            return Shape::Interface(members);
        }
        if let Some(members) = unions::numbers(&ty) {
            return Shape::Enum { members };
        }
        let before = self.warnings.len();
        let computes = !site.scope.is_empty() && evaluate::is_computed(&ty);
        // Another name of a promise is one of what it promises.
        let is_promise = matches!(&ty, TypeExpr::Ref { name, .. } if name == "Promise" || name == "PromiseLike")
            && !self.items.contains_key("Promise");
        let mut ty = if is_promise { self.inner(site, &ty) } else { self.whole(site, &ty) };
        // What its arguments decide is worked out where it is given some; alone it is nothing.
        if computes && self.warnings.len() > before {
            self.warnings.truncate(before);
            let message = format!(
                "`{}` is worked out where it is used, and has no type of its own without its arguments",
                site.path
            );
            self.warnings.push(Diagnostic::warning(TYPE_FUNCTION, site.place.clone(), message));
            ty = TypeExpr::Unknown;
        }
        // Where the alias is mentioned, it may be absent.
        if let TypeExpr::Union(parts) = &mut ty
            && self.absent.contains_key(&site.owner)
        {
            parts.retain(|part| !matches!(part, TypeExpr::Null | TypeExpr::Undefined));
            if let [only] = parts.as_slice() {
                ty = only.clone();
            }
        }
        Shape::Alias { ty, meanings }
    }

    /// Bases that are no plain names of items become members.
    fn bases(&mut self, site: &Site, extends: &mut Vec<TypeExpr>, members: &mut Members) {
        let mut kept = Vec::new();
        for base in extends.drain(..) {
            let is_plain = match &base {
                TypeExpr::Ref { name, args } => match self.items.get(name) {
                    Some(item) => {
                        args.is_empty() && item.type_params.is_empty() && has_members(item)
                    }
                    None => self.externals.get(name).is_some_and(|kind| *kind != External::Builtin),
                },
                _ => false,
            };
            if is_plain {
                kept.push(base);
                continue;
            }
            match self.members_of(site, &base) {
                Some(inherited) => members::inherit(members, inherited),
                None => self.warn(site, "unresolved-base", &format!("the base `{base}`")),
            }
        }
        *extends = kept;
    }

    fn members(&mut self, site: &Site, members: &mut Members) {
        // Overloads that became properties have one name.
        let mut known = BTreeSet::new();
        members.properties.retain(|property| known.insert(property.name.clone()));
        for property in &mut members.properties {
            self.member(&self.site_of_property(site, property), property);
        }
        for accessor in &mut members.accessors {
            let site = self.site_of_accessor(site, accessor);
            if let Some(ty) = &mut accessor.get {
                *ty = self.whole(&site, ty);
            }
            if let Some(parameter) = &mut accessor.set {
                self.property(&site, parameter);
            }
        }
        let statics = &mut members.statics;
        for property in &mut statics.properties {
            self.property(&site.at(&property.name, &property.place), property);
        }
        for accessor in &mut statics.accessors {
            let site = site.at(&accessor.name, &accessor.place);
            if let Some(ty) = &mut accessor.get {
                *ty = self.whole(&site, ty);
            }
        }
        let methods = members.methods.iter_mut().chain(&mut members.calls);
        for method in methods.chain(&mut statics.methods) {
            let site = site.at(&method.name, &method.place);
            self.method(&site, method);
        }
        for constructor in &mut members.constructors {
            // What it takes is called after the class alone.
            let site = Site { path: format!("{}.new", site.path), ..site.clone() };
            self.method(&site, constructor);
        }
        for index in &mut members.index {
            index.value = self.inner(&site.at("entries", &site.place.clone()), &index.value);
        }
    }

    fn method(&mut self, site: &Site, method: &mut Method) {
        let mut site = site.clone();
        let items = self.items;
        substitute::distinct_params(method, &site.scope, &|name| items.contains_key(name));
        site.enter(&method.type_params);
        for param in &mut method.type_params {
            self.param(&site, param);
        }
        let (sites, result) = self.sites_of_method(&site, method);
        for (param, site) in method.params.iter_mut().zip(sites) {
            self.property(&site, param);
            // A rest parameter takes a list.
            if param.rest && !matches!(param.ty, TypeExpr::Array(_) | TypeExpr::ReadonlyArray(_)) {
                param.ty = TypeExpr::Array(Box::new(TypeExpr::Unknown));
            }
        }
        method.returns = self.whole(&result, &method.returns);
    }

    /// The type of a member, a parameter or a result. One that leads on without an end is any JSON value as a whole.
    fn whole(&mut self, site: &Site, ty: &TypeExpr) -> TypeExpr {
        if self.nested > 0 {
            return self.top(site, ty);
        }
        let (made, warnings) = (self.made.mark(), self.warnings.len());
        self.steps.set(MAX_STEPS);
        self.is_endless = false;
        let found = self.top(site, ty);
        if !std::mem::take(&mut self.is_endless) {
            return found;
        }
        self.made.forget(&made);
        self.warnings.truncate(warnings);
        self.steps.set(MAX_STEPS);
        self.warn(site, "simplified-type", "a type that leads on without an end");
        TypeExpr::Unknown
    }

    fn property(&mut self, site: &Site, property: &mut Property) {
        if property.fields.iter().any(|field| evaluate::is_function(&field.ty)) {
            self.behaviour(site, property);
        }
        for field in &mut property.fields {
            self.property(&site.at(&field.name, &field.place), field);
        }
        if property.fields.is_empty() {
            property.ty = self.whole(site, &property.ty);
            members::mark_absence(property);
        }
    }

    /// Fields some of which are functions are behaviour, which somebody implements: it needs a name.
    fn behaviour(&mut self, site: &Site, property: &mut Property) {
        let text = members::whole(&Property { nullable: false, ..property.clone() });
        let fields = std::mem::take(&mut property.fields);
        let named = self.named(site, &text, |reducer, site| {
            let mut members = Members { properties: fields, ..Members::default() };
            reducer.members(site, &mut members);
            Shape::Interface(members)
        });
        property.ty = match property.ty {
            TypeExpr::Array(_) => TypeExpr::Array(Box::new(named)),
            _ => named,
        };
    }

    /// A member that holds a promise is asked for like the result of a function.
    fn member(&mut self, site: &Site, property: &mut Property) {
        self.property(site, property);
        if matches!(&property.ty, TypeExpr::Ref { name, .. } if name == "Promise")
            && !self.items.contains_key("Promise")
        {
            let returns = std::mem::replace(&mut property.ty, TypeExpr::Unknown);
            property.ty = TypeExpr::Function(Box::new(FunctionType {
                construct: false,
                type_params: Vec::new(),
                params: Vec::new(),
                returns,
            }));
        }
    }

    fn warn(&mut self, site: &Site, code: &'static str, what: &str) {
        let message = format!("`{}`: {what} cannot be worked out", site.path);
        self.warnings.push(
            Diagnostic::warning(code, site.place.clone(), message)
                .help("state the type in the overlay, as a correction of the member"),
        );
    }
}

/// What a type inside a parameter is called after: TypeDoc's word for a parameter that is taken
/// apart where it stands says nothing.
fn called(param: &str) -> &str {
    if param.starts_with("__") { "options" } else { param }
}

/// Whether an item is an object with members of its own.
fn has_members(item: &Item) -> bool {
    matches!(item.shape, Shape::Interface(_) | Shape::Class(_) | Shape::Error(_))
}

/// The aliases of unions with `null` or `undefined`, directly or through others.
fn absence(items: &BTreeMap<String, Item>) -> BTreeMap<String, Vec<TypeExpr>> {
    let mut found: BTreeMap<String, Vec<TypeExpr>> = BTreeMap::new();
    loop {
        let mut changed = false;
        for item in items.values() {
            let Shape::Alias { ty, .. } = &item.shape else { continue };
            let parts = match ty {
                TypeExpr::Union(parts) => parts.as_slice(),
                ty => std::slice::from_ref(ty),
            };
            let mut absent: Vec<TypeExpr> = Vec::new();
            for part in parts {
                match part {
                    TypeExpr::Null | TypeExpr::Undefined if parts.len() > 1 => {
                        absent.push(part.clone());
                    }
                    TypeExpr::Ref { name, .. } => {
                        absent.extend(found.get(name).into_iter().flatten().cloned());
                    }
                    _ => {}
                }
            }
            absent.sort_by_cached_key(ToString::to_string);
            absent.dedup();
            if !absent.is_empty() && found.get(&item.name) != Some(&absent) {
                found.insert(item.name.clone(), absent);
                changed = true;
            }
        }
        if !changed {
            return found;
        }
    }
}

/// The items that hold a secret, in a member or in what a member holds.
fn holders_of_secrets(items: &BTreeMap<String, Item>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    loop {
        let before = found.len();
        for item in items.values() {
            if !found.contains(&item.name) && holds_secrets(items, item, &found) {
                found.insert(item.name.clone());
            }
        }
        if found.len() == before {
            return found;
        }
    }
}

/// Whether an item holds a secret, where those of `found` do.
fn holds_secrets(items: &BTreeMap<String, Item>, item: &Item, found: &BTreeSet<String>) -> bool {
    let in_type = |ty: &TypeExpr| {
        let mut secret = false;
        ty.walk(&mut |ty| {
            secret |= match ty {
                TypeExpr::Ref { name, .. } => found.contains(name),
                TypeExpr::Inline(fields) => {
                    fields.iter().any(|field| is_secret(items, &field.name, &field.ty))
                }
                _ => false,
            };
        });
        secret
    };
    let in_property = |property: &Property| {
        let mut secret = false;
        each_field(property, &mut |field| secret |= field.secret || in_type(&field.ty));
        secret
    };
    match &item.shape {
        Shape::Interface(members) => {
            members.properties.iter().any(in_property) || item.extends.iter().any(in_type)
        }
        Shape::Alias { ty, .. } => in_type(ty),
        _ => false,
    }
}

/// A property and the fields inside it.
fn each_field(property: &Property, visit: &mut dyn FnMut(&Property)) {
    visit(property);
    property.fields.iter().for_each(|field| each_field(field, visit));
}

/// Whether a value of this name and type must never be shown.
fn is_secret(items: &BTreeMap<String, Item>, name: &str, ty: &TypeExpr) -> bool {
    secret::is_secret(name, ty, None, &|name| alias(items, name))
}

/// Whether a member of a JSON Web Key must never be shown.
fn is_key_material(items: &BTreeMap<String, Item>, name: &str, ty: &TypeExpr) -> bool {
    secret::is_key_material(name, ty, &|name| alias(items, name))
}

/// What an alias stands for.
fn alias<'a>(items: &'a BTreeMap<String, Item>, name: &str) -> Option<&'a TypeExpr> {
    match &items.get(name)?.shape {
        Shape::Alias { ty, .. } => Some(ty),
        _ => None,
    }
}
