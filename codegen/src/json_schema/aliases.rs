//! Aliases of types that have no schema of their own: what mentions them has that of their target.

use std::collections::BTreeMap;

use syn::Ident;

use super::{Node, document::resolved};
use crate::ty::Ty;

/// How many aliases of aliases are followed.
const MAX_DEPTH: usize = 64;

/// What the aliases of a package stand for, by name.
#[derive(Default)]
pub(crate) struct Aliases(BTreeMap<String, Alias>);

/// What one alias stands for, with its type parameters.
pub(crate) struct Alias {
    pub(crate) params: Vec<Ident>,
    pub(crate) target: Ty,
}

impl FromIterator<(String, Alias)> for Aliases {
    fn from_iter<I: IntoIterator<Item = (String, Alias)>>(all: I) -> Self {
        Self(all.into_iter().collect())
    }
}

impl Aliases {
    /// The node with the targets in the place of aliases.
    pub(crate) fn expand(&self, node: Node) -> Node {
        match node {
            Node::Leaf(_) => node,
            Node::List(items) => {
                Node::List(items.into_iter().map(|item| self.expand(item)).collect())
            }
            Node::Object(members) => {
                let each = members.into_iter().map(|(keyword, node)| (keyword, self.expand(node)));
                Node::Object(each.collect())
            }
            Node::Type(ty, more) => {
                let node = Node::of(&self.target(&ty, 0));
                more.into_iter().fold(node, |node, (keyword, value)| node.with(&keyword, value))
            }
        }
    }

    /// The type with the targets in the place of aliases.
    pub(crate) fn target(&self, ty: &Ty, depth: usize) -> Ty {
        let inner = |ty: &Ty| self.target(ty, depth);
        match ty {
            // An alias that stands for itself has no Rust either.
            _ if depth > MAX_DEPTH => Ty::Json,
            Ty::List(item) => Ty::List(Box::new(inner(item))),
            Ty::Set(item) => Ty::Set(Box::new(inner(item))),
            Ty::Maybe(item) => Ty::Maybe(Box::new(inner(item))),
            Ty::Boxed(item) => inner(item),
            Ty::Tuple(items) => Ty::Tuple(items.iter().map(inner).collect()),
            Ty::Dict(item) => Ty::Dict(Box::new(inner(item))),
            Ty::Named { ident, args, traits } => {
                let args: Vec<Ty> = args.iter().map(inner).collect();
                match self.0.get(&ident.to_string()) {
                    Some(Alias { params, target }) => {
                        let names = params.iter().map(ToString::to_string);
                        let bound = names.zip(args).collect();
                        self.target(&resolved(target, &bound), depth + 1)
                    }
                    None => Ty::Named { ident: ident.clone(), args, traits: *traits },
                }
            }
            ty => ty.clone(),
        }
    }
}
