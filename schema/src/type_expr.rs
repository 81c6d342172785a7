//! The type expressions of the reference, free of any parser's types.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A TypeScript type as far as references use them. What TypeScript accepts beyond this is kept
/// as [`Opaque`](Self::Opaque) text, never guessed at.
///
/// `Display` prints the canonical text: double quotes, one space, `T[]` for `Array<T>`, members
/// of inline objects joined by `; `, the order of the source.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
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
    /// A type that is valid TypeScript but not modelled, as written.
    Opaque(String),
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
#[serde(rename_all = "camelCase")]
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

    /// Calls `visit` with this expression and every expression inside it, outermost first.
    pub fn walk_mut(&mut self, visit: &mut dyn FnMut(&mut TypeExpr)) {
        visit(self);
        match self {
            Self::Array(item) | Self::ReadonlyArray(item) => item.walk_mut(visit),
            Self::Predicate { ty, .. } => ty.walk_mut(visit),
            Self::Ref { args: items, .. } | Self::Union(items) | Self::Intersection(items) => {
                items.iter_mut().for_each(|item| item.walk_mut(visit));
            }
            Self::Inline(fields) => fields.iter_mut().for_each(|field| field.ty.walk_mut(visit)),
            Self::Template(parts) => parts.iter_mut().for_each(|part| {
                if let TemplatePart::Type(ty) = part {
                    ty.walk_mut(visit);
                }
            }),
            Self::Function(function) => {
                for param in &mut function.type_params {
                    for ty in param.extends.iter_mut().chain(&mut param.default) {
                        ty.walk_mut(visit);
                    }
                }
                let types = function.params.iter_mut().filter_map(|param| param.ty.as_mut());
                types.for_each(|ty| ty.walk_mut(visit));
                function.returns.walk_mut(visit);
            }
            _ => {}
        }
    }

    /// Calls `visit` for this type and every type inside it.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a TypeExpr)) {
        visit(self);
        match self {
            Self::Array(item) | Self::ReadonlyArray(item) => item.walk(visit),
            Self::Predicate { ty, .. } => ty.walk(visit),
            Self::Ref { args: items, .. } | Self::Union(items) | Self::Intersection(items) => {
                items.iter().for_each(|item| item.walk(visit));
            }
            Self::Inline(fields) => fields.iter().for_each(|field| field.ty.walk(visit)),
            Self::Template(parts) => parts.iter().for_each(|part| {
                if let TemplatePart::Type(ty) = part {
                    ty.walk(visit);
                }
            }),
            Self::Function(function) => {
                for param in &function.type_params {
                    param.extends.iter().chain(&param.default).for_each(|ty| ty.walk(visit));
                }
                for ty in function.params.iter().filter_map(|param| param.ty.as_ref()) {
                    ty.walk(visit);
                }
                function.returns.walk(visit);
            }
            _ => {}
        }
    }

    /// Whether the printed form needs parentheses in front of `[]`.
    fn is_compound(&self) -> bool {
        matches!(
            self,
            Self::Union(_) | Self::Intersection(_) | Self::Function(_) | Self::ReadonlyArray(_)
        )
    }
}

struct Joined<'a, T>(&'a [T], &'a str);

impl<T: fmt::Display> fmt::Display for Joined<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, item) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(self.1)?;
            }
            item.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for TypeExpr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::String => f.write_str("string"),
            Self::Number => f.write_str("number"),
            Self::Boolean => f.write_str("boolean"),
            Self::BigInt => f.write_str("bigint"),
            Self::Symbol => f.write_str("symbol"),
            Self::Unknown => f.write_str("unknown"),
            Self::Any => f.write_str("any"),
            Self::Never => f.write_str("never"),
            Self::Void => f.write_str("void"),
            Self::Null => f.write_str("null"),
            Self::Undefined => f.write_str("undefined"),
            Self::Object => f.write_str("object"),
            Self::This => f.write_str("this"),
            Self::Literal(text) => write!(f, "{text:?}"),
            Self::NumberLiteral(text) | Self::Opaque(text) => f.write_str(text),
            Self::BooleanLiteral(value) => write!(f, "{value}"),
            Self::Template(parts) => write!(f, "`{}`", Joined(parts, "")),
            Self::Array(item) if item.is_compound() => write!(f, "({item})[]"),
            Self::Array(item) => write!(f, "{item}[]"),
            Self::ReadonlyArray(item) if item.is_compound() => write!(f, "readonly ({item})[]"),
            Self::ReadonlyArray(item) => write!(f, "readonly {item}[]"),
            Self::Ref { name, args } if args.is_empty() => f.write_str(name),
            Self::Ref { name, args } => write!(f, "{name}<{}>", Joined(args, ", ")),
            Self::Union(items) | Self::Intersection(items) => {
                let separator = if matches!(self, Self::Union(_)) { " | " } else { " & " };
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        f.write_str(separator)?;
                    }
                    if matches!(item, Self::Union(_) | Self::Intersection(_) | Self::Function(_)) {
                        write!(f, "({item})")?;
                    } else {
                        write!(f, "{item}")?;
                    }
                }
                Ok(())
            }
            Self::Inline(fields) if fields.is_empty() => f.write_str("{}"),
            Self::Inline(fields) => write!(f, "{{ {} }}", Joined(fields, "; ")),
            Self::Function(function) => write!(f, "{function}"),
            Self::Predicate { param, ty } => write!(f, "{param} is {ty}"),
        }
    }
}

impl fmt::Display for TemplatePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Type(ty) => write!(f, "${{{ty}}}"),
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let readonly = if self.readonly { "readonly " } else { "" };
        let mark = if self.optional { "?" } else { "" };
        write!(f, "{readonly}{}{mark}: {}", self.name, self.ty)
    }
}

impl fmt::Display for FunctionType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.construct {
            f.write_str("new ")?;
        }
        if !self.type_params.is_empty() {
            write!(f, "<{}>", Joined(&self.type_params, ", "))?;
        }
        write!(f, "({}) => {}", Joined(&self.params, ", "), self.returns)
    }
}

impl fmt::Display for FunctionParam {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rest = if self.rest { "..." } else { "" };
        let mark = if self.optional { "?" } else { "" };
        write!(f, "{rest}{}{mark}", self.name)?;
        self.ty.as_ref().map_or(Ok(()), |ty| write!(f, ": {ty}"))
    }
}

impl fmt::Display for TypeParam {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        if let Some(extends) = &self.extends {
            write!(f, " extends {extends}")?;
        }
        self.default.as_ref().map_or(Ok(()), |default| write!(f, " = {default}"))
    }
}
