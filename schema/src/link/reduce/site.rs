//! Where a type stands, and what it is called after.

use crate::{diagnostic::Place, model::Item, spelling};

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
