//! Members: flags out of types, units, secrets, defaults.

use credwire_schema::{
    diagnostic::Diagnostic,
    model::{Accessor, Method, Property, Unit},
    type_expr::TypeExpr,
};
use serde_json::Value;

use super::{Lowering, names::kebab};
use crate::facts::{AccessorFacts, DocFacts, MemberFacts, SignatureFacts};

pub(super) fn property(facts: &MemberFacts, cx: &mut Lowering<'_>) -> Property {
    let (ty, nullable, undefined) = split(facts.ty.clone().unwrap_or(TypeExpr::Unknown));
    let unit = unit(&facts.name, &ty, &facts.doc);
    Property {
        name: facts.name.clone(),
        summary: cx.summary(&facts.doc.sentence),
        // Decided when all aliases are known.
        secret: false,
        range: facts.doc.range.as_ref().map(|range| range.value),
        default: facts.doc.default.as_ref().and_then(|default| {
            let value = default_value(&default.value, &ty, unit);
            // No value is what an absent one is.
            if value.is_none() && default.value != "undefined" {
                let message =
                    format!("the default `{}` of `{}` is no `{ty}`", default.value, facts.name);
                cx.diagnostics.push(
                    Diagnostic::warning("invalid-default", default.place.clone(), message)
                        .help("give a value of the member's own type and unit"),
                );
            }
            value
        }),
        format: facts.doc.format.as_ref().map(|format| format.value),
        optional: facts.optional || undefined,
        nullable,
        readonly: facts.readonly == Some(true),
        rest: facts.rest,
        deprecated: facts.doc.deprecated,
        unit,
        fields: facts.fields.iter().map(|field| property(field, cx)).collect(),
        place: facts.place.clone(),
        ty,
    }
}

pub(super) fn accessor(facts: &AccessorFacts, cx: &mut Lowering<'_>) -> Accessor {
    let carried = facts.get.as_ref().or_else(|| facts.set.as_ref()?.ty.as_ref());
    Accessor {
        name: facts.name.clone(),
        summary: cx.summary(&facts.doc.sentence),
        get: facts.get.clone(),
        set: facts.set.as_ref().map(|set| {
            let mut set = set.clone();
            // A setter without a type takes what the getter gives.
            set.ty = set.ty.or_else(|| facts.get.clone());
            property(&set, cx)
        }),
        unit: carried.and_then(|ty| unit(&facts.name, innermost(ty), &facts.doc)),
        range: facts.doc.range.as_ref().map(|range| range.value),
        inherited_from: facts.inherited_from.clone(),
        unimplemented: facts.unimplemented,
        deprecated: facts.doc.deprecated,
        place: facts.place.clone(),
    }
}

pub(super) fn method(facts: &SignatureFacts, cx: &mut Lowering<'_>) -> Method {
    Method {
        name: facts.name.clone(),
        summary: cx.summary(&facts.sentence),
        optional: facts.optional,
        type_params: facts.type_params.clone(),
        params: facts.params.iter().map(|param| property(param, cx)).collect(),
        returns: facts.returns.clone().unwrap_or(TypeExpr::Unknown),
        inherited_from: facts.inherited_from.clone(),
        unimplemented: facts.unimplemented,
        deprecated: facts.deprecated,
        place: facts.place.clone(),
    }
}

/// Takes `| null` and `| undefined` off a type.
fn split(ty: TypeExpr) -> (TypeExpr, bool, bool) {
    let TypeExpr::Union(members) = ty else { return (ty, false, false) };
    let nullable = members.contains(&TypeExpr::Null);
    let undefined = members.contains(&TypeExpr::Undefined);
    let mut rest: Vec<TypeExpr> = members
        .into_iter()
        .filter(|member| !matches!(member, TypeExpr::Null | TypeExpr::Undefined))
        .collect();
    let ty = match rest.len() {
        0 => TypeExpr::Null,
        1 => rest.remove(0),
        _ => TypeExpr::Union(rest),
    };
    (ty, nullable, undefined)
}

/// What a stream or an optional value carries.
fn innermost(ty: &TypeExpr) -> &TypeExpr {
    match ty {
        TypeExpr::Ref { args, .. } if args.len() == 1 => args.first().map_or(ty, innermost),
        TypeExpr::Union(members) => {
            let mut rest = members
                .iter()
                .filter(|member| !matches!(member, TypeExpr::Null | TypeExpr::Undefined));
            match (rest.next(), rest.next()) {
                (Some(one), None) => innermost(one),
                _ => ty,
            }
        }
        _ => ty,
    }
}

/// The unit that the description states, else the one that the name ends in.
fn unit(name: &str, ty: &TypeExpr, doc: &DocFacts) -> Option<Unit> {
    if let Some(unit) = &doc.unit {
        return Some(unit.value);
    }
    if *ty != TypeExpr::Number {
        return None;
    }
    let words = kebab(name);
    let words: Vec<&str> = words.split('-').collect();
    match words.last().copied() {
        Some("ms" | "millis" | "milliseconds") => return Some(Unit::Millis),
        Some("seconds" | "secs") => return Some(Unit::Seconds),
        Some("kbps") => return Some(Unit::KilobitsPerSecond),
        Some("bps") => return Some(Unit::BitsPerSecond),
        Some("percent" | "percentage") => return Some(Unit::Percent),
        _ => {}
    }
    let counts = |word: &&str| {
        matches!(
            *word,
            "count" | "attempt" | "attempts" | "index" | "packets" | "retries" | "samples"
        )
    };
    words.iter().any(counts).then_some(Unit::Count)
}

/// A default as a JSON value of the member's type.
fn default_value(text: &str, ty: &TypeExpr, unit: Option<Unit>) -> Option<Value> {
    match ty {
        TypeExpr::Boolean => text.parse::<bool>().ok().map(Value::Bool),
        TypeExpr::Number => number(text, unit),
        TypeExpr::String | TypeExpr::Literal(_) | TypeExpr::Ref { .. } | TypeExpr::Unknown => {
            Some(Value::String(text.to_owned()))
        }
        TypeExpr::Union(members)
            if members.contains(&TypeExpr::Boolean) && text.parse::<bool>().is_ok() =>
        {
            text.parse::<bool>().ok().map(Value::Bool)
        }
        TypeExpr::Union(members) if members.contains(&TypeExpr::Number) => number(text, unit),
        TypeExpr::Union(_) => Some(Value::String(text.to_owned())),
        _ => serde_json::from_str(text).ok(),
    }
}

/// A number, which may carry the member's own unit: `5000ms`.
fn number(text: &str, unit: Option<Unit>) -> Option<Value> {
    let digits = text.trim_end_matches(|c: char| c.is_alphabetic() || c == '%');
    let suffix = text.get(digits.len()..).unwrap_or_default();
    let agrees = match suffix {
        "" => true,
        "ms" => unit == Some(Unit::Millis),
        "s" => unit == Some(Unit::Seconds),
        "kbps" => unit == Some(Unit::KilobitsPerSecond),
        "bps" => unit == Some(Unit::BitsPerSecond),
        "%" => unit == Some(Unit::Percent),
        _ => false,
    };
    let number = serde_json::from_str::<serde_json::Number>(digits.trim()).ok()?;
    agrees.then_some(Value::Number(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_flags_off_types() {
        let union = TypeExpr::Union(vec![TypeExpr::String, TypeExpr::Null, TypeExpr::Undefined]);
        assert_eq!(split(union), (TypeExpr::String, true, true));
    }

    #[test]
    fn reads_defaults_of_the_members_type() {
        assert_eq!(
            default_value("5000ms", &TypeExpr::Number, Some(Unit::Millis)),
            Some(5000.into())
        );
        assert_eq!(default_value("5s", &TypeExpr::Number, Some(Unit::Millis)), None);
        assert_eq!(default_value("true", &TypeExpr::Boolean, None), Some(true.into()));
        assert_eq!(default_value("warn", &TypeExpr::named("LogLevel"), None), Some("warn".into()));
    }
}
