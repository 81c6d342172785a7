//! The rules of a field: reading them, and whether they fit its type.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Expr, ExprLit, Lit, LitStr, Token, Type, parse::ParseStream, parse::Parser};

use super::{
    pattern::{self, Automaton},
    range::{self, Range},
};
use crate::{
    args::{Arg, Args, Value},
    diagnostic::{Code, Diagnostics},
    shape::{Kind, Shape, Unit, entry, item},
};

/// What a value must fulfil, and where that is written.
pub(super) struct Rule {
    pub(super) name: Ident,
    pub(super) kind: RuleKind,
    pub(super) words: Words,
}

/// What the user says in a violation.
#[derive(Default)]
pub(super) struct Words {
    pub(super) code: Option<LitStr>,
    pub(super) message: Option<LitStr>,
}

/// What a value must fulfil.
pub(super) enum RuleKind {
    /// How much bytes of text there are.
    Bytes(Range),
    /// `contains`, `excludes`, `prefix`, `suffix`: a text beside another.
    Beside(Expr),
    /// A function or a closure of the user that judges.
    Custom(Expr),
    /// A whole number of milliseconds or seconds since the epoch, by the size of it.
    Epoch(Unit),
    /// The value of another field.
    Equals(Ident),
    /// The form of a text, by the name of its constant.
    Form(&'static str),
    /// Rules of each item.
    Items(Vec<Rule>),
    /// Rules of each key.
    Keys(Vec<Rule>),
    /// So many characters or items.
    Length(Range),
    /// Its own rules.
    Nested,
    /// A regular expression of the user.
    Pattern(Expr),
    /// A number in a range.
    Range(Range),
    /// A regular expression that is compiled here.
    CompiledPattern(LitStr, Automaton),
    /// There is a value.
    Required,
    /// Rules of each value of a map.
    Values(Vec<Rule>),
    /// Rules that hold when a function or a closure of the user says so.
    When(Expr, Vec<Rule>),
    /// A function or a closure of the user that reports.
    With(Expr),
}

/// The rules of a form of text.
const FORMS: &[(&str, &str)] = &[
    ("email", "EMAIL"),
    ("url", "URL"),
    ("ip", "IP"),
    ("ipv4", "IPV4"),
    ("ipv6", "IPV6"),
    ("ascii", "ASCII"),
    ("alphanumeric", "ALPHANUMERIC"),
    ("printable", "PRINTABLE"),
    ("credit_card", "CREDIT_CARD"),
    ("phone", "PHONE"),
    ("jwk_thumbprint", "JWK_THUMBPRINT"),
];

const NAMES: &[&str] = &[
    "alphanumeric",
    "ascii",
    "bytes",
    "contains",
    "credit_card",
    "custom",
    "email",
    "epoch_millis",
    "epoch_seconds",
    "equals",
    "excludes",
    "ip",
    "ipv4",
    "ipv6",
    "items",
    "jwk_thumbprint",
    "keys",
    "length",
    "nested",
    "pattern",
    "phone",
    "prefix",
    "printable",
    "range",
    "required",
    "suffix",
    "url",
    "values",
    "when",
    "with",
];

/// Rules that may be given several times.
const REPEATED: &[&str] = &["contains", "custom", "equals", "excludes", "pattern", "when", "with"];

/// Takes the rules of a value of the type `ty`, in the order in which they are written.
pub(super) fn take(args: &mut Args, ty: &Type, diagnostics: &mut Diagnostics) -> Vec<Rule> {
    let shape = Shape::of(ty);
    let mut rules: Vec<Rule> = Vec::new();
    for arg in args.take_named(NAMES) {
        let name = arg.name.clone();
        if rules.iter().any(|rule| rule.name == name) && !REPEATED.iter().any(|known| name == known)
        {
            Args::refuse_repeated(&arg, diagnostics);
            continue;
        }
        let Some(rule) = read(arg, &shape, diagnostics) else { continue };
        if rule.kind.fits(&shape) {
            rules.push(rule);
        } else {
            diagnostics.report(
                Code::RuleType,
                &name,
                format!("`{name}` does not fit the type of this field"),
                format!("it is for {}", rule.kind.what_fits()),
            );
        }
    }
    rules
}

fn read(arg: Arg, shape: &Shape, diagnostics: &mut Diagnostics) -> Option<Rule> {
    let (tokens, words) = match &arg.value {
        Value::Alone => (TokenStream::new(), Words::default()),
        Value::List(list) => Words::split(list.clone()),
        _ => (arg.to_token_stream(), Words::default()),
    };
    let has_value = !matches!(arg.value, Value::Alone | Value::List(_));
    let name = arg.name.to_string();
    let mut refuse = |fact: &str, fix: &str| {
        diagnostics.report(
            Code::InvalidArgument,
            &arg,
            format!("`{name}` {fact}"),
            fix.replace('$', &name),
        );
        None
    };
    let kind = match &*name {
        "nested" | "epoch_millis" | "epoch_seconds" | "required"
            if has_value || !tokens.is_empty() =>
        {
            return refuse("takes no value", "write `$` alone");
        }
        "nested" => RuleKind::Nested,
        "epoch_millis" => RuleKind::Epoch(Unit::Millis),
        "epoch_seconds" => RuleKind::Epoch(Unit::Seconds),
        "required" => RuleKind::Required,
        "bytes" | "length" | "range" => {
            let range = if has_value { None } else { range::parse(tokens, name != "range") };
            let Some(range) = range else {
                return refuse("takes a range", "write `$(1..=10)`, `$(1..)` or `$(..=10)`");
            };
            if !range.check(&arg.name, shape, diagnostics) {
                return None;
            }
            match &*name {
                "bytes" => RuleKind::Bytes(range),
                "length" => RuleKind::Length(range),
                _ => RuleKind::Range(range),
            }
        }
        "contains" | "excludes" | "prefix" | "suffix" => match expression(tokens, has_value) {
            Some(other) => RuleKind::Beside(other),
            None => return refuse("takes a text", "write `$(\"text\")`"),
        },
        "pattern" => match expression(tokens, has_value).map(range::ungrouped) {
            Some(Expr::Lit(ExprLit { lit: Lit::Str(literal), .. })) => {
                let automaton = pattern::compile(&literal, diagnostics)?;
                RuleKind::CompiledPattern(literal, automaton)
            }
            Some(pattern) => RuleKind::Pattern(pattern),
            None => {
                return refuse(
                    "takes a regular expression",
                    "write `$(REGEX)`, with a `Regex` in a `LazyLock`",
                );
            }
        },
        "equals" => match field_name(tokens, has_value) {
            Some(field) => RuleKind::Equals(field),
            None => return refuse("takes the name of a field", "write `$(other_field)`"),
        },
        "custom" => match expression(tokens, has_value) {
            Some(rule) => RuleKind::Custom(rule),
            None => {
                return refuse(
                    "takes a function or a closure",
                    "write `$(is_valid)` or `$(|value| value.is_valid())`",
                );
            }
        },
        "with" => match expression(tokens, has_value) {
            Some(rule) => RuleKind::With(rule),
            None => {
                return refuse(
                    "takes a function or a closure",
                    "write `$(check)`, for `fn check(value: &T, validator: &mut Validator)`",
                );
            }
        },
        "items" | "keys" | "values" | "when" => {
            return parts(arg, tokens, words, has_value, shape, diagnostics);
        }
        _ => {
            let form = FORMS.iter().find(|(known, _)| name == *known)?;
            if has_value || !tokens.is_empty() {
                return refuse("takes no value", "write `$` alone");
            }
            RuleKind::Form(form.1)
        }
    };
    Some(Rule { name: arg.name, kind, words })
}

/// Reads a rule that holds other rules.
fn parts(
    arg: Arg,
    tokens: TokenStream,
    words: Words,
    has_value: bool,
    shape: &Shape,
    diagnostics: &mut Diagnostics,
) -> Option<Rule> {
    let name = arg.name.to_string();
    let unknown: Type = syn::parse_quote!(_);
    let ty = match &*name {
        "items" => item(&shape.inner).unwrap_or(&unknown),
        "keys" => entry(&shape.inner).map_or(&unknown, |(key, _)| key),
        "values" => entry(&shape.inner).map_or(&unknown, |(_, value)| value),
        _ => &shape.inner,
    };
    let (condition, tokens) = match name == "when" {
        true => condition(tokens).unzip(),
        false => (None, Some(tokens)),
    };
    let given = tokens.filter(|tokens| !has_value && !tokens.is_empty());
    let Some(given) = given else {
        let fix = match &*name {
            "when" => "write `when(|it| it.is_active, length(1..))`".to_owned(),
            _ => format!("write `{name}(length(1..))`"),
        };
        diagnostics.report(Code::InvalidArgument, &arg, format!("`{name}` holds no rule"), fix);
        return None;
    };
    let label: &'static str = match &*name {
        "items" => "`items`",
        "keys" => "`keys`",
        "values" => "`values`",
        _ => "`when`",
    };
    let mut args = Args::parse(label, given, diagnostics);
    // What holds for the value itself is still looked at through `Option`.
    let optional: Type = {
        let inner = &shape.inner;
        if shape.is_optional() { syn::parse_quote!(Option<#inner>) } else { inner.clone() }
    };
    let ty = if name == "when" { &optional } else { ty };
    let rules = take(&mut args, ty, diagnostics);
    args.finish(diagnostics);
    let kind = match (&*name, condition) {
        ("items", _) => RuleKind::Items(rules),
        ("keys", _) => RuleKind::Keys(rules),
        ("values", _) => RuleKind::Values(rules),
        (_, Some(condition)) => RuleKind::When(condition, rules),
        (_, None) => return None,
    };
    Some(Rule { name: arg.name, kind, words })
}

/// The condition of `when`, and what follows it.
fn condition(tokens: TokenStream) -> Option<(Expr, TokenStream)> {
    let parse = |input: ParseStream<'_>| {
        let condition: Expr = input.parse()?;
        input.parse::<Token![,]>()?;
        Ok((condition, input.parse()?))
    };
    parse.parse2(tokens).ok()
}

fn expression(tokens: TokenStream, has_value: bool) -> Option<Expr> {
    if has_value { None } else { syn::parse2(tokens).ok() }
}

/// A name, as an identifier or in quotes.
fn field_name(tokens: TokenStream, has_value: bool) -> Option<Ident> {
    if has_value {
        return None;
    }
    if let Ok(ident) = syn::parse2::<Ident>(tokens.clone()) {
        return Some(ident);
    }
    syn::parse2::<LitStr>(tokens).ok()?.parse().ok()
}

impl Words {
    /// Takes `message = ".."` and `code = ".."` off the end of a list.
    pub(super) fn split(list: TokenStream) -> (TokenStream, Self) {
        let mut trees: Vec<TokenTree> = list.into_iter().collect();
        let mut words = Self::default();
        loop {
            let end = match trees.last() {
                Some(TokenTree::Punct(comma)) if comma.as_char() == ',' => trees.len() - 1,
                _ => trees.len(),
            };
            let Some(start) = end.checked_sub(3) else { break };
            let [TokenTree::Ident(name), TokenTree::Punct(sign), text] = &trees[start..end] else {
                break;
            };
            let slot = match &*name.to_string() {
                "message" => &mut words.message,
                "code" => &mut words.code,
                _ => break,
            };
            let text = syn::parse2::<LitStr>(text.to_token_stream());
            let (true, Ok(text), None) = (sign.as_char() == '=', text, &slot) else { break };
            *slot = Some(text);
            trees.truncate(start);
            if let Some(TokenTree::Punct(comma)) = trees.last()
                && comma.as_char() == ','
            {
                trees.pop();
            }
        }
        (trees.into_iter().collect(), words)
    }
}

impl RuleKind {
    fn fits(&self, shape: &Shape) -> bool {
        let kind = shape.kind;
        match self {
            Self::Custom(_) | Self::Equals(_) | Self::When(..) | Self::With(_) => true,
            Self::Required => shape.is_optional() || kind == Kind::Other,
            // Behind an unknown name may be any type; the compiler judges it.
            _ if kind == Kind::Other => true,
            Self::Epoch(unit) => kind == Kind::Whole || kind == Kind::Epoch(*unit),
            Self::Form(_)
            | Self::Beside(_)
            | Self::Bytes(_)
            | Self::Pattern(_)
            | Self::CompiledPattern(..) => kind == Kind::Text,
            Self::Length(_) => kind == Kind::Text || kind.is_collection(),
            Self::Nested => kind.is_collection(),
            // Letters are ordered too, among letters.
            Self::Range(range) => {
                matches!(kind, Kind::Whole | Kind::Float | Kind::Epoch(_))
                    || kind == Kind::Plain && !range.is_literal()
            }
            Self::Items(_) => kind == Kind::List,
            Self::Keys(_) | Self::Values(_) => kind == Kind::Map,
        }
    }

    const fn what_fits(&self) -> &'static str {
        match self {
            Self::Epoch(Unit::Millis) => "`EpochMillis` and whole numbers",
            Self::Epoch(Unit::Seconds) => "`EpochSeconds` and whole numbers",
            Self::Form(_)
            | Self::Beside(_)
            | Self::Bytes(_)
            | Self::Pattern(_)
            | Self::CompiledPattern(..) => "text",
            Self::Length(_) => "text and collections",
            Self::Nested => "types that implement `Validate`, and lists and maps of them",
            Self::Range(_) => "numbers",
            Self::Items(_) => "lists",
            Self::Keys(_) | Self::Values(_) => "maps",
            Self::Required => "an `Option`",
            Self::Custom(_) | Self::Equals(_) | Self::When(..) | Self::With(_) => "all types",
        }
    }
}
