//! Decision tables: an enum of outcomes and a function from the conditions to one of them.

use std::collections::BTreeMap;

use credwire_schema::model::{DecisionRow, DecisionTable, Item};
use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use crate::{docs, emit::Emitted, names};

/// The enum of a table. Linking has seen to it that each combination is decided once.
pub(crate) fn emit(item: &Item, table: &DecisionTable) -> Emitted {
    let ident = names::ident(&table.name);
    let inputs: Vec<Ident> = table.inputs.iter().map(|input| names::ident(input)).collect();
    let mut outcomes: BTreeMap<&str, Vec<&DecisionRow>> = BTreeMap::new();
    for row in &table.rows {
        outcomes.entry(&row.then).or_default().push(row);
    }
    let variants = outcomes.iter().map(|(outcome, rows)| {
        let name = names::ident(outcome);
        let conditions: Vec<String> = rows.iter().map(|row| conditions(table, row)).collect();
        let comment = docs::comment(&[format!("Selected by {}.", conditions.join("; or "))]);
        quote!(#comment #name)
    });
    let arms = table.rows.iter().map(|row| {
        let (when, then) = (&row.when, names::ident(&row.then));
        quote!((#(#when,)*) => Self::#then)
    });
    let comment = docs::comment(&[
        table.summary.clone(),
        format!("From the decision table of `{}`; every combination is decided.", item.name),
    ]);
    let select = docs::comment(&["The outcome for these conditions.".to_owned()]);
    let names = outcomes.keys().map(|outcome| {
        let (variant, name) = (names::ident(outcome), names::snake(outcome));
        quote!(Self::#variant => #name)
    });
    let body: TokenStream = quote! {
        #comment
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum #ident {
            #(#variants),*
        }
        impl #ident {
            #select
            pub const fn select(#(#inputs: bool),*) -> Self {
                match (#(#inputs,)*) {
                    #(#arms),*
                }
            }

            /// The name of the outcome in snake case, for logs, metrics and settings.
            pub const fn as_str(self) -> &'static str {
                match self {
                    #(#names),*
                }
            }
        }
        impl std::fmt::Display for #ident {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
    Emitted::new(vec![ident], body)
}

fn conditions(table: &DecisionTable, row: &DecisionRow) -> String {
    let each: Vec<String> = table
        .inputs
        .iter()
        .zip(&row.when)
        .map(|(input, value)| if *value { format!("`{input}`") } else { format!("not `{input}`") })
        .collect();
    each.join(" and ")
}
