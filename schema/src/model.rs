//! What we hold to be true of an interface: one JSON document each, keys in a fixed order.

pub mod element;
pub mod rpc;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use self::{element::Element, rpc::Rpc};
use crate::{
    diagnostic::{Diagnostic, Place},
    type_expr::{IndexSignature, TypeExpr, TypeParam, is_false},
};

/// The version of the document format, written as `format` into each document.
pub const FORMAT: &str = "credwire-schema/1";

/// Every interface of a reference, linked and checked: code is only made from this.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schema {
    /// The items by documented name.
    pub items: BTreeMap<String, Item>,
    /// What each interface is for, by documented name.
    pub roles: BTreeMap<String, Role>,
    /// Types that are mentioned without a page of their own, by name.
    pub externals: BTreeMap<String, External>,
    /// What is less in this schema than it is documented, each with its place and how to mend it.
    pub simplified: Vec<Diagnostic>,
}

/// What an interface is for, which decides what Rust it becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Data that goes over the wire and nothing else: a struct with serde.
    WireData,
    /// Data that carries objects of the platform, such as a media stream.
    Handles,
    /// Data that carries a stream of values.
    Stream,
    /// Behaviour that the application supplies: a trait to implement.
    Application,
    /// Behaviour that the SDK supplies: a trait to use.
    Sdk,
}

/// A type that is mentioned without a page of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum External {
    /// An object of the platform that has no form on the wire (`MediaStream`).
    Platform,
    /// A string of the platform (`MediaDeviceKind`).
    PlatformString,
    /// Plain data of the SDK or the platform: any JSON value (`TError`).
    Data,
    /// An error object of the language (`Error`, `ErrorOptions`).
    Error,
    /// A container of the language that the generator supports (`Promise`, `Observable`, `Record`).
    Builtin,
    /// Behaviour of the SDK (`Destroyable`).
    Behaviour,
}

/// One symbol of the reference. Read from its document by [`crate::document`], strictly.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    /// [`FORMAT`].
    pub format: String,
    /// The documented name, `SDKCredential`.
    pub name: String,
    /// The Rust name, `SdkCredential`; words as the page's slug splits them.
    pub rust: String,
    /// One line about it; from the overlay, else on request from the source.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub summary: String,
    /// The page's path on the vendor's site, `/reference/interfaces/sdk-credential`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reference: String,
    /// Where the item was read.
    #[serde(skip_serializing_if = "Place::is_blank")]
    pub place: Place,
    /// What describes it.
    #[serde(default, skip_serializing_if = "Origin::is_reference")]
    pub origin: Origin,
    /// Type parameters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub type_params: Vec<TypeParam>,
    /// Base types.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extends: Vec<TypeExpr>,
    /// Implemented types (classes).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub implements: Vec<TypeExpr>,
    /// What it is.
    #[serde(flatten)]
    pub shape: Shape,
    /// Whether the source marks it as deprecated.
    #[serde(default, skip_serializing_if = "is_false")]
    pub deprecated: bool,
    /// The version in which it first appeared, as the source states it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// Rules that span members.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
    /// Decision tables of the page.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<DecisionTable>,
    /// Members that never go over the wire; from the overlay.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub local: Vec<LocalMember>,
    /// The Rust error of the methods that may fail, `CredentialError`; from the overlay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The attribute of credwire's macros that implements the trait, `credential_provider`; from
    /// the overlay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribute: Option<String>,
}

impl Item {
    /// Creates an item without facts beyond its names, its place and its shape.
    pub(crate) fn new(name: String, rust: String, place: Place, shape: Shape) -> Self {
        Self {
            format: FORMAT.to_owned(),
            name,
            rust,
            summary: String::new(),
            reference: String::new(),
            place,
            origin: Origin::Reference,
            type_params: Vec::new(),
            extends: Vec::new(),
            implements: Vec::new(),
            shape,
            deprecated: false,
            since: None,
            rules: Vec::new(),
            tables: Vec::new(),
            local: Vec::new(),
            error: None,
            attribute: None,
        }
    }
}

/// A member of data that no page has: it lives in this process alone, and is neither read from the
/// wire nor written to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LocalMember {
    /// The Rust name.
    pub name: String,
    /// Our own line about it.
    pub summary: String,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: LocalType,
}

/// The type of a [`LocalMember`], which may always be absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LocalType {
    /// A length of time.
    Duration,
}

/// What describes an item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// A page of the reference, where the order of members says nothing.
    #[default]
    Reference,
    /// The protocol of the socket. Members go over it in the order of the document.
    Wire,
    /// The page of a custom element.
    Element,
}

impl Origin {
    fn is_reference(&self) -> bool {
        *self == Self::Reference
    }
}

/// What an item is.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Shape {
    /// An interface.
    Interface(Members),
    /// A class.
    Class(Members),
    /// An error class.
    Error(Members),
    /// A type alias.
    Alias {
        /// What it stands for.
        #[serde(rename = "type")]
        ty: TypeExpr,
        /// Our own words for each literal of a union, by literal.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        meanings: BTreeMap<String, String>,
    },
    /// An enumeration: what TypeScript declares with `enum`.
    Enum {
        /// Its members in order.
        members: Vec<EnumMember>,
    },
    /// A function.
    Function {
        /// One for each overload.
        signatures: Vec<Method>,
    },
    /// A constant.
    Variable {
        /// Its type.
        #[serde(rename = "type")]
        ty: TypeExpr,
        /// Its value as written.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        value: Option<String>,
    },
    /// A part of a JSON-RPC protocol.
    Rpc(Rpc),
    /// A custom element.
    Element {
        /// What its document says.
        element: Box<Element>,
    },
}

/// A member of an enumeration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EnumMember {
    /// The documented name.
    pub name: String,
    /// A line about it; from the overlay, else on request from the source.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub summary: String,
    /// The value; none when the source leaves it to a computation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<EnumValue>,
    /// Whether the source marks it as deprecated.
    #[serde(default, skip_serializing_if = "is_false")]
    pub deprecated: bool,
}

/// The value of an [`EnumMember`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum EnumValue {
    /// A string.
    Text(String),
    /// A number.
    Number(serde_json::Number),
}

/// The members of an interface, class or error.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Members {
    /// Properties, sorted by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<Property>,
    /// Accessors of classes, sorted by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accessors: Vec<Accessor>,
    /// Methods, sorted by name; overloads in the order of the page.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub methods: Vec<Method>,
    /// Constructors.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub constructors: Vec<Method>,
    /// Call signatures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calls: Vec<Method>,
    /// Index signatures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub index: Vec<IndexSignature>,
    /// What a class has itself, and not its instances.
    #[serde(default, skip_serializing_if = "Statics::is_empty")]
    pub statics: Statics,
}

/// The static members of a class.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Statics {
    /// Properties, sorted by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<Property>,
    /// Accessors, sorted by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accessors: Vec<Accessor>,
    /// Methods, sorted by name; overloads in the order of the page.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub methods: Vec<Method>,
}

impl Statics {
    /// Returns whether there is no static member.
    pub fn is_empty(&self) -> bool {
        self.properties.is_empty() && self.accessors.is_empty() && self.methods.is_empty()
    }
}

/// A data member, or a parameter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Property {
    /// The name on the wire.
    pub name: String,
    /// A line about it; from the overlay, else on request from the source.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub summary: String,
    /// Its type; `| null`, `| undefined` taken off into the flags below.
    #[serde(rename = "type")]
    pub ty: TypeExpr,
    /// May be absent.
    #[serde(default, skip_serializing_if = "is_false")]
    pub optional: bool,
    /// May be null.
    #[serde(default, skip_serializing_if = "is_false")]
    pub nullable: bool,
    /// May not be written.
    #[serde(default, skip_serializing_if = "is_false")]
    pub readonly: bool,
    /// `...rest` (parameters only).
    #[serde(default, skip_serializing_if = "is_false")]
    pub rest: bool,
    /// Whether the source marks it as deprecated.
    #[serde(default, skip_serializing_if = "is_false")]
    pub deprecated: bool,
    /// Must never be shown.
    #[serde(default, skip_serializing_if = "is_false")]
    pub secret: bool,
    /// The unit of a number, or of what a string holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Unit>,
    /// Least and greatest value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<(f64, f64)>,
    /// The default, as a JSON value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<serde_json::Value>,
    /// The form of a string.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    /// Members of an inline object that the page describes one by one (`cnf.jkt`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Property>,
    /// Where it was read.
    #[serde(default, skip_serializing_if = "Place::is_blank")]
    pub place: Place,
}

/// Returns the name of a role, a unit or a form in documents.
pub fn to_name(value: &impl Serialize) -> String {
    let written = serde_json::to_value(value).ok();
    written.as_ref().and_then(|value| value.as_str()).unwrap_or_default().to_owned()
}

impl Property {
    /// Creates a required member without facts beyond its type.
    pub fn new(name: impl Into<String>, ty: TypeExpr, place: Place) -> Self {
        Self {
            name: name.into(),
            summary: String::new(),
            ty,
            optional: false,
            nullable: false,
            readonly: false,
            rest: false,
            deprecated: false,
            secret: false,
            unit: None,
            range: None,
            default: None,
            format: None,
            fields: Vec::new(),
            place,
        }
    }
}

/// An accessor of a class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Accessor {
    /// The name, with its `$` when it has one.
    pub name: String,
    /// Our own line about it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub summary: String,
    /// The type that it returns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub get: Option<TypeExpr>,
    /// What it takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set: Option<Property>,
    /// The unit of the value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Unit>,
    /// Least and greatest value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<(f64, f64)>,
    /// The type it is inherited from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inherited_from: Option<String>,
    /// The page says that it is not implemented.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unimplemented: bool,
    /// Whether the source marks it as deprecated.
    #[serde(default, skip_serializing_if = "is_false")]
    pub deprecated: bool,
    /// Where it was read.
    pub place: Place,
}

/// A method, function, constructor or call signature.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Method {
    /// The name.
    pub name: String,
    /// Our own line about it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub summary: String,
    /// The interface may lack it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub optional: bool,
    /// Type parameters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub type_params: Vec<TypeParam>,
    /// Parameters in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub params: Vec<Property>,
    /// The result.
    pub returns: TypeExpr,
    /// The type it is inherited from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inherited_from: Option<String>,
    /// The page says that it is not implemented.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unimplemented: bool,
    /// Whether the source marks it as deprecated.
    #[serde(default, skip_serializing_if = "is_false")]
    pub deprecated: bool,
    /// Where it was read.
    pub place: Place,
}

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Milliseconds since the Unix epoch.
    EpochMillis,
    /// Seconds since the Unix epoch.
    EpochSeconds,
    /// A duration in milliseconds.
    Millis,
    /// A duration in seconds.
    Seconds,
    /// Bits per second.
    BitsPerSecond,
    /// Thousands of bits per second.
    KilobitsPerSecond,
    /// Percent.
    Percent,
    /// A count, attempt or index: a whole number, not negative.
    Count,
}

/// The form of a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// A JOSE token in compact form.
    Jwt,
    /// A JWK thumbprint, RFC 7638 with SHA-256: 43 characters of base64url.
    JwkThumbprint,
    /// An ISO 8601 instant.
    Iso8601,
    /// A session description, RFC 8866.
    Sdp,
}

/// A rule that spans members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Rule {
    /// At least one of these members must be present.
    AtLeastOneOf(Vec<String>),
}

/// A table of a page that decides something from yes/no conditions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DecisionTable {
    /// The Rust name of the outcome type, `RefreshMechanism`.
    pub name: String,
    /// Our own line about it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub summary: String,
    /// The conditions, as Rust argument names.
    pub inputs: Vec<String>,
    /// One row for every combination of the conditions, in the page's order.
    pub rows: Vec<DecisionRow>,
    /// Where it was read.
    pub place: Place,
}

/// One row of a [`DecisionTable`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DecisionRow {
    /// The conditions' values, in the order of the inputs.
    pub when: Vec<bool>,
    /// The Rust name of the outcome, `ClientBoundSat`.
    pub then: String,
}
