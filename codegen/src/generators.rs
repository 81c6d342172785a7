//! The kinds of generated code: which generator takes which item.

use credwire_schema::{
    model::{Item, Origin, Role, Shape},
    type_expr::TypeExpr,
};

use crate::{
    alias, constant, decision, element,
    emit::Emitted,
    error_class,
    generator::{Generator, Verdict},
    literal_union, literals, names, object, provider, record, rpc, union,
};

/// What the folder `wire` holds.
const WIRE: &str = "JSON-RPC over the socket of a session.";

/// Every kind there is.
pub(crate) const ALL: &[Generator] = &[
    Generator {
        source: "codegen/src/record.rs",
        folder: "data",
        title: "Data on the wire.",
        run: |cx, item, problems| match &item.shape {
            Shape::Interface(members)
                if cx.role(item) == Some(Role::WireData) && item.origin == Origin::Reference =>
            {
                verdict(item, record::emit(cx, item, members, problems))
            }
            _ => Verdict::NotMine,
        },
    },
    Generator {
        source: "codegen/src/record.rs",
        folder: "wire",
        title: WIRE,
        run: |cx, item, problems| match &item.shape {
            Shape::Interface(members)
                if cx.role(item) == Some(Role::WireData) && item.origin == Origin::Wire =>
            {
                verdict(item, record::emit(cx, item, members, problems))
            }
            _ => Verdict::NotMine,
        },
    },
    Generator {
        source: "codegen/src/rpc.rs",
        folder: "wire",
        title: WIRE,
        run: |cx, item, problems| match &item.shape {
            Shape::Rpc(rpc) => verdict(item, rpc::emit(cx, item, rpc, problems)),
            _ => Verdict::NotMine,
        },
    },
    Generator {
        source: "codegen/src/record.rs",
        folder: "handles",
        title: "Data that carries what a platform brings.",
        run: |cx, item, problems| match &item.shape {
            Shape::Interface(members) if cx.role(item) == Some(Role::Handles) => {
                verdict(item, record::emit(cx, item, members, problems))
            }
            _ => Verdict::NotMine,
        },
    },
    Generator {
        source: "codegen/src/record.rs",
        folder: "streams",
        title: "Data that carries something to watch.",
        run: |cx, item, problems| match &item.shape {
            Shape::Interface(members) if cx.role(item) == Some(Role::Stream) => {
                verdict(item, record::emit(cx, item, members, problems))
            }
            _ => Verdict::NotMine,
        },
    },
    Generator {
        source: "codegen/src/literals.rs",
        folder: "values",
        title: "Enumerated values.",
        run: |_, item, problems| match &item.shape {
            Shape::Alias { ty, meanings } => literal_union::union(ty)
                .map_or(Verdict::NotMine, |union| {
                    verdict(item, literals::emit(item, union, meanings, problems))
                }),
            _ => Verdict::NotMine,
        },
    },
    Generator {
        source: "codegen/src/alias.rs",
        folder: "aliases",
        title: "Other names of types.",
        run: |cx, item, problems| match &item.shape {
            Shape::Alias { ty, .. } if alias::is_plain(ty) => {
                verdict(item, alias::emit(cx, item, ty, problems))
            }
            _ => Verdict::NotMine,
        },
    },
    Generator {
        source: "codegen/src/union.rs",
        folder: "unions",
        title: "Unions of interfaces.",
        run: |cx, item, problems| match &item.shape {
            Shape::Alias { ty, .. } if union::is_union(cx, ty) => {
                verdict(item, union::emit(cx, item, ty, problems))
            }
            _ => Verdict::NotMine,
        },
    },
    Generator {
        source: "codegen/src/provider.rs",
        folder: "providers",
        title: "Behaviour that applications supply.",
        run: |cx, item, problems| match &item.shape {
            Shape::Interface(members) if cx.role(item) == Some(Role::Application) => {
                verdict(item, provider::emit(cx, item, members, problems))
            }
            Shape::Alias { ty: TypeExpr::Function(function), .. } => {
                verdict(item, provider::emit_function(cx, item, function, problems))
            }
            _ => Verdict::NotMine,
        },
    },
    Generator {
        source: "codegen/src/error_class.rs",
        folder: "errors",
        title: "Errors.",
        run: |cx, item, problems| match &item.shape {
            Shape::Error(members) => verdict(item, error_class::emit(cx, item, members, problems)),
            _ => Verdict::NotMine,
        },
    },
    Generator {
        source: "codegen/src/constant.rs",
        folder: "constants",
        title: "Constants.",
        run: |_, item, problems| match &item.shape {
            Shape::Variable { ty, value } => {
                verdict(item, constant::emit(item, ty, value.as_deref(), problems))
            }
            _ => Verdict::NotMine,
        },
    },
    Generator {
        source: "codegen/src/object.rs",
        folder: "objects",
        title: "Objects of the SDK.",
        run: |cx, item, problems| {
            if cx.is_object(item) {
                verdict(item, object::emit(cx, item, problems))
            } else {
                Verdict::NotMine
            }
        },
    },
    Generator {
        source: "codegen/src/object.rs",
        folder: "functions",
        title: "What functions of the SDK take and give.",
        run: |cx, item, problems| match &item.shape {
            Shape::Function { signatures } => {
                verdict(item, object::emit_function(cx, item, signatures, problems))
            }
            _ => Verdict::NotMine,
        },
    },
    Generator {
        source: "codegen/src/element.rs",
        folder: "elements",
        title: "Events of custom elements.",
        run: |cx, item, problems| match &item.shape {
            Shape::Element { element } => verdict(item, element::emit(cx, item, element, problems)),
            _ => Verdict::NotMine,
        },
    },
    Generator {
        source: "codegen/src/decision.rs",
        folder: "decisions",
        title: "Decision tables.",
        run: |_, item, _| match item.tables.as_slice() {
            [] => Verdict::NotMine,
            tables => {
                let mut all = Emitted::default();
                for table in tables {
                    let emitted = decision::emit(item, table);
                    all.exports.extend(emitted.exports);
                    all.body.extend(emitted.body);
                }
                verdict(item, Some(all))
            }
        },
    },
];

fn verdict(item: &Item, emitted: Option<Emitted>) -> Verdict {
    // The page's own words, where there is a page: it splits acronyms as a reader does.
    let slug = item.reference.rsplit('/').next().unwrap_or_default();
    let stem = if slug.is_empty() { names::snake(&item.rust) } else { names::snake(slug) };
    match emitted {
        Some(emitted) => Verdict::Emitted(stem, emitted),
        None => Verdict::Failed,
    }
}
