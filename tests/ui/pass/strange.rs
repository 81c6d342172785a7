//! Items of the kinds that public reports on other macros are about: fragments of `macro_rules!` in
//! every place, defaults of parameters, constants, `Self` everywhere, raw names, names of expansions.
#![allow(dead_code, reason = "only the expansions matter")]
#![allow(clippy::needless_arbitrary_self_type, reason = "forms that are needless are forms too")]
#![allow(non_upper_case_globals, reason = "a constant is called as a variable of an expansion")]

use credwire::{
    AuthenticateContext, CredentialError, CredentialProvider, SdkCredential, Secret, Validate,
    Validator, credential_provider,
};
use futures_util::FutureExt;

fn pointers(value: &impl Validate) -> Vec<String> {
    let Err(violations) = value.validate() else { return Vec::new() };
    violations.iter().map(|violation| violation.pointer().to_owned()).collect()
}

mod fragments {
    macro_rules! checked {
        (
            $(#[$meta:meta])*
            $vis:vis struct $name:ident<$param:ident: $bound:path = $default:ty> {
                $($(#[$field_meta:meta])* $field:ident: $ty:ty = $least:expr, $most:literal, $rule:path;)*
            }
        ) => {
            $(#[$meta])*
            #[derive(credwire::Validate)]
            $vis struct $name<$param: $bound = $default> {
                $(
                    $(#[$field_meta])*
                    #[validate(range($least..=$most), custom($rule))]
                    $vis $field: $ty,
                )*
                #[validate(nested)]
                pub(super) rest: Vec<$param>,
            }
        };
    }

    pub(super) const fn is_even(value: &u32) -> bool {
        value.is_multiple_of(2)
    }

    checked! {
        /// Documented.
        #[derive(Debug)]
        pub(super) struct Checked<T: credwire::Validate = ()> {
            /// Documented.
            first: u32 = 1 + 1, 8, is_even;
            r#second: Option<u32> = u32::MIN, 5, self::is_even;
        }
    }

    macro_rules! provider {
        ($name:ident, $vis:vis, $context:ident: $ty:ty, $output:ty, $body:block, $($rest:item)*) => {
            #[credwire::credential_provider]
            impl $name {
                $vis async fn authenticate(&self, $context: $ty) -> $output $body
            }
            $($rest)*
        };
    }

    pub(super) struct Empty;
    provider!(Empty, , context: &super::AuthenticateContext,
        Result<super::SdkCredential, super::CredentialError>, {
            Ok(super::SdkCredential::from_token(format!("{:?}", context.fingerprint)))
        }, impl Empty { pub(super) fn new() -> Self { Self } });
    pub(super) struct Public;
    provider!(Public, pub(super), _context: &super::AuthenticateContext,
        core::result::Result<super::SdkCredential, super::inside::Failed>, {
            Ok(super::SdkCredential::from_token("made-up"))
        }, impl From<Public> for () { fn from(_: Public) {} });
}

mod parameters {
    use super::*;

    #[derive(Validate)]
    pub(super) struct Page<T: ?Sized = str, const MOST: usize = 2, const FLAG: bool = false>
    where
        Self: Sized,
    {
        #[validate(length(..=MOST))]
        pub(super) items: Vec<u8>,
        #[validate(length(1..))]
        pub(super) name: Box<T>,
    }

    #[derive(Clone, Validate)]
    pub(super) struct Tail<T: ?Sized> {
        #[validate(range(1..))]
        pub(super) head: u8,
        #[validate(nested)]
        pub(super) tail: T,
    }

    #[derive(Validate)]
    pub(super) struct Associated<I: Iterator>
    where
        I::Item: Clone,
    {
        #[validate(nested)]
        pub(super) last: Option<I::Item>,
        #[validate(nested)]
        pub(super) other: Option<<I as Iterator>::Item>,
    }

    // Parameters called as in expansions.
    #[derive(Validate)]
    pub(super) struct Named<'validator, 'value, Option, Spot, const value: usize> {
        #[validate(length(..=value), custom(|text| text.is_ascii()))]
        pub(super) validator: &'validator str,
        #[validate(nested)]
        pub(super) value: &'value Option,
        pub(super) context: Spot,
        #[validate(items(keys(length(1..))))]
        pub(super) text: Vec<std::collections::BTreeMap<String, Spot>>,
    }

    #[credential_provider]
    pub(super) struct Backend<C = u8, const N: usize = 3, const WORD: char = 'w'> {
        pub(super) client: C,
        output: [u8; N],
    }

    impl Backend {
        pub(super) const fn new() -> Self {
            Self { client: 1, output: [0; 3] }
        }
    }

    #[credential_provider]
    impl<const N: usize, const WORD: char> Backend<u8, { N }, WORD>
    where
        Self: Send,
        [u8; N]: Sized,
    {
        const NAME: &'static str = "made-up";

        pub(in crate::strange) async fn authenticate(
            &self,
            AuthenticateContext { fingerprint, .. }: &AuthenticateContext,
        ) -> Result<SdkCredential, CredentialError> {
            let text = self.ask(fingerprint.as_deref(), |text: &str| text.len()).await;
            Ok(SdkCredential::from_token(text))
        }

        async fn ask<'a, F>(&self, of: impl Into<Option<&'a str>> + Send, f: F) -> String
        where
            F: for<'x> Fn(&'x str) -> usize,
        {
            format!("{}{WORD}{N}{}", Self::NAME, f(of.into().unwrap_or_default()))
        }
    }
}

mod configured {
    use super::*;

    #[cfg_attr(all(), derive(Validate))]
    #[cfg_attr(all(), validate(at_least_one_of("type", "fn"),))]
    #[allow(non_camel_case_types, reason = "as the keyword is")]
    pub(super) struct r#match {
        #[cfg_attr(all(), validate(length(1..)))]
        #[cfg_attr(any(), validate(length(9..)))]
        pub(super) r#type: Option<String>,
        #[cfg(any())]
        #[validate(range(1..))]
        gone: Missing,
        #[validate()]
        #[validate(length(..=3),)]
        #[doc = "Between."]
        #[validate(ascii)]
        pub(super) r#fn: String,
    }
}

mod marked {
    use super::*;

    #[credential_provider(endpoint = "https://app.example.com/token", refresh)]
    pub(super) struct Hosted<'a: 'static, T: serde::Serialize + Send + Sync + 'static, const N: usize = 2>
    where
        Self: Sized,
    {
        #[cfg_attr(all(), header("x-made-up"), doc = "Documented.")]
        pub(super) reference: &'a str,
        #[cfg_attr(any(), header("x-gone"))]
        #[cfg_attr(all(), json)]
        pub(super) r#type: T,
        #[cfg(any())]
        #[json]
        gone: Missing,
        pub(super) numbers: [u8; N],
        next: std::collections::BTreeMap<u8, (Option<T>, Option<Box<Self>>)>,
    }

    impl<'a: 'static> Hosted<'a, u8, 3> {
        pub(super) const fn new(reference: &'a str) -> Self {
            let next = std::collections::BTreeMap::new();
            Self { reference, r#type: 1, numbers: [1; 3], next }
        }
    }

    // What the rules of a type hang on.
    #[derive(Validate)]
    pub(super) enum Generic<T, U>
    where
        for<'x> &'x U: Sized,
        T: Iterator<Item = U> + Clone,
        U: Validate,
    {
        One(#[validate(nested)] U, T),
        Several {
            #[validate(length(..3), items(nested))]
            parts: std::sync::Arc<std::sync::Mutex<Vec<U>>>,
        },
        None,
    }
}

mod selves {
    use super::*;

    pub(super) trait Limits {
        const MOST: u8;

        fn is_small(value: &u8) -> bool;
    }

    #[derive(Validate)]
    #[validate(custom(Self::whole))]
    pub(super) struct Tree {
        #[validate(range(Self::LEAST..=<Self as Limits>::MOST), custom(<Self as Limits>::is_small))]
        pub(super) size: u8,
        #[validate(nested)]
        pub(super) left: Option<Box<Self>>,
        #[validate(nested, length(..=2))]
        pub(super) rest: Vec<Self>,
        #[validate(with(Self::mark), custom(|&letter: &char| -> bool { letter != 'x' }))]
        #[validate(range('A'..='z'))]
        pub(super) letter: char,
        #[validate(range(0x10..1_000), custom(move |it| *it != 17))]
        pub(super) number: i128,
        pub(super) call: for<'x> fn(&'x str) -> &'x str,
    }

    impl Limits for Tree {
        const MOST: u8 = 9;

        fn is_small(value: &u8) -> bool {
            *value < 8
        }
    }

    impl Tree {
        const LEAST: u8 = 2;

        const fn whole(&self) -> bool {
            self.size != 5
        }

        fn mark(letter: &char, validator: &mut Validator) {
            if letter.is_uppercase() {
                validator.report("small", "expected a small letter");
            }
        }

        pub(super) const fn of(size: u8) -> Self {
            Self { size, left: None, rest: Vec::new(), letter: 'a', number: 16, call: |text| text }
        }
    }

    #[derive(Validate)]
    pub(super) enum Never {}

    #[derive(Validate)]
    #[repr(u8)]
    pub(super) enum Kind {
        Unit = 3,
        Unnamed(#[validate(range(1..))] u8, Box<Self>) = 7,
        r#Box { r#struct: u8, #[validate(equals(r#struct))] other: u8 } = 9,
    }
}

mod inside {
    use super::*;

    pub(super) fn local() -> Vec<String> {
        #[derive(Clone)]
        struct Local(u8);
        impl Validate for Local {
            fn check(&self, validator: &mut Validator) {
                if self.0 == 0 {
                    validator.report("local", "expected more");
                }
            }
        }
        #[derive(Validate)]
        struct Outer<const N: usize>(#[validate(nested)] [Local; N], #[validate(range(1..))] u8);
        const fn count() -> usize {
            2
        }
        pointers(&Outer::<{ count() }>([Local(0), Local(1)], 0))
    }

    pub(super) struct Shared<T: ?Sized>(pub(super) std::sync::Arc<T>);

    pub(super) mod deeper {
        pub(in super::super) struct Plain(pub(in super::super) super::Secret<String>);
    }

    #[credential_provider]
    impl<T> self::Shared<T>
    where
        T: ?Sized + AsRef<str> + Send + Sync + 'static,
    {
        #[inline]
        #[must_use]
        async fn authenticate(&self, _: &'_ AuthenticateContext) -> Result<SdkCredential, Failed> {
            Ok(SdkCredential::from_token(self.0.as_ref().as_ref()))
        }

        #[inline]
        async fn refresh<'life>(self: &'life Self) -> Result<SdkCredential, Failed> {
            Err(Failed)
        }
    }

    pub(super) struct Failed;

    impl From<Failed> for CredentialError {
        fn from(_: Failed) -> Self {
            Self::permanent("made-up")
        }
    }
}

#[credential_provider(error = CredentialError::transient)]
impl inside::deeper::Plain {
    pub async fn authenticate(
        &self,
        _context: &AuthenticateContext,
    ) -> std::result::Result<SdkCredential, Box<dyn std::error::Error + Send + Sync>> {
        Ok(SdkCredential::from_token(self.0.expose().as_str()))
    }
}

pub(crate) fn main() {
    let checked = fragments::Checked { first: 9, second: Some(3), rest: vec![()] };
    assert_eq!(pointers(&checked), ["/first", "/first", "/second"]);
    let context = AuthenticateContext::default();
    let made = |provider: &dyn Fn() -> bool| assert!(provider());
    made(&|| CredentialProvider::authenticate(&fragments::Empty::new(), &context).now_or_never().unwrap().is_ok());
    made(&|| fragments::Public.authenticate(&context).now_or_never().unwrap().is_ok());
    let page = parameters::Page::<str, 1> { items: vec![1, 2], name: "".into() };
    assert_eq!(pointers(&page), ["/items", "/name"]);
    assert_eq!(pointers(&parameters::Tail { head: 0, tail: () }), ["/head"]);
    let associated: parameters::Associated<std::vec::IntoIter<parameters::Tail<()>>> =
        parameters::Associated { last: Some(parameters::Tail { head: 0, tail: () }), other: None };
    assert_eq!(pointers(&associated), ["/last/head"]);
    let map = [(String::new(), 1)].into();
    let named: parameters::Named<'_, '_, (), u8, 1> =
        parameters::Named { validator: "ä2", value: &(), context: 1, text: vec![map] };
    assert_eq!(pointers(&named), ["/validator", "/validator", "/text/0/"]);
    let backend = parameters::Backend::new();
    assert_eq!(format!("{backend:?}"), "Backend { client: .., output: .. }");
    made(&|| CredentialProvider::authenticate(&backend, &context).now_or_never().unwrap().is_ok());
    let configured = configured::r#match { r#type: None, r#fn: "äääää".to_owned() };
    assert_eq!(pointers(&configured), ["/fn", "/fn"]);
    let mut tree = selves::Tree { rest: vec![selves::Tree::of(9)], ..selves::Tree::of(5) };
    tree.left = Some(Box::new(selves::Tree { letter: 'X', number: 17, ..selves::Tree::of(1) }));
    assert_eq!(pointers(&tree), ["/left/size", "/left/letter", "/left/number", "/rest/0/size", ""]);
    let kind = selves::Kind::r#Box { r#struct: 1, other: 2 };
    assert_eq!(pointers(&kind), ["/Box/other"]);
    assert_eq!(pointers(&selves::Kind::Unnamed(0, Box::new(selves::Kind::Unit))), ["/Unnamed/0"]);
    assert_eq!(inside::local(), ["/0/0", "/1"]);
    let hosted = marked::Hosted::new("r");
    assert!(hosted.refresh().is_some());
    assert_eq!((hosted.numbers.len(), hosted.r#type, hosted.reference), (3, 1, "r"));
    let parts = std::sync::Mutex::new(vec![parameters::Tail { head: 0, tail: () }]);
    let generic: marked::Generic<std::vec::IntoIter<_>, _> =
        marked::Generic::Several { parts: std::sync::Arc::new(parts) };
    assert_eq!(pointers(&generic), ["/Several/parts/0/head"]);
    let shared = inside::Shared::<str>("made-up".into());
    assert!(CredentialProvider::refresh(&shared).unwrap().now_or_never().unwrap().is_err());
    let plain = inside::deeper::Plain(Secret::from("made-up"));
    made(&|| CredentialProvider::authenticate(&plain, &context).now_or_never().unwrap().is_ok());
}
