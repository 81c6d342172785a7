//! Checks of the signature of `authenticate` or `refresh`.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{
    Attribute, FnArg, GenericArgument, GenericParam, Ident, PatType, PathArguments, ReceiverKind,
    ReturnType, Safety, Signature, Type,
};

use super::{method::Method, raw_impl::RawMethod};
use crate::{
    diagnostic::{Code, Diagnostics},
    shape::plain,
};

/// Reports every fault of the signature of `method`, which bears the name of `known`.
pub(super) fn check(known: Method, method: &RawMethod, diagnostics: &mut Diagnostics) {
    let sig = &method.sig;
    let name = known.name();
    if known == Method::Refresh && returns_optional_future(sig) {
        return check_rest(known, method, diagnostics);
    }
    if let (Method::Refresh, Some(ty)) = (known, optional_future_without_impl(sig)) {
        diagnostics.report(
            Code::ReturnType,
            ty,
            "`refresh` returns a trait and no type",
            "write `Option<impl Future<Output = Result<SdkCredential, CredentialError>> + Send>`",
        );
        return check_rest(known, method, diagnostics);
    }
    if sig.asyncness.is_none() {
        let (fn_token, ident) = (&sig.fn_token, &sig.ident);
        diagnostics.report(
            Code::NotAsync,
            quote!(#fn_token #ident),
            format!("`{name}` is not async"),
            if returns_future(sig) {
                format!("write `async fn {name}` and return the `Result` itself")
            } else {
                format!("write `async fn {name}`")
            },
        );
    }
    check_rest(known, method, diagnostics);
    check_output(known, sig, diagnostics);
}

/// Everything but what it returns.
fn check_rest(known: Method, method: &RawMethod, diagnostics: &mut Diagnostics) {
    let sig = &method.sig;
    let name = known.name();
    check_qualifiers(name, method, diagnostics);
    // Lifetimes stand for those that the compiler infers.
    let is_open = |param: &&GenericParam| !matches!(param, GenericParam::Lifetime(_));
    if let Some(param) = sig.generics.params.iter().find(is_open) {
        diagnostics.report(
            Code::MethodGenerics,
            param,
            format!("`{name}` of a credential provider takes no generic parameters"),
            "let the compiler infer lifetimes; put type parameters on the struct and the impl block",
        );
    }
    check_receiver(known, sig, diagnostics);
    check_parameters(known, sig, diagnostics);
}

fn check_qualifiers(name: &str, method: &RawMethod, diagnostics: &mut Diagnostics) {
    let sig = &method.sig;
    let mut refuse = |tokens: TokenStream| {
        let text = tokens.to_string();
        diagnostics.report(
            Code::MethodQualifier,
            tokens,
            format!("`{name}` of a credential provider cannot be `{text}`"),
            format!("remove `{text}`"),
        );
    };
    if let Some(token) = &method.defaultness {
        refuse(token.to_token_stream());
    }
    if let Some(token) = &sig.constness {
        refuse(token.to_token_stream());
    }
    if let Safety::Unsafe(token) = &sig.safety {
        refuse(token.to_token_stream());
    }
    if let Some(abi) = &sig.abi {
        refuse(abi.to_token_stream());
    }
    if let Some(variadic) = &sig.variadic {
        refuse(variadic.to_token_stream());
    }
}

fn check_receiver(known: Method, sig: &Signature, diagnostics: &mut Diagnostics) {
    let Some(receiver) = sig.receiver() else {
        let fix = match (known, sig.inputs.is_empty()) {
            (Method::Authenticate, true) => "write `(&self, context: &AuthenticateContext)`",
            (Method::Refresh, true) => "write `(&self)`",
            (_, false) => "add `&self` as the first parameter",
        };
        diagnostics.report(
            Code::Receiver,
            &sig.ident,
            format!("`{}` has no `&self`", known.name()),
            fix,
        );
        return;
    };
    let shared = match &receiver.kind {
        ReceiverKind::Reference(_, lifetime, mutability) => {
            mutability.is_none() && lifetime.as_ref().is_none_or(|it| it.ident != "static")
        }
        ReceiverKind::Typed(_, ty) => is_shared_self(ty),
        _ => false,
    };
    if !shared {
        let is_pointer = matches!(&receiver.kind, ReceiverKind::Typed(_, ty)
            if crate::secrecy::mentions(ty, |name| name == "Arc" || name == "Rc"));
        diagnostics.report(
            Code::Receiver,
            receiver,
            format!("`{}` must borrow the provider as `&self`", known.name()),
            if is_pointer {
                "write `&self`; what outlives the call belongs in an `Arc` field, to be cloned"
            } else {
                "write `&self`; state that changes belongs in a `Mutex` or an atomic"
            },
        );
    }
}

/// Whether a receiver is a shared reference to a path: to `Self`, or to the type by its name, which
/// the compiler judges.
fn is_shared_self(ty: &Type) -> bool {
    let Type::Reference(reference) = plain(ty) else { return false };
    let is_pointer = |path: &syn::TypePath| {
        path.path.segments.last().is_some_and(|last| is_std_value(&last.ident))
    };
    reference.mutability.is_none()
        && matches!(plain(&reference.elem), Type::Path(path) if !is_pointer(path))
}

fn check_parameters(known: Method, sig: &Signature, diagnostics: &mut Diagnostics) {
    let mut typed = typed_inputs(sig).filter(|input| cfgs(&input.attrs).next().is_none());
    let has_choice = typed_inputs(sig).any(|input| cfgs(&input.attrs).next().is_some());
    if known == Method::Authenticate && !has_choice {
        match typed.next() {
            None if sig.receiver().is_some() => diagnostics.report(
                Code::ContextParameter,
                &sig.ident,
                "`authenticate` takes no context",
                "write `(&self, context: &AuthenticateContext)`; a name that starts with `_` \
                 marks it unused",
            ),
            Some(context) if !may_be_context(&context.ty) => diagnostics.report(
                Code::ContextParameter,
                &context.ty,
                format!(
                    "`authenticate` is called with `&AuthenticateContext`, not with `{}`",
                    crate::text::of(&context.ty)
                ),
                "write `context: &AuthenticateContext`",
            ),
            _ => {}
        }
    }
    // Of parameters for different configurations one is the context.
    let contexts = usize::from(has_choice && known == Method::Authenticate);
    for extra in typed.skip(contexts) {
        let (code, fact) = match known {
            Method::Authenticate => {
                (Code::ContextParameter, "`authenticate` takes the context and nothing else")
            }
            Method::Refresh => (Code::RefreshParameter, "`refresh` takes nothing but `&self`"),
        };
        diagnostics.report(
            code,
            extra,
            fact,
            "remove it; what the call needs belongs in a field of the provider",
        );
    }
}

/// The parameters behind `self`.
pub(super) fn typed_inputs(sig: &Signature) -> impl Iterator<Item = &PatType> {
    sig.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(typed) => Some(typed),
        FnArg::Receiver(_) => None,
    })
}

/// Whether a parameter can have the context's type. Names cannot be resolved here: a reference to
/// an unknown name may be a renamed import, and the compiler judges it.
fn may_be_context(ty: &Type) -> bool {
    let Type::Reference(reference) = plain(ty) else {
        // An alias of the reference; the compiler judges it.
        return matches!(plain(ty), Type::Path(path)
        if !path.path.segments.last().is_some_and(|last| {
            is_std_value(&last.ident) || last.ident == "AuthenticateContext"
        }));
    };
    let named = match plain(&reference.elem) {
        Type::Path(path) => path.path.segments.last().map(|segment| &segment.ident),
        Type::Macro(_) => return true,
        _ => None,
    };
    reference.mutability.is_none() && named.is_some_and(|name| !is_std_value(name))
}

/// The conditions under which something is compiled.
pub(super) fn cfgs(attrs: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    attrs.iter().filter(|attr| attr.path().is_ident("cfg"))
}

/// Whether this is the long form of an `async fn`.
fn returns_future(sig: &Signature) -> bool {
    sig.asyncness.is_none()
        && matches!(&sig.output, ReturnType::Type(_, ty) if matches!(plain(ty), Type::ImplTrait(_)))
}

/// Whether this is the form of the trait itself: `fn(&self) -> Option<impl Future<..>>`.
pub(super) fn returns_optional_future(sig: &Signature) -> bool {
    option_of(sig).is_some_and(|ty| matches!(plain(ty), Type::ImplTrait(_)))
}

/// The type in the `Option` of that form when its `impl` is missing.
fn optional_future_without_impl(sig: &Signature) -> Option<&Type> {
    option_of(sig).filter(|ty| crate::secrecy::mentions(ty, |name| name == "Future"))
}

/// The type in the `Option` that a function which is not async returns.
fn option_of(sig: &Signature) -> Option<&Type> {
    let ReturnType::Type(_, ty) = &sig.output else { return None };
    let Type::Path(path) = plain(ty) else { return None };
    let last = path.path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first() {
        Some(GenericArgument::Type(ty)) if sig.asyncness.is_none() && last.ident == "Option" => {
            Some(ty)
        }
        _ => None,
    }
}

fn check_output(known: Method, sig: &Signature, diagnostics: &mut Diagnostics) {
    if returns_future(sig) {
        return;
    }
    let name = known.name();
    let fix = "return `Result<SdkCredential, CredentialError>`; any error type that converts into \
               `CredentialError` will do";
    let ReturnType::Type(_, ty) = &sig.output else {
        diagnostics.report(Code::ReturnType, &sig.ident, format!("`{name}` returns nothing"), fix);
        return;
    };
    let ty = plain(ty);
    let refused = match ty {
        Type::Path(path) => path.path.segments.last().and_then(|segment| {
            if segment.ident == "Result" {
                return credential_argument(&segment.arguments);
            }
            let is_plain = segment.ident == "SdkCredential" || is_std_value(&segment.ident);
            is_plain.then_some(ty)
        }),
        Type::Group(_) | Type::Paren(_) | Type::Macro(_) | Type::Verbatim(_) => None,
        other => Some(other),
    };
    let Some(refused) = refused else { return };
    let text = crate::text::of(refused);
    let fact = if std::ptr::eq(refused, ty) {
        format!("`{name}` returns `{text}`, which is no `Result`")
    } else {
        format!("`{name}` returns `{text}` instead of a credential")
    };
    let fix = match text.as_str() {
        "String" | "Secret<String>" | "Secret" | "&'static str" => {
            "return `Result<SdkCredential, CredentialError>`: `Ok(SdkCredential::from_token(..))`"
        }
        "SdkCredential" => {
            "return `Result<SdkCredential, CredentialError>`, and the credential in `Ok(..)`"
        }
        _ => fix,
    };
    diagnostics.report(Code::ReturnType, refused, fact, fix);
}

/// The first argument of `Result<..>` when it is plainly something else than a credential.
fn credential_argument(arguments: &PathArguments) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = arguments else { return None };
    let GenericArgument::Type(ty) = arguments.args.first()? else { return None };
    let other = match plain(ty) {
        Type::Path(path) => path.path.segments.last().is_some_and(|s| is_std_value(&s.ident)),
        Type::Group(_) | Type::Paren(_) | Type::Macro(_) | Type::Verbatim(_) => false,
        _ => true,
    };
    other.then_some(ty)
}

/// Names that mean the standard library's types wherever they stand, and `Secret`: none of them is
/// a context, a `Result` or a credential.
fn is_std_value(name: &Ident) -> bool {
    // Each comparison with an identifier would make its text anew.
    let name = name.to_string();
    [
        "Arc", "Box", "Option", "Rc", "Secret", "String", "Vec", "bool", "char", "f32", "f64",
        "i128", "i16", "i32", "i64", "i8", "isize", "str", "u128", "u16", "u32", "u64", "u8",
        "usize",
    ]
    .contains(&&*name)
}
