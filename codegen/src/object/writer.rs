//! The signatures of an object's methods, and the types that they spell out in place.

use credwire_schema::{
    model::{Item, Property, Shape},
    type_expr::{FunctionType, TypeExpr},
};
use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use super::{
    comments::MemberComments,
    members::{Kind, Member},
};
use crate::{
    context::Context,
    docs,
    emit::{Emitted, Problems},
    names, shape, signature,
    spelled_out::SpelledOut,
    ty::{Inexpressible, Ty},
};

/// Writes methods, and gathers the types that they need.
pub(super) struct Writer<'a, 'b> {
    cx: &'a Context<'a>,
    item: &'a Item,
    /// What the SDK is called in the signatures: `S`, or `Self` in the trait of the SDK itself.
    sdk: Ident,
    /// What an unnamed part is called after: the trait.
    stem: String,
    problems: &'b mut Problems,
    spelled_out: SpelledOut,
}

impl<'a, 'b> Writer<'a, 'b> {
    pub(super) fn new(
        cx: &'a Context<'a>,
        item: &'a Item,
        sdk: Ident,
        problems: &'b mut Problems,
    ) -> Self {
        Self {
            cx,
            item,
            sdk,
            stem: names::pascal(&item.rust),
            problems,
            spelled_out: SpelledOut::default(),
        }
    }

    /// The types that the signatures spelled out.
    pub(super) fn finish(self) -> Emitted {
        self.spelled_out.finish()
    }

    /// The method that a member becomes; problems are reported, and then there is none.
    pub(super) fn method(
        &mut self,
        member: &Member<'_>,
        receiver: &TokenStream,
    ) -> Option<TokenStream> {
        let method = self.try_method(member, receiver);
        self.problems.or_none(member.place, &self.path(member), method)
    }

    /// What a member is called in messages and comments.
    fn path(&self, member: &Member<'_>) -> String {
        match self.item.shape {
            Shape::Function { .. } => self.item.name.clone(),
            _ => format!("{}.{}", self.item.name, member.documented),
        }
    }

    fn try_method(
        &mut self,
        member: &Member<'_>,
        receiver: &TokenStream,
    ) -> Result<TokenStream, Inexpressible> {
        let name = &member.rust;
        let path = self.path(member);
        // Without the `$`: a stream gives what its snapshot gives.
        let rust = match self.item.shape {
            Shape::Function { .. } => self.stem.clone(),
            _ => names::inner(&self.stem, member.documented),
        };
        let comments = MemberComments::new(self.cx.schema, self.item, member);
        let mut errors = "";
        let (what, signature) = match &member.kind {
            Kind::Get(property) => {
                let value = self.maybe(&rust, &path, property)?;
                (comments.get(property), quote!(fn #name(#receiver) -> #value;))
            }
            Kind::Watch { item: property, may_lack } => {
                let item = self.maybe(&rust, &path, property)?;
                let stream = quote!(impl futures_core::Stream<Item = #item> + Send + 'static);
                (comments.watch(property, *may_lack), quote!(fn #name(#receiver) -> #stream;))
            }
            Kind::Set(property) => {
                let value = names::ident("value");
                let ty = self.argument(&rust, &path, property)?;
                (comments.set(property), quote!(fn #name(#receiver, #value: #ty);))
            }
            Kind::New(params) => {
                errors = "# Errors\nWhatever the SDK refuses to make it for.";
                let arguments = self.arguments(&self.stem.clone(), &path, params)?;
                let error = self.error();
                let result = quote!(Result<Self, #error>);
                let what = vec![format!("Makes one: `new {}`.", self.item.name)];
                (what, quote!(fn #name(#arguments) -> #result where Self: Sized;))
            }
            Kind::Call { optional, type_params, params, returns } => {
                let mut types: Vec<&TypeExpr> = params.iter().map(|param| &param.ty).collect();
                types.push(returns);
                let generics = signature::generics(Some(&self.sdk), type_params, &types)?;
                let arguments = self.arguments(&rust, &path, params)?;
                let comma = (!receiver.is_empty()).then(|| quote!(,));
                let (result, fails) =
                    self.result(&format!("{rust}Result"), &path, returns, *optional)?;
                if fails {
                    errors = "# Errors\nWhatever the SDK fails with.";
                }
                (
                    comments.call(*optional),
                    quote!(fn #name #generics(#receiver #comma #arguments) #result;),
                )
            }
        };
        let more = match member.inherited_from {
            Some(base) => format!("Inherited from `{base}`."),
            None => String::new(),
        };
        let missing = if member.unimplemented {
            "Not implemented: the reference says that it fails."
        } else {
            ""
        };
        let paragraphs = [what, vec![more, missing.to_owned(), errors.to_owned()]].concat();
        let comment = docs::comment(&paragraphs);
        let alias = docs::alias(member.documented, name);
        Ok(quote!(#comment #alias #signature))
    }

    /// What a promise of the SDK fails with.
    fn error(&self) -> TokenStream {
        match &self.item.error {
            Some(error) => {
                let error = names::ident(error);
                quote!(credwire_core::#error)
            }
            None => {
                let sdk = &self.sdk;
                quote!(#sdk::Error)
            }
        }
    }

    /// `-> T`, and whether it is a promise.
    fn result(
        &mut self,
        rust: &str,
        path: &str,
        returns: &TypeExpr,
        optional: bool,
    ) -> Result<(TokenStream, bool), Inexpressible> {
        let wrapped = |ty: TokenStream| if optional { quote!(Option<#ty>) } else { ty };
        Ok(match returns {
            TypeExpr::Ref { name, args } if name == "Promise" && args.len() == 1 => {
                let promised = args.first().unwrap_or(&TypeExpr::Void);
                let value = self.given(rust, path, promised)?;
                let error = self.error();
                let output = wrapped(quote!(Result<#value, #error>));
                (quote!(-> impl Future<Output = #output> + Send), true)
            }
            TypeExpr::Ref { name, args } if name == "Observable" && args.len() == 1 => {
                let streamed = args.first().unwrap_or(&TypeExpr::Void);
                let item = self.given(rust, path, streamed)?;
                let stream = quote!(impl futures_core::Stream<Item = #item> + Send + 'static);
                let stream = wrapped(stream);
                (quote!(-> #stream), false)
            }
            TypeExpr::Predicate { ty, .. } => {
                let narrowed = self.given(rust, path, ty)?;
                (quote!(-> Option<#narrowed>), false)
            }
            _ if is_nothing(returns) && !optional => (TokenStream::new(), false),
            _ => {
                let value = wrapped(self.given(rust, path, returns)?);
                (quote!(-> #value), false)
            }
        })
    }

    /// What comes back, by value.
    fn given(
        &mut self,
        rust: &str,
        path: &str,
        ty: &TypeExpr,
    ) -> Result<TokenStream, Inexpressible> {
        let property = Property::new(path, ty.clone(), self.item.place.clone());
        self.maybe(rust, path, &shape::absence(property))
    }

    fn maybe(
        &mut self,
        rust: &str,
        path: &str,
        property: &Property,
    ) -> Result<TokenStream, Inexpressible> {
        let ty = self.value(rust, path, property)?;
        let absent = property.optional || property.nullable;
        Ok(if absent { quote!(Option<#ty>) } else { ty })
    }

    fn arguments(
        &mut self,
        owner: &str,
        path: &str,
        params: &[Property],
    ) -> Result<TokenStream, Inexpressible> {
        let mut arguments = Vec::new();
        // TypeDoc's word for a parameter that is taken apart where it stands.
        let called = params
            .iter()
            .map(|param| if param.name.starts_with("__") { "options" } else { &param.name });
        for (param, called) in
            params.iter().zip(names::distinct(called, &names::snake, Default::default()))
        {
            let param = shape::absence(param.clone());
            let (name, path) = (names::field(&called), format!("{path}({called})"));
            let ty = self.argument(&names::inner(owner, &called), &path, &param)?;
            arguments.push(quote!(#name: #ty));
        }
        Ok(quote!(#(#arguments),*))
    }

    /// What a method takes. What the application brings is handed over, unions are converted into,
    /// everything else is as in other traits.
    fn argument(
        &mut self,
        rust: &str,
        path: &str,
        param: &Property,
    ) -> Result<TokenStream, Inexpressible> {
        let absent = param.optional || param.nullable;
        let maybe = |ty: TokenStream| if absent { quote!(Option<#ty>) } else { ty };
        if let TypeExpr::Function(function) = &param.ty {
            return Ok(maybe(self.callback(rust, path, function)?));
        }
        let ty = self.ty(rust, path, param)?;
        let is_kept = match &param.ty {
            TypeExpr::Ref { name, .. } => self
                .cx
                .schema
                .items
                .get(name)
                .is_some_and(|item| self.cx.is_brought(item) && !self.cx.is_object(item)),
            _ => false,
        };
        Ok(match (&param.ty, &ty) {
            _ if is_kept => maybe(quote!(#ty)),
            (_, Ty::Secret) => maybe(quote!(#ty)),
            (TypeExpr::Union(_), Ty::Named { traits, .. }) if !traits.copy => {
                maybe(quote!(impl Into<#ty> + Send))
            }
            _ => signature::argument(param, &ty),
        })
    }

    fn value(
        &mut self,
        rust: &str,
        path: &str,
        property: &Property,
    ) -> Result<TokenStream, Inexpressible> {
        if let TypeExpr::Function(function) = &property.ty {
            return self.callback(rust, path, function);
        }
        if is_nothing(&property.ty) {
            return Ok(quote!(()));
        }
        let ty = self.ty(rust, path, property)?;
        Ok(quote!(#ty))
    }

    /// A function that is handed over.
    fn callback(
        &mut self,
        rust: &str,
        path: &str,
        function: &FunctionType,
    ) -> Result<TokenStream, Inexpressible> {
        if !function.type_params.is_empty() {
            return Err(Inexpressible("a function with type parameters".to_owned()));
        }
        let mut takes = Vec::new();
        for param in &function.params {
            let ty = param.ty.clone().unwrap_or(TypeExpr::Unknown);
            let place = self.item.place.clone();
            let property = shape::in_place(&param.name, ty, param.optional, place);
            let rust = names::inner(rust, &param.name);
            takes.push(self.maybe(&rust, path, &property)?);
        }
        let rust = format!("{rust}Result");
        let gives = match &function.returns {
            TypeExpr::Ref { name, args } if name == "Promise" && args.len() == 1 => {
                let promised = args.first().unwrap_or(&TypeExpr::Void);
                let (value, error) = (self.given(&rust, path, promised)?, self.error());
                quote!(-> std::pin::Pin<Box<dyn Future<Output = Result<#value, #error>> + Send>>)
            }
            TypeExpr::Ref { name, args } if name == "Observable" && args.len() == 1 => {
                let streamed = args.first().unwrap_or(&TypeExpr::Void);
                let item = self.given(&rust, path, streamed)?;
                quote!(-> std::pin::Pin<Box<dyn futures_core::Stream<Item = #item> + Send>>)
            }
            returns => self.result(&rust, path, returns, false)?.0,
        };
        Ok(quote!(Box<dyn Fn(#(#takes),*) #gives + Send + Sync>))
    }

    /// The type of a value; what is spelled out in place becomes a type called `rust`.
    fn ty(&mut self, rust: &str, path: &str, property: &Property) -> Result<Ty, Inexpressible> {
        let ty = self.spelled_out.ty(self.cx, self.item, (rust, path), property, self.problems)?;
        Ok(ty.seen_by(&self.sdk))
    }
}

fn is_nothing(ty: &TypeExpr) -> bool {
    matches!(ty, TypeExpr::Void | TypeExpr::Undefined | TypeExpr::Null)
}
