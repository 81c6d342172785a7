//! Checks of an annotated impl block. What passes is a [`CheckedImpl`]; the emitter needs no more.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{
    Attribute, FnArg, GenericArgument, Generics, Ident, PathArguments, ReceiverKind, ReturnType,
    Safety, Signature, Type, spanned::Spanned,
};

use super::{
    lifetimes::{refuse_lifetimes, refuse_open_parameters, refuse_unnamed_lifetimes},
    raw_impl::{RawImpl, RawMethod},
};
use crate::{
    diagnostic::{Code, Diagnostics},
    suggest::nearest,
};

/// A block that can be expanded.
pub(super) struct CheckedImpl {
    /// Attributes that also hold for the trait's block: `cfg` and lint levels.
    pub(super) attrs: Vec<Attribute>,
    pub(super) generics: Generics,
    pub(super) self_ty: Type,
    /// At least one; more when each of them has a `cfg`.
    pub(super) authenticate: Vec<Provided>,
    pub(super) refresh: Vec<Provided>,
}

/// A method of the trait that the block provides.
pub(super) struct Provided {
    /// Attributes that also hold for the trait's method: `cfg` and documentation.
    pub(super) attrs: Vec<Attribute>,
    /// Where its name stands.
    pub(super) name: Span,
    /// Where its return type stands.
    pub(super) output: Span,
    /// Where the error of its return type stands.
    pub(super) error: Span,
}

/// A method of the trait.
#[derive(Clone, Copy, PartialEq)]
enum Method {
    Authenticate,
    Refresh,
}

impl Method {
    const ALL: [Self; 2] = [Self::Authenticate, Self::Refresh];

    const fn name(self) -> &'static str {
        match self {
            Self::Authenticate => "authenticate",
            Self::Refresh => "refresh",
        }
    }

    const fn signature(self) -> &'static str {
        match self {
            Self::Authenticate => {
                "async fn authenticate(&self, context: &AuthenticateContext) -> \
                 Result<SdkCredential, CredentialError>"
            }
            Self::Refresh => "async fn refresh(&self) -> Result<SdkCredential, CredentialError>",
        }
    }
}

/// Checks the whole block and reports every fault; the result is of use when there is none.
pub(super) fn check(raw: &RawImpl, diagnostics: &mut Diagnostics) -> CheckedImpl {
    let header = &raw.header;
    refuse_lifetimes(&header.generics, diagnostics);
    refuse_unnamed_lifetimes(&header.self_ty, diagnostics);
    refuse_open_parameters(&header.generics, diagnostics);

    let mut checked = CheckedImpl {
        attrs: header.attrs.iter().filter(|attr| holds_for_both(attr)).cloned().collect(),
        generics: header.generics.clone(),
        self_ty: (*header.self_ty).clone(),
        authenticate: Vec::new(),
        refresh: Vec::new(),
    };
    for method in raw.methods() {
        let ident = &method.sig.ident;
        if ident == "can_refresh" {
            diagnostics.report(
                Code::WrittenForYou,
                ident,
                "`can_refresh` is written by the attribute, from whether the block has `refresh`",
                "remove it; to decide at run time, implement `CredentialProvider` by hand",
            );
        }
        let Some(known) = Method::ALL.into_iter().find(|known| ident == known.name()) else {
            continue;
        };
        check_method(known, method, diagnostics);
        match known {
            Method::Authenticate => checked.authenticate.push(provided(method)),
            Method::Refresh => checked.refresh.push(provided(method)),
        }
    }
    check_presence(raw, &checked, diagnostics);
    checked
}

/// The methods that repeat an earlier one of the trait.
pub(super) fn is_repeated(raw: &RawImpl, method: &RawMethod) -> bool {
    Method::ALL.iter().any(|known| method.sig.ident == known.name())
        && raw
            .methods()
            .take_while(|other| !std::ptr::eq(*other, method))
            .any(|other| other.sig.ident == method.sig.ident && !(is_cfg(other) && is_cfg(method)))
}

fn is_cfg(method: &RawMethod) -> bool {
    method.attrs.iter().any(|attr| attr.path().is_ident("cfg"))
}

fn holds_for_both(attr: &Attribute) -> bool {
    ["cfg", "allow", "warn", "deny", "forbid"].iter().any(|name| attr.path().is_ident(name))
}

fn provided(method: &RawMethod) -> Provided {
    let kept = |attr: &&Attribute| attr.path().is_ident("cfg") || attr.path().is_ident("doc");
    let output = match &method.sig.output {
        ReturnType::Default => method.sig.ident.span(),
        ReturnType::Type(_, ty) => ty.span(),
    };
    Provided {
        attrs: method.attrs.iter().filter(kept).cloned().collect(),
        name: method.sig.ident.span(),
        output,
        error: error_span(&method.sig.output).unwrap_or(output),
    }
}

/// Where the second argument of `Result<_, _>` stands.
fn error_span(output: &ReturnType) -> Option<Span> {
    let ReturnType::Type(_, ty) = output else { return None };
    let Type::Path(path) = &**ty else { return None };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else {
        return None;
    };
    Some(arguments.args.get(1)?.span())
}

/// Whether the methods that must be there are, once each, under their right names.
fn check_presence(raw: &RawImpl, checked: &CheckedImpl, diagnostics: &mut Diagnostics) {
    for method in raw.methods().filter(|method| is_repeated(raw, method)) {
        let ident = &method.sig.ident;
        diagnostics.report(
            Code::DuplicateMethod,
            ident,
            format!("`{ident}` is written twice"),
            "keep one of them, or give each its own `#[cfg(..)]`",
        );
    }
    let absent = [
        (Method::Authenticate, checked.authenticate.is_empty()),
        (Method::Refresh, checked.refresh.is_empty()),
    ];
    for (known, _) in absent.into_iter().filter(|(_, absent)| *absent) {
        if let Some(method) = raw.methods().find(|method| is_misspelt(&method.sig, known)) {
            let ident = &method.sig.ident;
            diagnostics.report(
                Code::MisspeltMethod,
                ident,
                format!("`{ident}` is no method of a credential provider"),
                format!(
                    "did you mean `{}`? A helper of that name belongs in an impl block \
                     without the attribute",
                    known.name()
                ),
            );
        } else if known == Method::Authenticate {
            diagnostics.report(
                Code::MissingAuthenticate,
                &raw.header.self_ty,
                format!(
                    "`{}` does not say how to authenticate",
                    crate::text::of(&raw.header.self_ty)
                ),
                format!("add `{} {{ .. }}` to this block", known.signature()),
            );
        }
    }
}

/// Whether a method is very likely meant to be `known`: its name is near, and it is no plain
/// helper.
fn is_misspelt(sig: &Signature, known: Method) -> bool {
    let name = sig.ident.to_string();
    let near = nearest(&name.to_lowercase().replace('_', ""), [known.name()]).is_some();
    let is_its_own_word = name.contains(known.name());
    near && !is_its_own_word && sig.asyncness.is_some() && sig.receiver().is_some()
}

fn check_method(known: Method, method: &RawMethod, diagnostics: &mut Diagnostics) {
    let sig = &method.sig;
    let name = known.name();
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
    check_qualifiers(name, method, diagnostics);
    if !sig.generics.params.is_empty() {
        diagnostics.report(
            Code::MethodGenerics,
            &sig.generics.params,
            format!("`{name}` of a credential provider takes no generic parameters"),
            "let the compiler infer lifetimes; put type parameters on the struct and the impl block",
        );
    }
    check_receiver(known, sig, diagnostics);
    check_parameters(known, sig, diagnostics);
    check_output(known, sig, diagnostics);
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
        ReceiverKind::Reference(_, None, None) => true,
        ReceiverKind::Typed(_, ty) => is_shared_self(ty),
        _ => false,
    };
    if !shared {
        diagnostics.report(
            Code::Receiver,
            receiver,
            format!("`{}` must borrow the provider as `&self`", known.name()),
            "write `&self`; state that changes belongs in a `Mutex` or an atomic",
        );
    }
}

fn is_shared_self(ty: &Type) -> bool {
    let Type::Reference(reference) = ty else { return false };
    reference.lifetime.is_none()
        && reference.mutability.is_none()
        && matches!(&*reference.elem, Type::Path(path) if path.path.is_ident("Self"))
}

fn check_parameters(known: Method, sig: &Signature, diagnostics: &mut Diagnostics) {
    let mut typed = sig.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(typed) => Some(typed),
        FnArg::Receiver(_) => None,
    });
    if known == Method::Authenticate {
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
    for extra in typed {
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

/// Whether a parameter can have the context's type. Names cannot be resolved here: a reference to
/// an unknown name may be a renamed import, and the compiler judges it.
fn may_be_context(ty: &Type) -> bool {
    let Type::Reference(reference) = ty else { return false };
    let named = match &*reference.elem {
        Type::Path(path) => path.path.segments.last().map(|segment| &segment.ident),
        _ => None,
    };
    reference.mutability.is_none() && named.is_some_and(|name| !is_std_value(name))
}

/// Whether this is the long form of an `async fn`.
fn returns_future(sig: &Signature) -> bool {
    sig.asyncness.is_none()
        && matches!(&sig.output, ReturnType::Type(_, ty) if matches!(**ty, Type::ImplTrait(_)))
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
    let refused = match &**ty {
        Type::Path(path) => path.path.segments.last().and_then(|segment| {
            if segment.ident == "Result" {
                return credential_argument(&segment.arguments);
            }
            let plain = segment.ident == "SdkCredential" || is_std_value(&segment.ident);
            plain.then_some(&**ty)
        }),
        Type::Group(_) | Type::Paren(_) | Type::Macro(_) | Type::Verbatim(_) => None,
        other => Some(other),
    };
    let Some(refused) = refused else { return };
    let text = crate::text::of(refused);
    let fact = if std::ptr::eq(refused, &**ty) {
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
    let other = match ty {
        Type::Path(path) => path.path.segments.last().is_some_and(|s| is_std_value(&s.ident)),
        Type::Group(_) | Type::Paren(_) | Type::Macro(_) | Type::Verbatim(_) => false,
        _ => true,
    };
    other.then_some(ty)
}

/// Names that mean the standard library's types wherever they stand, and `Secret`: none of them is
/// a context, a `Result` or a credential.
fn is_std_value(name: &Ident) -> bool {
    [
        "Arc", "Box", "Option", "Rc", "Secret", "String", "Vec", "bool", "char", "f32", "f64",
        "i128", "i16", "i32", "i64", "i8", "isize", "str", "u128", "u16", "u32", "u64", "u8",
        "usize",
    ]
    .iter()
    .any(|known| name == known)
}
