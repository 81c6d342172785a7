//! The rules of one field: reading them, and whether they fit its type.

use proc_macro2::Span;
use syn::{Expr, ExprLit, ExprRange, ExprUnary, Ident, Lit, RangeLimits, UnOp};

use crate::{
    args::{Args, Value},
    diagnostic::{Code, Diagnostics},
    shape::{Kind, Shape, Unit},
};

/// What a field's value must fulfil, and where that is written.
pub(super) struct Rule {
    pub(super) span: Span,
    pub(super) kind: RuleKind,
}

/// What a value must fulfil.
pub(super) enum RuleKind {
    /// A whole number of milliseconds or seconds since the epoch, by the size of it.
    Epoch(Unit),
    /// RFC 7638 with SHA-256, in base64url.
    JwkThumbprint,
    /// So many characters or items.
    Length(Box<ExprRange>),
    /// Its own rules.
    Nested,
    /// A number in a range.
    Range(Box<ExprRange>),
}

impl RuleKind {
    fn fits(&self, kind: Kind) -> bool {
        // Behind an unknown name may be any type; the compiler judges it.
        kind == Kind::Other
            || match self {
                Self::Epoch(unit) => matches!(kind, Kind::Number) || kind == Kind::Epoch(*unit),
                Self::JwkThumbprint => kind == Kind::Text,
                Self::Length(_) => matches!(kind, Kind::Text | Kind::Collection),
                Self::Nested => kind == Kind::Collection,
                Self::Range(_) => kind == Kind::Number,
            }
    }

    const fn what_fits(&self) -> &'static str {
        match self {
            Self::Epoch(Unit::Millis) => "`EpochMillis` and whole numbers",
            Self::Epoch(Unit::Seconds) => "`EpochSeconds` and whole numbers",
            Self::JwkThumbprint => "text",
            Self::Length(_) => "text and collections",
            Self::Nested => "types that implement `Validate`, and lists of them",
            Self::Range(_) => "numbers",
        }
    }
}

/// Takes the rules from the arguments of a field's `#[validate(..)]`.
pub(super) fn take(args: &mut Args, shape: &Shape, diagnostics: &mut Diagnostics) -> Vec<Rule> {
    let mut rules = Vec::new();
    for (name, kind) in [
        ("nested", RuleKind::Nested),
        ("epoch_millis", RuleKind::Epoch(Unit::Millis)),
        ("epoch_seconds", RuleKind::Epoch(Unit::Seconds)),
        ("jwk_thumbprint", RuleKind::JwkThumbprint),
    ] {
        rules.extend(args.flag(name, diagnostics).map(|ident| (ident, kind)));
    }
    let length = take_range("length", args, diagnostics);
    rules.extend(length.map(|(ident, range)| (ident, RuleKind::Length(range))));
    let range = take_range("range", args, diagnostics);
    rules.extend(range.map(|(ident, range)| (ident, RuleKind::Range(range))));

    rules.retain(|(name, kind)| {
        let fits = kind.fits(shape.kind);
        if !fits {
            diagnostics.report(
                Code::RuleType,
                name,
                format!("`{name}` does not fit the type of this field"),
                format!("it is for {}", kind.what_fits()),
            );
        }
        fits
    });
    rules.into_iter().map(|(name, kind)| Rule { span: name.span(), kind }).collect()
}

/// Takes `name(1..=10)`.
fn take_range(
    name: &'static str,
    args: &mut Args,
    diagnostics: &mut Diagnostics,
) -> Option<(Ident, Box<ExprRange>)> {
    let arg = args.take(name, diagnostics)?;
    let parsed = match &arg.value {
        Value::List(list) => syn::parse2::<Expr>(list.clone()).ok(),
        _ => None,
    };
    let Some(Expr::Range(range)) = parsed else {
        diagnostics.report(
            Code::InvalidArgument,
            &arg,
            format!("`{name}` takes a range"),
            format!("write `{name}(1..=10)`, `{name}(1..)` or `{name}(..=10)`"),
        );
        return None;
    };
    if is_empty(&range) {
        diagnostics.report(
            Code::EmptyRange,
            &range,
            format!("this range is empty: {}", in_words(&range)),
            "write the lesser bound first",
        );
        return None;
    }
    Some((arg.name, Box::new(range)))
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
        Expr::Lit(ExprLit { lit: Lit::Int(int), .. }) => int.base10_parse().ok(),
        Expr::Lit(ExprLit { lit: Lit::Float(float), .. }) => float.base10_parse().ok(),
        Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. }) => literal(expr).map(|value| -value),
        _ => None,
    }
}

/// The range in words: `from 1 to 10`.
pub(super) fn in_words(range: &ExprRange) -> String {
    let text = |bound: &Expr| crate::text::of(bound).replace("- ", "-");
    match (&range.start, &range.end, &range.limits) {
        (Some(start), Some(end), RangeLimits::Closed(_)) => {
            format!("from {} to {}", text(start), text(end))
        }
        (Some(start), Some(end), RangeLimits::HalfOpen(_)) => {
            format!("at least {} and less than {}", text(start), text(end))
        }
        (Some(start), None, _) => format!("at least {}", text(start)),
        (None, Some(end), RangeLimits::Closed(_)) => format!("at most {}", text(end)),
        (None, Some(end), RangeLimits::HalfOpen(_)) => format!("less than {}", text(end)),
        (None, None, _) => "of any size".to_owned(),
    }
}
