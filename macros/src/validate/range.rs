//! The ranges of `length` and `range`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{
    Expr, ExprBinary, ExprLit, ExprRange, ExprUnary, Lit, LitFloat, LitInt, RangeLimits, UnOp,
};

use crate::{
    diagnostic::{Code, Diagnostics},
    shape::{Kind, Shape, named},
};

/// The values that a rule lets through.
pub(super) enum Range {
    Bounds(Box<ExprRange>),
    /// One value alone.
    Exactly(Box<Expr>),
}

/// Reads `1..=10`, or one value where that says something.
pub(super) fn parse(tokens: TokenStream, takes_one: bool) -> Option<Range> {
    match ungrouped(syn::parse2(tokens).ok()?) {
        Expr::Range(range) => Some(Range::Bounds(Box::new(range))),
        Expr::Closure(_) | Expr::Infer(_) => None,
        one if takes_one => Some(Range::Exactly(Box::new(one))),
        _ => None,
    }
}

/// An expression without the invisible group that a `macro_rules!` fragment comes in, and without
/// parentheses.
pub(super) fn ungrouped(mut expr: Expr) -> Expr {
    loop {
        expr = match expr {
            Expr::Group(group) => *group.expr,
            Expr::Paren(paren) => *paren.expr,
            _ => return expr,
        };
    }
}

impl Range {
    /// Reports a range that no value is in, or that its type cannot be compared with.
    pub(super) fn check(&self, name: &Ident, shape: &Shape, diagnostics: &mut Diagnostics) -> bool {
        let Self::Bounds(range) = self else { return true };
        if is_empty(range) {
            diagnostics.report(
                Code::EmptyRange,
                range,
                format!("this range is empty: {}", in_words(range)),
                "write the lesser bound first",
            );
            return false;
        }
        let is_time = named(&shape.inner)
            .is_some_and(|(name, _)| ["Duration", "Instant", "SystemTime"].contains(&&*name));
        if name == "range" && is_time && self.is_literal() {
            diagnostics.report(
                Code::RuleType,
                range,
                "a time is compared with times, not with numbers",
                "write `range(Duration::from_secs(1)..)`, or name a constant of its type",
            );
            return false;
        }
        true
    }

    /// Whether every bound is made of literals.
    pub(super) fn is_literal(&self) -> bool {
        match self {
            Self::Bounds(range) => {
                let is_literal = |bound: &Option<Box<Expr>>| {
                    bound.as_ref().is_none_or(|bound| exact(bound).is_some())
                };
                is_literal(&range.start) && is_literal(&range.end)
            }
            Self::Exactly(_) => false,
        }
    }

    /// The two bounds as `Bound`s, each made by `convert` of an expression.
    pub(super) fn bounds(
        &self,
        kind: Option<Kind>,
        here: Span,
        convert: impl Fn(TokenStream) -> TokenStream,
    ) -> (TokenStream, TokenStream) {
        let bound = |bound: &Option<Box<Expr>>, is_open: bool| match bound {
            None => quote_spanned!(here=> ::core::ops::Bound::Unbounded),
            Some(bound) => {
                let exact = match (kind, literal(bound)) {
                    // The same number, of the type that it is compared with.
                    (Some(Kind::Float), Some(value)) if value.abs() <= MAX_WHOLE => {
                        quote_spanned!(own(here)=> #value)
                    }
                    _ => exact(bound).unwrap_or_else(|| bound.to_token_stream()),
                };
                let value = convert(exact);
                if is_open {
                    quote_spanned!(here=> ::core::ops::Bound::Excluded(#value))
                } else {
                    quote_spanned!(here=> ::core::ops::Bound::Included(#value))
                }
            }
        };
        match self {
            Self::Bounds(range) => {
                let is_open = matches!(range.limits, RangeLimits::HalfOpen(_));
                (bound(&range.start, false), bound(&range.end, is_open))
            }
            Self::Exactly(value) => {
                let value = Some(value.clone());
                (bound(&value, false), bound(&value, false))
            }
        }
    }

    /// The range as an expression.
    pub(super) fn tokens(&self) -> TokenStream {
        match self {
            Self::Bounds(range) => range.to_token_stream(),
            Self::Exactly(value) => quote!((#value)..=(#value)),
        }
    }
}

/// Up to here every whole number is a double.
const MAX_WHOLE: f64 = 9_007_199_254_740_992.0;

/// An expression of literals whose whole numbers are of 128 bits and whose others are doubles, so
/// that their types do not hang on what they are compared with.
fn exact(expr: &Expr) -> Option<TokenStream> {
    match expr {
        Expr::Group(group) => exact(&group.expr),
        Expr::Paren(paren) => {
            let inner = exact(&paren.expr)?;
            Some(quote!((#inner)))
        }
        Expr::Lit(ExprLit { lit: Lit::Int(int), .. }) if int.suffix().is_empty() => {
            let digits = int.base10_digits();
            let suffix = if digits.parse::<i128>().is_ok() { "i128" } else { "u128" };
            Some(LitInt::new(&format!("{digits}{suffix}"), own(int.span())).to_token_stream())
        }
        Expr::Lit(ExprLit { lit: Lit::Float(float), .. }) if float.suffix().is_empty() => {
            let digits = float.base10_digits();
            Some(LitFloat::new(&format!("{digits}f64"), own(float.span())).to_token_stream())
        }
        Expr::Lit(ExprLit { lit: lit @ (Lit::Int(_) | Lit::Float(_)), .. }) => {
            Some(lit.to_token_stream())
        }
        Expr::Unary(ExprUnary { op: op @ UnOp::Neg(_), expr, .. }) => {
            let inner = least(expr).or_else(|| exact(expr))?;
            Some(quote!(#op #inner))
        }
        Expr::Binary(ExprBinary { left, op, right, .. }) => {
            let (left, right) = (exact(left)?, exact(right)?);
            Some(quote!(#left #op #right))
        }
        _ => None,
    }
}

/// The literal of the least number of 128 bits, behind its sign: without it, it is none of them.
fn least(expr: &Expr) -> Option<TokenStream> {
    match expr {
        Expr::Group(group) => least(&group.expr),
        Expr::Lit(ExprLit { lit: Lit::Int(int), .. })
            if int.suffix().is_empty()
                && int.base10_digits().parse() == Ok(i128::MIN.unsigned_abs()) =>
        {
            let literal = format!("{}i128", int.base10_digits());
            Some(LitInt::new(&literal, own(int.span())).to_token_stream())
        }
        _ => None,
    }
}

/// A literal that the user did not write is not the user's: no lint is about it.
fn own(span: Span) -> Span {
    span.resolved_at(Span::mixed_site())
}

/// Whether literal bounds leave no value.
fn is_empty(range: &ExprRange) -> bool {
    let bound = |bound: &Option<Box<Expr>>| bound.as_deref().and_then(literal);
    match (bound(&range.start), bound(&range.end)) {
        (Some(start), Some(end)) => match range.limits {
            RangeLimits::HalfOpen(_) => start >= end,
            RangeLimits::Closed(_) => start > end,
        },
        _ => false,
    }
}

fn literal(expr: &Expr) -> Option<f64> {
    match expr {
        Expr::Group(group) => literal(&group.expr),
        Expr::Paren(paren) => literal(&paren.expr),
        Expr::Lit(ExprLit { lit: Lit::Int(int), .. }) => int.base10_parse().ok(),
        Expr::Lit(ExprLit { lit: Lit::Float(float), .. }) => float.base10_parse().ok(),
        Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. }) => literal(expr).map(|value| -value),
        _ => None,
    }
}

/// The range in words: `from 1 to 10`.
fn in_words(range: &ExprRange) -> String {
    let text = |bound: &Expr| crate::text::of(bound).replace("- ", "-");
    match (&range.start, &range.end, &range.limits) {
        (Some(start), Some(end), RangeLimits::Closed(_)) => {
            format!("from {} to {}", text(start), text(end))
        }
        (Some(start), Some(end), RangeLimits::HalfOpen(_)) => {
            format!("at least {} and less than {}", text(start), text(end))
        }
        _ => crate::text::of(range),
    }
}
