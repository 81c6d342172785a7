//! Doc comments and search aliases of generated items.

use credwire_schema::model::{Format, Item, Property, Unit};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Ident, ext::IdentExt as _};

use crate::print;

/// A doc comment, one attribute for each line; empty lines separate paragraphs.
pub(crate) fn comment(paragraphs: &[String]) -> TokenStream {
    let text = paragraphs.iter().filter(|text| !text.is_empty()).cloned().collect::<Vec<_>>();
    let text = text.join("\n\n");
    let lines = text.lines().map(|line| {
        let mut line = if line.is_empty() { String::new() } else { format!(" {line}") };
        if !line.chars().all(|c| c == '\t' || print::is_text(c)) {
            line = print::on_one_line(&line);
        }
        quote!(#[doc = #line])
    });
    quote!(#(#lines)*)
}

/// The search alias, where Rust spells the documented name in another way.
pub(crate) fn alias(documented: &str, rust: &Ident) -> TokenStream {
    let rust = rust.unraw();
    if rust == documented || !is_search_alias(documented) {
        TokenStream::new()
    } else {
        quote!(#[doc(alias = #documented)])
    }
}

/// Whether rustdoc takes a name as a search alias.
fn is_search_alias(name: &str) -> bool {
    let is_odd = |c: char| matches!(c, '"' | '\'') || c.is_whitespace() && c != ' ';
    !name.is_empty() && name.trim() == name && !name.contains(is_odd)
}

/// The comment of an item's type.
pub(crate) fn item(item: &Item, more: &[String]) -> TokenStream {
    let first = if item.summary.is_empty() {
        format!("`{}` of the reference.", item.name)
    } else {
        item.summary.clone()
    };
    headed(item, first, more)
}

/// The comment of a type that is not the whole of its item.
pub(crate) fn headed(item: &Item, first: String, more: &[String]) -> TokenStream {
    let mut paragraphs = vec![first];
    paragraphs.extend(more.iter().cloned());
    // A path alone leads nowhere: the address of the reference is not known.
    if item.reference.contains("://") {
        paragraphs.push(format!("Reference: [`{}`]({})", item.name, item.reference));
    }
    comment(&paragraphs)
}

/// The paragraphs about a member: our own line, then its facts, beginning with `what` it is.
pub(crate) fn member(property: &Property, what: &str) -> Vec<String> {
    let presence = match (property.optional, property.nullable) {
        (false, false) => "required",
        (true, false) => "optional",
        (false, true) => "required, may be null",
        (true, true) => "optional, may be null",
    };
    let mut facts = vec![format!("{what} `{}`", property.name), presence.to_owned()];
    facts.extend(self::facts(property));
    vec![property.summary.clone(), format!("{}.", facts.join("; "))]
}

/// What is known of a value beyond its type.
pub(crate) fn facts(property: &Property) -> Vec<String> {
    let mut facts = Vec::new();
    facts.extend(property.unit.map(|unit| unit_text(unit).to_owned()));
    facts.extend(property.format.map(|format| format_text(format).to_owned()));
    if let Some((least, greatest)) = property.range {
        facts.push(format!("from {least} to {greatest}"));
    }
    if let Some(default) = &property.default {
        // Declarations may require what their own words call optional.
        let when = if property.optional { "when absent" } else { "by default" };
        facts.push(format!("`{default}` {when}"));
    }
    facts
}

fn unit_text(unit: Unit) -> &'static str {
    match unit {
        Unit::EpochMillis => "in milliseconds since the Unix epoch",
        Unit::EpochSeconds => "in seconds since the Unix epoch",
        Unit::Millis => "in milliseconds",
        Unit::Seconds => "in seconds",
        Unit::BitsPerSecond => "in bits per second",
        Unit::KilobitsPerSecond => "in thousands of bits per second",
        Unit::Percent => "in percent",
        Unit::Count => "a whole number",
    }
}

fn format_text(format: Format) -> &'static str {
    match format {
        Format::Jwt => "a JOSE token in compact form",
        Format::JwkThumbprint => "a JWK thumbprint (RFC 7638): 43 characters of base64url",
        Format::Iso8601 => "an ISO 8601 instant",
        Format::Sdp => "a session description (RFC 8866)",
    }
}
