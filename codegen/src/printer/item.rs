//! Items, which always have lines of their own.

use super::node::{Block, List, Node};

#[derive(Debug)]
pub(super) struct Item {
    pub(super) attributes: Vec<Node>,
    /// Items of one kind that are one line each have no empty line between them.
    pub(super) keyword: &'static str,
    pub(super) body: Body,
}

#[derive(Debug)]
pub(super) enum Body {
    /// `use`, `const`, `type` and other items without braces.
    Line {
        node: Node,
        clauses: Vec<Node>,
        end: &'static str,
    },
    Function(Function),
    Braced {
        head: Node,
        clauses: Vec<Node>,
        inner: Vec<Node>,
        members: Members,
    },
}

#[derive(Debug)]
pub(super) enum Members {
    Items(Vec<Item>),
    Fields(Vec<Field>),
}

/// A function up to its block.
#[derive(Debug)]
pub(super) struct Function {
    /// From the visibility to the name.
    pub(super) head: String,
    pub(super) generics: Option<List>,
    pub(super) parameters: Vec<Node>,
    /// `-> T`.
    pub(super) output: Option<Node>,
    pub(super) clauses: Vec<Node>,
    pub(super) block: Option<Block>,
}

/// A field, or a variant with its fields.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) attributes: Vec<Node>,
    pub(super) node: Node,
    pub(super) fields: Option<Vec<Field>>,
}

/// What is in a file, apart from the header.
#[derive(Debug)]
pub(super) struct File {
    pub(super) inner: Vec<Node>,
    pub(super) items: Vec<Item>,
}
