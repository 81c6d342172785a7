//! The code of a derived `Validate`: a call for each rule.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Expr, Type};

use super::{
    bounds,
    check::{Body, CheckedField, CheckedItem, CheckedVariant, OneOf},
    rule::{Rule, RuleKind, Words},
    serde_attrs::Place,
};
use crate::{
    crate_path::CratePath,
    shape::{Kind, Shape, Unit, entry, item},
};

pub(super) fn expand(checked: &CheckedItem) -> TokenStream {
    let mut code = Expander::new(checked);
    let one_of: Vec<_> = match &checked.body {
        Body::Struct(fields) => {
            let one_of = |one_of| code.at_least_one(one_of, fields, checked.is_packed);
            checked.one_of.iter().map(one_of).collect()
        }
        Body::Enum(_) => Vec::new(),
    };
    let members = match &checked.body {
        Body::Struct(fields) => code.structure(fields, checked.is_packed),
        Body::Enum(variants) => code.enumeration(variants),
    };
    let whole = {
        let it = code.value.clone();
        let rules: Vec<_> = checked
            .rules
            .iter()
            .map(|rule| code.rule(rule, &Target { ty: None, place: None, label: None }))
            .collect();
        (!rules.is_empty()).then(|| quote!({ let #it = self; #(#rules)* }))
    };
    let context = checked.context.as_ref().filter(|_| code.reads_context).map(|ty| {
        let Expander { support, validator, context, .. } = &code;
        quote!(let #context = #support::context::<#ty>(#validator);)
    });
    let levels = code.probes.then(|| {
        let support = &code.support;
        quote!(use #support::levels::*;)
    });
    let body = quote!(#levels #context #(#one_of)* #members #whole);
    implementation(checked, &body, &code.validator)
}

/// An impl without checks, so that code that uses the item raises no error beside the reports.
pub(super) fn skeleton(checked: &CheckedItem) -> TokenStream {
    implementation(checked, &TokenStream::new(), &local("validator"))
}

fn implementation(checked: &CheckedItem, body: &TokenStream, validator: &Ident) -> TokenStream {
    let CheckedItem { krate, .. } = checked;
    // Of this expansion: the compiler does not say of a derive that the item is deprecated.
    let mut ident = checked.ident.clone();
    ident.set_span(ident.span().resolved_at(Span::call_site()));
    let generics = bounds::generics(checked);
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    let (_, ty_generics, _) = checked.generics.split_for_impl();
    let validator = if body.is_empty() { quote!(_) } else { validator.to_token_stream() };
    quote! {
        #[automatically_derived]
        impl #impl_generics #krate::Validate for #ident #ty_generics #where_clause {
            fn check(&self, #validator: &mut #krate::Validator) {
                #body
            }
        }
    }
}

/// A name that code of the user does not see, and that no constant of the user has: where one is in
/// scope, a variable of its name would be a pattern that compares with it.
fn local(name: &str) -> Ident {
    format_ident!("__{name}", span = Span::mixed_site())
}

/// The variable `local`, at the place of what asks for it: an error about its type is reported there.
fn at(local: &Ident, here: Span) -> Ident {
    Ident::new(&local.to_string(), here)
}

/// A path at the place of what asks for it, which stands for what it was.
fn located(path: &impl ToTokens, here: Span) -> TokenStream {
    let located = |mut tree: TokenTree| {
        tree.set_span(tree.span().located_at(here));
        tree
    };
    path.to_token_stream().into_iter().map(located).collect()
}

/// How the parts of a value are visited: the trait, its method, and the level at which the value is asked for it.
struct Parts {
    of: &'static str,
    each: &'static str,
    level: &'static str,
}

const ITEMS: Parts = Parts { of: "Items", each: "each_item", level: "items" };
const ENTRIES: Parts = Parts { of: "Entries", each: "each_entry", level: "entries" };

/// A value that has rules: the variable `value` refers to it.
struct Target<'a> {
    /// Its type; none for the item itself, and where it cannot be read.
    ty: Option<&'a Type>,
    /// The member that it is.
    place: Option<&'a str>,
    /// Its name in Rust, when it is no member on the wire.
    label: Option<String>,
}

struct Expander<'a> {
    krate: &'a CratePath,
    support: TokenStream,
    has_context: bool,
    reads_context: bool,
    probes: bool,
    value: Ident,
    validator: Ident,
    context: Ident,
}

impl<'a> Expander<'a> {
    fn new(checked: &'a CheckedItem) -> Self {
        let krate = &checked.krate;
        Self {
            krate,
            support: quote!(#krate::__private::rules),
            has_context: checked.context.is_some(),
            reads_context: false,
            probes: false,
            value: local("value"),
            validator: local("validator"),
            context: local("context"),
        }
    }

    fn structure(&mut self, fields: &[CheckedField], is_packed: bool) -> TokenStream {
        let with_rules = fields.iter().filter(|field| !field.rules.is_empty());
        let members = with_rules.map(|field| {
            let member = &field.member;
            let value = if is_packed { quote!(&{ self.#member }) } else { quote!(&self.#member) };
            let others = |other: &Ident| {
                let here = other.span().resolved_at(Span::call_site());
                if is_packed {
                    quote_spanned!(here=> &{ self.#other })
                } else {
                    quote_spanned!(here=> &self.#other)
                }
            };
            self.field(field, &value, &others)
        });
        members.collect()
    }

    fn enumeration(&mut self, variants: &[CheckedVariant]) -> TokenStream {
        let has_rules =
            |variant: &&CheckedVariant| variant.fields.iter().any(|field| !field.rules.is_empty());
        let with_rules: Vec<_> = variants.iter().filter(has_rules).collect();
        if with_rules.is_empty() {
            return TokenStream::new();
        }
        let arms = with_rules.iter().map(|variant| {
            let CheckedVariant { ident, outer, fields } = variant;
            let binding = |name: &str| local(&format!("field_{name}"));
            let bindings = fields.iter().map(|field| {
                let (member, name) = (&field.member, binding(&field.name()));
                quote!(#member: #name)
            });
            // Every field is bound, for rules name others; this uses those that none does.
            let used = fields.iter().map(|field| binding(&field.name()));
            let checks: TokenStream = fields
                .iter()
                .filter(|field| !field.rules.is_empty())
                .map(|field| {
                    let value = binding(&field.name()).to_token_stream();
                    let others = |other: &Ident| {
                        binding(&syn::ext::IdentExt::unraw(other).to_string()).to_token_stream()
                    };
                    self.field(field, &value, &others)
                })
                .collect();
            let checks = match outer {
                Some(outer) => {
                    let (support, validator) = (&self.support, &self.validator);
                    quote!(#support::Spot::at(#outer).walk(#validator, |#validator| { #checks });)
                }
                None => checks,
            };
            quote!(Self::#ident { #(#bindings),* } => { let _ = (#(#used,)*); #checks })
        });
        let arms: TokenStream = arms.collect();
        let rest = (with_rules.len() < variants.len()).then(|| quote!(_ => {}));
        quote!(match self { #arms #rest })
    }

    /// The rules of a field; `value` is a reference to it.
    fn field(
        &mut self,
        field: &CheckedField,
        value: &TokenStream,
        others: &dyn Fn(&Ident) -> TokenStream,
    ) -> TokenStream {
        let (place, label) = match &field.place {
            Place::Member(name) => (Some(&**name), None),
            Place::Whole => (None, None),
            Place::Nowhere => (None, Some(field.name())),
        };
        let target = Target { ty: Some(&field.ty), place, label };
        let equal: TokenStream =
            field.rules.iter().map(|rule| self.equal(rule, &target, others)).collect();
        let rules: TokenStream = field.rules.iter().map(|rule| self.rule(rule, &target)).collect();
        let name = &self.value;
        quote!({ let #name = #value; #rules #equal })
    }

    /// `equals`, which needs the other fields.
    fn equal(
        &self,
        rule: &Rule,
        target: &Target<'_>,
        others: &dyn Fn(&Ident) -> TokenStream,
    ) -> TokenStream {
        let RuleKind::Equals(other) = &rule.kind else { return TokenStream::new() };
        let Self { support, value, validator, .. } = self;
        let here = here(rule);
        let spot = self.spot(target, &rule.words);
        let name = syn::ext::IdentExt::unraw(other).to_string();
        let (value, other) = (at(value, here), others(other));
        let equal = quote_spanned!(here=> ::core::cmp::PartialEq::eq(#value, #other));
        quote_spanned!(here=> #support::equals(#equal, #validator, #spot, #name);)
    }

    /// Where a violation is reported, and with which words.
    fn spot(&self, target: &Target<'_>, words: &Words) -> TokenStream {
        let support = &self.support;
        let mut spot = match target.place {
            Some(place) => quote!(#support::Spot::at(#place)),
            None => quote!(#support::Spot::HERE),
        };
        if let Some(label) = &target.label {
            spot = quote!(#spot.label(#label));
        }
        if let Some(code) = &words.code {
            spot = quote!(#spot.code(#code));
        }
        if let Some(message) = &words.message {
            spot = quote!(#spot.message(#message));
        }
        spot
    }

    /// The code of one rule.
    fn rule(&mut self, rule: &Rule, target: &Target<'_>) -> TokenStream {
        let (validator, value) = (self.validator.clone(), self.value.clone());
        let spot = self.spot(target, &rule.words);
        // At the rule, so that a type it does not fit is reported there.
        let here = here(rule);
        let support = located(&self.support, here);
        let it = at(&value, here).to_token_stream();
        match &rule.kind {
            RuleKind::Equals(_) => TokenStream::new(),
            RuleKind::Nested => {
                let krate = located(self.krate, here);
                self.on(target, "rules", here, |it| {
                    quote_spanned! {here=>
                        #support::Spot::walk(#spot, #validator, |#validator| {
                            #krate::Validate::check(#it, #validator);
                        });
                    }
                })
            }
            RuleKind::Length(range) => {
                let range = range.tokens();
                self.on(target, "measured", here, |it| {
                    let measured = quote_spanned!(here=> #support::Measured);
                    quote_spanned! {here=>
                        #support::length(
                            #it, #measured::estimate, #measured::length, #support::unit,
                            #validator, #spot, #range
                        );
                    }
                })
            }
            RuleKind::Bytes(range) => {
                let range = range.tokens();
                let length = quote_spanned!(here=> ::core::primitive::str::len);
                self.text("bytes", target, here, &spot, &length, Some(range))
            }
            RuleKind::Form(form) => {
                let form = format_ident!("{form}");
                let form = quote!(#support::#form);
                let fits = quote_spanned!(here=> #form.fits);
                self.text("form", target, here, &spot, &fits, Some(form))
            }
            RuleKind::Beside(other) => {
                let name = rule.name.to_string();
                let (text, part) = (local("text"), at(&local("part"), here));
                let holds = match &*name {
                    "contains" => quote!(#text.contains(#part)),
                    "excludes" => quote!(!#text.contains(#part)),
                    "prefix" => quote!(#text.starts_with(#part)),
                    _ => quote!(#text.ends_with(#part)),
                };
                let holds = quote_spanned!(here=> |#text| #holds);
                let rest = quote!(#name, #part);
                let check = self.text("beside", target, here, &spot, &holds, Some(rest));
                quote_spanned! {here=>
                    {
                        let #part = &(#other);
                        let #part = ::core::convert::AsRef::<::core::primitive::str>::as_ref(#part);
                        #check
                    }
                }
            }
            RuleKind::Pattern(pattern) => {
                let text = local("text");
                let matches = quote_spanned!(here=> |#text| (#pattern).is_match(#text));
                let shown = quote!(::core::option::Option::None);
                self.text("pattern", target, here, &spot, &matches, Some(shown))
            }
            RuleKind::CompiledPattern(literal, automaton) => {
                let (text, automaton) = (local("text"), automaton.tokens(&support));
                let matches = quote_spanned! {here=>
                    |#text| {
                        const PATTERN: #support::Automaton = #automaton;
                        #support::Automaton::is_match(&PATTERN, #text)
                    }
                };
                let shown = quote!(::core::option::Option::Some(#literal));
                self.text("pattern", target, here, &spot, &matches, Some(shown))
            }
            RuleKind::Epoch(unit) => {
                let check = match unit {
                    Unit::Millis => "epoch_millis",
                    Unit::Seconds => "epoch_seconds",
                };
                self.number(check, target, here, &spot, None)
            }
            RuleKind::Range(range) => {
                let shape = target.ty.map(Shape::of);
                let is_number = |shape: &Shape| !matches!(shape.kind, Kind::Other | Kind::Plain);
                if !shape.as_ref().is_some_and(is_number) && !range.is_literal() {
                    // What is ordered in a way of its own.
                    self.probes = true;
                    let range = range.tokens();
                    let check = quote_spanned! {here=>
                        (&&&&#support::Ranged::new(#it, #range)).range(#validator, #spot);
                    };
                    return self.inside(shape.as_ref(), check);
                }
                let convert = |bound: TokenStream| {
                    let number = quote_spanned!(here=> #support::AsNumber::as_number(&(#bound)));
                    quote_spanned!(here=> #support::bound(#number))
                };
                let (least, most) = range.bounds(shape.map(|shape| shape.kind), here, convert);
                let bounds = quote!(#least, #most);
                self.number("range", target, here, &spot, Some(bounds))
            }
            RuleKind::Required => {
                let is_absent = quote_spanned!(here=> ::core::option::Option::is_none(#it));
                quote_spanned!(here=> #support::required(#is_absent, #validator, #spot);)
            }
            RuleKind::Custom(rule) => {
                let check = self.judged(rule, &it, here, &spot);
                self.inside(target.ty.map(Shape::of).as_ref(), check)
            }
            RuleKind::With(rule) => {
                let call = match rule {
                    Expr::Closure(_) => {
                        quote_spanned!(here=> #support::report_with(#it, #validator, #rule);)
                    }
                    _ => quote_spanned!(here=> (#rule)(#it, #validator);),
                };
                let walk = quote_spanned! {here=>
                    #support::Spot::walk(#spot, #validator, |#validator| { #call });
                };
                self.inside(target.ty.map(Shape::of).as_ref(), walk)
            }
            RuleKind::When(condition, rules) => {
                let rules: TokenStream = rules.iter().map(|rule| self.rule(rule, target)).collect();
                // `self` is that of the method, whose names are of the place of the derive.
                let whole = quote!(self);
                let holds = match condition {
                    Expr::Closure(_) => quote_spanned!(here=> #support::call(#whole, #condition)),
                    _ => quote_spanned!(here=> (#condition)(#whole)),
                };
                quote_spanned!(here=> if #holds { #rules })
            }
            RuleKind::Items(rules) => {
                let inner = target.ty.map(Shape::of).and_then(|it| item(&it.inner).cloned());
                let rules = self.part(rules, inner.as_ref());
                let index = local("index");
                let krate = self.krate;
                let visit = quote_spanned! {here=>
                    |#index, #value| {
                        #krate::Validator::at_index(#validator, #index, |#validator| { #rules });
                    }
                };
                self.each(&ITEMS, target, here, &spot, &visit)
            }
            RuleKind::Keys(rules) | RuleKind::Values(rules) => {
                let is_key = matches!(rule.kind, RuleKind::Keys(_));
                let shape = target.ty.map(Shape::of);
                let inner = shape.as_ref().and_then(|shape| entry(&shape.inner));
                let inner = inner.map(|(key, value)| if is_key { key } else { value });
                let rules = self.part(rules, inner);
                let (key, krate) = (local("key"), self.krate);
                let (held, bind) = match is_key {
                    true => (quote!(_), quote!(let #value = #key;)),
                    false => (quote!(#value), TokenStream::new()),
                };
                let visit = quote_spanned! {here=>
                    |#key, #held| {
                        #bind
                        #krate::Validator::at_key(#validator, #key, |#validator| { #rules });
                    }
                };
                self.each(&ENTRIES, target, here, &spot, &visit)
            }
        }
    }

    /// A call of the function `check` with what `read` returns of the text, where it reports, and the
    /// `rest` of what it takes.
    fn text(
        &mut self,
        check: &str,
        target: &Target<'_>,
        here: Span,
        spot: &TokenStream,
        read: &TokenStream,
        rest: Option<TokenStream>,
    ) -> TokenStream {
        let (support, validator) = (located(&self.support, here), self.validator.clone());
        let check = Ident::new(check, here);
        let rest = rest.into_iter();
        self.on(target, "text", here, |it| {
            let found = quote_spanned!(here=> #support::AsText::with_text(#it, #read));
            quote_spanned!(here=> #support::#check(#found, #validator, #spot #(, #rest)*);)
        })
    }

    /// A call of the function `check` with the number, where it reports, and the `rest` of what it takes.
    fn number(
        &mut self,
        check: &str,
        target: &Target<'_>,
        here: Span,
        spot: &TokenStream,
        rest: Option<TokenStream>,
    ) -> TokenStream {
        let (support, validator) = (located(&self.support, here), self.validator.clone());
        let check = Ident::new(check, here);
        let rest = rest.into_iter();
        self.on(target, "number", here, |it| {
            let number = quote_spanned!(here=> #support::AsNumber::as_number(#it));
            quote_spanned!(here=> #support::#check(#number, #validator, #spot #(, #rest)*);)
        })
    }

    /// A call that takes the value and what visits each of its parts.
    fn each(
        &mut self,
        parts: &Parts,
        target: &Target<'_>,
        here: Span,
        spot: &TokenStream,
        visit: &TokenStream,
    ) -> TokenStream {
        let (support, validator) = (located(&self.support, here), self.validator.clone());
        let (of, each) = (Ident::new(parts.of, here), Ident::new(parts.each, here));
        self.on(target, parts.level, here, |it| {
            quote_spanned! {here=>
                #support::Spot::walk(#spot, #validator, |#validator| {
                    #support::#of::#each(#it, #visit);
                });
            }
        })
    }

    /// The rules of an item, a key or a value.
    fn part(&mut self, rules: &[Rule], ty: Option<&Type>) -> TokenStream {
        let target = Target { ty, place: None, label: None };
        rules.iter().map(|rule| self.rule(rule, &target)).collect()
    }

    /// The code that `check` makes of a reference to the value. A type of which nothing is known is
    /// probed by `level`, inside the wrappers that can be seen.
    fn on(
        &mut self,
        target: &Target<'_>,
        level: &str,
        here: Span,
        check: impl FnOnce(TokenStream) -> TokenStream,
    ) -> TokenStream {
        let it = at(&self.value, here).to_token_stream();
        let shape = target.ty.map(Shape::of);
        if shape.as_ref().is_some_and(|shape| shape.kind != Kind::Other) {
            return check(it);
        }
        self.probes = true;
        let (support, level) = (&self.support, Ident::new(level, here));
        let check = check(quote_spanned!(here=> &(&&&&&#support::Probe(#it)).#level()));
        self.inside(shape.as_ref(), check)
    }

    /// `check` with `value` inside the wrappers that can be seen.
    fn inside(&self, shape: Option<&Shape>, check: TokenStream) -> TokenStream {
        let value = self.value.to_token_stream();
        match shape {
            Some(shape) => shape.unwrapped(&value, self.krate, check),
            None => check,
        }
    }

    /// `custom`: what a function or a closure of the user returns.
    fn judged(
        &mut self,
        rule: &Expr,
        it: &TokenStream,
        here: Span,
        spot: &TokenStream,
    ) -> TokenStream {
        let Self { validator, context, .. } = self;
        let support = located(&self.support, here);
        let is_closure = matches!(rule, Expr::Closure(_));
        if !self.has_context {
            let judged = if is_closure {
                quote_spanned!(here=> #support::call(#it, #rule))
            } else {
                quote_spanned!(here=> (#rule)(#it))
            };
            let violation = quote_spanned!(here=> #support::RuleResult::violation(#judged));
            return quote_spanned!(here=> #support::custom(#violation, #validator, #spot););
        }
        let judged = if is_closure {
            quote_spanned!(here=> #support::call_with(#it, &**#context, #rule))
        } else {
            quote_spanned!(here=> (#rule)(#it, &**#context))
        };
        let check = quote_spanned! {here=>
            if let ::core::option::Option::Some(#context) = &#context {
                #support::custom(
                    #support::RuleResult::violation(#judged), #validator, #spot
                );
            }
        };
        self.reads_context = true;
        check
    }

    /// An empty text or collection says nothing, so it counts as absent.
    fn at_least_one(
        &mut self,
        one_of: &OneOf,
        fields: &[CheckedField],
        is_packed: bool,
    ) -> TokenStream {
        let fields: Vec<&CheckedField> =
            one_of.fields.iter().filter_map(|&index| fields.get(index)).collect();
        let support = self.support.clone();
        let present = fields.iter().map(|field| {
            let member = &field.member;
            let value = if is_packed { quote!({ self.#member }) } else { quote!(self.#member) };
            let kind = field.shape.kind;
            if kind == Kind::Text || kind.is_collection() {
                quote!(#support::Presence::is_present(&#value))
            } else {
                self.probes = true;
                quote!((&&&&#support::Probe(&#value)).presence())
            }
        });
        let present: Vec<_> = present.collect();
        let names: Vec<String> = fields
            .iter()
            .map(|field| match &field.place {
                Place::Member(name) => format!("`{name}`"),
                Place::Whole | Place::Nowhere => format!("`{}`", field.name()),
            })
            .collect();
        let message = format!("at least one of {} must be present and not empty", names.join(", "));
        let target = Target { ty: None, place: None, label: None };
        let spot = self.spot(&target, &one_of.words);
        let validator = &self.validator;
        quote! {
            if !(#(#present)||*) {
                #support::one_of(#validator, #spot, #message);
            }
        }
    }
}

/// The place of a rule, with names that cannot meet the user's.
fn here(rule: &Rule) -> Span {
    rule.name.span().resolved_at(Span::mixed_site())
}
