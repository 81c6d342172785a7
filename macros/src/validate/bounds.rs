//! What the rules ask of type parameters.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{GenericArgument, Generics, Ident, PathArguments, Type, WherePredicate, parse_quote};

use super::{
    check::{Body, CheckedField, CheckedItem},
    rule::{Rule, RuleKind},
};
use crate::shape::{Shape, entry, item, named, plain};

/// The generics of the impl. As in serde, the parameters are bound and not the types of fields: a
/// type that contains itself would hang on its own impl.
pub(super) fn generics(checked: &CheckedItem) -> Generics {
    let mut generics = checked.generics.clone();
    if let Some(bound) = &checked.bound {
        generics.make_where_clause().predicates.extend(bound.iter().cloned());
        return generics;
    }
    if generics.type_params().next().is_none() {
        return generics;
    }
    let mut found = Found {
        own: checked.ident.clone(),
        params: generics.type_params().map(|param| param.ident.clone()).collect(),
        krate: checked.krate.to_token_stream(),
        predicates: Vec::new(),
    };
    let fields: Vec<&CheckedField> = match &checked.body {
        Body::Struct(fields) => fields.iter().collect(),
        Body::Enum(variants) => variants.iter().flat_map(|variant| &variant.fields).collect(),
    };
    for field in fields {
        found.rules(&field.rules, &field.ty);
    }
    let mut kept: Vec<(String, WherePredicate)> = Vec::new();
    for predicate in found.predicates {
        let text = predicate.to_token_stream().to_string();
        if kept.iter().all(|(known, _)| *known != text) {
            kept.push((text, predicate));
        }
    }
    if !kept.is_empty() {
        let kept = kept.into_iter().map(|(_, predicate)| predicate);
        generics.make_where_clause().predicates.extend(kept);
    }
    generics
}

/// What has a rule's trait where the value in it has.
const HOLDERS: [&str; 16] = [
    "Arc",
    "Box",
    "Cell",
    "Cow",
    "LazyLock",
    "Mutex",
    "OnceCell",
    "OnceLock",
    "Option",
    "Rc",
    "RefCell",
    "Reverse",
    "RwLock",
    "Saturating",
    "Secret",
    "Wrapping",
];

struct Found {
    /// The name of the item: what it contains of itself asks for nothing more.
    own: Ident,
    params: Vec<Ident>,
    krate: TokenStream,
    predicates: Vec<WherePredicate>,
}

impl Found {
    fn rules(&mut self, rules: &[Rule], ty: &Type) {
        let Found { krate, .. } = self;
        let rule = |name: &str| {
            let name = quote::format_ident!("{name}");
            quote!(#krate::__private::rules::#name)
        };
        let (measured, text, number) = (rule("Measured"), rule("AsText"), rule("AsNumber"));
        let shape = Shape::of(ty);
        for rule in rules {
            match &rule.kind {
                RuleKind::Nested => self.nested(ty),
                RuleKind::Length(_) => self.inmost(&shape.inner, &measured),
                RuleKind::Range(range) if range.is_literal() => {
                    self.inmost(&shape.inner, &number);
                }
                RuleKind::Epoch(_) => self.inmost(&shape.inner, &number),
                RuleKind::Form(_)
                | RuleKind::Bytes(_)
                | RuleKind::Beside(_)
                | RuleKind::Pattern(_)
                | RuleKind::CompiledPattern(..) => self.inmost(&shape.inner, &text),
                RuleKind::When(_, rules) => self.rules(rules, ty),
                RuleKind::Items(rules) => {
                    if let Some(item) = item(&shape.inner) {
                        self.rules(rules, item);
                    }
                }
                RuleKind::Keys(rules) => {
                    if let Some((key, _)) = entry(&shape.inner) {
                        self.key(key);
                        self.rules(rules, key);
                    }
                }
                RuleKind::Values(rules) => {
                    if let Some((key, value)) = entry(&shape.inner) {
                        self.key(key);
                        self.rules(rules, value);
                    }
                }
                RuleKind::Custom(_)
                | RuleKind::Equals(_)
                | RuleKind::Range(_)
                | RuleKind::Required
                | RuleKind::With(_) => {}
            }
        }
    }

    /// Binds a parameter that is the value itself, or that a pointer, a cell or a lock holds.
    fn inmost(&mut self, ty: &Type, bound: &TokenStream) {
        let ty = plain(ty);
        if let Type::Reference(reference) = ty {
            self.inmost(&reference.elem, bound);
        } else if self.is_param(ty) {
            self.predicates.push(parse_quote!(#ty: #bound));
        } else if let Some((name, arguments)) = named(ty)
            && HOLDERS.contains(&&*name)
            && let Some(held) = arguments.first()
        {
            self.inmost(held, bound);
        }
    }

    fn key(&mut self, ty: &Type) {
        let krate = self.krate.clone();
        self.inmost(ty, &quote!(#krate::__private::rules::PointerKey));
    }

    /// Binds every parameter in a type whose values have rules of their own.
    fn nested(&mut self, ty: &Type) {
        let krate = self.krate.clone();
        match plain(ty) {
            ty if self.is_param(ty) => self.predicates.push(parse_quote!(#ty: #krate::Validate)),
            Type::Reference(reference) => self.nested(&reference.elem),
            Type::Array(array) => self.nested(&array.elem),
            Type::Slice(slice) => self.nested(&slice.elem),
            Type::Tuple(tuple) => tuple.elems.iter().for_each(|elem| self.nested(elem)),
            Type::Path(path) => {
                let ty = plain(ty);
                if named(ty).is_some_and(|(name, _)| name == "PhantomData") {
                    return;
                }
                if let Some((key, value)) =
                    entry(ty).filter(|_| named(ty).is_some_and(|(name, _)| name.ends_with("Map")))
                {
                    self.key(key);
                    self.nested(value);
                    return;
                }
                if path.path.segments.last().is_some_and(|last| last.ident == self.own) {
                    return;
                }
                for segment in &path.path.segments {
                    let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
                        continue;
                    };
                    for argument in &arguments.args {
                        if let GenericArgument::Type(ty) = argument {
                            self.nested(ty);
                        }
                    }
                }
            }
            _ => {}
        }
    }

    /// Whether a type is a parameter, or an associated type of one.
    fn is_param(&self, ty: &Type) -> bool {
        match ty {
            Type::Path(path) => match (&path.qself, path.path.segments.first()) {
                (Some(qself), _) => self.is_param(plain(&qself.ty)),
                (None, Some(first)) => {
                    path.path.leading_colon.is_none()
                        && first.arguments.is_none()
                        && self.params.contains(&first.ident)
                }
                (None, None) => false,
            },
            _ => false,
        }
    }
}
