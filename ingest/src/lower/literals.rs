//! Restores the quotes of literals that attributes lost: `inbound | outbound`.

use credwire_schema::{
    model::{Item, Members, Method, Property, Shape},
    type_expr::{TypeExpr, TypeParam},
};

/// In unions, turns a bare name in lower case that is no known symbol into a literal.
pub(super) fn restore(item: &mut Item, known: &dyn Fn(&str) -> bool) {
    let params: Vec<String> = item.type_params.iter().map(|param| param.name.clone()).collect();
    let known = &|name: &str| known(name) || params.iter().any(|param| param == name);
    match &mut item.shape {
        Shape::Interface(members) | Shape::Class(members) | Shape::Error(members) => {
            all(members, known)
        }
        Shape::Alias { ty, .. } | Shape::Variable { ty, .. } => restore_in(ty, known),
        Shape::Function { signatures } => {
            signatures.iter_mut().for_each(|signature| method(signature, known))
        }
        // No page of a symbol describes one.
        Shape::Enum { .. } | Shape::Rpc(_) | Shape::Element { .. } => {}
    }
}

fn all(members: &mut Members, known: &dyn Fn(&str) -> bool) {
    members.properties.iter_mut().for_each(|member| property(member, known));
    for accessor in &mut members.accessors {
        accessor.get.iter_mut().for_each(|ty| restore_in(ty, known));
        accessor.set.iter_mut().for_each(|set| property(set, known));
    }
    let methods =
        members.methods.iter_mut().chain(&mut members.constructors).chain(&mut members.calls);
    methods.for_each(|member| method(member, known));
}

fn property(member: &mut Property, known: &dyn Fn(&str) -> bool) {
    restore_in(&mut member.ty, known);
    member.fields.iter_mut().for_each(|field| property(field, known));
}

fn method(member: &mut Method, known: &dyn Fn(&str) -> bool) {
    let own: Vec<String> =
        member.type_params.iter().map(|param: &TypeParam| param.name.clone()).collect();
    let known = &|name: &str| known(name) || own.iter().any(|param| param == name);
    restore_in(&mut member.returns, known);
    member.params.iter_mut().for_each(|param| property(param, known));
}

fn restore_in(ty: &mut TypeExpr, known: &dyn Fn(&str) -> bool) {
    if let TypeExpr::Union(members) = ty {
        for member in members {
            if let TypeExpr::Ref { name, args } = member
                && args.is_empty()
                && !known(name)
                && name.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
            {
                *member = TypeExpr::Literal(std::mem::take(name));
            }
        }
    }
    let bound: Vec<String> = ty.binds().into_iter().map(str::to_owned).collect();
    let known = &|name: &str| known(name) || bound.iter().any(|one| one == name);
    ty.each_child_mut(&mut |child| restore_in(child, known));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_unknown_names_in_unions_are_literals() {
        let mut ty = TypeExpr::Union(vec![
            TypeExpr::named("default"),
            TypeExpr::named("url"),
            TypeExpr::named("Upper"),
            TypeExpr::Null,
        ]);
        restore_in(&mut ty, &|name| name == "url");
        assert_eq!(ty.to_string(), "\"default\" | url | Upper | null");
        let mut alone = TypeExpr::named("x");
        restore_in(&mut alone, &|_| false);
        assert_eq!(alone, TypeExpr::named("x"));
    }
}
