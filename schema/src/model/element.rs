//! What we hold to be true of a custom element: one JSON document each.

use serde::{Deserialize, Serialize};

use super::{Item, Method, Origin, Property, Shape, Statics};
use crate::{diagnostic::Place, spelling, type_expr::TypeExpr};

/// The version of the document format, written as `format` into each document of an element.
pub const ELEMENT_FORMAT: &str = "credwire-element/1";

/// A custom element. Every list but the parameters of methods is sorted by name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Element {
    /// [`ELEMENT_FORMAT`].
    pub format: String,
    /// The tag, `sw-click-to-call`.
    pub tag: String,
    /// The class, `SwClickToCall`.
    pub class: String,
    /// The module that defines it, as its page names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub module: Option<String>,
    /// One line of our own; from the overlay.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub summary: String,
    /// The page's path on the vendor's site.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reference: String,
    /// Where the element was read.
    pub place: Place,
    /// Fields of the class, with their defaults.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Property>,
    /// Attributes in markup.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<Attribute>,
    /// Events that it dispatches.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<Event>,
    /// Slots; the default slot has an empty name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub slots: Vec<Named>,
    /// CSS shadow parts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Named>,
    /// CSS custom properties that it reads.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub css_properties: Vec<CssProperty>,
    /// Methods, overloads in the order of the page.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub methods: Vec<Method>,
    /// The static members of the class.
    #[serde(default, skip_serializing_if = "Statics::is_empty")]
    pub statics: Statics,
}

impl Element {
    /// Returns the item of an element, by its tag, which is linked and generated as all others are.
    pub fn into_item(self) -> Item {
        let (name, rust, place) =
            (self.tag.clone(), spelling::pascal(&self.tag), self.place.clone());
        Item {
            summary: self.summary.clone(),
            reference: self.reference.clone(),
            origin: Origin::Element,
            ..Item::new(name, rust, place, Shape::Element { element: Box::new(self) })
        }
    }
}

/// An attribute of an element.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Attribute {
    /// The name in markup.
    pub name: String,
    /// The field that it sets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The base that it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inherited_from: Option<String>,
    /// Where it was read.
    pub place: Place,
}

/// An event of an element.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// The name.
    pub name: String,
    /// Our own line about it; from the overlay.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub summary: String,
    /// The type of its `detail`; none when it carries nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<TypeExpr>,
    /// Where it was read.
    pub place: Place,
}

/// A slot or a part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// The name.
    pub name: String,
    /// Where it was read.
    pub place: Place,
}

/// A CSS custom property.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CssProperty {
    /// The name, `--radius-md`.
    pub name: String,
    /// Its value when nothing sets it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// Where it was read.
    pub place: Place,
}
