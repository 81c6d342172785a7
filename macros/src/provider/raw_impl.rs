//! An impl block as written: its header and its methods. Bodies stay unread tokens, so that new
//! syntax inside them and their length cost nothing.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    AttrStyle, Attribute, Ident, ItemImpl, Signature, Token, Visibility,
    parse::{ParseBuffer, ParseStream},
    token,
};

use super::method::Method;
use crate::parse;

/// An impl block as written.
pub(super) struct RawImpl {
    /// The block without its items.
    pub(super) header: ItemImpl,
    /// The tokens up to the braces, attributes included.
    pub(super) head: Vec<TokenTree>,
    /// The braces; their content is `items`.
    pub(super) braces: Group,
    /// What stands in the braces, in order.
    pub(super) items: Vec<RawItem>,
}

/// One item of an impl block.
pub(super) struct RawItem {
    /// All of it.
    pub(super) tokens: Vec<TokenTree>,
    /// What is known of it when it is a function.
    pub(super) method: Option<RawMethod>,
}

/// A function without its body.
pub(super) struct RawMethod {
    pub(super) attrs: Vec<Attribute>,
    pub(super) defaultness: Option<Token![default]>,
    pub(super) sig: Signature,
    /// The method of the trait whose name it has.
    pub(super) known: Option<Method>,
}

impl RawImpl {
    pub(super) fn parse(mut head: Vec<TokenTree>) -> syn::Result<Self> {
        let braces = match head.pop() {
            Some(TokenTree::Group(braces)) => braces,
            last => {
                let last: TokenStream = last.into_iter().collect();
                return Err(syn::Error::new_spanned(last, "expected an impl block"));
            }
        };
        let trees: Vec<TokenTree> = braces.stream().into_iter().collect();
        let outlines = trees.iter().map(|tree| match tree {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                TokenTree::Group(emptied(group))
            }
            other => other.clone(),
        });
        // The header as a block without items, and the outlines of the items behind it: the parser
        // copies what it is given, and one copy costs less than two.
        let end = trees.last().map_or_else(|| braces.span(), TokenTree::span);
        let parts = [emptied(&braces), parse::braced(outlines.collect(), end)];
        let whole = head.iter().cloned().chain(parts.map(TokenTree::Group)).collect();
        let (header, outlined) = parse::inside(parse::braced(whole, end), |input| {
            let header = input.parse()?;
            let content;
            syn::braced!(content in input);
            Ok((header, parse_outlines(&content)?))
        })?;
        let mut trees = trees.into_iter();
        let items = outlined.into_iter().map(|(length, method)| RawItem {
            tokens: trees.by_ref().take(length).collect(),
            method,
        });
        Ok(Self { header, head, braces, items: items.collect() })
    }

    /// The block as written.
    pub(super) fn tokens(&self) -> TokenStream {
        let braces = TokenTree::Group(self.braces.clone());
        self.head.iter().cloned().chain([braces]).collect()
    }

    /// Takes the attributes of the block whose path ends in `name` off it.
    pub(super) fn take_attributes(&mut self, name: &str) -> Vec<Attribute> {
        let is_it =
            |attr: &Attribute| attr.path().segments.last().is_some_and(|last| last.ident == name);
        let taken: Vec<Attribute> = self.header.attrs.extract_if(.., |attr| is_it(attr)).collect();
        if !taken.is_empty() {
            // Attributes stand in front of all else.
            let outer = self.header.attrs.iter().filter(|attr| attr.style == AttrStyle::Outer);
            let written = taken.len() + outer.clone().count();
            let rest = self.head.split_off(2 * written);
            self.head = outer.flat_map(ToTokens::to_token_stream).chain(rest).collect();
        }
        taken
    }

    /// The functions of the block, in order.
    pub(super) fn methods(&self) -> impl Iterator<Item = &RawMethod> {
        self.items.iter().filter_map(|item| item.method.as_ref())
    }
}

/// The same braces with nothing in them: whatever is parsed is copied first, and bodies are long.
fn emptied(braces: &Group) -> Group {
    let mut empty = Group::new(braces.delimiter(), TokenStream::new());
    empty.set_span(braces.span());
    empty
}

/// The items by how many trees of tokens they have; the bodies are empty.
fn parse_outlines(input: ParseStream<'_>) -> syn::Result<Vec<(usize, Option<RawMethod>)>> {
    let mut items = Vec::new();
    let start = input.fork();
    // Inner attributes belong to the block but must stay where they are.
    if !input.call(Attribute::parse_inner)?.is_empty() {
        items.push((length(&start, input)?, None));
    }
    while !input.is_empty() {
        let attrs = input.call(Attribute::parse_outer)?;
        let _: Visibility = input.parse()?;
        let defaultness = if input.peek(Token![default]) && !input.peek2(Token![!]) {
            input.parse()?
        } else {
            None
        };
        let method = if starts_function(input) {
            let sig: Signature = input.parse()?;
            let _body: TokenTree = input.parse()?;
            let known = Method::named(&sig.ident);
            Some(RawMethod { attrs, defaultness, sig, known })
        } else {
            skip_item(input)?;
            None
        };
        items.push((length(&start, input)?, method));
    }
    Ok(items)
}

/// Moves `start` to where `end` is and counts the trees on the way.
fn length(start: &ParseBuffer<'_>, end: ParseStream<'_>) -> syn::Result<usize> {
    let mut length = 0;
    while start.cursor() != end.cursor() {
        start.parse::<TokenTree>()?;
        length += 1;
    }
    Ok(length)
}

fn starts_function(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    if ahead.peek(Token![const]) {
        // `const NAME: T = ..` is no function; `const async unsafe extern "C" fn` is.
        let _ = ahead.parse::<Token![const]>();
        return !(ahead.peek(Ident) || ahead.peek(Token![_]));
    }
    [
        ahead.peek(Token![async]),
        ahead.peek(Token![unsafe]),
        ahead.peek(Token![extern]),
        ahead.peek(Token![fn]),
    ]
    .contains(&true)
}

/// Moves behind a constant, a type or a macro call.
fn skip_item(input: ParseStream<'_>) -> syn::Result<()> {
    let is_macro = !input.peek(Token![const]) && !input.peek(Token![type]);
    loop {
        let ends = input.peek(Token![;]) || is_macro && input.peek(token::Brace);
        let _: TokenTree = input.parse()?;
        if ends {
            return Ok(());
        }
    }
}
