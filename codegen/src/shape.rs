//! What a documented type is, before it is a type of Rust: absent or present, another name, a secret.

use credwire_schema::{diagnostic::Place, model::Property, secret, type_expr::TypeExpr};

/// Whether `ty` is neither a union nor behaviour.
pub(crate) fn is_plain(ty: &TypeExpr) -> bool {
    let (present, _) = without_absence(ty);
    !matches!(present, TypeExpr::Union(_) | TypeExpr::Literal(_) | TypeExpr::Function(_))
}

/// A value that a type spells out in place: what is named like a secret is one.
pub(crate) fn in_place(name: &str, ty: TypeExpr, optional: bool, place: Place) -> Property {
    let is_secret = secret::is_secret(name, &ty, None, &|_| None);
    absence(Property { optional, secret: is_secret, ..Property::new(name, ty, place) })
}

/// `T` of `T | null` and `T | undefined`.
pub(crate) fn without_absence(ty: &TypeExpr) -> (TypeExpr, bool) {
    let TypeExpr::Union(parts) = ty else { return (ty.clone(), false) };
    let mut rest: Vec<TypeExpr> = parts.clone();
    rest.retain(|part| !matches!(part, TypeExpr::Null | TypeExpr::Undefined));
    let absent = rest.len() < parts.len();
    match rest.pop() {
        Some(only) if rest.is_empty() => (only, absent),
        Some(last) => {
            rest.push(last);
            (TypeExpr::Union(rest), absent)
        }
        None => (ty.clone(), false),
    }
}

/// Takes `| null` and `| undefined` off the type: they become flags of the property.
pub(crate) fn absence(property: Property) -> Property {
    let TypeExpr::Union(parts) = &property.ty else { return property };
    let nullable = property.nullable || parts.contains(&TypeExpr::Null);
    let optional = property.optional || parts.contains(&TypeExpr::Undefined);
    let (ty, _) = without_absence(&property.ty);
    Property { ty, optional, nullable, ..property }
}
