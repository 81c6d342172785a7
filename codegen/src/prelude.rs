//! Names of Rust's prelude where generated types have the same: spelled out, so that each means
//! what it is meant to.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::ToTokens as _;
use syn::{
    Attribute, Ident, ItemImpl, Lit, LitStr, Meta, Path, Type, TypePath,
    visit_mut::{self, VisitMut},
};

/// The names of the prelude that generated code uses, with where they are.
const PRELUDE: &[(&str, &str)] = &[
    ("AsRef", "std::convert"),
    ("Box", "std::boxed"),
    ("Clone", "std::clone"),
    ("Copy", "std::marker"),
    ("Default", "std::default"),
    ("Drop", "std::ops"),
    ("Eq", "std::cmp"),
    ("Err", "std::result::Result"),
    ("Extend", "std::iter"),
    ("Fn", "std::ops"),
    ("FnMut", "std::ops"),
    ("FnOnce", "std::ops"),
    ("From", "std::convert"),
    ("FromIterator", "std::iter"),
    ("Future", "std::future"),
    ("Into", "std::convert"),
    ("IntoFuture", "std::future"),
    ("IntoIterator", "std::iter"),
    ("Iterator", "std::iter"),
    ("None", "std::option::Option"),
    ("Ok", "std::result::Result"),
    ("Option", "std::option"),
    ("Ord", "std::cmp"),
    ("PartialEq", "std::cmp"),
    ("PartialOrd", "std::cmp"),
    ("Result", "std::result"),
    ("Send", "std::marker"),
    ("Sized", "std::marker"),
    ("Some", "std::option::Option"),
    ("String", "std::string"),
    ("Sync", "std::marker"),
    ("ToOwned", "std::borrow"),
    ("ToString", "std::string"),
    ("TryFrom", "std::convert"),
    ("TryInto", "std::convert"),
    ("Unpin", "std::marker"),
    ("Vec", "std::vec"),
];

/// The names of the prelude that a module defines itself.
pub(crate) struct Taken(Vec<&'static (&'static str, &'static str)>);

impl Taken {
    pub(crate) fn new<'a>(defined: impl IntoIterator<Item = &'a Ident>) -> Self {
        let defined: BTreeSet<String> = defined.into_iter().map(ToString::to_string).collect();
        Self(PRELUDE.iter().filter(|(name, _)| defined.contains(*name)).collect())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The code with these names spelled out.
    pub(crate) fn spelled_out(&self, tokens: TokenStream) -> TokenStream {
        if self.is_empty() {
            return tokens;
        }
        // Code that cannot be read is a fault of the generator, which the printer tells.
        match syn::parse2::<syn::File>(tokens.clone()) {
            Ok(mut file) => {
                Speller(self).visit_file_mut(&mut file);
                file.into_token_stream()
            }
            Err(_) => tokens,
        }
    }
}

struct Speller<'a>(&'a Taken);

impl Speller<'_> {
    fn home(&self, name: &str) -> Option<&str> {
        self.0.0.iter().find(|(taken, _)| *taken == name).map(|(_, home)| *home)
    }
}

impl VisitMut for Speller<'_> {
    /// Types that are implemented for are those of the module, and have their bare name there.
    /// Behaviour alone is implemented for boxes, and is spelled out itself.
    fn visit_item_impl_mut(&mut self, item: &mut ItemImpl) {
        item.attrs.iter_mut().for_each(|attribute| self.visit_attribute_mut(attribute));
        self.visit_generics_mut(&mut item.generics);
        let mut is_behaviour = false;
        if let Some((path, _)) = &mut item.trait_ {
            is_behaviour = path.segments.first().is_some_and(|first| first.ident == "crate");
            self.visit_path_mut(path);
        }
        match &mut *item.self_ty {
            Type::Path(TypePath { path, .. }) if !is_behaviour => {
                for segment in &mut path.segments {
                    self.visit_path_arguments_mut(&mut segment.arguments);
                }
            }
            ty => self.visit_type_mut(ty),
        }
        item.items.iter_mut().for_each(|inner| self.visit_impl_item_mut(inner));
    }

    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        if path.leading_colon.is_some() {
            return;
        }
        let home = path.segments.first().and_then(|first| self.home(&first.ident.to_string()));
        if let Some(mut home) =
            home.and_then(|home| syn::parse_str::<Path>(&format!("::{home}")).ok())
        {
            home.segments.extend(std::mem::take(&mut path.segments));
            *path = home;
        }
    }

    fn visit_attribute_mut(&mut self, attribute: &mut Attribute) {
        // Paths in the arguments of serde stand in texts; a derive names macros.
        let Meta::List(list) = &mut attribute.meta else { return };
        if !list.path.is_ident("serde") {
            return;
        }
        list.tokens = list
            .tokens
            .clone()
            .into_iter()
            .map(|token| {
                let Ok(Lit::Str(text)) = syn::parse2::<Lit>(token.to_token_stream()) else {
                    return token;
                };
                let value = text.value();
                let Some((first, _)) = value.split_once("::") else { return token };
                match self.home(first) {
                    Some(home) => {
                        let spelled = LitStr::new(&format!("::{home}::{value}"), text.span());
                        spelled.into_token_stream().into_iter().next().unwrap_or(token)
                    }
                    None => token,
                }
            })
            .collect();
    }
}
