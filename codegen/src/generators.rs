//! The kinds of generated code: which generator takes which item.

use credwire_schema::{
    model::{Origin, Role, Shape},
    type_expr::TypeExpr,
};

use crate::{
    alias, constant, decision, element,
    emit::Emitted,
    enumeration, error_class,
    generator::{Generator, ItemResult},
    literal_union, literals, object, provider, record, rpc, shape, union,
};

/// What the module `wire` holds.
const WIRE: &str = "JSON-RPC over the socket of a session.";

/// Every kind there is.
pub(crate) const ALL: &[Generator] = &[
    Generator {
        source: "codegen/src/record.rs",
        module: "data",
        title: "Data on the wire.",
        run: |cx, item, problems| match &item.shape {
            Shape::Interface(members)
                if cx.role(item) == Some(Role::WireData) && item.origin == Origin::Reference =>
            {
                item_result(record::emit(cx, item, members, problems))
            }
            _ => ItemResult::NotMine,
        },
    },
    Generator {
        source: "codegen/src/record.rs",
        module: "wire",
        title: WIRE,
        run: |cx, item, problems| match &item.shape {
            Shape::Interface(members)
                if cx.role(item) == Some(Role::WireData) && item.origin == Origin::Wire =>
            {
                item_result(record::emit(cx, item, members, problems))
            }
            _ => ItemResult::NotMine,
        },
    },
    Generator {
        source: "codegen/src/rpc.rs",
        module: "wire",
        title: WIRE,
        run: |cx, item, problems| match &item.shape {
            Shape::Rpc(rpc) => item_result(rpc::emit(cx, item, rpc, problems)),
            _ => ItemResult::NotMine,
        },
    },
    Generator {
        source: "codegen/src/record.rs",
        module: "handles",
        title: "Data that carries what a platform brings.",
        run: |cx, item, problems| match &item.shape {
            Shape::Interface(members) if cx.role(item) == Some(Role::Handles) => {
                item_result(record::emit(cx, item, members, problems))
            }
            _ => ItemResult::NotMine,
        },
    },
    Generator {
        source: "codegen/src/record.rs",
        module: "streams",
        title: "Data that carries something to watch.",
        run: |cx, item, problems| match &item.shape {
            Shape::Interface(members) if cx.role(item) == Some(Role::Stream) => {
                item_result(record::emit(cx, item, members, problems))
            }
            _ => ItemResult::NotMine,
        },
    },
    Generator {
        source: "codegen/src/literals.rs",
        module: "values",
        title: "Enumerated values.",
        run: |_, item, problems| match literal_union::of_shape(&item.shape) {
            Some(union) => item_result(literals::emit(item, union, problems)),
            None => ItemResult::NotMine,
        },
    },
    Generator {
        source: "codegen/src/enumeration.rs",
        module: "enumerations",
        title: "Enumerations of texts and numbers.",
        run: |_, item, _| match &item.shape {
            Shape::Enum { members } if literal_union::of_shape(&item.shape).is_none() => {
                item_result(Some(enumeration::emit(item, members)))
            }
            _ => ItemResult::NotMine,
        },
    },
    Generator {
        source: "codegen/src/alias.rs",
        module: "aliases",
        title: "Other names of types.",
        run: |cx, item, problems| match &item.shape {
            Shape::Alias { ty, .. } if shape::is_plain(ty) => {
                item_result(alias::emit(cx, item, ty, problems))
            }
            _ => ItemResult::NotMine,
        },
    },
    Generator {
        source: "codegen/src/union.rs",
        module: "unions",
        title: "Unions of interfaces.",
        run: |cx, item, problems| match &item.shape {
            Shape::Alias { ty, .. } if union::is_union(ty) => {
                item_result(union::emit(cx, item, ty, problems))
            }
            _ => ItemResult::NotMine,
        },
    },
    Generator {
        source: "codegen/src/provider.rs",
        module: "providers",
        title: "Behaviour that applications supply.",
        run: |cx, item, problems| match &item.shape {
            Shape::Interface(members) if cx.role(item) == Some(Role::Application) => {
                item_result(provider::emit(cx, item, members, problems))
            }
            Shape::Alias { ty: TypeExpr::Function(function), .. } => {
                item_result(provider::emit_function(cx, item, function, problems))
            }
            _ => ItemResult::NotMine,
        },
    },
    Generator {
        source: "codegen/src/error_class.rs",
        module: "errors",
        title: "Errors.",
        run: |cx, item, problems| match &item.shape {
            Shape::Error(members) => item_result(error_class::emit(cx, item, members, problems)),
            _ => ItemResult::NotMine,
        },
    },
    Generator {
        source: "codegen/src/constant.rs",
        module: "constants",
        title: "Constants.",
        run: |cx, item, problems| match &item.shape {
            Shape::Variable { ty, value } => {
                item_result(constant::emit(cx, item, ty, value.as_deref(), problems))
            }
            _ => ItemResult::NotMine,
        },
    },
    Generator {
        source: "codegen/src/object.rs",
        module: "objects",
        title: "Objects of the SDK.",
        run: |cx, item, problems| {
            if cx.is_object(item) {
                item_result(object::emit(cx, item, problems))
            } else {
                ItemResult::NotMine
            }
        },
    },
    Generator {
        source: "codegen/src/object.rs",
        module: "functions",
        title: "What functions of the SDK take and give.",
        run: |cx, item, problems| match &item.shape {
            Shape::Function { signatures } => {
                item_result(object::emit_function(cx, item, signatures, problems))
            }
            _ => ItemResult::NotMine,
        },
    },
    Generator {
        source: "codegen/src/element.rs",
        module: "elements",
        title: "Events of custom elements.",
        run: |cx, item, problems| match &item.shape {
            Shape::Element { element } => item_result(element::emit(cx, item, element, problems)),
            _ => ItemResult::NotMine,
        },
    },
    Generator {
        source: "codegen/src/decision.rs",
        module: "decisions",
        title: "Decision tables.",
        run: |_, item, _| match item.tables.as_slice() {
            [] => ItemResult::NotMine,
            tables => {
                let mut all = Emitted::default();
                for table in tables {
                    let emitted = decision::emit(item, table);
                    all.exports.extend(emitted.exports);
                    all.body.extend(emitted.body);
                }
                item_result(Some(all))
            }
        },
    },
];

fn item_result(emitted: Option<Emitted>) -> ItemResult {
    emitted.map_or(ItemResult::Failed, ItemResult::Emitted)
}
