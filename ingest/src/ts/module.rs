//! Files of declarations into plain data.

use std::collections::BTreeMap;

use credwire_schema::type_expr::{FunctionType, TypeExpr};

use super::{
    Alias, Ambient, Comment, Constant, Declaration, DeclarationKind, DeclaredMember, Export,
    GetSpan, Import, Imported, Member, Module, Parser, ParserReturn, Reader, SourceType, Span,
    SyntaxError, ast, is_tolerated,
};
use crate::nesting;

/// Parses a file of declarations.
///
/// # Errors
/// Text that is no TypeScript, or nests deeper than [`nesting::MAX_NESTING`].
pub(crate) fn parse_module(text: &str) -> Result<Module, SyntaxError> {
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
    let comments: BTreeMap<u32, Span> = program
        .comments
        .iter()
        .filter(|comment| comment.is_jsdoc())
        .map(|comment| (comment.attached_to, comment.content_span()))
        .collect();
    let references =
        program.comments.iter().filter(|comment| comment.is_line()).filter_map(|one| {
            let span = one.content_span();
            reference(text.get(span.start as usize..span.end as usize)?)
        });
    // Such a path begins at the file's folder, with or without a dot.
    let references = references
        .map(|path| if path.starts_with('.') { path.to_owned() } else { format!("./{path}") })
        .collect();
    let types = Reader::with_imports(text);
    let mut reader = ModuleReader { types, text, comments, module: Module::default() };
    let module = reader.module(&program.body);
    Ok(Module { references, imported_types: reader.types.modules, ..module })
}

/// The path of `/// <reference path="x" />`; the other references name no file of the package.
fn reference(line: &str) -> Option<&str> {
    let attributes = line.trim().strip_prefix('/')?.trim().strip_prefix("<reference")?;
    let (_, value) = attributes.split_once("path")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value.get(1..)?.split_once(quote).map(|(path, _)| path)
}

pub(super) struct ModuleReader<'a> {
    pub(super) types: Reader<'a>,
    text: &'a str,
    /// The last documentation comment in front of each token.
    comments: BTreeMap<u32, Span>,
    module: Module,
}

impl ModuleReader<'_> {
    /// Reads the statements of a file, a namespace or a module in a file.
    fn module(&mut self, statements: &[ast::Statement<'_>]) -> Module {
        let around = std::mem::take(&mut self.module);
        for statement in statements {
            self.statement(statement);
        }
        std::mem::replace(&mut self.module, around)
    }

    fn statement(&mut self, statement: &ast::Statement<'_>) {
        use ast::Statement as S;
        match statement {
            S::ExportDeclaration(export) => {
                self.module.is_module = true;
                self.declaration(&export.declaration, true, export.span);
            }
            S::ExportNamedDeclaration(export) => {
                self.lists();
                for specifier in &export.specifiers {
                    let (local, exported) =
                        (specifier.local.name().to_string(), specifier.exported.name().to_string());
                    self.module.exports.push(Export::Local { local, exported });
                }
            }
            S::ExportFromDeclaration(export) => {
                self.lists();
                for specifier in &export.specifiers {
                    self.module.exports.push(Export::From {
                        name: specifier.local.name().to_string(),
                        exported: specifier.exported.name().to_string(),
                        module: export.source.value.to_string(),
                    });
                }
            }
            S::ExportAllDeclaration(export) => {
                self.lists();
                let module = export.source.value.to_string();
                self.module.exports.push(match &export.exported {
                    Some(exported) => {
                        Export::Space { exported: exported.name().to_string(), module }
                    }
                    None => Export::All { module },
                });
            }
            S::ExportDefaultDeclaration(export) => self.default_export(export),
            S::ImportDeclaration(import) => self.import(import),
            S::TSExportAssignment(export) => {
                self.lists();
                let local = self.types.text(export.expression.span());
                if is_path(&local) {
                    self.module.exports.push(Export::Assigned { local });
                } else {
                    self.skip("an assigned export of a value", export.span);
                }
            }
            // The same exports once more, for scripts, below one global name.
            S::TSNamespaceExportDeclaration(_) => self.module.is_module = true,
            S::EmptyStatement(_) => {}
            other => match other.as_declaration() {
                Some(declaration) => self.declaration(declaration, false, other.span()),
                None => self.skip("a statement", other.span()),
            },
        }
    }

    fn lists(&mut self) {
        self.module.is_module = true;
        self.module.has_list = true;
    }

    pub(super) fn skip(&mut self, what: &'static str, span: Span) {
        self.module.skipped.push((what, span.start as usize));
    }

    fn import(&mut self, import: &ast::ImportDeclaration<'_>) {
        use ast::ImportDeclarationSpecifier as I;
        self.module.is_module = true;
        let module = import.source.value.to_string();
        for specifier in import.specifiers.iter().flatten() {
            let (local, name) = match specifier {
                I::ImportSpecifier(one) => (&one.local, Some(one.imported.name().to_string())),
                I::ImportDefaultSpecifier(one) => (&one.local, Some("default".to_owned())),
                I::ImportNamespaceSpecifier(one) => (&one.local, None),
            };
            let module = module.clone();
            let what = match name {
                Some(name) => Imported::Name { name, module },
                None => Imported::All { module },
            };
            self.module.imports.push(Import { local: local.name.to_string(), what });
        }
    }

    fn default_export(&mut self, export: &ast::ExportDefaultDeclaration<'_>) {
        use ast::ExportDefaultDeclarationKind as K;
        self.module.is_module = true;
        let exported = || "default".to_owned();
        let local = match &export.declaration {
            K::FunctionDeclaration(function) => self.function(function, false, export.span),
            K::ClassDeclaration(class) => self.class(class, false, export.span),
            K::TSInterfaceDeclaration(interface) => self.interface(interface, false, export.span),
            value => {
                self.module.has_list = true;
                let text = self.types.text(value.span());
                if !is_path(&text) {
                    self.skip("a default export of a value", export.span);
                    return;
                }
                text
            }
        };
        self.module.exports.push(Export::Local { exported: exported(), local });
    }

    fn declaration(&mut self, declaration: &ast::Declaration<'_>, exported: bool, span: Span) {
        use ast::Declaration as D;
        match declaration {
            D::VariableDeclaration(variables) => {
                for variable in &variables.declarations {
                    let ast::BindingPattern::BindingIdentifier(id) = &variable.id else {
                        self.skip("a variable that is taken apart", variable.span);
                        continue;
                    };
                    let ty = self.types.annotation(variable.type_annotation.as_deref(), 0);
                    let value = variable.init.as_ref().map(|value| self.types.text(value.span()));
                    let constant = Constant { name: id.name.to_string(), ty, value };
                    let kind = DeclarationKind::Constant(constant);
                    self.push(id.name.as_str(), exported, span, kind);
                }
            }
            D::FunctionDeclaration(function) => drop(self.function(function, exported, span)),
            D::ClassDeclaration(class) => drop(self.class(class, exported, span)),
            D::TSTypeAliasDeclaration(alias) => {
                let read = Alias {
                    name: alias.id.name.to_string(),
                    type_params: self.types.type_params(alias.type_parameters.as_deref()),
                    ty: self.types.ty(&alias.type_annotation, 0),
                };
                let fields = self.fields(Some(&alias.type_annotation));
                self.push(alias.id.name.as_str(), exported, span, DeclarationKind::Alias(read));
                if let Some(declaration) = self.module.declarations.last_mut() {
                    declaration.fields = fields;
                }
            }
            D::TSInterfaceDeclaration(interface) => drop(self.interface(interface, exported, span)),
            D::TSEnumDeclaration(declared) => self.enumeration(declared, exported, span),
            D::TSNamespaceDeclaration(namespace) => self.namespace(namespace, exported, span),
            D::TSExternalModuleDeclaration(module) => {
                let statements = module.body.as_ref().map(|block| block.body.as_slice());
                let body = self.module(statements.unwrap_or_default());
                let name = module.id.value.to_string();
                self.module.ambient.push(Ambient { name, offset: span.start as usize, body });
            }
            D::TSGlobalDeclaration(global) => {
                let body = self.module(&global.body.body);
                self.module.globals.push(body);
            }
            D::TSImportEqualsDeclaration(import) => {
                let local = import.id.name.to_string();
                let what = match &import.module_reference {
                    ast::TSModuleReference::ExternalModuleReference(other) => {
                        self.module.is_module = true;
                        Imported::Required { module: other.expression.value.to_string() }
                    }
                    path => Imported::Path(self.types.text(path.span())),
                };
                if exported {
                    let (local, exported) = (local.clone(), local.clone());
                    self.module.exports.push(Export::Local { local, exported });
                }
                self.module.imports.push(Import { local, what });
            }
        }
    }

    /// `namespace A.B { .. }` is a namespace that exports a namespace.
    fn namespace(
        &mut self,
        namespace: &ast::TSNamespaceDeclaration<'_>,
        exported: bool,
        span: Span,
    ) {
        let body = match &namespace.body {
            ast::TSNamespaceDeclarationBody::TSModuleBlock(block) => self.module(&block.body),
            ast::TSNamespaceDeclarationBody::TSNamespaceDeclaration(inner) => {
                let around = std::mem::take(&mut self.module);
                self.namespace(inner, true, inner.span);
                std::mem::replace(&mut self.module, around)
            }
        };
        let kind = DeclarationKind::Namespace(Box::new(body));
        self.push(namespace.id.name.as_str(), exported, span, kind);
    }

    pub(super) fn push(&mut self, name: &str, exported: bool, span: Span, kind: DeclarationKind) {
        let opaque = std::mem::take(&mut self.types.opaque);
        let comment = self.comment(span.start);
        self.module.declarations.push(Declaration {
            name: name.to_owned(),
            exported,
            offset: span.start as usize,
            comment,
            kind,
            opaque,
            fields: Vec::new(),
        });
    }

    pub(super) fn comment(&self, start: u32) -> Option<Comment> {
        let span = self.comments.get(&start)?;
        let (start, end) = (span.start as usize + 1, span.end as usize);
        let text = self.text.get(start..end)?.to_owned();
        Some(Comment { text, offset: start })
    }

    fn function(&mut self, function: &ast::Function<'_>, exported: bool, span: Span) -> String {
        let name = function.id.as_ref().map_or("default", |id| id.name.as_str());
        let read = self.function_type(function);
        self.push(name, exported, span, DeclarationKind::Function(read));
        name.to_owned()
    }

    pub(super) fn function_type(&mut self, function: &ast::Function<'_>) -> FunctionType {
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

    pub(super) fn declared(&self, member: Member, span: Span) -> DeclaredMember {
        DeclaredMember {
            member,
            is_protected: false,
            is_static: false,
            is_abstract: false,
            offset: span.start as usize,
            comment: self.comment(span.start),
            fields: Vec::new(),
        }
    }

    /// The members of the object among the alternatives of a type, with their comments; none when
    /// there is no comment between them.
    pub(super) fn fields(&mut self, ty: Option<&ast::TSType<'_>>) -> Vec<DeclaredMember> {
        let Some(literal) = ty.and_then(object) else { return Vec::new() };
        let span = literal.span;
        if self.comments.range(span.start..span.end).next().is_none() {
            return Vec::new();
        }
        // The type is read already, and so are its parts that are kept as text.
        let opaque = std::mem::take(&mut self.types.opaque);
        let mut fields = Vec::new();
        for signature in &literal.members {
            let member = self.types.member(signature, 0);
            let inner = match signature {
                ast::TSSignature::TSPropertySignature(property) => {
                    let annotation = property.type_annotation.as_ref();
                    self.fields(annotation.map(|annotation| &annotation.type_annotation))
                }
                _ => Vec::new(),
            };
            let declared = self.declared(member, signature.span());
            fields.push(DeclaredMember { fields: inner, ..declared });
        }
        self.types.opaque = opaque;
        fields
    }
}

/// The one object type among the alternatives that are neither null nor undefined.
fn object<'t, 'a>(mut ty: &'t ast::TSType<'a>) -> Option<&'t ast::TSTypeLiteral<'a>> {
    use ast::TSType as T;
    loop {
        match ty {
            T::TSTypeLiteral(literal) => return Some(literal),
            T::TSParenthesizedType(inner) => ty = &inner.type_annotation,
            T::TSUnionType(union) => {
                let absent =
                    |ty: &&T<'_>| matches!(ty, T::TSNullKeyword(_) | T::TSUndefinedKeyword(_));
                let mut rest = union.types.iter().filter(|ty| !absent(ty));
                match (rest.next(), rest.next()) {
                    (Some(one), None) => ty = one,
                    _ => return None,
                }
            }
            _ => return None,
        }
    }
}

/// Whether an expression is a name, or a dotted one.
fn is_path(text: &str) -> bool {
    let is_name = |part: &str| {
        let letter = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
        !part.is_empty()
            && part.chars().all(letter)
            && !part.starts_with(|c: char| c.is_ascii_digit())
    };
    !matches!(text, "null" | "true" | "false" | "this") && text.split('.').all(is_name)
}
