//! Members of objects that are written out where they stand, and what they make of a type.

use credwire_schema::type_expr::{
    Field, FunctionParam, FunctionType, IndexSignature, ObjectMember, TypeExpr,
};

use crate::facts::{DocFacts, MemberFacts, SignatureFacts};

/// What stands below a property or a parameter that has no name of its own.
#[derive(Debug, Default)]
pub(super) struct Below {
    pub(super) fields: Vec<MemberFacts>,
    /// The parameters and the result of the function that it is.
    pub(super) signature: Option<SignatureFacts>,
    /// Index signatures.
    pub(super) index: Vec<IndexSignature>,
}

impl Below {
    /// Puts what is known of the parts into a type that shows them as `object` or without types.
    pub(super) fn complete(&self, ty: Option<TypeExpr>) -> Option<TypeExpr> {
        let mut ty = ty;
        if let Some(signature) = &self.signature {
            match &mut ty {
                Some(TypeExpr::Function(function)) => fill(function, signature),
                other if is_collapsed(other) => {
                    *other =
                        Some(TypeExpr::Function(Box::new(signature.function_type(TypeExpr::Any))));
                }
                _ => {}
            }
        }
        if self.fields.is_empty() && self.index.is_empty() {
            return ty;
        }
        let object = || object_type(&self.fields, &self.index);
        match &mut ty {
            None => Some(object()),
            Some(known) => {
                // Objects that are written out several times in one type cannot be told apart.
                let mut count = 0;
                known.walk(&mut |part| count += usize::from(*part == TypeExpr::Object));
                if count == 1 {
                    let mut made = Some(object());
                    replace_object(known, &mut made);
                }
                ty
            }
        }
    }

    /// The members as facts of their own, when a comment states anything of them.
    pub(super) fn stated(self) -> Vec<MemberFacts> {
        if self.fields.iter().any(says) { self.fields } else { Vec::new() }
    }
}

/// What stands for a function or an object that is described below.
fn is_collapsed(ty: &Option<TypeExpr>) -> bool {
    match ty {
        Some(TypeExpr::Ref { name, args }) => name == "Function" && args.is_empty(),
        Some(ty) => *ty == TypeExpr::Object,
        None => true,
    }
}

fn says(field: &MemberFacts) -> bool {
    field.internal || field.doc != DocFacts::default() || !field.fields.is_empty()
}

fn replace_object(ty: &mut TypeExpr, made: &mut Option<TypeExpr>) {
    if *ty == TypeExpr::Object {
        if let Some(object) = made.take() {
            *ty = object;
        }
        return;
    }
    ty.each_child_mut(&mut |child| replace_object(child, made));
}

/// An object type of members.
fn object_type(fields: &[MemberFacts], index: &[IndexSignature]) -> TypeExpr {
    let field = |member: &MemberFacts| Field {
        name: member.name.clone(),
        ty: member.ty.clone().unwrap_or(TypeExpr::Any),
        optional: member.optional,
        readonly: member.readonly == Some(true),
    };
    if index.is_empty() {
        return TypeExpr::Inline(fields.iter().map(field).collect());
    }
    let properties = fields.iter().map(|member| ObjectMember::Property(field(member)));
    let index = index.iter().cloned().map(ObjectMember::Index);
    TypeExpr::ObjectType(properties.chain(index).collect())
}

/// A function of which only the result is known.
pub(super) fn with_unknown_params(returns: TypeExpr) -> FunctionType {
    let params =
        vec![FunctionParam { name: "args".to_owned(), ty: None, optional: false, rest: true }];
    FunctionType { construct: false, type_params: Vec::new(), params, returns }
}

/// Gives the parameters of a function type their types.
fn fill(function: &mut FunctionType, signature: &SignatureFacts) {
    for param in &mut function.params {
        if let Some(known) = signature.params.iter().find(|one| one.name == param.name) {
            param.ty = known.ty.clone().or(param.ty.take());
            param.optional |= known.optional;
        }
    }
    if !signature.type_params.is_empty() {
        function.type_params.clone_from(&signature.type_params);
    }
    if let Some(returns) = &signature.returns {
        function.returns = returns.clone();
    }
}

/// Members under dotted names below the members they belong to: `bulb.kind` below `bulb`. The types
/// of the outer ones are completed.
pub(super) fn nest(flat: Vec<MemberFacts>) -> Vec<MemberFacts> {
    let mut roots: Vec<MemberFacts> = Vec::new();
    for mut member in flat {
        let home = member.name.rfind('.').and_then(|_| {
            let path = member.name.clone();
            find(&mut roots, &path)
        });
        match home {
            Some((home, rest)) => {
                member.name = rest;
                home.fields.push(member);
            }
            None => roots.push(member),
        }
    }
    roots.into_iter().map(completed).collect()
}

/// The member that the longest beginning of a dotted path names, and the rest of the path.
fn find<'m>(members: &'m mut [MemberFacts], path: &str) -> Option<(&'m mut MemberFacts, String)> {
    let begins = |member: &MemberFacts, path: &str| {
        path.strip_prefix(member.name.as_str()).is_some_and(|rest| rest.starts_with('.'))
    };
    let at = members.iter().rposition(|member| begins(member, path))?;
    let member = members.get_mut(at)?;
    let rest = path.get(member.name.len() + 1..).unwrap_or_default().to_owned();
    if member.fields.iter().any(|field| begins(field, &rest)) {
        return find(&mut member.fields, &rest);
    }
    Some((member, rest))
}

/// A member whose type shows its own members.
pub(super) fn completed(mut member: MemberFacts) -> MemberFacts {
    if member.fields.is_empty() {
        return member;
    }
    let fields = std::mem::take(&mut member.fields).into_iter().map(completed).collect();
    let below = Below { fields, ..Below::default() };
    member.ty = below.complete(member.ty.take());
    member.fields = below.stated();
    member
}
