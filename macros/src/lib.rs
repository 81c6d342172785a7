//! Attribute and derive macros of [credwire](https://github.com/credwire/credwire); use them
//! through the `credwire` crate.
//!
//! Every macro reads its item, checks all of it and only then writes code. What is wrong is
//! reported all at once, each fault at the user's own token with a fix and a stable code, and code
//! that uses the item raises no further error.
//!
//! # Diagnostics
//!
#![doc = include_str!("codes.md")]

mod args;
mod conditional;
mod crate_path;
mod diagnostic;
#[cfg(test)]
mod expansions;
mod interface;
mod keywords;
#[cfg(test)]
mod mutation_tests;
mod parse;
mod provider;
mod rpc;
mod secrecy;
mod shape;
mod text;
mod validate;

use proc_macro::TokenStream;

/// Makes a type a `CredentialProvider`: on its impl block, and on the struct itself.
///
/// # On an impl block
///
/// The block defines `authenticate` and, if it can, `refresh`:
///
/// ```
/// use credwire::{
///     AuthenticateContext, CredentialError, CredentialProvider, SdkCredential, Secret,
///     credential_provider,
/// };
///
/// #[credential_provider]
/// struct Backend {
///     url: String,
///     session: Secret<String>,
/// }
///
/// #[credential_provider]
/// impl Backend {
///     async fn authenticate(
///         &self,
///         context: &AuthenticateContext,
///     ) -> Result<SdkCredential, CredentialError> {
///         self.fetch(context.fingerprint.as_deref()).await
///     }
///
///     async fn refresh(&self) -> Result<SdkCredential, CredentialError> {
///         self.fetch(None).await
///     }
///
///     async fn fetch(&self, fingerprint: Option<&str>) -> Result<SdkCredential, CredentialError> {
///         // Ask `self.url`, with `self.session`.
///         # let _ = (fingerprint, self.session.expose());
///         Ok(SdkCredential::from_token(format!("made-up token of {}", self.url)))
///     }
/// }
///
/// let backend = Backend { url: "https://example.com".to_owned(), session: "made-up".into() };
/// assert!(CredentialProvider::refresh(&backend).is_some());
/// assert_eq!(format!("{backend:?}"), "Backend { url: .., session: *** }");
/// ```
///
/// - The block stays as it is written; an impl of the trait is added that calls its methods. So
///   the methods keep their names, attributes and return types.
/// - The trait's `refresh` returns an `Option`, which the attribute fills in: a block without it has
///   none. A `#[cfg]` on the method holds for the trait's. To decide while the program runs, write
///   `fn refresh(&self) -> Option<impl Future<Output = Result<SdkCredential, CredentialError>> + Send>`.
/// - The error may be any type that converts into `CredentialError`, also one of your own that has
///   the same name. For one that does not,
///   `error = path` names a function, and `error(|error| ..)` has a closure, that returns a
///   `CredentialError`; `error = anyhow` and `error = eyre` stand for a transient error of those.
/// - Type parameters must be bound by `Send + Sync + 'static`, as the trait demands.
///
/// # On a struct
///
/// - `Debug` is written, so that it can be logged without harm: a field that is a `Secret` or is
///   named like one shows as `***`, any other as `..`. Fields marked
///   `#[credential_provider(public)]` show their value; only their types need `Debug`.
/// - A field named like a secret (`token`, `api_key`, `session`, ...) cannot be text or bytes in
///   the clear; seal it in a `Secret` or mark it `#[credential_provider(public)]`. Names are split
///   into words, so `keyboard` is no key, and `token_url` is a URL.
/// - `#[derive(Debug)]`, `#[derive(Serialize)]` and the like are refused. Above the attribute derives
///   are out of its sight: there the compiler reports two `Debug`s, the attribute refuses
///   `#[display(..)]`, and a struct that implements `Serialize` does not compile. Of parameters with
///   bounds of your own traits the latter is not known. A `Display` without that attribute, written by
///   hand or by a derive above, is left alone: whether its text holds a secret is not known.
/// - The struct must be `Send + Sync + 'static`; if it is not, the error is at its name.
///
/// A raw token in a field does not compile:
///
/// ```compile_fail
/// # use credwire::credential_provider;
/// #[credential_provider]
/// struct Backend {
///     token: String,
/// }
/// ```
///
/// # On a struct, with an endpoint
///
/// A backend that returns credentials over HTTP needs no code:
///
/// ```
/// use credwire::{CredentialProvider, Secret, credential_provider};
///
/// #[credential_provider(endpoint = "https://app.example.com/api/token", refresh)]
/// struct Hosted {
///     #[header("authorization")]
///     session: Secret<String>,
///     #[json]
///     reference: String,
/// }
///
/// let provider = Hosted { session: "Bearer made-up".into(), reference: "kiosk".to_owned() };
/// assert!(provider.refresh().is_some());
/// ```
///
/// The struct then implements the trait, besides what it gets without an endpoint.
///
/// | argument | meaning | when absent |
/// |---|---|---|
/// | `endpoint = "https://.."` | the URL; `http://` is for this computer only | |
/// | `endpoint` | the URL is in the field marked `#[endpoint]` | |
/// | `method = "GET"` | `POST`, `GET` or `PUT` | `POST` |
/// | `refresh` | the endpoint is asked for fresh credentials too | no `refresh` |
/// | `refresh = "https://.."` | this URL is asked for them, with the same fields | |
/// | `token = "/data/token"` | JSON pointer to the token in the answer | `/token` |
/// | `expiry_at = "/data/ends"` | JSON pointer to its end | `/expiry_at`, may be absent |
/// | `expires_in = "/data/lasts"` | JSON pointer to the seconds that it lasts, which hold rather than an end | `/expires_in`, may be absent |
/// | `expiry_unit = "seconds"` | what the end counts since the Unix epoch: `seconds`, `milliseconds` | `milliseconds` |
/// | `fingerprint = false` | the thumbprint of the client's key is not sent | sent by `authenticate` as `fingerprint`, with `scope` = `sat:refresh`: in the body, or in the query of a `GET` |
/// | `timeout_seconds = 5` | time for the whole exchange | 10 |
/// | `permanent = [404, 410]` | statuses that are a refusal whatever the body is | none |
///
/// When `expiry_at`, `expires_in` or both are given, nothing else is read, and an answer must have one
/// of those that are.
///
/// | mark of a field | meaning |
/// |---|---|
/// | `#[header("name")]` | sent as a header; one of a `Secret` is kept out of logs |
/// | `#[query("name")]` | sent as a pair of the query |
/// | `#[json("name")]` | sent as a member of the JSON object in the body |
/// | `#[endpoint]` | holds the URL: anything that is `AsRef<str>` |
/// | `#[client]` | holds a `reqwest::Client` to send with; without one, one is made for each request, which follows no redirect and uses no proxy |
///
/// Without a name a field goes by its own; in a header with `-` for `_`. `Option` and `Secret` are
/// looked through, and what is absent is not sent. Fields without a mark are not sent.
/// `header`, `query` and `json` may stand in `cfg_attr`; the field is then sent where the condition
/// holds.
///
/// A refusal is a permanent error: status 400, 401 or 403 with a JSON object that has `error`,
/// `errors` or `title`, or a status that `permanent` lists. Every other failure is transient, with
/// the time that `Retry-After` names: it may come from something between the client and the
/// endpoint, or be over soon. Messages name the host and the status, never what was sent or
/// answered. Dropping the future cancels the request.
///
/// # Arguments
///
/// - `crate = "path"`: where the `credwire` crate is, when another crate re-exports it; when absent,
///   the name that it has in `Cargo.toml`. A macro of that crate writes `crate = $crate::path`.
/// - `error = path`, on a block: what converts its errors.
///
/// # What it writes
///
/// For the first block above, with paths shortened:
///
/// ```text
/// impl Backend {
///     // as written
/// }
///
/// impl ::credwire::CredentialProvider for Backend {
///     fn authenticate(
///         &self,
///         context: &AuthenticateContext,
///     ) -> impl Future<Output = Result<SdkCredential, CredentialError>> + Send {
///         MethodError::<CredentialError>::NAMED.converted(Self::authenticate(self, context))
///     }
///
///     fn refresh(
///         &self,
///     ) -> Option<impl Future<Output = Result<SdkCredential, CredentialError>> + Send> {
///         Some(MethodError::<CredentialError>::NAMED.converted(Self::refresh(self)))
///     }
/// }
/// ```
///
/// `converted` returns the future itself where its error is the trait's. With an error of its own of
/// another name a method becomes
/// `async fn authenticate(..) { Result::map_err(Self::authenticate(..).await, Into::into) }`, and
/// `refresh` returns `Some(async move { .. })` of the same.
#[proc_macro_attribute]
pub fn credential_provider(args: TokenStream, item: TokenStream) -> TokenStream {
    provider::expand(args.into(), item.into()).into()
}

/// Implements `Validate` for a struct or an enum: every rule is checked, every violation reported with the
/// JSON pointer of the member that breaks it.
///
/// ```
/// use credwire::{EpochMillis, Secret, Validate};
///
/// #[derive(Validate)]
/// #[validate(at_least_one_of("token", "code"))]
/// struct Login {
///     token: Option<Secret<String>>,
///     code: Option<String>,
///     #[validate(length(1..=64))]
///     name: String,
///     #[validate(range(1..=5))]
///     attempts: u8,
///     #[validate(epoch_millis)]
///     expires_at: Option<EpochMillis>,
/// }
///
/// let login = Login {
///     token: None,
///     code: Some(String::new()),
///     name: "made-up".to_owned(),
///     attempts: 6,
///     expires_at: Some(EpochMillis::new(1_700_000_000)),
/// };
/// let violations = login.validate().unwrap_err();
/// let found: Vec<_> = violations.iter().map(|v| (v.pointer(), v.rule())).collect();
/// assert_eq!(found, [("", "one-of"), ("/attempts", "range"), ("/expires_at", "epoch-millis")]);
/// ```
///
/// # Rules of a field
///
/// A rule looks through `Option`, `Secret`, and every pointer, cell and lock of the standard library;
/// what is absent breaks none but `required`. Rules ask for the traits in `credwire::rules`, so
/// aliases and types of your own take part.
///
/// | rule | of | fulfilled by |
/// |---|---|---|
/// | `length(1..=64)`, `length(4)` | text, collections | so many characters or items |
/// | `bytes(..=255)` | text | so many bytes of UTF-8 |
/// | `range(0..=1)` | numbers, times, whatever is ordered | a value in the range; `NaN` is in none |
/// | `required` | `Option` | a value |
/// | `email`, `url`, `ip`, `ipv4`, `ipv6`, `phone`, `credit_card`, `jwk_thumbprint` | text | text of that form |
/// | `ascii`, `alphanumeric`, `printable` | text | characters of that kind alone |
/// | `contains("x")`, `excludes("x")`, `prefix("x")`, `suffix("x")` | text | text with it, without it, before or behind it |
/// | `pattern("^[a-z]+$")`, `pattern(REGEX)` | text | text that matches |
/// | `epoch_millis`, `epoch_seconds` | `EpochMillis`, `EpochSeconds`, whole numbers | a value whose size fits the unit: seconds where milliseconds belong are refused |
/// | `equals(other)` | any | the value of another field |
/// | `custom(path)`, `custom(\|value\| ..)` | any | a function that returns `true` or `Ok(())` |
/// | `with(path)`, `with(\|value, validator\| ..)` | any | a function that reports by itself |
/// | `nested` | types that implement `Validate`, in whatever holds them | what fulfils its own rules |
/// | `items(..)`, `keys(..)`, `values(..)` | lists, maps | parts that fulfil the rules in it |
/// | `when(\|it\| .., ..)` | any | the rules in it, where the condition holds for the whole |
/// | `skip` | any | everything |
///
/// Rules but `nested` take `message = ".."` and `code = ".."` at their end.
///
/// # Rules of the whole
///
/// - `at_least_one_of("a", "b")`: one of these fields is there, and not empty if it is text or a
///   collection. Fields go by their names in Rust. It may be given several times.
/// - `custom(..)`, `with(..)`: as of a field, with the struct or enum itself.
/// - `context(Type)`: what `custom` gets as a second argument, from `Validate::validate_with`.
/// - `direction = "serialize"`: pointers have the names that are written, where those differ from the
///   names that are read.
/// - `bound = "T: Validate"`: the bounds of the impl, instead of those that rules ask for.
/// - `crate = "path"`: where the `credwire` crate is; when absent, as `Cargo.toml` names it.
///
/// # Pointers
///
/// A pointer names members as serde does: `rename`, `rename_all`, `flatten`, `transparent`, `skip`,
/// `tag`, `content` and `untagged` in `#[serde(..)]` are followed, and a struct of one unnamed field
/// counts as that field.
#[proc_macro_derive(Validate, attributes(validate))]
pub fn derive_validate(item: TokenStream) -> TokenStream {
    validate::expand(item.into()).into()
}

/// Implements `RpcMethod` for a type: its values are the params of the JSON-RPC method that
/// `#[rpc(..)]` names.
///
/// ```
/// use credwire::RpcMethod;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, RpcMethod)]
/// #[rpc(method = "example.echo", result = Echoed)]
/// struct Echo {
///     text: String,
/// }
///
/// #[derive(Deserialize)]
/// struct Echoed {
///     text: String,
/// }
///
/// assert_eq!(Echo::NAME, "example.echo");
/// ```
///
/// # Arguments
///
/// - `method = "name"`: as it stands in the `method` member.
/// - `result = Type`: what comes back; it implements `Deserialize`.
/// - `crate = "path"`: where the `credwire` crate is; when absent, as `Cargo.toml` names it.
#[proc_macro_derive(RpcMethod, attributes(rpc))]
pub fn derive_rpc_method(item: TokenStream) -> TokenStream {
    rpc::expand(item.into()).into()
}

/// Makes the types of a schema document, with serde, constructors and `Validate`: what
/// `credwire generate` makes of it.
///
/// ```text
/// credwire::interface!("schema/Order.json");
/// ```
///
/// - Several documents may be named, and refer to each other.
/// - A path is relative to the folder of the crate's `Cargo.toml`; `concat!` and `env!` may make it.
///   The crate is built anew when a document changes.
/// - Whatever is wrong with a document is reported at its path, with line and column.
/// - `overlay = "overlay.toml"`, after the paths: the overlay that the documents were written with,
///   when they mention types that it declares.
/// - `crate = "path"`, after the paths: where the `credwire` crate is; when absent, as `Cargo.toml`
///   names it.
#[proc_macro]
pub fn interface(input: TokenStream) -> TokenStream {
    interface::expand(input.into()).into()
}
