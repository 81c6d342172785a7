//! The items that come of types in place, and their names.

use std::collections::{BTreeMap, BTreeSet};

use super::site::Site;
use crate::{
    model::{Item, Shape},
    spelling,
    type_expr::{TypeExpr, TypeParam},
};

/// How many letters the name of what was made may have.
const MOST_LETTERS: usize = 120;

/// What was made so far.
pub(super) struct Made {
    pub(super) items: Vec<Item>,
    taken: BTreeSet<String>,
    /// The last number that was given to each of them.
    numbers: BTreeMap<String, usize>,
    /// Those of them that types have which stand in place.
    in_place: BTreeSet<String>,
    /// By owner and text, so that overloads which spell out the same type share one.
    known: BTreeMap<(String, String), TypeExpr>,
    /// The keys of what is known, in the order in which it came.
    journal: Vec<(String, String)>,
}

/// How much was made at some time.
pub(super) struct Mark {
    items: usize,
    journal: usize,
}

impl Made {
    pub(super) fn new(items: &BTreeMap<String, Item>) -> Self {
        let own = crate::spelling::RESERVED.iter().map(|name| (*name).to_owned());
        let taken = items.values().map(|item| item.rust.clone()).chain(own).collect();
        Self {
            items: Vec::new(),
            taken,
            numbers: BTreeMap::new(),
            in_place: BTreeSet::new(),
            known: BTreeMap::new(),
            journal: Vec::new(),
        }
    }

    pub(super) fn mark(&self) -> Mark {
        Mark { items: self.items.len(), journal: self.journal.len() }
    }

    /// Forgets what was made since then.
    pub(super) fn forget(&mut self, since: &Mark) {
        self.items.truncate(since.items);
        for key in self.journal.drain(since.journal..) {
            self.known.remove(&key);
        }
    }

    fn know(&mut self, key: (String, String), ty: TypeExpr) {
        self.journal.push(key.clone());
        self.known.insert(key, ty);
    }

    /// The type that was made of the same text for the same owner.
    pub(super) fn known(&self, site: &Site, text: &str) -> Option<TypeExpr> {
        self.known.get(&(site.owner.clone(), text.to_owned())).cloned()
    }

    /// Whether a type may stand in place: generators call it after where it stands, and nothing
    /// else may have that name.
    pub(super) fn reserve(&mut self, site: &Site, ty: &TypeExpr) -> bool {
        // A stream gives what its snapshot gives, and a constructor takes what members hold; two
        // spellings that meet are two members.
        let member = site.member.join(".").replace('$', "");
        let place = format!("in place {} {member} {ty}", site.owner_rust);
        let key = (site.owner.clone(), place);
        if self.known.contains_key(&key) {
            return true;
        }
        // What an alias stands for has its name.
        let is_free = site.member.is_empty() || self.taken.insert(base_name(site));
        if is_free {
            self.in_place.insert(base_name(site));
            self.know(key, ty.clone());
        }
        is_free
    }

    /// Makes an item named after where it stands, generic over what it mentions of the scope, and
    /// returns the type that names it. `shape` is given afterwards by [`fill`](Self::fill), since
    /// the type may hold itself.
    pub(super) fn add(
        &mut self,
        site: &Site,
        text: &str,
        params: Vec<String>,
    ) -> (usize, TypeExpr) {
        let base = short(base_name(site));
        let mut rust = base.clone();
        let mut name = site.path.clone();
        if !self.taken.insert(rust.clone()) {
            let number = self.numbers.entry(base.clone()).or_insert(1);
            while !self.taken.insert(rust.clone()) {
                *number += 1;
                rust = format!("{base}{number}");
            }
            name = format!("{name}#{number}");
        }
        let args = params.iter().map(TypeExpr::named).collect();
        let ty = TypeExpr::Ref { name: name.clone(), args };
        self.know((site.owner.clone(), text.to_owned()), ty.clone());
        let param = |name: String| TypeParam { name, extends: None, default: None };
        let shape = Shape::Alias { ty: TypeExpr::Unknown, meanings: BTreeMap::new() };
        self.items.push(Item {
            type_params: params.into_iter().map(param).collect(),
            ..Item::new(name, rust, site.place.clone(), shape)
        });
        (self.items.len() - 1, ty)
    }

    /// Makes an item of what stood in place, under the name that is reserved for it.
    pub(super) fn promote(&mut self, site: &Site, name: String, shape: Shape) -> TypeExpr {
        let mut rust = base_name(site);
        if !self.in_place.remove(&rust) {
            rust = spelling::first_free(&rust, "", |rust| self.taken.contains(rust));
        }
        self.taken.insert(rust.clone());
        let ty = TypeExpr::named(&name);
        self.items.push(Item::new(name, rust, site.place.clone(), shape));
        ty
    }

    pub(super) fn fill(&mut self, index: usize, shape: Shape) {
        if let Some(item) = self.items.get_mut(index) {
            item.shape = shape;
        }
    }
}

fn base_name(site: &Site) -> String {
    let base = site.owner_rust.clone();
    site.member.iter().fold(base, |name, part| spelling::inner(&name, part))
}

/// The name of a type far inside others: the owner, and what is nearest. Files are called after types.
fn short(name: String) -> String {
    let letters: Vec<char> = name.chars().collect();
    let (half, count) = (MOST_LETTERS / 2, letters.len());
    if count <= MOST_LETTERS {
        return name;
    }
    letters.iter().take(half).chain(letters.iter().skip(count - half)).collect()
}
