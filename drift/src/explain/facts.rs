//! The facts of a document, each with its place.

use credwire_schema::{
    diagnostic::Place,
    link::members,
    model::{
        Accessor, EnumMember, EnumValue, Item, Method, Property, Rule, Schema, Shape, rpc::Rpc,
        to_name,
    },
    suggest,
    type_expr::TypeExpr,
};

use super::{Fact, UnknownName, means};

/// Facts that share a place.
struct Facts<'a> {
    found: Vec<Fact>,
    member: Option<String>,
    place: &'a Place,
}

impl<'a> Facts<'a> {
    fn new(member: Option<String>, place: &'a Place) -> Self {
        Self { found: Vec::new(), member, place }
    }

    fn add(&mut self, what: &'static str, value: impl Into<String>) {
        let value = value.into();
        if !value.is_empty() {
            let (member, place) = (self.member.clone(), self.place.clone());
            self.found.push(Fact { member, what, value, place });
        }
    }

    fn flag(&mut self, what: &'static str, holds: bool) {
        if holds {
            self.add(what, "true");
        }
    }
}

/// What is known of a symbol, its members in one line each.
pub(super) fn of_item(schema: &Schema, item: &Item) -> Vec<Fact> {
    let mut facts = Facts::new(None, &item.place);
    facts.add("kind", kind(&item.shape));
    facts.add("role", schema.roles.get(&item.name).map(to_name).unwrap_or_default());
    facts.add("rust", item.rust.as_str());
    facts.add("summary", item.summary.as_str());
    facts.add("reference", item.reference.as_str());
    facts.add("type parameters", joined(&item.type_params));
    facts.add("extends", joined(&item.extends));
    facts.add("implements", joined(&item.implements));
    facts.add("error", item.error.as_deref().unwrap_or_default());
    facts.add("attribute", item.attribute.as_deref().unwrap_or_default());
    for Rule::AtLeastOneOf(names) in &item.rules {
        facts.add("at least one of", names.join(", "));
    }
    match &item.shape {
        Shape::Alias { ty, meanings } => {
            facts.add("type", ty.to_string());
            for (literal, meaning) in meanings {
                facts.add("meaning", format!("{literal}: {meaning}"));
            }
        }
        Shape::Enum { members } => {
            members.iter().for_each(|member| facts.add("value", enum_member(member)));
        }
        Shape::Variable { ty, value } => {
            facts.add("type", ty.to_string());
            facts.add("value", value.as_deref().unwrap_or_default());
        }
        Shape::Function { signatures } => {
            signatures.iter().for_each(|one| facts.add("signature", signature(one)));
        }
        Shape::Rpc(rpc) => of_rpc(&mut facts, rpc),
        // An element has an explanation of its own.
        Shape::Interface(_) | Shape::Class(_) | Shape::Error(_) | Shape::Element { .. } => {}
    }
    let mut found = facts.found;
    for table in &item.tables {
        let mut facts = Facts::new(None, &table.place);
        facts.add("decision table", format!("{}({})", table.name, table.inputs.join(", ")));
        found.extend(facts.found);
    }
    for (label, line, place) in lines(item) {
        let mut facts = Facts::new(Some(label), place);
        facts.add("member", line);
        found.extend(facts.found);
    }
    found
}

fn of_rpc(facts: &mut Facts<'_>, rpc: &Rpc) {
    match rpc {
        Rpc::Method(method) => {
            facts.add("direction", to_name(&method.direction));
            facts.add("params", method.params.to_string());
            facts
                .add("result", method.result.as_ref().map(ToString::to_string).unwrap_or_default());
            facts.add("errors", joined(&method.errors));
            for (kind, ty) in method.events.iter().flat_map(|events| &events.types) {
                facts.add("event", format!("{kind}: {ty}"));
            }
        }
        Rpc::Requests(direction) => facts.add("direction", to_name(direction)),
        Rpc::Codes(codes) => {
            for code in codes {
                facts.add("code", format!("{}: {}", code.code, code.summary));
            }
        }
    }
}

fn kind(shape: &Shape) -> &'static str {
    match shape {
        Shape::Interface(_) => "interface",
        Shape::Class(_) => "class",
        Shape::Error(_) => "error",
        Shape::Alias { .. } => "alias",
        Shape::Enum { .. } => "enumeration",
        Shape::Function { .. } => "function",
        Shape::Variable { .. } => "variable",
        Shape::Rpc(Rpc::Method(_)) => "JSON-RPC method",
        Shape::Rpc(Rpc::Requests(_)) => "JSON-RPC requests",
        Shape::Rpc(Rpc::Codes(_)) => "JSON-RPC error codes",
        Shape::Element { .. } => "custom element",
    }
}

/// `Low = 1`
fn enum_member(member: &EnumMember) -> String {
    match &member.value {
        Some(EnumValue::Text(text)) => format!("{} = {text:?}", member.name),
        Some(EnumValue::Number(number)) => format!("{} = {number}", member.name),
        None => member.name.clone(),
    }
}

fn joined<T: ToString>(parts: &[T]) -> String {
    parts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// Each member with what it is in one line.
fn lines(item: &Item) -> Vec<(String, String, &Place)> {
    let Some(members) = members(item) else { return Vec::new() };
    let mut lines = Vec::new();
    for property in &members.properties {
        lines.push((property.name.clone(), value(property), &property.place));
    }
    for accessor in &members.accessors {
        if let Some(ty) = &accessor.get {
            lines.push((format!("get {}", accessor.name), ty.to_string(), &accessor.place));
        }
        if let Some(set) = &accessor.set {
            lines.push((format!("set {}", accessor.name), value(set), &accessor.place));
        }
    }
    for method in members.constructors.iter().chain(&members.methods).chain(&members.calls) {
        lines.push((method.name.clone(), signature(method), &method.place));
    }
    lines
}

/// The type with its flags.
fn value(property: &Property) -> String {
    let mut text = property.ty.to_string();
    let flags = [
        (property.optional, "optional"),
        (property.nullable, "nullable"),
        (property.secret, "secret"),
    ];
    for (_, word) in flags.into_iter().filter(|(holds, _)| *holds) {
        text.push_str(", ");
        text.push_str(word);
    }
    if let Some(unit) = &property.unit {
        text.push_str(", ");
        text.push_str(&to_name(unit));
    }
    text
}

fn signature(method: &Method) -> String {
    let params: Vec<String> = method
        .params
        .iter()
        .map(|param| {
            let rest = if param.rest { "..." } else { "" };
            let mark = if param.optional { "?" } else { "" };
            let null = if param.nullable { " | null" } else { "" };
            format!("{rest}{}{mark}: {}{null}", param.name, param.ty)
        })
        .collect();
    let types = joined(&method.type_params);
    let types = if types.is_empty() { types } else { format!("<{types}>") };
    let mark = if method.optional { "?" } else { "" };
    format!("{}{mark}{types}({}): {}", method.name, params.join(", "), method.returns)
}

/// What is known of a member, and the name it goes by.
pub(super) fn of_member(item: &Item, asked: &str) -> Result<(String, Vec<Fact>), UnknownName> {
    let plain = super::plain(asked);
    if let Shape::Alias { ty, meanings } = &item.shape {
        for literal in literals(ty) {
            if literal == plain || credwire_codegen::names::variant(&literal) == plain {
                let mut facts = Facts::new(None, &item.place);
                facts.add("literal", literal.as_str());
                facts.add("meaning", meanings.get(&literal).cloned().unwrap_or_default());
                return Ok((literal, facts.found));
            }
        }
    }
    if let Some(own) = members(item) {
        if let Some((path, property)) = nested(&own.properties, plain) {
            return Ok((path, of_property(property)));
        }
        if let Some(accessor) = own.accessors.iter().find(|one| means(plain, &one.name)) {
            return Ok((accessor.name.clone(), of_accessor(accessor)));
        }
        let all = own.methods.iter().chain(&own.constructors).chain(&own.calls);
        let named: Vec<&Method> = all.filter(|one| means(plain, &one.name)).collect();
        if let Some(first) = named.first() {
            let facts = named.iter().flat_map(|one| of_method(one)).collect();
            return Ok((first.name.clone(), facts));
        }
    }
    let mut known: Vec<String> = lines(item).into_iter().map(|(label, ..)| label).collect();
    if let Some(own) = members(item) {
        paths(&own.properties, "", &mut known);
        known.extend(own.accessors.iter().map(|accessor| accessor.name.clone()));
    }
    if let Shape::Alias { ty, .. } = &item.shape {
        known.extend(literals(ty));
    }
    Err(UnknownName {
        name: asked.to_owned(),
        within: format!("`{}`", item.name),
        nearest: suggest::nearest(asked, known.iter().map(String::as_str)).map(str::to_owned),
    })
}

/// The property at a dotted path; a name may itself have a dot.
fn nested<'a>(properties: &'a [Property], asked: &str) -> Option<(String, &'a Property)> {
    if let Some(property) = properties.iter().find(|property| means(asked, &property.name)) {
        return Some((property.name.clone(), property));
    }
    let (first, rest) = asked.split_once('.')?;
    let parent = properties.iter().find(|property| means(first, &property.name))?;
    let (path, property) = nested(&parent.fields, rest)?;
    Some((format!("{}.{path}", parent.name), property))
}

fn paths(properties: &[Property], above: &str, known: &mut Vec<String>) {
    for property in properties {
        let path = format!("{above}{}", property.name);
        paths(&property.fields, &format!("{path}."), known);
        known.push(path);
    }
}

fn of_property(property: &Property) -> Vec<Fact> {
    let mut facts = Facts::new(None, &property.place);
    facts.add("type", property.ty.to_string());
    facts.flag("optional", property.optional);
    facts.flag("nullable", property.nullable);
    facts.flag("secret", property.secret);
    facts.flag("rest", property.rest);
    facts.add("unit", property.unit.as_ref().map(to_name).unwrap_or_default());
    if let Some((least, greatest)) = property.range {
        facts.add("range", format!("{least} to {greatest}"));
    }
    facts.add("default", property.default.as_ref().map(ToString::to_string).unwrap_or_default());
    facts.add("format", property.format.as_ref().map(to_name).unwrap_or_default());
    facts.add("summary", property.summary.as_str());
    let mut found = facts.found;
    for field in &property.fields {
        let mut facts = Facts::new(Some(field.name.clone()), &field.place);
        facts.add("member", value(field));
        found.extend(facts.found);
    }
    found
}

fn of_accessor(accessor: &Accessor) -> Vec<Fact> {
    let mut facts = Facts::new(None, &accessor.place);
    facts.add("get", accessor.get.as_ref().map(ToString::to_string).unwrap_or_default());
    facts.add("set", accessor.set.as_ref().map(value).unwrap_or_default());
    facts.add("unit", accessor.unit.as_ref().map(to_name).unwrap_or_default());
    if let Some((least, greatest)) = accessor.range {
        facts.add("range", format!("{least} to {greatest}"));
    }
    facts.add("inherited from", accessor.inherited_from.as_deref().unwrap_or_default());
    facts.flag("not implemented", accessor.unimplemented);
    facts.add("summary", accessor.summary.as_str());
    facts.found
}

fn of_method(method: &Method) -> Vec<Fact> {
    let mut facts = Facts::new(None, &method.place);
    facts.add("signature", signature(method));
    facts.flag("optional", method.optional);
    facts.add("inherited from", method.inherited_from.as_deref().unwrap_or_default());
    facts.flag("not implemented", method.unimplemented);
    facts.add("summary", method.summary.as_str());
    let mut found = facts.found;
    for param in &method.params {
        let mut facts = Facts::new(Some(param.name.clone()), &param.place);
        facts.add("parameter", value(param));
        found.extend(facts.found);
    }
    found
}

fn literals(ty: &TypeExpr) -> Vec<String> {
    let mut found = Vec::new();
    ty.walk(&mut |ty| {
        if let TypeExpr::Literal(text) = ty {
            found.push(text.clone());
        }
    });
    found
}
