//! Variables of the reference: constants, of the SDK where their value is not written down.

use credwire_schema::{model::Item, type_expr::TypeExpr};
use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    context::Context,
    docs,
    emit::{Emitted, Problems},
    names, object,
};

/// The constant of a variable.
pub(crate) fn emit(
    cx: &Context<'_>,
    item: &Item,
    ty: &TypeExpr,
    value: Option<&str>,
    problems: &mut Problems,
) -> Option<Emitted> {
    let ident = names::ident(&item.rust);
    let (comment, alias) = (docs::item(item, &[]), docs::alias(&item.name, &ident));
    let stated = value.and_then(|value| literal(ty, value)).or_else(|| of_type(ty));
    if let Some((ty, value)) = stated {
        let body = quote!(#comment #alias pub const #ident: #ty = #value;);
        return Some(Emitted::new(vec![ident], body));
    }
    // What each build of the SDK fills in is the SDK's to say.
    let ty = match ty {
        TypeExpr::Boolean => quote!(bool),
        TypeExpr::String => quote!(&'static str),
        TypeExpr::Number => quote!(f64),
        _ => return object::emit_variable(cx, item, ty, problems),
    };
    let tokens = quote!(#comment #alias const #ident: #ty;);
    Some(Emitted { sdk: vec![(ident, tokens)], ..Emitted::default() })
}

/// A type that has one value.
fn of_type(ty: &TypeExpr) -> Option<(TokenStream, TokenStream)> {
    match ty {
        TypeExpr::Literal(text) => Some((quote!(&str), quote!(#text))),
        TypeExpr::NumberLiteral(number) => literal(&TypeExpr::Number, number),
        TypeExpr::BooleanLiteral(value) => Some((quote!(bool), quote!(#value))),
        _ => None,
    }
}

/// The type and the value in Rust.
fn literal(ty: &TypeExpr, value: &str) -> Option<(TokenStream, TokenStream)> {
    match ty {
        TypeExpr::Boolean => {
            let value: bool = value.parse().ok()?;
            Some((quote!(bool), quote!(#value)))
        }
        TypeExpr::String => {
            let quoted = |quote| value.strip_prefix(quote)?.strip_suffix(quote);
            let text = quoted('"').or_else(|| quoted('\''))?;
            // What an escape stands for is the language's to say.
            (!text.contains(['\\', '"', '\''])).then(|| (quote!(&str), quote!(#text)))
        }
        TypeExpr::Number => {
            let value: f64 = value.parse().ok()?;
            value.is_finite().then(|| (quote!(f64), quote!(#value)))
        }
        // Without a type the value says it.
        TypeExpr::Unknown => [TypeExpr::Boolean, TypeExpr::String, TypeExpr::Number]
            .iter()
            .find_map(|ty| literal(ty, value)),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn written(ty: &TypeExpr, value: &str) -> Option<String> {
        literal(ty, value).map(|(ty, value)| format!("{ty} = {value}"))
    }

    #[test]
    fn only_literals_have_a_value() {
        assert_eq!(written(&TypeExpr::Boolean, "true").unwrap(), "bool = true");
        assert_eq!(written(&TypeExpr::String, "'4.0'").unwrap(), "& str = \"4.0\"");
        assert_eq!(written(&TypeExpr::Number, "1.5").unwrap(), "f64 = 1.5f64");
        for (ty, value) in [
            (TypeExpr::String, "__VERSION__"),
            (TypeExpr::String, r"'\n'"),
            (TypeExpr::String, "'"),
            (TypeExpr::Number, "NaN"),
            (TypeExpr::Boolean, "1"),
        ] {
            assert_eq!(written(&ty, value), None, "{value}");
        }
    }
}
