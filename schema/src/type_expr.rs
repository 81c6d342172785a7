//! The type expressions of the reference, free of any parser's types.

mod display;
mod walk;

use serde::{Deserialize, Serialize};

/// A TypeScript type as far as references use them. What TypeScript accepts beyond this is kept
/// as [`Opaque`](Self::Opaque) text, never guessed at.
///
/// `Display` prints the canonical text: double quotes, one space, `T[]` for `Array<T>`, members
/// of inline objects joined by `; `, the order of the source.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum TypeExpr {
    /// `string`
    String,
    /// `number`
    Number,
    /// `boolean`
    Boolean,
    /// `bigint`
    BigInt,
    /// `symbol`
    Symbol,
    /// `unknown`
    Unknown,
    /// `any`
    Any,
    /// `never`
    Never,
    /// `void`
    Void,
    /// `null`
    Null,
    /// `undefined`
    Undefined,
    /// `object`
    Object,
    /// `this`
    This,
    /// A string literal, without its quotes.
    Literal(String),
    /// A numeric literal as written.
    NumberLiteral(String),
    /// `true` or `false`.
    BooleanLiteral(bool),
    /// A template literal type.
    Template(Vec<TemplatePart>),
    /// `T[]`, `Array<T>`
    Array(Box<TypeExpr>),
    /// `readonly T[]`, `ReadonlyArray<T>`
    ReadonlyArray(Box<TypeExpr>),
    /// A named type, with type arguments.
    Ref {
        /// The name, dotted when qualified.
        name: String,
        /// The type arguments.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        args: Vec<TypeExpr>,
    },
    /// `A | B`
    Union(Vec<TypeExpr>),
    /// `A & B`
    Intersection(Vec<TypeExpr>),
    /// `{ a: A; b?: B }`
    Inline(Vec<Field>),
    /// `(a, b?) => R` or `new (a) => R`
    Function(Box<FunctionType>),
    /// `x is T`
    Predicate {
        /// The parameter that is narrowed.
        param: String,
        /// What it is narrowed to.
        ty: Box<TypeExpr>,
    },
    /// `[A, b: B, c?: C, ...D[]]`
    Tuple {
        /// `readonly [..]`
        #[serde(default, skip_serializing_if = "is_false")]
        readonly: bool,
        /// The elements in order.
        elements: Vec<TupleElement>,
    },
    /// `keyof T`
    KeyOf(Box<TypeExpr>),
    /// `T[K]`
    Indexed {
        /// The type that is looked into.
        object: Box<TypeExpr>,
        /// The key, or a union of keys.
        index: Box<TypeExpr>,
    },
    /// `A extends B ? C : D`
    Conditional(Box<ConditionalType>),
    /// `infer T`, in the `extends` part of a conditional type.
    Infer(Box<TypeParam>),
    /// `{ [K in T]: U }`
    Mapped(Box<MappedType>),
    /// `typeof x`
    TypeOf {
        /// The name of the value, dotted when qualified.
        name: String,
        /// The type arguments.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        args: Vec<TypeExpr>,
    },
    /// An object type that has index or call signatures, alone or beside properties.
    ObjectType(Vec<ObjectMember>),
    /// A type that is valid TypeScript but not modelled, as written.
    Opaque(String),
}

/// An element of a tuple.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TupleElement {
    /// The label, where one is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The type; that of a rest element is an array.
    #[serde(rename = "type")]
    pub ty: TypeExpr,
    /// `b?: B` or `B?`
    #[serde(default, skip_serializing_if = "is_false")]
    pub optional: bool,
    /// `...T[]`
    #[serde(default, skip_serializing_if = "is_false")]
    pub rest: bool,
}

/// `check extends extends ? then : otherwise`
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConditionalType {
    /// The type that is judged.
    pub check: TypeExpr,
    /// The type that it is held against.
    pub extends: TypeExpr,
    /// The result when it fits.
    pub then: TypeExpr,
    /// The result when it does not.
    pub otherwise: TypeExpr,
}

/// `{ readonly [key in keys as renamed]?: type }`
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MappedType {
    /// The name that stands for each key.
    pub key: String,
    /// The keys.
    pub keys: TypeExpr,
    /// What becomes of each key, where that is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renamed: Option<TypeExpr>,
    /// The type of each member.
    #[serde(rename = "type")]
    pub ty: TypeExpr,
    /// Whether `?` is added or taken off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub optional: Option<MappedModifier>,
    /// Whether `readonly` is added or taken off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub readonly: Option<MappedModifier>,
}

/// What a mapped type does to a mark of its members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum MappedModifier {
    /// `?`, `readonly`
    Add,
    /// `-?`, `-readonly`
    Remove,
}

/// A member of an [`ObjectType`](TypeExpr::ObjectType).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ObjectMember {
    /// `a?: A`
    Property(Field),
    /// `[key: K]: V`
    Index(IndexSignature),
    /// `(a: A): R` or `new (a: A): R`
    Call(FunctionType),
}

/// `[name: key]: value`
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexSignature {
    /// The name that stands for the key.
    pub name: String,
    /// The type of the keys.
    pub key: TypeExpr,
    /// The type of the values.
    pub value: TypeExpr,
    /// Whether it is `readonly`.
    #[serde(default, skip_serializing_if = "is_false")]
    pub readonly: bool,
}

/// A piece of a template literal type.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TemplatePart {
    /// Literal text.
    Text(String),
    /// `${T}`
    Type(TypeExpr),
}

/// A member of an inline object type.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// The name.
    pub name: String,
    /// The type.
    #[serde(rename = "type")]
    pub ty: TypeExpr,
    /// Whether it may be absent (`name?`).
    #[serde(default, skip_serializing_if = "is_false")]
    pub optional: bool,
    /// Whether it is `readonly`.
    #[serde(default, skip_serializing_if = "is_false")]
    pub readonly: bool,
}

/// A function or constructor type.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FunctionType {
    /// `new (..) => R`
    #[serde(default, skip_serializing_if = "is_false")]
    pub construct: bool,
    /// Type parameters as written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub type_params: Vec<TypeParam>,
    /// Parameters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub params: Vec<FunctionParam>,
    /// The result.
    pub returns: TypeExpr,
}

/// A parameter of a function type or of a signature.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FunctionParam {
    /// The name.
    pub name: String,
    /// The type, where one is written.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub ty: Option<TypeExpr>,
    /// Whether it may be left out.
    #[serde(default, skip_serializing_if = "is_false")]
    pub optional: bool,
    /// `...rest`
    #[serde(default, skip_serializing_if = "is_false")]
    pub rest: bool,
}

/// A type parameter.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TypeParam {
    /// The name.
    pub name: String,
    /// The constraint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extends: Option<TypeExpr>,
    /// The default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<TypeExpr>,
}

pub(crate) fn is_false(value: &bool) -> bool {
    !*value
}

impl TypeExpr {
    /// Creates a reference without arguments.
    pub fn named(name: impl Into<String>) -> Self {
        Self::Ref { name: name.into(), args: Vec::new() }
    }
}
