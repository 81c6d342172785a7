//! Interfaces and classes.

use credwire_schema::type_expr::TypeExpr;

use super::{
    Body, DeclarationKind, DeclaredMember, GetSpan, Member, MemberKind, Span, ast,
    module::ModuleReader,
};

impl ModuleReader<'_> {
    fn base(
        &mut self,
        name: Span,
        args: Option<&ast::TSTypeParameterInstantiation<'_>>,
    ) -> TypeExpr {
        let name = self.types.text(name);
        let args = args.map(|args| self.types.types(&args.params, 0)).unwrap_or_default();
        TypeExpr::Ref { name, args }
    }

    /// Reads an interface and gives its name.
    pub(super) fn interface(
        &mut self,
        interface: &ast::TSInterfaceDeclaration<'_>,
        exported: bool,
        span: Span,
    ) -> String {
        let mut body = Body {
            type_params: self.types.type_params(interface.type_parameters.as_deref()),
            ..Body::default()
        };
        for base in &interface.extends {
            body.extends.push(self.base(base.type_name.span(), base.type_arguments.as_deref()));
        }
        for signature in &interface.body.body {
            let member = self.types.member(signature, 0);
            let mut declared = self.declared(member, signature.span());
            if let ast::TSSignature::TSPropertySignature(property) = signature {
                let annotation = property.type_annotation.as_ref();
                declared.fields =
                    self.fields(annotation.map(|annotation| &annotation.type_annotation));
            }
            body.members.push(declared);
        }
        let name = interface.id.name.to_string();
        self.push(&name, exported, span, DeclarationKind::Interface(body));
        name
    }

    /// Reads a class and gives its name.
    pub(super) fn class(&mut self, class: &ast::Class<'_>, exported: bool, span: Span) -> String {
        let mut body = Body {
            type_params: self.types.type_params(class.type_parameters.as_deref()),
            is_abstract: class.r#abstract,
            ..Body::default()
        };
        if let Some(heritage) = &class.heritage {
            body.extends
                .push(self.base(heritage.expression.span(), heritage.type_arguments.as_deref()));
        }
        for base in &class.implements {
            body.implements.push(self.base(base.expression.span(), base.type_arguments.as_deref()));
        }
        for element in &class.body.body {
            body.members.extend(self.class_member(element));
        }
        let name = class.id.as_ref().map_or("default", |id| id.name.as_str()).to_owned();
        self.push(&name, exported, span, DeclarationKind::Class(body));
        name
    }

    /// A member that others than the class itself can reach.
    fn class_member(&mut self, element: &ast::ClassElement<'_>) -> Option<DeclaredMember> {
        use ast::{ClassElement as C, TSAccessibility as A};
        let hidden = |key: &ast::PropertyKey<'_>, access: Option<A>| {
            access == Some(A::Private) || matches!(key, ast::PropertyKey::PrivateIdentifier(_))
        };
        let (member, access, is_static, ty) = match element {
            C::MethodDefinition(method) if !hidden(&method.key, method.accessibility) => {
                (self.method(method), method.accessibility, method.r#static, None)
            }
            C::PropertyDefinition(property) if !hidden(&property.key, property.accessibility) => {
                let ty = property.type_annotation.as_deref();
                let mut member = self.property(&property.key, ty);
                member.optional = property.optional;
                member.readonly = property.readonly;
                (member, property.accessibility, property.r#static, ty)
            }
            C::AccessorProperty(property) if !hidden(&property.key, property.accessibility) => {
                let ty = property.type_annotation.as_deref();
                let member = self.property(&property.key, ty);
                (member, property.accessibility, property.r#static, ty)
            }
            C::TSIndexSignature(index) => (self.types.index(index, 0), None, index.r#static, None),
            _ => return None,
        };
        let fields = self.fields(ty.map(|ty| &ty.type_annotation));
        let declared = self.declared(member, element.span());
        Some(DeclaredMember {
            is_protected: access == Some(A::Protected),
            is_static,
            is_abstract: is_abstract(element),
            fields,
            ..declared
        })
    }

    fn method(&mut self, method: &ast::MethodDefinition<'_>) -> Member {
        let function = self.function_type(&method.value);
        Member {
            kind: match method.kind {
                ast::MethodDefinitionKind::Constructor => MemberKind::Constructor,
                ast::MethodDefinitionKind::Method => MemberKind::Method,
                ast::MethodDefinitionKind::Get => MemberKind::Getter,
                ast::MethodDefinitionKind::Set => MemberKind::Setter,
            },
            name: self.types.key(&method.key),
            optional: method.optional,
            readonly: false,
            type_params: function.type_params,
            params: function.params,
            ty: method.value.return_type.is_some().then_some(function.returns),
        }
    }

    fn property(
        &mut self,
        key: &ast::PropertyKey<'_>,
        ty: Option<&ast::TSTypeAnnotation<'_>>,
    ) -> Member {
        Member {
            kind: MemberKind::Property,
            name: self.types.key(key),
            optional: false,
            readonly: false,
            type_params: Vec::new(),
            params: Vec::new(),
            ty: self.types.annotation(ty, 0),
        }
    }
}

fn is_abstract(element: &ast::ClassElement<'_>) -> bool {
    use ast::ClassElement as C;
    match element {
        C::MethodDefinition(method) => {
            method.r#type == ast::MethodDefinitionType::TSAbstractMethodDefinition
        }
        C::PropertyDefinition(property) => {
            property.r#type == ast::PropertyDefinitionType::TSAbstractPropertyDefinition
        }
        C::AccessorProperty(property) => {
            property.r#type == ast::AccessorPropertyType::TSAbstractAccessorProperty
        }
        _ => false,
    }
}
