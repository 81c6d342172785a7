//! Marks behind `cfg_attr`, which the compiler leaves on the fields of what an attribute is on.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{
    Attribute, Meta, Token,
    parse::{ParseStream, Parser},
    punctuated::Punctuated,
};

/// An attribute that is there in some configurations.
pub(crate) struct Conditional {
    pub(crate) condition: TokenStream,
    pub(crate) meta: Meta,
}

/// Takes those with one of `names` off, and leaves what else stands in a `cfg_attr`.
pub(crate) fn take(attrs: &mut Vec<Attribute>, names: &[&str]) -> Vec<Conditional> {
    let mut taken = Vec::new();
    attrs.retain_mut(|attr| {
        let Meta::List(list) = &mut attr.meta else { return true };
        if !list.path.is_ident("cfg_attr") {
            return true;
        }
        // One that cannot be read is reported by the compiler.
        let Ok((condition, metas)) = parse.parse2(list.tokens.clone()) else { return true };
        let is_ours = |meta: &Meta| {
            let last = meta.path().segments.last();
            last.is_some_and(|last| names.iter().any(|name| last.ident == name))
        };
        let (ours, others): (Vec<Meta>, Vec<Meta>) = metas.into_iter().partition(is_ours);
        if ours.is_empty() {
            return true;
        }
        let condition = condition.to_token_stream();
        taken.extend(
            ours.into_iter().map(|meta| Conditional { condition: condition.clone(), meta }),
        );
        list.tokens = quote::quote!(#condition #(, #others)*);
        !others.is_empty()
    });
    taken
}

fn parse(input: ParseStream<'_>) -> syn::Result<(Meta, Punctuated<Meta, Token![,]>)> {
    let condition = input.parse()?;
    input.parse::<Token![,]>()?;
    Ok((condition, Punctuated::parse_terminated(input)?))
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::*;

    #[test]
    fn only_what_is_named_is_taken() {
        let mut attrs: Vec<Attribute> = vec![
            parse_quote!(#[cfg_attr(unix, header("a"), doc = "b", own::query)]),
            parse_quote!(#[cfg_attr(all(unix, windows), json)]),
            parse_quote!(#[cfg_attr(unix, doc = "c")]),
            parse_quote!(#[header]),
        ];
        let taken = take(&mut attrs, &["header", "query", "json"]);
        let text = |tokens: &dyn ToTokens| tokens.to_token_stream().to_string().replace(' ', "");
        let taken: Vec<_> =
            taken.iter().map(|it| format!("{}:{}", it.condition, text(&it.meta))).collect();
        assert_eq!(taken, ["unix:header(\"a\")", "unix:own::query", "all (unix , windows):json"]);
        let left: Vec<_> = attrs.iter().map(|attr| text(attr)).collect();
        assert_eq!(
            left,
            ["#[cfg_attr(unix,doc=\"b\")]", "#[cfg_attr(unix,doc=\"c\")]", "#[header]"]
        );
    }
}
