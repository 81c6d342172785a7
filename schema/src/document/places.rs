//! Where the facts of an item were read.

use crate::{
    diagnostic::Place,
    model::{Accessor, Item, Method, Property, Shape, element::Element},
};

/// The item with every place blank: two readings of the same facts from different files are equal.
pub(super) fn blank(item: &mut Item) {
    each_place(item, &mut |place| *place = Place::new("", 0, 0));
}

/// Visits the place of every fact of an item.
pub fn each_place(item: &mut Item, visit: &mut dyn FnMut(&mut Place)) {
    visit(&mut item.place);
    item.tables.iter_mut().for_each(|table| visit(&mut table.place));
    match &mut item.shape {
        Shape::Interface(members) | Shape::Class(members) | Shape::Error(members) => {
            properties(&mut members.properties, visit);
            accessors(&mut members.accessors, visit);
            methods(&mut members.methods, visit);
            methods(&mut members.constructors, visit);
            methods(&mut members.calls, visit);
            properties(&mut members.statics.properties, visit);
            accessors(&mut members.statics.accessors, visit);
            methods(&mut members.statics.methods, visit);
        }
        Shape::Function { signatures } => methods(signatures, visit),
        Shape::Element { element } => each_place_of_element(element, visit),
        Shape::Alias { .. } | Shape::Enum { .. } | Shape::Variable { .. } | Shape::Rpc(_) => {}
    }
}

/// Visits the place of every fact of an element.
pub fn each_place_of_element(element: &mut Element, visit: &mut dyn FnMut(&mut Place)) {
    visit(&mut element.place);
    properties(&mut element.fields, visit);
    methods(&mut element.methods, visit);
    properties(&mut element.statics.properties, visit);
    accessors(&mut element.statics.accessors, visit);
    methods(&mut element.statics.methods, visit);
    element.attributes.iter_mut().for_each(|attribute| visit(&mut attribute.place));
    element.events.iter_mut().for_each(|event| visit(&mut event.place));
    element.slots.iter_mut().chain(&mut element.parts).for_each(|named| visit(&mut named.place));
    element.css_properties.iter_mut().for_each(|property| visit(&mut property.place));
}

fn accessors(all: &mut [Accessor], visit: &mut dyn FnMut(&mut Place)) {
    for accessor in all {
        visit(&mut accessor.place);
        properties(accessor.set.as_mut_slice(), visit);
    }
}

fn methods(methods: &mut [Method], visit: &mut dyn FnMut(&mut Place)) {
    for method in methods {
        visit(&mut method.place);
        properties(&mut method.params, visit);
    }
}

fn properties(all: &mut [Property], visit: &mut dyn FnMut(&mut Place)) {
    for property in all {
        visit(&mut property.place);
        properties(&mut property.fields, visit);
    }
}
