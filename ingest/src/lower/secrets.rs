//! Marks the values that must never be shown, wherever they stand.

use std::collections::BTreeMap;

use credwire_schema::{
    model::{Accessor, Item, Method, Property, Shape, element::Element},
    secret::is_secret,
    type_expr::TypeExpr,
};

/// What the aliases among some items stand for.
pub(super) struct Aliases(BTreeMap<String, TypeExpr>);

impl Aliases {
    pub(super) fn of(items: &[Item]) -> Self {
        let alias = |item: &Item| match &item.shape {
            Shape::Alias { ty, .. } => Some((item.name.clone(), ty.clone())),
            _ => None,
        };
        Self(items.iter().filter_map(alias).collect())
    }

    pub(super) fn mark(&self, item: &mut Item) {
        match &mut item.shape {
            Shape::Interface(members) | Shape::Class(members) | Shape::Error(members) => {
                self.properties(&mut members.properties);
                self.accessors(&mut members.accessors);
                self.methods(&mut members.methods);
                self.methods(&mut members.constructors);
                self.methods(&mut members.calls);
                self.properties(&mut members.statics.properties);
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
        self.properties(&mut element.fields);
        self.methods(&mut element.methods);
        self.properties(&mut element.statics.properties);
        self.methods(&mut element.statics.methods);
    }

    fn properties(&self, all: &mut [Property]) {
        for property in all {
            let Property { name, ty, format, .. } = &*property;
            property.secret = is_secret(name, ty, *format, &|name| self.0.get(name));
            self.properties(&mut property.fields);
        }
    }

    /// The value that a setter takes is named by the accessor, and not by the parameter alone.
    fn accessors(&self, all: &mut [Accessor]) {
        for accessor in all {
            self.properties(accessor.set.as_mut_slice());
            if let Some(set) = &mut accessor.set {
                set.secret |= is_secret(&accessor.name, &set.ty, None, &|name| self.0.get(name));
            }
        }
    }

    fn methods(&self, all: &mut [Method]) {
        all.iter_mut().for_each(|method| self.properties(&mut method.params));
    }
}
