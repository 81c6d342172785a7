//! What every generator may look up: the frozen schema and what is true of its types.

use std::collections::{BTreeMap, BTreeSet};

use credwire_schema::{
    link::{self, members},
    model::{External, Format, Item, Property, Role, Schema, Shape, Unit},
    secret, spelling,
    type_expr::TypeExpr,
};

use syn::Ident;

use crate::{enumeration, literal_union, names, recursion, shape, ty::Traits};

/// The Rust names of the types of others. One that an item has, or another of these, is numbered: both may be
/// associated types of one trait.
fn others(schema: &Schema) -> BTreeMap<&str, Ident> {
    let mut taken: BTreeSet<String> = schema.items.values().map(|item| item.rust.clone()).collect();
    let mut all = BTreeMap::new();
    for name in schema.externals.keys() {
        let base = names::variant(name).to_string();
        let rust = spelling::first_free(&base, "", |name| taken.contains(name));
        all.insert(name.as_str(), names::ident(&rust));
        taken.insert(rust);
    }
    all
}

/// What is looked up of a name: the code of what leads to the name depends on it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Facts {
    traits: Traits,
    is_left_out: bool,
    is_on_platform: bool,
    is_recursive: bool,
    is_text: bool,
    arity: usize,
}

pub(crate) struct Context<'a> {
    pub(crate) schema: &'a Schema,
    /// Items without a Rust form.
    pub(crate) left_out: BTreeSet<&'a str>,
    traits: BTreeMap<&'a str, Traits>,
    /// What data and behaviour mention that are usable without an SDK.
    on_platform: BTreeSet<&'a str>,
    /// Rust names of types of which a value may hold another one in place.
    recursive: BTreeSet<String>,
    /// Rust names of aliases of text.
    texts: BTreeSet<String>,
    /// The items by their Rust names.
    by_rust: BTreeMap<String, &'a Item>,
    /// How many type arguments the types of others are mentioned with.
    arity: BTreeMap<&'a str, usize>,
    /// The Rust names of the types of others.
    others: BTreeMap<&'a str, Ident>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(schema: &'a Schema, left_out: BTreeSet<&'a str>) -> Self {
        let mut cx = Self {
            schema,
            left_out,
            traits: BTreeMap::new(),
            on_platform: BTreeSet::new(),
            recursive: recursion::targets(schema),
            texts: texts(schema),
            by_rust: schema.items.values().map(|item| (item.rust.clone(), item)).collect(),
            arity: arity(schema),
            others: others(schema),
        };
        // What holds a secret may be held in turn: repeat until nothing changes.
        loop {
            let next: BTreeMap<_, _> =
                schema.items.values().map(|item| (item.name.as_str(), cx.judge(item))).collect();
            if next == cx.traits {
                cx.on_platform = cx.mentioned_without_sdk();
                return cx;
            }
            cx.traits = next;
        }
    }

    /// What is looked up of each name, apart from the item itself.
    pub(crate) fn facts(&self) -> BTreeMap<String, Facts> {
        let items = self.schema.items.values();
        let items = items.map(|item| (item.name.as_str(), Some(item.rust.as_str())));
        let others = self.schema.externals.keys().map(|name| (name.as_str(), None));
        let fact = |(name, rust): (&str, Option<&str>)| {
            let facts = Facts {
                traits: self.traits(name),
                is_left_out: self.left_out.contains(name),
                is_on_platform: self.on_platform.contains(name),
                is_recursive: rust.is_some_and(|rust| self.recursive.contains(rust)),
                is_text: rust.is_some_and(|rust| self.texts.contains(rust)),
                arity: self.arity(name),
            };
            (name.to_owned(), facts)
        };
        items.chain(others).map(fact).collect()
    }

    fn mentioned_without_sdk(&self) -> BTreeSet<&'a str> {
        let mut found = BTreeSet::new();
        let schema: &'a Schema = self.schema;
        for item in schema.items.values() {
            let is_alias = matches!(item.shape, Shape::Alias { .. });
            if (self.is_held(item) || is_alias) && !self.traits(&item.name).sdk {
                for mention in link::mentions(item) {
                    mention.ty.walk(&mut |ty| {
                        if let TypeExpr::Ref { name, .. } = ty {
                            found.insert(name.as_str());
                        }
                    });
                }
            }
        }
        found
    }

    /// Whether an item is data with handles, or behaviour that such data may hold.
    pub(crate) fn is_held(&self, item: &Item) -> bool {
        let role = self.role(item);
        matches!(role, Some(Role::Handles | Role::Stream | Role::Application)) || is_function(item)
    }

    /// Whether only an SDK can bring what the name stands for.
    pub(crate) fn needs_sdk(&self, name: &str) -> bool {
        let is_of_platform = match self.schema.items.get(name) {
            Some(_) => false,
            None => matches!(
                self.schema.externals.get(name),
                Some(External::Platform | External::Error)
            ),
        };
        self.traits(name).sdk
            || self.is_handle(name) && !is_of_platform && !self.on_platform.contains(name)
    }

    /// The name of a type that stands in place: `rust`, numbered where an item is called so.
    pub(crate) fn in_place(&self, rust: &str) -> String {
        spelling::first_free(rust, "", |name| self.by_rust.contains_key(name))
    }

    /// What is true of an item's type and of all it holds.
    pub(crate) fn traits(&self, name: &str) -> Traits {
        self.traits.get(name).copied().unwrap_or_default()
    }

    /// The Rust name of a type of others, as an associated type.
    pub(crate) fn other(&self, name: &str) -> Ident {
        self.others.get(name).cloned().unwrap_or_else(|| names::variant(name))
    }

    /// Whether a value of the type may hold another one in place.
    pub(crate) fn is_recursive(&self, ident: &Ident) -> bool {
        self.recursive.contains(&ident.to_string())
    }

    /// The item of a Rust name.
    pub(crate) fn item_of(&self, ident: &Ident) -> Option<&'a Item> {
        self.by_rust.get(&ident.to_string()).copied()
    }

    /// The alias that a Rust name stands for, where it is no type of its own.
    pub(crate) fn alias(&self, ident: &Ident) -> Option<&'a Item> {
        let item = self.by_rust.get(&ident.to_string())?;
        matches!(&item.shape, Shape::Alias { ty, .. } if shape::is_plain(ty)
            && literal_union::union(ty).is_none())
        .then_some(*item)
    }

    /// What an alias stands for, by its documented name.
    fn alias_of(&self, name: &str) -> Option<&'a TypeExpr> {
        match &self.schema.items.get(name)?.shape {
            Shape::Alias { ty, .. } => Some(ty),
            _ => None,
        }
    }

    /// Whether the type is text under another name.
    pub(crate) fn is_text(&self, ident: &Ident) -> bool {
        self.texts.contains(&ident.to_string())
    }

    /// How many members a value of the type must have, by its Rust name.
    pub(crate) fn required_members(&self, ident: &Ident) -> usize {
        let members = self.by_rust.get(&ident.to_string()).and_then(|item| members(item));
        members.map_or(0, |members| {
            members.properties.iter().filter(|property| !property.optional).count()
        })
    }

    /// Whether a name stands for a type of the language that generators know.
    pub(crate) fn is_builtin(&self, name: &str) -> bool {
        self.schema.externals.get(name) == Some(&External::Builtin)
    }

    /// How many type arguments a type of others takes.
    pub(crate) fn arity(&self, name: &str) -> usize {
        self.arity.get(name).copied().unwrap_or_default()
    }

    /// What an interface is for.
    pub(crate) fn role(&self, item: &Item) -> Option<Role> {
        self.schema.roles.get(&item.name).copied()
    }

    /// Whether the name stands for what only a platform can bring.
    pub(crate) fn is_handle(&self, name: &str) -> bool {
        match self.schema.items.get(name) {
            Some(_) if self.left_out.contains(name) => false,
            Some(item) => self.is_brought(item),
            None => matches!(
                self.schema.externals.get(name),
                Some(External::Platform | External::Behaviour | External::Error)
            ),
        }
    }

    /// Whether an item is behaviour that comes with the platform, where data holds it.
    pub(crate) fn is_brought(&self, item: &Item) -> bool {
        self.role(item) == Some(Role::Application) || is_function(item) || self.is_object(item)
    }

    /// Whether an item is an object of the SDK: a class, or behaviour that the SDK supplies.
    pub(crate) fn is_object(&self, item: &Item) -> bool {
        self.role(item) == Some(Role::Sdk) || matches!(item.shape, Shape::Class(_))
    }

    fn judge(&self, item: &Item) -> Traits {
        let mut all = Traits::default();
        if self.left_out.contains(item.name.as_str()) {
            return all;
        }
        if self.is_object(item) {
            return Traits { platform: true, sdk: true, ..all };
        }
        all.copy = literal_union::of_shape(&item.shape).is_some_and(|union| union.is_closed());
        match &item.shape {
            Shape::Enum { members } => all.copy |= enumeration::is_copy(members),
            Shape::Alias { ty, .. } => self.add_type(ty, None, &mut all),
            _ => {
                if let Some(members) = members(item) {
                    let properties = &members.properties;
                    members
                        .index
                        .iter()
                        .for_each(|index| self.add_type(&index.value, None, &mut all));
                    properties.iter().for_each(|property| self.add_property(property, &mut all));
                    all.default = item.rules.is_empty() && is_default(properties);
                    all.checked |= !item.rules.is_empty();
                    for base in &item.extends {
                        // A base of others adds no member that is known.
                        if let TypeExpr::Ref { name, .. } = base
                            && self.schema.items.contains_key(name)
                        {
                            self.add_type(base, None, &mut all);
                            all.default &= self.traits(name).default;
                        }
                    }
                    // An error class is no more than its members: its base is what all errors have.
                    if matches!(item.shape, Shape::Error(_)) {
                        all.local = true;
                        all.checked = false;
                        all.platform = false;
                        all.sdk = false;
                    }
                    all.object = matches!(item.shape, Shape::Interface(_));
                    if self.role(item) == Some(Role::Application) {
                        for mention in link::mentions(item) {
                            mention.ty.walk(&mut |ty| {
                                let TypeExpr::Ref { name, .. } = ty else { return };
                                if *name != item.name {
                                    all.platform |= self.traits(name).platform;
                                    all.sdk |= self.traits(name).sdk;
                                }
                                all.platform |= self.is_handle(name);
                            });
                        }
                    }
                }
            }
        }
        all
    }

    /// What is true of a struct with these properties.
    pub(crate) fn of_fields(&self, properties: &[Property]) -> Traits {
        let mut all = Traits::default();
        properties.iter().for_each(|property| self.add_property(property, &mut all));
        all.default = is_default(properties);
        // What an object spells out may hold what data of its own never does.
        let mut found = |property: &Property| {
            property.ty.walk(&mut |ty| {
                all.sdk |= matches!(ty, TypeExpr::Ref { name, .. } if self.needs_sdk(name));
            });
        };
        properties.iter().for_each(|property| every(property, &mut found));
        all
    }

    fn add_property(&self, property: &Property, all: &mut Traits) {
        all.secret |= property.secret;
        all.checked |= property.format == Some(Format::JwkThumbprint)
            || property.range.is_some()
            || matches!(property.unit, Some(Unit::EpochMillis | Unit::EpochSeconds));
        self.add_type(&property.ty, property.unit, all);
        property.fields.iter().for_each(|field| self.add_property(field, all));
    }

    fn add_type(&self, ty: &TypeExpr, unit: Option<Unit>, all: &mut Traits) {
        let whole = matches!(
            unit,
            Some(Unit::Count | Unit::Millis | Unit::EpochMillis | Unit::EpochSeconds)
        );
        match ty {
            TypeExpr::Ref { name, args } => {
                // What is not given is what it is by default.
                if let Some(item) = self.schema.items.get(name) {
                    for param in item.type_params.iter().skip(args.len()) {
                        if let Some(default) = &param.default {
                            self.add_type(default, None, all);
                        }
                    }
                }
                let held = self.traits(name);
                all.secret |= held.secret;
                all.float |= held.float;
                all.checked |= held.checked;
                all.local |= held.local;
                all.platform |= held.platform || self.is_handle(name);
                all.sdk |= held.sdk;
                all.stream |=
                    held.stream || name == "Observable" && !self.schema.items.contains_key(name);
                all.checked |= matches!(name.as_str(), "Date" | "URL") && self.is_builtin(name);
                if self.is_handle(name) {
                    // What a platform's types are generic over they do not show.
                    let mut given = Traits::default();
                    args.iter().for_each(|arg| self.add_type(arg, None, &mut given));
                    all.platform |= given.platform;
                    all.sdk |= given.sdk;
                    return;
                }
            }
            TypeExpr::Inline(fields) => {
                all.secret |= fields.iter().any(|field| {
                    secret::is_secret(&field.name, &field.ty, None, &|name| self.alias_of(name))
                });
            }
            TypeExpr::Number => all.float |= !whole,
            _ => {}
        }
        ty.each_child(&mut |inner| self.add_type(inner, unit, all));
    }
}

/// Whether an item is an alias of a function type.
pub(crate) fn is_function(item: &Item) -> bool {
    matches!(&item.shape, Shape::Alias { ty: TypeExpr::Function(_), .. })
}

/// Calls `visit` for a property and for the fields inside it.
fn every(property: &Property, visit: &mut dyn FnMut(&Property)) {
    visit(property);
    property.fields.iter().for_each(|field| every(field, visit));
}

fn is_default(properties: &[Property]) -> bool {
    properties.iter().all(|property| {
        property.optional
            || property.nullable
            || matches!(property.ty, TypeExpr::Undefined | TypeExpr::Never)
    })
}

/// The aliases that lead to `string`.
fn texts(schema: &Schema) -> BTreeSet<String> {
    let mut known: BTreeSet<&str> = BTreeSet::new();
    loop {
        let before = known.len();
        for item in schema.items.values() {
            let is_text = matches!(&item.shape, Shape::Alias { ty, .. } if match ty {
                TypeExpr::String => true,
                TypeExpr::Ref { name, .. } => known.contains(name.as_str()),
                _ => false,
            });
            if is_text {
                known.insert(&item.name);
            }
        }
        if known.len() == before {
            let items = schema.items.values().filter(|item| known.contains(item.name.as_str()));
            return items.map(|item| item.rust.clone()).collect();
        }
    }
}

fn arity(schema: &Schema) -> BTreeMap<&str, usize> {
    let mut all: BTreeMap<&str, usize> = BTreeMap::new();
    for item in schema.items.values() {
        for mention in link::mentions(item) {
            mention.ty.walk(&mut |ty| {
                if let TypeExpr::Ref { name, args } = ty
                    && !schema.items.contains_key(name)
                {
                    let known = all.entry(name).or_default();
                    *known = (*known).max(args.len());
                }
            });
        }
    }
    all
}
