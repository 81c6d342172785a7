//! Marks the values that must never be shown, wherever they stand.

use std::collections::{BTreeMap, BTreeSet};

use credwire_schema::{
    model::{Accessor, Item, Method, Property, Shape, element::Element},
    secret::{is_key, is_key_material, is_secret, keys},
    type_expr::TypeExpr,
};

/// What the aliases among some items stand for, and which of the items are JSON Web Keys.
pub(super) struct Known {
    types: BTreeMap<String, TypeExpr>,
    keys: BTreeSet<String>,
}

impl Known {
    pub(super) fn of(items: &[Item]) -> Self {
        let alias = |item: &Item| match &item.shape {
            Shape::Alias { ty, .. } => Some((item.name.clone(), ty.clone())),
            _ => None,
        };
        Self { types: items.iter().filter_map(alias).collect(), keys: keys(items.iter()) }
    }

    pub(super) fn mark(&self, item: &mut Item) {
        let is_key = self.keys.contains(&item.name);
        match &mut item.shape {
            Shape::Interface(members) | Shape::Class(members) | Shape::Error(members) => {
                self.properties(&mut members.properties, is_key);
                self.accessors(&mut members.accessors);
                self.methods(&mut members.methods);
                self.methods(&mut members.constructors);
                self.methods(&mut members.calls);
                self.properties(&mut members.statics.properties, false);
                self.accessors(&mut members.statics.accessors);
                self.methods(&mut members.statics.methods);
            }
            Shape::Function { signatures } => self.methods(signatures),
            Shape::Alias { .. }
            | Shape::Enum { .. }
            | Shape::Variable { .. }
            | Shape::Rpc(_)
            | Shape::Element { .. } => {}
        }
    }

    pub(super) fn mark_element(&self, element: &mut Element) {
        self.properties(&mut element.fields, false);
        self.methods(&mut element.methods);
        self.properties(&mut element.statics.properties, false);
        self.methods(&mut element.statics.methods);
    }

    /// Marks members or parameters; those of a key have names of one letter.
    fn properties(&self, all: &mut [Property], is_of_key: bool) {
        let aliases = |name: &str| self.types.get(name);
        for property in all {
            let Property { name, ty, format, .. } = &*property;
            property.secret = is_secret(name, ty, *format, &aliases)
                || is_of_key && is_key_material(name, ty, &aliases);
            let is_key = is_key(property.fields.iter().map(|field| field.name.as_str()));
            self.properties(&mut property.fields, is_key);
        }
    }

    /// The value that a setter takes is named by the accessor, and not by the parameter alone.
    fn accessors(&self, all: &mut [Accessor]) {
        for accessor in all {
            self.properties(accessor.set.as_mut_slice(), false);
            if let Some(set) = &mut accessor.set {
                set.secret |=
                    is_secret(&accessor.name, &set.ty, None, &|name| self.types.get(name));
            }
        }
    }

    fn methods(&self, all: &mut [Method]) {
        all.iter_mut().for_each(|method| self.properties(&mut method.params, false));
    }
}
