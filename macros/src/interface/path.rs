//! Paths of documents, also where macros of the standard library make them.

use syn::{Expr, ExprLit, ExprMacro, Lit, LitStr, Token, punctuated::Punctuated, spanned::Spanned};

use crate::diagnostic::{Code, Diagnostics};

/// The text of an expression; the expression itself when nobody can have it before the program is
/// compiled.
pub(super) fn read(expr: Expr) -> Result<LitStr, Box<Expr>> {
    match text(&expr) {
        Some(text) => Ok(LitStr::new(&text, expr.span())),
        None => Err(Box::new(expr)),
    }
}

/// The paths that can be read; the others are reported.
pub(super) fn known(
    paths: Vec<Result<LitStr, Box<Expr>>>,
    diagnostics: &mut Diagnostics,
) -> Vec<LitStr> {
    let mut known = Vec::new();
    for path in paths {
        match path {
            Ok(path) => known.push(path),
            Err(expr) => diagnostics.report(
                Code::InvalidArgument,
                expr,
                "this path is not known when the macro is expanded",
                "write it in quotes, or make it with `concat!` and `env!` of texts in quotes",
            ),
        }
    }
    known
}

fn text(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Group(group) => text(&group.expr),
        Expr::Paren(paren) => text(&paren.expr),
        Expr::Lit(ExprLit { lit, .. }) => match lit {
            Lit::Str(text) => Some(text.value()),
            Lit::Char(letter) => Some(letter.value().to_string()),
            Lit::Int(number) => Some(number.base10_digits().to_owned()),
            Lit::Bool(flag) => Some(flag.value().to_string()),
            _ => None,
        },
        Expr::Macro(ExprMacro { mac, .. }) => {
            let parts = mac
                .parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated)
                .ok()?
                .iter()
                .map(text)
                .collect::<Option<Vec<_>>>()?;
            let name = &mac.path.segments.last()?.ident;
            match parts.as_slice() {
                parts if name == "concat" => Some(parts.concat()),
                [variable, ..] if name == "env" => std::env::var(variable).ok(),
                _ => None,
            }
        }
        _ => None,
    }
}
