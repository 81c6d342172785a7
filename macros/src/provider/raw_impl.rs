//! An impl block as written: its header and its methods. Bodies stay unread tokens, so that new
//! syntax inside them and their length cost nothing.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    Attribute, Ident, ItemImpl, Signature, Token, Visibility,
    parse::{ParseStream, Parser, discouraged::Speculative},
    token,
};

/// An impl block as written.
pub(super) struct RawImpl {
    /// The block without its items.
    pub(super) header: ItemImpl,
    /// The tokens up to the braces, attributes included.
    pub(super) head: TokenStream,
    /// The braces; their content is `items`.
    pub(super) braces: Group,
    /// What stands in the braces, in order.
    pub(super) items: Vec<RawItem>,
}

/// One item of an impl block.
pub(super) struct RawItem {
    /// All of it.
    pub(super) tokens: TokenStream,
    /// What is known of it when it is a function.
    pub(super) method: Option<RawMethod>,
}

/// A function without its body.
pub(super) struct RawMethod {
    pub(super) attrs: Vec<Attribute>,
    pub(super) defaultness: Option<Token![default]>,
    pub(super) sig: Signature,
}

impl RawImpl {
    pub(super) fn parse(item: TokenStream) -> syn::Result<Self> {
        let mut head: Vec<TokenTree> = ungrouped(item).into_iter().collect();
        let Some(TokenTree::Group(braces)) = head.pop() else {
            return Err(syn::Error::new_spanned(
                head.into_iter().collect::<TokenStream>(),
                "expected an impl block",
            ));
        };
        let mut empty = Group::new(Delimiter::Brace, TokenStream::new());
        empty.set_span(braces.span());
        let head: TokenStream = head.into_iter().collect();
        let mut whole = head.clone();
        empty.to_tokens(&mut whole);
        let header = syn::parse2(whole)?;
        let items = parse_items.parse2(braces.stream())?;
        Ok(Self { header, head, braces, items })
    }

    /// The functions of the block, in order.
    pub(super) fn methods(&self) -> impl Iterator<Item = &RawMethod> {
        self.items.iter().filter_map(|item| item.method.as_ref())
    }
}

/// `item` without the invisible group that a `macro_rules!` fragment comes in.
fn ungrouped(item: TokenStream) -> TokenStream {
    let mut trees = item.clone().into_iter();
    match (trees.next(), trees.next()) {
        (Some(TokenTree::Group(group)), None) if group.delimiter() == Delimiter::None => {
            group.stream()
        }
        _ => item,
    }
}

fn parse_items(input: ParseStream<'_>) -> syn::Result<Vec<RawItem>> {
    let mut items = Vec::new();
    // Inner attributes belong to the block but must stay where they are.
    let start = input.fork();
    if !input.call(Attribute::parse_inner)?.is_empty() {
        items.push(RawItem { tokens: between(&start, input)?, method: None });
    }
    while !input.is_empty() {
        let start = input.fork();
        let attrs = input.call(Attribute::parse_outer)?;
        let vis: Visibility = input.parse()?;
        let defaultness = if input.peek(Token![default]) && !input.peek2(Token![!]) {
            input.parse()?
        } else {
            None
        };
        drop(vis);
        let method = if starts_function(input) {
            let sig = input.parse()?;
            let _body: TokenTree = input.parse()?;
            Some(RawMethod { attrs, defaultness, sig })
        } else {
            skip_item(input)?;
            None
        };
        items.push(RawItem { tokens: between(&start, input)?, method });
    }
    Ok(items)
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

/// The tokens from `start` to `end`.
fn between(start: ParseStream<'_>, end: ParseStream<'_>) -> syn::Result<TokenStream> {
    let mut tokens = TokenStream::new();
    while start.cursor() != end.cursor() {
        start.parse::<TokenTree>()?.to_tokens(&mut tokens);
    }
    start.advance_to(end);
    Ok(tokens)
}
