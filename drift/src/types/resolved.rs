//! What the compiler makes of types, as pages show it that a generator made of declarations.

use credwire_ingest::facts::{ItemKind, without_default_args};
use credwire_schema::type_expr::{TemplatePart, TypeExpr};

use super::{Notes, Types, named::unnumbered, note, with};
use crate::{
    class::Class,
    members::{effective, key},
    side::{Side, bindings, find},
};

/// Aliases of aliases are followed this far.
const MAX_ALIASES: usize = 4;

/// Types of the language that the compiler works out.
const WORKED_OUT: [&str; 22] = [
    "Awaited",
    "Capitalize",
    "ConstructorParameters",
    "Exclude",
    "Extract",
    "InstanceType",
    "Lowercase",
    "NonNullable",
    "Omit",
    "OmitThisParameter",
    "Parameters",
    "Partial",
    "Pick",
    "Readonly",
    "ReadonlyArray",
    "Record",
    "Required",
    "ReturnType",
    "ThisParameterType",
    "ThisType",
    "Uncapitalize",
    "Uppercase",
];

impl Types<'_> {
    /// What differs because one side shows the compiler's own view; `None` for a true difference.
    pub(super) fn resolved(&mut self, left: &TypeExpr, right: &TypeExpr) -> Option<Notes> {
        if !self.generated {
            return None;
        }
        let (mut a, mut b) = (left.clone(), right.clone());
        without_default_args(&mut a);
        without_default_args(&mut b);
        if a != *left || b != *right {
            return self.compare(&a, &b);
        }
        // The type of a member is known, and has to agree where it is.
        if let TypeExpr::Indexed { object, index } = right
            && let Some(member) = self.member_of(object, index)
            && let Some(notes) = self.compare(left, &member)
        {
            return with(Some(notes), Class::TypeResolved);
        }
        let found = self.is_worked_out(right, 0)
            || self.is_less_of(left, right)
            || self.same_in_other_words(left, right);
        if found { note(Class::TypeResolved) } else { None }
    }

    /// Whether the page shows less than it could: names of other packages as `any`, and what is
    /// inherited in the words of the base.
    fn is_less_of(&mut self, left: &TypeExpr, right: &TypeExpr) -> bool {
        // What any value is, is no more than that beside others.
        if let (TypeExpr::Any, TypeExpr::Union(members)) = (left, right)
            && members.iter().any(|member| self.compare(left, member).is_some())
        {
            return true;
        }
        let sides = self.sides;
        let unknown = |name: &str| sides.meaning(Side::Right, name).is_none();
        match (left, right) {
            // Tables of old releases show the result of a method alone.
            (_, TypeExpr::Function(function)) if !matches!(left, TypeExpr::Function(_)) => {
                self.compare(left, &function.returns).is_some()
            }
            // What they write without brackets is no TypeScript, and is kept as text.
            (TypeExpr::Opaque(_), _) => true,
            // Old generators leave the brackets of `(A & B)[]` out.
            (TypeExpr::Intersection(_) | TypeExpr::Union(_), TypeExpr::Array(inner)) => {
                matches!(**inner, TypeExpr::Intersection(_) | TypeExpr::Union(_))
            }
            (TypeExpr::Any, _) => {
                let mut found = false;
                right.walk(&mut |part| {
                    found |= matches!(part, TypeExpr::Ref { name, .. } if unknown(name));
                });
                found
            }
            (TypeExpr::Ref { .. }, TypeExpr::This) => true,
            (TypeExpr::Ref { name: a, args }, TypeExpr::Ref { name: b, .. }) => {
                let is_hidden = self.sides.right.internal.contains_key(b);
                (a == b && args.is_empty())
                    || (is_hidden && (a == "default" || unnumbered(a) == unnumbered(b)))
                    || b.ends_with(&format!(".{a}"))
                    || is_parameter(a) && args.is_empty() && unknown(a)
            }
            (TypeExpr::Ref { name, args }, _) if args.is_empty() && unknown(name) => {
                is_parameter(name) || self.is_variant(name, right)
            }
            _ => false,
        }
    }

    /// Whether an enumeration has a member of a name and a value: old generators leave out which.
    fn is_variant(&self, name: &str, value: &TypeExpr) -> bool {
        let name = name.rsplit('.').next().unwrap_or(name);
        let items = self.sides.right.items.values();
        let mut variants = items.flat_map(|item| &item.members);
        variants.any(|member| member.name == name && member.value == *value)
    }

    /// Whether a union lacks what another of its members holds already: `number | 3600` is `number`.
    fn same_in_other_words(&mut self, left: &TypeExpr, right: &TypeExpr) -> bool {
        let TypeExpr::Union(members) = right else { return false };
        let left: Vec<TypeExpr> = match left {
            TypeExpr::Union(members) => members.clone(),
            one => vec![one.clone()],
        };
        let holds = |member: &TypeExpr| match member {
            TypeExpr::NumberLiteral(text) => {
                left.contains(&TypeExpr::Number)
                    || (text == "-0" && left.contains(&TypeExpr::NumberLiteral("0".to_owned())))
            }
            TypeExpr::Literal(_) | TypeExpr::Template(_) => left.contains(&TypeExpr::String),
            TypeExpr::BooleanLiteral(_) => left.contains(&TypeExpr::Boolean),
            _ => false,
        };
        members.iter().all(|member| {
            holds(member) || left.iter().any(|one| self.compare(one, member).is_some())
        }) && left
            .iter()
            .all(|one| members.iter().any(|member| self.compare(one, member).is_some()))
    }

    /// The type of a member of a type that is at hand.
    fn member_of(&self, object: &TypeExpr, index: &TypeExpr) -> Option<TypeExpr> {
        let (TypeExpr::Ref { name, args }, TypeExpr::Literal(index)) = (object, index) else {
            return None;
        };
        let item = find(self.sides.right, name)?;
        let bound = bindings(&item.type_params, args);
        let members = effective(self.sides.right, item, &bound);
        members.get(&key(index)).and_then(|member| member.ty())
    }

    /// Whether a type is one that the compiler puts another type in place of: by an operator of
    /// the language, or because nobody outside the package can name it.
    fn is_worked_out(&self, ty: &TypeExpr, depth: usize) -> bool {
        match ty {
            TypeExpr::Indexed { .. }
            | TypeExpr::TypeOf { .. }
            | TypeExpr::KeyOf(_)
            | TypeExpr::Conditional(_)
            | TypeExpr::Mapped(_)
            | TypeExpr::Opaque(_) => true,
            // A union in an intersection is spread over it.
            TypeExpr::Intersection(members) => members.iter().any(|member| {
                matches!(member, TypeExpr::Union(_)) || self.is_worked_out(member, depth)
            }),
            TypeExpr::Template(parts) => parts.iter().any(|part| match part {
                TemplatePart::Type(ty) => !matches!(ty, TypeExpr::String | TypeExpr::Number),
                TemplatePart::Text(_) => false,
            }),
            TypeExpr::Ref { name, .. } => {
                let facts = self.sides.right;
                let item = self.sides.meaning(Side::Right, name);
                let is_alias = item.is_some_and(|item| item.kind == ItemKind::Alias);
                WORKED_OUT.contains(&name.as_str())
                    || facts.foreign.contains_key(name)
                    || (is_alias && facts.internal.contains_key(name))
                    || (depth < MAX_ALIASES
                        && item
                            .filter(|item| item.kind == ItemKind::Alias)
                            .and_then(|item| item.ty.as_ref())
                            .is_some_and(|ty| self.is_worked_out(ty, depth + 1)))
            }
            TypeExpr::Union(members) => {
                members.iter().any(|member| self.is_worked_out(member, depth))
            }
            _ => false,
        }
    }
}

/// Whether a name looks like that of a type parameter.
fn is_parameter(name: &str) -> bool {
    name.len() == 1 && name.starts_with(|c: char| c.is_ascii_uppercase())
}
