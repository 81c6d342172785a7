//! Members that items take over from where they are declared. What such a member spells out in place is one type,
//! called after its declaration, however many items have the member.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Reducer, called,
    evaluate::{is_handed_on, mentions},
    members,
    names::Made,
    site::Site,
};
use crate::{
    diagnostic::Place,
    model::{Accessor, Item, Members, Method, Property, Shape},
    spelling,
    type_expr::{TypeExpr, TypeParam},
};

/// The members that items declare, by place and name. A place that two items claim says nothing.
pub(super) struct Declared(BTreeMap<(Place, String), Option<Member>>);

struct Member {
    owner: String,
    /// The parts whose types are others with other arguments of the item: parameters, the result, and the whole of what
    /// is no method.
    open: Vec<String>,
}

/// The part of a member that is no method.
const WHOLE: &str = "";

/// The part of a method that it returns.
const RESULT: &str = "result";

impl Declared {
    pub(super) fn new(items: &BTreeMap<String, Item>) -> Self {
        let mut all = Self(BTreeMap::new());
        for item in items.values() {
            let Some(members) = own(item) else { continue };
            let is_open = |ty: &TypeExpr| !is_of_item(item, ty);
            let whole = |is_open: bool| if is_open { vec![WHOLE.to_owned()] } else { Vec::new() };
            for one in &members.properties {
                all.add(item, &one.place, &one.name, whole(is_open(&members::whole(one))));
            }
            for one in &members.accessors {
                let set = one.set.as_ref().is_some_and(|set| is_open(&members::whole(set)));
                all.add(
                    item,
                    &one.place,
                    &one.name,
                    whole(set || one.get.as_ref().is_some_and(is_open)),
                );
            }
            for one in &members.methods {
                let params = one.params.iter().filter(|param| is_open(&members::whole(param)));
                let params = params.map(|param| called(&param.name).to_owned());
                let result = is_open(&one.returns).then(|| RESULT.to_owned());
                all.add(item, &one.place, &one.name, params.chain(result).collect());
            }
        }
        all
    }

    fn add(&mut self, item: &Item, place: &Place, member: &str, open: Vec<String>) {
        if place.is_blank() {
            return;
        }
        let known = self
            .0
            .entry((place.clone(), member.to_owned()))
            .or_insert_with(|| Some(Member { owner: item.name.clone(), open: Vec::new() }));
        match known {
            Some(known) if known.owner == item.name => known.open.extend(open),
            known => *known = None,
        }
    }

    /// The item that declares a part of a member, where arguments leave its type as it is.
    fn fixed(&self, place: &Place, member: &[&str]) -> Option<&str> {
        let (name, part) = (member.first()?, member.get(1).copied().unwrap_or(WHOLE));
        let known = self.0.get(&(place.clone(), (*name).to_owned()))?.as_ref()?;
        known.open.iter().all(|open| open != part).then_some(known.owner.as_str())
    }
}

/// The members of an item that others may take over. An error is no more than its members.
fn own(item: &Item) -> Option<&Members> {
    match &item.shape {
        Shape::Interface(members) | Shape::Class(members) => Some(members),
        _ => None,
    }
}

impl Reducer<'_> {
    /// The members of the item that declares a part of a member which another one has, and where that item stands.
    fn declaration(&self, site: &Site, place: &Place, member: &[&str]) -> Option<(&Members, Site)> {
        let owner = self.declared.fixed(place, member).filter(|owner| *owner != site.owner)?;
        let item = self.items.get(owner)?;
        Some((own(item)?, Site::of_item(item)))
    }

    /// Where the type of a property stands: at its declaration, unless arguments changed it on the way.
    pub(super) fn site_of_property(&self, site: &Site, property: &Property) -> Site {
        let (name, place) = (&property.name, &property.place);
        let declared = self.declaration(site, place, &[name]).filter(|(members, _)| {
            members.properties.iter().any(|one| one.place == *place && is_same(one, property))
        });
        declared.map_or_else(|| site.clone(), |(_, site)| site).at(name, place)
    }

    /// Where the type of an accessor stands, likewise.
    pub(super) fn site_of_accessor(&self, site: &Site, accessor: &Accessor) -> Site {
        let (name, place) = (&accessor.name, &accessor.place);
        let declared = self.declaration(site, place, &[name]);
        let declared = declared.filter(|(members, _)| members.accessors.contains(accessor));
        declared.map_or_else(|| site.clone(), |(_, site)| site).at(name, place)
    }

    /// Where the types of the parameters of a method stand, in their order, and that of its result; `site` is that of
    /// the method.
    pub(super) fn sites_of_method(&self, site: &Site, method: &Method) -> (Vec<Site>, Site) {
        let (name, place) = (&method.name, &method.place);
        let of_part = |part: &str, place: &Place, is_same: &dyn Fn(&Method) -> bool| {
            let declared = self.declaration(site, &method.place, &[name, part]);
            let declared = declared.filter(|(members, _)| {
                members.methods.iter().any(|one| {
                    one.place == method.place
                        && one.name == *name
                        && one.type_params == method.type_params
                        && is_same(one)
                })
            });
            let declared = declared.map(|(_, site)| {
                let mut site = site.at(name, &method.place);
                site.enter(&method.type_params);
                site
            });
            declared.as_ref().unwrap_or(site).at(part, place)
        };
        let params = method.params.iter().enumerate().map(|(index, param)| {
            let is_same =
                |one: &Method| one.params.get(index).is_some_and(|one| is_same(one, param));
            of_part(called(&param.name), &param.place, &is_same)
        });
        let result = of_part(RESULT, place, &|one| one.returns == method.returns);
        (params.collect(), result)
    }
}

/// Whether the types of two members are spelled alike.
fn is_same(one: &Property, other: &Property) -> bool {
    one.name == other.name && one.ty == other.ty && one.fields == other.fields
}

/// Whether a type means the same wherever the members of the item are: it speaks neither of what the item is generic
/// over nor of the item that has the member.
fn is_of_item(item: &Item, ty: &TypeExpr) -> bool {
    !speaks_of(ty, &item.type_params)
}

/// Whether a type speaks of one of the parameters, or of the item that it stands in.
fn speaks_of(ty: &TypeExpr, params: &[TypeParam]) -> bool {
    let names: Vec<String> = params.iter().map(|param| param.name.clone()).collect();
    let mut is_own = false;
    ty.walk(&mut |ty| is_own |= *ty == TypeExpr::This);
    is_own || mentions(ty, &names)
}

/// Gives what members spell out in place an item of its own, where more than the item that declares it has the member.
pub(super) fn share(
    reduced: &mut BTreeMap<String, Item>,
    items: &BTreeMap<String, Item>,
    declared: &Declared,
    made: &mut Made,
) {
    let bases = reduced.values().flat_map(|item| &item.extends);
    let bases: BTreeSet<String> = bases
        .filter_map(|base| match base {
            TypeExpr::Ref { name, .. } => Some(name.clone()),
            _ => None,
        })
        .collect();
    // By where they are declared: there it has one name.
    let mut found: BTreeMap<Declaration, Vec<Shared>> = BTreeMap::new();
    for item in reduced.values_mut() {
        let holder = item.name.clone();
        each_slot(item, declared, &mut |declaration, slot| {
            let is_taken_over = declaration.owner != holder || bases.contains(&declaration.owner);
            if is_taken_over {
                let known = found.entry(declaration).or_default();
                if !known.iter().any(|shared| shared.is_of(slot)) {
                    known.push(Shared { property: slot.clone(), ty: TypeExpr::Unknown });
                }
            }
        });
    }
    let mut names = BTreeSet::new();
    for (declaration, all) in &mut found {
        let Some(item) = items.get(&declaration.owner) else { continue };
        for shared in all {
            let site = Site::of_item(item);
            let site = declaration
                .member
                .iter()
                .fold(site, |site, part| site.at(part, &shared.property.place));
            let is_taken = |name: &str| reduced.contains_key(name) || names.contains(name);
            let name = spelling::first_free(&site.path, "#", is_taken);
            names.insert(name.clone());
            shared.ty = made.promote(&site, name, shared.shape(items));
        }
    }
    for item in reduced.values_mut() {
        each_slot(item, declared, &mut |declaration, slot| {
            let all = found.get(&declaration).into_iter().flatten();
            if let Some(shared) = all.into_iter().find(|shared| shared.is_of(slot)) {
                slot.ty = match slot.ty {
                    TypeExpr::Array(_) => TypeExpr::Array(Box::new(shared.ty.clone())),
                    _ => shared.ty.clone(),
                };
                slot.fields.clear();
            }
        });
    }
}

/// Where something is spelled out: an item, its member, and the parameter or the result of a method.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Declaration {
    owner: String,
    member: Vec<String>,
}

/// Calls `visit` with what the members of an item spell out in place, and with where that is declared.
fn each_slot(
    item: &mut Item,
    declared: &Declared,
    visit: &mut dyn FnMut(Declaration, &mut Property),
) {
    let (Shape::Interface(members) | Shape::Class(members)) = &mut item.shape else { return };
    let mut slots = Slots { params: &item.type_params, declared, visit };
    for property in &mut members.properties {
        let (place, name) = (property.place.clone(), property.name.clone());
        if matches!(&property.ty, TypeExpr::Ref { name, .. } if is_handed_on(name)) {
            slots.of_type(&place, &[&name], &[], &mut property.ty);
        } else {
            slots.of_property(&place, &[&name], &[], property);
        }
    }
    for accessor in &mut members.accessors {
        let (place, name) = (&accessor.place, accessor.name.as_str());
        if let Some(ty) = &mut accessor.get {
            slots.of_type(place, &[name], &[], ty);
        }
        if let Some(parameter) = &mut accessor.set {
            slots.of_property(place, &[name], &[], parameter);
        }
    }
    for method in &mut members.methods {
        let (place, name, local) = (&method.place, method.name.as_str(), &method.type_params);
        for param in &mut method.params {
            let part = called(&param.name).to_owned();
            slots.of_property(place, &[name, &part], local, param);
        }
        slots.of_type(place, &[name, RESULT], local, &mut method.returns);
    }
}

/// The walk over the members of one item.
struct Slots<'a> {
    /// What the item is generic over.
    params: &'a [TypeParam],
    declared: &'a Declared,
    visit: &'a mut dyn FnMut(Declaration, &mut Property),
}

impl Slots<'_> {
    fn of_property(
        &mut self,
        place: &Place,
        member: &[&str],
        local: &[TypeParam],
        slot: &mut Property,
    ) {
        if is_spelled_out(slot)
            && let Some(owner) = self.declared.fixed(place, member)
            && let ty = members::whole(slot)
            && !speaks_of(&ty, self.params)
            && !speaks_of(&ty, local)
        {
            // A stream gives what its snapshot gives.
            let member = member.iter().map(|part| part.replace('$', "")).collect();
            (self.visit)(Declaration { owner: owner.to_owned(), member }, slot);
        }
    }

    fn of_type(&mut self, place: &Place, member: &[&str], local: &[TypeParam], ty: &mut TypeExpr) {
        handed_on(ty, &mut |ty| {
            let whole = std::mem::replace(ty, TypeExpr::Unknown);
            let mut part = Property::new(member.join("."), whole, place.clone());
            self.of_property(place, member, local, &mut part);
            *ty = part.ty;
        });
    }
}

/// Calls `visit` with what a promise comes to or a stream gives, and with any other type as it is.
fn handed_on(ty: &mut TypeExpr, visit: &mut dyn FnMut(&mut TypeExpr)) {
    match ty {
        TypeExpr::Ref { name, args } if is_handed_on(name) && args.len() == 1 => {
            args.iter_mut().for_each(|arg| handed_on(arg, visit));
        }
        ty => visit(ty),
    }
}

/// What several items spell out.
struct Shared {
    property: Property,
    /// The item of its own.
    ty: TypeExpr,
}

impl Shared {
    fn is_of(&self, slot: &Property) -> bool {
        self.property.ty == slot.ty && self.property.fields == slot.fields
    }

    fn shape(&self, items: &BTreeMap<String, Item>) -> Shape {
        let Property { ty, fields, place, .. } = &self.property;
        let of_fields = |properties: Vec<Property>| {
            Shape::Interface(Members { properties, ..Members::default() })
        };
        match ty {
            _ if !fields.is_empty() => of_fields(fields.clone()),
            TypeExpr::Inline(fields) => {
                let field = |field| members::in_place(items, place, field);
                of_fields(fields.iter().map(field).collect())
            }
            ty => Shape::Alias { ty: ty.clone(), meanings: BTreeMap::new() },
        }
    }
}

/// Whether generators make a type of what a member spells out, and need no more than the type for it.
fn is_spelled_out(property: &Property) -> bool {
    let has_facts = property.secret
        || property.unit.is_some()
        || property.range.is_some()
        || property.format.is_some();
    let is_absence = |part: &TypeExpr| matches!(part, TypeExpr::Null | TypeExpr::Undefined);
    match &property.ty {
        _ if !property.fields.is_empty() => true,
        _ if has_facts => false,
        TypeExpr::Inline(fields) => !fields.is_empty(),
        TypeExpr::Union(parts) => parts.len() > 1 && !parts.iter().any(is_absence),
        _ => false,
    }
}
