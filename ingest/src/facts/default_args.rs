//! Arguments of the platform's generic types that are their defaults.

use credwire_schema::type_expr::TypeExpr;

/// The names of such types, and the defaults of their last parameters.
const DEFAULTS: [(&[&str], &[TypeExpr]); 4] = [
    (&["AsyncGenerator", "Generator"], &[TypeExpr::Any, TypeExpr::Any]),
    (
        &[
            "AsyncIterable",
            "AsyncIterableIterator",
            "AsyncIterator",
            "Iterable",
            "IterableIterator",
            "Iterator",
            "IteratorResult",
        ],
        &[TypeExpr::Any, TypeExpr::Any],
    ),
    (&["CustomEvent", "MessageEvent", "ReadableStream", "WritableStream"], &[TypeExpr::Any]),
    (&["ReadableStreamDefaultReader", "WritableStreamDefaultWriter"], &[TypeExpr::Any]),
];

/// Those of `ArrayBufferLike`.
const BUFFERS: [&str; 15] = [
    "ArrayBufferView",
    "BigInt64Array",
    "BigUint64Array",
    "Buffer",
    "DataView",
    "Float16Array",
    "Float32Array",
    "Float64Array",
    "Int16Array",
    "Int32Array",
    "Int8Array",
    "Uint16Array",
    "Uint32Array",
    "Uint8Array",
    "Uint8ClampedArray",
];

/// Leaves out the arguments that are the defaults of the platform's types: the compiler spells
/// them out, and nobody else does.
pub fn without_default_args(ty: &mut TypeExpr) {
    ty.each_child_mut(&mut without_default_args);
    let TypeExpr::Ref { name, args } = ty else { return };
    if BUFFERS.contains(&name.as_str()) {
        let is_default = |arg: &TypeExpr| *arg == TypeExpr::named("ArrayBufferLike");
        if args.last().is_some_and(is_default) {
            args.pop();
        }
        return;
    }
    let known = DEFAULTS.iter().find(|(names, _)| names.contains(&name.as_str()));
    let Some((_, defaults)) = known else { return };
    let is_stream = defaults.len() == 1;
    let first = usize::from(!is_stream);
    while args.len() > first && args.last().is_some_and(|last| defaults.contains(last)) {
        args.pop();
    }
}
