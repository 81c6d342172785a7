//! Unions as sets, with aliases in them taken apart where that helps.

use credwire_schema::type_expr::TypeExpr;

use super::{Notes, Types};
use crate::{class::Class, side::Side};

impl<'a> Types<'a> {
    pub(super) fn unions(&mut self, left: &TypeExpr, right: &TypeExpr) -> Option<Notes> {
        let (mut a, mut b) = (members(left), members(right));
        // What a name stands for may repeat what stood beside it.
        let (mut seen_left, mut seen_right) = (a.clone(), b.clone());
        let mut notes = Notes::new();
        loop {
            notes.extend(self.pair_up(&mut a, &mut b));
            if a.is_empty() && b.is_empty() {
                return Some(notes);
            }
            if !self.take_apart(Side::Right, &mut b, &mut seen_right)
                && !self.take_apart(Side::Left, &mut a, &mut seen_left)
            {
                return None;
            }
            notes.insert(Class::AliasInlined);
            self.steps += a.len() + b.len();
            if self.steps > super::MAX_STEPS {
                return None;
            }
        }
    }

    /// Removes members that are alike from both sides: those that are equal first.
    fn pair_up(&mut self, left: &mut Vec<TypeExpr>, right: &mut Vec<TypeExpr>) -> Notes {
        left.retain(|a| match right.iter().position(|b| a == b) {
            Some(at) => {
                right.swap_remove(at);
                false
            }
            None => true,
        });
        let mut notes = Notes::new();
        left.retain(|a| {
            let mut likes = right.iter().enumerate();
            let like = likes.find_map(|(at, b)| Some((at, self.compare(a, b)?)));
            match like {
                Some((at, found)) => {
                    right.swap_remove(at);
                    notes.extend(found);
                    false
                }
                None => true,
            }
        });
        notes
    }

    /// Puts what the first name stands for in its place.
    fn take_apart(
        &self,
        side: Side,
        members: &mut Vec<TypeExpr>,
        seen: &mut Vec<TypeExpr>,
    ) -> bool {
        let found = members.iter().enumerate().find_map(|(at, member)| match member {
            TypeExpr::Ref { name, args } => Some((at, self.sides.expand(side, name, args)?)),
            _ => None,
        });
        let Some((at, stands_for)) = found else { return false };
        members.swap_remove(at);
        for member in self::members(&stands_for) {
            if !seen.contains(&member) {
                seen.push(member.clone());
                members.push(member);
            }
        }
        true
    }
}

/// The members of a union, nested ones in line, each once; `true | false` is `boolean`.
fn members(ty: &TypeExpr) -> Vec<TypeExpr> {
    let mut found = Vec::new();
    flatten(ty, &mut found);
    let both = [true, false].map(TypeExpr::BooleanLiteral);
    if both.iter().all(|value| found.contains(value)) {
        found.retain(|member| !both.contains(member));
        found.push(TypeExpr::Boolean);
    }
    found
}

fn flatten(ty: &TypeExpr, found: &mut Vec<TypeExpr>) {
    match ty {
        TypeExpr::Union(types) => types.iter().for_each(|ty| flatten(ty, found)),
        ty if !found.contains(ty) => found.push(ty.clone()),
        _ => {}
    }
}
