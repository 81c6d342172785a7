//! Objects of the SDK, classes and interfaces alike: traits over an SDK, with a getter for each
//! value, a stream for each observable, and asynchronous methods.

mod comments;
mod members;
mod writer;

use std::collections::BTreeMap;

use credwire_schema::{
    model::{Item, Method, Shape},
    type_expr::TypeExpr,
};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;

use self::{
    members::{Kind, Member},
    writer::Writer,
};
use crate::{
    context::Context,
    docs,
    emit::{Emitted, Problems},
    generics::{self, Generics},
    names, signature,
};

/// How deep bases may have bases; the linker refuses cycles.
const MAX_DEPTH: usize = 16;

/// The trait of an object.
pub(crate) fn emit(cx: &Context<'_>, item: &Item, problems: &mut Problems) -> Option<Emitted> {
    let before = problems.len();
    let params = type_params(item);
    let bases = Bases::of(cx, item);
    let provided = bases.provided(cx);
    let sdk = format_ident!("S");
    let mut writer = Writer::new(cx, item, sdk, problems);
    let mut taken: BTreeMap<Ident, Member<'_>> = BTreeMap::new();
    let mut numbers = names::Numbers::default();
    let mut repeated = Repeated::default();
    let (mut methods, mut clashes) = (Vec::new(), Vec::new());
    for member in own(cx, item, &bases) {
        if let Some((base, known)) = provided.get(&member.rust) {
            repeated.add(base, known, &member);
            continue;
        }
        let member = distinct(member, &taken, &mut numbers, &mut clashes);
        let receiver =
            if matches!(member.kind, Kind::New(_)) { TokenStream::new() } else { quote!(&self) };
        methods.extend(writer.method(&member, &receiver));
        taken.insert(member.rust.clone(), member);
    }
    let mut emitted = writer.finish();
    for (member, other) in &clashes {
        let how = format!("is numbered: `{other}` is the same in Rust");
        let path = format!("{}.{}", item.name, member.documented);
        problems.simplify(member.place, &path, &how);
    }
    if problems.len() > before {
        return None;
    }
    let ident = names::ident(&item.rust);
    let mut more = bases.sentence();
    more.extend(repeated.sentences());
    let comment = docs::item(item, &more);
    let alias = docs::alias(&item.name, &ident);
    let named = named_like_conversions(taken.keys());
    let mut supertraits = bases.supertraits;
    if supertraits.is_empty() {
        supertraits.extend([quote!(Send), quote!(Sync), quote!('static)]);
    }
    let complex = signature::complex(&methods);
    let definition = quote! {
        #comment
        #alias
        #named
        #complex
        pub trait #ident<S: crate::SdkTypes #(, #params)*>: #(#supertraits)+* {
            #(#methods)*
        }
    };
    emitted.exports.insert(0, ident);
    emitted.body = [definition, emitted.body].into_iter().collect();
    Some(emitted)
}

/// A member that has the Rust name of another one is numbered from 2.
fn distinct<'a>(
    mut member: Member<'a>,
    taken: &BTreeMap<Ident, Member<'a>>,
    numbers: &mut names::Numbers,
    clashes: &mut Vec<(Member<'a>, String)>,
) -> Member<'a> {
    if let Some(other) = taken.get(&member.rust) {
        clashes.push((member.clone(), other.documented.to_owned()));
        member.rust = numbers.free(&member.rust, &|name| taken.contains_key(name));
    }
    member
}

/// The type parameters of a trait beside the SDK.
fn type_params(item: &Item) -> Vec<TokenStream> {
    let bound = generics::data_bound();
    let params = item.type_params.iter().map(|param| names::type_param(&param.name));
    params.map(|param| quote!(#param: #bound)).collect()
}

/// `fromName` is no conversion.
fn named_like_conversions<'a>(mut names: impl Iterator<Item = &'a Ident>) -> TokenStream {
    let conventional = ["from_", "into_"];
    let is_conventional = |name: &Ident| {
        let name = name.to_string();
        conventional.iter().any(|prefix| name.starts_with(prefix))
    };
    if names.any(is_conventional) {
        quote!(#[allow(clippy::wrong_self_convention, reason = "the reference names them")])
    } else {
        TokenStream::new()
    }
}

/// What an item extends and implements.
struct Bases<'a> {
    /// Behaviour that has a trait.
    traits: Vec<&'a Item>,
    supertraits: Vec<TokenStream>,
    /// Data: its members become the item's own.
    data: Vec<&'a Item>,
    /// What has no page.
    unknown: Vec<&'a str>,
}

impl<'a> Bases<'a> {
    fn of(cx: &Context<'a>, item: &'a Item) -> Self {
        let mut bases = Self {
            traits: Vec::new(),
            supertraits: Vec::new(),
            data: Vec::new(),
            unknown: Vec::new(),
        };
        for base in item.extends.iter().chain(&item.implements) {
            let TypeExpr::Ref { name, .. } = base else { continue };
            let is_left_out = cx.left_out.contains(name.as_str());
            let Some(base) = cx.schema.items.get(name).filter(|_| !is_left_out) else {
                bases.unknown.push(name);
                continue;
            };
            let ident = names::ident(&base.rust);
            // What is true of objects makes them generic as well.
            let generic = Generics::only(cx.traits(name)).of_sdk();
            if !base.type_params.is_empty() {
                // What it has for these arguments the item states itself.
                bases.unknown.push(name);
            } else if cx.is_brought(base) {
                bases.supertraits.push(quote!(crate::#ident #generic));
                bases.traits.push(base);
            } else {
                bases.data.push(base);
            }
        }
        bases.unknown.sort_unstable();
        bases
    }

    /// The methods of the supertraits and of theirs, by name.
    fn provided(&self, cx: &Context<'a>) -> BTreeMap<Ident, (&'a str, Member<'a>)> {
        let mut all = BTreeMap::new();
        for base in &self.traits {
            collect(cx, base, MAX_DEPTH, &mut all);
        }
        all
    }

    fn sentence(&self) -> Vec<String> {
        let names: Vec<String> = self.unknown.iter().map(|name| format!("`{name}`")).collect();
        match names.as_slice() {
            [] => Vec::new(),
            [name] => vec![format!("It is a {name} as well, which has no page of its own.")],
            names => vec![format!(
                "It is a {} as well, which have no page of their own.",
                names.join(" and a ")
            )],
        }
    }
}

fn collect<'a>(
    cx: &Context<'a>,
    item: &'a Item,
    depth: usize,
    all: &mut BTreeMap<Ident, (&'a str, Member<'a>)>,
) {
    let bases = Bases::of(cx, item);
    // The base of a base has the method where both have it.
    if depth > 0 {
        for base in &bases.traits {
            collect(cx, base, depth - 1, all);
        }
    }
    for member in own(cx, item, &bases) {
        if !matches!(member.kind, Kind::New(_)) {
            all.entry(member.rust.clone()).or_insert((&item.name, member));
        }
    }
}

/// An item's members and those of its bases that are data.
fn own<'a>(cx: &Context<'a>, item: &'a Item, bases: &Bases<'a>) -> Vec<Member<'a>> {
    let mut all = members::of(item);
    for base in &bases.data {
        for mut member in own(cx, base, &Bases::of(cx, base)) {
            if all.iter().all(|known| known.rust != member.rust) {
                member.inherited_from.get_or_insert(&base.name);
                all.push(member);
            }
        }
    }
    all
}

/// Members that a supertrait has already, so that callers have one method of the name.
#[derive(Default)]
struct Repeated {
    unlike: Vec<String>,
    provided: Vec<String>,
    unimplemented: Vec<String>,
}

impl Repeated {
    fn add(&mut self, base: &str, known: &Member<'_>, own: &Member<'_>) {
        let shown = format!("`{}`", own.documented);
        if own.unimplemented && !known.unimplemented {
            self.unimplemented.push(shown.clone());
        }
        let is_optional = |kind: &Kind<'_>| matches!(kind, Kind::Call { optional: true, .. });
        if is_optional(&known.kind) && !is_optional(&own.kind) {
            self.provided.push(shown);
        } else if !known.kind.is_like(&own.kind) {
            self.unlike.push(format!("{shown} of `{base}`"));
        }
    }

    fn sentences(&self) -> Vec<String> {
        let sentence = |names: &[String], what: &str| match names {
            [] => String::new(),
            names => format!("{what} {}.", names.join(", ")),
        };
        vec![
            sentence(&self.provided, "Provided here, though optional there:"),
            sentence(&self.unlike, "The reference narrows the types of"),
            sentence(&self.unimplemented, "Not implemented; the reference says that it fails:"),
        ]
    }
}

/// The members of `Sdk` that a function of the reference becomes, one for each overload that is
/// unlike the others.
pub(crate) fn emit_function(
    cx: &Context<'_>,
    item: &Item,
    signatures: &[Method],
    problems: &mut Problems,
) -> Option<Emitted> {
    let before = problems.len();
    let overloads: Vec<&Method> = signatures.iter().collect();
    let mut writer = Writer::new(cx, item, format_ident!("Self"), problems);
    let mut sdk = Vec::new();
    for mut member in members::of_methods(&item.name, &item.rust, &overloads) {
        if member.summary.is_empty() {
            member.summary = &item.summary;
        }
        member.rust = to_narrowed(&member);
        if let Some(tokens) = writer.method(&member, &TokenStream::new()) {
            sdk.push((member.rust, tokens));
        }
    }
    let emitted = Emitted { sdk, ..writer.finish() };
    (problems.len() == before).then_some(emitted)
}

/// The member of `Sdk` that a constant becomes whose value only an SDK knows.
pub(crate) fn emit_variable(
    cx: &Context<'_>,
    item: &Item,
    ty: &TypeExpr,
    problems: &mut Problems,
) -> Option<Emitted> {
    let mut writer = Writer::new(cx, item, format_ident!("Self"), problems);
    let member = members::of_variable(item, ty);
    let tokens = writer.method(&member, &TokenStream::new())?;
    Some(Emitted { sdk: vec![(member.rust, tokens)], ..writer.finish() })
}

/// A type predicate gives what it narrows to: `isX` is `to_x`.
fn to_narrowed(member: &Member<'_>) -> Ident {
    match (&member.kind, member.rust.to_string().strip_prefix("is_")) {
        (Kind::Call { returns: TypeExpr::Predicate { .. }, .. }, Some(narrowed)) => {
            names::ident(&format!("to_{narrowed}"))
        }
        _ => member.rust.clone(),
    }
}

/// The types that an item's signatures mention, bases apart.
pub(crate) fn mentions(cx: &Context<'_>, item: &Item) -> Vec<TypeExpr> {
    let members = match &item.shape {
        Shape::Function { signatures } => {
            members::of_methods(&item.name, &item.rust, &signatures.iter().collect::<Vec<_>>())
        }
        Shape::Variable { ty, .. } => vec![members::of_variable(item, ty)],
        _ => own(cx, item, &Bases::of(cx, item)),
    };
    members.iter().flat_map(|member| member.kind.types()).cloned().collect()
}
