//! Type parameters that nothing uses in the Rust that was made: Rust refuses them, even where the page has a
//! use for them that came to nothing, or to any JSON value.

use std::collections::{BTreeMap, BTreeSet};

use credwire_schema::model::Schema;
use syn::visit_mut::{self, VisitMut};

use crate::{definition::Definition, emit::Problems, generator::Outcomes, names};

/// All parameters of the generic items that are left out since they hold secrets.
pub(crate) fn of_secrets(
    schema: &Schema,
    left_out: &BTreeMap<String, Problems>,
) -> BTreeMap<String, BTreeSet<usize>> {
    let generic = left_out.iter().filter(|(_, problems)| problems.generic_secrets);
    let items = generic.filter_map(|(name, _)| schema.items.get(name));
    items.map(|item| (item.name.clone(), (0..item.type_params.len()).collect())).collect()
}

/// The parameters by the documented name of their item, by position.
pub(crate) fn parameters(outcomes: &Outcomes<'_>) -> BTreeMap<String, BTreeSet<usize>> {
    let all = outcomes.iter().flat_map(|(_, outcome)| &outcome.definitions);
    let definitions: BTreeMap<&str, &Definition> =
        all.map(|(name, definition)| (name.as_str(), definition)).collect();
    let used = used(&definitions);
    let mut unused = BTreeMap::new();
    for (item, _) in outcomes {
        let Some(definition) = definitions.get(item.rust.as_str()) else { continue };
        let is_unused = |index: &usize| {
            let ident = names::type_param(&item.type_params[*index].name).to_string();
            let position = definition.params.iter().position(|param| *param == ident);
            position.is_some_and(|position| !used.contains(&(item.rust.clone(), position)))
        };
        let indices: BTreeSet<usize> = (0..item.type_params.len()).filter(is_unused).collect();
        if !indices.is_empty() {
            unused.insert(item.name.clone(), indices);
        }
    }
    unused
}

/// The parameters that are used: in place, or as an argument for one that is. Types that use them for
/// each other alone do not, as with the compiler.
fn used(definitions: &BTreeMap<&str, &Definition>) -> BTreeSet<(String, usize)> {
    let mut used = BTreeSet::new();
    // Who is used once another parameter is.
    let mut follows: BTreeMap<(String, usize), Vec<(String, usize)>> = BTreeMap::new();
    let arity: BTreeMap<&str, usize> =
        definitions.iter().map(|(name, one)| (*name, one.params.len())).collect();
    for (name, definition) in definitions {
        let mut mentions = Mentions {
            params: &definition.params,
            arity: &arity,
            argument_of: None,
            found: Vec::new(),
        };
        for mut ty in definition.types.iter().cloned() {
            mentions.visit_type_mut(&mut ty);
        }
        for (index, within) in mentions.found {
            let param = ((*name).to_owned(), index);
            match within {
                Some(other) => follows.entry(other).or_default().push(param),
                None => {
                    used.insert(param);
                }
            }
        }
    }
    let mut open: Vec<(String, usize)> = used.iter().cloned().collect();
    while let Some(param) = open.pop() {
        for next in follows.remove(&param).unwrap_or_default() {
            if used.insert(next.clone()) {
                open.push(next);
            }
        }
    }
    used
}

/// Finds where types mention parameters, and of which parameter's argument each mention is a part.
struct Mentions<'a> {
    params: &'a [String],
    arity: &'a BTreeMap<&'a str, usize>,
    argument_of: Option<(String, usize)>,
    found: Vec<(usize, Option<(String, usize)>)>,
}

impl VisitMut for Mentions<'_> {
    fn visit_type_path_mut(&mut self, path: &mut syn::TypePath) {
        let first = path.path.segments.first().map(|segment| segment.ident.to_string());
        if let Some(index) =
            first.and_then(|first| self.params.iter().position(|one| *one == first))
        {
            self.found.push((index, self.argument_of.clone()));
        }
        visit_mut::visit_type_path_mut(self, path);
    }

    fn visit_path_segment_mut(&mut self, segment: &mut syn::PathSegment) {
        let name = segment.ident.to_string();
        let syn::PathArguments::AngleBracketed(given) = &mut segment.arguments else { return };
        let generated = self.arity.get(name.as_str()).copied();
        let within = self.argument_of.clone();
        for (index, argument) in given.args.iter_mut().enumerate() {
            match generated {
                // Used here only if it is used there, and there only if it is used around it.
                Some(arity) if index < arity && within.is_none() => {
                    self.argument_of = Some((name.clone(), index));
                }
                _ => {}
            }
            self.visit_generic_argument_mut(argument);
            self.argument_of.clone_from(&within);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::definition;

    #[test]
    fn a_parameter_is_used_in_place_or_as_an_argument_for_one_that_is() {
        let code: syn::File = syn::parse_str(
            "struct Plain<T, U> { a: Vec<T> }
            struct Outer<A, B> { a: crate::Plain<A, B> }
            struct Circle<C> { a: Box<crate::Round<C>> }
            struct Round<D> { a: Option<crate::Circle<D>>, b: Box<crate::Round<crate::Plain<D, D>>> }
            enum Choice<P, E> { A(E), B { b: P::Handle<crate::Plain<u8, E>> } }
            type Alias<F> = crate::Plain<u8, F>;",
        )
        .unwrap();
        let all: BTreeMap<String, Definition> =
            code.items.into_iter().filter_map(definition::of_item).collect();
        let used = used(&all.iter().map(|(name, one)| (name.as_str(), one)).collect());
        let unused: Vec<String> = all
            .iter()
            .flat_map(|(name, one)| one.params.iter().enumerate().map(move |it| (name, it)))
            .filter(|(name, (index, _))| !used.contains(&((*name).clone(), *index)))
            .map(|(name, (_, param))| format!("{name}::{param}"))
            .collect();
        assert_eq!(unused, ["Alias::F", "Circle::C", "Outer::B", "Plain::U", "Round::D"]);
    }
}
