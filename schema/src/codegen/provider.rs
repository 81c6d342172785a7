//! Behaviour that the application supplies, interfaces and functions: traits with asynchronous
//! methods.

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
    overloads, signature,
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

/// What the compiler says of a type that does not implement the trait, where an attribute does.
fn unimplemented(item: &Item) -> Option<TokenStream> {
    let attribute = item.attribute.as_ref()?;
    let message = format!("`{{Self}}` does not implement `{}`", item.rust);
    let note = format!("put `#[{attribute}]` on the block `impl {{Self}}` that has its methods");
    Some(quote! {
        #[diagnostic::on_unimplemented(
            message = #message,
            label = "this implements no such trait",
            note = #note
        )]
    })
}

fn definition(cx: &Context<'_>, item: &Item, members: &[TokenStream], nested: Nested) -> Emitted {
    let ident = names::ident(&item.rust);
    let generics = Generics::only(cx.traits(&item.name)).definition();
    let comment = docs::item(item, &[]);
    let alias = docs::alias(&item.name, &ident);
    let unimplemented = unimplemented(item);
    let body = quote! {
        #comment
        #alias
        #unimplemented
        pub trait #ident #generics: Send + Sync + 'static {
            #(#members)*
        }
    };
    let mut emitted = Emitted::new(vec![ident], body);
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
        let ty = signature::argument(param, nested.ty(cx, &rust, &path, param)?);
        let name = names::field(&param.name);
        arguments.push(quote!(#name: #ty));
    }
    let platform = cx.traits(&item.name).platform.then(generics::platform);
    let generics = signature::generics(platform.as_ref(), behaviour.type_params)?;
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

/// A data member of the behaviour.
fn getter(cx: &Context<'_>, property: &Property) -> Result<TokenStream, Inexpressible> {
    let name = names::field(&property.name);
    let ty = types::of_property(cx, property)?;
    let ty = match &ty {
        Ty::Handle { .. } => quote!(&#ty),
        _ => quote!(#ty),
    };
    let ty = if property.optional || property.nullable { quote!(Option<#ty>) } else { ty };
    let comment = docs::comment(&docs::member(property, "Member"));
    let alias = docs::alias(&property.name, &name);
    Ok(quote!(#comment #alias fn #name(&self) -> #ty;))
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
        let (ty, absent) = signature::without_absence(ty);
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
