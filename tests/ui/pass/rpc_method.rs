//! `#[derive(RpcMethod)]` on structs and enums, with and without parameters.

use std::collections::HashMap;

use credwire::{RpcMethod, SerializeExposed};
use serde::{Deserialize, Serialize};

#[derive(Serialize, RpcMethod)]
#[rpc(method = "example.echo", result = Echoed)]
struct Echo {
    text: &'static str,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Echoed {
    text: String,
}

#[derive(Serialize, RpcMethod)]
#[serde(untagged)]
#[rpc(method = "example.sum")]
#[rpc(result = HashMap<String, Vec<i64>>, crate = "::credwire")]
enum Sum<T: Copy>
where
    T: Into<i64>,
{
    One(T),
    Many(Vec<T>),
}

fn call<M>(params: &M, answer: &str) -> (String, M::Result)
where
    M: RpcMethod<Params = M> + SerializeExposed,
{
    let params = serde_json::to_string(&params.exposed()).unwrap();
    let request = format!(r#"{{"method":"{}","params":{params}}}"#, M::NAME);
    (request, serde_json::from_str(answer).unwrap())
}

pub(crate) fn main() {
    let (request, result) = call(&Echo { text: "a" }, r#"{"text":"a"}"#);
    assert_eq!(request, r#"{"method":"example.echo","params":{"text":"a"}}"#);
    assert_eq!(result, Echoed { text: "a".to_owned() });

    let (request, result) = call(&Sum::Many(vec![1, 2]), r#"{"sum":[3]}"#);
    assert_eq!(request, r#"{"method":"example.sum","params":[1,2]}"#);
    assert_eq!(result["sum"], [3]);
    let (request, _) = call(&Sum::One(1), "{}");
    assert_eq!(request, r#"{"method":"example.sum","params":1}"#);
}
