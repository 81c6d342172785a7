//! The flat form of an item in its document: every member of every kind, checked against the kind.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::{
    diagnostic::Place,
    model::{
        Accessor, DecisionTable, EnumMember, FORMAT, Item, LocalMember, Members, Method, Origin,
        Property, Rule, Shape, Statics,
        rpc::{Direction, Rpc, RpcCode, RpcSignature},
    },
    type_expr::{IndexSignature, TypeExpr, TypeParam},
};

/// An item before the members are checked against its kind. A derive with `flatten` would lose
/// the line of a mistake and could not refuse unknown members.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RawItem {
    format: String,
    name: String,
    rust: String,
    #[serde(default)]
    summary: String,
    #[serde(default)]
    reference: String,
    #[serde(default)]
    place: Place,
    #[serde(default)]
    origin: Origin,
    #[serde(default)]
    type_params: Vec<TypeParam>,
    #[serde(default)]
    extends: Vec<TypeExpr>,
    #[serde(default)]
    implements: Vec<TypeExpr>,
    kind: Kind,
    properties: Option<Vec<Property>>,
    accessors: Option<Vec<Accessor>>,
    methods: Option<Vec<Method>>,
    constructors: Option<Vec<Method>>,
    calls: Option<Vec<Method>>,
    #[serde(rename = "type")]
    ty: Option<TypeExpr>,
    meanings: Option<BTreeMap<String, String>>,
    signatures: Option<Vec<Method>>,
    value: Option<String>,
    method: Option<RpcSignature>,
    requests: Option<Direction>,
    codes: Option<Vec<RpcCode>>,
    members: Option<Vec<EnumMember>>,
    index: Option<Vec<IndexSignature>>,
    statics: Option<Statics>,
    #[serde(default)]
    deprecated: bool,
    since: Option<String>,
    #[serde(default)]
    rules: Vec<Rule>,
    #[serde(default)]
    tables: Vec<DecisionTable>,
    local: Option<Vec<LocalMember>>,
    error: Option<String>,
    attribute: Option<String>,
}

#[derive(Deserialize, Clone, Copy, PartialEq)]
#[serde(rename_all = "camelCase")]
enum Kind {
    Interface,
    Class,
    Error,
    Alias,
    Enum,
    Function,
    Variable,
    Rpc,
}

impl RawItem {
    /// The item, or what does not fit its kind.
    pub(super) fn into_item(mut self) -> Result<Item, String> {
        if self.format != FORMAT {
            return Err(format!("format `{}` is not `{FORMAT}`", self.format));
        }
        let kind = self.kind;
        let shape = match kind {
            Kind::Interface => Shape::Interface(self.own_members()),
            Kind::Class => Shape::Class(self.own_members()),
            Kind::Error => Shape::Error(self.own_members()),
            Kind::Alias => Shape::Alias {
                ty: self.ty.take().ok_or("an alias needs `type`")?,
                meanings: self.meanings.take().unwrap_or_default(),
            },
            Kind::Enum => Shape::Enum {
                members: self.members.take().ok_or("an enumeration needs `members`")?,
            },
            Kind::Function => Shape::Function {
                signatures: self.signatures.take().ok_or("a function needs `signatures`")?,
            },
            Kind::Variable => Shape::Variable {
                ty: self.ty.take().ok_or("a variable needs `type`")?,
                value: self.value.take(),
            },
            Kind::Rpc => Shape::Rpc(self.rpc()?),
        };
        let local = if kind == Kind::Interface { self.local.take() } else { None };
        // What the kind has use for was taken above.
        let left_over = [
            (self.properties.is_some(), "properties"),
            (self.accessors.is_some(), "accessors"),
            (self.methods.is_some(), "methods"),
            (self.constructors.is_some(), "constructors"),
            (self.calls.is_some(), "calls"),
            (self.ty.is_some(), "type"),
            (self.meanings.is_some(), "meanings"),
            (self.signatures.is_some(), "signatures"),
            (self.value.is_some(), "value"),
            (self.method.is_some(), "method"),
            (self.requests.is_some(), "requests"),
            (self.codes.is_some(), "codes"),
            (self.members.is_some(), "members"),
            (self.index.is_some(), "index"),
            (self.statics.is_some(), "statics"),
            (self.local.is_some(), "local"),
        ];
        if let Some((_, member)) = left_over.iter().find(|(present, _)| *present) {
            return Err(format!("`{member}` does not belong to this kind of item"));
        }
        Ok(Item {
            format: self.format,
            name: self.name,
            rust: self.rust,
            summary: self.summary,
            reference: self.reference,
            place: self.place,
            origin: self.origin,
            type_params: self.type_params,
            extends: self.extends,
            implements: self.implements,
            shape,
            deprecated: self.deprecated,
            since: self.since,
            rules: self.rules,
            tables: self.tables,
            local: local.unwrap_or_default(),
            error: self.error,
            attribute: self.attribute,
        })
    }

    fn rpc(&mut self) -> Result<Rpc, String> {
        let method = self.method.take().map(Rpc::Method);
        let requests = || self.requests.take().map(Rpc::Requests);
        let rpc = method.or_else(requests).or_else(|| self.codes.take().map(Rpc::Codes));
        rpc.ok_or_else(|| "such an item needs `method`, `requests` or `codes`".to_owned())
    }

    fn own_members(&mut self) -> Members {
        Members {
            properties: self.properties.take().unwrap_or_default(),
            accessors: self.accessors.take().unwrap_or_default(),
            methods: self.methods.take().unwrap_or_default(),
            constructors: self.constructors.take().unwrap_or_default(),
            calls: self.calls.take().unwrap_or_default(),
            index: self.index.take().unwrap_or_default(),
            statics: self.statics.take().unwrap_or_default(),
        }
    }
}

/// Sorts what has no order of its own, so that equal items have equal documents.
pub(super) fn sort(item: &mut Item) {
    let (Shape::Interface(members) | Shape::Class(members) | Shape::Error(members)) =
        &mut item.shape
    else {
        return;
    };
    if item.origin == Origin::Reference {
        sort_properties(&mut members.properties);
    }
    members.accessors.sort_by(|a, b| a.name.cmp(&b.name));
    // Stable: overloads keep the order of the page.
    members.methods.sort_by(|a, b| a.name.cmp(&b.name));
    sort_properties(&mut members.statics.properties);
    members.statics.accessors.sort_by(|a, b| a.name.cmp(&b.name));
    members.statics.methods.sort_by(|a, b| a.name.cmp(&b.name));
}

fn sort_properties(properties: &mut [Property]) {
    properties.sort_by(|a, b| a.name.cmp(&b.name));
    for property in properties {
        sort_properties(&mut property.fields);
    }
}
