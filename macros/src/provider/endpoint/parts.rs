//! The fields of a struct that travel in a request to its endpoint.

use proc_macro2::TokenStream;
use syn::{
    Attribute, Field, Fields, Ident, LitStr, Member, Meta, ext::IdentExt, parse_quote,
    parse_quote_spanned, spanned::Spanned,
};

use super::args::{EndpointArgs, Url};
use crate::{
    conditional::{self, Conditional},
    diagnostic::{Code, Diagnostics},
    shape::Shape,
};

/// What the marked fields give to a request.
pub(crate) struct Parts {
    /// The field that holds the URL.
    pub(super) url: Option<Member>,
    /// The field that holds the HTTP client.
    pub(super) client: Option<Member>,
    pub(super) sent: Vec<Part>,
}

/// A field that is sent.
pub(super) struct Part {
    pub(super) place: Place,
    pub(super) name: String,
    pub(super) mark: Ident,
    pub(super) member: Member,
    pub(super) shape: Shape,
    pub(super) cfgs: Vec<Attribute>,
}

/// Where in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Header,
    Query,
    Json,
}

const MARKS: [&str; 5] = ["header", "query", "json", "endpoint", "client"];

impl Parts {
    /// Takes the marks off the fields.
    pub(crate) fn take(
        fields: &mut Fields,
        args: &EndpointArgs,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let mut parts = Self { url: None, client: None, sent: Vec::new() };
        for (index, field) in fields.iter_mut().enumerate() {
            let is_mark = |attr: &mut Attribute| MARKS.iter().any(|m| attr.path().is_ident(m));
            let marks: Vec<Attribute> = field.attrs.extract_if(.., is_mark).collect();
            for attr in marks {
                parts.add(index, field, &attr, None, args, diagnostics);
            }
            for Conditional { condition, meta } in conditional::take(&mut field.attrs, &MARKS) {
                // Where it stands, for what is wrong with it.
                let attr = parse_quote_spanned!(meta.span()=> #[#meta]);
                parts.add(index, field, &attr, Some(condition), args, diagnostics);
            }
        }
        parts.check(args, diagnostics);
        parts
    }

    fn add(
        &mut self,
        index: usize,
        field: &Field,
        attr: &Attribute,
        condition: Option<TokenStream>,
        args: &EndpointArgs,
        diagnostics: &mut Diagnostics,
    ) {
        let Some(mark) = attr.path().get_ident() else { return };
        let member = field.ident.clone().map_or(Member::from(index), Member::Named);
        let place = match &*mark.to_string() {
            "header" => Place::Header,
            "query" => Place::Query,
            "json" => Place::Json,
            single => {
                let slot = if single == "client" { &mut self.client } else { &mut self.url };
                if condition.is_some() {
                    diagnostics.report(
                        Code::InvalidArgument,
                        &attr.meta,
                        format!("`{mark}` does not hang on a configuration"),
                        "put `#[cfg(..)]` on the whole struct, once for each configuration",
                    );
                } else if !matches!(attr.meta, Meta::Path(_)) {
                    let fact = format!("`{mark}` takes no value");
                    let fix = format!("write `#[{mark}]`");
                    diagnostics.report(Code::InvalidArgument, attr, fact, fix);
                }
                if slot.replace(member).is_some() {
                    let fact = format!("two fields are marked `{mark}`");
                    diagnostics.report(Code::DuplicateArgument, attr, fact, "keep one of them");
                }
                return;
            }
        };
        let Some(name) = name(attr, mark, field, place, diagnostics) else { return };
        let shape = Shape::of(&field.ty);
        if place != Place::Json && shape.kind.is_collection() {
            diagnostics.report(
                Code::RuleType,
                &field.ty,
                format!("a {mark} is one text or number"),
                "send the field with `#[json]`, or join it into a text",
            );
        }
        if place == Place::Json && args.method == "GET" {
            diagnostics.report(
                Code::NoBody,
                attr,
                "a `GET` request has no body",
                "send the field with `#[query]`, or write `method = \"POST\"`",
            );
        }
        let cfgs = field.attrs.iter().filter(|attr| attr.path().is_ident("cfg")).cloned();
        let cfgs =
            cfgs.chain(condition.map(|condition| parse_quote!(#[cfg(#condition)]))).collect();
        self.sent.push(Part { place, name, mark: mark.clone(), member, shape, cfgs });
    }

    fn check(&self, args: &EndpointArgs, diagnostics: &mut Diagnostics) {
        for (index, part) in self.sent.iter().enumerate() {
            let same = |other: &Part| {
                other.place == part.place && other.name.eq_ignore_ascii_case(&part.name)
            };
            let bound = if args.method == "GET" { Place::Query } else { Place::Json };
            let is_ours = args.fingerprint
                && part.place == bound
                && ["fingerprint", "scope"].contains(&&*part.name);
            let (name, mark) = (&part.name, &part.mark);
            if is_ours {
                diagnostics.report(
                    Code::DuplicateArgument,
                    mark,
                    format!("`{name}` is sent for you, with the thumbprint of the client's key"),
                    "choose another name, or write `fingerprint = false`",
                );
            } else if self.sent[..index].iter().any(same) {
                diagnostics.report(
                    Code::DuplicateArgument,
                    mark,
                    format!("the {mark} `{name}` is sent twice"),
                    "give one of the fields another name",
                );
            }
        }
        if let (Url::Field(arg), None) = (&args.url, &self.url) {
            diagnostics.report(
                Code::MissingArgument,
                arg,
                "no field holds the URL of the endpoint",
                "mark it with `#[endpoint]`, or write `endpoint = \"https://..\"`",
            );
        }
        if let (Url::Literal(url), Some(_)) = (&args.url, &self.url) {
            diagnostics.report(
                Code::DuplicateArgument,
                url,
                "the URL of the endpoint stands here and in a field",
                "write `endpoint` alone, or remove `#[endpoint]` from the field",
            );
        }
    }
}

/// The name that a field is sent under: of its mark, or its own.
fn name(
    attr: &Attribute,
    mark: &Ident,
    field: &Field,
    place: Place,
    diagnostics: &mut Diagnostics,
) -> Option<String> {
    let given = match &attr.meta {
        Meta::List(list) => list.parse_args::<LitStr>().ok().map(|literal| literal.value()),
        Meta::Path(_) => field.ident.as_ref().map(|ident| {
            let name = ident.unraw().to_string();
            if place == Place::Header { name.replace('_', "-") } else { name }
        }),
        Meta::NameValue(_) => None,
    };
    // RFC 9110, section 5.1.
    let is_token = |name: &str| {
        let is_letter = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
        !name.is_empty() && name.bytes().all(is_letter)
    };
    match given {
        Some(name) if place == Place::Header && !is_token(&name) => {
            let fact = format!("`{name}` cannot be the name of a header");
            diagnostics.report(Code::InvalidArgument, attr, fact, "write `#[header(\"x-name\")]`");
            None
        }
        Some(name) => Some(name),
        None => {
            let fact = format!("this {mark} has no name");
            let fix = format!("write `#[{mark}(\"name\")]`");
            diagnostics.report(Code::InvalidArgument, attr, fact, fix);
            None
        }
    }
}
