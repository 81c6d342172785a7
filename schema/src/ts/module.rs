//! Files of declarations into plain data.

use std::collections::BTreeMap;

use super::{
    Alias, Body, Comment, Constant, Declaration, DeclarationKind, DeclaredMember, Export, GetSpan,
    Member, MemberKind, Module, Parser, ParserReturn, Reader, SourceType, Span, SyntaxError, ast,
    is_tolerated,
};
use crate::{
    nesting,
    type_expr::{FunctionType, TypeExpr},
};

/// Parses a file of declarations.
///
/// # Errors
/// Text that is no TypeScript, or nests deeper than [`nesting::MAX_NESTING`].
pub fn parse_module(text: &str) -> Result<Module, SyntaxError> {
    if let Some(offset) = nesting::too_deep_at(text) {
        let message = format!("nests deeper than {} levels", nesting::MAX_NESTING);
        return Err(SyntaxError { message, offset });
    }
    let allocator = oxc_allocator::Allocator::default();
    let ParserReturn { program, diagnostics, panicked, .. } =
        Parser::new(&allocator, text, SourceType::d_ts()).parse();
    if let Some(fault) = diagnostics.iter().find(|fault| !is_tolerated(&fault.message)) {
        let at = fault.labels.first().map_or(0, |label| label.offset());
        return Err(SyntaxError { message: fault.message.to_string(), offset: at as usize });
    }
    if panicked {
        return Err(SyntaxError { message: "is no file of declarations".to_owned(), offset: 0 });
    }
    let comments = program
        .comments
        .iter()
        .filter(|comment| comment.is_jsdoc())
        .map(|comment| (comment.attached_to, comment.content_span()))
        .collect();
    let mut reader =
        ModuleReader { types: Reader::new(text), text, comments, module: Module::default() };
    for statement in &program.body {
        reader.statement(statement);
    }
    Ok(reader.module)
}

struct ModuleReader<'a> {
    types: Reader<'a>,
    text: &'a str,
    /// The last documentation comment in front of each token.
    comments: BTreeMap<u32, Span>,
    module: Module,
}

impl ModuleReader<'_> {
    fn statement(&mut self, statement: &ast::Statement<'_>) {
        use ast::Statement as S;
        match statement {
            S::ExportDeclaration(export) => {
                self.module.is_module = true;
                self.declaration(&export.declaration, true, export.span);
            }
            S::ExportNamedDeclaration(export) => {
                self.module.is_module = true;
                for specifier in &export.specifiers {
                    let (local, exported) =
                        (specifier.local.name().to_string(), specifier.exported.name().to_string());
                    self.module.exports.push(Export::Local { local, exported });
                }
            }
            S::ExportFromDeclaration(export) => {
                self.module.is_module = true;
                for specifier in &export.specifiers {
                    self.module.exports.push(Export::From {
                        name: specifier.local.name().to_string(),
                        exported: specifier.exported.name().to_string(),
                        module: export.source.value.to_string(),
                    });
                }
            }
            S::ExportAllDeclaration(export) => {
                self.module.is_module = true;
                if export.exported.is_some() {
                    self.skip("a namespace re-export", export.span);
                } else {
                    self.module
                        .exports
                        .push(Export::All { module: export.source.value.to_string() });
                }
            }
            S::ExportDefaultDeclaration(export) => self.default_export(export),
            S::ImportDeclaration(import) => self.import(import),
            S::TSExportAssignment(export) => {
                self.module.is_module = true;
                let local = self.types.text(export.expression.span());
                self.module.exports.push(Export::Local { exported: local.clone(), local });
            }
            other => match other.as_declaration() {
                Some(declaration) => self.declaration(declaration, false, other.span()),
                None => self.skip("a statement", other.span()),
            },
        }
    }

    fn skip(&mut self, what: &'static str, span: Span) {
        self.module.skipped.push((what, span.start as usize));
    }

    fn import(&mut self, import: &ast::ImportDeclaration<'_>) {
        use ast::ImportDeclarationSpecifier as I;
        self.module.is_module = true;
        let module = import.source.value.to_string();
        for specifier in import.specifiers.iter().flatten() {
            let (local, name) = match specifier {
                I::ImportSpecifier(one) => {
                    (one.local.name.to_string(), one.imported.name().to_string())
                }
                I::ImportDefaultSpecifier(one) => {
                    (one.local.name.to_string(), "default".to_owned())
                }
                I::ImportNamespaceSpecifier(one) => (one.local.name.to_string(), "*".to_owned()),
            };
            self.module.imports.push((local, name, module.clone()));
        }
    }

    fn default_export(&mut self, export: &ast::ExportDefaultDeclaration<'_>) {
        use ast::ExportDefaultDeclarationKind as K;
        self.module.is_module = true;
        match &export.declaration {
            K::FunctionDeclaration(function) => self.function(function, true, export.span),
            K::ClassDeclaration(class) => self.class(class, true, export.span),
            K::TSInterfaceDeclaration(interface) => self.interface(interface, true, export.span),
            K::Identifier(name) => {
                let local = name.name.to_string();
                self.module.exports.push(Export::Local { exported: local.clone(), local });
            }
            _ => self.skip("a default export of a value", export.span),
        }
    }

    fn declaration(&mut self, declaration: &ast::Declaration<'_>, exported: bool, span: Span) {
        use ast::Declaration as D;
        match declaration {
            D::VariableDeclaration(variables) => {
                for variable in &variables.declarations {
                    let ast::BindingPattern::BindingIdentifier(id) = &variable.id else { continue };
                    let ty = self.types.annotation(variable.type_annotation.as_deref(), 0);
                    let value = variable.init.as_ref().map(|value| self.types.text(value.span()));
                    let constant = Constant { name: id.name.to_string(), ty, value };
                    self.push(
                        id.name.as_str(),
                        exported,
                        span,
                        DeclarationKind::Constant(constant),
                    );
                }
            }
            D::FunctionDeclaration(function) => self.function(function, exported, span),
            D::ClassDeclaration(class) => self.class(class, exported, span),
            D::TSTypeAliasDeclaration(alias) => {
                let read = Alias {
                    name: alias.id.name.to_string(),
                    type_params: self.types.type_params(alias.type_parameters.as_deref()),
                    ty: self.types.ty(&alias.type_annotation, 0),
                };
                self.push(alias.id.name.as_str(), exported, span, DeclarationKind::Alias(read));
            }
            D::TSInterfaceDeclaration(interface) => self.interface(interface, exported, span),
            D::TSEnumDeclaration(declared) => self.enumeration(declared, exported, span),
            D::TSNamespaceDeclaration(namespace) => self.skip("a namespace", namespace.span),
            D::TSExternalModuleDeclaration(module) => self.skip("a module in a file", module.span),
            D::TSGlobalDeclaration(global) => self.skip("global declarations", global.span),
            D::TSImportEqualsDeclaration(import) => {
                self.skip("an import by assignment", import.span)
            }
        }
    }

    fn push(&mut self, name: &str, exported: bool, span: Span, kind: DeclarationKind) {
        let opaque = std::mem::take(&mut self.types.opaque);
        let comment = self.comment(span.start);
        self.module.declarations.push(Declaration {
            name: name.to_owned(),
            exported,
            offset: span.start as usize,
            comment,
            kind,
            opaque,
        });
    }

    fn comment(&self, start: u32) -> Option<Comment> {
        let span = self.comments.get(&start)?;
        let (start, end) = (span.start as usize + 1, span.end as usize);
        let text = self.text.get(start..end)?.to_owned();
        Some(Comment { text, offset: start })
    }

    fn function(&mut self, function: &ast::Function<'_>, exported: bool, span: Span) {
        let name = function.id.as_ref().map_or("default", |id| id.name.as_str());
        let read = self.function_type(function);
        self.push(name, exported, span, DeclarationKind::Function(read));
    }

    fn function_type(&mut self, function: &ast::Function<'_>) -> FunctionType {
        FunctionType {
            construct: false,
            type_params: self.types.type_params(function.type_parameters.as_deref()),
            params: self.types.params(&function.params, 0),
            returns: self
                .types
                .annotation(function.return_type.as_deref(), 0)
                .unwrap_or(TypeExpr::Any),
        }
    }

    fn base(
        &mut self,
        name: Span,
        args: Option<&ast::TSTypeParameterInstantiation<'_>>,
    ) -> TypeExpr {
        let name = self.types.text(name);
        let args = args.map(|args| self.types.types(&args.params, 0)).unwrap_or_default();
        TypeExpr::Ref { name, args }
    }

    fn interface(
        &mut self,
        interface: &ast::TSInterfaceDeclaration<'_>,
        exported: bool,
        span: Span,
    ) {
        let mut body = Body {
            type_params: self.types.type_params(interface.type_parameters.as_deref()),
            ..Body::default()
        };
        for base in &interface.extends {
            body.extends.push(self.base(base.type_name.span(), base.type_arguments.as_deref()));
        }
        for signature in &interface.body.body {
            let member = self.types.member(signature, 0);
            body.members.push(self.declared(member, signature.span(), false, false));
        }
        self.push(interface.id.name.as_str(), exported, span, DeclarationKind::Interface(body));
    }

    fn declared(
        &self,
        member: Member,
        span: Span,
        is_protected: bool,
        is_static: bool,
    ) -> DeclaredMember {
        let comment = self.comment(span.start);
        DeclaredMember { member, is_protected, is_static, offset: span.start as usize, comment }
    }

    fn class(&mut self, class: &ast::Class<'_>, exported: bool, span: Span) {
        let mut body = Body {
            type_params: self.types.type_params(class.type_parameters.as_deref()),
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
        let name = class.id.as_ref().map_or("default", |id| id.name.as_str());
        self.push(name, exported, span, DeclarationKind::Class(body));
    }

    fn class_member(&mut self, element: &ast::ClassElement<'_>) -> Option<DeclaredMember> {
        use ast::{ClassElement as C, TSAccessibility as A};
        let hidden = |key: &ast::PropertyKey<'_>, access: Option<A>| {
            access == Some(A::Private) || matches!(key, ast::PropertyKey::PrivateIdentifier(_))
        };
        match element {
            C::MethodDefinition(method) if !hidden(&method.key, method.accessibility) => {
                let function = self.function_type(&method.value);
                let kind = match method.kind {
                    ast::MethodDefinitionKind::Constructor => MemberKind::Constructor,
                    ast::MethodDefinitionKind::Method => MemberKind::Method,
                    ast::MethodDefinitionKind::Get => MemberKind::Getter,
                    ast::MethodDefinitionKind::Set => MemberKind::Setter,
                };
                let has_result = method.value.return_type.is_some();
                let member = Member {
                    kind,
                    name: self.types.key(&method.key),
                    optional: method.optional,
                    readonly: false,
                    type_params: function.type_params,
                    params: function.params,
                    ty: has_result.then_some(function.returns),
                };
                let is_protected = method.accessibility == Some(A::Protected);
                Some(self.declared(member, method.span, is_protected, method.r#static))
            }
            C::PropertyDefinition(property) if !hidden(&property.key, property.accessibility) => {
                let member = Member {
                    kind: MemberKind::Property,
                    name: self.types.key(&property.key),
                    optional: property.optional,
                    readonly: property.readonly,
                    type_params: Vec::new(),
                    params: Vec::new(),
                    ty: self.types.annotation(property.type_annotation.as_deref(), 0),
                };
                let is_protected = property.accessibility == Some(A::Protected);
                Some(self.declared(member, property.span, is_protected, property.r#static))
            }
            _ => None,
        }
    }

    fn enumeration(&mut self, declared: &ast::TSEnumDeclaration<'_>, exported: bool, span: Span) {
        let mut next = Some(0i64);
        let mut members = Vec::new();
        for member in &declared.body.members {
            let name = match &member.id {
                ast::TSEnumMemberName::Identifier(id) => id.name.to_string(),
                ast::TSEnumMemberName::String(text)
                | ast::TSEnumMemberName::ComputedString(text) => text.value.to_string(),
                ast::TSEnumMemberName::ComputedTemplateString(text) => self.types.text(text.span),
            };
            let value = match &member.initializer {
                Some(ast::Expression::StringLiteral(text)) => {
                    TypeExpr::Literal(text.value.to_string())
                }
                Some(value) => {
                    let text = self.types.text(value.span());
                    next = text.parse().ok();
                    TypeExpr::NumberLiteral(text)
                }
                None => next
                    .map_or(TypeExpr::Number, |value| TypeExpr::NumberLiteral(value.to_string())),
            };
            next = next.and_then(|value| value.checked_add(1));
            members.push((name, value));
        }
        self.push(declared.id.name.as_str(), exported, span, DeclarationKind::Enum(members));
    }
}
