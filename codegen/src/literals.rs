//! Unions of string literals: enums, closed or with `Other(String)`.

mod templates;

use std::collections::{BTreeMap, BTreeSet};

use credwire_schema::model::{Item, Shape};
use proc_macro2::TokenStream;
use quote::quote;
use serde_json::json;
use syn::Ident;

use self::templates::TemplateVariant;
use crate::{
    docs,
    emit::{Emitted, Problems},
    json_schema::{Definition, Node},
    literal_union::Union,
    names,
    ty::Inexpressible,
};

/// The enum of a union.
pub(crate) struct Literals {
    pub(crate) ident: Ident,
    comment: TokenStream,
    alias: TokenStream,
    variants: Vec<Variant>,
    templates: Vec<TemplateVariant>,
    open: bool,
}

pub(crate) struct Variant {
    ident: Ident,
    literal: String,
    comment: TokenStream,
}

/// The enum of an alias.
pub(crate) fn emit(item: &Item, union: Union<'_>, problems: &mut Problems) -> Option<Emitted> {
    let ident = names::ident(&item.rust);
    let more = if union.open {
        "Values that are not listed are kept as they are; do not let behaviour depend on them."
    } else {
        ""
    };
    let comment = docs::item(item, &[more.to_owned()]);
    let alias = docs::alias(&item.name, &ident);
    let unsaid = BTreeMap::new();
    let meanings = match &item.shape {
        Shape::Alias { meanings, .. } => meanings,
        _ => &unsaid,
    };
    let literals = Literals::new(ident.clone(), comment, alias, union, meanings);
    let literals = problems.expressed(&item.place, &item.name, literals)?;
    Some(Emitted::new(vec![ident], tokens(&literals)))
}

impl Literals {
    /// The enum `ident` of `union`.
    ///
    /// # Errors
    /// A template without a name of its own.
    pub(crate) fn new(
        ident: Ident,
        comment: TokenStream,
        alias: TokenStream,
        union: Union<'_>,
        meanings: &BTreeMap<String, String>,
    ) -> Result<Self, Inexpressible> {
        let mut literals = union.literals;
        // The order of a page is not a promise.
        literals.sort_unstable();
        let mut variants: Vec<Variant> = Vec::new();
        // That of all other values.
        let mut taken: BTreeSet<String> =
            union.open.then(|| "Other".to_owned()).into_iter().collect();
        for literal in literals {
            let ident = names::distinct_variant(literal, &mut taken);
            let meaning = meanings.get(literal).cloned().unwrap_or_default();
            let comment = docs::comment(&[meaning, format!("`\"{literal}\"` on the wire.")]);
            variants.push(Variant { ident, literal: literal.to_owned(), comment });
        }
        let templates = templates::variants(union.templates, &variants, meanings)?;
        Ok(Self { ident, comment, alias, variants, templates, open: union.open })
    }
}

/// The enum with its conversions and its serde.
pub(crate) fn tokens(literals: &Literals) -> TokenStream {
    if !literals.templates.is_empty() {
        templates::tokens(literals)
    } else if literals.open {
        open(literals)
    } else {
        closed(literals)
    }
}

/// What the enums of all kinds of unions have in common.
pub(crate) struct Frame<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) comment: &'a TokenStream,
    pub(crate) alias: &'a TokenStream,
    pub(crate) names: Vec<&'a Ident>,
    pub(crate) texts: Vec<&'a str>,
    pub(crate) comments: Vec<&'a TokenStream>,
}

impl Literals {
    pub(crate) fn frame(&self) -> Frame<'_> {
        Frame {
            ident: &self.ident,
            comment: &self.comment,
            alias: &self.alias,
            names: self.variants.iter().map(|variant| &variant.ident).collect(),
            texts: self.variants.iter().map(|variant| variant.literal.as_str()).collect(),
            comments: self.variants.iter().map(|variant| &variant.comment).collect(),
        }
    }

    /// The literals of `union` without any words about them.
    ///
    /// # Errors
    /// As for [`Self::new`].
    pub(crate) fn plain(ident: Ident, union: Union<'_>) -> Result<Self, Inexpressible> {
        let none = TokenStream::new();
        Self::new(ident, none.clone(), none, union, &BTreeMap::new())
    }

    /// The schema of this enum.
    pub(crate) fn definition(&self) -> Definition {
        let known: Vec<&str> = self.variants.iter().map(|one| one.literal.as_str()).collect();
        let node = if self.open {
            // Readers of schemas take a choice between some texts and any text for none of them.
            let open = Node::from(json!({"type": "string"}));
            if known.is_empty() { open } else { open.with("examples", json!(known)) }
        } else {
            let patterns = self.templates.iter().map(TemplateVariant::pattern);
            let patterns = patterns.map(|pattern| json!({"type": "string", "pattern": pattern}));
            let known = (!known.is_empty()).then(|| json!({"type": "string", "enum": known}));
            let alternatives = known.into_iter().chain(patterns).map(Node::from).collect();
            Node::one_of(alternatives, templates::are_exclusive(&self.templates, &self.variants))
        };
        Definition { ident: self.ident.clone(), params: Vec::new(), node }
    }

    pub(crate) fn templates(&self) -> &[TemplateVariant] {
        &self.templates
    }

    /// Whether strings that are not listed are values too.
    pub(crate) fn is_open(&self) -> bool {
        self.open
    }
}

impl Variant {
    pub(crate) fn ident(&self) -> &Ident {
        &self.ident
    }
}

fn closed(literals: &Literals) -> TokenStream {
    let Frame { ident, comment, alias, names, texts, comments } = literals.frame();
    let expected: Vec<String> = texts.iter().map(|text| format!("\"{text}\"")).collect();
    let expected = format!("expected one of {}", expected.join(", "));
    let no_rules = no_rules(ident);
    quote! {
        #comment
        #alias
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
        #[non_exhaustive]
        pub enum #ident {
            #(#comments #[serde(rename = #texts)] #names),*
        }
        impl #ident {
            /// Every value.
            pub const ALL: &'static [Self] = &[#(Self::#names),*];
            /// The value as it is on the wire.
            pub const fn as_str(self) -> &'static str {
                match self {
                    #(Self::#names => #texts),*
                }
            }
        }
        impl std::fmt::Display for #ident {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
        impl std::str::FromStr for #ident {
            type Err = credwire_core::support::form::UnknownValue;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    #(#texts => Ok(Self::#names),)*
                    _ => Err(credwire_core::support::form::UnknownValue::new(#expected)),
                }
            }
        }
        impl<'de> serde::Deserialize<'de> for #ident {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                credwire_core::support::text::read(deserializer, str::parse)
            }
        }
        #no_rules
    }
}

/// A value of a union of literals can break no rule.
pub(crate) fn no_rules(ident: &Ident) -> TokenStream {
    quote! {
        impl credwire_core::Validate for #ident {
            fn check(&self, _validator: &mut credwire_core::Validator) {}
        }
    }
}

fn open(literals: &Literals) -> TokenStream {
    let Frame { ident, comment, alias, names, texts, comments } = literals.frame();
    let no_rules = no_rules(ident);
    quote! {
        #comment
        #alias
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum #ident {
            #(#comments #names,)*
            /// Any other value, as it is on the wire.
            Other(String),
        }
        impl #ident {
            /// The value as it is on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#names => #texts,)*
                    Self::Other(text) => text,
                }
            }
        }
        impl From<&str> for #ident {
            fn from(text: &str) -> Self {
                match text {
                    #(#texts => Self::#names,)*
                    _ => Self::Other(text.to_owned()),
                }
            }
        }
        impl From<String> for #ident {
            fn from(text: String) -> Self {
                match text.as_str() {
                    #(#texts => Self::#names,)*
                    _ => Self::Other(text),
                }
            }
        }
        impl std::fmt::Display for #ident {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
        impl serde::Serialize for #ident {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
        impl<'de> serde::Deserialize<'de> for #ident {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                credwire_core::support::text::read(deserializer, |text| {
                    Ok::<_, std::convert::Infallible>(Self::from(text))
                })
            }
        }
        #no_rules
    }
}
