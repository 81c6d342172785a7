//! Whether two types admit the same values, and what had to be overlooked to say so.
//!
//! Order in unions and objects, names of parameters and names of type parameters never matter.
//! Names are taken at their word when both sides use the same one, and are replaced by what they
//! stand for when not.

mod named;
mod resolved;
mod union;

use std::collections::BTreeSet;

use credwire_schema::type_expr::{
    Field, FunctionParam, FunctionType, MappedType, ObjectMember, TemplatePart, TupleElement,
    TypeExpr,
};

use super::{
    class::Class,
    side::{Bindings, Sides, UNSTATED, substitute},
};

/// What was overlooked.
pub(crate) type Notes = BTreeSet<Class>;

/// Deeper than this, and after this many steps, types are alike only when they read alike: names
/// can stand for types of any size.
const MAX_DEPTH: usize = 48;
const MAX_STEPS: usize = 20_000;

/// Compares the types of two sides.
pub(crate) struct Types<'a> {
    pub(crate) sides: Sides<'a>,
    /// Pairs of names that are being compared: they are alike unless something else tells.
    open: Vec<(String, String)>,
    depth: usize,
    steps: usize,
    /// Whether the left side is a page that a generator made.
    pub(crate) generated: bool,
}

/// A type that may be absent.
#[derive(Clone, Copy)]
pub(crate) struct Position<'t> {
    pub(crate) ty: &'t TypeExpr,
    pub(crate) optional: bool,
}

fn note(class: Class) -> Option<Notes> {
    Some(Notes::from([class]))
}

fn with(notes: Option<Notes>, class: Class) -> Option<Notes> {
    notes.map(|mut notes| {
        notes.insert(class);
        notes
    })
}

impl<'a> Types<'a> {
    pub(crate) fn new(sides: Sides<'a>) -> Self {
        Self { sides, open: Vec::new(), depth: 0, steps: 0, generated: false }
    }

    /// What must be overlooked for the types to be alike; `None` when nothing helps.
    pub(crate) fn compare(&mut self, left: &TypeExpr, right: &TypeExpr) -> Option<Notes> {
        if left == right || *left == UNSTATED || *right == UNSTATED {
            return Some(Notes::new());
        }
        if self.depth == 0 {
            self.steps = 0;
        }
        self.steps += 1;
        if self.depth >= MAX_DEPTH || self.steps > MAX_STEPS {
            return None;
        }
        self.depth += 1;
        let found = self.step(left, right).or_else(|| self.resolved(left, right));
        self.depth -= 1;
        found
    }

    fn step(&mut self, left: &TypeExpr, right: &TypeExpr) -> Option<Notes> {
        use TypeExpr as T;
        match (left, right) {
            (T::TypeOf { .. }, T::TypeOf { .. }) => texts(left, right),
            (_, T::TypeOf { name, .. }) => self.type_of(left, name),
            (T::ObjectType(members), T::Ref { name, args })
            | (T::Ref { name, args }, T::ObjectType(members))
                if name == "Record" =>
            {
                let ([ObjectMember::Index(index)], [key, value]) = (&**members, &**args) else {
                    return None;
                };
                let notes = match left {
                    T::ObjectType(_) => self.each([(&index.key, key), (&index.value, value)]),
                    _ => self.each([(key, &index.key), (value, &index.value)]),
                };
                with(notes, Class::Spelling)
            }
            (T::Union(_), _) | (_, T::Union(_)) => self.unions(left, right),
            (T::Ref { .. }, _) | (_, T::Ref { .. }) => self.named(left, right),
            (T::Array(a), T::Array(b)) | (T::ReadonlyArray(a), T::ReadonlyArray(b)) => {
                self.compare(a, b)
            }
            (T::Array(a), T::ReadonlyArray(b)) => with(self.compare(a, b), Class::ReadonlyLost),
            (T::Inline(a), T::Inline(b)) => self.objects(a, b),
            (T::Object, T::Inline(_)) => note(Class::ObjectCollapsed),
            (T::Function(a), T::Function(b)) => self.functions(a, b),
            (T::Undefined, T::Never) | (T::Never, T::Undefined) => note(Class::UndefinedForNever),
            (T::Predicate { ty: a, .. }, T::Predicate { ty: b, .. }) => self.compare(a, b),
            (T::Intersection(a), T::Intersection(b)) => self.all_of(a, b),
            (T::Template(a), T::Template(b)) => self.templates(a, b),
            (
                T::Tuple { readonly: a_only, elements: a },
                T::Tuple { readonly: b_only, elements: b },
            ) => {
                let notes = self.tuples(a, b);
                match (a_only, b_only) {
                    (false, true) => with(notes, Class::ReadonlyLost),
                    (true, false) => None,
                    _ => notes,
                }
            }
            (T::KeyOf(a), T::KeyOf(b)) => self.compare(a, b),
            (
                T::Indexed { object: a, index: a_index },
                T::Indexed { object: b, index: b_index },
            ) => self.each([(&**a, &**b), (a_index, b_index)]),
            (T::Conditional(a), T::Conditional(b)) => self.each([
                (&a.check, &b.check),
                (&a.extends, &b.extends),
                (&a.then, &b.then),
                (&a.otherwise, &b.otherwise),
            ]),
            (T::Mapped(a), T::Mapped(b)) => self.mapped(a, b),
            (T::ObjectType(a), T::ObjectType(b)) => {
                texts(left, right).or_else(|| self.object_types(a, b))
            }
            // Pages may show as text what declarations write out.
            (T::Opaque(_) | T::ObjectType(_), _) | (_, T::Opaque(_) | T::ObjectType(_)) => {
                texts(left, right)
            }
            _ => None,
        }
    }

    /// Compares what may be absent: what the marks say, and the notes of the types.
    pub(crate) fn slots(
        &mut self,
        left: Position<'_>,
        right: Position<'_>,
    ) -> (Option<Class>, Option<Notes>) {
        let admits = |ty: &TypeExpr, what| match ty {
            TypeExpr::Union(members) => members.contains(&what),
            ty => *ty == what,
        };
        let (mut a, mut b) = (left.ty.clone(), right.ty.clone());
        let mark = match (left.optional, right.optional) {
            (true, false) if admits(right.ty, TypeExpr::Undefined) => {
                Some(Class::UndefinedForOptional)
            }
            (true, false) if admits(right.ty, TypeExpr::Null) => {
                if !admits(left.ty, TypeExpr::Null) {
                    b = without(&b, &TypeExpr::Null);
                }
                Some(Class::OptionalInDocsNullableInSource)
            }
            (true, false) => Some(Class::OptionalInDocsOnly),
            (false, true) if admits(left.ty, TypeExpr::Undefined) => {
                Some(Class::UndefinedForOptional)
            }
            // A table of old versions has no marks.
            (false, true) if self.generated => Some(Class::ModifierLost),
            (false, true) => Some(Class::TypeChanged),
            _ => None,
        };
        if left.optional || right.optional {
            a = without(&a, &TypeExpr::Undefined);
            b = without(&b, &TypeExpr::Undefined);
        }
        (mark, self.compare(&a, &b))
    }

    fn objects(&mut self, left: &[Field], right: &[Field]) -> Option<Notes> {
        if left.len() != right.len() {
            return None;
        }
        let mut notes = Notes::new();
        for a in left {
            let b = right.iter().find(|b| b.name == a.name)?;
            let (mark, found) = self.slots(
                Position { ty: &a.ty, optional: a.optional },
                Position { ty: &b.ty, optional: b.optional },
            );
            if mark == Some(Class::TypeChanged) {
                return None;
            }
            notes.extend(mark);
            notes.extend(found?);
            if b.readonly && !a.readonly {
                notes.insert(Class::ReadonlyLost);
            }
        }
        Some(notes)
    }

    /// Compares objects with signatures among their members.
    fn object_types(&mut self, left: &[ObjectMember], right: &[ObjectMember]) -> Option<Notes> {
        if left.len() != right.len() {
            return None;
        }
        let fields = |all: &[ObjectMember]| -> Vec<Field> {
            let fields = all.iter().filter_map(|member| match member {
                ObjectMember::Property(field) => Some(field.clone()),
                _ => None,
            });
            fields.collect()
        };
        let mut notes = self.objects(&fields(left), &fields(right))?;
        let rest = |all: &'_ [ObjectMember]| -> Vec<ObjectMember> {
            let is_field = |member: &&ObjectMember| matches!(member, ObjectMember::Property(_));
            all.iter().filter(|member| !is_field(member)).cloned().collect()
        };
        for pair in rest(left).iter().zip(&rest(right)) {
            notes.extend(match pair {
                (ObjectMember::Index(a), ObjectMember::Index(b)) => {
                    self.each([(&a.key, &b.key), (&a.value, &b.value)])?
                }
                (ObjectMember::Call(a), ObjectMember::Call(b)) => self.functions(a, b)?,
                _ => return None,
            });
        }
        Some(notes)
    }

    /// Compares functions, methods and constructors.
    pub(crate) fn functions(&mut self, left: &FunctionType, right: &FunctionType) -> Option<Notes> {
        let mut notes = Notes::new();
        match (left.construct, right.construct) {
            // Old generators leave `new` out.
            (false, true) if self.generated => drop(notes.insert(Class::TypeResolved)),
            (false, true) => drop(notes.insert(Class::ConstructorAsFunction)),
            (true, false) => return None,
            _ => {}
        }
        if self.generated
            && let [FunctionParam { ty: None, rest: true, .. }] = &*left.params
        {
            // Of a method in an old table the result alone is known.
            return with(self.compare(&left.returns, &right.returns), Class::TypeResolved);
        }
        if left.params.len() != right.params.len()
            || left.type_params.len() != right.type_params.len()
        {
            return None;
        }
        let mut names = Bindings::new();
        for (a, b) in left.type_params.iter().zip(&right.type_params) {
            names.insert(b.name.clone(), TypeExpr::named(a.name.as_str()));
        }
        for (a, b) in left.type_params.iter().zip(&right.type_params) {
            // Signatures in docs show the names alone.
            for (a, b) in [(&a.extends, &b.extends), (&a.default, &b.default)] {
                match (a, b) {
                    (Some(a), Some(b)) => notes.extend(self.compare(a, &substitute(b, &names))?),
                    (Some(_), None) => return None,
                    (None, _) => {}
                }
            }
        }
        for (a, b) in left.params.iter().zip(&right.params) {
            if a.rest != b.rest {
                return None;
            }
            let unstated = UNSTATED;
            let b_ty = b.ty.as_ref().map(|ty| substitute(ty, &names));
            let (mark, found) = self.slots(
                Position { ty: a.ty.as_ref().unwrap_or(&unstated), optional: a.optional },
                Position { ty: b_ty.as_ref().unwrap_or(&unstated), optional: b.optional },
            );
            notes.extend(mark.map(|mark| match mark {
                Class::UndefinedForOptional | Class::ModifierLost => mark,
                _ => Class::ParamOptionality,
            }));
            notes.extend(found?);
        }
        let returns = substitute(&right.returns, &names);
        notes.extend(self.compare(&left.returns, &returns)?);
        Some(notes)
    }

    /// Every part of one side has its own on the other.
    pub(crate) fn all_of(&mut self, left: &[TypeExpr], right: &[TypeExpr]) -> Option<Notes> {
        if left.len() != right.len() {
            return None;
        }
        let mut rest: Vec<&TypeExpr> = right.iter().collect();
        let mut notes = Notes::new();
        // Those that are alike as they stand come first: what is worked out is like anything.
        let generated = self.generated;
        let mut open: Vec<&TypeExpr> = Vec::new();
        self.generated = false;
        for a in left {
            let mut likes = rest.iter().enumerate();
            match likes.find_map(|(at, b)| Some((at, self.compare(a, b)?))) {
                Some((at, found)) => {
                    rest.remove(at);
                    notes.extend(found);
                }
                None => open.push(a),
            }
        }
        self.generated = generated;
        for a in open {
            let (at, found) =
                rest.iter().enumerate().find_map(|(at, b)| Some((at, self.compare(a, b)?)))?;
            rest.remove(at);
            notes.extend(found);
        }
        Some(notes)
    }

    /// Pairs of which each has to be alike.
    fn each<'t>(
        &mut self,
        pairs: impl IntoIterator<Item = (&'t TypeExpr, &'t TypeExpr)>,
    ) -> Option<Notes> {
        let mut notes = Notes::new();
        for (a, b) in pairs {
            notes.extend(self.compare(a, b)?);
        }
        Some(notes)
    }

    /// Labels of elements never matter.
    fn tuples(&mut self, left: &[TupleElement], right: &[TupleElement]) -> Option<Notes> {
        let marks = |element: &TupleElement| (element.optional, element.rest);
        // What is spread is shown as an array of it, or without its dots.
        let spreads = |element: &TupleElement| {
            element.rest && !matches!(element.ty, TypeExpr::Array(_) | TypeExpr::ReadonlyArray(_))
        };
        if self.generated && right.iter().any(spreads) {
            return note(Class::TypeResolved);
        }
        if !left.iter().map(marks).eq(right.iter().map(marks)) {
            return None;
        }
        self.each(left.iter().zip(right).map(|(a, b)| (&a.ty, &b.ty)))
    }

    fn mapped(&mut self, left: &MappedType, right: &MappedType) -> Option<Notes> {
        if left.optional != right.optional
            || left.readonly != right.readonly
            || left.renamed.is_some() != right.renamed.is_some()
        {
            return None;
        }
        let names = Bindings::from([(right.key.clone(), TypeExpr::named(left.key.as_str()))]);
        let renamed = right.renamed.as_ref().map(|ty| substitute(ty, &names));
        let ty = substitute(&right.ty, &names);
        let renamed = left.renamed.iter().zip(&renamed);
        self.each([(&left.keys, &right.keys), (&left.ty, &ty)].into_iter().chain(renamed))
    }

    fn templates(&mut self, left: &[TemplatePart], right: &[TemplatePart]) -> Option<Notes> {
        if left.len() != right.len() {
            return None;
        }
        let mut notes = Notes::new();
        for pair in left.iter().zip(right) {
            match pair {
                (TemplatePart::Type(a), TemplatePart::Type(b)) => notes.extend(self.compare(a, b)?),
                (a, b) if a == b => {}
                _ => return None,
            }
        }
        Some(notes)
    }
}

/// Types kept as text are alike when they differ in spaces and quotes at most.
fn texts(left: &TypeExpr, right: &TypeExpr) -> Option<Notes> {
    let squeezed = |text: &str| -> String {
        text.chars()
            .filter(|c| !c.is_whitespace())
            .map(|c| if c == '\'' { '"' } else { c })
            .collect()
    };
    let (a, b) = (squeezed(&left.to_string()), squeezed(&right.to_string()));
    if a == b {
        return note(Class::Spelling);
    }
    let unquoted = |text: &str| {
        let mut parts: Vec<String> =
            text.split('|').map(|part| part.trim_matches('"').to_owned()).collect();
        parts.sort();
        parts
    };
    let lost = !a.contains('"') && b.contains('"') && unquoted(&a) == unquoted(&b);
    lost.then(|| Notes::from([Class::LiteralsUnquoted]))
}

/// A union without one of its members.
fn without(ty: &TypeExpr, what: &TypeExpr) -> TypeExpr {
    let TypeExpr::Union(members) = ty else { return ty.clone() };
    let mut rest: Vec<TypeExpr> =
        members.iter().filter(|member| *member != what).cloned().collect();
    match rest.len() {
        1 => rest.swap_remove(0),
        _ => TypeExpr::Union(rest),
    }
}
