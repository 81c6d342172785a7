//! The object-safe mirror of a trait with asynchronous methods, and the impls that lead from one to
//! the other. They stand beside the trait, where alone the orphan rule lets them stand.

use credwire_schema::model::Item;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Ident, ext::IdentExt as _};

use super::{Argument, Method, Returns, failure, value_returned};
use crate::{docs, generics::Generics};

pub(super) struct Mirror {
    pub(super) ident: Ident,
    pub(super) tokens: TokenStream,
}

/// The mirror of the trait `of`. A trait without futures is object-safe itself, and one whose
/// methods have type parameters has no object-safe form.
pub(super) fn mirror(
    of: &Ident,
    generics: &Generics,
    item: &Item,
    methods: &[Method],
) -> Option<Mirror> {
    let waits = methods.iter().any(|method| !matches!(method.returns, Returns::Value(_)));
    if !waits
        || !item.type_params.is_empty()
        || methods.iter().any(|method| !method.generics.is_empty())
    {
        return None;
    }
    let ident = format_ident!("Dyn{}", of.unraw().to_string().trim_end_matches('_'));
    let (future, failure) = (format_ident!("{ident}Future"), failure(item));
    let comment = docs::comment(&[
        format!("The object-safe form of [`{of}`](crate::{of})."),
        format!(
            "Everything that implements `{of}` implements this too, and `dyn {ident}` implements \
             `{of}`, whose methods are the ones to call. Those of this trait have names of their \
             own, so that both traits can be in scope."
        ),
    ]);
    let (params, arguments) = (generics.parameters(), generics.arguments());
    let definition = generics.definition();
    let declared = methods.iter().map(|method| {
        let signature = method.boxed(&future);
        let comment = docs::comment(&[method.of_trait(of)]);
        quote!(#comment #signature;)
    });
    let boxing = methods.iter().map(|method| method.boxing(&future));
    let unboxing = methods.iter().map(|method| method.unboxing(&ident, &failure));
    let delegating: Vec<TokenStream> =
        methods.iter().map(|method| method.delegating(&failure)).collect();
    let by_value = generics.with(&quote!(T: crate::#of #arguments));
    let unsized_ = generics.with(&quote!(T: crate::#of #arguments + ?Sized));
    let tokens = quote! {
        type #future<'a, T> =
            std::pin::Pin<Box<dyn Future<Output = Result<T, #failure>> + Send + 'a>>;

        #comment
        pub trait #ident #definition: Send + Sync + 'static {
            #(#declared)*
        }

        impl #by_value crate::#ident #arguments for T {
            #(#boxing)*
        }

        impl #params crate::#of #arguments for dyn #ident #arguments {
            #(#unboxing)*
        }

        impl #unsized_ crate::#of #arguments for Box<T> {
            #(#delegating)*
        }

        impl #unsized_ crate::#of #arguments for std::sync::Arc<T> {
            #(#delegating)*
        }
    };
    Some(Mirror { ident, tokens })
}

impl Method {
    fn of_trait(&self, of: &Ident) -> String {
        let name = &self.name;
        let what = match self.returns {
            Returns::Value(_) => "",
            Returns::Future(_) => ", with its future in a box",
            Returns::Optional { .. } => ", with its future in a box, where there is one",
        };
        format!("[`{of}::{name}`](crate::{of}::{name}){what}.")
    }

    /// Whether it takes references beside `&self`.
    fn borrows(&self) -> bool {
        self.arguments.iter().any(|it| it.ty.to_string() != it.lent.to_string())
    }

    /// Its name in the mirror.
    fn mirrored(&self) -> Ident {
        format_ident!("dyn_{}", self.name.unraw().to_string().trim_matches('_'))
    }

    fn given(&self) -> impl Iterator<Item = &Ident> {
        self.arguments.iter().map(|argument| &argument.name)
    }

    /// The signature of the mirror's method; `future` is a future in a box.
    fn boxed(&self, future: &Ident) -> TokenStream {
        let (name, returns) = (self.mirrored(), &self.returns);
        let is_value = matches!(returns, Returns::Value(_));
        let (params, receiver, lifetime) = if self.borrows() && !is_value {
            (quote!(<'a>), quote!(&'a self), quote!('a))
        } else {
            (TokenStream::new(), quote!(&self), quote!('_))
        };
        let arguments = self.arguments.iter().map(|Argument { name, ty, lent }| {
            let ty = if is_value { ty } else { lent };
            quote!(#name: #ty)
        });
        let boxed = |value| quote!(#future<#lifetime, #value>);
        let returns = match returns {
            Returns::Value(ty) => value_returned(ty),
            Returns::Future(value) => {
                let boxed = boxed(value);
                quote!(-> #boxed)
            }
            Returns::Optional { value, .. } => {
                let boxed = boxed(value);
                quote!(-> Option<#boxed>)
            }
        };
        quote!(fn #name #params(#receiver #(, #arguments)*) #returns)
    }

    /// The mirror's method, from the trait's.
    fn boxing(&self, future: &Ident) -> TokenStream {
        let (name, given, signature) = (&self.name, self.given(), self.boxed(future));
        let call = quote!(T::#name(self #(, #given)*));
        let body = match self.returns {
            Returns::Value(_) => call,
            Returns::Future(_) => quote!(Box::pin(#call)),
            Returns::Optional { .. } => quote! {
                let future = #call?;
                Some(Box::pin(future))
            },
        };
        quote!(#signature { #body })
    }

    /// The trait's method, from the mirror's. A boxed future lives as long as the shortest of what
    /// it borrows, and what a trait's method returns must name a lifetime of its own: one around
    /// the box does.
    fn unboxing(&self, mirror: &Ident, failure: &TokenStream) -> TokenStream {
        let (name, given, signature) = (&self.name, self.given(), self.signature(failure));
        let mirrored = self.mirrored();
        let call = quote!(#mirror::#mirrored(self #(, #given)*));
        match &self.returns {
            Returns::Future(value) if self.borrows() => {
                let arguments =
                    self.arguments.iter().map(|Argument { name, ty, .. }| quote!(#name: #ty));
                quote! {
                    async fn #name(&self #(, #arguments)*) -> Result<#value, #failure> {
                        #call.await
                    }
                }
            }
            Returns::Optional { missing, .. } if self.borrows() => {
                // Whether there is one is asked first; what is shared is given twice.
                let given = self.arguments.iter().map(|Argument { name, ty, .. }| {
                    if ty.to_string().contains("sync :: Arc") {
                        quote!(#name.clone())
                    } else {
                        quote!(#name)
                    }
                });
                let asked = quote!(#mirror::#mirrored(self #(, #given)*));
                quote! {
                    #signature {
                        #asked.is_some().then_some(async move {
                            match #call {
                                Some(future) => future.await,
                                None => Err(#missing),
                            }
                        })
                    }
                }
            }
            Returns::Value(_) | Returns::Future(_) | Returns::Optional { .. } => {
                quote!(#signature { #call })
            }
        }
    }

    /// The trait's method of a pointer, from that of what it points to.
    fn delegating(&self, failure: &TokenStream) -> TokenStream {
        let (name, given, signature) = (&self.name, self.given(), self.signature(failure));
        quote!(#signature { T::#name(self #(, #given)*) })
    }
}
