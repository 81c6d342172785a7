//! A provider is moved into the task of a client and lives as long as that, so it borrows nothing.

use syn::{
    Generics, Ident, Lifetime, Type, TypeParam, TypeParamBound, WherePredicate, parse_quote,
    visit_mut::VisitMut,
};

use crate::diagnostic::{Code, Diagnostics};

/// Traits that do not make their implementors `'static`.
const NOT_STATIC: &[&str] = &[
    "AsRef",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Display",
    "Eq",
    "From",
    "Hash",
    "Into",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Send",
    "Sized",
    "Sync",
    "ToString",
    "Unpin",
];

/// Refuses lifetimes that are not bound to be `'static`.
pub(super) fn refuse_lifetimes(generics: &Generics, diagnostics: &mut Diagnostics) {
    for lifetime in borrowing(generics) {
        refuse(lifetime, diagnostics);
    }
}

/// Refuses `'_` in the type of an impl block.
pub(super) fn refuse_unnamed_lifetimes(self_ty: &Type, diagnostics: &mut Diagnostics) {
    let mut names = NameStatic::default();
    names.visit_type_mut(&mut self_ty.clone());
    for lifetime in &names.found {
        refuse(lifetime, diagnostics);
    }
}

fn refuse(lifetime: &Lifetime, diagnostics: &mut Diagnostics) {
    diagnostics.report(
        Code::BorrowedProvider,
        lifetime,
        format!("a credential provider outlives its caller and cannot borrow for `{lifetime}`"),
        "own the data (`String`, `Secret<String>`, `Arc<..>`) or borrow it for `'static`",
    );
}

/// Refuses type parameters of an impl block whose bounds leave open whether they borrow.
pub(super) fn refuse_open_parameters(generics: &Generics, diagnostics: &mut Diagnostics) {
    for param in open_parameters(generics) {
        let ident = &param.ident;
        diagnostics.report(
            Code::ParameterBounds,
            ident,
            format!("`{ident}` may borrow or stay on one thread, and so may the provider"),
            "bound it by `Send + Sync + 'static`",
        );
    }
}

/// The same block with everything in it bound to `'static`, so that code made beside a report
/// raises no second one.
pub(super) fn bound_to_static(generics: &Generics, self_ty: &Type) -> (Generics, Type) {
    let mut bound = generics.clone();
    let predicates = &mut bound.make_where_clause().predicates;
    for lifetime in borrowing(generics) {
        predicates.push(parse_quote!(#lifetime: 'static));
    }
    for TypeParam { ident, .. } in open_parameters(generics) {
        predicates.push(parse_quote! {
            #ident: ::core::marker::Send + ::core::marker::Sync + 'static
        });
    }
    let mut self_ty = self_ty.clone();
    NameStatic::default().visit_type_mut(&mut self_ty);
    (bound, self_ty)
}

fn borrowing(generics: &Generics) -> impl Iterator<Item = &Lifetime> {
    let in_where = |lifetime: &Lifetime| {
        predicates(generics).any(|predicate| {
            matches!(predicate, WherePredicate::Lifetime(bound)
                if bound.lifetime == *lifetime && bound.bounds.iter().any(is_static))
        })
    };
    generics
        .lifetimes()
        .filter(move |param| !param.bounds.iter().any(is_static) && !in_where(&param.lifetime))
        .map(|param| &param.lifetime)
}

/// The type parameters that nothing makes `'static`: every bound is known not to.
fn open_parameters(generics: &Generics) -> impl Iterator<Item = &TypeParam> {
    generics.type_params().filter(|param| {
        let in_where = predicates(generics).filter_map(|predicate| match predicate {
            WherePredicate::Type(bound) if is_param(&bound.bounded_ty, &param.ident) => {
                Some(&bound.bounds)
            }
            _ => None,
        });
        std::iter::once(&param.bounds).chain(in_where).flatten().all(leaves_open)
    })
}

fn predicates(generics: &Generics) -> impl Iterator<Item = &WherePredicate> {
    generics.where_clause.iter().flat_map(|clause| &clause.predicates)
}

fn is_param(ty: &Type, param: &Ident) -> bool {
    matches!(ty, Type::Path(path) if path.path.is_ident(param))
}

fn leaves_open(bound: &TypeParamBound) -> bool {
    match bound {
        TypeParamBound::Lifetime(lifetime) => !is_static(lifetime),
        TypeParamBound::Trait(bound) => {
            let name = bound.path.segments.last().map(|segment| &segment.ident);
            name.is_some_and(|name| NOT_STATIC.iter().any(|known| name == known))
        }
        _ => false,
    }
}

fn is_static(lifetime: &Lifetime) -> bool {
    lifetime.ident == "static"
}

/// Writes `'static` for every `'_` and remembers where they stood.
#[derive(Default)]
struct NameStatic {
    found: Vec<Lifetime>,
}

impl VisitMut for NameStatic {
    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        if lifetime.ident == "_" {
            self.found.push(lifetime.clone());
            lifetime.ident = Ident::new("static", lifetime.ident.span());
        }
    }
}
