//! The TypeScript parser behind one door: text in, [`TypeExpr`] out. Nothing else names the
//! parser's crates.

mod class;
mod convert;
mod declared;
mod enumeration;
mod module;

use convert::Reader;
use oxc_allocator::Allocator;
use oxc_ast::ast;
use oxc_parser::{Parser, ParserReturn};
use oxc_span::{GetSpan, SourceType, Span};

pub(crate) use declared::{
    Ambient, Body, Comment, Declaration, DeclarationKind, DeclaredMember, DeclaredValue, Export,
    Import, Imported, Module,
};
pub(crate) use module::parse_module;

use crate::nesting;
use credwire_schema::type_expr::{FunctionParam, TypeExpr, TypeParam};

/// Text that is not TypeScript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SyntaxError {
    /// What the parser expected.
    pub(crate) message: String,
    /// Where, in bytes of the text that was given.
    pub(crate) offset: usize,
}

/// Something parsed, and the parts of it that are valid but not modelled, as written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Parsed<T> {
    /// What came of it.
    pub(crate) value: T,
    /// The texts kept as [`TypeExpr::Opaque`].
    pub(crate) opaque: Vec<String>,
}

/// `type X<T> = ..`
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Alias {
    /// The name.
    pub(crate) name: String,
    /// Type parameters.
    pub(crate) type_params: Vec<TypeParam>,
    /// What it stands for.
    pub(crate) ty: TypeExpr,
}

/// `const x: T = v`
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Constant {
    /// The name.
    pub(crate) name: String,
    /// The type, where one is written.
    pub(crate) ty: Option<TypeExpr>,
    /// The value as written.
    pub(crate) value: Option<String>,
}

/// What kind of member a line of an interface body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MemberKind {
    /// `name(..): R`
    Method,
    /// `get name(): T`
    Getter,
    /// `set name(v: T)`
    Setter,
    /// `new (..): T`
    Constructor,
    /// `(..): R`
    Call,
    /// `name: T`
    Property,
    /// `[key: string]: T`
    Index,
}

/// A member of an interface or class body.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Member {
    /// Which kind.
    pub(crate) kind: MemberKind,
    /// The name; empty for constructors, calls and index signatures.
    pub(crate) name: String,
    /// `name?`
    pub(crate) optional: bool,
    /// `readonly name`
    pub(crate) readonly: bool,
    /// Type parameters.
    pub(crate) type_params: Vec<TypeParam>,
    /// Parameters.
    pub(crate) params: Vec<FunctionParam>,
    /// The result, or the type of a property.
    pub(crate) ty: Option<TypeExpr>,
}

/// Parses a type expression.
///
/// # Errors
/// Text that is no TypeScript type, or nests deeper than [`nesting::MAX_NESTING`].
pub(crate) fn parse_type(text: &str) -> Result<Parsed<TypeExpr>, SyntaxError> {
    const PREFIX: &str = "type _ = ";
    // The grammar has `x is T` only as a result.
    const RESULT_PREFIX: &str = "type _ = () => ";
    let parsed = parse_alias_with(&format!("{PREFIX}{text}\n"), PREFIX.len(), text);
    if parsed.is_err()
        && let Ok(result) = parse_alias_with(&format!("{RESULT_PREFIX}{text}\n"), 0, text)
        && let TypeExpr::Function(function) = result.value.ty
        && let predicate @ TypeExpr::Predicate { .. } = function.returns
    {
        return Ok(Parsed { value: predicate, opaque: result.opaque });
    }
    parsed.map(|alias| Parsed { value: alias.value.ty, opaque: alias.opaque })
}

/// Parses `type X<T> = ..`.
///
/// # Errors
/// Anything else, or a type that nests deeper than [`nesting::MAX_NESTING`].
pub(crate) fn parse_alias(text: &str) -> Result<Parsed<Alias>, SyntaxError> {
    parse_alias_with(text, 0, text)
}

fn parse_alias_with(code: &str, prefix: usize, text: &str) -> Result<Parsed<Alias>, SyntaxError> {
    with_program(code, prefix, text, |program, reader| {
        let [ast::Statement::TSTypeAliasDeclaration(alias)] = program.body.as_slice() else {
            return None;
        };
        Some(Alias {
            name: alias.id.name.to_string(),
            type_params: reader.type_params(alias.type_parameters.as_deref()),
            ty: reader.ty(&alias.type_annotation, 0),
        })
    })
}

/// Parses `const x: T = v`, `let` and `var` too.
///
/// # Errors
/// Anything else, or a type that nests deeper than [`nesting::MAX_NESTING`].
pub(crate) fn parse_constant(text: &str) -> Result<Parsed<Constant>, SyntaxError> {
    // Ambient, so that a missing value is no error.
    let initial = text.contains('=');
    let prefix = if initial { "" } else { "declare " };
    with_program(&format!("{prefix}{text}"), prefix.len(), text, |program, reader| {
        let [ast::Statement::VariableDeclaration(variables)] = program.body.as_slice() else {
            return None;
        };
        let [variable] = variables.declarations.as_slice() else { return None };
        let ast::BindingPattern::BindingIdentifier(id) = &variable.id else { return None };
        Some(Constant {
            name: id.name.to_string(),
            ty: reader.annotation(variable.type_annotation.as_deref(), 0),
            value: variable.init.as_ref().map(|value| reader.text(value.span())),
        })
    })
}

/// Parses one member of an interface body: a signature (parameters may lack types), a getter, a
/// setter, a constructor, a property.
///
/// # Errors
/// Anything else, more than one member, or a type that nests deeper than
/// [`nesting::MAX_NESTING`].
pub(crate) fn parse_member(text: &str) -> Result<Parsed<Member>, SyntaxError> {
    const PREFIX: &str = "interface _ {";
    with_program(&format!("{PREFIX}{text}\n}}"), PREFIX.len(), text, |program, reader| {
        let [ast::Statement::TSInterfaceDeclaration(interface)] = program.body.as_slice() else {
            return None;
        };
        let [signature] = interface.body.body.as_slice() else { return None };
        Some(reader.member(signature, 0))
    })
}

fn with_program<T>(
    code: &str,
    prefix: usize,
    text: &str,
    read: impl FnOnce(&ast::Program<'_>, &mut Reader<'_>) -> Option<T>,
) -> Result<Parsed<T>, SyntaxError> {
    if let Some(offset) = nesting::too_deep_at(text) {
        let message = format!("nests deeper than {} levels", nesting::MAX_NESTING);
        return Err(SyntaxError { message, offset });
    }
    let allocator = Allocator::default();
    let ParserReturn { program, diagnostics, panicked, .. } =
        Parser::new(&allocator, code, SourceType::d_ts()).parse();
    let fault = diagnostics.iter().find(|fault| !is_tolerated(&fault.message));
    if let Some(fault) = fault {
        let at = fault.labels.first().map_or(0, |label| label.offset());
        let offset = (at as usize).saturating_sub(prefix).min(text.len());
        return Err(SyntaxError { message: fault.message.to_string(), offset });
    }
    let unexpected = || SyntaxError { message: "is no such declaration".to_owned(), offset: 0 };
    if panicked {
        return Err(unexpected());
    }
    let mut reader = Reader::new(code);
    let value = read(&program, &mut reader).ok_or_else(unexpected)?;
    Ok(Parsed { value, opaque: reader.opaque })
}

/// Faults that a reference may have and a compiler may not: `set x(v): void`, values in ambient
/// declarations, an optional parameter before a required one or with a default.
fn is_tolerated(message: &str) -> bool {
    const TOLERATED: [&str; 4] = [
        "return type annotation",
        "ambient context",
        "required parameter cannot follow",
        "question mark and an initializer",
    ];
    TOLERATED.iter().any(|part| message.contains(part))
}

#[cfg(test)]
mod tests;
