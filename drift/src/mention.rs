//! Types that docs mention without describing them, though the source declares them.

use std::collections::BTreeSet;

use credwire_ingest::facts::{ItemFacts, ItemKind, SignatureFacts};
use credwire_schema::{
    diagnostic::Place,
    type_expr::{TypeExpr, TypeParam},
};

use super::{
    Finding,
    class::Class,
    members::{Form, stated},
    side::{Sides, alias_type, find as find_in, function},
};

/// Adds a finding for each such type of each member.
pub(crate) fn find(sides: Sides<'_>, findings: &mut Vec<Finding>) {
    for item in sides.left.items.values() {
        let mut mentions = Mentions { sides, item, found: BTreeSet::new() };
        let params = own_types(&item.type_params);
        for ty in params.chain(&item.extends).chain(&item.implements) {
            mentions.add(ty, None, &item.place);
        }
        if let Some(ty) = alias_type(item) {
            mentions.add(&ty, None, &item.place);
        }
        let is_call = matches!(item.kind, ItemKind::Alias | ItemKind::Function);
        if is_call {
            mentions.signatures(&item.calls, None);
        }
        for member in stated(item).values().filter(|_| !is_call) {
            match &member.form {
                Form::Value(ty) | Form::Setter(ty) => {
                    if let Some(ty) = ty {
                        mentions.add(ty, Some(&member.label), &member.place);
                    }
                }
                Form::Method(all) | Form::Constructor(all) => {
                    mentions.signatures(all, Some(&member.label));
                }
            }
        }
        findings.extend(mentions.found);
    }
}

fn own_types(params: &[TypeParam]) -> impl Iterator<Item = &TypeExpr> {
    params.iter().flat_map(|param| param.extends.iter().chain(&param.default))
}

struct Mentions<'a> {
    sides: Sides<'a>,
    item: &'a ItemFacts,
    found: BTreeSet<Finding>,
}

impl Mentions<'_> {
    fn signatures(&mut self, all: &[SignatureFacts], member: Option<&str>) {
        for one in all {
            let ty = TypeExpr::Function(Box::new(function(one, false)));
            self.add(&ty, member, &one.place);
        }
    }

    fn add(&mut self, ty: &TypeExpr, member: Option<&str>, place: &Place) {
        let mut own: BTreeSet<String> =
            self.item.type_params.iter().map(|param| param.name.clone()).collect();
        ty.walk(&mut |part| {
            if let TypeExpr::Function(function) = part {
                own.extend(function.type_params.iter().map(|param| param.name.clone()));
            }
        });
        let Sides { left, right } = self.sides;
        ty.walk(&mut |part| {
            let TypeExpr::Ref { name, .. } = part else { return };
            let described = find_in(left, name).is_some() || own.contains(name);
            let Some(known) = find_in(right, name).filter(|_| !described) else { return };
            let class = Class::UndocumentedTypeUsed;
            self.found.insert(Finding {
                class,
                group: class.group(),
                item: self.item.name.clone(),
                member: member.map(str::to_owned),
                left: Some(name.clone()),
                right: Some(format!("{} at {}", known.kind.as_str(), known.place)),
                place: place.clone(),
            });
        });
    }
}
