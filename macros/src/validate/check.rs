//! Checks of an item that derives `Validate`. What passes is a [`CheckedItem`].

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::{
    Attribute, Data, DeriveInput, Expr, Field, Fields, Generics, LitStr, Member, Token, Type,
    WherePredicate,
    ext::IdentExt,
    parse::{Parse, ParseStream, Parser},
    punctuated::Punctuated,
};

use super::{
    rule::{self, Rule, RuleKind, Words},
    serde_attrs::{Container, Direction, Place},
};
use crate::{
    args::{Arg, Args, Value},
    crate_path::CratePath,
    diagnostic::{Code, Diagnostics},
    shape::{Kind, Shape},
};
use credwire_schema::suggest::nearest;

/// An item that can be expanded.
pub(super) struct CheckedItem {
    pub(super) krate: CratePath,
    pub(super) ident: Ident,
    pub(super) generics: Generics,
    /// The bounds that the user names instead of those that the rules ask for.
    pub(super) bound: Option<Vec<WherePredicate>>,
    pub(super) context: Option<Type>,
    /// Whether fields cannot be borrowed where they are.
    pub(super) is_packed: bool,
    pub(super) body: Body,
    /// Rules of the whole: functions and closures that take it.
    pub(super) rules: Vec<Rule>,
    pub(super) one_of: Vec<OneOf>,
}

/// What has fields.
pub(super) enum Body {
    Struct(Vec<CheckedField>),
    Enum(Vec<CheckedVariant>),
}

/// A variant of an enum.
pub(super) struct CheckedVariant {
    pub(super) ident: Ident,
    /// The member that holds its fields, when one does.
    pub(super) outer: Option<String>,
    pub(super) fields: Vec<CheckedField>,
}

/// A field and what it must fulfil.
pub(super) struct CheckedField {
    pub(super) member: Member,
    pub(super) place: Place,
    pub(super) ty: Type,
    pub(super) shape: Shape,
    pub(super) rules: Vec<Rule>,
}

/// Fields of which at least one must be there, by index.
pub(super) struct OneOf {
    pub(super) fields: Vec<usize>,
    pub(super) words: Words,
}

/// Checks the item and every rule on it.
pub(super) fn check(input: DeriveInput, diagnostics: &mut Diagnostics) -> CheckedItem {
    let mut args = Args::gather("validate", "`validate`", &input.attrs, diagnostics);
    let krate = args.crate_path(diagnostics);
    let bound = args
        .parsed::<Predicates>("bound", "bounds of a `where` clause", "T: Validate", diagnostics)
        .map(|Predicates(predicates)| predicates);
    let context = take_context(&mut args, diagnostics);
    let direction = take_direction(&mut args, diagnostics);
    let lists = args.take_all("at_least_one_of");
    let rules = take_item_rules(&mut args, diagnostics);
    args.finish(diagnostics);

    let container = Container::read(&input.attrs, direction);
    let body = match &input.data {
        Data::Struct(data) => {
            let places = container.places(&data.fields);
            Body::Struct(fields(&data.fields, places, diagnostics))
        }
        Data::Enum(data) => {
            let variants = data.variants.iter().map(|variant| {
                let places = container.variant(&variant.attrs, &variant.ident, &variant.fields);
                refuse_arguments(&variant.attrs, diagnostics);
                CheckedVariant {
                    ident: variant.ident.clone(),
                    outer: places.outer,
                    fields: fields(&variant.fields, places.fields, diagnostics),
                }
            });
            Body::Enum(variants.collect())
        }
        Data::Union(data) => {
            diagnostics.report(
                Code::UnsupportedItem,
                data.union_token,
                "`Validate` cannot be derived for `union`",
                "derive it for structs and enums; for other types implement `Validate::check`",
            );
            Body::Struct(Vec::new())
        }
    };
    let one_of = match &body {
        Body::Struct(fields) => {
            lists.iter().filter_map(|list| one_of(list, fields, diagnostics)).collect()
        }
        Body::Enum(_) => {
            for list in &lists {
                diagnostics.report(
                    Code::InvalidArgument,
                    &list.name,
                    "`at_least_one_of` is about the fields of a struct",
                    "write a struct for the variant, and the rule on that",
                );
            }
            Vec::new()
        }
    };
    CheckedItem {
        krate,
        is_packed: is_packed(&input.attrs),
        ident: input.ident,
        generics: input.generics,
        bound,
        context,
        body,
        rules,
        one_of,
    }
}

/// The predicates of a `where` clause.
struct Predicates(Vec<WherePredicate>);

impl Parse for Predicates {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let predicates = Punctuated::<WherePredicate, Token![,]>::parse_terminated(input)?;
        Ok(Self(predicates.into_iter().collect()))
    }
}

fn take_context(args: &mut Args, diagnostics: &mut Diagnostics) -> Option<Type> {
    let arg = args.take("context", diagnostics)?;
    let ty = match &arg.value {
        Value::List(list) => syn::parse2(list.clone()).ok(),
        Value::Type(ty) => Some((**ty).clone()),
        _ => None,
    };
    if ty.is_none() {
        diagnostics.report(
            Code::InvalidArgument,
            &arg,
            "`context` takes a type",
            "write `context(Limits)`, and check with `validate_with(Arc::new(limits))`",
        );
    }
    ty
}

fn take_direction(args: &mut Args, diagnostics: &mut Diagnostics) -> Direction {
    let Some(literal) = args.string("direction", diagnostics) else {
        return Direction::Deserialize;
    };
    match &*literal.value() {
        "deserialize" => Direction::Deserialize,
        "serialize" => Direction::Serialize,
        _ => {
            diagnostics.report(
                Code::InvalidArgument,
                &literal,
                "`direction` is `\"deserialize\"` or `\"serialize\"`",
                "write `direction = \"serialize\"` for a type that is only written",
            );
            Direction::Deserialize
        }
    }
}

fn take_item_rules(args: &mut Args, diagnostics: &mut Diagnostics) -> Vec<Rule> {
    let mut rules = Vec::new();
    for arg in args.take_named(&["custom", "with"]) {
        let parsed = match &arg.value {
            Value::List(list) => {
                let (tokens, words) = Words::split(list.clone());
                syn::parse2::<Expr>(tokens).ok().map(|rule| (rule, words))
            }
            _ => None,
        };
        let name = arg.name.clone();
        match parsed {
            Some((rule, words)) => {
                let kind =
                    if name == "with" { RuleKind::With(rule) } else { RuleKind::Custom(rule) };
                rules.push(Rule { name, kind, words });
            }
            None => diagnostics.report(
                Code::InvalidArgument,
                &arg,
                format!("`{name}` takes a function or a closure"),
                format!("write `{name}(|it| it.from <= it.until, message = \"..\")`"),
            ),
        }
    }
    rules
}

/// Refuses arguments on a variant, which has none.
fn refuse_arguments(attrs: &[Attribute], diagnostics: &mut Diagnostics) {
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("validate")) {
        diagnostics.report(
            Code::UnknownArgument,
            attr,
            "`validate` on a variant has no arguments",
            "write rules on its fields, or `custom(..)` on the enum",
        );
    }
}

fn is_packed(attrs: &[Attribute]) -> bool {
    attrs
        .iter()
        .filter(|attr| attr.path().is_ident("repr"))
        .any(|attr| crate::secrecy::mentions(attr.to_token_stream(), |ident| ident == "packed"))
}

fn fields(fields: &Fields, places: Vec<Place>, diagnostics: &mut Diagnostics) -> Vec<CheckedField> {
    let places = places.into_iter().enumerate();
    let mut checked: Vec<CheckedField> = fields
        .iter()
        .zip(places)
        .map(|(field, (index, place))| check_field(index, field, place, diagnostics))
        .collect();
    let names: Vec<String> = checked.iter().map(CheckedField::name).collect();
    for field in &mut checked {
        field.rules.retain(|rule| knows_fields(rule, &names, diagnostics));
    }
    checked
}

/// Whether every field that a rule names is there.
fn knows_fields(rule: &Rule, names: &[String], diagnostics: &mut Diagnostics) -> bool {
    match &rule.kind {
        RuleKind::Equals(other) => {
            let name = other.unraw().to_string();
            let is_known = names.contains(&name);
            if !is_known {
                refuse_field(other, &name, names, diagnostics);
            }
            is_known
        }
        RuleKind::When(_, rules)
        | RuleKind::Items(rules)
        | RuleKind::Keys(rules)
        | RuleKind::Values(rules) => {
            rules.iter().all(|rule| knows_fields(rule, names, diagnostics))
        }
        _ => true,
    }
}

fn check_field(
    index: usize,
    field: &Field,
    place: Place,
    diagnostics: &mut Diagnostics,
) -> CheckedField {
    let mut args = Args::gather("validate", "`validate` on a field", &field.attrs, diagnostics);
    let skip = args.flag("skip", diagnostics);
    let rules = rule::take(&mut args, &field.ty, diagnostics);
    args.finish(diagnostics);
    if let (Some(skip), false) = (skip, rules.is_empty()) {
        diagnostics.report(
            Code::InvalidArgument,
            skip,
            "a field with `skip` has no rules",
            "remove `skip`, or the rules beside it",
        );
    }
    CheckedField {
        member: field.ident.clone().map_or(Member::from(index), Member::Named),
        place,
        ty: field.ty.clone(),
        shape: Shape::of(&field.ty),
        rules,
    }
}

/// The fields that `at_least_one_of("a", "b")` names.
fn one_of(list: &Arg, fields: &[CheckedField], diagnostics: &mut Diagnostics) -> Option<OneOf> {
    let (names, words) = match &list.value {
        Value::List(names) => Words::split(names.clone()),
        _ => (TokenStream::new(), Words::default()),
    };
    let parsed = Punctuated::<LitStr, Token![,]>::parse_terminated.parse2(names);
    let Some(names) = parsed.ok().filter(|names| names.len() > 1) else {
        diagnostics.report(
            Code::InvalidArgument,
            list,
            "`at_least_one_of` takes the names of two fields or more",
            "write `at_least_one_of(\"a\", \"b\")`",
        );
        return None;
    };
    let known: Vec<String> = fields.iter().map(CheckedField::name).collect();
    let mut found = Vec::new();
    for name in &names {
        let text = name.value();
        match known.iter().position(|known| *known == text) {
            None => refuse_field(name, &text, &known, diagnostics),
            Some(index) if fields[index].is_always_there() => diagnostics.report(
                Code::RuleType,
                name,
                format!("`{text}` is always there, so this rule says nothing"),
                "name fields that are optional, text or collections",
            ),
            Some(index) => found.push(index),
        }
    }
    Some(OneOf { fields: found, words })
}

fn refuse_field(at: impl ToTokens, name: &str, known: &[String], diagnostics: &mut Diagnostics) {
    let fix = nearest(name, known.iter().map(String::as_str)).map_or_else(
        || "name fields as they are called in Rust".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    diagnostics.report(Code::UnknownField, at, format!("there is no field `{name}`"), fix);
}

impl CheckedField {
    /// Its name in Rust.
    pub(super) fn name(&self) -> String {
        match &self.member {
            Member::Named(ident) => ident.unraw().to_string(),
            Member::Unnamed(index) => index.index.to_string(),
        }
    }

    fn is_always_there(&self) -> bool {
        let can_be_empty = self.shape.kind == Kind::Text || self.shape.kind.is_collection();
        !(can_be_empty || self.shape.is_optional() || self.shape.kind == Kind::Other)
    }
}
