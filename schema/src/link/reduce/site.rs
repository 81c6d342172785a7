//! Where a type stands, and what it is called after.

use std::{collections::BTreeMap, rc::Rc};

use crate::{
    diagnostic::Place,
    model::Item,
    spelling,
    type_expr::{TypeExpr, TypeParam},
};

/// Where a type stands.
#[derive(Clone)]
pub(super) struct Site {
    /// The item around it.
    pub(super) owner: String,
    pub(super) owner_rust: String,
    /// The documented path, `Room.options`.
    pub(super) path: String,
    /// The path below the owner, for the names of what is made.
    pub(super) member: Vec<String>,
    pub(super) place: Place,
    /// The type parameters that may be mentioned.
    pub(super) scope: Vec<String>,
    /// Those of the method or the function around it, which a type in place cannot know.
    pub(super) local: Vec<String>,
    /// What those in scope are at most, where that is written.
    pub(super) bounds: Rc<BTreeMap<String, TypeExpr>>,
}

impl Site {
    pub(super) fn of_item(item: &Item) -> Self {
        Self {
            owner: item.name.clone(),
            owner_rust: spelling::pascal(&item.rust),
            path: item.name.clone(),
            member: Vec::new(),
            place: item.place.clone(),
            scope: item.type_params.iter().map(|param| param.name.clone()).collect(),
            local: Vec::new(),
            bounds: Rc::new(bounds(&item.type_params)),
        }
    }

    /// Where a generic item is worked out for some arguments: wherever these are given, it is the same type.
    pub(super) fn of_arguments(&self, item: &Item) -> Self {
        Self {
            owner: format!("arguments of {}", item.name),
            owner_rust: spelling::pascal(&item.rust),
            path: item.name.clone(),
            member: Vec::new(),
            place: item.place.clone(),
            ..self.clone()
        }
    }

    /// With type parameters of a method or a function in scope.
    pub(super) fn enter(&mut self, params: &[TypeParam]) {
        let names = params.iter().map(|param| param.name.clone());
        self.local.extend(names.clone());
        self.scope.extend(names);
        if params.iter().any(|param| param.extends.is_some()) {
            let mut all = (*self.bounds).clone();
            all.extend(bounds(params));
            self.bounds = Rc::new(all);
        }
    }

    /// A part of it.
    pub(super) fn at(&self, name: &str, place: &Place) -> Self {
        Self {
            path: format!("{}.{name}", self.path),
            member: [self.member.as_slice(), &[name.to_owned()]].concat(),
            place: if place.is_blank() { self.place.clone() } else { place.clone() },
            ..self.clone()
        }
    }
}

fn bounds(params: &[TypeParam]) -> BTreeMap<String, TypeExpr> {
    params.iter().filter_map(|param| Some((param.name.clone(), param.extends.clone()?))).collect()
}
