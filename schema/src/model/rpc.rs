//! JSON-RPC: what is said over a socket, beside what the reference's pages describe.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::type_expr::TypeExpr;

/// A part of a JSON-RPC 2.0 protocol.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Rpc {
    /// A method; the item's name is the name of the method.
    Method(RpcSignature),
    /// Every method of one direction, to be dispatched.
    Requests(Direction),
    /// Error codes.
    Codes(Vec<RpcCode>),
}

/// A JSON-RPC method.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RpcSignature {
    /// Who calls it.
    pub direction: Direction,
    /// What it takes; when `params` are absent, an empty object is read.
    pub params: TypeExpr,
    /// The type of the result; without one it is not acknowledged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<TypeExpr>,
    /// Error codes that have a meaning of their own for this method.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<i64>,
    /// What the params hold, distinguished by one of their members.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub events: Option<Events>,
}

/// Params that carry one of many payloads. The type of the params has one type parameter, for the
/// payload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Events {
    /// The member that names the kind of payload.
    pub tag: String,
    /// The member that holds it.
    pub payload: String,
    /// The types of payloads by kind; others are kept as they are.
    pub types: BTreeMap<String, TypeExpr>,
}

/// Who calls a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// The client calls, the space answers.
    ClientToSpace,
    /// The space calls, the client answers.
    SpaceToClient,
}

/// An error code with a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RpcCode {
    /// The code on the wire.
    pub code: i64,
    /// Its name in Rust, `MethodNotFound`.
    pub rust: String,
    /// Our own line about it.
    pub summary: String,
}

impl Rpc {
    /// Returns the types that it mentions.
    pub fn types(&self) -> Vec<&TypeExpr> {
        let Self::Method(method) = self else { return Vec::new() };
        let events = method.events.iter().flat_map(|events| events.types.values());
        std::iter::once(&method.params).chain(&method.result).chain(events).collect()
    }
}
