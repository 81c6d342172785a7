//! Unions that members and signatures spell out in place: types named after where they stand.

use std::collections::BTreeMap;

use credwire_schema::{model::Property, type_expr::TypeExpr};
use proc_macro2::TokenStream;

use crate::{
    choice::{self, Choice},
    context::Context,
    docs,
    emit::Emitted,
    json_schema::Definition,
    literal_union,
    literals::{self, Literals},
    names,
    ty::{Inexpressible, Traits, Ty},
    types,
};

/// The types found so far.
#[derive(Default)]
pub(crate) struct Nested {
    literals: Vec<Literals>,
    choices: Vec<Choice>,
}

impl Nested {
    /// The type of a property; a union becomes a type called `name`, documented as `path`.
    ///
    /// # Errors
    /// What there is no Rust form for.
    pub(crate) fn ty(
        &mut self,
        cx: &Context<'_>,
        name: &str,
        path: &str,
        property: &Property,
    ) -> Result<Ty, Inexpressible> {
        if !matches!(property.ty, TypeExpr::Union(_) | TypeExpr::Literal(_)) {
            return types::of_property(cx, property);
        }
        let ident = names::ident(&cx.in_place(name));
        if let Some(union) = literal_union::union(&property.ty) {
            let comment = docs::comment(&[format!("The values of `{path}`.")]);
            let meanings = BTreeMap::new();
            let none = TokenStream::new();
            self.literals.push(Literals::new(ident.clone(), comment, none, union, &meanings)?);
            return Ok(Ty::Named { ident, args: Vec::new(), traits: Traits::default() });
        }
        if let Some(ty) = types::absorbed(cx, &property.ty) {
            return Ok(ty);
        }
        let choice = Choice::new(cx, ident, path, property)?;
        let ty = choice.ty();
        self.choices.push(choice);
        Ok(ty)
    }

    /// The schemas of the types.
    pub(crate) fn definitions(&self) -> Vec<Definition> {
        let literals = self.literals.iter().map(Literals::definition);
        literals.chain(self.choices.iter().map(Choice::definition)).collect()
    }

    /// Adds the types to what is emitted for their item.
    pub(crate) fn emit(mut self, emitted: &mut Emitted) {
        // Built from the inside out.
        self.literals.reverse();
        self.choices.reverse();
        for literals in &self.literals {
            emitted.exports.push(literals.ident.clone());
            emitted.body.extend(literals::tokens(literals));
        }
        for choice in &self.choices {
            emitted.exports.push(choice.ident.clone());
            emitted.body.extend(choice::tokens(choice));
        }
    }
}
