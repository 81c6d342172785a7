//! JSON-RPC methods as types.

use serde::de::DeserializeOwned;

use crate::SerializeExposed;

/// A JSON-RPC 2.0 method: its name on the wire and the types of its params and result.
///
/// ```
/// use credwire_core::RpcMethod;
///
/// struct Echo;
/// impl RpcMethod for Echo {
///     const NAME: &'static str = "example.echo";
///     type Params = Vec<String>;
///     type Result = Vec<String>;
/// }
/// assert_eq!(Echo::NAME, "example.echo");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no JSON-RPC method",
    label = "this has no name on the wire, params and result",
    note = "`#[derive(RpcMethod)]` with `#[rpc(method = \"..\", result = ..)]` makes a type of params one"
)]
pub trait RpcMethod {
    /// The method name, as sent in the `method` member.
    const NAME: &'static str;
    /// The type of `params`; it may hold secrets.
    type Params: SerializeExposed;
    /// The type of `result`.
    type Result: DeserializeOwned;
}
