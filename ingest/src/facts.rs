//! What sources state, without judgement: names, types, flags, units, each with its place.

mod default_args;
mod element;
mod errors;
mod fill;
mod json;
mod kind;
mod listing;
mod merge;
mod sentence;
mod types;

use std::collections::BTreeMap;

use credwire_schema::{
    diagnostic::Place,
    model::{Format, Unit},
    type_expr::{FunctionParam, FunctionType, IndexSignature, TypeExpr, TypeParam},
};

use crate::source::is_declarations;

pub use default_args::without_default_args;
pub use element::{AttributeFacts, CssPropertyFacts, ElementFacts, EventFacts, NamedFact};
pub(crate) use errors::mark_errors;
pub(crate) use fill::{add, fill};
pub use json::{FACTS_FORMAT, facts_json};
pub use kind::{ItemKind, PageRole};
pub(crate) use listing::check_listing;
pub(crate) use merge::merge;
pub use sentence::Sentence;

/// Everything that was stated, by item.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// The items by documented name.
    pub items: BTreeMap<String, ItemFacts>,
    /// The custom elements by tag.
    pub elements: BTreeMap<String, ElementFacts>,
    /// What exported declarations mention without being exported, by name.
    pub internal: BTreeMap<String, ItemFacts>,
    /// The modules of types that are mentioned without being at hand, by the name they have here.
    pub foreign: BTreeMap<String, String>,
    /// The pages that were read, sorted by path.
    pub pages: Vec<PageFacts>,
    /// Oddities of pages that are no faults of the reader, sorted.
    pub anomalies: Vec<Anomaly>,
}

/// Something a source states, and where and in which words.
#[derive(Clone, Debug, PartialEq)]
pub struct Stated<T> {
    /// What is stated.
    pub value: T,
    /// The place of the statement.
    pub place: Place,
    /// The words it was read from.
    pub words: String,
}

/// How sure the reader is of a fact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// Recovered from a form that lost it; it could be otherwise.
    Recovered,
    /// Written there.
    #[default]
    Stated,
}

/// A page that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct PageFacts {
    /// The path below the root of the reference.
    pub path: String,
    /// What it is about.
    pub role: PageRole,
    /// Its title.
    pub title: String,
    /// Its address below the root of the reference, `interfaces/sdk-credential`.
    pub address: Option<String>,
    /// The pages of the reference that it lists as cards.
    pub cards: Vec<CardFacts>,
    /// Where it begins.
    pub place: Place,
}

/// A card: one page lists another.
#[derive(Clone, Debug, PartialEq)]
pub struct CardFacts {
    /// The title.
    pub title: String,
    /// The address of the other page below the root of the reference.
    pub address: String,
    /// Where the card is.
    pub place: Place,
}

/// An oddity of a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Anomaly {
    /// Kebab-case kind, such as `returns-section-missing`.
    pub kind: &'static str,
    /// The page's path below the root of the reference.
    pub page: String,
    /// Which member, and what is odd.
    pub detail: String,
    /// The place of the oddity.
    pub place: Place,
}

/// What is stated about one symbol.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemFacts {
    /// The documented name.
    pub name: String,
    /// The name of the declaration, when it is exported under another.
    pub declared: Option<String>,
    /// What it is.
    pub kind: ItemKind,
    /// The path of its page below the root of the reference; none when only member pages exist.
    pub page: Option<String>,
    /// The slug of its page.
    pub slug: Option<String>,
    /// Where it begins.
    pub place: Place,
    /// Type parameters.
    pub type_params: Vec<TypeParam>,
    /// Bases.
    pub extends: Vec<TypeExpr>,
    /// Implemented interfaces.
    pub implements: Vec<TypeExpr>,
    /// What the page says is derived from it.
    pub extended_by: Vec<TypeExpr>,
    /// Own properties.
    pub properties: Vec<MemberFacts>,
    /// Properties that the page repeats from a base.
    pub inherited: Vec<InheritedFacts>,
    /// Accessors.
    pub accessors: Vec<AccessorFacts>,
    /// Whether the page has a section for accessors, even when their pages are not at hand.
    pub has_accessors: bool,
    /// Methods, one for each overload.
    pub methods: Vec<SignatureFacts>,
    /// Constructors.
    pub constructors: Vec<SignatureFacts>,
    /// Call signatures; the signatures of a function, or of an alias for a function type.
    pub calls: Vec<SignatureFacts>,
    /// Index signatures.
    pub index: Vec<IndexSignature>,
    /// What a class has itself, and not its instances.
    pub statics: StaticFacts,
    /// What an alias stands for, the type of a variable.
    pub ty: Option<TypeExpr>,
    /// The value of a variable as written.
    pub value: Option<String>,
    /// The members of an enumeration.
    pub members: Vec<EnumMemberFacts>,
    /// Literals or names that the page describes.
    pub described: Vec<(String, Place)>,
    /// Members of which at least one must be present.
    pub one_of: Option<Stated<Vec<String>>>,
    /// Yes/no tables that decide something.
    pub tables: Vec<TableFacts>,
    /// Whether it is an abstract class.
    pub is_abstract: bool,
    /// Marked as deprecated.
    pub deprecated: bool,
    /// The version in which it first appeared, as written.
    pub since: Option<String>,
    /// How sure the reader is.
    pub confidence: Confidence,
    /// The first sentence about it.
    pub sentence: Sentence,
    /// Whether a generator made its page of declarations: marks such as `protected` are those of
    /// the source, and types may be what the compiler makes of them.
    pub generated: bool,
}

/// The static members of a class.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StaticFacts {
    /// Properties.
    pub properties: Vec<MemberFacts>,
    /// Accessors.
    pub accessors: Vec<AccessorFacts>,
    /// Methods, one for each overload.
    pub methods: Vec<SignatureFacts>,
}

impl StaticFacts {
    /// Returns whether there is no static member.
    pub fn is_empty(&self) -> bool {
        self.properties.is_empty() && self.accessors.is_empty() && self.methods.is_empty()
    }
}

/// A member of an enumeration.
#[derive(Clone, Debug, PartialEq)]
pub struct EnumMemberFacts {
    /// The name.
    pub name: String,
    /// The value: a literal where one is written or follows from those before it.
    pub value: TypeExpr,
    /// Marked as deprecated.
    pub deprecated: bool,
    /// The first sentence about it.
    pub sentence: Sentence,
}

/// A property or a parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct MemberFacts {
    /// The name, without the path of its parents.
    pub name: String,
    /// The type, where one is stated.
    pub ty: Option<TypeExpr>,
    /// May be absent.
    pub optional: bool,
    /// Whether it is read-only; pages do not say.
    pub readonly: Option<bool>,
    /// `...rest`
    pub rest: bool,
    /// Members that are described one by one.
    pub fields: Vec<MemberFacts>,
    /// `protected` and the like.
    pub access: Option<String>,
    /// Marked as internal by its author.
    pub internal: bool,
    /// What its description states.
    pub doc: DocFacts,
    /// Where it was read.
    pub place: Place,
    /// How sure the reader is.
    pub confidence: Confidence,
}

/// What a description states about a value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DocFacts {
    /// The unit of a number.
    pub unit: Option<Stated<Unit>>,
    /// Least and greatest value.
    pub range: Option<Stated<(f64, f64)>>,
    /// The default as written, without quotes.
    pub default: Option<Stated<String>>,
    /// The only value.
    pub constant: Option<Stated<String>>,
    /// The form of a string.
    pub format: Option<Stated<Format>>,
    /// The number of an RFC.
    pub rfc: Option<Stated<String>>,
    /// What counting starts from.
    pub base: Option<Stated<u32>>,
    /// Marked as deprecated.
    pub deprecated: bool,
    /// Its first sentence.
    pub sentence: Sentence,
}

/// Properties that a page repeats from a base.
#[derive(Clone, Debug, PartialEq)]
pub struct InheritedFacts {
    /// The base.
    pub from: String,
    /// Its properties as the page has them.
    pub properties: Vec<MemberFacts>,
}

/// An accessor of a class.
#[derive(Clone, Debug, PartialEq)]
pub struct AccessorFacts {
    /// The name, with its `$` when it has one.
    pub name: String,
    /// The type that it returns.
    pub get: Option<TypeExpr>,
    /// What it takes.
    pub set: Option<MemberFacts>,
    /// What its description states.
    pub doc: DocFacts,
    /// `protected` and the like.
    pub access: Option<String>,
    /// The base it comes from.
    pub inherited_from: Option<String>,
    /// The page says that it is not implemented.
    pub unimplemented: bool,
    /// Marked as internal by its author.
    pub internal: bool,
    /// The page it is on.
    pub page: Option<String>,
    /// Where it was read.
    pub place: Place,
}

/// A method, function, constructor or call signature.
#[derive(Clone, Debug, PartialEq)]
pub struct SignatureFacts {
    /// The name.
    pub name: String,
    /// The interface may lack it.
    pub optional: bool,
    /// Type parameters.
    pub type_params: Vec<TypeParam>,
    /// Parameters in order.
    pub params: Vec<MemberFacts>,
    /// The result, where one is stated.
    pub returns: Option<TypeExpr>,
    /// The base it comes from.
    pub inherited_from: Option<String>,
    /// Marked as abstract.
    pub is_abstract: bool,
    /// Marked as deprecated.
    pub deprecated: bool,
    /// The page says that it throws or rejects.
    pub throws: bool,
    /// The page says that it is not implemented.
    pub unimplemented: bool,
    /// `protected` and the like.
    pub access: Option<String>,
    /// Marked as internal by its author.
    pub internal: bool,
    /// The first sentence about it.
    pub sentence: Sentence,
    /// The page it is on, when that is not the item's.
    pub page: Option<String>,
    /// Where it was read.
    pub place: Place,
}

/// A table whose first columns are yes or no.
#[derive(Clone, Debug, PartialEq)]
pub struct TableFacts {
    /// The heading above it.
    pub heading: String,
    /// The headers, the outcome's last.
    pub headers: Vec<String>,
    /// Conditions and outcome of each row.
    pub rows: Vec<(Vec<bool>, String)>,
    /// Where it begins.
    pub place: Place,
    /// How sure the reader is.
    pub confidence: Confidence,
}

impl ItemFacts {
    /// Creates an item about which nothing is stated yet.
    pub fn new(name: impl Into<String>, kind: ItemKind, place: Place) -> Self {
        Self {
            name: name.into(),
            declared: None,
            kind,
            page: None,
            slug: None,
            place,
            type_params: Vec::new(),
            extends: Vec::new(),
            implements: Vec::new(),
            extended_by: Vec::new(),
            properties: Vec::new(),
            inherited: Vec::new(),
            accessors: Vec::new(),
            has_accessors: false,
            methods: Vec::new(),
            constructors: Vec::new(),
            calls: Vec::new(),
            index: Vec::new(),
            statics: StaticFacts::default(),
            ty: None,
            value: None,
            members: Vec::new(),
            described: Vec::new(),
            one_of: None,
            tables: Vec::new(),
            is_abstract: false,
            deprecated: false,
            since: None,
            confidence: Confidence::Stated,
            sentence: Sentence::default(),
            generated: false,
        }
    }
}

impl ItemFacts {
    /// Returns whether only pages of members are at hand, and none of the class itself.
    pub fn is_partial(&self) -> bool {
        let on_pages = self.accessors.iter().any(|accessor| accessor.page.is_some())
            || self.methods.iter().any(|method| method.page.is_some());
        self.page.is_none() && on_pages
    }

    /// Returns whether it is known by its declaration, which leaves nothing about types unsaid.
    pub fn is_declared(&self) -> bool {
        self.page.is_none() && !self.is_partial() && is_declarations(&self.place.file)
    }
}

impl MemberFacts {
    /// Creates a member of which only the name is known.
    pub fn new(name: impl Into<String>, ty: Option<TypeExpr>, place: Place) -> Self {
        Self {
            name: name.into(),
            ty,
            optional: false,
            readonly: None,
            rest: false,
            fields: Vec::new(),
            access: None,
            internal: false,
            doc: DocFacts::default(),
            place,
            confidence: Confidence::Stated,
        }
    }

    /// Leaves `undefined` out of the type of an optional member, which says it already.
    pub(crate) fn drop_undefined(&mut self) {
        if !self.optional {
            return;
        }
        if let Some(TypeExpr::Union(members)) = &mut self.ty {
            members.retain(|ty| *ty != TypeExpr::Undefined);
            if members.len() == 1 {
                self.ty = members.pop();
            }
        }
    }
}

impl SignatureFacts {
    /// Returns the type of a function with this signature; `unstated` stands for a result that is not stated.
    pub fn function_type(&self, unstated: TypeExpr) -> FunctionType {
        let params = self.params.iter().map(|param| FunctionParam {
            name: param.name.clone(),
            ty: param.ty.clone(),
            optional: param.optional,
            rest: param.rest,
        });
        FunctionType {
            construct: false,
            type_params: self.type_params.clone(),
            params: params.collect(),
            returns: self.returns.clone().unwrap_or(unstated),
        }
    }

    /// Creates a signature without parameters.
    pub fn new(name: impl Into<String>, place: Place) -> Self {
        Self {
            name: name.into(),
            optional: false,
            type_params: Vec::new(),
            params: Vec::new(),
            returns: None,
            inherited_from: None,
            is_abstract: false,
            deprecated: false,
            throws: false,
            unimplemented: false,
            access: None,
            internal: false,
            sentence: Sentence::default(),
            page: None,
            place,
        }
    }
}
