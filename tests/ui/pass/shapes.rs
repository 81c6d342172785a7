//! Every shape of struct, and what `Debug` shows of it.

use std::{marker::PhantomData, path::PathBuf, sync::Mutex};

use credwire::{Secret, credential_provider};

/// A type without `Debug`.
struct Opaque;

#[credential_provider]
struct Unit;

#[credential_provider]
struct Empty {}

#[credential_provider]
#[derive(Clone, Default, PartialEq)]
struct Tuple(u8, #[credential_provider(public)] String);

#[credential_provider]
struct TokenBackend(String, Secret<Vec<u8>>, Opaque);

#[credential_provider]
struct Generic<T: 'static, U>(
    Mutex<T>,
    #[credential_provider(public)] PhantomData<U>,
    #[credential_provider(public)] Option<U>,
)
where
    U: Copy;

#[credential_provider]
struct Words {
    keyboard: String,
    r#type: String,
    token_url: String,
    key_path: PathBuf,
    #[credential_provider(public)]
    token_prefix_words: String,
    tokens: Option<Secret<String>>,
    session: Opaque,
}

pub(crate) fn main() {
    assert_eq!(format!("{Unit:?}"), "Unit");
    assert_eq!(format!("{:?}", Empty {}), "Empty");
    assert_eq!(format!("{:?}", Tuple(1, "eu".to_owned())), "Tuple(.., \"eu\")");
    let backend = TokenBackend("u".to_owned(), vec![1].into(), Opaque);
    assert_eq!(format!("{backend:?}"), "TokenBackend(.., ***, ..)");
    let generic = Generic(Mutex::new(Opaque), PhantomData, Some(3));
    assert_eq!(format!("{generic:?}"), "Generic(.., PhantomData<i32>, Some(3))");
    let words = Words {
        keyboard: String::new(),
        r#type: String::new(),
        token_url: String::new(),
        key_path: PathBuf::new(),
        token_prefix_words: "sat".to_owned(),
        tokens: None,
        session: Opaque,
    };
    assert_eq!(
        format!("{words:?}"),
        "Words { keyboard: .., type: .., token_url: .., key_path: .., \
         token_prefix_words: \"sat\", tokens: ***, session: *** }"
    );
    let _ = (words.keyboard, words.r#type, words.token_url, words.key_path, words.tokens);
    let _ = (words.token_prefix_words, words.session, backend.0, backend.1, backend.2, generic.0);
}
