//! The canonical text of types.

use std::fmt;

use super::{
    ConditionalType, Field, FunctionParam, FunctionType, IndexSignature, MappedModifier,
    MappedType, ObjectMember, TemplatePart, TupleElement, TypeExpr, TypeParam,
};

struct Joined<'a, T>(&'a [T], &'a str);

impl<T: fmt::Display> fmt::Display for Joined<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, item) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(self.1)?;
            }
            item.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for TypeExpr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::String => f.write_str("string"),
            Self::Number => f.write_str("number"),
            Self::Boolean => f.write_str("boolean"),
            Self::BigInt => f.write_str("bigint"),
            Self::Symbol => f.write_str("symbol"),
            Self::Unknown => f.write_str("unknown"),
            Self::Any => f.write_str("any"),
            Self::Never => f.write_str("never"),
            Self::Void => f.write_str("void"),
            Self::Null => f.write_str("null"),
            Self::Undefined => f.write_str("undefined"),
            Self::Object => f.write_str("object"),
            Self::This => f.write_str("this"),
            Self::Literal(text) => write!(f, "{text:?}"),
            Self::NumberLiteral(text) | Self::Opaque(text) => f.write_str(text),
            Self::BooleanLiteral(value) => write!(f, "{value}"),
            Self::Template(parts) => write!(f, "`{}`", Joined(parts, "")),
            Self::Array(item) => write!(f, "{}[]", Operand(item)),
            Self::ReadonlyArray(item) => write!(f, "readonly {}[]", Operand(item)),
            Self::Ref { name, args } if args.is_empty() => f.write_str(name),
            Self::Ref { name, args } => write!(f, "{name}<{}>", Joined(args, ", ")),
            Self::Union(items) | Self::Intersection(items) => {
                let separator = if matches!(self, Self::Union(_)) { " | " } else { " & " };
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        f.write_str(separator)?;
                    }
                    write!(f, "{}", Alternative(item))?;
                }
                Ok(())
            }
            Self::Inline(fields) if fields.is_empty() => f.write_str("{}"),
            Self::Inline(fields) => write!(f, "{{ {} }}", Joined(fields, "; ")),
            Self::Function(function) => write!(f, "{function}"),
            Self::Predicate { param, ty } => write!(f, "{param} is {ty}"),
            Self::Tuple { readonly, elements } => {
                let readonly = if *readonly { "readonly " } else { "" };
                write!(f, "{readonly}[{}]", Joined(elements, ", "))
            }
            Self::KeyOf(ty) => write!(f, "keyof {}", Alternative(ty)),
            Self::Indexed { object, index } => write!(f, "{}[{index}]", Operand(object)),
            Self::Conditional(conditional) => write!(f, "{conditional}"),
            Self::Infer(param) => write!(f, "infer {param}"),
            Self::Mapped(mapped) => write!(f, "{mapped}"),
            Self::TypeOf { name, args } if args.is_empty() => write!(f, "typeof {name}"),
            Self::TypeOf { name, args } => write!(f, "typeof {name}<{}>", Joined(args, ", ")),
            Self::ObjectType(members) => write!(f, "{{ {} }}", Joined(members, "; ")),
        }
    }
}

/// A type in front of `[..]`.
struct Operand<'a>(&'a TypeExpr);

impl fmt::Display for Operand<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(ty) = self;
        let is_prefixed = matches!(
            ty,
            TypeExpr::ReadonlyArray(_)
                | TypeExpr::Tuple { readonly: true, .. }
                | TypeExpr::KeyOf(_)
                | TypeExpr::Infer(_)
        ) || matches!(ty, TypeExpr::Opaque(text) if text.contains(' ') && !text.starts_with('{'));
        if is_prefixed { write!(f, "({ty})") } else { write!(f, "{}", Alternative(ty)) }
    }
}

/// A type beside `|` or `&`, or behind `keyof`.
struct Alternative<'a>(&'a TypeExpr);

impl fmt::Display for Alternative<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(ty) = self;
        match ty {
            TypeExpr::Union(_)
            | TypeExpr::Intersection(_)
            | TypeExpr::Function(_)
            | TypeExpr::Conditional(_) => write!(f, "({ty})"),
            TypeExpr::Infer(param) if param.extends.is_some() => write!(f, "({ty})"),
            _ => write!(f, "{ty}"),
        }
    }
}

/// A type on either side of the `extends` of a conditional type.
struct Judged<'a>(&'a TypeExpr);

impl fmt::Display for Judged<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(ty) = self;
        if matches!(ty, TypeExpr::Conditional(_) | TypeExpr::Function(_)) {
            write!(f, "({ty})")
        } else {
            write!(f, "{ty}")
        }
    }
}

impl fmt::Display for ConditionalType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { check, extends, then, otherwise } = self;
        write!(f, "{} extends {} ? {then} : {otherwise}", Judged(check), Judged(extends))
    }
}

impl fmt::Display for MappedType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = |modifier: Option<MappedModifier>, added, removed| match modifier {
            Some(MappedModifier::Add) => added,
            Some(MappedModifier::Remove) => removed,
            None => "",
        };
        let readonly = mark(self.readonly, "readonly ", "-readonly ");
        let optional = mark(self.optional, "?", "-?");
        write!(f, "{{ {readonly}[{} in {}", self.key, self.keys)?;
        if let Some(renamed) = &self.renamed {
            write!(f, " as {renamed}")?;
        }
        write!(f, "]{optional}: {} }}", self.ty)
    }
}

impl fmt::Display for TupleElement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rest = if self.rest { "..." } else { "" };
        let mark = if self.optional { "?" } else { "" };
        match &self.name {
            Some(name) => write!(f, "{rest}{name}{mark}: {}", self.ty),
            None if self.optional => write!(f, "{}?", Operand(&self.ty)),
            None => write!(f, "{rest}{}", self.ty),
        }
    }
}

impl fmt::Display for ObjectMember {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Property(field) => field.fmt(f),
            Self::Index(index) => index.fmt(f),
            Self::Call(function) => function.write(f, ": "),
        }
    }
}

impl fmt::Display for IndexSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let readonly = if self.readonly { "readonly " } else { "" };
        write!(f, "{readonly}[{}: {}]: {}", self.name, self.key, self.value)
    }
}

impl fmt::Display for TemplatePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Type(ty) => write!(f, "${{{ty}}}"),
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let readonly = if self.readonly { "readonly " } else { "" };
        let mark = if self.optional { "?" } else { "" };
        write!(f, "{readonly}{}{mark}: {}", self.name, self.ty)
    }
}

impl fmt::Display for FunctionType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, " => ")
    }
}

impl FunctionType {
    /// Writes the function, with what stands between its parameters and its result.
    fn write(&self, f: &mut fmt::Formatter<'_>, arrow: &str) -> fmt::Result {
        if self.construct {
            f.write_str("new ")?;
        }
        if !self.type_params.is_empty() {
            write!(f, "<{}>", Joined(&self.type_params, ", "))?;
        }
        write!(f, "({}){arrow}{}", Joined(&self.params, ", "), self.returns)
    }
}

impl fmt::Display for FunctionParam {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rest = if self.rest { "..." } else { "" };
        let mark = if self.optional { "?" } else { "" };
        write!(f, "{rest}{}{mark}", self.name)?;
        self.ty.as_ref().map_or(Ok(()), |ty| write!(f, ": {ty}"))
    }
}

impl fmt::Display for TypeParam {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        if let Some(extends) = &self.extends {
            write!(f, " extends {extends}")?;
        }
        self.default.as_ref().map_or(Ok(()), |default| write!(f, " = {default}"))
    }
}
