//! `#[derive(RpcMethod)]`.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{DeriveInput, LitStr, Type, parse_quote};

use crate::{
    args::{Args, Value},
    crate_path::CratePath,
    diagnostic::{Code, Diagnostics, compile_error},
    keywords, parse,
};

/// A type that can be expanded.
struct Checked {
    krate: CratePath,
    name: LitStr,
    result: Type,
}

/// Expands `#[derive(RpcMethod)] item`.
pub(crate) fn expand(item: TokenStream) -> TokenStream {
    let input: DeriveInput = match parse::all(keywords::raw(item)) {
        Ok(input) => input,
        Err(error) => return compile_error(&error),
    };
    let mut diagnostics = Diagnostics::default();
    let checked = check(&input, &mut diagnostics);
    let method = checked.krate.is_known().then(|| implementation(&input, &checked));
    let errors = diagnostics.into_tokens();
    quote!(#method #errors)
}

/// After faults the result has stand-ins, so that code that uses the method raises no second error.
fn check(input: &DeriveInput, diagnostics: &mut Diagnostics) -> Checked {
    let mut args = Args::gather("rpc", "`rpc`", &input.attrs, diagnostics);
    let krate = args.crate_path(diagnostics);
    let missing: Vec<&str> =
        ["method", "result"].into_iter().filter(|name| !args.has(name)).collect();
    if !missing.is_empty() && !args.is_unreadable() {
        diagnostics.report(
            Code::MissingArgument,
            &input.ident,
            format!("`{}` does not say its {}", input.ident, missing.join(" and its ")),
            "write `#[rpc(method = \"example.echo\", result = Echoed)]` on it",
        );
    }
    let name = args.string("method", diagnostics);
    let result = take_result(&mut args, diagnostics);
    args.finish(diagnostics);
    if let Some(name) = &name {
        check_name(name, diagnostics);
    }
    Checked {
        krate,
        name: name.unwrap_or_else(|| LitStr::new("", input.ident.span())),
        result: result.unwrap_or_else(|| parse_quote!(())),
    }
}

fn take_result(args: &mut Args, diagnostics: &mut Diagnostics) -> Option<Type> {
    let arg = args.take("result", diagnostics)?;
    if let Value::Type(ty) = arg.value {
        return Some(*ty);
    }
    diagnostics.report(
        Code::InvalidArgument,
        &arg,
        "`result` takes a type",
        "write `result = Echoed`, or `result = ()` for a method that answers `null`",
    );
    None
}

/// JSON-RPC 2.0, section 4: names that begin with `rpc.` are reserved.
fn check_name(name: &LitStr, diagnostics: &mut Diagnostics) {
    let text = name.value();
    let (fact, fix) = if text.is_empty() {
        ("a method needs a name", "write it as it stands in the `method` member")
    } else if text.starts_with("rpc.") {
        ("JSON-RPC keeps names that begin with `rpc.` for itself", "choose another prefix")
    } else if text.contains(|letter: char| letter.is_whitespace() || letter.is_control()) {
        ("the name of a method holds no white space", "write it as one word, with dots")
    } else {
        return;
    };
    diagnostics.report(Code::MethodName, name, fact, fix);
}

fn implementation(input: &DeriveInput, checked: &Checked) -> TokenStream {
    let Checked { krate, name, result } = checked;
    // Of this expansion: the compiler does not say of a derive that the item is deprecated.
    let mut ident = input.ident.clone();
    ident.set_span(ident.span().resolved_at(Span::call_site()));
    let mut generics = input.generics.clone();
    if generics.type_params().next().is_some() {
        let predicate = parse_quote!(Self: #krate::SerializeExposed);
        generics.make_where_clause().predicates.push(predicate);
    }
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    // At the type's name, so that a missing `Serialize` is reported there.
    let params = quote_spanned!(ident.span()=> Self);
    quote! {
        #[automatically_derived]
        impl #impl_generics #krate::RpcMethod for #ident #ty_generics #where_clause {
            const NAME: &'static ::core::primitive::str = #name;
            type Params = #params;
            type Result = #result;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_starts_at_the_crate() {
        let expansion = expand(quote! {
            #[rpc(method = "a.b", crate = "renamed")]
            #[rpc(result = Vec<Map<String, u8>>)]
            struct Ask<T: Bound> where T: Other { value: T }
        });
        let expansion = expansion.to_string().replace([' ', '\n'], "");
        assert!(!expansion.contains("compile_error"), "{expansion}");
        assert!(!expansion.contains("credwire"), "{expansion}");
        assert!(expansion.contains(
            "impl<T:Bound>renamed::RpcMethodforAsk<T>whereT:Other,Self:renamed::SerializeExposed"
        ));
        assert!(expansion.contains("typeResult=Vec<Map<String,u8>>;"), "{expansion}");
    }

    #[test]
    fn what_is_no_type_is_still_implemented() {
        let expansion = expand(quote!(
            #[rpc(method = "rpc.x", result = "T")]
            enum Ask {}
        ));
        let expansion = expansion.to_string();
        assert_eq!(expansion.matches("compile_error").count(), 2, "{expansion}");
        assert!(expansion.contains("RpcMethod for Ask"), "{expansion}");
    }
}
