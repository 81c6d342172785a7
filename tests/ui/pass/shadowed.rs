//! Names that expansions need mean something else here, types and macros alike, and there is no
//! prelude.

#![no_implicit_prelude]

mod core {}
mod std {}
mod alloc {}
mod serde {}
mod serde_json {}
mod credwire_core {}
mod credwire_generated {}
mod reqwest {}

macro_rules! nothing {
    ($($name:ident)*) => {
        $(
            #[allow(dead_code, reason = "only their names matter")]
            pub(crate) struct $name;
        )*
    };
}

nothing! {
    AsRef Box Client Clone CredentialError CredentialProvider Debug Default Deserialize Endpoint Err
    From Future Into Iterator None Ok Option PartialEq Result SdkCredential Secret SerializeExposed
    Serialize Some String Validator Value Vec Violations
}

#[allow(unused_macros, reason = "only their names matter")]
macro_rules! write {
    ($($any:tt)*) => {
        compile_error!("the macro of the user")
    };
}
#[allow(unused_macros, reason = "only their names matter")]
macro_rules! format_args {
    ($($any:tt)*) => {
        compile_error!("the macro of the user")
    };
}

#[::credwire::credential_provider(
    endpoint,
    refresh,
    token = "/token",
    expiry_at = "/ends",
    expires_in = "/lasts",
    timeout_seconds = 5,
    permanent = [410]
)]
pub(crate) struct Hosted {
    #[endpoint]
    url: ::std::string::String,
    #[header("authorization")]
    session: ::std::option::Option<::credwire::Secret<::std::string::String>>,
    #[query]
    region: &'static str,
    #[json]
    reference: ::std::string::String,
}

#[derive(::credwire::Validate)]
#[validate(at_least_one_of("text", "items"))]
struct Checked {
    #[validate(length(1..=3))]
    text: ::std::option::Option<::std::string::String>,
    items: ::std::vec::Vec<::core::primitive::u8>,
    #[validate(range(..=1.0))]
    share: f64,
}

#[derive(::serde::Serialize, ::credwire::RpcMethod)]
#[rpc(method = "example.echo", result = ::std::vec::Vec<Echo>)]
#[serde(crate = "::serde")]
struct Echo {
    text: ::std::string::String,
}

impl<'de> ::serde::Deserialize<'de> for Echo {
    fn deserialize<D: ::serde::Deserializer<'de>>(
        deserializer: D,
    ) -> ::std::result::Result<Self, D::Error> {
        let text = ::serde::Deserialize::deserialize(deserializer)?;
        ::std::result::Result::Ok(Self { text })
    }
}

::credwire::interface!("ui/documents/Order.json", "ui/documents/Customer.json");

mod relative {
    use ::credwire as renamed;

    renamed::interface!("ui/documents/Customer.json", crate = "renamed");
}

pub(crate) fn main() {
    let hosted = Hosted {
        url: ::std::convert::From::from("http://127.0.0.1:1/"),
        session: ::std::option::Option::None,
        region: "eu",
        reference: ::std::string::String::new(),
    };
    ::std::assert!(::credwire::CredentialProvider::refresh(&hosted).is_some());
    let shown = ::std::format!("{hosted:?}");
    ::std::assert_eq!(shown, "Hosted { url: .., session: ***, region: .., reference: .. }");

    let checked = Checked { text: ::std::option::Option::None, items: ::std::vec![], share: 2.0 };
    let violations = ::credwire::Validate::validate(&checked).unwrap_err();
    ::std::assert_eq!(::std::iter::Iterator::count(violations.iter()), 2);

    let echo = Echo { text: ::std::convert::From::from("made-up") };
    ::std::assert_eq!(<Echo as ::credwire::RpcMethod>::NAME, "example.echo");
    ::std::assert_eq!(echo.text, "made-up");

    let read: Customer = ::credwire::FromJson::from_json(r#"{"name":"made-up"}"#).unwrap();
    let order = Order::new(read, OrderMode::Fast, ::std::vec![]);
    ::std::assert_eq!(order.mode.as_str(), "fast");
    let other = relative::Customer::new("made-up");
    ::std::assert_eq!(other.name, order.customer.name);
}
