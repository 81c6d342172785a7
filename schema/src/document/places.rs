//! Items apart from where they were read.

use crate::{
    diagnostic::Place,
    model::{Item, Method, Property, Shape},
};

/// The item with every place blank: two readings of the same facts from different files are equal.
pub(super) fn blank(item: &mut Item) {
    clear(&mut item.place);
    item.tables.iter_mut().for_each(|table| clear(&mut table.place));
    match &mut item.shape {
        Shape::Interface(members) | Shape::Class(members) | Shape::Error(members) => {
            properties(&mut members.properties);
            for accessor in &mut members.accessors {
                clear(&mut accessor.place);
                properties(accessor.set.as_mut_slice());
            }
            methods(&mut members.methods);
            methods(&mut members.constructors);
            methods(&mut members.calls);
        }
        Shape::Function { signatures } => methods(signatures),
        Shape::Alias { .. } | Shape::Variable { .. } => {}
    }
}

fn methods(methods: &mut [Method]) {
    for method in methods {
        clear(&mut method.place);
        properties(&mut method.params);
    }
}

fn properties(all: &mut [Property]) {
    for property in all {
        clear(&mut property.place);
        properties(&mut property.fields);
    }
}

fn clear(place: &mut Place) {
    *place = Place::new("", 0, 0);
}
