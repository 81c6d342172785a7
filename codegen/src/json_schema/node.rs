//! A schema before it is printed.

use credwire_schema::model::Format;
use serde_json::{Value, json};

use super::Members;
use crate::ty::Ty;

/// Beyond it two whole numbers share one double; what is read as a whole number is bounded by it.
const MAX_WHOLE: i64 = (1 << 53) - 1;

/// The first instant in milliseconds that is not taken for one in seconds.
const MIN_MILLIS: i64 = 100_000_000_000;

/// A schema, or a part of one.
pub(crate) enum Node {
    Leaf(Value),
    List(Vec<Node>),
    Object(Members<Node>),
    /// The schema of a generated type or of a type parameter, with further keywords.
    Type(Ty, Members<Value>),
}

/// The keyword that stands beside others where any value is taken. Readers of schemas take one
/// with a description alone for that of objects.
pub(super) fn anything<T: From<Value>>() -> (String, T) {
    ("anyOf".to_owned(), json!([{}]).into())
}

/// An object of these keywords.
pub(crate) fn keywords<const N: usize>(all: [(&str, Node); N]) -> Node {
    Node::Object(all.into_iter().map(|(name, node)| (name.to_owned(), node)).collect())
}

impl From<Value> for Node {
    fn from(value: Value) -> Self {
        match value {
            Value::Object(members) => {
                let node = |(name, value)| (name, Self::from(value));
                Self::Object(members.into_iter().map(node).collect())
            }
            Value::Array(items) => Self::List(items.into_iter().map(Self::from).collect()),
            value => Self::Leaf(value),
        }
    }
}

impl Node {
    /// The schema of a type.
    pub(crate) fn of(ty: &Ty) -> Self {
        match ty {
            Ty::Text | Ty::Secret => json!({"type": "string"}).into(),
            Ty::Bytes | Ty::SecretBytes => {
                json!({"type": "string", "contentEncoding": "base64"}).into()
            }
            Ty::Timestamp => json!({"type": "string", "format": "date-time"}).into(),
            Ty::Url => json!({"type": "string", "format": "uri"}).into(),
            Ty::BigInt => {
                json!({"oneOf": [{"type": "string", "pattern": "^-?[0-9]+$"}, {"type": "integer"}]})
                    .into()
            }
            Ty::Unit => json!({"type": "null"}).into(),
            Ty::Maybe(item) => Self::of(item).or_null(),
            Ty::Boxed(item) => Self::of(item),
            Ty::Tuple(items) => keywords([
                ("type", json!("array").into()),
                ("prefixItems", Self::List(items.iter().map(Self::of).collect())),
                ("minItems", json!(items.len()).into()),
                ("maxItems", json!(items.len()).into()),
            ]),
            Ty::Bool => json!({"type": "boolean"}).into(),
            Ty::Float => json!({"type": "number"}).into(),
            Ty::Count | Ty::Millis => {
                json!({"type": "integer", "minimum": 0, "maximum": MAX_WHOLE}).into()
            }
            Ty::Seconds => json!({"type": "number", "minimum": 0}).into(),
            Ty::EpochMillis => {
                json!({"type": "integer", "minimum": MIN_MILLIS, "maximum": MAX_WHOLE}).into()
            }
            Ty::EpochSeconds => {
                json!({"type": "integer", "minimum": -MAX_WHOLE, "maximum": MIN_MILLIS - 1}).into()
            }
            Ty::JsonObject => json!({"type": "object"}).into(),
            Ty::List(item) => {
                keywords([("type", json!("array").into()), ("items", Self::of(item))])
            }
            Ty::Set(item) => Self::of(&Ty::List(item.clone())).with("uniqueItems", json!(true)),
            Ty::Dict(item) => keywords([
                ("type", json!("object").into()),
                ("additionalProperties", Self::of(item)),
            ]),
            // Handles and streams have no form on the wire and do not get here.
            Ty::Json | Ty::Handle { .. } | Ty::Stream(_) => Self::Leaf(Value::Bool(true)),
            Ty::Named { .. } | Ty::Param(_) => Self::Type(ty.clone(), Members::default()),
        }
    }

    /// The schema that no value has. Some readers of schemas take no `false` for one.
    pub(crate) fn never() -> Self {
        json!({"not": {}}).into()
    }

    /// The schema of what one of several schemas takes. With `exclusive` none of them takes what
    /// another does, which readers that make types of schemas need to know.
    pub(crate) fn one_of(mut alternatives: Vec<Self>, exclusive: bool) -> Self {
        match (alternatives.pop(), alternatives.is_empty()) {
            (None, _) => Self::never(),
            (Some(only), true) => only,
            (Some(last), false) => {
                alternatives.push(last);
                let keyword = if exclusive { "oneOf" } else { "anyOf" };
                keywords([(keyword, Self::List(alternatives))])
            }
        }
    }

    /// An object that has a member of this schema.
    pub(crate) fn having(member: &str, schema: Self) -> Self {
        keywords([
            ("type", json!("object").into()),
            ("required", json!([member]).into()),
            ("properties", keywords([(member, schema)])),
        ])
    }

    /// The same schema that takes null as well.
    pub(crate) fn or_null(self) -> Self {
        match self {
            Self::Leaf(Value::Bool(true)) => self,
            node => keywords([("anyOf", Self::List(vec![node, json!({"type": "null"}).into()]))]),
        }
    }

    /// Adds a keyword.
    pub(crate) fn with(mut self, keyword: &str, value: Value) -> Self {
        self.set(keyword, value);
        self
    }

    fn set(&mut self, keyword: &str, value: Value) {
        match self {
            Self::Object(members) => {
                members.insert(keyword, value.into());
            }
            Self::Type(_, more) => {
                more.insert(keyword, value);
            }
            Self::Leaf(_) | Self::List(_) => {
                let mut all = Members::from_iter([anything()]);
                all.insert(keyword, value.into());
                *self = Self::Object(all);
            }
        }
    }

    /// Adds the documented name and our own line.
    pub(crate) fn describe(&mut self, title: &str, summary: &str) {
        self.set("title", json!(title));
        if !summary.is_empty() {
            self.set("description", json!(summary));
        }
    }
}

/// The regular expression (ECMA-262) of one text.
pub(crate) fn escaped(text: &str) -> String {
    text.chars().fold(String::new(), |mut escaped, c| {
        // With the flag `u` nothing else may be escaped.
        if r"^$\.*+?()[]{}|".contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
        escaped
    })
}

/// The keywords of the form of a text.
pub(crate) fn format(format: Format) -> &'static [(&'static str, &'static str)] {
    match format {
        Format::Jwt => &[("contentMediaType", "application/jwt")],
        Format::JwkThumbprint => &[("pattern", "^[A-Za-z0-9_-]{43}$")],
        Format::Iso8601 => &[("format", "date-time")],
        Format::Sdp => &[("contentMediaType", "application/sdp")],
    }
}
