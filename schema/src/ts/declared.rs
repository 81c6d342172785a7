//! What files of declarations declare, as plain data.

use super::{Alias, Constant, Member};
use crate::type_expr::{FunctionType, TypeExpr, TypeParam};

/// A file of declarations.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Module {
    /// What it declares, in order.
    pub declarations: Vec<Declaration>,
    /// Local name, name in the other module, other module. `*` for a namespace.
    pub imports: Vec<(String, String, String)>,
    /// What it exports besides declarations marked `export`.
    pub exports: Vec<Export>,
    /// Whether it exports or imports anything: else all its declarations are global.
    pub is_module: bool,
    /// What is valid but not read, as its kind and offset.
    pub skipped: Vec<(&'static str, usize)>,
}

/// An export that is no declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Export {
    /// `export { local as exported }`
    Local {
        /// The name here.
        local: String,
        /// The name outside.
        exported: String,
    },
    /// `export { name as exported } from "module"`
    From {
        /// The name there.
        name: String,
        /// The name outside.
        exported: String,
        /// The other module.
        module: String,
    },
    /// `export * from "module"`
    All {
        /// The other module.
        module: String,
    },
}

/// A declaration.
#[derive(Clone, Debug, PartialEq)]
pub struct Declaration {
    /// Its name.
    pub name: String,
    /// Marked `export`.
    pub exported: bool,
    /// Where it begins, in bytes.
    pub offset: usize,
    /// The documentation comment above it, without its frame.
    pub comment: Option<Comment>,
    /// What it declares.
    pub kind: DeclarationKind,
    /// The parts kept as text.
    pub opaque: Vec<String>,
}

/// A documentation comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// The text between `/**` and `*/`.
    pub text: String,
    /// Where that text begins, in bytes.
    pub offset: usize,
}

/// What a declaration declares.
#[derive(Clone, Debug, PartialEq)]
pub enum DeclarationKind {
    /// An interface.
    Interface(Body),
    /// A class.
    Class(Body),
    /// A type alias.
    Alias(Alias),
    /// A function.
    Function(FunctionType),
    /// A constant.
    Constant(Constant),
    /// An enumeration: names and values.
    Enum(Vec<(String, TypeExpr)>),
}

/// The body of an interface or a class.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Body {
    /// Type parameters.
    pub type_params: Vec<TypeParam>,
    /// Bases.
    pub extends: Vec<TypeExpr>,
    /// Implemented interfaces.
    pub implements: Vec<TypeExpr>,
    /// Members in order, private ones left out.
    pub members: Vec<DeclaredMember>,
}

/// A member with what stands around it.
#[derive(Clone, Debug, PartialEq)]
pub struct DeclaredMember {
    /// The member.
    pub member: Member,
    /// `protected`.
    pub is_protected: bool,
    /// `static`.
    pub is_static: bool,
    /// Where it begins, in bytes.
    pub offset: usize,
    /// The documentation comment above it.
    pub comment: Option<Comment>,
}
