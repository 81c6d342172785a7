//! One member on both sides.

use credwire_ingest::facts::{DocFacts, ItemKind, MemberFacts};
use credwire_schema::type_expr::{Field, TypeExpr};

use super::{Comparison, Returns, Subject};
use crate::{
    class::Class,
    members::{Form, Member},
    side::{Side, UNSTATED, as_object},
    types::Position,
};

impl<'a> Comparison<'a> {
    /// Compares what both sides have under a label.
    pub(super) fn member(&mut self, item: &str, label: &str, left: &Member, right: &Member) {
        let subject = Subject {
            item,
            member: Some(label),
            left: Some(left.text()),
            right: Some(right.text()),
            place: &left.place,
        };
        let is_property = matches!(left.form, Form::Value(_)) && !left.label.starts_with("get ");
        if is_property && right.readonly == Some(true) && left.readonly != Some(true) {
            self.push(Class::ReadonlyLost, &subject);
        }
        match (&left.form, &right.form) {
            (Form::Method(a), Form::Method(b)) => {
                self.marks(item, label, left, right);
                let notes = self.overloads(a, b, Returns::Compared);
                self.push_notes(notes, &subject);
            }
            (Form::Constructor(a), Form::Constructor(b)) => {
                let notes = self.overloads(a, b, Returns::Ignored);
                self.push_notes(notes, &subject);
            }
            (Form::Setter(None), Form::Setter(Some(_))) => {
                self.push(Class::SetterUntyped, &subject)
            }
            _ => self.values(item, label, left, right),
        }
    }

    fn values(&mut self, item: &str, label: &str, left: &Member, right: &Member) {
        let overloaded = |member: &Member| {
            member.ty().is_none() && matches!(member.form, Form::Method(_) | Form::Constructor(_))
        };
        let subject = Subject {
            item,
            member: Some(label),
            left: Some(left.text()),
            right: Some(right.text()),
            place: &left.place,
        };
        if overloaded(left) || overloaded(right) {
            self.push(Class::TypeChanged, &subject);
            return;
        }
        let a = left.ty().unwrap_or(UNSTATED);
        let b = right.ty().unwrap_or(UNSTATED);
        let (mark, notes) = self.types.slots(
            Position { ty: &a, optional: left.optional },
            Position { ty: &b, optional: right.optional },
        );
        self.mark(mark, item, label, left, right);
        let object = (!left.fields.is_empty()).then(|| self.object(&b)).flatten();
        let Some(object) = object else {
            // The mark says it already.
            if mark != Some(Class::TypeChanged) || notes.is_some() {
                self.push_notes(notes, &subject);
            }
            return;
        };
        // Declarations alone say `readonly`; they write the object out where it stands.
        let written_out = left.readonly.is_none() && right.readonly.is_some();
        // What stands as it is on both sides has lost nothing.
        if a != b && (right.fields.is_empty() || written_out) {
            self.push(Class::ObjectCollapsed, &subject);
        }
        if let Some(notes) = notes.filter(|notes| notes.contains(&Class::AliasInlined)) {
            self.push_notes(
                Some(notes.into_iter().filter(|c| *c == Class::AliasInlined).collect()),
                &subject,
            );
        }
        if has_null(&a) != has_null(&b) && mark != Some(Class::OptionalInDocsNullableInSource) {
            self.push(Class::TypeChanged, &subject);
        }
        self.fields(item, label, &left.fields, &object, right);
    }

    /// Compares the members of an object that the docs describe one by one.
    fn fields(
        &mut self,
        item: &str,
        path: &str,
        left: &[MemberFacts],
        right: &[Field],
        owner: &Member,
    ) {
        for a in left {
            let label = format!("{path}.{}", a.name);
            let said = of_facts(a);
            match right.iter().find(|b| b.name == a.name) {
                Some(b) => self.member(item, &label, &said, &of_field(b, owner)),
                None => {
                    let subject = Subject {
                        item,
                        member: Some(&label),
                        left: Some(said.text()),
                        right: None,
                        place: &said.place,
                    };
                    self.push(Class::MemberExtra, &subject);
                }
            }
        }
        for b in right.iter().filter(|b| !left.iter().any(|a| a.name == b.name)) {
            let subject = Subject {
                item,
                member: Some(&format!("{path}.{}", b.name)),
                left: None,
                right: Some(b.ty.to_string()),
                place: &owner.place,
            };
            self.push(Class::MemberMissing, &subject);
        }
    }

    /// What the marks of optional members say.
    fn marks(&mut self, item: &str, label: &str, left: &Member, right: &Member) {
        let (a, b) = (UNSTATED, UNSTATED);
        let (mark, _) = self.types.slots(
            Position { ty: &a, optional: left.optional },
            Position { ty: &b, optional: right.optional },
        );
        self.mark(mark, item, label, left, right);
    }

    fn mark(
        &mut self,
        mark: Option<Class>,
        item: &str,
        label: &str,
        left: &Member,
        right: &Member,
    ) {
        let Some(mark) = mark else { return };
        let text = |member: &Member| {
            let sign = if member.optional { "?" } else { "" };
            format!("{label}{sign}: {}", member.text())
        };
        let subject = Subject {
            item,
            member: Some(label),
            left: Some(text(left)),
            right: Some(text(right)),
            place: &left.place,
        };
        self.push(mark, &subject);
    }

    /// The members of the one object among the alternatives of a type.
    fn object(&self, ty: &TypeExpr) -> Option<Vec<Field>> {
        match ty {
            TypeExpr::Inline(fields) => Some(fields.clone()),
            TypeExpr::Union(members) => {
                let absent = [TypeExpr::Null, TypeExpr::Undefined];
                let mut rest = members.iter().filter(|member| !absent.contains(member));
                match (rest.next(), rest.next()) {
                    (Some(one), None) => self.object(one),
                    _ => None,
                }
            }
            TypeExpr::Ref { name, args } => {
                let item = self.sides.meaning(Side::Right, name)?;
                let stands_for = match item.kind {
                    ItemKind::Alias => self.sides.expand(Side::Right, name, args),
                    _ => as_object(item),
                };
                match stands_for? {
                    TypeExpr::Inline(fields) => Some(fields),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

fn has_null(ty: &TypeExpr) -> bool {
    matches!(ty, TypeExpr::Union(members) if members.contains(&TypeExpr::Null))
}

fn of_facts(facts: &MemberFacts) -> Member {
    Member {
        label: facts.name.clone(),
        form: Form::Value(facts.ty.clone()),
        optional: facts.optional,
        readonly: facts.readonly,
        fields: facts.fields.clone(),
        doc: facts.doc.clone(),
        place: facts.place.clone(),
        public: true,
        is_abstract: false,
        from: None,
    }
}

fn of_field(field: &Field, owner: &Member) -> Member {
    Member {
        label: field.name.clone(),
        form: Form::Value(Some(field.ty.clone())),
        optional: field.optional,
        readonly: Some(field.readonly),
        fields: Vec::new(),
        doc: DocFacts::default(),
        place: owner.place.clone(),
        public: true,
        is_abstract: false,
        from: owner.from.clone(),
    }
}
