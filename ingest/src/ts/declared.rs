//! What files of declarations declare, as plain data.

use credwire_schema::type_expr::{FunctionType, TypeExpr, TypeParam};

use super::{Alias, Constant, Member};

/// A file of declarations, or the body of a namespace or of a module in a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Module {
    /// What it declares, in order.
    pub(crate) declarations: Vec<Declaration>,
    /// What it brings in.
    pub(crate) imports: Vec<Import>,
    /// What it exports besides declarations marked `export`.
    pub(crate) exports: Vec<Export>,
    /// `declare module "x"`
    pub(crate) ambient: Vec<Ambient>,
    /// `declare global`
    pub(crate) globals: Vec<Module>,
    /// `/// <reference path="x" />`, as a path from this file's folder.
    pub(crate) references: Vec<String>,
    /// The modules of `import("x").Y`.
    pub(crate) imported_types: Vec<String>,
    /// Whether it exports or imports anything: else all its declarations are global.
    pub(crate) is_module: bool,
    /// Whether it lists what it exports. Without a list all declarations are exported, marked or
    /// not: the rule of the language for declarations.
    pub(crate) has_list: bool,
    /// What is valid but not read, as its kind and offset.
    pub(crate) skipped: Vec<(&'static str, usize)>,
}

impl Module {
    /// The bodies inside: namespaces, modules, global declarations.
    pub(crate) fn bodies(&self) -> impl Iterator<Item = &Module> {
        let spaces = self.declarations.iter().filter_map(|declaration| match &declaration.kind {
            DeclarationKind::Namespace(body) => Some(&**body),
            _ => None,
        });
        spaces.chain(self.ambient.iter().map(|ambient| &ambient.body)).chain(&self.globals)
    }
}

/// `declare module "x" { .. }`
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ambient {
    /// The name of the module.
    pub(crate) name: String,
    /// Where it begins, in bytes.
    pub(crate) offset: usize,
    /// What it holds.
    pub(crate) body: Module,
}

/// A name that stands for something declared elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Import {
    /// The name here.
    pub(crate) local: String,
    /// What it stands for.
    pub(crate) what: Imported,
}

/// What an import brings in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Imported {
    /// `import { name } from "module"`
    Name {
        /// The name there.
        name: String,
        /// The other module.
        module: String,
    },
    /// `import * as local from "module"`
    All {
        /// The other module.
        module: String,
    },
    /// `import local = require("module")`
    Required {
        /// The other module.
        module: String,
    },
    /// `import local = A.B`
    Path(String),
}

/// An export that is no declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Export {
    /// `export { local as exported }`
    Local {
        /// The name here; dotted when it is a member of a namespace.
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
    /// `export * as exported from "module"`
    Space {
        /// The name outside.
        exported: String,
        /// The other module.
        module: String,
    },
    /// `export = local`
    Assigned {
        /// The name here; dotted when it is a member of a namespace.
        local: String,
    },
}

/// A declaration.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Declaration {
    /// Its name.
    pub(crate) name: String,
    /// Marked `export`.
    pub(crate) exported: bool,
    /// Where it begins, in bytes.
    pub(crate) offset: usize,
    /// The documentation comment above it, without its frame.
    pub(crate) comment: Option<Comment>,
    /// What it declares.
    pub(crate) kind: DeclarationKind,
    /// The parts kept as text.
    pub(crate) opaque: Vec<String>,
    /// The members of the object that an alias stands for, when comments stand between them.
    pub(crate) fields: Vec<DeclaredMember>,
}

/// A documentation comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Comment {
    /// The text between `/**` and `*/`.
    pub(crate) text: String,
    /// Where that text begins, in bytes.
    pub(crate) offset: usize,
}

/// What a declaration declares.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum DeclarationKind {
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
    /// An enumeration.
    Enum(Vec<DeclaredValue>),
    /// A namespace.
    Namespace(Box<Module>),
}

/// The body of an interface or a class.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Body {
    /// Type parameters.
    pub(crate) type_params: Vec<TypeParam>,
    /// Bases.
    pub(crate) extends: Vec<TypeExpr>,
    /// Implemented interfaces.
    pub(crate) implements: Vec<TypeExpr>,
    /// Whether it is an abstract class.
    pub(crate) is_abstract: bool,
    /// Members in order, private ones left out.
    pub(crate) members: Vec<DeclaredMember>,
}

/// A member of an enumeration.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DeclaredValue {
    /// The name.
    pub(crate) name: String,
    /// The value, a literal where one is known.
    pub(crate) value: TypeExpr,
    /// The documentation comment above it.
    pub(crate) comment: Option<Comment>,
}

/// A member with what stands around it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DeclaredMember {
    /// The member.
    pub(crate) member: Member,
    /// `protected`.
    pub(crate) is_protected: bool,
    /// `static`.
    pub(crate) is_static: bool,
    /// `abstract`.
    pub(crate) is_abstract: bool,
    /// Where it begins, in bytes.
    pub(crate) offset: usize,
    /// The documentation comment above it.
    pub(crate) comment: Option<Comment>,
    /// The members of the object that a property holds, when comments stand between them.
    pub(crate) fields: Vec<DeclaredMember>,
}
