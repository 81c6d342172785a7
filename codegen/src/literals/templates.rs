//! Unions with template literals: `` `reserved-${number}` `` is `Reserved(u32)`.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use super::{Literals, Variant, no_rules};
use crate::{docs, json_schema::escaped, literal_union::Template, names, ty::Inexpressible};

/// The variant of a template.
pub(crate) struct TemplateVariant {
    ident: Ident,
    template: Template,
    meaning: String,
}

impl TemplateVariant {
    /// The regular expression (ECMA-262) of the texts that are read, see `form.rs`.
    pub(crate) fn pattern(&self) -> String {
        let (prefix, suffix) = (escaped(&self.template.prefix), escaped(&self.template.suffix));
        format!("^{prefix}{NUMBER}{suffix}$")
    }
}

/// Whether their ends alone show that no text has the form of two templates, and no literal that
/// of one.
pub(super) fn are_exclusive(templates: &[TemplateVariant], literals: &[Variant]) -> bool {
    templates.iter().enumerate().all(|(index, TemplateVariant { template, .. })| {
        let Template { prefix, suffix } = template;
        let is_like = |literal: &Variant| {
            literal.literal.starts_with(prefix) && literal.literal.ends_with(suffix)
        };
        let differs = |TemplateVariant { template: other, .. }: &TemplateVariant| {
            let (a, b) = (prefix.as_str(), other.prefix.as_str());
            let (c, d) = (suffix.as_str(), other.suffix.as_str());
            !(a.starts_with(b) || b.starts_with(a)) || !(c.ends_with(d) || d.ends_with(c))
        };
        !literals.iter().any(is_like) && templates.iter().skip(index + 1).all(differs)
    })
}

/// A decimal number, finite by its length.
const NUMBER: &str = r"[+-]?([0-9]{1,200}(\.[0-9]{0,200})?|\.[0-9]{1,200})([eE][+-]?[0-9]{1,2})?";

/// The variants of templates, with names of their own.
///
/// # Errors
/// A template whose text gives no name, or the name of another variant.
pub(crate) fn variants(
    templates: Vec<Template>,
    literals: &[Variant],
    meanings: &BTreeMap<String, String>,
) -> Result<Vec<TemplateVariant>, Inexpressible> {
    let mut variants: Vec<TemplateVariant> = Vec::new();
    for template in templates {
        let Template { prefix, suffix } = &template;
        let text = format!("{prefix}-{suffix}");
        let form = format!("{prefix}${{number}}{suffix}");
        let shown = format!("`{form}`");
        let name = names::pascal(&text);
        if !names::is_identifier(&name) {
            return Err(Inexpressible(format!("the template {shown}, which has no letters")));
        }
        let ident = names::variant(&text);
        let taken = literals.iter().any(|literal| *literal.ident() == ident)
            || variants.iter().any(|other| other.ident == ident)
            || ident == "Other";
        if taken {
            return Err(Inexpressible(format!("the template {shown}, whose name is taken")));
        }
        let meaning = meanings.get(&form).cloned().unwrap_or_default();
        variants.push(TemplateVariant { ident, template, meaning });
    }
    variants.sort_by(|a, b| a.ident.cmp(&b.ident));
    Ok(variants)
}

/// The enum with its conversions and its serde.
pub(crate) fn tokens(literals: &Literals) -> TokenStream {
    let frame = literals.frame();
    let (ident, comment, alias) = (frame.ident, frame.comment, frame.alias);
    let (names, texts, comments) = (&frame.names, &frame.texts, &frame.comments);
    let own: Vec<&Ident> = literals.templates().iter().map(|variant| &variant.ident).collect();
    let prefixes: Vec<&str> =
        literals.templates().iter().map(|variant| variant.template.prefix.as_str()).collect();
    let suffixes: Vec<&str> =
        literals.templates().iter().map(|variant| variant.template.suffix.as_str()).collect();
    let formats = prefixes.iter().zip(&suffixes).map(|(prefix, suffix)| {
        // Braces of the page's text are no placeholders.
        let escape = |text: &str| text.replace('{', "{{").replace('}', "}}");
        format!("{}{{number}}{}", escape(prefix), escape(suffix))
    });
    let patterns: Vec<String> =
        prefixes.iter().zip(&suffixes).map(|(a, b)| format!("`{a}<number>{b}`")).collect();
    let own_comments = literals.templates().iter().zip(&patterns).map(|(template, pattern)| {
        docs::comment(&[template.meaning.clone(), format!("{pattern} on the wire.")])
    });
    let mut expected: Vec<String> = texts.iter().map(|text| format!("\"{text}\"")).collect();
    expected.extend(patterns.iter().map(|pattern| pattern.replace('`', "\"")));
    let expected = format!("expected one of {}", expected.join(", "));
    // With `| string` any text is a value; without, only the forms of the templates are.
    let (other, rest) = if literals.is_open() {
        ("Any other value, as it is on the wire.", quote!(Ok(Self::Other(text.to_owned()))))
    } else {
        (
            "A value of one of the forms with another number, such as a fraction, as it is on the wire.",
            quote! {
                #(if credwire_core::support::form::is_number_between(text, #prefixes, #suffixes) {
                    return Ok(Self::Other(text.to_owned()));
                })*
                Err(credwire_core::support::form::UnknownValue::new(#expected))
            },
        )
    };
    let other = docs::comment(&[other.to_owned()]);
    let no_rules = no_rules(ident);
    quote! {
        #comment
        #alias
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum #ident {
            #(#comments #names,)*
            #(#own_comments #own(u32),)*
            #other
            Other(String),
        }
        impl std::fmt::Display for #ident {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self {
                    #(Self::#names => f.write_str(#texts),)*
                    #(Self::#own(number) => write!(f, #formats),)*
                    Self::Other(text) => f.write_str(text),
                }
            }
        }
        impl std::str::FromStr for #ident {
            type Err = credwire_core::support::form::UnknownValue;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    #(#texts => return Ok(Self::#names),)*
                    _ => {}
                }
                #(if let Some(number) = credwire_core::support::form::whole_between(text, #prefixes, #suffixes) {
                    return Ok(Self::#own(number));
                })*
                #rest
            }
        }
        impl serde::Serialize for #ident {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn are_exclusive(templates: &[(&str, &str)], literals: &[&str]) -> bool {
        let ident = || names::ident("Any");
        let templates: Vec<_> = templates
            .iter()
            .map(|(prefix, suffix)| TemplateVariant {
                ident: ident(),
                template: Template { prefix: (*prefix).to_owned(), suffix: (*suffix).to_owned() },
                meaning: String::new(),
            })
            .collect();
        let literals: Vec<_> = literals
            .iter()
            .map(|literal| Variant {
                ident: ident(),
                literal: (*literal).to_owned(),
                comment: TokenStream::new(),
            })
            .collect();
        super::are_exclusive(&templates, &literals)
    }

    #[test]
    fn ends_that_differ_show_that_no_text_has_two_forms() {
        assert!(are_exclusive(&[("a-", ""), ("b-", ""), ("c-", "px")], &["auto"]));
        assert!(are_exclusive(&[("", "em"), ("", "px")], &[]));
        assert!(!are_exclusive(&[("a", ""), ("a1", "")], &[]));
        assert!(!are_exclusive(&[("a-", ""), ("", "px"), ("", "x")], &[]));
        assert!(!are_exclusive(&[("a-", "")], &["a-7"]));
    }
}
