//! Syntax trees into type expressions.

mod compound;

use credwire_schema::type_expr::{
    Field, FunctionParam, FunctionType, IndexSignature, ObjectMember, TemplatePart, TypeExpr,
    TypeParam,
};

use super::{GetSpan, Member, MemberKind, Span, ast};
use crate::nesting;

/// Turns syntax trees into type expressions.
pub(super) struct Reader<'a> {
    code: &'a str,
    /// Whether `import("x").Y` is a name that can be looked up, and not text.
    imports: bool,
    pub(super) opaque: Vec<String>,
    /// The modules of those imports.
    pub(super) modules: Vec<String>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(code: &'a str) -> Self {
        Self { code, imports: false, opaque: Vec::new(), modules: Vec::new() }
    }

    /// For files whose imports are followed.
    pub(super) fn with_imports(code: &'a str) -> Self {
        Self { imports: true, ..Self::new(code) }
    }

    pub(super) fn text(&self, span: Span) -> String {
        let text = self.code.get(span.start as usize..span.end as usize).unwrap_or_default();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn opaque(&mut self, span: Span) -> TypeExpr {
        let text = self.text(span);
        self.opaque.push(text.clone());
        TypeExpr::Opaque(text)
    }

    pub(super) fn annotation(
        &mut self,
        ty: Option<&ast::TSTypeAnnotation<'_>>,
        depth: usize,
    ) -> Option<TypeExpr> {
        ty.map(|ty| self.ty(&ty.type_annotation, depth))
    }

    pub(super) fn types(&mut self, types: &[ast::TSType<'_>], depth: usize) -> Vec<TypeExpr> {
        types.iter().map(|ty| self.ty(ty, depth)).collect()
    }

    pub(super) fn ty(&mut self, ty: &ast::TSType<'_>, depth: usize) -> TypeExpr {
        use ast::TSType as T;
        if depth > nesting::MAX_NESTING {
            return self.opaque(ty.span());
        }
        let depth = depth + 1;
        match ty {
            T::TSAnyKeyword(_) => TypeExpr::Any,
            T::TSBigIntKeyword(_) => TypeExpr::BigInt,
            T::TSBooleanKeyword(_) => TypeExpr::Boolean,
            T::TSNeverKeyword(_) => TypeExpr::Never,
            T::TSNullKeyword(_) => TypeExpr::Null,
            T::TSNumberKeyword(_) => TypeExpr::Number,
            T::TSObjectKeyword(_) => TypeExpr::Object,
            T::TSStringKeyword(_) => TypeExpr::String,
            T::TSSymbolKeyword(_) => TypeExpr::Symbol,
            T::TSUndefinedKeyword(_) => TypeExpr::Undefined,
            T::TSUnknownKeyword(_) => TypeExpr::Unknown,
            T::TSVoidKeyword(_) => TypeExpr::Void,
            T::TSThisType(_) => TypeExpr::This,
            T::TSArrayType(array) => TypeExpr::Array(Box::new(self.ty(&array.element_type, depth))),
            T::TSParenthesizedType(inner) => self.ty(&inner.type_annotation, depth),
            T::TSUnionType(union) => match self.types(&union.types, depth) {
                mut one if one.len() == 1 => one.remove(0),
                many => TypeExpr::Union(many),
            },
            T::TSIntersectionType(all) => TypeExpr::Intersection(self.types(&all.types, depth)),
            T::TSLiteralType(literal) => self.literal(literal),
            T::TSTemplateLiteralType(template) => self.template(template, depth),
            T::TSTypeOperatorType(operator) => self.operator(operator, depth),
            T::TSTypeReference(reference) => self.reference(reference, depth),
            T::TSImportType(import) if self.imports => self.import(import, depth),
            T::TSTypeLiteral(literal) => self.inline(literal, depth),
            T::TSFunctionType(function) => TypeExpr::Function(Box::new(FunctionType {
                construct: false,
                type_params: self.type_params(function.type_parameters.as_deref()),
                params: self.params(&function.params, depth),
                returns: self.ty(&function.return_type.type_annotation, depth),
            })),
            T::TSConstructorType(constructor) => TypeExpr::Function(Box::new(FunctionType {
                construct: true,
                type_params: self.type_params(constructor.type_parameters.as_deref()),
                params: self.params(&constructor.params, depth),
                returns: self.ty(&constructor.return_type.type_annotation, depth),
            })),
            T::TSTypePredicate(predicate) if !predicate.asserts => {
                let param = match &predicate.parameter_name {
                    ast::TSTypePredicateName::Identifier(name) => name.name.to_string(),
                    ast::TSTypePredicateName::This(_) => "this".to_owned(),
                };
                match self.annotation(predicate.type_annotation.as_deref(), depth) {
                    Some(ty) => TypeExpr::Predicate { param, ty: Box::new(ty) },
                    None => self.opaque(predicate.span),
                }
            }
            T::TSTupleType(tuple) => self.tuple(tuple, false, depth),
            T::TSIndexedAccessType(access) => TypeExpr::Indexed {
                object: Box::new(self.ty(&access.object_type, depth)),
                index: Box::new(self.ty(&access.index_type, depth)),
            },
            T::TSConditionalType(conditional) => self.conditional(conditional, depth),
            T::TSInferType(infer) => {
                TypeExpr::Infer(Box::new(self.type_param(&infer.type_parameter)))
            }
            T::TSMappedType(mapped) => self.mapped(mapped, depth),
            T::TSTypeQuery(query) => self.query(query, depth),
            other => self.opaque(other.span()),
        }
    }

    fn literal(&mut self, literal: &ast::TSLiteralType<'_>) -> TypeExpr {
        match &literal.literal {
            ast::TSLiteral::BooleanLiteral(value) => TypeExpr::BooleanLiteral(value.value),
            ast::TSLiteral::StringLiteral(value) => TypeExpr::Literal(value.value.to_string()),
            ast::TSLiteral::TemplateLiteral(value) => match value.single_quasi() {
                Some(text) => TypeExpr::Literal(text.to_string()),
                None => self.opaque(literal.span),
            },
            other => TypeExpr::NumberLiteral(self.text(other.span())),
        }
    }

    fn template(&mut self, template: &ast::TSTemplateLiteralType<'_>, depth: usize) -> TypeExpr {
        let mut parts = Vec::new();
        for (index, quasi) in template.quasis.iter().enumerate() {
            let text = quasi.value.cooked.as_ref().unwrap_or(&quasi.value.raw);
            if !text.is_empty() {
                parts.push(TemplatePart::Text(text.to_string()));
            }
            if let Some(ty) = template.types.get(index) {
                parts.push(TemplatePart::Type(self.ty(ty, depth)));
            }
        }
        match parts.as_slice() {
            [] => TypeExpr::Literal(String::new()),
            [TemplatePart::Text(text)] => TypeExpr::Literal(text.clone()),
            _ => TypeExpr::Template(parts),
        }
    }

    fn operator(&mut self, operator: &ast::TSTypeOperator<'_>, depth: usize) -> TypeExpr {
        use ast::{TSType as T, TSTypeOperatorOperator as O};
        match (operator.operator, &operator.type_annotation) {
            (O::Readonly, T::TSArrayType(array)) => {
                TypeExpr::ReadonlyArray(Box::new(self.ty(&array.element_type, depth)))
            }
            (O::Readonly, T::TSTupleType(tuple)) => self.tuple(tuple, true, depth),
            (O::Keyof, ty) => TypeExpr::KeyOf(Box::new(self.ty(ty, depth))),
            _ => self.opaque(operator.span),
        }
    }

    fn reference(&mut self, reference: &ast::TSTypeReference<'_>, depth: usize) -> TypeExpr {
        let name = self.text(reference.type_name.span());
        let mut args = reference
            .type_arguments
            .as_ref()
            .map(|args| self.types(&args.params, depth))
            .unwrap_or_default();
        match (name.as_str(), args.len()) {
            ("Array", 1) => TypeExpr::Array(Box::new(args.remove(0))),
            ("ReadonlyArray", 1) => TypeExpr::ReadonlyArray(Box::new(args.remove(0))),
            _ => TypeExpr::Ref { name, args },
        }
    }

    fn import(&mut self, import: &ast::TSImportType<'_>, depth: usize) -> TypeExpr {
        if import.qualifier.is_none() {
            return self.opaque(import.span);
        }
        let name = self.import_path(import);
        let args = import.type_arguments.as_ref();
        let args = args.map(|args| self.types(&args.params, depth)).unwrap_or_default();
        TypeExpr::Ref { name, args }
    }

    /// `import("x").Y` as a name that can be looked up.
    fn import_path(&mut self, import: &ast::TSImportType<'_>) -> String {
        self.modules.push(import.source.value.to_string());
        let module = format!("import({:?})", import.source.value);
        match &import.qualifier {
            Some(qualifier) => format!("{module}.{}", self.text(qualifier.span())),
            None => module,
        }
    }

    fn inline(&mut self, literal: &ast::TSTypeLiteral<'_>, depth: usize) -> TypeExpr {
        let members: Vec<Member> =
            literal.members.iter().map(|member| self.member(member, depth)).collect();
        match members.as_slice() {
            [Member { kind: MemberKind::Index, params, ty: Some(ty), .. }] => {
                let key =
                    params.first().and_then(|param| param.ty.clone()).unwrap_or(TypeExpr::String);
                return TypeExpr::Ref { name: "Record".to_owned(), args: vec![key, ty.clone()] };
            }
            [one @ Member { kind: MemberKind::Call | MemberKind::Constructor, .. }] => {
                return TypeExpr::Function(Box::new(one.clone().into_function()));
            }
            _ => {}
        }
        let is_read = |name: &str| {
            let getter = |member: &&Member| member.kind == MemberKind::Getter;
            members.iter().filter(getter).any(|member| member.name == name)
        };
        let is_written = |name: &str| {
            let setter = |member: &&Member| member.kind == MemberKind::Setter;
            members.iter().filter(setter).any(|member| member.name == name)
        };
        let members: Vec<ObjectMember> = members
            .iter()
            // A setter beside its getter is the same member.
            .filter(|member| member.kind != MemberKind::Setter || !is_read(&member.name))
            .map(|member| match member.clone().into_object_member() {
                ObjectMember::Property(field) if member.kind == MemberKind::Getter => {
                    let readonly = !is_written(&member.name);
                    ObjectMember::Property(Field { readonly, ..field })
                }
                other => other,
            })
            .collect();
        let fields: Option<Vec<Field>> = members
            .iter()
            .map(|member| match member {
                ObjectMember::Property(field) => Some(field.clone()),
                ObjectMember::Index(_) | ObjectMember::Call(_) => None,
            })
            .collect();
        fields.map_or(TypeExpr::ObjectType(members), TypeExpr::Inline)
    }

    pub(super) fn member(&mut self, signature: &ast::TSSignature<'_>, depth: usize) -> Member {
        use ast::TSSignature as S;
        let mut member = Member {
            kind: MemberKind::Property,
            name: String::new(),
            optional: false,
            readonly: false,
            type_params: Vec::new(),
            params: Vec::new(),
            ty: None,
        };
        match signature {
            S::TSIndexSignature(index) => return self.index(index, depth),
            S::TSPropertySignature(property) => {
                member.name = self.key(&property.key);
                member.optional = property.optional;
                member.readonly = property.readonly;
                member.ty = self.annotation(property.type_annotation.as_deref(), depth);
            }
            S::TSCallSignatureDeclaration(call) => {
                member.kind = MemberKind::Call;
                member.type_params = self.type_params(call.type_parameters.as_deref());
                member.params = self.params(&call.params, depth);
                member.ty = self.annotation(call.return_type.as_deref(), depth);
            }
            S::TSConstructSignatureDeclaration(construct) => {
                member.kind = MemberKind::Constructor;
                member.type_params = self.type_params(construct.type_parameters.as_deref());
                member.params = self.params(&construct.params, depth);
                member.ty = self.annotation(construct.return_type.as_deref(), depth);
            }
            S::TSMethodSignature(method) => {
                member.kind = match method.kind {
                    ast::TSMethodSignatureKind::Get => MemberKind::Getter,
                    ast::TSMethodSignatureKind::Set => MemberKind::Setter,
                    ast::TSMethodSignatureKind::Method => MemberKind::Method,
                };
                member.name = self.key(&method.key);
                member.optional = method.optional;
                member.type_params = self.type_params(method.type_parameters.as_deref());
                member.params = self.params(&method.params, depth);
                member.ty = self.annotation(method.return_type.as_deref(), depth);
            }
        }
        member
    }

    pub(super) fn index(&mut self, index: &ast::TSIndexSignature<'_>, depth: usize) -> Member {
        let key = &index.parameter;
        Member {
            kind: MemberKind::Index,
            name: String::new(),
            optional: false,
            readonly: index.readonly,
            type_params: Vec::new(),
            params: vec![FunctionParam {
                name: key.name.to_string(),
                ty: Some(self.ty(&key.type_annotation.type_annotation, depth)),
                optional: false,
                rest: false,
            }],
            ty: Some(self.ty(&index.type_annotation.type_annotation, depth)),
        }
    }

    /// The name of a member; a computed one as it is written, `[Symbol.iterator]`.
    pub(super) fn key(&self, key: &ast::PropertyKey<'_>) -> String {
        let computed = || format!("[{}]", self.text(key.span()));
        key.static_name().map_or_else(computed, std::borrow::Cow::into_owned)
    }

    pub(super) fn type_params(
        &mut self,
        params: Option<&ast::TSTypeParameterDeclaration<'_>>,
    ) -> Vec<TypeParam> {
        let params = params.map(|list| list.params.as_slice()).unwrap_or_default();
        params.iter().map(|param| self.type_param(param)).collect()
    }

    fn type_param(&mut self, param: &ast::TSTypeParameter<'_>) -> TypeParam {
        TypeParam {
            name: param.name.name.to_string(),
            extends: param.constraint.as_ref().map(|ty| self.ty(ty, 0)),
            default: param.default.as_ref().map(|ty| self.ty(ty, 0)),
        }
    }

    pub(super) fn params(
        &mut self,
        params: &ast::FormalParameters<'_>,
        depth: usize,
    ) -> Vec<FunctionParam> {
        let mut read: Vec<FunctionParam> = params
            .items
            .iter()
            .map(|param| FunctionParam {
                name: self.binding(&param.pattern),
                ty: self.annotation(param.type_annotation.as_deref(), depth),
                optional: param.optional || param.initializer.is_some(),
                rest: false,
            })
            .collect();
        if let Some(rest) = &params.rest {
            read.push(FunctionParam {
                name: self.binding(&rest.rest.argument),
                ty: self.annotation(rest.type_annotation.as_deref(), depth),
                optional: false,
                rest: true,
            });
        }
        read
    }

    pub(super) fn binding(&self, pattern: &ast::BindingPattern<'_>) -> String {
        match pattern {
            ast::BindingPattern::BindingIdentifier(id) => id.name.to_string(),
            // The generators' own name for a parameter that is taken apart.
            _ => "__namedParameters".to_owned(),
        }
    }
}

impl Member {
    /// The member as a function; one without a result gives anything.
    pub(crate) fn into_function(self) -> FunctionType {
        FunctionType {
            construct: self.kind == MemberKind::Constructor,
            type_params: self.type_params,
            params: self.params,
            returns: self.ty.unwrap_or(TypeExpr::Any),
        }
    }

    fn into_object_member(mut self) -> ObjectMember {
        let (name, optional, readonly) =
            (std::mem::take(&mut self.name), self.optional, self.readonly);
        let any = TypeExpr::Any;
        let ty = match self.kind {
            MemberKind::Property | MemberKind::Getter => self.ty.unwrap_or(any),
            MemberKind::Setter => {
                self.params.into_iter().next().and_then(|param| param.ty).unwrap_or(any)
            }
            MemberKind::Method => TypeExpr::Function(Box::new(self.into_function())),
            MemberKind::Call | MemberKind::Constructor => {
                return ObjectMember::Call(self.into_function());
            }
            MemberKind::Index => return ObjectMember::Index(self.into_index()),
        };
        ObjectMember::Property(Field { name, ty, optional, readonly })
    }

    /// The member as an index signature; keys are strings and values anything where nothing else
    /// is written.
    pub(crate) fn into_index(self) -> IndexSignature {
        let key = self.params.into_iter().next();
        let (name, key) = key.map_or_else(|| ("key".to_owned(), None), |key| (key.name, key.ty));
        IndexSignature {
            name,
            key: key.unwrap_or(TypeExpr::String),
            value: self.ty.unwrap_or(TypeExpr::Any),
            readonly: self.readonly,
        }
    }
}
