//! Checks of a struct that derives `Validate`. What passes is a [`CheckedStruct`].

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{
    Attribute, Data, DeriveInput, Field, Fields, Generics, Ident, LitStr, Member, Token, Type,
    ext::IdentExt, parse::Parser, punctuated::Punctuated,
};

use super::{
    rule::{self, Rule},
    serde_names::{Renaming, is_flat},
};
use crate::{
    args::{Arg, Args, Value},
    crate_path::CratePath,
    diagnostic::{Code, Diagnostics},
    shape::Shape,
};
use credwire_schema::suggest::nearest;

/// A struct that can be expanded.
pub(super) struct CheckedStruct {
    pub(super) krate: CratePath,
    pub(super) ident: Ident,
    pub(super) generics: Generics,
    pub(super) fields: Vec<CheckedField>,
    /// Fields of which at least one must be there, by index.
    pub(super) one_of: Vec<Vec<usize>>,
}

/// A field and what it must fulfil.
pub(super) struct CheckedField {
    pub(super) cfgs: Vec<Attribute>,
    pub(super) member: Member,
    /// Its JSON pointer segment; none when its value stands for the whole struct's.
    pub(super) segment: Option<String>,
    pub(super) ty: Type,
    pub(super) shape: Shape,
    pub(super) rules: Vec<Rule>,
}

/// Checks the struct and every rule on it.
pub(super) fn check(input: DeriveInput, diagnostics: &mut Diagnostics) -> CheckedStruct {
    let mut args = Args::gather("validate", "`validate`", &input.attrs, diagnostics);
    let krate = args.crate_path(diagnostics);
    let lists = args.take_all("at_least_one_of");
    args.finish(diagnostics);

    let renaming = Renaming::of(&input.attrs);
    let fields = fields(&input.data, diagnostics)
        .into_iter()
        .flat_map(|fields| {
            // serde writes a struct of one unnamed field as that field alone.
            let is_newtype = matches!(fields, Fields::Unnamed(_)) && fields.len() == 1;
            let checked = move |(index, field)| (index, field, is_newtype);
            fields.iter().enumerate().map(checked)
        })
        .map(|(index, field, is_newtype)| {
            let segment = match &field.ident {
                _ if is_newtype || is_flat(&field.attrs) => None,
                Some(ident) => Some(renaming.wire(&field.attrs, ident)),
                None => Some(index.to_string()),
            };
            check_field(index, field, segment, diagnostics)
        })
        .collect::<Vec<_>>();
    let one_of = lists
        .iter()
        .filter_map(|list| match &list.value {
            Value::List(names) => one_of(list, names.clone(), &fields, &krate, diagnostics),
            _ => {
                refuse_list(list, diagnostics);
                None
            }
        })
        .collect();
    CheckedStruct { krate, ident: input.ident, generics: input.generics, fields, one_of }
}

/// The fields of a struct; anything else is refused.
fn fields<'a>(data: &'a Data, diagnostics: &mut Diagnostics) -> Option<&'a Fields> {
    let keyword = match data {
        Data::Struct(data) => return Some(&data.fields),
        Data::Enum(data) => data.enum_token.to_token_stream(),
        Data::Union(data) => data.union_token.to_token_stream(),
    };
    diagnostics.report(
        Code::UnsupportedItem,
        &keyword,
        format!("`Validate` cannot be derived for `{keyword}`"),
        "derive it for structs; for other types implement `Validate::check`",
    );
    None
}

fn check_field(
    index: usize,
    field: &Field,
    segment: Option<String>,
    diagnostics: &mut Diagnostics,
) -> CheckedField {
    let shape = Shape::of(&field.ty);
    let mut args = Args::gather("validate", "`validate` on a field", &field.attrs, diagnostics);
    let rules = rule::take(&mut args, &shape, diagnostics);
    args.finish(diagnostics);
    CheckedField {
        cfgs: field.attrs.iter().filter(|attr| attr.path().is_ident("cfg")).cloned().collect(),
        member: field.ident.clone().map_or(Member::from(index), Member::Named),
        segment,
        ty: field.ty.clone(),
        shape,
        rules,
    }
}

/// The fields that `at_least_one_of("a", "b")` names.
fn one_of(
    list: &Arg,
    names: TokenStream,
    fields: &[CheckedField],
    krate: &CratePath,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<usize>> {
    let parsed = Punctuated::<LitStr, Token![,]>::parse_terminated.parse2(names);
    let Some(names) = parsed.ok().filter(|names| names.len() > 1) else {
        refuse_list(list, diagnostics);
        return None;
    };
    let known: Vec<String> = fields.iter().map(CheckedField::name).collect();
    let mut found = Vec::new();
    for name in &names {
        let text = name.value();
        match known.iter().position(|known| *known == text) {
            None => {
                let fix = nearest(&text, known.iter().map(String::as_str)).map_or_else(
                    || "name fields as they are called in Rust".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                let fact = format!("the struct has no field `{text}`");
                diagnostics.report(Code::UnknownField, name, fact, fix);
            }
            Some(index) if fields[index].shape.present(krate).is_none() => diagnostics.report(
                Code::RuleType,
                name,
                format!("`{text}` is always there, so this rule says nothing"),
                "name fields that are optional, text or collections",
            ),
            Some(index) => found.push(index),
        }
    }
    Some(found)
}

fn refuse_list(list: &Arg, diagnostics: &mut Diagnostics) {
    diagnostics.report(
        Code::InvalidArgument,
        list,
        "`at_least_one_of` takes the names of two fields or more",
        "write `at_least_one_of(\"a\", \"b\")`",
    );
}

impl CheckedField {
    /// Its name in Rust.
    pub(super) fn name(&self) -> String {
        match &self.member {
            Member::Named(ident) => ident.unraw().to_string(),
            Member::Unnamed(index) => index.index.to_string(),
        }
    }
}
