//! Which values must never be shown, by their names and types.

use credwire_core::secrecy::{NameSecrecy, name_secrecy};

use crate::type_expr::TypeExpr;

/// Whether a value is a secret: it is named like one, and text or bytes is what it holds, alone, in
/// a list or in a map. Names that stand for other things too, such as `key`, decide nothing.
///
/// ```
/// use credwire_schema::{secrecy::is_secret, type_expr::TypeExpr};
/// assert!(is_secret("clientSecret", &TypeExpr::String));
/// assert!(!is_secret("tokenUrl", &TypeExpr::String) && !is_secret("token", &TypeExpr::Boolean));
/// ```
pub fn is_secret(name: &str, ty: &TypeExpr) -> bool {
    holds_text(ty) && name_secrecy(name) == NameSecrecy::Secret
}

fn holds_text(ty: &TypeExpr) -> bool {
    match ty {
        TypeExpr::String => true,
        TypeExpr::Array(item) | TypeExpr::ReadonlyArray(item) => holds_text(item),
        TypeExpr::Union(parts) => {
            let absent = |part: &&TypeExpr| !matches!(part, TypeExpr::Null | TypeExpr::Undefined);
            let mut parts = parts.iter().filter(absent).peekable();
            parts.peek().is_some() && parts.all(holds_text)
        }
        TypeExpr::Ref { name, args } => match (name.as_str(), args.as_slice()) {
            ("Record" | "Map" | "ReadonlyMap", [_, value]) => holds_text(value),
            ("Promise" | "Set" | "Readonly", [item]) => holds_text(item),
            ("Uint8Array" | "ArrayBuffer" | "Buffer", _) => true,
            _ => false,
        },
        _ => false,
    }
}
