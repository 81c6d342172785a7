//! Behaviour that the application supplies, interfaces and functions: traits with asynchronous
//! methods.

mod overloads;

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{
    Emitted, Problems,
    context::Context,
    docs,
    generics::{self, Generics},
    names,
    nested::Nested,
    types::{self, Inexpressible, Ty},
};
use crate::{
    diagnostic::Place,
    model::{Item, Members, Method, Property},
    type_expr::{FunctionType, TypeExpr, TypeParam},
};

/// The trait of an interface.
pub(super) fn emit(
    cx: &Context<'_>,
    item: &Item,
    members: &Members,
    problems: &mut Problems,
) -> Option<Emitted> {
    let before = problems.len();
    let behaviours = behaviours(item, members, problems);
    let (methods, nested) = methods(cx, item, &behaviours, problems);
    let mut getters = Vec::new();
    for property in &members.properties {
        if matches!(property.ty, TypeExpr::Function(_)) {
            continue;
        }
        match getter(cx, property) {
            Ok(tokens) => getters.push(tokens),
            Err(Inexpressible(what)) => {
                let path = format!("{}.{}", item.name, property.name);
                problems.inexpressible(&property.place, &path, &what);
            }
        }
    }
    getters.extend(methods);
    (problems.len() == before).then(|| definition(cx, item, &getters, nested))
}

/// The trait of an alias for a function type: one method.
pub(super) fn emit_function(
    cx: &Context<'_>,
    item: &Item,
    function: &FunctionType,
    problems: &mut Problems,
) -> Option<Emitted> {
    let before = problems.len();
    let name = if function.construct { CREATE } else { CALL };
    let behaviour = Behaviour {
        summary: "",
        optional: false,
        type_params: &function.type_params,
        ..of_function(name, function, &item.place)
    };
    let (methods, nested) = methods(cx, item, &[behaviour], problems);
    (problems.len() == before).then(|| definition(cx, item, &methods, nested))
}

/// What a signature without a name is called.
const CALL: &str = "call";
/// What a signature with `new` is called.
const CREATE: &str = "create";

fn definition(cx: &Context<'_>, item: &Item, members: &[TokenStream], nested: Nested) -> Emitted {
    let ident = names::ident(&item.rust);
    let generics = Generics::only(cx.traits(&item.name).platform).definition();
    let comment = docs::item(item, &[]);
    let alias = docs::alias(&item.name, &ident);
    let body = quote! {
        #comment
        #alias
        pub trait #ident #generics: Send + Sync + 'static {
            #(#members)*
        }
    };
    let mut emitted = Emitted { exports: vec![ident], body };
    nested.emit(&mut emitted);
    emitted
}

fn methods(
    cx: &Context<'_>,
    item: &Item,
    behaviours: &[Behaviour<'_>],
    problems: &mut Problems,
) -> (Vec<TokenStream>, Nested) {
    let (mut methods, mut nested) = (Vec::new(), Nested::default());
    for behaviour in behaviours {
        match method(cx, item, behaviour, &mut nested) {
            Ok(tokens) => methods.push(tokens),
            Err(Inexpressible(what)) => {
                let path = format!("{}.{}()", item.name, behaviour.name);
                problems.inexpressible(behaviour.place, &path, &what);
            }
        }
    }
    (methods, nested)
}

/// A method, a property that holds a function, or a signature without a name.
struct Behaviour<'a> {
    name: &'a str,
    summary: &'a str,
    optional: bool,
    type_params: &'a [TypeParam],
    params: Vec<Property>,
    returns: TypeExpr,
    place: &'a Place,
}

fn of_function<'a>(name: &'a str, function: &FunctionType, place: &'a Place) -> Behaviour<'a> {
    let params = function.params.iter().map(|param| Property {
        optional: param.optional,
        rest: param.rest,
        ..Property::new(&param.name, param.ty.clone().unwrap_or(TypeExpr::Unknown), place.clone())
    });
    Behaviour {
        name,
        summary: "",
        optional: false,
        type_params: &[],
        params: params.collect(),
        returns: function.returns.clone(),
        place,
    }
}

fn behaviours<'a>(
    item: &Item,
    members: &'a Members,
    problems: &mut Problems,
) -> Vec<Behaviour<'a>> {
    let mut all: Vec<Behaviour<'a>> = Vec::new();
    let mut named: BTreeMap<&'a str, Vec<&'a Method>> = BTreeMap::new();
    for method in &members.methods {
        named.entry(&method.name).or_default().push(method);
    }
    for (name, signatures) in [(CREATE, &members.constructors), (CALL, &members.calls)] {
        named.entry(name).or_default().extend(signatures);
    }
    for (name, overloads) in named {
        let Some(first) = overloads.first().copied() else { continue };
        match overloads::merged(&overloads) {
            Ok((params, returns)) => all.push(Behaviour {
                name,
                summary: &first.summary,
                optional: overloads.iter().all(|method| method.optional),
                type_params: &first.type_params,
                params,
                returns,
                place: &first.place,
            }),
            Err(Inexpressible(what)) => {
                problems.inexpressible(&first.place, &format!("{}.{name}()", item.name), &what);
            }
        }
    }
    for property in &members.properties {
        let TypeExpr::Function(function) = &property.ty else { continue };
        all.push(Behaviour {
            summary: &property.summary,
            optional: property.optional,
            type_params: &function.type_params,
            ..of_function(&property.name, function, &property.place)
        });
    }
    all.sort_by(|a, b| a.name.cmp(b.name));
    all
}

fn method(
    cx: &Context<'_>,
    item: &Item,
    behaviour: &Behaviour<'_>,
    nested: &mut Nested,
) -> Result<TokenStream, Inexpressible> {
    let name = names::field(behaviour.name);
    let mut arguments = Vec::new();
    for param in &behaviour.params {
        let path = format!("{}.{}({})", item.name, behaviour.name, param.name);
        let owner = if behaviour.name == CREATE { "" } else { behaviour.name };
        let rust = format!("{}{}{}", item.rust, names::pascal(owner), names::pascal(&param.name));
        let ty = argument(param, nested.ty(cx, &rust, &path, param)?);
        let name = names::field(&param.name);
        arguments.push(quote!(#name: #ty));
    }
    let generics = method_generics(cx, item, behaviour)?;
    let (result, failure) = result(cx, item, behaviour)?;
    let own = match (behaviour.summary, behaviour.name) {
        ("", CREATE) => "Constructs one, as `new` does in the reference.".to_owned(),
        ("", CALL) => "Calls the function.".to_owned(),
        ("", name) => format!("`{name}` of the reference."),
        (summary, _) => summary.to_owned(),
    };
    let errors = failure
        .as_ref()
        .map(|_| match &item.error {
            Some(error) => format!(
                "# Errors\nA [`{error}`](credwire_core::{error}) that says whether asking again can help."
            ),
            None => "# Errors\nWhatever keeps the implementation from it.".to_owned(),
        })
        .unwrap_or_default();
    let alias = docs::alias(behaviour.name, &name);
    if !behaviour.optional {
        let comment = docs::comment(&[own, errors]);
        return Ok(quote!(#comment #alias fn #name #generics(&self #(, #arguments)*) -> #result;));
    }
    let Some(failure) = failure else {
        return Err(Inexpressible("an optional method that cannot fail".to_owned()));
    };
    let snake = names::snake(behaviour.name);
    let can = format_ident!("can_{snake}");
    let missing = if item.error.is_some() {
        let missing = format_ident!("{snake}_not_provided");
        quote!(#failure::#missing())
    } else {
        let text = format!("{} is not provided", behaviour.name);
        quote!(#text.into())
    };
    let comment = docs::comment(&[
        own,
        format!("Optional: whoever provides it overrides [`{can}`](Self::{can}) as well."),
        errors,
    ]);
    let can_comment = docs::comment(&[format!(
        "Whether [`{snake}`](Self::{name}) is provided; it is not by default."
    )]);
    let unused = behaviour.params.iter().map(|param| {
        let name = names::field(&param.name);
        quote!(let _ = #name;)
    });
    Ok(quote! {
        #can_comment
        fn #can(&self) -> bool {
            false
        }
        #comment
        #alias
        fn #name #generics(&self #(, #arguments)*) -> #result {
            #(#unused)*
            async move { Err(#missing) }
        }
    })
}

/// What a caller may choose the type of is read from the wire.
fn method_generics(
    cx: &Context<'_>,
    item: &Item,
    behaviour: &Behaviour<'_>,
) -> Result<TokenStream, Inexpressible> {
    let mut idents = Vec::new();
    for param in behaviour.type_params {
        let ident = generics::ident(&param.name);
        let is_platform = cx.traits(&item.name).platform && ident == generics::platform();
        if is_platform || idents.contains(&ident) {
            return Err(Inexpressible(format!("two type parameters named `{ident}`")));
        }
        idents.push(ident);
    }
    if idents.is_empty() {
        return Ok(TokenStream::new());
    }
    Ok(quote!(<#(#idents: serde::de::DeserializeOwned + Send),*>))
}

/// A data member of the behaviour.
fn getter(cx: &Context<'_>, property: &Property) -> Result<TokenStream, Inexpressible> {
    let name = names::field(&property.name);
    let ty = types::of_property(cx, property)?;
    let ty = match &ty {
        Ty::Handle(_) => quote!(&#ty),
        _ => quote!(#ty),
    };
    let ty = if property.optional || property.nullable { quote!(Option<#ty>) } else { ty };
    let comment = docs::comment(&docs::member(property, "Member"));
    let alias = docs::alias(&property.name, &name);
    Ok(quote!(#comment #alias fn #name(&self) -> #ty;))
}

/// What a method takes: data by reference, small values as they are.
fn argument(param: &Property, ty: Ty) -> TokenStream {
    let borrowed = match &ty {
        Ty::Text => quote!(&str),
        Ty::List(item) => quote!(&[#item]),
        Ty::Named { traits, .. } if traits.copy => quote!(#ty),
        Ty::Named { .. }
        | Ty::Handle(_)
        | Ty::Param(_)
        | Ty::Dict(_)
        | Ty::JsonObject
        | Ty::Json
        | Ty::Secret => quote!(&#ty),
        _ => quote!(#ty),
    };
    // Data whose members may all be absent says the same as its own absence.
    let stands_for_absence = matches!(&ty, Ty::Named { traits, .. } if traits.default);
    let may_be_absent = (param.optional || param.nullable) && !stands_for_absence;
    if may_be_absent { quote!(Option<#borrowed>) } else { borrowed }
}

/// The result type, and the error when it may fail.
fn result(
    cx: &Context<'_>,
    item: &Item,
    behaviour: &Behaviour<'_>,
) -> Result<(TokenStream, Option<TokenStream>), Inexpressible> {
    let value = |ty: &TypeExpr| -> Result<TokenStream, Inexpressible> {
        if matches!(ty, TypeExpr::Void | TypeExpr::Undefined) {
            return Ok(quote!(()));
        }
        let (ty, absent) = without_absence(ty);
        let ty = types::of_type(cx, &ty, None)?;
        Ok(if absent { quote!(Option<#ty>) } else { quote!(#ty) })
    };
    match &behaviour.returns {
        TypeExpr::Ref { name, args } if name == "Promise" => {
            let [promised] = args.as_slice() else {
                return Err(Inexpressible(format!("type `{}`", behaviour.returns)));
            };
            let value = value(promised)?;
            let failure = match &item.error {
                Some(error) => {
                    let error = names::ident(error);
                    quote!(credwire_core::#error)
                }
                None => quote!(Box<dyn std::error::Error + Send + Sync>),
            };
            let result = quote!(impl Future<Output = Result<#value, #failure>> + Send);
            Ok((result, Some(failure)))
        }
        returns => Ok((value(returns)?, None)),
    }
}

/// `T` of `T | null` and `T | undefined`.
fn without_absence(ty: &TypeExpr) -> (TypeExpr, bool) {
    let TypeExpr::Union(parts) = ty else { return (ty.clone(), false) };
    let mut rest: Vec<TypeExpr> = parts.clone();
    rest.retain(|part| !matches!(part, TypeExpr::Null | TypeExpr::Undefined));
    let absent = rest.len() < parts.len();
    match rest.pop() {
        Some(only) if rest.is_empty() => (only, absent),
        Some(last) => {
            rest.push(last);
            (TypeExpr::Union(rest), absent)
        }
        None => (ty.clone(), false),
    }
}
