//! The checked model of a struct: whatever gets here can be emitted.

use std::collections::BTreeMap;

use credwire_schema::{
    link,
    model::{Format, Item, LocalMember, LocalType, Members, Origin, Property, Role, Rule, Schema},
    type_expr::TypeExpr,
};
use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use crate::{
    context::Context,
    docs,
    emit::Problems,
    generics::Generics,
    names,
    nested::Nested,
    shape,
    ty::{Inexpressible, Traits, Ty},
    types,
};

/// The structs of one interface, outermost first, and its other types.
pub(crate) struct Plan {
    pub(crate) records: Vec<Record>,
    pub(crate) nested: Nested,
}

/// One struct.
pub(crate) struct Record {
    pub(super) ident: Ident,
    pub(super) comment: TokenStream,
    pub(super) alias: TokenStream,
    pub(super) generics: Generics,
    pub(super) fields: Vec<Field>,
    /// The type of the members that have no names in the source, and what holds them.
    pub(super) rest: Option<(Ident, Ty)>,
    /// Members that are in the struct and not on the wire.
    pub(super) local: Vec<Local>,
    /// Members with one possible value: on the wire, not in the struct.
    pub(super) constants: Vec<Constant>,
    /// Members that must not be on the wire.
    pub(super) absent: Vec<String>,
    pub(super) one_of: Vec<Vec<String>>,
    /// The members in the order of the wire, where the order is known.
    pub(super) order: Option<Vec<String>>,
    pub(super) traits: Traits,
}

pub(super) struct Field {
    pub(super) ident: Ident,
    pub(super) wire: String,
    pub(super) ty: Ty,
    pub(super) presence: Presence,
    pub(super) docs: Vec<String>,
    pub(super) checks: Vec<Check>,
    pub(super) format: Option<Format>,
    pub(super) default: Option<serde_json::Value>,
}

pub(super) struct Local {
    pub(super) ident: Ident,
    pub(super) ty: TokenStream,
    pub(super) docs: Vec<String>,
}

impl Local {
    fn of(member: &LocalMember) -> Self {
        Self {
            ident: names::ident(&member.name),
            ty: match member.ty {
                LocalType::Duration => quote!(std::time::Duration),
            },
            docs: vec![
                member.summary.clone(),
                "Local member; optional; neither read from the wire nor written to it.".to_owned(),
            ],
        }
    }
}

pub(super) struct Constant {
    pub(super) wire: String,
    pub(super) value: String,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Presence {
    Required,
    Optional,
    Nullable,
    OptionalNullable,
}

pub(super) enum Check {
    JwkThumbprint,
    Range(f64, f64),
    /// The rules of its own type.
    Nested,
}

impl Field {
    /// The type of the struct's field.
    pub(super) fn stored(&self) -> TokenStream {
        let ty = &self.ty;
        self.with(&quote!(#ty))
    }

    /// `ty` as far as the field may be absent or null.
    pub(super) fn with(&self, ty: &TokenStream) -> TokenStream {
        match self.presence {
            Presence::Required => quote!(#ty),
            Presence::Optional | Presence::Nullable => quote!(Option<#ty>),
            Presence::OptionalNullable => quote!(Option<Option<#ty>>),
        }
    }

    /// Whether a constructor can leave the field out.
    pub(super) fn may_be_left_out(&self) -> bool {
        self.presence != Presence::Required
    }
}

impl Record {
    /// The local members of a value that has none of them.
    pub(super) fn absent_local(&self) -> impl Iterator<Item = TokenStream> {
        let marker = self.marker().map(|_| quote!(_marker: std::marker::PhantomData));
        self.local.iter().map(|Local { ident, .. }| quote!(#ident: None)).chain(marker)
    }

    /// What names the platform where no member does; the value can be sent wherever one is.
    pub(super) fn marker(&self) -> Option<TokenStream> {
        let rest = self.rest.iter().map(|(_, ty)| ty);
        let used =
            self.fields.iter().map(|field| &field.ty).chain(rest).any(|ty| ty.traits().platform);
        let platform = names::platform();
        (self.traits.platform && !used).then(|| quote!(std::marker::PhantomData<fn() -> #platform>))
    }
}

impl Plan {
    /// The plan of an interface's data; problems are reported, and then there is none.
    pub(crate) fn new(
        cx: &Context<'_>,
        item: &Item,
        members: &Members,
        problems: &mut Problems,
    ) -> Option<Self> {
        let before = problems.len();
        let generics = Generics::new(cx, &item.type_params, cx.traits(&item.name));
        let generics = problems.expressed(&item.place, &item.name, generics)?;
        if !generics.is_empty() && cx.traits(&item.name).secret {
            problems.generic_secrets = true;
            problems.inexpressible(&item.place, &item.name, "a generic type with secrets");
            return None;
        }
        let rules = item.rules.iter().map(|Rule::AtLeastOneOf(names)| names.clone()).collect();
        let mut builder =
            Builder { cx, item, problems, records: Vec::new(), nested_types: Nested::default() };
        let properties = inherited(cx.schema, item, members);
        let head = Head {
            rest: members.index.first().map(|index| index.value.clone()),
            rust: item.rust.clone(),
            path: item.name.clone(),
            comment: docs::item(item, &[]),
            alias: docs::alias(&item.name, &names::ident(&item.rust)),
            generics,
            local: item.local.iter().map(Local::of).collect(),
            one_of: rules,
        };
        let record = builder.record(head, &properties);
        builder.records.push(record);
        let Builder { mut records, nested_types, .. } = builder;
        // Built from the inside out.
        records.reverse();
        (problems.len() == before).then_some(Self { records, nested: nested_types })
    }

    /// The plan of the object type of `property`, as a struct called `rust`, and its type.
    pub(crate) fn inline(
        cx: &Context<'_>,
        item: &Item,
        rust: &str,
        path: &str,
        property: &Property,
        problems: &mut Problems,
    ) -> Option<(Self, Ty)> {
        let before = problems.len();
        let mut builder =
            Builder { cx, item, problems, records: Vec::new(), nested_types: Nested::default() };
        let ty = builder.ty(rust, path, property).ok()?;
        let Builder { mut records, nested_types, .. } = builder;
        records.reverse();
        (problems.len() == before).then_some((Self { records, nested: nested_types }, ty))
    }
}

/// The interface's own properties and those of its bases, own ones first in line.
fn inherited(schema: &Schema, item: &Item, members: &Members) -> Vec<Property> {
    let mut all = members.properties.clone();
    for base in &item.extends {
        let TypeExpr::Ref { name, .. } = base else { continue };
        let Some(base) = schema.items.get(name) else { continue };
        let Some(members) = link::members(base) else { continue };
        for property in inherited(schema, base, members) {
            if all.iter().all(|own| own.name != property.name) {
                all.push(property);
            }
        }
    }
    if item.origin != Origin::Wire {
        all.sort_by(|a, b| a.name.cmp(&b.name));
    }
    all
}

struct Builder<'a, 'b> {
    cx: &'a Context<'a>,
    item: &'a Item,
    problems: &'b mut Problems,
    records: Vec<Record>,
    nested_types: Nested,
}

/// What a struct has besides its members.
struct Head {
    rust: String,
    /// The documented path, for diagnostics.
    path: String,
    comment: TokenStream,
    alias: TokenStream,
    generics: Generics,
    local: Vec<Local>,
    /// The type of the members that an index signature allows.
    rest: Option<TypeExpr>,
    one_of: Vec<Vec<String>>,
}

impl Builder<'_, '_> {
    fn record(&mut self, head: Head, properties: &[Property]) -> Record {
        let mut traits = self.cx.of_fields(properties);
        traits.default &= head.one_of.is_empty();
        traits.checked |= !head.one_of.is_empty();
        let mut record = Record {
            ident: names::ident(&head.rust),
            comment: head.comment,
            alias: head.alias,
            generics: head.generics,
            fields: Vec::new(),
            rest: None,
            local: head.local,
            constants: Vec::new(),
            absent: Vec::new(),
            one_of: head.one_of,
            order: (self.item.origin == Origin::Wire)
                .then(|| properties.iter().map(|property| property.name.clone()).collect()),
            traits,
        };
        // The documented names of the members, by their names in Rust.
        let mut known: BTreeMap<Ident, String> = BTreeMap::new();
        for property in properties {
            match &property.ty {
                TypeExpr::Never | TypeExpr::Undefined => record.absent.push(property.name.clone()),
                TypeExpr::Literal(value) if !property.optional && !property.nullable => {
                    record
                        .constants
                        .push(Constant { wire: property.name.clone(), value: value.clone() });
                }
                _ => {
                    let mut field = self.field(&head.rust, &head.path, property);
                    let path = format!("{}.{}", head.path, property.name);
                    field.ident =
                        self.problems.distinct(&property.place, &path, field.ident, &|ident| {
                            known.get(ident).cloned()
                        });
                    known.insert(field.ident.clone(), field.wire.clone());
                    record.fields.push(field);
                }
            }
        }
        if let Some(rest) = head.rest {
            let path = format!("{}.[key]", head.path);
            let ty = types::of_type(self.cx, &rest, None);
            let ty = self.problems.or_json(&self.item.place, &path, ty);
            let mut name = names::ident("rest");
            while record.fields.iter().any(|field| field.ident == name) {
                name = names::ident(&format!("{name}_"));
            }
            record.traits = record.traits.and(Traits {
                default: record.traits.default,
                object: record.traits.object,
                ..ty.traits()
            });
            record.rest = Some((name, ty));
        }
        record
    }

    fn field(&mut self, owner: &str, path: &str, property: &Property) -> Field {
        let path = format!("{path}.{}", property.name);
        let nested = names::inner(owner, &property.name);
        let ty = self.ty(&nested, &path, property);
        let ty = types::held(self.cx, self.problems.or_json(&property.place, &path, ty));
        if property.secret && !ty.traits().secret {
            let how =
                format!("is marked as a secret and can be seen: `{}` is not sealed", property.ty);
            self.problems.simplify(&property.place, &path, &how);
        }
        let mut checks = Vec::new();
        if property.format == Some(Format::JwkThumbprint) && matches!(ty, Ty::Text | Ty::Secret) {
            checks.push(Check::JwkThumbprint);
        }
        if let (Some((least, greatest)), true) = (property.range, ty.is_number()) {
            checks.push(Check::Range(least, greatest));
        }
        if ty.holds_rules() {
            checks.push(Check::Nested);
        }
        let what =
            if self.cx.role(self.item) == Some(Role::WireData) { "Wire member" } else { "Member" };
        Field {
            ident: names::member(&property.name),
            wire: property.name.clone(),
            ty,
            presence: match (property.optional, property.nullable) {
                (false, false) => Presence::Required,
                (true, false) => Presence::Optional,
                (false, true) => Presence::Nullable,
                (true, true) => Presence::OptionalNullable,
            },
            docs: docs::member(property, what),
            checks,
            format: property.format,
            default: property.default.clone(),
        }
    }

    /// The type of a property; inline objects and unions become types named after their path.
    fn ty(&mut self, nested: &str, path: &str, property: &Property) -> Result<Ty, Inexpressible> {
        if !property.fields.is_empty() {
            return Ok(self.nested(nested, path, property.fields.clone()));
        }
        match &property.ty {
            TypeExpr::Inline(inline) => {
                let fields = inline.iter().map(|field| {
                    let place = property.place.clone();
                    shape::in_place(&field.name, field.ty.clone(), field.optional, place)
                });
                Ok(self.nested(nested, path, fields.collect()))
            }
            _ => self.nested_types.ty(self.cx, nested, path, property),
        }
    }

    fn nested(&mut self, rust: &str, path: &str, mut fields: Vec<Property>) -> Ty {
        if self.item.origin != Origin::Wire {
            fields.sort_by(|a, b| a.name.cmp(&b.name));
        }
        let rust = &self.cx.in_place(rust);
        let item = &self.item.name;
        let comment =
            format!("The `{}` of `{item}`.", path.trim_start_matches(&format!("{item}.")));
        let head = Head {
            rust: rust.clone(),
            path: path.to_owned(),
            comment: docs::comment(&[comment]),
            alias: TokenStream::new(),
            generics: Generics::only(self.cx.of_fields(&fields)),
            rest: None,
            local: Vec::new(),
            one_of: Vec::new(),
        };
        let mut record = self.record(head, &fields);
        let traits = self.cx.of_fields(&fields);
        // Over what became of its members, which may mention fewer parameters than the page.
        let mut params = Vec::new();
        record.fields.iter().for_each(|field| field.ty.params(&mut params));
        params.retain(|param| *param != names::platform());
        let platform = traits.platform.then(names::platform).into_iter();
        let args = platform.chain(params.iter().cloned()).map(Ty::Param).collect();
        record.generics = Generics::over(traits, params);
        self.records.push(record);
        Ty::Named { ident: names::ident(rust), args, traits }
    }
}
