//! What a page states about a custom element.

use credwire_schema::{diagnostic::Place, type_expr::TypeExpr};

use super::{MemberFacts, SignatureFacts, Stated, StaticFacts};

/// A custom element.
#[derive(Clone, Debug, PartialEq)]
pub struct ElementFacts {
    /// The tag, `sw-click-to-call`.
    pub tag: String,
    /// The class, `SwClickToCall`.
    pub class: String,
    /// The module it is in, as the page names it.
    pub module: Option<String>,
    /// The path of its page below the root of the reference; empty without one.
    pub page: String,
    /// The slug of its page.
    pub slug: Option<String>,
    /// Where it begins.
    pub place: Place,
    /// Fields, with their defaults.
    pub fields: Vec<MemberFacts>,
    /// Attributes and the fields they set.
    pub attributes: Vec<AttributeFacts>,
    /// Events.
    pub events: Vec<EventFacts>,
    /// Slots; the default slot has an empty name.
    pub slots: Vec<NamedFact>,
    /// CSS parts.
    pub parts: Vec<NamedFact>,
    /// CSS custom properties.
    pub css_properties: Vec<CssPropertyFacts>,
    /// Methods.
    pub methods: Vec<SignatureFacts>,
    /// What the class has itself, and not its instances.
    pub statics: StaticFacts,
}

/// A name and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedFact {
    /// The name.
    pub name: String,
    /// Where it stands.
    pub place: Place,
}

/// An attribute of an element.
#[derive(Clone, Debug, PartialEq)]
pub struct AttributeFacts {
    /// The name in markup.
    pub name: String,
    /// The field that it sets.
    pub field: Option<String>,
    /// The base it comes from.
    pub inherited_from: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// An event of an element.
#[derive(Clone, Debug, PartialEq)]
pub struct EventFacts {
    /// The name.
    pub name: String,
    /// The type of `detail`; none when the event carries nothing.
    pub detail: Option<TypeExpr>,
    /// Where it stands.
    pub place: Place,
}

/// A CSS custom property that an element reads.
#[derive(Clone, Debug, PartialEq)]
pub struct CssPropertyFacts {
    /// The name, `--radius-md`.
    pub name: String,
    /// Its default.
    pub default: Option<Stated<String>>,
    /// Where it stands.
    pub place: Place,
}

impl ElementFacts {
    /// Creates an element of which only the names are known.
    pub fn new(tag: impl Into<String>, class: impl Into<String>, place: Place) -> Self {
        Self {
            tag: tag.into(),
            class: class.into(),
            module: None,
            page: String::new(),
            slug: None,
            place,
            fields: Vec::new(),
            attributes: Vec::new(),
            events: Vec::new(),
            slots: Vec::new(),
            parts: Vec::new(),
            css_properties: Vec::new(),
            methods: Vec::new(),
            statics: StaticFacts::default(),
        }
    }
}
