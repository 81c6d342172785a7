//! Interfaces that the application supplies: traits with asynchronous methods.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{
    Emitted, Problems,
    context::Context,
    docs,
    generics::Generics,
    names,
    types::{self, Inexpressible, Ty},
};
use crate::{
    diagnostic::Place,
    model::{Item, Members, Property},
    type_expr::TypeExpr,
};

/// The trait of an interface.
pub(super) fn emit(
    cx: &Context<'_>,
    item: &Item,
    members: &Members,
    problems: &mut Problems,
) -> Option<Emitted> {
    let before = problems.len();
    let mut methods = Vec::new();
    for behaviour in behaviours(item, members, problems) {
        let path = format!("{}.{}()", item.name, behaviour.name);
        match method(cx, item, &behaviour) {
            Ok(tokens) => methods.push(tokens),
            Err(Inexpressible(what)) => problems.inexpressible(behaviour.place, &path, &what),
        }
    }
    for signature in members.constructors.iter().chain(&members.calls) {
        let what = format!("the signature of `{}`", signature.name);
        problems.inexpressible(&signature.place, &item.name, &what);
    }
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
    if problems.len() > before {
        return None;
    }
    let ident = names::ident(&item.rust);
    let generics = Generics::only(cx.traits(&item.name).platform).definition();
    let comment = docs::item(item, &[]);
    let alias = docs::alias(&item.name, &ident);
    let body = quote! {
        #comment
        #alias
        pub trait #ident #generics: Send + Sync + 'static {
            #(#getters)*
            #(#methods)*
        }
    };
    Some(Emitted { exports: vec![ident], body })
}

/// A method, or a property that holds a function.
struct Behaviour<'a> {
    name: &'a str,
    summary: &'a str,
    optional: bool,
    params: Vec<Property>,
    returns: &'a TypeExpr,
    place: &'a Place,
}

fn behaviours<'a>(
    item: &Item,
    members: &'a Members,
    problems: &mut Problems,
) -> Vec<Behaviour<'a>> {
    let mut all: Vec<Behaviour<'a>> = Vec::new();
    for method in &members.methods {
        if !method.type_params.is_empty() {
            let path = format!("{}.{}()", item.name, method.name);
            problems.inexpressible(&method.place, &path, "a generic method of an application");
            continue;
        }
        all.push(Behaviour {
            name: &method.name,
            summary: &method.summary,
            optional: method.optional,
            params: method.params.clone(),
            returns: &method.returns,
            place: &method.place,
        });
    }
    for property in &members.properties {
        let TypeExpr::Function(function) = &property.ty else { continue };
        let params = function.params.iter().map(|param| Property {
            optional: param.optional,
            rest: param.rest,
            ..Property::new(
                &param.name,
                param.ty.clone().unwrap_or(TypeExpr::Unknown),
                property.place.clone(),
            )
        });
        all.push(Behaviour {
            name: &property.name,
            summary: &property.summary,
            optional: property.optional,
            params: params.collect(),
            returns: &function.returns,
            place: &property.place,
        });
    }
    all.sort_by(|a, b| a.name.cmp(b.name));
    for pair in all.windows(2) {
        if let [first, second] = pair
            && first.name == second.name
        {
            let path = format!("{}.{}()", item.name, second.name);
            problems.inexpressible(second.place, &path, "an overloaded method of an application");
        }
    }
    all
}

fn method(
    cx: &Context<'_>,
    item: &Item,
    behaviour: &Behaviour<'_>,
) -> Result<TokenStream, Inexpressible> {
    let name = names::field(behaviour.name);
    let mut arguments = Vec::new();
    for param in &behaviour.params {
        let (name, ty) = (names::field(&param.name), argument(cx, param)?);
        arguments.push(quote!(#name: #ty));
    }
    let (result, failure) = result(cx, item, behaviour)?;
    let own = if behaviour.summary.is_empty() {
        format!("`{}` of the reference.", behaviour.name)
    } else {
        behaviour.summary.to_owned()
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
        return Ok(quote!(#comment #alias fn #name(&self #(, #arguments)*) -> #result;));
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
        fn #name(&self #(, #arguments)*) -> #result {
            #(#unused)*
            async move { Err(#missing) }
        }
    })
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
fn argument(cx: &Context<'_>, param: &Property) -> Result<TokenStream, Inexpressible> {
    let ty = types::of_property(cx, param)?;
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
    Ok(if may_be_absent { quote!(Option<#borrowed>) } else { borrowed })
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
    match behaviour.returns {
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
