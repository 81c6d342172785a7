//! The types of global values that declarations speak of: `typeof fetch`, `JSON["parse"]`.

use crate::type_expr::{FunctionParam, FunctionType, TypeExpr};

/// The type of a global function or class.
pub(in crate::link) fn value(name: &str) -> Option<TypeExpr> {
    let named = |name: &str| TypeExpr::named(name);
    Some(match name {
        // A platform brings what these give.
        "setInterval" | "setTimeout" => function(false, &[], named("NodeJS.Timeout")),
        "setImmediate" => function(false, &[], named("NodeJS.Immediate")),
        "fetch" => {
            let answer =
                TypeExpr::Ref { name: "Promise".to_owned(), args: vec![named("Response")] };
            let params = [("input", named("URL"), false), ("init", named("RequestInit"), true)];
            function(false, &params, answer)
        }
        "Headers" => function(true, &[("init", named("HeadersInit"), true)], named("Headers")),
        _ => return None,
    })
}

/// The names of plain objects that the type of a global value mentions.
pub(in crate::link) fn mentions(name: &str) -> &'static [&'static str] {
    match name {
        "fetch" => &["RequestInit"],
        "Headers" => &["HeadersInit"],
        _ => &[],
    }
}

/// The type of a member of a global object.
pub(in crate::link) fn member(object: &str, name: &str) -> Option<TypeExpr> {
    match (object, name) {
        ("JSON", "parse") => {
            Some(function(false, &[("text", TypeExpr::String, false)], TypeExpr::Any))
        }
        ("JSON", "stringify") => {
            Some(function(false, &[("value", TypeExpr::Any, false)], TypeExpr::String))
        }
        _ => None,
    }
}

fn function(construct: bool, params: &[(&str, TypeExpr, bool)], returns: TypeExpr) -> TypeExpr {
    let param = |(name, ty, optional): &(&str, TypeExpr, bool)| FunctionParam {
        name: (*name).to_owned(),
        ty: Some(ty.clone()),
        optional: *optional,
        rest: false,
    };
    let params = params.iter().map(param).collect();
    TypeExpr::Function(Box::new(FunctionType {
        construct,
        type_params: Vec::new(),
        params,
        returns,
    }))
}
