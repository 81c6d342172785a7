//! Names that are no identifiers, and names that become one in Rust.

use std::collections::BTreeMap;

use super::members;
use crate::{
    diagnostic::{Diagnostic, Place},
    model::{Item, LocalMember, Property, Schema, Shape, rpc::Rpc},
    spelling,
};

pub(super) fn check(schema: &Schema, problems: &mut Vec<Diagnostic>) {
    let mut types = Names::new("Rust types");
    for item in schema.items.values() {
        types.add(&item.rust, &item.name, &item.place, problems);
        for table in &item.tables {
            types.add(&table.name, &format!("{}'s table", item.name), &table.place, problems);
            let mut inputs = Names::new("arguments");
            for input in &table.inputs {
                inputs.add(input, input, &table.place, problems);
            }
        }
        if let Shape::Rpc(Rpc::Method(method)) = &item.shape
            && method.events.is_some()
        {
            let payload = format!("{}Payload", item.rust);
            types.add(&payload, &format!("{}'s payload", item.name), &item.place, problems);
        }
        let properties = members(item).map_or(&[][..], |members| &members.properties);
        fields(item, &item.rust, properties, &item.local, &mut types, problems);
    }
}

fn fields<'a>(
    item: &'a Item,
    owner: &str,
    properties: &'a [Property],
    local: &'a [LocalMember],
    types: &mut Names,
    problems: &mut Vec<Diagnostic>,
) {
    let mut names = Names::new("fields");
    for member in local {
        let shown = format!("{}.{}", item.name, member.name);
        names.add(&member.name, &shown, &item.place, problems);
    }
    for property in properties {
        // A stream member and its snapshot differ by the `$` alone and stay apart in Rust.
        let rust = match spelling::streamed(&property.name) {
            Some(before) => format!("{}_stream", spelling::snake(before)),
            None => spelling::snake(&property.name),
        };
        let shown = format!("{}.{}", item.name, property.name);
        names.add(&rust, &shown, &property.place, problems);
        if !property.fields.is_empty() {
            let nested = spelling::inner(owner, &property.name);
            types.add(&nested, &shown, &property.place, problems);
            fields(item, &nested, &property.fields, &[], types, problems);
        }
    }
}

/// The Rust names of one scope.
struct Names {
    what: &'static str,
    taken: BTreeMap<String, (String, Place)>,
}

impl Names {
    fn new(what: &'static str) -> Self {
        Self { what, taken: BTreeMap::new() }
    }

    fn add(&mut self, rust: &str, documented: &str, place: &Place, problems: &mut Vec<Diagnostic>) {
        if !spelling::is_identifier(rust) {
            problems.push(
                Diagnostic::error(
                    "not-an-identifier",
                    place.clone(),
                    format!("`{documented}` would be `{rust}`, which is no Rust identifier"),
                )
                .help("names need a letter first and only letters, digits and `_` after it"),
            );
            return;
        }
        match self.taken.get(rust) {
            None => {
                self.taken.insert(rust.to_owned(), (documented.to_owned(), place.clone()));
            }
            Some((other, there)) => problems.push(
                Diagnostic::error(
                    "name-collision",
                    place.clone(),
                    format!(
                        "the {} of `{documented}` (here) and `{other}` (at {there}) are both `{rust}`",
                        self.what
                    ),
                )
                .help("rename one of them in the overlay"),
            ),
        }
    }
}
