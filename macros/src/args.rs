//! Arguments of an attribute: each taken by name, the rest refused with a suggestion.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    Attribute, Expr, ExprArray, Ident, Lit, LitStr, Meta, Token, Type,
    ext::IdentExt,
    parse::{Parse, ParseStream, discouraged::Speculative as _},
    punctuated::Punctuated,
    token,
};

use crate::{
    crate_path::CratePath,
    diagnostic::{Code, Diagnostics},
    parse,
    shape::plain,
};
use credwire_schema::suggest::nearest;

/// One argument.
pub(crate) struct Arg {
    pub(crate) name: Ident,
    pub(crate) value: Value,
}

/// What stands behind the name of an argument.
pub(crate) enum Value {
    /// Nothing.
    Alone,
    /// `= 1`, `= "text"`.
    Literal(Lit),
    /// `= Vec<u8>`.
    Type(Box<Type>),
    /// `= [1, 2]`.
    Array(Punctuated<Expr, Token![,]>),
    /// The inside of the parentheses.
    List(TokenStream),
    /// Reported.
    Unreadable,
}

impl Parse for Arg {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.call(Ident::parse_any)?;
        let value = if input.peek(token::Paren) {
            let list;
            syn::parenthesized!(list in input);
            Value::List(list.parse()?)
        } else if input.parse::<Option<Token![=]>>()?.is_none() {
            Value::Alone
        } else if input.peek(Lit) {
            Value::Literal(input.parse()?)
        } else if let Some(items) = array(input) {
            Value::Array(items)
        } else {
            // A list of all that a type may begin with would say less.
            let expected = |error: syn::Error| syn::Error::new(error.span(), "expected a value");
            Value::Type(input.parse().map_err(expected)?)
        };
        Ok(Self { name, value })
    }
}

/// Takes `[1, 2]`, which no type looks like: `[u8; 2]` and `[u8]` are left where they are.
fn array(input: ParseStream<'_>) -> Option<Punctuated<Expr, Token![,]>> {
    let fork = input.fork();
    let array: ExprArray = fork.parse().ok()?;
    let are_literals = array.elems.iter().all(|item| matches!(item, Expr::Lit(_)));
    are_literals.then(|| {
        input.advance_to(&fork);
        array.elems
    })
}

impl ToTokens for Arg {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.name.to_tokens(tokens);
        match &self.value {
            Value::Alone | Value::Unreadable => {}
            Value::Literal(literal) => literal.to_tokens(tokens),
            Value::Type(ty) => ty.to_tokens(tokens),
            Value::Array(items) => items.to_tokens(tokens),
            Value::List(list) => list.to_tokens(tokens),
        }
    }
}

/// What garde and validator call something that has another name here.
const ELSEWHERE: &[(&str, &str)] = &[
    ("adapt", "with"),
    ("dive", "nested"),
    ("does_not_contain", "excludes"),
    ("inner", "items"),
    ("matches", "equals"),
    ("must_match", "equals"),
    ("non_control_character", "printable"),
    ("phone_number", "phone"),
    ("regex", "pattern"),
    ("schema", "custom"),
];

/// The arguments in the parentheses of one attribute. [`Args::finish`] must come last: it refuses
/// what nobody took.
#[must_use]
pub(crate) struct Args {
    attribute: &'static str,
    left: Vec<Arg>,
    known: Vec<&'static str>,
    /// Whether some could not be read, which was reported.
    is_unreadable: bool,
}

impl Args {
    /// Reads `tokens`, the inside of the parentheses of an attribute that messages call
    /// `attribute`.
    pub(crate) fn parse(
        attribute: &'static str,
        tokens: TokenStream,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        if tokens.is_empty() {
            return Self::none(attribute);
        }
        let parsed = parse::all_with(tokens, Punctuated::<Arg, Token![,]>::parse_terminated);
        let is_unreadable = parsed.is_err();
        let left = parsed.map(|args| args.into_iter().collect()).unwrap_or_else(|error| {
            diagnostics.push(syn::Error::new(
                error.span(),
                format!(
                    "the arguments of {attribute} cannot be read: {error} [{}]\n\
                     help: write `name` or `name = \"value\"`, with commas between them",
                    Code::InvalidArgument.as_str()
                ),
            ));
            Vec::new()
        });
        Self { left, is_unreadable, ..Self::none(attribute) }
    }

    fn none(attribute: &'static str) -> Self {
        Self { attribute, left: Vec::new(), known: Vec::new(), is_unreadable: false }
    }

    /// Whether some arguments could not be read, so that none can be called missing.
    pub(crate) const fn is_unreadable(&self) -> bool {
        self.is_unreadable
    }

    /// The argument `name` alone, as it stands for one in `tokens` that could not be read.
    pub(crate) fn recover(&mut self, name: &str, tokens: &TokenStream) {
        let found = tokens.clone().into_iter().find_map(|tree| match tree {
            TokenTree::Ident(ident) if ident == name => Some(ident),
            _ => None,
        });
        if let Some(ident) = found
            && self.is_unreadable
        {
            self.left.push(Arg { name: ident, value: Value::Unreadable });
        }
    }

    /// Reads every `#[name(..)]` of an item or a field as one list; messages call it `attribute`.
    pub(crate) fn gather(
        name: &str,
        attribute: &'static str,
        attrs: &[Attribute],
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let mut gathered = Self::none(attribute);
        for attr in attrs.iter().filter(|attr| attr.path().is_ident(name)) {
            match &attr.meta {
                Meta::List(list) => {
                    let args = Self::parse(attribute, list.tokens.clone(), diagnostics);
                    gathered.left.extend(args.left);
                    gathered.is_unreadable |= args.is_unreadable;
                }
                Meta::Path(_) | Meta::NameValue(_) => {
                    gathered.is_unreadable = true;
                    diagnostics.report(
                        Code::InvalidArgument,
                        attr,
                        format!("{attribute} has no arguments"),
                        format!("write them in parentheses: `#[{name}(..)]`"),
                    );
                }
            }
        }
        gathered
    }

    /// Whether there is an argument `name`.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.left.iter().any(|arg| arg.name == name)
    }

    /// Takes every argument with one of `names`, and gives the first of them. The names do not
    /// count as known.
    pub(crate) fn take_first(&mut self, names: &[&str]) -> Option<Arg> {
        let is_named = |arg: &mut Arg| names.iter().any(|name| arg.name == name);
        let taken: Vec<Arg> = self.left.extract_if(.., is_named).collect();
        taken.into_iter().next()
    }

    /// Takes every argument `name`.
    pub(crate) fn take_all(&mut self, name: &'static str) -> Vec<Arg> {
        self.known.push(name);
        self.left.extract_if(.., |arg| arg.name == name).collect()
    }

    /// Takes the argument `name`; a second one of that name is refused.
    pub(crate) fn take(
        &mut self,
        name: &'static str,
        diagnostics: &mut Diagnostics,
    ) -> Option<Arg> {
        let mut args = self.take_all(name).into_iter();
        let first = args.next();
        for repeated in args {
            Self::refuse_repeated(&repeated, diagnostics);
        }
        first
    }

    /// Takes every argument with one of `names`, in the order in which they are written.
    pub(crate) fn take_named(&mut self, names: &'static [&'static str]) -> Vec<Arg> {
        self.known.extend(names);
        self.left.extract_if(.., |arg| names.iter().any(|name| arg.name == name)).collect()
    }

    /// Reports an argument that was given before.
    pub(crate) fn refuse_repeated(arg: &Arg, diagnostics: &mut Diagnostics) {
        diagnostics.report(
            Code::DuplicateArgument,
            arg,
            format!("`{}` is given twice", arg.name),
            "keep one of them",
        );
    }

    /// Takes the argument `name`, which stands alone.
    pub(crate) fn flag(
        &mut self,
        name: &'static str,
        diagnostics: &mut Diagnostics,
    ) -> Option<Ident> {
        let arg = self.take(name, diagnostics)?;
        if !matches!(arg.value, Value::Alone) {
            diagnostics.report(
                Code::InvalidArgument,
                &arg,
                format!("`{name}` takes no value"),
                format!("write `{name}` alone"),
            );
        }
        Some(arg.name)
    }

    /// Takes the argument `name = ".."`.
    pub(crate) fn string(
        &mut self,
        name: &'static str,
        diagnostics: &mut Diagnostics,
    ) -> Option<LitStr> {
        let arg = self.take(name, diagnostics)?;
        if let Value::Literal(Lit::Str(literal)) = arg.value {
            return Some(literal);
        }
        diagnostics.report(
            Code::InvalidArgument,
            &arg,
            format!("`{name}` takes a string"),
            format!("write `{name} = \"..\"`"),
        );
        None
    }

    /// Takes the argument `name = ".."` whose string holds Rust: `what`, such as `example`.
    pub(crate) fn parsed<T: Parse>(
        &mut self,
        name: &'static str,
        what: &str,
        example: &str,
        diagnostics: &mut Diagnostics,
    ) -> Option<T> {
        self.read(name, what, example, |literal| literal.parse().ok(), diagnostics)
    }

    /// Takes the argument `name = ".."` whose string `read` makes something of: `what`, such as
    /// `example`.
    fn read<T>(
        &mut self,
        name: &'static str,
        what: &str,
        example: &str,
        read: impl FnOnce(&LitStr) -> Option<T>,
        diagnostics: &mut Diagnostics,
    ) -> Option<T> {
        let literal = self.string(name, diagnostics)?;
        let value = read(&literal);
        if value.is_none() {
            diagnostics.report(
                Code::InvalidArgument,
                &literal,
                format!("`{name}` must hold {what}"),
                format!("write `{name} = \"{example}\"`"),
            );
        }
        value
    }

    /// Takes `crate = ".."`, or `crate = $crate::path`, which a macro of a facade writes.
    pub(crate) fn crate_path(&mut self, diagnostics: &mut Diagnostics) -> CratePath {
        let is_path = |arg: &mut Arg| {
            arg.name == "crate"
                && matches!(&arg.value, Value::Type(ty) if matches!(plain(ty), Type::Path(_)))
        };
        if let Some(Arg { value: Value::Type(ty), .. }) = self.left.extract_if(.., is_path).next()
            && let Type::Path(path) = plain(&ty)
        {
            self.known.push("crate");
            return CratePath::new(path.path.clone());
        }
        if self.has("crate") {
            let (what, example) = ("the path of the credwire crate", "::credwire");
            return self
                .read("crate", what, example, CratePath::read, diagnostics)
                .unwrap_or_else(|| CratePath::found(&mut Diagnostics::default()));
        }
        self.known.push("crate");
        CratePath::found(diagnostics)
    }

    /// Refuses every argument that was not taken.
    pub(crate) fn finish(self, diagnostics: &mut Diagnostics) {
        for arg in self.left {
            let written = arg.name.to_string();
            let is_known = |(_, ours): &&(&str, &str)| self.known.contains(ours);
            let elsewhere = ELSEWHERE.iter().filter(is_known).find(|(name, _)| *name == written);
            let fix = match (elsewhere, nearest(&written, self.known.iter().copied())) {
                (Some((_, name)), _) => format!("it is called `{name}` here"),
                (None, Some(name)) => format!("did you mean `{name}`?"),
                (None, None) => format!("known here: {}", listed(&self.known)),
            };
            diagnostics.report(
                Code::UnknownArgument,
                &arg.name,
                format!("{} has no argument `{written}`", self.attribute),
                fix,
            );
        }
    }
}

fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    fn messages(tokens: TokenStream) -> Vec<String> {
        let mut diagnostics = Diagnostics::default();
        let mut args = Args::parse("`sample`", tokens, &mut diagnostics);
        args.crate_path(&mut diagnostics);
        args.flag("public", &mut diagnostics);
        args.finish(&mut diagnostics);
        diagnostics.messages()
    }

    #[test]
    fn known_arguments_pass() {
        for tokens in [quote!(), quote!(public), quote!(crate = "a::b", public,)] {
            assert_eq!(messages(tokens), Vec::<String>::new());
        }
    }

    #[test]
    fn names_of_other_crates_are_translated_where_there_is_something_alike() {
        let mut diagnostics = Diagnostics::default();
        let mut args = Args::parse("`sample`", quote!(dive, inner), &mut diagnostics);
        args.flag("nested", &mut diagnostics);
        args.finish(&mut diagnostics);
        assert_eq!(
            diagnostics.messages(),
            [
                "`sample` has no argument `dive` [unknown-argument]\n\
                 help: it is called `nested` here",
                "`sample` has no argument `inner` [unknown-argument]\nhelp: known here: `nested`",
            ]
        );
    }

    #[test]
    fn every_fault_is_reported() {
        let found = messages(quote!(crat = "x", colour, public = 1, public));
        assert_eq!(
            found,
            [
                "`public` is given twice [duplicate-argument]\nhelp: keep one of them",
                "`public` takes no value [invalid-argument]\nhelp: write `public` alone",
                "`sample` has no argument `crat` [unknown-argument]\nhelp: did you mean `crate`?",
                "`sample` has no argument `colour` [unknown-argument]\n\
                 help: known here: `crate`, `public`",
            ]
        );
    }

    #[test]
    fn a_path_that_is_no_path_is_refused() {
        assert_eq!(
            messages(quote!(crate = "a b")),
            ["`crate` must hold the path of the credwire crate [invalid-argument]\n\
              help: write `crate = \"::credwire\"`"]
        );
        assert_eq!(
            messages(quote!(crate)),
            ["`crate` takes a string [invalid-argument]\nhelp: write `crate = \"..\"`"]
        );
    }

    #[test]
    fn text_that_is_no_list_is_refused_once() {
        let found = messages(quote!(public public));
        assert_eq!(found.len(), 1);
        assert!(found[0].contains("[invalid-argument]"), "{found:?}");
    }
}
