//! Types of which at least one is a name.

use credwire_ingest::facts::{ItemFacts, ItemKind};
use credwire_schema::type_expr::TypeExpr;

use super::{Notes, Types, note, with};
use crate::{
    class::Class,
    side::{Side, alias_type, as_object, bindings, function},
};

impl<'a> Types<'a> {
    pub(super) fn named(&mut self, left: &TypeExpr, right: &TypeExpr) -> Option<Notes> {
        match (left, right) {
            (TypeExpr::Ref { name: a, args: a_args }, TypeExpr::Ref { name: b, args: b_args }) => {
                self.two_names((a, a_args), (b, b_args), left, right)
            }
            (TypeExpr::Ref { name, args }, _) => self
                .unquoted(name, args, right)
                .or_else(|| self.replaced(Side::Left, name, args, left, right)),
            (_, TypeExpr::Ref { name, args }) => {
                self.replaced(Side::Right, name, args, left, right)
            }
            _ => None,
        }
    }

    fn two_names(
        &mut self,
        (a, a_args): (&str, &[TypeExpr]),
        (b, b_args): (&str, &[TypeExpr]),
        left: &TypeExpr,
        right: &TypeExpr,
    ) -> Option<Notes> {
        if a == b {
            return self.arguments(a, a_args, b_args);
        }
        let sides = self.sides;
        let one_declaration = |a: &str, b: &str| {
            let found = |name| Some(sides.right.items.get(name)?.place.clone());
            found(a).is_some() && found(a) == found(b)
        };
        let declared = |name: &str| {
            let items = [sides.right, sides.left].into_iter();
            items.filter_map(|facts| facts.items.get(name)?.declared.clone()).next()
        };
        let stands_for = |name: &str, other: &str| declared(name).as_deref() == Some(other);
        if one_declaration(a, b) || stands_for(a, b) || stands_for(b, a) {
            return with(self.arguments(a, a_args, b_args), Class::RenamedExport);
        }
        if unnumbered(a) == unnumbered(b) {
            return with(self.contents(a, b), Class::RenamedExport);
        }
        self.replaced(Side::Right, b, b_args, left, right)
            .or_else(|| self.replaced(Side::Left, a, a_args, left, right))
    }

    /// The arguments of one generic type; those left out are the defaults.
    fn arguments(&mut self, name: &str, left: &[TypeExpr], right: &[TypeExpr]) -> Option<Notes> {
        let count = left.len().max(right.len());
        let defaults = self.sides.meaning(Side::Right, name);
        let arg = |args: &[TypeExpr], at: usize| {
            // A default may speak of the arguments before it.
            let default = || {
                let params = &defaults?.type_params;
                bindings(params, args).remove(&params.get(at)?.name)
            };
            args.get(at).cloned().or_else(default)
        };
        let mut notes = Notes::new();
        for at in 0..count {
            notes.extend(self.compare(&arg(left, at)?, &arg(right, at)?)?);
        }
        Some(notes)
    }

    /// Puts what a name stands for in its place.
    fn replaced(
        &mut self,
        side: Side,
        name: &str,
        args: &[TypeExpr],
        left: &TypeExpr,
        right: &TypeExpr,
    ) -> Option<Notes> {
        if let (Side::Right, "Readonly", [inner]) = (side, name, args) {
            return with(self.compare(left, inner), Class::ReadonlyLost);
        }
        let item = self.sides.meaning(side, name)?;
        if *left == TypeExpr::Object && side == Side::Right {
            return self.is_object(item).then(|| Notes::from([Class::ObjectCollapsed]));
        }
        let stands_for = match item.kind {
            ItemKind::Alias => self.sides.expand(side, name, args)?,
            // An exported interface is a type of its own, whatever it looks like.
            ItemKind::Interface if !self.sides.right.items.contains_key(name) => as_object(item)?,
            _ => return None,
        };
        let pair = (left.to_string(), right.to_string());
        if self.open.contains(&pair) {
            return note(Class::AliasInlined);
        }
        // Long types cost more than short ones.
        self.steps += (pair.0.len() + pair.1.len()) / 16;
        self.open.push(pair);
        let found = match side {
            Side::Left => self.compare(&stands_for, right),
            Side::Right => self.compare(left, &stands_for),
        };
        self.open.pop();
        with(found, Class::AliasInlined)
    }

    /// Two declarations of one name, as bundlers number them: alike when they hold the same.
    fn contents(&mut self, a: &str, b: &str) -> Option<Notes> {
        let pair = (a.to_owned(), b.to_owned());
        if self.open.contains(&pair) {
            return Some(Notes::new());
        }
        let left = self.sides.meaning(Side::Left, a)?;
        let right = self.sides.meaning(Side::Right, b)?;
        let content = |item: &ItemFacts| match item.kind {
            ItemKind::Alias => alias_type(item),
            _ => as_object(item),
        };
        let (left, right) = (content(left)?, content(right)?);
        self.open.push(pair);
        let found = self.compare(&left, &right);
        self.open.pop();
        found
    }

    /// `inbound` for `"inbound"`.
    fn unquoted(&self, name: &str, args: &[TypeExpr], right: &TypeExpr) -> Option<Notes> {
        let is_literal = match right {
            TypeExpr::Literal(text) => text == name,
            TypeExpr::NumberLiteral(text) => text == name,
            _ => false,
        };
        (is_literal && args.is_empty() && !self.sides.left.items.contains_key(name))
            .then(|| Notes::from([Class::LiteralsUnquoted]))
    }

    /// Whether all values of a symbol's type are objects.
    fn is_object(&self, item: &ItemFacts) -> bool {
        match item.kind {
            ItemKind::Interface | ItemKind::Class | ItemKind::Error => true,
            ItemKind::Alias => matches!(item.ty, Some(TypeExpr::Inline(_) | TypeExpr::Object)),
            _ => false,
        }
    }

    /// What stands in docs for `typeof x`.
    pub(super) fn type_of(&mut self, left: &TypeExpr, name: &str) -> Option<Notes> {
        let item = self.sides.meaning(Side::Right, name);
        let stands_for: Vec<TypeExpr> = match item {
            Some(item) if item.kind == ItemKind::Function => item
                .calls
                .iter()
                .map(|call| TypeExpr::Function(Box::new(function(call, false))))
                .collect(),
            Some(item) if item.kind == ItemKind::Variable => item.ty.iter().cloned().collect(),
            Some(item) => {
                let constructors = item.constructors.iter();
                constructors.map(|c| TypeExpr::Function(Box::new(function(c, true)))).collect()
            }
            None => Vec::new(),
        };
        if let Some(found) = stands_for.iter().find_map(|ty| self.compare(left, ty)) {
            return with(Some(found), Class::TypeofExpanded);
        }
        // A class of the platform is known by its name alone: its constructor makes one.
        let TypeExpr::Function(shown) = left else { return None };
        let makes_one = matches!(&shown.returns, TypeExpr::Ref { name: made, .. } if made == name);
        if item.is_some() || !makes_one {
            return None;
        }
        if self.generated {
            return note(Class::TypeofExpanded);
        }
        let found = note(Class::TypeofExpanded);
        if shown.construct { found } else { with(found, Class::ConstructorAsFunction) }
    }
}

/// A name without the number that a bundler adds to tell two of them apart.
pub(super) fn unnumbered(name: &str) -> &str {
    match name.rsplit_once('$') {
        Some((base, number))
            if !base.is_empty()
                && !number.is_empty()
                && number.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            base
        }
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::unnumbered;

    #[test]
    fn only_numbers_of_bundlers_come_off() {
        assert_eq!(unnumbered("RecoveryEvent$1"), "RecoveryEvent");
        for name in ["status$", "$1", "a$b"] {
            assert_eq!(unnumbered(name), name);
        }
    }
}
