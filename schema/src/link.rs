//! From items to a frozen [`Schema`]: every name resolved, every interface given its role, every
//! rule and table checked. All problems are reported at once.

mod builtin;
mod collision;
mod cycle;
mod local;
mod mend;
mod reduce;
mod resolve;
mod role;
mod rules;
mod table;

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    diagnostic::{Diagnostic, Place},
    model::{Accessor, External, Item, Members, Method, Property, Schema, Shape},
    overlay::Overlay,
    type_expr::{TypeExpr, TypeParam},
};

/// Generic types of the language that generators know.
const BUILTIN: &[&str] = &["Observable", "Promise", "Readonly", "Record"];

/// Items that were read from pages, completed, corrected and linked.
#[derive(Debug)]
pub struct Assembled {
    /// The items of the pages, to be stored as documents.
    pub items: Vec<Item>,
    /// The items of the pages among those that were known before.
    pub schema: Schema,
}

/// Completes and corrects the items that were read from pages, and links them together with the
/// `committed` documents. An item that is in both is taken from the pages.
///
/// # Errors
/// Every problem of the overlay and of the items.
pub fn assemble(
    mut items: Vec<Item>,
    mut committed: Vec<Item>,
    overlay: &Overlay,
) -> Result<Assembled, Vec<Diagnostic>> {
    overlay.unify(&mut items);
    let read: BTreeSet<String> = items.iter().map(|item| item.name.clone()).collect();
    committed.retain(|item| !read.contains(&item.name));
    let elsewhere = committed.iter().map(|item| item.name.clone()).collect();
    let mut problems = overlay.apply(&mut items, &elsewhere);
    let all = items.iter().cloned().chain(committed).collect();
    match link_all(all, overlay.externals()) {
        Ok(schema) if problems.is_empty() => Ok(Assembled { items, schema }),
        Ok(_) => Err(problems),
        Err(more) => {
            problems.extend(more);
            Err(problems)
        }
    }
}

/// Links whatever can be linked: types that nothing explains are opaque, names that meet in Rust are
/// numbered, bases and aliases that lead back to themselves end there. Each of it is a warning in
/// [`Schema::simplified`].
///
/// # Errors
/// What only a document can have wrong: `unknown-member`, `contradictory-rule`, `local-member` and
/// the `table-` codes.
pub fn link_all(
    items: Vec<Item>,
    externals: &BTreeMap<String, External>,
) -> Result<Schema, Vec<Diagnostic>> {
    let mut externals = externals.clone();
    externals.extend(BUILTIN.iter().map(|name| ((*name).to_owned(), External::Builtin)));
    let mut warnings = Vec::new();
    let items = mend::mend(items, &mut externals, &mut warnings);
    // Names of members that meet are numbered where they become Rust.
    let mut schema = checked(items, &externals, false)?;
    schema.simplified.extend(warnings);
    schema
        .simplified
        .sort_by(|a, b| (&a.place, a.code, &a.message).cmp(&(&b.place, b.code, &b.message)));
    Ok(schema)
}

/// Drops type parameters that come to nothing in Rust, by the documented name of their item and their
/// position, with what is given for them. Each is a warning in [`Schema::simplified`].
pub fn drop_parameters(
    schema: &mut Schema,
    dropped: &BTreeMap<String, BTreeSet<usize>>,
    why: Dropped,
) {
    reduce::drop_parameters(&mut schema.items, dropped, why, &mut schema.simplified);
}

/// Why type parameters are dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dropped {
    /// Nothing uses them.
    Unused,
    /// Their item holds secrets, and what they stand for cannot be asked whether it may be shown.
    OfSecrets,
}

/// Links `items` against each other and against the `externals`, types without a page. Types are
/// worked out as far as they are finite; what is less than it was is a warning in
/// [`Schema::simplified`].
///
/// # Errors
/// Every problem of every item, sorted by place: `unknown-type`, `duplicate-item`,
/// `name-collision`, `not-an-identifier`, `type-cycle`, `unknown-member`, `local-member` and the
/// `table-` codes.
pub fn link(
    items: Vec<Item>,
    externals: &BTreeMap<String, External>,
) -> Result<Schema, Vec<Diagnostic>> {
    checked(items, externals, true)
}

fn checked(
    items: Vec<Item>,
    externals: &BTreeMap<String, External>,
    of_names: bool,
) -> Result<Schema, Vec<Diagnostic>> {
    let mut problems = Vec::new();
    let mut schema = Schema { externals: externals.clone(), ..Schema::default() };
    for name in BUILTIN {
        schema.externals.insert((*name).to_owned(), External::Builtin);
    }
    for item in items {
        if let Some(first) = schema.items.get(&item.name) {
            problems.push(
                Diagnostic::error(
                    "duplicate-item",
                    item.place.clone(),
                    format!("`{}` is described here and at {}", item.name, first.place),
                )
                .help("keep one of the two pages"),
            );
            continue;
        }
        schema.items.insert(item.name.clone(), item);
    }
    add_globals(&mut schema);
    let mut everybodys = BTreeMap::new();
    // What other names of the language come to.
    for name in builtin::REDUCED {
        if !schema.items.contains_key(*name) && !schema.externals.contains_key(*name) {
            everybodys.insert((*name).to_owned(), External::Builtin);
        }
    }
    schema.externals.extend(everybodys);
    for item in schema.items.values() {
        resolve::check(&schema, item, &mut problems);
        rules::check(item, &mut problems);
        table::check(item, &mut problems);
    }
    if of_names {
        collision::check(&schema, &mut problems);
    }
    cycle::check(&schema, &mut problems);
    if problems.is_empty() {
        let items = std::mem::take(&mut schema.items);
        let (items, simplified) = reduce::reduce(items, &schema.externals);
        schema.items = items;
        schema.simplified = simplified;
        // What types of values came to.
        add_globals(&mut schema);
        schema.roles = role::roles(&schema);
        local::check(&schema, &mut problems);
    }
    if problems.is_empty() {
        return Ok(schema);
    }
    problems.sort_by(|a, b| (&a.place, a.code, &a.message).cmp(&(&b.place, b.code, &b.message)));
    Err(problems)
}

/// Adds the names of the language and of the platforms that items mention.
fn add_globals(schema: &mut Schema) {
    let mut found = BTreeMap::new();
    // An element is an object of the page.
    for item in schema.items.values() {
        if let Shape::Element { element } = &item.shape
            && !schema.items.contains_key(&element.class)
            && !schema.externals.contains_key(&element.class)
        {
            found.insert(element.class.clone(), External::Platform);
        }
    }
    for item in schema.items.values() {
        resolve::names(item, &mut |name, _, _| {
            if !schema.items.contains_key(name)
                && !schema.externals.contains_key(name)
                && let Some(external) = builtin::external(name)
            {
                found.insert(name.to_owned(), external);
            }
        });
    }
    schema.externals.extend(found);
}

/// Returns whether a name is of the language or of a platform, so that nobody imports it.
pub fn is_global(name: &str) -> bool {
    // `Observable` alone of the names that generators know is declared by somebody.
    builtin::external(name).is_some() || (BUILTIN.contains(&name) && name != "Observable")
}

/// Returns the members of an item that has some.
pub fn members(item: &Item) -> Option<&Members> {
    match &item.shape {
        Shape::Interface(members) | Shape::Class(members) | Shape::Error(members) => Some(members),
        Shape::Alias { .. }
        | Shape::Enum { .. }
        | Shape::Function { .. }
        | Shape::Variable { .. }
        | Shape::Rpc(_)
        | Shape::Element { .. } => None,
    }
}

/// A type that an item mentions.
#[derive(Debug)]
pub struct TypeReference<'a> {
    /// The type.
    pub ty: &'a TypeExpr,
    /// The place of the mention.
    pub place: &'a Place,
    /// Type parameters of the method around it.
    params: Vec<&'a str>,
}

/// Returns every type an item mentions, with the place of the mention.
pub fn mentions(item: &Item) -> Vec<TypeReference<'_>> {
    let mut found = Mentions(Vec::new());
    let own = item.type_params.iter().flat_map(|param| param.extends.iter().chain(&param.default));
    for ty in own.chain(&item.extends).chain(&item.implements) {
        found.add(ty, &item.place, &[]);
    }
    let mut methods: Vec<&Method> = Vec::new();
    match &item.shape {
        Shape::Interface(members) | Shape::Class(members) | Shape::Error(members) => {
            members.properties.iter().for_each(|property| found.property(property, &[]));
            members.statics.properties.iter().for_each(|property| found.property(property, &[]));
            for accessor in members.accessors.iter().chain(&members.statics.accessors) {
                if let Some(ty) = &accessor.get {
                    found.add(ty, &accessor.place, &[]);
                }
                if let Some(parameter) = &accessor.set {
                    found.property(parameter, &[]);
                }
            }
            for index in &members.index {
                [&index.key, &index.value]
                    .into_iter()
                    .for_each(|ty| found.add(ty, &item.place, &[]));
            }
            methods.extend(&members.methods);
            methods.extend(&members.constructors);
            methods.extend(&members.calls);
            methods.extend(&members.statics.methods);
        }
        Shape::Enum { .. } => {}
        Shape::Alias { ty, .. } | Shape::Variable { ty, .. } => found.add(ty, &item.place, &[]),
        Shape::Function { signatures } => methods.extend(signatures),
        Shape::Rpc(rpc) => {
            rpc.types().into_iter().for_each(|ty| found.add(ty, &item.place, &[]));
        }
        // Of an element, only the events become Rust.
        Shape::Element { element } => {
            for event in &element.events {
                if let Some(detail) = &event.detail {
                    found.add(detail, &event.place, &[]);
                }
            }
        }
    }
    for method in methods {
        let params: Vec<&str> =
            method.type_params.iter().map(|param| param.name.as_str()).collect();
        for param in &method.type_params {
            for ty in param.extends.iter().chain(&param.default) {
                found.add(ty, &method.place, &params);
            }
        }
        method.params.iter().for_each(|property| found.property(property, &params));
        found.add(&method.returns, &method.place, &params);
    }
    found.0
}

struct Mentions<'a>(Vec<TypeReference<'a>>);

impl<'a> Mentions<'a> {
    fn add(&mut self, ty: &'a TypeExpr, place: &'a Place, params: &[&'a str]) {
        self.0.push(TypeReference { ty, place, params: params.to_vec() });
    }

    fn property(&mut self, property: &'a Property, params: &[&'a str]) {
        self.add(&property.ty, &property.place, params);
        property.fields.iter().for_each(|field| self.property(field, params));
    }
}

/// Calls `visit` with every type that an item states, outermost ones alone.
fn each_type_mut(item: &mut Item, visit: &mut dyn FnMut(&mut TypeExpr)) {
    fn params(params: &mut [TypeParam], visit: &mut dyn FnMut(&mut TypeExpr)) {
        for param in params {
            param.extends.iter_mut().chain(&mut param.default).for_each(&mut *visit);
        }
    }
    fn property(of: &mut Property, visit: &mut dyn FnMut(&mut TypeExpr)) {
        visit(&mut of.ty);
        of.fields.iter_mut().for_each(|field| property(field, visit));
    }
    fn method(of: &mut Method, visit: &mut dyn FnMut(&mut TypeExpr)) {
        params(&mut of.type_params, visit);
        of.params.iter_mut().for_each(|param| property(param, visit));
        visit(&mut of.returns);
    }
    fn accessor(of: &mut Accessor, visit: &mut dyn FnMut(&mut TypeExpr)) {
        of.get.iter_mut().for_each(&mut *visit);
        of.set.iter_mut().for_each(|set| property(set, visit));
    }
    params(&mut item.type_params, visit);
    item.extends.iter_mut().chain(&mut item.implements).for_each(&mut *visit);
    match &mut item.shape {
        Shape::Interface(members) | Shape::Class(members) | Shape::Error(members) => {
            let Members { properties, accessors, methods, constructors, calls, index, statics } =
                members;
            let properties = properties.iter_mut().chain(&mut statics.properties);
            properties.for_each(|one| property(one, visit));
            let accessors = accessors.iter_mut().chain(&mut statics.accessors);
            accessors.for_each(|one| accessor(one, visit));
            let methods = methods.iter_mut().chain(constructors).chain(calls);
            methods.chain(&mut statics.methods).for_each(|one| method(one, visit));
            index.iter_mut().for_each(|one| visit(&mut one.value));
        }
        Shape::Alias { ty, .. } | Shape::Variable { ty, .. } => visit(ty),
        Shape::Function { signatures } => signatures.iter_mut().for_each(|one| method(one, visit)),
        Shape::Enum { .. } | Shape::Rpc(_) | Shape::Element { .. } => {}
    }
}
