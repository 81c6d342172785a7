//! Behaviour that the application supplies, interfaces and functions: traits with asynchronous
//! methods.

mod dynamic;

use std::collections::{BTreeMap, BTreeSet};

use credwire_schema::{
    diagnostic::Place,
    model::{self, Item, Members, Property},
    type_expr::{FunctionType, TypeExpr, TypeParam},
};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Ident, ext::IdentExt as _};

use crate::{
    context::Context,
    docs,
    emit::{Emitted, Problems},
    generics::Generics,
    names, overloads, shape, signature,
    spelled_out::SpelledOut,
    ty::{Inexpressible, Ty},
};

/// The trait of an interface.
pub(crate) fn emit(
    cx: &Context<'_>,
    item: &Item,
    members: &Members,
    problems: &mut Problems,
) -> Option<Emitted> {
    let before = problems.len();
    let behaviours = behaviours(members);
    let mut spelled_out = SpelledOut::default();
    let mut all = Vec::new();
    for property in &members.properties {
        if matches!(property.ty, TypeExpr::Function(_)) {
            continue;
        }
        let path = format!("{}.{}", item.name, property.name);
        let getter = getter(cx, item, property, &mut spelled_out, problems);
        all.extend(problems.or_none(&property.place, &path, getter));
    }
    all.extend(methods(cx, item, &behaviours, &mut spelled_out, problems));
    distinct(item, &mut all, problems);
    let definition = definition(cx, item, &all, spelled_out);
    let definition = problems.expressed(&item.place, &item.name, definition);
    definition.filter(|_| problems.len() == before)
}

/// The trait of an alias for a function type: one method.
pub(crate) fn emit_function(
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
    let mut spelled_out = SpelledOut::default();
    let methods = methods(cx, item, &[behaviour], &mut spelled_out, problems);
    let definition = definition(cx, item, &methods, spelled_out);
    let definition = problems.expressed(&item.place, &item.name, definition);
    definition.filter(|_| problems.len() == before)
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

/// Methods that have one name in Rust: later ones are numbered from 2.
fn distinct(item: &Item, methods: &mut [Method], problems: &mut Problems) {
    let mut taken: BTreeSet<Ident> = BTreeSet::new();
    let mut numbers = names::Numbers::default();
    for method in methods {
        if taken.contains(&method.name) {
            let path = format!("{}.{}", item.name, method.name.unraw());
            let how = "is numbered: another one is the same in Rust";
            problems.simplify(&item.place, &path, how);
            method.name = numbers.free(&method.name, &|name| taken.contains(name));
        }
        taken.insert(method.name.clone());
    }
}

fn definition(
    cx: &Context<'_>,
    item: &Item,
    methods: &[Method],
    spelled_out: SpelledOut,
) -> Result<Emitted, Inexpressible> {
    let ident = names::ident(&item.rust);
    let generics = Generics::of_trait(cx, &item.type_params, cx.traits(&item.name))?;
    let mirror = dynamic::mirror(&ident, &generics, item, methods);
    let more = mirror.as_ref().map(|mirror| {
        let (name, dynamic) = (&item.rust, &mirror.ident);
        format!(
            "`Box<T>` and `Arc<T>` implement it for every `T` that does. [`{dynamic}`](crate::{dynamic}) \
             is its object-safe form: `Box<dyn {dynamic}>` holds any `{name}`."
        )
    });
    let comment = docs::item(item, more.as_slice());
    let alias = docs::alias(&item.name, &ident);
    let unimplemented = unimplemented(item);
    let params = generics.definition();
    let failure = failure(item);
    let members: Vec<TokenStream> =
        methods.iter().map(|method| method.declaration(&failure)).collect();
    let complex = signature::complex(&members);
    let mut body = quote! {
        #comment
        #alias
        #complex
        #unimplemented
        pub trait #ident #params: Send + Sync + 'static {
            #(#members)*
        }
    };
    let mut exports = vec![ident];
    if let Some(mirror) = mirror {
        exports.push(mirror.ident);
        body.extend(mirror.tokens);
    }
    let made = spelled_out.finish();
    exports.extend(made.exports);
    body.extend(made.body);
    Ok(Emitted::new(exports, body))
}

/// A method of the trait.
struct Method {
    name: Ident,
    comment: TokenStream,
    alias: TokenStream,
    /// `<T: ..>`.
    generics: TokenStream,
    arguments: Vec<Argument>,
    returns: Returns,
}

struct Argument {
    name: Ident,
    ty: TokenStream,
    /// The type, with `'a` for each of its references.
    lent: TokenStream,
}

enum Returns {
    /// A value.
    Value(TokenStream),
    /// A future of this, or of the trait's error.
    Future(TokenStream),
    /// The same, where the method is provided.
    Optional {
        value: TokenStream,
        /// The error of a method that is not.
        missing: TokenStream,
    },
}

impl Method {
    /// The method as the trait declares it.
    fn declaration(&self, failure: &TokenStream) -> TokenStream {
        let Self { comment, alias, arguments, .. } = self;
        let signature = self.signature(failure);
        let body = if let Returns::Optional { value, .. } = &self.returns {
            let unused = arguments.iter().map(|Argument { name, .. }| quote!(let _ = #name;));
            quote!({ #(#unused)* None::<std::future::Ready<Result<#value, #failure>>> })
        } else {
            quote!(;)
        };
        quote!(#comment #alias #signature #body)
    }

    /// `fn name(&self, argument: &T) -> impl Future<..> + Send`.
    fn signature(&self, failure: &TokenStream) -> TokenStream {
        let Self { name, generics, arguments, returns, .. } = self;
        let arguments = arguments.iter().map(|Argument { name, ty, .. }| quote!(#name: #ty));
        let future = |value| quote!(impl Future<Output = Result<#value, #failure>> + Send);
        let returns = match returns {
            Returns::Value(ty) => value_returned(ty),
            Returns::Future(value) => {
                let future = future(value);
                quote!(-> #future)
            }
            Returns::Optional { value, .. } => {
                let future = future(value);
                quote!(-> Option<#future>)
            }
        };
        quote!(fn #name #generics(&self #(, #arguments)*) #returns)
    }
}

/// `-> T`, and nothing for the unit.
fn value_returned(ty: &TokenStream) -> TokenStream {
    if ty.to_string() == "()" { TokenStream::new() } else { quote!(-> #ty) }
}

/// The error of the methods that may fail.
fn failure(item: &Item) -> TokenStream {
    match &item.error {
        Some(error) => {
            let error = names::ident(error);
            quote!(credwire_core::#error)
        }
        None => quote!(Box<dyn std::error::Error + Send + Sync>),
    }
}

fn methods(
    cx: &Context<'_>,
    item: &Item,
    behaviours: &[Behaviour<'_>],
    spelled_out: &mut SpelledOut,
    problems: &mut Problems,
) -> Vec<Method> {
    let mut methods = Vec::new();
    for behaviour in behaviours {
        let path = format!("{}.{}()", item.name, behaviour.name);
        let method = method(cx, item, behaviour, spelled_out, problems);
        methods.extend(problems.or_none(behaviour.place, &path, method));
    }
    methods
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
        rest: param.rest,
        ..shape::in_place(
            &param.name,
            param.ty.clone().unwrap_or(TypeExpr::Unknown),
            param.optional,
            place.clone(),
        )
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

fn behaviours<'a>(members: &'a Members) -> Vec<Behaviour<'a>> {
    let mut all: Vec<Behaviour<'a>> = Vec::new();
    let mut named: BTreeMap<&'a str, Vec<&'a model::Method>> = BTreeMap::new();
    for method in &members.methods {
        named.entry(&method.name).or_default().push(method);
    }
    for (name, signatures) in [(CREATE, &members.constructors), (CALL, &members.calls)] {
        named.entry(name).or_default().extend(signatures);
    }
    for (name, overloads) in named {
        let Some(first) = overloads.first().copied() else { continue };
        let optional = overloads.iter().all(|method| method.optional);
        let behaviour = |method: &'a model::Method, params, returns| Behaviour {
            name,
            summary: &method.summary,
            optional,
            type_params: &method.type_params,
            params,
            returns,
            place: &method.place,
        };
        match overloads::merged(&overloads) {
            Ok((params, returns)) => all.push(behaviour(first, params, returns)),
            // Those that are unlike are methods of their own, numbered.
            Err(_) => all.extend(
                overloads
                    .iter()
                    .map(|method| behaviour(method, method.params.clone(), method.returns.clone())),
            ),
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
    spelled_out: &mut SpelledOut,
    problems: &mut Problems,
) -> Result<Method, Inexpressible> {
    let name = names::field(behaviour.name);
    let mut arguments = Vec::new();
    let called = behaviour.params.iter().map(|param| param.name.as_str());
    for (param, called) in
        behaviour.params.iter().zip(names::distinct(called, &names::snake, Default::default()))
    {
        let path = format!("{}.{}({called})", item.name, behaviour.name);
        let owner = if behaviour.name == CREATE { "" } else { behaviour.name };
        let rust = names::inner(&of_call(item, owner), &called);
        let param = &shape::absence(param.clone());
        if let TypeExpr::Function(function) = &param.ty {
            let ty = callback(cx, item, (&rust, &path), function, spelled_out, problems)?;
            let ty = if param.optional || param.nullable { quote!(Option<#ty>) } else { ty };
            let name = names::field(&called);
            arguments.push(Argument { name, lent: ty.clone(), ty });
            continue;
        }
        let ty = spelled_out.ty(cx, item, (&rust, &path), param, problems)?;
        arguments.push(Argument {
            name: names::field(&called),
            lent: signature::lent(param, &ty, &quote!('a)),
            ty: signature::argument(param, &ty),
        });
    }
    let platform = cx.traits(&item.name).platform.then(names::platform);
    let mut types: Vec<&TypeExpr> = behaviour.params.iter().map(|param| &param.ty).collect();
    types.push(&behaviour.returns);
    let generics = signature::generics(platform.as_ref(), behaviour.type_params, &types)?;
    let rust = of_call(item, behaviour.name);
    let returns = returns(cx, item, behaviour, &rust, spelled_out, problems)?;
    let own = match (behaviour.summary, behaviour.name) {
        ("", CREATE) => "Constructs one, as `new` does in the reference.".to_owned(),
        ("", CALL) => "Calls the function.".to_owned(),
        ("", name) => format!("`{name}` of the reference."),
        (summary, _) => summary.to_owned(),
    };
    let optional = match &returns {
        Returns::Optional { .. } => {
            "Optional: `None`, the default, says that it is not provided. Making the future starts \
             nothing, so a caller may make one only to learn whether there is one."
        }
        Returns::Value(_) | Returns::Future(_) => "",
    };
    let errors = match (&returns, &item.error) {
        (Returns::Value(_), _) => String::new(),
        (_, Some(error)) => format!(
            "# Errors\nA [`{error}`](credwire_core::{error}) that says whether asking again can help."
        ),
        (_, None) => "# Errors\nWhatever keeps the implementation from it.".to_owned(),
    };
    Ok(Method {
        comment: docs::comment(&[own, optional.to_owned(), errors]),
        alias: docs::alias(behaviour.name, &name),
        name,
        generics,
        arguments,
        returns,
    })
}

/// A function that is handed over.
fn callback(
    cx: &Context<'_>,
    item: &Item,
    (rust, path): (&str, &str),
    function: &FunctionType,
    spelled_out: &mut SpelledOut,
    problems: &mut Problems,
) -> Result<TokenStream, Inexpressible> {
    if !function.type_params.is_empty() {
        return Err(Inexpressible("a function with type parameters".to_owned()));
    }
    let behaviour = of_function(CALL, function, &item.place);
    let mut takes = Vec::new();
    for param in &behaviour.params {
        let rust = names::inner(rust, &param.name);
        let ty = spelled_out.ty(cx, item, (&rust, path), param, problems)?;
        let absent = param.optional || param.nullable;
        takes.push(if absent { quote!(Option<#ty>) } else { quote!(#ty) });
    }
    let gives = match returns(cx, item, &behaviour, rust, spelled_out, problems)? {
        Returns::Value(ty) => value_returned(&ty),
        Returns::Future(value) | Returns::Optional { value, .. } => {
            let failure = failure(item);
            quote!(-> std::pin::Pin<Box<dyn Future<Output = Result<#value, #failure>> + Send>>)
        }
    };
    Ok(quote!(std::sync::Arc<dyn Fn(#(#takes),*) #gives + Send + Sync>))
}

/// A data member of the behaviour.
fn getter(
    cx: &Context<'_>,
    item: &Item,
    property: &Property,
    spelled_out: &mut SpelledOut,
    problems: &mut Problems,
) -> Result<Method, Inexpressible> {
    let name = names::field(&property.name);
    let path = format!("{}.{}", item.name, property.name);
    let rust = names::inner(&item.rust, &property.name);
    let ty = spelled_out.ty(cx, item, (&rust, &path), property, problems)?;
    let ty = match &ty {
        Ty::Handle { .. } => quote!(&#ty),
        _ => quote!(#ty),
    };
    let ty = if property.optional || property.nullable { quote!(Option<#ty>) } else { ty };
    Ok(Method {
        comment: docs::comment(&docs::member(property, "Member")),
        alias: docs::alias(&property.name, &name),
        name,
        generics: TokenStream::new(),
        arguments: Vec::new(),
        returns: Returns::Value(ty),
    })
}

/// What a method gives: a future where the page has a promise.
fn returns(
    cx: &Context<'_>,
    item: &Item,
    behaviour: &Behaviour<'_>,
    rust: &str,
    spelled_out: &mut SpelledOut,
    problems: &mut Problems,
) -> Result<Returns, Inexpressible> {
    let path = format!("{}.{}()", item.name, behaviour.name);
    let rust = format!("{rust}Result");
    let mut value = |ty: &TypeExpr| -> Result<TokenStream, Inexpressible> {
        if matches!(ty, TypeExpr::Void | TypeExpr::Undefined) {
            return Ok(quote!(()));
        }
        if matches!(ty, TypeExpr::Predicate { .. }) {
            return Ok(quote!(bool));
        }
        let property = Property::new(&path, ty.clone(), behaviour.place.clone());
        let property = shape::absence(property);
        let ty = spelled_out.ty(cx, item, (&rust, &path), &property, problems)?;
        Ok(if property.optional || property.nullable { quote!(Option<#ty>) } else { quote!(#ty) })
    };
    let args = match &behaviour.returns {
        TypeExpr::Ref { name, args } if name == "Promise" => args,
        // What may be lacking returns nothing then.
        other if behaviour.optional => {
            let value = value(other)?;
            return Ok(Returns::Value(quote!(Option<#value>)));
        }
        other => return Ok(Returns::Value(value(other)?)),
    };
    let [promised] = args.as_slice() else {
        return Err(Inexpressible(format!("type `{}`", behaviour.returns)));
    };
    let value = value(promised)?;
    if !behaviour.optional {
        return Ok(Returns::Future(value));
    }
    let missing = if item.error.is_some() {
        let name = names::snake(behaviour.name);
        let failure = failure(item);
        quote!(#failure::not_provided(#name))
    } else {
        let text = format!("{} is not provided", behaviour.name);
        quote!(#text.into())
    };
    Ok(Returns::Optional { value, missing })
}

/// What a method is called by in names of types; a call of the object itself has no name.
fn of_call(item: &Item, method: &str) -> String {
    if method.is_empty() { item.rust.clone() } else { names::inner(&item.rust, method) }
}
