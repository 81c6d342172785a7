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
pub trait RpcMethod {
    /// The method name as it stands in the `method` member.
    const NAME: &'static str;
    /// What is sent in `params`; may hold secrets.
    type Params: SerializeExposed;
    /// What comes back in `result`.
    type Result: DeserializeOwned;
}
