//! Types that are worked out of others: tuples, conditional and mapped types, `typeof`.

use credwire_schema::type_expr::{
    ConditionalType, MappedModifier, MappedType, TupleElement, TypeExpr,
};

use super::{GetSpan, Reader, ast};

impl Reader<'_> {
    pub(super) fn tuple(
        &mut self,
        tuple: &ast::TSTupleType<'_>,
        readonly: bool,
        depth: usize,
    ) -> TypeExpr {
        let elements = tuple.element_types.iter().map(|one| self.element(one, depth)).collect();
        TypeExpr::Tuple { readonly, elements }
    }

    fn element(&mut self, element: &ast::TSTupleElement<'_>, depth: usize) -> TupleElement {
        use ast::TSTupleElement as E;
        match element {
            E::TSOptionalType(optional) => {
                let ty = self.ty(&optional.type_annotation, depth);
                TupleElement { name: None, ty, optional: true, rest: false }
            }
            E::TSRestType(rest) => {
                let inner = match &rest.type_annotation {
                    ast::TSType::TSNamedTupleMember(named) => self.named_element(named, depth),
                    ty => self.plain_element(ty, depth),
                };
                TupleElement { rest: true, ..inner }
            }
            E::TSNamedTupleMember(named) => self.named_element(named, depth),
            other => match other.as_ts_type() {
                Some(ty) => self.plain_element(ty, depth),
                None => {
                    let ty = self.opaque(other.span());
                    TupleElement { name: None, ty, optional: false, rest: false }
                }
            },
        }
    }

    fn plain_element(&mut self, ty: &ast::TSType<'_>, depth: usize) -> TupleElement {
        TupleElement { name: None, ty: self.ty(ty, depth), optional: false, rest: false }
    }

    fn named_element(&mut self, named: &ast::TSNamedTupleMember<'_>, depth: usize) -> TupleElement {
        let inner = self.element(&named.element_type, depth);
        TupleElement { name: Some(named.label.name.to_string()), optional: named.optional, ..inner }
    }

    pub(super) fn conditional(
        &mut self,
        conditional: &ast::TSConditionalType<'_>,
        depth: usize,
    ) -> TypeExpr {
        TypeExpr::Conditional(Box::new(ConditionalType {
            check: self.ty(&conditional.check_type, depth),
            extends: self.ty(&conditional.extends_type, depth),
            then: self.ty(&conditional.true_type, depth),
            otherwise: self.ty(&conditional.false_type, depth),
        }))
    }

    pub(super) fn mapped(&mut self, mapped: &ast::TSMappedType<'_>, depth: usize) -> TypeExpr {
        use ast::TSMappedTypeModifierOperator as M;
        let modifier = |written: Option<M>| {
            written.map(|written| match written {
                M::True | M::Plus => MappedModifier::Add,
                M::Minus => MappedModifier::Remove,
            })
        };
        TypeExpr::Mapped(Box::new(MappedType {
            key: mapped.key.name.to_string(),
            keys: self.ty(&mapped.constraint, depth),
            renamed: mapped.name_type.as_ref().map(|ty| self.ty(ty, depth)),
            ty: mapped.type_annotation.as_ref().map_or(TypeExpr::Any, |ty| self.ty(ty, depth)),
            optional: modifier(mapped.optional),
            readonly: modifier(mapped.readonly),
        }))
    }

    pub(super) fn query(&mut self, query: &ast::TSTypeQuery<'_>, depth: usize) -> TypeExpr {
        let name = match &query.expr_name {
            ast::TSTypeQueryExprName::TSImportType(import) => self.import_path(import),
            name => self.text(name.span()),
        };
        let args = query.type_arguments.as_ref();
        let args = args.map(|args| self.types(&args.params, depth)).unwrap_or_default();
        TypeExpr::TypeOf { name, args }
    }
}
