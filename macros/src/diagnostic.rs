//! What a macro says to its user: a fact, a fix, a stable code, at a token.

mod edition;

pub(crate) use edition::compile_error;

use proc_macro2::TokenStream;
use quote::ToTokens;

macro_rules! codes {
    ($($variant:ident = $code:literal,)*) => {
        /// Stable name of a diagnostic; `codes.md` says what each one means.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Code {
            $($variant,)*
        }

        impl Code {
            #[cfg(test)]
            pub(crate) const ALL: &[Self] = &[$(Self::$variant,)*];

            pub(crate) const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)*
                }
            }
        }
    };
}

codes! {
    AsyncTrait = "async-trait",
    BorrowedProvider = "borrowed-provider",
    ContextParameter = "context-parameter",
    DocumentInvalid = "document-invalid",
    DocumentMissing = "document-missing",
    DuplicateArgument = "duplicate-argument",
    DuplicateMethod = "duplicate-method",
    EmptyRange = "empty-range",
    EndpointUrl = "endpoint-url",
    InvalidArgument = "invalid-argument",
    JsonPointer = "json-pointer",
    MethodGenerics = "method-generics",
    MethodName = "method-name",
    MethodQualifier = "method-qualifier",
    MissingArgument = "missing-argument",
    MissingAuthenticate = "missing-authenticate",
    MisspeltMethod = "misspelt-method",
    NoBody = "no-body",
    NotAsync = "not-async",
    ParameterBounds = "parameter-bounds",
    PlainSecret = "plain-secret",
    PrintingDerive = "printing-derive",
    Receiver = "receiver",
    RefreshParameter = "refresh-parameter",
    ReturnType = "return-type",
    RuleType = "rule-type",
    SecondBlock = "second-block",
    TraitImpl = "trait-impl",
    UnknownArgument = "unknown-argument",
    UnknownField = "unknown-field",
    UnsupportedItem = "unsupported-item",
}

/// Everything that is wrong with one item. A user mends all of it in one go, so checks report and
/// carry on.
#[derive(Default)]
#[must_use]
pub(crate) struct Diagnostics(Option<syn::Error>);

impl Diagnostics {
    /// Reports `fact` at `tokens`, and how to mend it.
    pub(crate) fn report(
        &mut self,
        code: Code,
        tokens: impl ToTokens,
        fact: impl AsRef<str>,
        fix: impl AsRef<str>,
    ) {
        let (fact, fix, code) = (fact.as_ref(), fix.as_ref(), code.as_str());
        let message = format!("{fact} [{code}]\nhelp: {fix}");
        self.push(syn::Error::new_spanned(tokens, message));
    }

    /// Reports text that the parser could not read.
    pub(crate) fn push(&mut self, error: syn::Error) {
        match &mut self.0 {
            Some(first) => first.combine(error),
            none => *none = Some(error),
        }
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// The reports as tokens that the compiler turns into errors.
    pub(crate) fn into_tokens(self) -> TokenStream {
        self.0.map_or_else(TokenStream::new, |error| edition::compile_error(&error))
    }

    /// Every message, in the order of the reports.
    #[cfg(test)]
    pub(crate) fn messages(&self) -> Vec<String> {
        self.0.iter().flatten().map(|error| error.to_string()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_the_documentation_lists_every_code_once_and_in_order() {
        let documented: Vec<_> = include_str!("codes.md")
            .lines()
            .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
            .collect();
        let codes: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(documented, codes);
        assert!(codes.is_sorted());
    }

    #[test]
    fn reports_keep_their_order() {
        let mut diagnostics = Diagnostics::default();
        assert!(diagnostics.is_empty());
        diagnostics.report(Code::NotAsync, TokenStream::new(), "a", "b");
        diagnostics.report(Code::Receiver, TokenStream::new(), "c", "d");
        assert_eq!(diagnostics.messages(), ["a [not-async]\nhelp: b", "c [receiver]\nhelp: d"]);
    }
}
